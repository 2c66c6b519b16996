"""Entries of a .bib document as records; what CSL has no variable for is kept in `custom`.

Knows what fields mean and reports what is doubtful. How text is cut is known to the lexer, how
values are decoded to `decode`, `people` and `dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from citeworks.bibtex import fields as table
from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.dates import (
    MONTH_NAMES,
    bibtex_date_fields,
    read_bibtex_date,
    read_edtf,
)
from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.entries import Block, Document
from citeworks.bibtex.fields import FieldRow
from citeworks.bibtex.inherit import Flat, Parents, family_of, flatten, inherit
from citeworks.bibtex.languages import babel_name, is_english, language_code
from citeworks.bibtex.lexer import loads
from citeworks.bibtex.people import read_names
from citeworks.bibtex.slices import Slices
from citeworks.bibtex.stretches import Place, Stretches, loads_lazily, places_of
from citeworks.errors import BibtexSyntaxError
from citeworks.model import Date, Issue, Record, Severity, Value
from citeworks.model.identifier import parse_arxiv, parse_doi
from citeworks.model.provenance import Provenance

SOURCE = "bibtex"
"""The provenance of what was read from a .bib file."""

_CODE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z0-9]{1,8})*")
_PAGE_DASH = re.compile(r"(?<!\s)\s*+(?:--+|[–—])\s*")
_THESES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
_GENRES = {**_THESES, "mathesis": "Master's thesis", "techreport": "Technical report"}
_SUBTITLES = {
    "title": ("subtitle",),
    "booktitle": ("booksubtitle",),
    "journaltitle": ("journalsubtitle",),
    "maintitle": ("mainsubtitle",),
    "issuetitle": ("issuesubtitle",),
}
_SUBTITLE_FIELDS = frozenset(subtitle for names in _SUBTITLES.values() for subtitle in names)
_SKIPPED_TYPES = frozenset(("xdata", "set", "control"))
JSTOR = "https://www.jstor.org/stable/"
"""What stands before the number of an article there, as BibLaTeX knows too."""
_DATES = frozenset(("year", "month", "day"))
_ALIASES = {
    "journal": "journaltitle",
    "fulljournal": "journaltitle",
    "location": "location",
    "annote": "annotation",
    "keyword": "keywords",
    "numpages": "pagetotal",
    "school": "institution",
    "rights": "copyright",
}


_EDITORS = ("editor", "editora", "editorb", "editorc")
_OTHER_NAME_FIELDS = ("author", "translator", "bookauthor", *table.ROLES)
_NAME_FIELDS = frozenset((*_EDITORS, *_OTHER_NAME_FIELDS))
_VARIABLES_OF_ROLES = {role: variable for variable, role in table.ROLES.items()}


Watch = Callable[[Iterable[Place]], Iterable[Place]]


class Reading(NamedTuple):
    """The records of a document, doubts about single ones, and what broke the grammar."""

    records: list[Record]
    issues: list[Issue]
    errors: list[BibtexSyntaxError]


class Part(NamedTuple):
    """What one block gives: its record if it has one, and what is said of it."""

    record: Record | None
    issues: Sequence[Issue]
    errors: Sequence[BibtexSyntaxError]


@dataclass(slots=True)
class _Draft:
    """One record while it is being read; `rest` are the fields that nothing has used yet."""

    flat: Flat
    type: str
    rest: dict[str, str]
    variables: dict[str, Value] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    truncated: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    language: str = ""

    def take(self, name: str) -> str:
        return self.rest.pop(name, "")

    def put(self, variable: str, value: Value) -> None:
        if value and variable not in self.variables:
            self.variables[variable] = value

    def text(self, value: str) -> str:
        return decode_latex(value, unknown=self.unknown)

    def title(self, value: str) -> str:
        foreign = not is_english(self.language)
        return decode_latex(value, title=True, every_capital=foreign, unknown=self.unknown)


@without_collector
def read_records(
    source: Document | Stretches | str | Slices, *, file: str = "", watch: Watch = iter
) -> Reading:
    """Every entry that can be read as a record, in the order of the text.

    `watch` is given the blocks and gives them back one by one: it may count them.
    """
    reading = Reading([], [], [])
    for part in read_each(source, file=file, watch=watch):
        if part.record is not None:
            reading.records.append(part.record)
        reading.issues.extend(part.issues)
        reading.errors.extend(part.errors)
    return reading


def read_each(
    source: Document | Stretches | str | Slices, *, file: str = "", watch: Watch = iter
) -> Iterator[Part]:
    """The same block by block, while they are asked for."""
    whole = _document(source, file)
    macros, parents = family_of(whole)
    keys: dict[str, str] = {}
    lines: _Lines | None = None
    for document, block in watch(places_of(whole)):
        if lines is None or lines.document is not document:
            lines = _Lines(document)
        errors = document.errors_of(block) if block.problems else ()
        if block.kind == "entry" and block.type.lower() not in _SKIPPED_TYPES:
            draft = _read_entry(flatten(block, macros), parents)
            yield Part(_record(lines, draft), _issues(document, draft, keys), errors)
        elif block.kind == "entry":
            yield Part(None, [_skipped(document, block)], errors)
        elif errors:
            yield Part(None, [], errors)


def _document(source: Document | Stretches | str | Slices, file: str) -> Document | Stretches:
    if isinstance(source, Document | Stretches):
        return source
    return loads(source, file=file) if isinstance(source, str) else loads_lazily(source, file=file)


def _read_entry(flat: Flat, parents: Parents) -> _Draft:
    rest = {name: value for name, value in inherit(flat, parents).items() if value}
    original = flat.block.type.lower()
    arxiv = _arxiv_of(rest)
    kind = table.csl_type(original, rest.get("entrysubtype", ""), is_preprint=bool(arxiv))
    draft = _Draft(flat, kind or "document", rest)
    _read_eprint(draft, arxiv)
    _read_aliases(draft)
    _read_type(draft, original, known=bool(kind))
    _read_roles(draft)
    _read_issued(draft)
    _read_places(draft)
    _read_fields(draft)
    _keep_rest(draft, original)
    return draft


class _Lines:
    """The line numbers of blocks that follow each other, counted on from one to the next."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.file = document.file or "-"
        self._offset = 0
        self._line = document.first_line

    def of(self, block: Block) -> tuple[int, int]:
        """The first and the last line of a block, which stands behind the one asked for before."""
        text = self.document.text
        first = self._line + text.count("\n", self._offset, block.start)
        self._offset = max(block.start, block.end - 1)
        self._line = first + text.count("\n", block.start, self._offset)
        return first, self._line


