"""Hayagriva's YAML, the bibliographies of Typst: out only.

Knows the entry types, parents and fields of Hayagriva's file format. A journal, a book and a
series are parents of what appears in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from citeworks.exchange.people import listed
from citeworks.exchange.yaml_text import dump_yaml
from citeworks.model import Date, Name, Record

TYPES = {
    "article-journal": ("article", "periodical"),
    "article-magazine": ("article", "periodical"),
    "article-newspaper": ("article", "newspaper"),
    "article": ("article", "repository"),
    "review": ("article", "periodical"),
    "review-book": ("article", "periodical"),
    "book": ("book", ""),
    "classic": ("book", ""),
    "chapter": ("chapter", "book"),
    "paper-conference": ("article", "proceedings"),
    "entry-encyclopedia": ("entry", "reference"),
    "entry-dictionary": ("entry", "reference"),
    "entry": ("entry", "reference"),
    "thesis": ("thesis", ""),
    "report": ("report", ""),
    "webpage": ("web", "web"),
    "post": ("post", "thread"),
    "post-weblog": ("article", "blog"),
    "dataset": ("repository", ""),
    "software": ("repository", ""),
    "patent": ("patent", ""),
    "legal_case": ("case", ""),
    "legislation": ("legislation", ""),
    "bill": ("legislation", ""),
    "regulation": ("legislation", ""),
    "manuscript": ("manuscript", ""),
    "motion_picture": ("video", ""),
    "broadcast": ("video", "video"),
    "song": ("audio", "audio"),
    "performance": ("performance", ""),
    "speech": ("misc", "conference"),
    "graphic": ("artwork", ""),
    "figure": ("artwork", ""),
    "periodical": ("periodical", ""),
    "collection": ("anthology", ""),
    "standard": ("reference", ""),
}
"""The entry type of each CSL type, and the type of the parent that it appears in."""

_ROLES = {
    "translator": "translator",
    "director": "director",
    "illustrator": "illustrator",
    "narrator": "narrator",
    "compiler": "compiler",
    "producer": "producer",
    "executive-producer": "executive-producer",
    "script-writer": "writer",
    "composer": "composer",
    "organizer": "organizer",
    "collaborator": "collaborator",
}
_TAG = re.compile(r"</?(?:i|b|sup|sub|sc|span)\b[^<>]*>")
_SPECIAL = re.compile(r"[\\${}]")
_PAGES = re.compile(r"\d+\s*[-–]\s*\d+|\d+")


def dump(records: Iterable[Record]) -> str:
    """A map from citation key to entry, sorted by citation key."""
    ordered = sorted(records, key=lambda record: record.key)
    entries = {record.key or f"entry{number}": _entry(record) for number, record in
               enumerate(ordered, 1)}  # fmt: skip
    return dump_yaml(entries) if entries else ""


def _entry(record: Record) -> dict[str, Any]:
    kind, parent_type = TYPES.get(record.type, ("misc", "misc"))
    entry: dict[str, Any] = {"type": kind}
    _put(entry, "title", _title(record, "title"))
    _put(entry, "author", [_name(name) for name in listed(record, "author")])
    _put(entry, "date", _date(record.date()))
    parents = _parents(record, parent_type)
    own = {} if parents else _within(record)
    if not parents or record.type in ("chapter", "paper-conference"):
        target = parents[0] if parents else entry
        _put(target, "editor", [_name(name) for name in record.names("editor")])
        _put(target, "publisher", _publisher(record))
    else:
        _put(entry, "editor", [_name(name) for name in record.names("editor")])
        _put(entry, "publisher", _publisher(record))
    entry.update(own)
    _put(entry, "affiliated", _affiliated(record))
    _put(entry, "page-range", _pages(record))
    _put(entry, "page-total", _number(record, "number-of-pages"))
    _put(entry, "edition", _number(record, "edition"))
    _put(entry, "genre", _title(record, "genre"))
    _put(entry, "abstract", _title(record, "abstract"))
    _put(entry, "note", _title(record, "note"))
    _put(entry, "language", record.text("language"))
    _put(entry, "serial-number", _serials(record))
    _put(entry, "url", _url(record))
    _put(entry, "parent", parents[0] if len(parents) == 1 else parents)
    return entry


def _put(entry: dict[str, Any], name: str, value: Any) -> None:
    if value not in (None, "", [], {}):
        entry[name] = value[0] if isinstance(value, list) and len(value) == 1 else value


def _parents(record: Record, parent_type: str) -> list[dict[str, Any]]:
    parents: list[dict[str, Any]] = []
    container = _title(record, "container-title")
    if container and parent_type:
        short = _title(record, "container-title-short")
        title = {"value": container, "short": short} if short else container
        parent: dict[str, Any] = {"type": parent_type, "title": title, **_within(record)}
        _put(parent, "author", [_name(name) for name in record.names("container-author")])
        parents.append(parent)
    if series := _title(record, "collection-title"):
        parent = {"type": "anthology", "title": series}
        _put(parent, "volume", _number(record, "collection-number"))
        parents.append(parent)
    if event := _title(record, "event-title"):
        parent = {"type": "conference", "title": event}
        _put(parent, "location", _title(record, "event-place"))
        parents.append(parent)
    return parents


def _within(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {}
    _put(found, "volume", _number(record, "volume"))
    _put(found, "issue", _number(record, "issue"))
    _put(found, "volume-total", _number(record, "number-of-volumes"))
    return found


def _affiliated(record: Record) -> list[dict[str, Any]]:
    return [
        {"role": role, "names": [_name(name) for name in record.names(variable)]}
        for variable, role in _ROLES.items()
        if record.names(variable)
    ]


def _publisher(record: Record) -> Any:
    name, place = _title(record, "publisher"), _title(record, "publisher-place")
    return {"name": name, "location": place} if place and name else name


def _serials(record: Record) -> dict[str, str]:
    names = {"DOI": "doi", "ISBN": "isbn", "ISSN": "issn", "PMID": "pmid", "PMCID": "pmcid"}
    found = {names[each]: record.text(each) for each in names if record.text(each)}
    if record.custom.get("arxiv"):
        found["arxiv"] = str(record.custom["arxiv"])
    if record.text("number"):
        found["serial"] = record.text("number")
    return found


def _url(record: Record) -> Any:
    url, accessed = record.text("URL"), _date(record.date("accessed"))
    return {"value": url, "date": accessed} if url and accessed else url


def _name(name: Name) -> Any:
    if name.literal:
        return {"name": name.literal}
    parts = {
        "name": name.family or name.given,
        "given-name": name.given if name.family else "",
        "prefix": " ".join(p for p in (name.dropping_particle, name.non_dropping_particle) if p),
        "suffix": name.suffix,
    }
    return {slot: value for slot, value in parts.items() if value}


def _date(date: Date | None) -> Any:
    """``2020``, ``2020-06`` or ``2020-06-28``; Hayagriva knows nothing else."""
    if date is None or not date.start:
        return None
    year, *rest = date.start
    if rest and rest[0] > 12:
        rest = []
    if not 0 <= year <= 9999:
        return None
    text = "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])
    return f"~{text}" if date.qualifier else int(year) if not rest and year > 999 else text


def _pages(record: Record) -> str:
    page = record.text("page")
    return page.replace("–", "-") if _PAGES.match(page) else page


def _number(record: Record, variable: str) -> Any:
    text = record.text(variable)
    return int(text) if re.fullmatch(r"[1-9]\d{0,8}", text) else _escaped(text)


def _title(record: Record, variable: str) -> str:
    """The text without CSL's tags; what Typst would take for markup is escaped."""
    return _escaped(_TAG.sub("", record.text(variable)))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: "\\" + match[0], text)
