"""MEDLINE records (``.nbib``), as PubMed gives them, to records and back.

Knows the field tags of *MEDLINE/PubMed Data Element (Field) Descriptions* (NLM). Tags that no CSL
variable holds are kept in ``custom["nbib"]``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from citeworks.bibtex.languages import language_code
from citeworks.exchange.interface import Draft, Reading, kept
from citeworks.exchange.people import format_person, listed, read_person
from citeworks.exchange.tagged import Entry, Shape, Tag, one_line, read
from citeworks.model import Date, Issue, Name, Record
from citeworks.model.date import parse_edtf

SOURCE = "nbib"

_SHAPE = Shape(
    re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3})\s*-(?:\s(?P<value>.*))?\Z", re.S),
    begins=lambda tag: tag == "PMID",
    ends=lambda tag: False,
    joiner=" ",
    blank_ends=True,
)

TEXTS = {
    "PMID": "PMID",
    "title": "TI",
    "abstract": "AB",
    "container-title": "JT",
    "container-title-short": "TA",
    "volume": "VI",
    "issue": "IP",
    "page": "PG",
    "PMCID": "PMC",
    "publisher": "PB",
    "publisher-place": "PL",
    "edition": "EN",
    "collection-title": "CTI",
    "original-title": "TT",
    "license": "CI",
}
"""Variables that one tag holds as it is, in writing order."""

TYPES = {
    "article-journal": "Journal Article",
    "article": "Preprint",
    "dataset": "Dataset",
    "book": "Book",
    "chapter": "Book Chapter",
    "review": "Book Review",
    "article-newspaper": "Newspaper Article",
    "report": "Technical Report",
    "paper-conference": "Congress",
    "webpage": "Webcast",
    "speech": "Lecture",
    "interview": "Interview",
}
"""CSL types and the publication types that say so."""

_CSL_TYPES = {written.lower(): csl for csl, written in TYPES.items()}
_NAMES = {"FAU": "author", "FED": "editor"}
_SHORT_NAMES = {"AU": "FAU", "ED": "FED"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_DATE = re.compile(r"(\d{4})(?:\s+([A-Za-z]+)(?:\s+(\d{1,2}))?)?\Z")
_RANGE = re.compile(
    r"(?P<year>\d{4})(?:\s+(?P<month>[A-Za-z]+)(?:\s+(?P<day>\d{1,2}))?)?\s*-\s*"
    r"(?:(?P<year2>\d{4})\s*)?(?P<month2>[A-Za-z]+)?(?:\s*(?P<day2>\d{1,2}))?\Z"
)
_IDENTIFIER = re.compile(r"(\S+)\s*\[(doi|pii|isbn|bookaccession)\]\Z", re.I)


def load(data: bytes | str, *, file: str = "") -> Reading:
    """Every record of the text; lines outside of records are reported."""
    return read(data, _SHAPE, SOURCE, file, _read)


def dump(records: Iterable[Record]) -> str:
    """The records in the order of their keys, a blank line between them."""
    ordered = sorted(records, key=lambda record: record.key)
    before, between, after = FRAME
    return before + between.join(map(dump_entry, ordered)) + after


def _read(entry: Entry, _: str) -> tuple[Draft, list[Issue]]:
    draft = Draft()
    tags = [tag for tag in entry.tags if tag.value]
    _read_type(draft, tags)
    _read_names(draft, tags)
    variables = {tag: variable for variable, tag in TEXTS.items()}
    for tag in tags:
        if tag.name in variables and draft.put(variables[tag.name], tag.value):
            continue
        reader = _READERS.get(tag.name)
        if reader is None or not reader(draft, tag.value):
            draft.keep(tag.name, tag.value)
    return draft, []


def _read_type(draft: Draft, tags: list[Tag]) -> None:
    names = {tag.name for tag in tags}
    found = [_CSL_TYPES.get(tag.value.lower(), "") for tag in tags if tag.name == "PT"]
    known = [name for name in found if name]
    specific = [name for name in known if name != "article-journal"]
    if specific or known:
        draft.type = (specific or known)[0]
    elif "JT" in names or "TA" in names:
        draft.type = "article-journal"
    elif "BTI" in names:
        draft.type = "chapter" if "TI" in names else "book"
    taken = False
    for tag in list(tags):
        if tag.name == "PT" and not taken and _CSL_TYPES.get(tag.value.lower()) == draft.type:
            tags.remove(tag)
            taken = True


def _read_names(draft: Draft, tags: list[Tag]) -> None:
    """Full names; a short form only counts where a record has no full ones."""
    present = {tag.name for tag in tags}
    names: dict[str, list[Name]] = {"author": [], "editor": []}
    left: list[Tag] = []
    for tag in tags:
        full = _SHORT_NAMES.get(tag.name, tag.name)
        if tag.name == "CN":
            names["author"].append(Name(literal=tag.value))
        elif full not in _NAMES:
            left.append(tag)
        elif tag.name == full:
            names[_NAMES[full]].append(read_person(tag.value))
        elif full not in present:
            names[_NAMES[full]].append(_short_name(tag.value))
    tags[:] = left
    for variable, found in names.items():
        draft.put(variable, tuple(found))


def _short_name(text: str) -> Name:
    """``Smith JR`` with its initials apart."""
    family, _, initials = text.rpartition(" ")
    if family and initials.isupper() and len(initials) <= 4:
        return Name(family, ". ".join(initials) + ".")
    return read_person(text)


def _read_date(draft: Draft, text: str) -> bool:
    return draft.put("issued", read_date(text))


def _read_identifier(draft: Draft, text: str) -> bool:
    found = _IDENTIFIER.match(text)
    return found is not None and found[2].lower() == "doi" and draft.put("DOI", found[1])


def _read_issn(draft: Draft, text: str) -> bool:
    """The first ISSN; PubMed says of each whether it is the printed or the electronic one."""
    return draft.put("ISSN", re.sub(r"\s*\((?:Electronic|Print|Linking)\)\Z", "", text))


def _read_isbn(draft: Draft, text: str) -> bool:
    return draft.put("ISBN", text)


def _read_language(draft: Draft, text: str) -> bool:
    return draft.put("language", language_code(_LANGUAGES.get(text.lower(), text)))


def _read_word(draft: Draft, text: str) -> bool:
    known = str(draft.variables.get("keyword", ""))
    draft.variables["keyword"] = f"{known}; {text}" if known else text
    return True


def _read_book_title(draft: Draft, text: str) -> bool:
    variable = "title" if draft.type == "book" else "container-title"
    return draft.put(variable, text)


_READERS = {
    "DP": _read_date,
    "LID": _read_identifier,
    "AID": _read_identifier,
    "IS": _read_issn,
    "ISBN": _read_isbn,
    "LA": _read_language,
    "OT": _read_word,
    "BTI": _read_book_title,
}
_LANGUAGES = {"eng": "en", "fre": "fr", "ger": "de", "spa": "es", "ita": "it", "jpn": "ja"}
_LANGUAGES |= {"chi": "zh", "rus": "ru", "por": "pt", "dut": "nl", "pol": "pl", "kor": "ko"}
_LANGUAGES |= {"swe": "sv", "dan": "da", "nor": "no", "fin": "fi", "cze": "cs", "tur": "tr"}
_WRITTEN_LANGUAGES = {short: long for long, short in _LANGUAGES.items()}


def read_date(text: str) -> Date:
    """``2020 Jun 12``, ``2020 Jan-Feb``, ``2020 Spring``; anything else is a literal."""
    if match := _DATE.match(text):
        start = _parts(match[1], match[2], match[3])
        if start:
            return Date(start)
    elif match := _RANGE.match(text):
        start = _parts(match["year"], match["month"], match["day"])
        year2 = match["year2"] or match["year"]
        month2 = match["month2"] or (match["month"] if match["day2"] else None)
        end = _parts(year2, month2, match["day2"])
        if start and end and (match["month2"] or match["day2"] or match["year2"]):
            return Date(start, end)
    return parse_edtf(text) or Date(literal=text)


def _parts(year: str, month: str | None, day: str | None) -> tuple[int, ...]:
    if not month:
        return (int(year),)
    word = month.lower()
    number = _SEASONS.get(word) or (_MONTHS.index(word[:3]) + 1 if word[:3] in _MONTHS else 0)
    if not number or (number > 12 and day):
        return ()
    return (int(year), number, int(day)) if day else (int(year), number)


def _format_date(date: Date) -> str:
    if date.literal or not date.start:
        return str(date)
    first = _format_parts(date.start)
    return f"{first}-{_format_parts(date.end)}" if date.end else first


def _format_parts(parts: tuple[int, ...]) -> str:
    seasons = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
    words = [f"{parts[0]:04d}"]
    if len(parts) > 1:
        words.append(seasons.get(parts[1]) or _MONTHS[parts[1] - 1].title())
    return " ".join([*words, *map(str, parts[2:])])


FRAME = ("", "\n", "")
"""What stands before, between and after the records in the text that `dump` makes."""


def dump_entry(record: Record) -> str:
    """One record as it stands in that text."""
    rest = kept(record, SOURCE)
    lines = [*_lines(record)]
    lines += [(slot, value) for slot, values in rest.items() for value in values]
    return "".join(
        _wrapped(tag, one_line(value))
        for tag, value in lines
        if re.fullmatch(r"[A-Z][A-Z0-9]{1,3}", tag) and (one_line(value) or tag == "PMID")
    )


def _lines(record: Record) -> Iterator[tuple[str, str]]:
    for variable, tag in TEXTS.items():
        yield tag, record.text(variable)
    for tag, variable in _NAMES.items():
        for name in listed(record, variable):
            is_group = bool(name.literal) and variable == "author"
            yield ("CN", name.literal) if is_group else (tag, format_person(name))
    date = record.date()
    yield "DP", _format_date(date) if date else ""
    yield "LID", f"{record.text('DOI')} [doi]" if record.text("DOI") else ""
    yield "IS", record.text("ISSN")
    yield "ISBN", record.text("ISBN")
    language = record.text("language")
    yield "LA", _WRITTEN_LANGUAGES.get(language.partition("-")[0], language)
    yield from (("OT", word) for word in record.text("keyword").split("; "))
    yield "PT", TYPES.get(record.type, "")


def _wrapped(tag: str, value: str) -> str:
    lines = textwrap.wrap(
        value, 80, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )
    return f"{tag:<4}- " + "\n      ".join(lines or [""]) + "\n"
