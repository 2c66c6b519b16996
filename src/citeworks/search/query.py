"""What a person typed into a search, as terms and ranges.

Knows the syntax: words, ``"phrases"``, ``-without``, ``field:word``, ``year:2019..2023``. Refuses
to know how anything is found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from citeworks.errors import InputError
from citeworks.nearest import did_you_mean

FIELDS = {
    "title": "title",
    "author": "authors",
    "venue": "venue",
    "journal": "venue",
    "abstract": "abstract",
    "tag": "tags",
    "key": "key",
    "type": "type",
    "doi": "ids",
    "arxiv": "ids",
    "id": "ids",
}
"""The fields that a term may be looked for in, and the column of each."""

_TOKEN = re.compile(
    r'(?P<minus>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>\S+))'
)
_YEARS = re.compile(r"(?P<first>\d{1,4})?(?P<dots>\.\.|-)?(?P<last>\d{1,4})?\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: `column` is empty for anywhere, `is_phrase` for words in a row."""

    text: str
    column: str = ""
    is_phrase: bool = False
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must be found; a year of None is no bound."""

    terms: tuple[Term, ...] = ()
    first_year: int | None = None
    last_year: int | None = None


def parse_query(text: str) -> Query:
    """Read a query. Raises InputError for an unknown field or a year that is none."""
    terms: list[Term] = []
    first: int | None = None
    last: int | None = None
    for match in _TOKEN.finditer(text):
        field, word = match["field"], match["phrase"] or match["word"] or ""
        if field and word.startswith("//"):  # an address, not a field
            field, word = None, f"{field}:{word}"
        if field and field.lower() == "year":
            first, last = _years(word)
        elif word:
            column = _column(field) if field else ""
            terms.append(Term(word, column, match["phrase"] is not None, bool(match["minus"])))
    return Query(tuple(terms), first, last)


def _column(field: str) -> str:
    if field.lower() not in FIELDS:
        raise InputError(
            f"unknown search field {field!r}",
            hint=did_you_mean(field.lower(), [*FIELDS, "year"])
            or "fields are " + ", ".join([*FIELDS, "year"]),
        )
    return FIELDS[field.lower()]


def _years(text: str) -> tuple[int | None, int | None]:
    match = _YEARS.match(text)
    if not match or not (match["first"] or match["last"]):
        raise InputError(
            f"{text!r} is no year", hint="write year:2020, year:2019..2023 or year:2019.."
        )
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else None
    return (first, first) if not match["dots"] else (first, last)
