// Renders a bibliography with citeproc-js: node csl_citeproc_js.cjs MODULES STYLE LOCALES ITEMS
const fs = require("fs");
const path = require("path");
const [modules, style, locales, items] = process.argv.slice(2);
const CSL = require(path.join(modules, "citeproc"));
const byId = Object.fromEntries(JSON.parse(fs.readFileSync(items, "utf8")).map((i) => [i.id, i]));
const engine = new CSL.Engine(
  {
    retrieveLocale: (tag) => fs.readFileSync(path.join(locales, `locales-${tag}.xml`), "utf8"),
    retrieveItem: (id) => byId[id],
  },
  fs.readFileSync(style, "utf8"),
);
engine.updateItems(Object.keys(byId));
console.log(engine.makeBibliography()[1].length);
