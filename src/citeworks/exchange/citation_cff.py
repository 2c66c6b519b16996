"""CITATION.cff, the Citation File Format 1.2.0: what a repository says of itself, and back.

Knows the file's own record, ``preferred-citation`` and ``references``. The format has no citation
keys; what has no place in CSL is kept in ``custom["cff"]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from citeworks.errors import InputError, Location
from citeworks.exchange.interface import Reading, doubt
from citeworks.exchange.people import ET_AL, listed
from citeworks.exchange.tagged import decode
from citeworks.exchange.yaml_text import dump_yaml, load_yaml
from citeworks.model import Date, Name, Provenance, Record, Value
from citeworks.model.date import is_valid_parts, parse_edtf
from citeworks.model.identifier import parse_doi

SOURCE = "cff"
VERSION = "1.2.0"
MESSAGE = "If you use this work, please cite it as below."

TYPES = {
    "article-journal": "article",
    "article-magazine": "magazine-article",
    "article-newspaper": "newspaper-article",
    "article": "unpublished",
    "bill": "bill",
    "book": "book",
    "post-weblog": "blog",
    "chapter": "conference-paper",
    "paper-conference": "conference-paper",
    "dataset": "dataset",
    "entry-dictionary": "dictionary",
    "entry-encyclopedia": "encyclopedia",
    "hearing": "hearing",
    "interview": "audio",
    "legal_case": "legal-case",
    "legislation": "statute",
    "manuscript": "manual",
    "map": "map",
    "motion_picture": "film-broadcast",
    "pamphlet": "pamphlet",
    "patent": "patent",
    "personal_communication": "personal-communication",
    "periodical": "serial",
    "report": "report",
    "software": "software",
    "song": "sound-recording",
    "speech": "slides",
    "standard": "standard",
    "thesis": "thesis",
    "webpage": "website",
    "graphic": "art",
    "document": "generic",
}
"""CSL types and the reference types they are written as."""

_ALSO_READ = {
    "software-code": "software",
    "software-container": "software",
    "software-executable": "software",
    "software-virtual-machine": "software",
    "edited-work": "book",
    "conference": "book",
    "proceedings": "book",
    "data": "dataset",
    "database": "dataset",
    "grant": "document",
    "government-document": "report",
    "manual": "manuscript",
    "multimedia": "motion_picture",
    "video": "motion_picture",
    "music": "song",
    "historical-work": "classic",
    "conference-paper": "paper-conference",
    "audio": "song",
}
_CSL_TYPES = {written: csl for csl, written in TYPES.items()} | _ALSO_READ
_NOBODY = Name(literal="unknown")
"""Stands where the format demands an author and there is none."""
_ROOT_TYPES = frozenset({"software", "dataset"})

TEXTS = {
    "title": "title",
    "abstract": "abstract",
    "version": "version",
    "license": "license",
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "pmcid": "PMCID",
    "url": "URL",
    "journal": "container-title",
    "collection-title": "container-title",
    "volume": "volume",
    "issue": "issue",
    "number": "number",
    "edition": "edition",
    "section": "section",
    "volume-title": "volume-title",
    "number-volumes": "number-of-volumes",
    "pages": "number-of-pages",
    "medium": "medium",
    "status": "status",
    "thesis-type": "genre",
    "notes": "note",
    "repository": "archive",
    "database": "source",
    "scope": "annote",
}
"""Fields that hold a text, and their variables; the first field of a variable is written."""

_ONLY_IN_REFERENCES = frozenset(TEXTS) - {"title", "abstract", "version", "license", "doi", "url"}
_NAMES = {"authors": "author", "editors": "editor", "translators": "translator"}
_NAMES |= {"editors-series": "collection-editor", "recipients": "recipient"}
_DATES = {"date-released": "issued", "date-published": "issued", "date-accessed": "accessed"}
_PARTS = {
    "family-names": "family",
    "given-names": "given",
    "name-particle": "non_dropping_particle",
    "name-suffix": "suffix",
}
_READ = frozenset((*TEXTS, *_NAMES, *_DATES, "type", "year", "month", "start", "end", "keywords"))
_READ |= {"publisher", "institution", "conference", "languages", "cff-version"}
_READ |= {"preferred-citation", "references"}


def load(data: bytes | str, *, file: str = "") -> Reading:
    """The work itself first, then its preferred citation, then its references."""
    value = load_yaml(decode(data), file)
    if not isinstance(value, Mapping) or "cff-version" not in value:
        raise InputError("no CITATION.cff: no cff-version", location=Location(file, 1), code="X001")
    reading = Reading([], [], [])
    references = value.get("references")
    inner = [value.get("preferred-citation"), *(references if isinstance(references, list) else [])]
    _add(reading, {"type": "software", **value}, file, "the work itself")
    for item in inner:
        if item is not None:
            _add(reading, item, file, "a reference")
    return reading


def dump(records: Iterable[Record]) -> str:
    """One file: software or a dataset first as the work itself, everything else as references.

    Without any, the first record is the preferred citation of a work that has its title.
    """
    ordered = sorted(records, key=lambda record: record.key)
    root = next((record for record in ordered if record.type in _ROOT_TYPES), None)
    first = root or next(iter(ordered), None)
    if first is None:
        return ""
    work: dict[str, Any] = {"cff-version": VERSION, "message": MESSAGE}
    fields = _fields(first)
    names = ("title", "authors", "type") if root is None else [
        name for name in fields if name not in _ONLY_IN_REFERENCES
    ]  # fmt: skip
    work.update({name: fields[name] for name in names if name in fields})
    if root is None:
        work.pop("type", None)
        work["preferred-citation"] = fields
    if not work.get("authors"):
        work["authors"] = [{"name": _NOBODY.literal}]
    others = [_fields(record) for record in ordered if record is not first]
    for fields in others:
        fields.pop("message", None)
    if others:
        work["references"] = others
    return dump_yaml(work)


def _add(reading: Reading, item: Any, file: str, what: str) -> None:
    if not isinstance(item, Mapping):
        reading.issues.append(doubt("X104", f"{what} is no map", file, 1))
        return
    record = _read(item, file)
    if record.variables:
        reading.records.append(record)
    else:
        reading.issues.append(doubt("X104", f"{what} says nothing", file, 1))


def _read(item: Mapping[str, Any], file: str) -> Record:
    written = str(item.get("type") or "generic")
    values: dict[str, Value] = {}
    truncated: list[str] = []
    for field, variable in TEXTS.items():
        text = _text(item.get(field))
        if text:
            values.setdefault(variable, text)
    for field, variable in _NAMES.items():
        names = tuple(name for name in map(_read_name, _list(item.get(field))) if name)
        if names and names != (_NOBODY,):
            values[variable] = tuple(name for name in names if name != ET_AL)
            truncated += [variable] if ET_AL in names else []
    values.update(_read_dates(item))
    values.update(_read_others(item))
    rest = {name: value for name, value in item.items() if name not in _READ and value}
    if rest.get("message") == MESSAGE:
        del rest["message"]
    if any(_says_more(each) for each in _list(item.get("authors"))):
        rest["authors"] = item["authors"]
    custom: dict[str, Any] = {SOURCE: rest} if rest else {}
    if truncated:
        custom["et-al"] = truncated
    origin = Provenance(SOURCE, f"{file or '-'}:1")
    kind = _CSL_TYPES.get(written, "document")
    return Record("", kind, values, dict.fromkeys(values, origin), custom)


def _read_name(item: Any) -> Name | None:
    if not isinstance(item, Mapping):
        return Name(literal=_text(item)) if _text(item) else None
    if any(_text(item.get(part)) for part in _PARTS):
        return Name(
            family=_text(item.get("family-names")),
            given=_text(item.get("given-names")),
            non_dropping_particle=_text(item.get("name-particle")),
            suffix=_text(item.get("name-suffix")),
        )
    literal = _text(item.get("name")) or _text(item.get("alias"))
    return Name(literal=literal) if literal else None


def _says_more(item: Any) -> bool:
    return isinstance(item, Mapping) and not item.keys() <= {*_PARTS, "name"}


def _read_dates(item: Mapping[str, Any]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for field, variable in _DATES.items():
        text = _text(item.get(field))
        if text and variable not in values:
            values[variable] = parse_edtf(text) or Date(literal=text)
    year, month = _text(item.get("year")), _text(item.get("month"))
    if "issued" not in values and re.fullmatch(r"\d{1,4}", year):
        parts = (int(year), int(month)) if re.fullmatch(r"\d{1,2}", month) else (int(year),)
        values["issued"] = Date(parts if is_valid_parts(parts) else parts[:1])
    elif "issued" not in values and year:
        values["issued"] = Date(literal=year)
    return values


def _read_others(item: Mapping[str, Any]) -> dict[str, Value]:
    start, end = _text(item.get("start")), _text(item.get("end"))
    found = {
        "page": f"{start}-{end}" if start and end and start != end else start or end,
        "keyword": "; ".join(filter(None, map(_text, _list(item.get("keywords"))))),
        "publisher": _entity(item.get("publisher")) or _entity(item.get("institution")),
        "publisher-place": _entity(item.get("publisher"), "city")
        or _entity(item.get("institution"), "city"),
        "event-title": _entity(item.get("conference")),
        "language": ", ".join(filter(None, map(_text, _list(item.get("languages"))))),
    }
    if not _text(item.get("url")):
        found["URL"] = _text(item.get("repository-code"))
    if not _text(item.get("doi")):
        dois = (_text(each.get("value")) for each in _list(item.get("identifiers"))
                if isinstance(each, Mapping) and each.get("type") == "doi")  # fmt: skip
        found["DOI"] = next((doi for doi in dois if parse_doi(doi)), "")
    return {variable: value for variable, value in found.items() if value}


def _entity(value: Any, part: str = "name") -> str:
    return _text(value.get(part)) if isinstance(value, Mapping) else ""


def _fields(record: Record) -> dict[str, Any]:
    fields: dict[str, Any] = {"type": TYPES.get(record.type, "generic")}
    written: set[str] = set()
    for field, variable in TEXTS.items():
        if record.text(variable) and variable not in written and _fits(field, record.type):
            fields[field] = record.text(variable)
            written.add(variable)
    for field, variable in _NAMES.items():
        if record.names(variable):
            fields[field] = [_format_name(name) for name in listed(record, variable)]
    fields.update(_format_dates(record))
    fields.update(_format_others(record))
    rest = record.custom.get(SOURCE)
    if isinstance(rest, Mapping):
        fields.update({name: rest[name] for name in rest if name not in fields})
        if _same_people(rest.get("authors"), record):
            fields["authors"] = rest["authors"]
    fields.setdefault("title", record.key or "untitled")
    fields.setdefault("authors", [{"name": _NOBODY.literal}])
    return fields


def _same_people(written: Any, record: Record) -> bool:
    """True if what was read of the authors, affiliations and all, still says who they are."""
    return bool(written) and tuple(map(_read_name, _list(written))) == record.names()


def _fits(field: str, csl_type: str) -> bool:
    """Books of papers are collections, journals are journals."""
    in_books = csl_type in ("chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary")
    return field not in ("journal", "collection-title") or (field == "journal") != in_books


def _format_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"name": name.literal}
    parts = {theirs: getattr(name, ours) for theirs, ours in _PARTS.items()}
    if name.dropping_particle:
        particles = (name.dropping_particle, name.non_dropping_particle)
        parts["name-particle"] = " ".join(part for part in particles if part)
    return {field: part for field, part in parts.items() if part}


def _format_dates(record: Record) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    issued, accessed = record.date("issued"), record.date("accessed")
    if issued and len(issued.start) == 3 and issued.end is None:
        released = record.type in _ROOT_TYPES
        fields["date-released" if released else "date-published"] = str(Date(issued.start))
    elif issued and issued.start:
        fields["year"] = issued.start[0]
        if len(issued.start) > 1 and issued.start[1] <= 12:
            fields["month"] = issued.start[1]
    elif issued and issued.literal:
        fields["year"] = issued.literal
    if accessed and len(accessed.start) == 3:
        fields["date-accessed"] = str(Date(accessed.start))
    return fields


def _format_others(record: Record) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    page = record.text("page")
    if page:
        start, _, end = page.partition("-")
        fields["start"] = start if end and "-" not in end and start != end else page
        if fields["start"] != page:
            fields["end"] = end
    if record.text("keyword"):
        fields["keywords"] = record.text("keyword").split("; ")
    if record.text("publisher"):
        publisher = {"name": record.text("publisher"), "city": record.text("publisher-place")}
        slot = "institution" if record.type == "thesis" else "publisher"
        fields[slot] = {name: value for name, value in publisher.items() if value}
    if record.text("event-title"):
        fields["conference"] = {"name": record.text("event-title")}
    if record.text("language"):
        fields["languages"] = [record.text("language")]
    return fields


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()