def _record(lines: _Lines, draft: _Draft) -> Record:
    block = draft.flat.block
    first, last = lines.of(block)
    origin = Provenance(SOURCE, f"{lines.file}:{first}-{last}")
    if draft.truncated:
        draft.custom["et-al"] = draft.truncated
    provenance = dict.fromkeys(draft.variables, origin)
    return Record(block.key, draft.type, draft.variables, provenance, draft.custom)


def _issues(document: Document, draft: _Draft, keys: dict[str, str]) -> list[Issue]:
    flat = draft.flat
    key = flat.block.key
    found = [("B202", f"field {name} is given twice: the first is used") for name in flat.repeated]
    found += [("B203", f"undefined macro {name}") for name in sorted(flat.undefined)]
    found += [("B204", f"unknown command {name}: left as it is") for name in sorted(draft.unknown)]
    twin = keys.get(key.lower())
    keys.setdefault(key.lower(), key)
    if twin is not None:
        found.append(("B201", f"a second entry with the key {key!r} (first as {twin!r})"))
    if not key:
        found.append(("B205", "an entry without a citation key"))
    if not found:
        return []
    place = document.location(flat.block.start)
    return [Issue(code, text, Severity.WARNING, place, key) for code, text in found]


def _skipped(document: Document, block: Block) -> Issue:
    message = f"@{block.type}{{{block.key}}} is no work of its own: it makes no record"
    return Issue("B206", message, Severity.NOTE, document.location(block.start), block.key)


def _arxiv_of(rest: dict[str, str]) -> str:
    """The arXiv identifier in the eprint fields, ``""`` if they name another archive or none."""
    archive = (rest.get("archiveprefix") or rest.get("eprinttype") or "").lower()
    value = rest.get("eprint") or rest.get("arxivid") or ""
    return parse_arxiv(value) if value and archive in ("", "arxiv") else ""


