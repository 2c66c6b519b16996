"""One entry of a metadata dump as a row of the catalogue: the shapes of eight kinds of sources.

Knows what each source calls things. Keeps what identifies and cites a work and drops the rest
(abstracts, references, affiliations). Names and titles in LaTeX are kept as they are and decoded
when a row is read: most rows never are. Refuses to know files and the index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate
from typing import Any

from citeworks import csl_json
from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.people import read_names
from citeworks.model import Identifier, Name, Provenance, Record
from citeworks.model.identifier import parse_arxiv, parse_doi
from citeworks.resolve.interface import PREPRINT, PUBLISHED, SAME, Found, Link, Notice
from citeworks.resolve.stated import aaai_number
from citeworks.resolve.venues import venue_name
from citeworks.resolve.versions import canonical, identifiers_of

SOURCE = "catalogue"
Item = dict[str, Any]


@dataclass(slots=True)
class Row:
    """A work as the catalogue stores it, or (without `item`) links between works alone.

    `item` is CSL-JSON; with `is_latex` its title and author are BibTeX text. `identifiers` and the
    ends of `links` are ``scheme:value`` in canonical form; `origin` says which source says so.
    """

    item: Item
    origin: str = ""
    identifiers: list[str] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    notices: list[list[str]] = field(default_factory=list)
    is_latex: bool = False

    def stored(self) -> Item:
        """The row as one JSON object; private members begin with an underscore."""
        stored = {**self.item, "_origin": self.origin, "_ids": self.identifiers}
        if self.titles:
            stored["_titles"] = self.titles
        if self.notices:
            stored["_notices"] = self.notices
        if self.is_latex:
            stored["_latex"] = True
        return stored


def found_of(stored: Item, links: Iterable[tuple[str, str]] = ()) -> Found:
    """The find that a stored row and its links make."""
    item = {name: value for name, value in stored.items() if not name.startswith("_")}
    names: tuple[Name, ...] = ()
    truncated = False
    if stored.get("_latex"):
        item["title"] = decode_latex(item["title"], title=True)
        names, truncated = read_names(item.pop("author", ""))
    loaded = csl_json.record_from_item({"id": "-", **item})
    variables = {**loaded.variables, "author": names} if names else loaded.variables
    origin = Provenance(SOURCE, stored.get("_origin", ""))
    record = Record("", loaded.type, variables, dict.fromkeys(variables, origin), loaded.custom)
    return Found(
        SOURCE,
        record,
        tuple(_identifier(text) for text in stored.get("_ids", ())),
        tuple(Link(relation, _identifier(text)) for relation, text in links),
        tuple(_notice(each) for each in stored.get("_notices", ())),
        tuple(stored.get("_titles", ())),
        is_complete=not (truncated or record.is_truncated()),
    )


def from_conference(entry: Mapping[str, Any]) -> Row | None:
    """The JSON lines of a BibTeX collection: title, author, year, key, src, doi, url."""
    if not entry.get("title"):
        return None
    key = str(entry.get("key") or "")
    dblp = key[5:] if key.startswith("DBLP:") else ""
    item: Item = {
        "type": "article-journal" if dblp.startswith("journals/") else "paper-conference",
        "title": entry["title"],
        "author": entry.get("author") or "",
        "issued": str(entry.get("year") or ""),
        "container-title": venue_name(str(entry.get("src") or "")),
    }
    identifiers = [f"dblp:{dblp}"] if dblp else []
    if doi := parse_doi(str(entry.get("doi") or "").replace("\\", "")):
        item["DOI"] = doi
        identifiers = [*_canonical([f"doi:{doi}"]), *identifiers]
    elif url := entry.get("url"):
        item["URL"] = str(url).replace("\\", "")
        if number := aaai_number(item["URL"]):
            identifiers.append(f"aaai:{number}")
    return Row(item, f"dblp:{dblp}" if dblp else key, identifiers, is_latex=True)


def from_arxiv(entry: Mapping[str, Any]) -> Row | None:
    """A line of the arXiv metadata snapshot."""
    arxiv = parse_arxiv(str(entry.get("id", "")))
    title = _spaced(entry.get("title"))
    if not arxiv or not title:
        return None
    versions = entry.get("versions") or [{}]
    submitted = parsedate(str(versions[0].get("created", ""))) if versions else None
    item = _preprint_item(arxiv, title, str(entry.get("categories", "")).split(" ")[0])
    names = entry.get("authors_parsed")
    item["author"] = (
        [_arxiv_name(parts) for parts in names] if names else _spaced(entry.get("authors"))
    )
    item["issued"] = {"date-parts": [list(submitted[:3])]} if submitted else ""
    published = parse_doi(str(entry.get("doi") or "").split()[0]) if entry.get("doi") else ""
    own = f"arxiv:{arxiv}"
    links = _links(own, [(PUBLISHED, f"doi:{published}")] if published else [])
    return Row(_without_empty(item), own, [own], links)


def from_datacite(entry: Mapping[str, Any]) -> Row | None:
    """A DataCite record (JSON:API), arXiv's among them."""
    attributes = entry.get("attributes") or {}
    doi = parse_doi(str(attributes.get("doi") or entry.get("id") or ""))
    titles = [_spaced(each.get("title")) for each in attributes.get("titles") or []]
    if not doi or not any(titles):
        return None
    arxiv = parse_arxiv(doi) if doi.startswith("10.48550/") else ""
    if arxiv:
        item = _preprint_item(arxiv, titles[0], "")
    else:
        kind = (attributes.get("types") or {}).get("citeproc") or "document"
        item = {"type": kind, "title": titles[0], "DOI": doi}
        item["publisher"] = _publisher(attributes.get("publisher"))
    item["author"] = [_datacite_name(each) for each in attributes.get("creators") or []]
    item["issued"] = _datacite_date(attributes)
    own = f"arxiv:{arxiv}" if arxiv else f"doi:{doi}"
    links = _links(own, _datacite_links(attributes))
    return Row(_without_empty(item), own, [own], links, [each for each in titles[1:] if each])


