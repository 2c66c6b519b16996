"""RIS, as reference managers and publishers write it, to records and back.

Knows the tags of the RIS specification (Research Information Systems, 2011) and what databases
make of them. Refuses to guess what an unknown tag means: it is kept in ``custom["ris"]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from citeworks.exchange import nbib
from citeworks.exchange.interface import Draft, Reading, doubt, kept
from citeworks.exchange.people import format_person, listed, read_person
from citeworks.exchange.tagged import Entry, Shape, Tag, one_line, read
from citeworks.model import Date, Issue, Record, Value
from citeworks.model.date import is_valid_parts, parse_edtf
from citeworks.model.identifier import parse_doi

SOURCE = "ris"

_SHAPE = Shape(
    re.compile(r"\s{0,8}(?P<tag>[A-Z][A-Z0-9])(?:\s{1,3}-|-(?=\s|\Z))(?P<value>.*)\Z", re.S),
    begins=lambda tag: tag == "TY",
    ends=lambda tag: tag == "ER",
    joiner=" ",
    blank_ends=False,
)

TYPES = {
    "article-journal": "JOUR EJOUR ABST INPR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "article": "UNPB",
    "book": "BOOK EBOOK EDBOOK WHOLE",
    "chapter": "CHAP ECHAP",
    "paper-conference": "CPAPER CONF",
    "thesis": "THES",
    "report": "RPRT",
    "webpage": "ELEC WEB",
    "post-weblog": "BLOG",
    "dataset": "DATA DBASE AGGR",
    "software": "COMP",
    "patent": "PAT",
    "standard": "STAND",
    "map": "MAP",
    "manuscript": "MANSCPT",
    "pamphlet": "PAMP",
    "classic": "CLSWK ANCIENT",
    "collection": "SER",
    "periodical": "JFULL",
    "entry-encyclopedia": "ENCYC",
    "entry-dictionary": "DICT",
    "motion_picture": "MPCT VIDEO ADVS",
    "song": "SOUND",
    "musical_score": "MUSIC",
    "graphic": "ART",
    "figure": "FIGURE CHART EQUA",
    "speech": "SLIDE",
    "personal_communication": "PCOMM ICOMM",
    "bill": "BILL UNBILL",
    "legislation": "STAT LEGAL",
    "regulation": "GOVDOC",
    "legal_case": "CASE",
    "hearing": "HEAR",
    "document": "GEN",
}
"""CSL types and their RIS types; the first is written, all are read."""

_CSL_TYPES = {ris: csl for csl, names in TYPES.items() for ris in names.split()}
_IN_BOOKS = frozenset("chapter paper-conference entry-encyclopedia entry-dictionary".split())
_BOOKS = frozenset("book classic collection periodical thesis report".split())


class Row(NamedTuple):
    """One variable: its kind, the tag that is written, and the others that are read."""

    variable: str
    kind: str
    tag: str
    also: str = ""
    types: frozenset[str] = frozenset()


ROWS = (
    Row("title", "text", "TI", "T1 CT BT", _BOOKS),
    Row("title", "text", "TI", "T1 CT"),
    Row("author", "names", "AU", "A1"),
    Row("editor", "names", "A2", "ED", _IN_BOOKS | _BOOKS),
    Row("editor", "names", "ED"),
    Row("collection-editor", "names", "A3"),
    Row("translator", "names", "A4"),
    Row("collection-title", "text", "T2", "T3", _BOOKS),
    Row("container-title", "text", "T2", "JF JO BT JA"),
    Row("container-title-short", "text", "J2", "JA J1 JO"),
    Row("collection-title", "text", "T3"),
    Row("issued", "date", "PY", "DA Y1"),
    Row("accessed", "date", "Y2"),
    Row("volume", "text", "VL"),
    Row("number", "text", "IS", "M1", frozenset({"report", "patent", "standard", "bill"})),
    Row("issue", "text", "IS", "CP"),
    Row("number", "text", "M1", "C7"),
    Row("page", "pages", "SP", "EP"),
    Row("section", "text", "SE"),
    Row("number-of-volumes", "text", "NV"),
    Row("edition", "text", "ET"),
    Row("publisher", "text", "PB"),
    Row("publisher-place", "text", "CY", "PP"),
    Row("genre", "text", "M3"),
    Row("DOI", "doi", "DO", "DI"),
    Row("ISBN", "serial", "SN"),
    Row("ISSN", "serial", "SN"),
    Row("URL", "text", "UR"),
    Row("abstract", "text", "AB", "N2"),
    Row("keyword", "words", "KW"),
    Row("language", "text", "LA"),
    Row("title-short", "text", "ST"),
    Row("call-number", "text", "CN"),
    Row("source", "text", "DP", "DB"),
    Row("note", "lines", "N1"),
)
"""In writing order; of the rows of a variable the first whose types fit holds."""

_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx](?![0-9-])")
_DATE_NOTE = re.compile(r"\d{4}/\d{0,2}/\d{0,2}/\s*\S")
"""A date with other information behind it, such as a season, which is kept besides."""
_SERIAL_NAME = re.compile(r"\s*\((?:ISSN|ISBN|Print|Online|Electronic)\)\s*\Z", re.I)
_PAGES = re.compile(r"([^\s,;–-]+)[-–]([^\s,;–-]+)\Z")
_DOI_TAGS = ("UR", "N1", "L3", "M3", "L1", "L2", "C7", "N2")
_DOI_IN = re.compile(r"(?:doi:?\s*|doi\.org/)(10\.\d{4,9}/[^\s\"<>]+)", re.I)


def load(data: bytes | str, *, file: str = "") -> Reading:
    """Every record of the text; lines outside of records are reported."""
    return read(data, _SHAPE, SOURCE, file, _read)


def dump(records: Iterable[Record]) -> str:
    """The records in the order of their keys."""
    ordered = sorted(records, key=lambda record: record.key)
    before, between, after = FRAME
    return before + between.join(map(dump_entry, ordered)) + after


def rows_of(csl_type: str) -> dict[str, Row]:
    """The row that holds for each variable of a type; no two share a tag but ISBN and ISSN."""
    rows: dict[str, Row] = {}
    for row in ROWS:
        taken = row.kind != "serial" and any(row.tag == each.tag for each in rows.values())
        fits = not row.types or csl_type in row.types
        if row.variable not in rows and fits and not taken:
            rows[row.variable] = row
    return rows


def _read(entry: Entry, file: str) -> tuple[Draft, list[Issue]]:
    issues: list[Issue] = []
    draft = Draft()
    if not entry.is_ended:
        issues.append(doubt("X101", "a record without ER at its end", file, entry.first))
    tags = [tag for tag in entry.tags if tag.value]
    written = next((tag.value.upper() for tag in tags if tag.name == "TY"), "")
    draft.type = _CSL_TYPES.get(written, "document")
    if written not in _CSL_TYPES:
        what = f"the unknown type {written[:20]!r}" if written else "a record without TY"
        issues.append(doubt("X103", f"{what}: read as document", file, entry.first))
        draft.keep("TY", written)
    by_tag: dict[str, list[Tag]] = {}
    for tag in tags:
        by_tag.setdefault(tag.name, []).append(tag)
    by_tag.pop("TY", None)
    _take_key(draft, by_tag)
    _take_rows(draft, by_tag)
    _find_doi(draft, by_tag)
    for name, left in by_tag.items():
        for tag in left:
            draft.keep(name, tag.value)
    return draft, issues


def _take_key(draft: Draft, by_tag: dict[str, list[Tag]]) -> None:
    values = by_tag.get("ID", [])
    if values and re.fullmatch(r"(?!\d+\Z)[^\s,{}\\%#\"]+", values[0].value):
        draft.key = values.pop(0).value


def _take_rows(draft: Draft, by_tag: dict[str, list[Tag]]) -> None:
    """Each row takes what it can hold; a second title or journal stays where it was."""
    for row in rows_of(draft.type).values():
        for name in (row.tag, *row.also.split()):
            left = by_tag.get(name, [])
            if left:
                by_tag[name] = _READERS[row.kind](draft, row, left, by_tag)


def _read_text(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    return [tag for tag in tags if not draft.put(row.variable, tag.value)]


def _read_names(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    names = draft.variables.get(row.variable, ())
    read = tuple(read_person(tag.value) for tag in tags)
    draft.variables[row.variable] = (*names, *read) if isinstance(names, tuple) else read
    return []


def _read_words(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    draft.put(row.variable, "; ".join(tag.value for tag in tags))
    return []


def _read_lines(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    draft.put(row.variable, "\n".join(tag.value for tag in tags))
    return []


def _read_dates(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    left: list[Tag] = []
    for tag in tags:
        date, known = read_date(tag.value), draft.variables.get(row.variable)
        if isinstance(known, Date) and date.start[: len(known.start)] == known.start:
            draft.variables[row.variable] = date
        elif not draft.put(row.variable, date):
            left.append(tag)
            continue
        if _DATE_NOTE.match(tag.value):
            left.append(tag)
    return left


def _read_pages(draft: Draft, row: Row, tags: list[Tag], by_tag: dict[str, list[Tag]]) -> list[Tag]:
    first, *left = tags
    ends = by_tag.get("EP", []) if first.name == "SP" else []
    end = ends.pop(0).value if ends else ""
    same = not end or end == first.value or "-" in first.value
    value = first.value if same else f"{first.value}-{end}"
    return left if draft.put(row.variable, value) else tags


def _read_doi(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    return [
        tag
        for tag in tags
        if not draft.put(row.variable, tag.value[tag.value.find("10.") :] if parse_doi(tag.value)
                         else tag.value)
    ]  # fmt: skip


def _read_serial(draft: Draft, row: Row, tags: list[Tag], _: dict[str, list[Tag]]) -> list[Tag]:
    """SN holds ISBNs of books and ISSNs of journals; each row takes its own."""
    own = [tag for tag in tags if bool(_ISSN.match(tag.value)) == (row.variable == "ISSN")]
    values = [_SERIAL_NAME.sub("", tag.value) for tag in own]
    draft.put(row.variable, ", ".join(values))
    return [tag for tag in tags if tag not in own]


_READERS = {
    "text": _read_text,
    "names": _read_names,
    "words": _read_words,
    "lines": _read_lines,
    "date": _read_dates,
    "pages": _read_pages,
    "doi": _read_doi,
    "serial": _read_serial,
}


def _find_doi(draft: Draft, by_tag: dict[str, list[Tag]]) -> None:
    """A DOI that databases put elsewhere; it also stays where it was."""
    if "DOI" in draft.variables:
        return
    texts = [tag.value for name in _DOI_TAGS for tag in by_tag.get(name, [])]
    texts += [str(draft.variables.get(name, "")) for name in ("URL", "genre", "note")]
    for text in texts:
        found = _DOI_IN.search(text)
        doi = parse_doi(text) or (parse_doi(found[1]) if found else "")
        if doi:
            draft.put("DOI", doi)
            return


def read_date(text: str) -> Date:
    """``2020/06/28/``, ``2020-06-28``, ``2020 JUN 28`` or a year; anything else is a literal."""
    parts = [part.strip() for part in text.split("/")]
    if re.fullmatch(r"\d{4}", parts[0]):
        digits = [parts[0]]
        for part in parts[1:3]:
            if not re.fullmatch(r"\d{1,2}", part):
                break
            digits.append(part)
        numbers = tuple(int(each) for each in digits)
        if is_valid_parts(numbers) and (not any(parts[len(digits) :]) or _DATE_NOTE.match(text)):
            return Date(numbers)
    return parse_edtf(text) or nbib.read_date(text)


FRAME = ("", "\n", "")
"""What stands before, between and after the records in the text that `dump` makes."""


def dump_entry(record: Record) -> str:
    """One record as it stands in that text."""
    lines = [("TY", TYPES.get(record.type, "GEN").split()[0])]
    rest = kept(record, SOURCE)
    if record.type == "document" and rest.get("TY"):
        lines = [("TY", rest["TY"][0])]
    if record.key:
        lines.append(("ID", record.key))
    for row in rows_of(record.type).values():
        value = record.variables.get(row.variable)
        if value is not None:
            names = listed(record, row.variable)
            lines.extend(_lines(row, names or value))
    lines.extend(
        (slot, value)
        for slot, values in rest.items()
        for value in values
        if slot not in ("TY", "ER") and re.fullmatch(r"[A-Z][A-Z0-9]", slot)
    )
    body = [f"{tag}  - {one_line(value)}" for tag, value in lines if one_line(value)]
    return "\n".join([*body, "ER  - \n"])


def _lines(row: Row, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple):
        yield from ((row.tag, format_person(name)) for name in value)
    elif isinstance(value, Date):
        yield from _date_lines(row.tag, value)
    elif row.kind == "words":
        yield from ((row.tag, word) for word in str(value).split("; "))
    elif row.kind == "lines":
        yield from ((row.tag, line) for line in str(value).splitlines())
    elif row.kind == "pages" and (pages := _PAGES.match(str(value))) and pages[1] != pages[2]:
        yield from (("SP", pages[1]), ("EP", pages[2]))
    else:
        yield row.tag, str(value)


def _date_lines(tag: str, date: Date) -> Iterator[tuple[str, str]]:
    if not date.start:
        yield tag, str(date)
        return
    year = f"{date.start[0]:04d}"
    parts = date.start[1:] if len(date.start) > 1 and date.start[1] <= 12 else ()
    full = "/".join([year, *(f"{part:02d}" for part in parts), *[""] * (2 - len(parts))])
    if tag == "PY":
        yield tag, year
    if tag != "PY" or parts:
        yield "DA" if tag == "PY" else tag, full