def _read_eprint(draft: _Draft, arxiv: str) -> None:
    rest = draft.rest
    if arxiv:
        draft.custom["arxiv"] = arxiv
        draft.take("eprint")
        draft.take("arxivid")
        draft.take("archiveprefix")
        draft.take("eprinttype")
        archive_class = draft.take("primaryclass") or draft.take("eprintclass")
        if archive_class:
            draft.custom["arxiv-class"] = draft.text(archive_class)
    elif rest.get("eprinttype", "").lower() in ("pubmed", "pmid") and "eprint" in rest:
        draft.put("PMID", draft.take("eprint"))
        draft.take("eprinttype")
        draft.take("pmid")
    elif rest.get("eprinttype", "").lower() == "jstor" and "eprint" in rest and "url" not in rest:
        draft.put("URL", JSTOR + draft.take("eprint"))
        draft.take("eprinttype")


def _read_aliases(draft: _Draft) -> None:
    """BibLaTeX's ``ids``: further keys under which the entry is cited."""
    found = [key.strip() for key in draft.take("ids").split(",")]
    aliases = [key for key in dict.fromkeys(found) if key and key != draft.flat.block.key]
    if aliases:
        draft.custom["aliases"] = aliases


def _read_type(draft: _Draft, original: str, *, known: bool) -> None:
    genre = draft.rest.get("type", "")
    if original in _THESES and not genre:
        draft.put("genre", _THESES[original])
    elif genre.lower() in _GENRES:
        draft.put("genre", _GENRES[draft.take("type").lower()])
    if known and draft.rest.get("entrysubtype", "").lower() in _subtypes():
        draft.take("entrysubtype")


@lru_cache(maxsize=1)
def _subtypes() -> frozenset[str]:
    return frozenset(row.subtype for row in table.TYPES if row.subtype)


def _read_roles(draft: _Draft) -> None:
    """Editors of every kind by their `editortype`, and the fields that are named like roles."""
    prefix = _useprefix(draft.rest["options"]) if "options" in draft.rest else None
    if prefix is not None:
        draft.take("options")
    present = _NAME_FIELDS.intersection(draft.rest)
    for slot in _EDITORS if present else ():
        if slot not in present:
            continue
        role = draft.rest.get(f"{slot}type", "").lower()
        variable = (
            _VARIABLES_OF_ROLES.get(role, "") if role else "editor" if slot == "editor" else ""
        )
        if role == "editor" or (not variable and slot == "editor"):
            variable = "editor"
        if not variable or variable in draft.variables:
            continue
        if role in _VARIABLES_OF_ROLES or role == "editor":
            draft.take(f"{slot}type")
        _put_names(draft, variable, draft.take(slot), prefix)
    for name in sorted(present.difference(_EDITORS), key=_OTHER_NAME_FIELDS.index):
        variable = "container-author" if name == "bookauthor" else name
        _put_names(draft, variable, draft.take(name), prefix)


def _useprefix(options: str) -> bool | None:
    match = re.fullmatch(r"\s*useprefix\s*(?:=\s*(true|false))?\s*", options)
    return None if not match else match[1] != "false"


def _put_names(draft: _Draft, variable: str, value: str, prefix: bool | None) -> None:
    names, truncated = read_names(value, useprefix=prefix)
    draft.put(variable, names)
    if truncated:
        draft.truncated.append(variable)


def _read_issued(draft: _Draft) -> None:
    text = draft.take("date")
    if text:
        date = read_edtf(text)
        _drop_repeated(draft, date)
    else:
        year, month, day = (draft.take(name) for name in ("year", "month", "day"))
        date = read_bibtex_date(draft.text(year), draft.text(month), draft.text(day))
    if date is not None:
        draft.put("issued", date)


def _drop_repeated(draft: _Draft, date: Date | None) -> None:
    """Forget a year, month and day that say what the `date` says."""
    said = bibtex_date_fields(date) if date and not draft.rest.keys().isdisjoint(_DATES) else {}
    for name, value in said.items():
        if draft.rest.get(name) in (value, MONTH_NAMES.get(value, value)):
            draft.take(name)


def _read_places(draft: _Draft) -> None:
    """The `location` beside an `address` is the conference's, as the ACM exports it."""
    rest = draft.rest
    if draft.type != "paper-conference" or "venue" in rest or "address" not in rest:
        return
    if rest.get("location", rest["address"]) != rest["address"]:
        rest["venue"] = draft.take("location")