def from_crossref(entry: Mapping[str, Any]) -> Row | None:
    """A Crossref work; components, reviews, data sets and the like are no works to cite."""
    kind = _CROSSREF_TYPES.get(str(entry.get("type")))
    doi = parse_doi(str(entry.get("DOI", "")))
    titles = [_spaced(each) for each in entry.get("title") or []]
    if not kind or not doi or not any(titles):
        return None
    item: Item = {"type": kind, "title": titles[0], "DOI": doi}
    item["author"] = [_crossref_name(each) for each in entry.get("author") or []]
    item["issued"] = next(filter(None, (_date_parts(entry.get(n)) for n in _CROSSREF_DATES)), "")
    for name in ("container-title", "short-container-title", "event-title"):
        values = entry.get(name)
        if values:
            target = {"short-container-title": "container-title-short"}.get(name, name)
            item[target] = _spaced(values[0] if isinstance(values, list) else values)
    item |= {name: str(entry[name]) for name in _CROSSREF_TEXTS if entry.get(name)}
    own = f"doi:{doi}"
    row = Row(_without_empty(item), own, _canonical([own]), titles=titles[1:])
    row.links = _links(row.identifiers[0], _crossref_links(entry.get("relation") or {}))
    row.notices = [_crossref_notice(each) for each in entry.get("updated-by") or []]
    return row


def from_csl(entry: Mapping[str, Any]) -> Row | None:
    """A CSL-JSON item (``custom`` may name identifiers that CSL lacks) or a Crossref work."""
    if not entry.get("title"):
        return None
    if isinstance(entry["title"], list):
        return from_crossref(entry)
    item = dict(entry)
    key = str(item.pop("id", ""))
    return from_record(csl_json.record_from_item({**item, "id": key or "-"}))


def from_record(record: Record) -> Row | None:
    """A record that another codec has read."""
    if not record.text("title"):
        return None
    custom = {name: str(record.custom[name]) for name in _CUSTOM if record.custom.get(name)}
    if record.is_truncated():
        custom["et-al"] = ["author"]  # type: ignore[assignment]
    item = csl_json.item_from_record(Record("-", record.type, record.variables, {}, custom))
    for name in ("id", *_DROPPED):
        item.pop(name, None)
    is_preprint = record.type in ("article", "manuscript") or not custom.get("arxiv")
    every = [str(each) for each in sorted(identifiers_of(record), key=_telling)]
    every += [f"{scheme}:{custom[scheme]}" for scheme in _SCHEMES if scheme in custom]
    arxiv = f"arxiv:{custom['arxiv']}" if custom.get("arxiv") else ""
    own = [each for each in dict.fromkeys(every) if is_preprint or each != arxiv]
    links = []
    if arxiv and not is_preprint:
        own = own or [
            f"url:{record.text('URL')}" if record.text("URL") else f"catalogue:{record.key}"
        ]
        links = _links(own[0], [(PREPRINT, arxiv)])
    titles = record.custom.get("titles")
    origin = own[0] if own and not own[0].startswith(("catalogue:", "url:")) else record.key
    return Row(
        item, origin, own, links, [str(each) for each in titles] if isinstance(titles, list) else []
    )


