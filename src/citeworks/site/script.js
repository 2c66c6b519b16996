(() => {
  "use strict";
  const form = document.querySelector("form");
  const status = document.querySelector(".status");
  const papers = [...document.querySelectorAll("main ul.papers > li")];
  const sections = [...document.querySelectorAll("main section")];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map();
  const textOf = (paper) => {
    if (!texts.has(paper)) texts.set(paper, fold(paper.textContent));
    return texts.get(paper);
  };

  const read = () => {
    const given = new URLSearchParams(location.search);
    for (const field of form.elements) {
      if (!field.name) continue;
      field.value = given.get(field.name) || "";
      if (field.value === "" && field.tagName === "SELECT") field.selectedIndex = 0;
    }
  };

  const remember = () => {
    const kept = new URLSearchParams();
    for (const field of form.elements) if (field.name && field.value) kept.set(field.name, field.value);
    const query = kept.toString();
    history.replaceState(null, "", (query ? "?" + query : location.pathname) + location.hash);
  };

  const show = () => {
    const words = fold(form.elements.q.value).split(/\s+/).filter(Boolean);
    const { year, type } = form.elements;
    let count = 0;
    for (const paper of papers) {
      const fits =
        (!year.value || paper.dataset.year === year.value) &&
        (!type.value || paper.dataset.type === type.value) &&
        words.every((word) => textOf(paper).includes(word));
      paper.hidden = !fits;
      if (fits) count += 1;
    }
    for (const section of sections) section.hidden = !section.querySelector("li:not([hidden])");
    const all = papers.length;
    status.textContent =
      count === all ? `${all} papers` : count ? `${count} of ${all} papers` : `No paper of ${all} fits`;
  };

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { show(); remember(); }, 120);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { show(); remember(); }));
  addEventListener("popstate", () => { read(); show(); });
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      form.elements.q.focus();
    } else if (event.key === "Escape" && document.activeElement === form.elements.q) {
      form.reset();
    }
  });

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    await copy(button.parentElement.querySelector("pre").textContent);
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  });
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (!details.open || !details.classList.contains("bibtex") || details.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    details.append(button);
  }, true);

  form.hidden = false;
  read();
  show();
})();