def _read_fields(draft: _Draft) -> None:
    rows = _rows(draft.type)
    _read_languages(draft)
    draft.language = str(draft.variables.get("language", ""))
    _join_subtitles(draft)
    rest, variables = draft.rest, draft.variables
    for name in list(rest):
        row = rows.get(name)
        if row is None or row.variable in variables or row.kind == "names":
            continue
        value = _READERS[row.kind](draft, row, rest[name])
        if value:
            variables[row.variable] = value
            del rest[name]


def _read_languages(draft: _Draft) -> None:
    """`langid`, with the code that says more than it; a `language` alone is read and stays.

    BibLaTeX prints a `language` and only hyphenates by a `langid`. What babel has no name for is
    written as `language` for want of a better field.
    """
    rest = draft.rest
    if "langcode" in rest and babel_name(rest["langcode"]) == rest.get("langid"):
        draft.put("language", draft.take("langcode"))
        draft.take("langid")
    elif "langid" in rest:
        draft.put("language", language_code(draft.text(draft.take("langid"))))
    elif "langcode" in rest:
        draft.put("language", draft.text(draft.take("langcode")))
    elif "language" in rest:
        text = draft.text(rest["language"])
        name = babel_name(text)
        draft.put("language", text if _CODE.fullmatch(text) else language_code(name or text))
        if not name:
            draft.take("language")


@lru_cache(maxsize=128)
def _rows(csl_type: str) -> dict[str, FieldRow]:
    rows = table.variables_of_fields(csl_type)
    aliases = {alias: rows[name] for alias, name in _ALIASES.items() if name in rows}
    return {**aliases, **rows}


def _join_subtitles(draft: _Draft) -> None:
    rest = draft.rest
    if _SUBTITLE_FIELDS.isdisjoint(rest):
        return
    for name, subtitles in _SUBTITLES.items():
        for subtitle in subtitles:
            if rest.get(name) and subtitle in rest:
                glue = " " if rest[name][-1] in ":?!." else ": "
                rest[name] += glue + rest.pop(subtitle)


def _keep_rest(draft: _Draft, original: str) -> None:
    """Unknown fields and types, in LaTeX as they were; inherited ones belong to the parent."""
    inherited = draft.flat.inherited
    kept = {name: value for name, value in draft.rest.items() if name not in inherited}
    custom: dict[str, Any] = {}
    written = _written_as(draft.type, str(draft.variables.get("genre", "")))
    if original not in written or (original == "book" and "number-of-volumes" in draft.variables):
        custom["type"] = original
    if kept:
        custom["fields"] = kept
    if custom:
        draft.custom["bibtex"] = custom


@lru_cache(maxsize=1024)
def _written_as(csl_type: str, genre: str) -> tuple[str, str]:
    """The entry types of a CSL type in both dialects."""
    bibtex = table.entry_type(csl_type, genre, "bibtex")
    return bibtex, table.entry_type(csl_type, genre, "biblatex")


def _read_title(draft: _Draft, _: FieldRow, value: str) -> Value:
    return draft.title(value)


def _read_text(draft: _Draft, _: FieldRow, value: str) -> Value:
    return draft.text(value)


def _read_verbatim(_: _Draft, row: FieldRow, value: str) -> Value:
    doi = parse_doi(value) if row.variable == "DOI" else ""
    if not doi:
        return value
    return value[value.index("10.") :] if "10." in value else doi


def _read_number(draft: _Draft, _: FieldRow, value: str) -> Value:
    return draft.text(value) if "\\" in value or "{" in value else value


def _read_date(_: _Draft, row: FieldRow, value: str) -> Value:
    return read_edtf(value) or ""


def _read_pages(draft: _Draft, _: FieldRow, value: str) -> Value:
    if value.replace("--", "").isalnum():
        return value.replace("--", "-")
    return _PAGE_DASH.sub("-", draft.text(value))


def _read_language(draft: _Draft, _: FieldRow, value: str) -> Value:
    return language_code(draft.text(value))


_READERS: dict[str, Callable[[_Draft, FieldRow, str], Value]] = {
    "title": _read_title,
    "text": _read_text,
    "list": _read_text,
    "verbatim": _read_verbatim,
    "date": _read_date,
    "pages": _read_pages,
    "language": _read_language,
    "number": _read_number,
}