def from_dblp(entry: Mapping[str, Any]) -> Row | None:
    """A DBLP entry, as ``catalogue_files`` takes it from the XML: fields as lists of texts."""
    title = _first(entry, "title").removesuffix(".")
    key = _first(entry, "key")
    kind = _DBLP_TYPES.get(_first(entry, "tag"))
    if not title or not key or not kind:
        return None
    arxiv = parse_arxiv(_first(entry, "volume").removeprefix("abs/"))
    if _first(entry, "journal") == "CoRR" and arxiv:
        item = _preprint_item(arxiv, title, "")
        identifiers = [f"arxiv:{arxiv}"]
    else:
        doi = next(filter(None, map(parse_doi, entry.get("ee", ()))), "")
        venue = _first(entry, "journal") or _first(entry, "booktitle")
        item = {"type": kind, "title": title, "container-title": venue, "DOI": doi}
        item |= {ours: _first(entry, theirs) for theirs, ours in _DBLP_TEXTS}
        item["URL"] = "" if doi else _first(entry, "ee")
        identifiers = [f"doi:{doi}"] if doi else []
    item["author"] = [{"literal": _HOMONYM.sub("", name)} for name in entry.get("author", ())]
    item["issued"] = _first(entry, "year")
    return Row(_without_empty(item), f"dblp:{key}", _canonical([*identifiers, f"dblp:{key}"]))


def from_acl(entry: Mapping[str, Any]) -> Row | None:
    """A paper of the ACL Anthology's XML, as ``catalogue_files`` takes it."""
    if not entry.get("title"):
        return None
    doi = parse_doi(str(entry.get("doi", "")))
    item: Item = {
        "type": "paper-conference",
        "title": entry["title"],
        "author": entry["author"],
        "issued": str(entry.get("year", "")),
        "container-title": entry.get("booktitle", ""),
        "publisher": entry.get("publisher", ""),
        "page": str(entry.get("pages", "")).replace("–", "-"),
        "DOI": doi,
        "URL": "" if doi else f"https://aclanthology.org/{entry['id']}",
    }
    own = f"acl:{entry['id']}"
    return Row(_without_empty(item), own.lower(), _canonical([own, *([f"doi:{doi}"] * bool(doi))]))


def from_mapping(entry: Mapping[str, Any]) -> Row | None:
    """A line of a table of preprints and their published DOIs: links alone."""
    doi, related = parse_doi(str(entry.get("doi"))), parse_doi(str(entry.get("related_doi")))
    if not doi or not related:
        return None
    own = str(canonical(Identifier("doi", doi)))
    return Row({}, links=_links(own, [(PUBLISHED, f"doi:{related}")]))


SHAPES: tuple[tuple[str, frozenset[str], Callable[[Mapping[str, Any]], Row | None]], ...] = (
    ("DataCite records", frozenset({"attributes"}), from_datacite),
    ("arXiv metadata snapshot", frozenset({"id", "categories", "title"}), from_arxiv),
    ("BibTeX collection", frozenset({"key", "author", "src"}), from_conference),
    ("BibTeX collection", frozenset({"key", "author", "year"}), from_conference),
    ("CSL-JSON or Crossref works", frozenset({"type", "title"}), from_csl),
)
"""Members by which the shape of a JSON object is recognised, the most telling first."""

_CROSSREF_TYPES = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "posted-content": "article",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "dissertation": "thesis",
    "report": "report",
    "standard": "standard",
}
_CROSSREF_DATES = ("published-print", "published-online", "issued", "published", "created")
_CROSSREF_TEXTS = ("volume", "issue", "page", "publisher")
_CROSSREF_RELATIONS = {
    "has-preprint": PREPRINT,
    "is-preprint-of": PUBLISHED,
    "is-same-as": SAME,
    "is-identical-to": SAME,
}
_DBLP_TYPES = {
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "incollection": "chapter",
    "book": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
}
_DBLP_TEXTS = (
    ("volume", "volume"),
    ("number", "issue"),
    ("pages", "page"),
    ("publisher", "publisher"),
)
_SCHEMES = ("dblp", "acl", "openreview", "s2", "openalex")
_CUSTOM = ("arxiv", "arxiv-class", *_SCHEMES)
_DROPPED = ("abstract", "note", "keyword", "accessed", "annote")
_TELLING = ("arxiv", "doi", "acl", "aaai", "pmid", "pmcid", "openreview", "dblp", "url")
_HOMONYM = re.compile(r"\s\d{4}\Z")
INVERSE = {PUBLISHED: PREPRINT, PREPRINT: PUBLISHED, SAME: SAME}


def _links(own: str, ends: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Every link in both directions."""
    found = []
    for relation, end in ends:
        other = str(canonical(_identifier(end)))
        if other != own:
            found += [(own, relation, other), (other, INVERSE[relation], own)]
    return found


def _identifier(text: str) -> Identifier:
    scheme, _, value = text.partition(":")
    return Identifier(scheme, value)


def _canonical(texts: Iterable[str]) -> list[str]:
    """Each once, in canonical form; a DOI stays beside the identifier that it states."""
    found: dict[str, None] = {}
    for text in texts:
        if text.startswith(_STATING):
            found[str(canonical(_identifier(text)))] = None
        found[text] = None
    return list(found)


_STATING = ("doi:10.48550/", "doi:10.18653/", "acl:")


def _telling(identifier: Identifier) -> tuple[int, str]:
    """The most telling schemes first; a scheme that is not listed stands behind them."""
    known = identifier.scheme in _TELLING
    return _TELLING.index(identifier.scheme) if known else len(_TELLING), identifier.value


def _notice(values: list[str]) -> Notice:
    kind, doi, date = values
    return Notice(kind, Identifier("doi", doi) if doi else None, date)


def _spaced(text: Any) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


def _without_empty(item: Item) -> Item:
    return {name: value for name, value in item.items() if value not in ("", [], None)}


def _preprint_item(arxiv: str, title: str, arxiv_class: str) -> Item:
    custom = {"arxiv": arxiv, **({"arxiv-class": arxiv_class} if arxiv_class else {})}
    return {
        "type": "article",
        "title": title,
        "publisher": "arXiv",
        "number": f"arXiv:{arxiv}",
        "DOI": f"10.48550/arxiv.{arxiv}",
        "custom": custom,
    }


def _arxiv_name(parts: Any) -> Item:
    family, given, suffix = ([decode_latex(str(part)) for part in parts] + ["", "", ""])[:3]
    return _without_empty({"family": family, "given": given, "suffix": suffix})


def _datacite_name(creator: Mapping[str, Any]) -> Item:
    if creator.get("familyName"):
        return _without_empty(
            {"family": creator["familyName"], "given": creator.get("givenName") or ""}
        )
    return {"literal": _spaced(creator.get("name"))}


def _datacite_date(attributes: Mapping[str, Any]) -> str:
    for each in attributes.get("dates") or []:
        if each.get("dateType") == "Submitted" and each.get("dateInformation") == "v1":
            return str(each.get("date", ""))[:10]
    return str(attributes.get("publicationYear") or "")


def _datacite_links(attributes: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (PUBLISHED, f"doi:{doi}")
        for each in attributes.get("relatedIdentifiers") or []
        if each.get("relationType") == "IsVersionOf"
        and (doi := parse_doi(str(each.get("relatedIdentifier", ""))))
    ]


def _publisher(value: Any) -> str:
    return _spaced(value.get("name") if isinstance(value, Mapping) else value)


def _crossref_name(author: Mapping[str, Any]) -> Item:
    if author.get("family"):
        names = {name: _spaced(author.get(name)) for name in ("family", "given", "suffix")}
        return _without_empty(names)
    return {"literal": _spaced(author.get("name") or author.get("given"))}


def _crossref_links(relation: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_CROSSREF_RELATIONS[name], f"doi:{doi}")
        for name, ends in relation.items()
        if name in _CROSSREF_RELATIONS
        for end in ends
        if (doi := parse_doi(str(end.get("id", ""))))
    ]


def _crossref_notice(update: Mapping[str, Any]) -> list[str]:
    parts = _date_parts(update.get("updated"))
    date = "-".join(f"{part:02d}" for part in parts["date-parts"][0]) if parts else ""
    return [str(update.get("type", "")), parse_doi(str(update.get("DOI", ""))), date]


def _date_parts(value: Any) -> Item | None:
    """A CSL date without times; None for ``null`` and ``[[null]]``."""
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    if not parts or not parts[0] or not isinstance(parts[0][0], int):
        return None
    return {"date-parts": [[part for part in parts[0] if isinstance(part, int)]]}


def _first(entry: Mapping[str, Any], name: str) -> str:
    values = entry.get(name) or [""]
    return str(values[0])
