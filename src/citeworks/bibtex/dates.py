"""Dates in .bib files: BibTeX's year and month, BibLaTeX's EDTF dates, both ways.

Knows month macros and the words for circa; refuses to guess the order of days and months.
"""

from __future__ import annotations

import re
from functools import lru_cache

from citeworks.bibtex.fields import Dialect, FieldRow
from citeworks.model.date import OPEN, Date, format_edtf, is_valid_parts, parse_edtf

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORDS = """
January February March April May June July August September October November December
"""
MONTH_NAMES = dict(zip(MONTHS, _MONTH_WORDS.split(), strict=True))
"""BibTeX's month macros and what they stand for in the standard styles."""

_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_SEASON_NAMES = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}
_YEAR = re.compile(
    r"(?P<circa>c(?:a|irca)?\.?\s*)?(?P<year>-?\d{1,4})(?P<mark>[?~])?"
    r"(?:\s*(?:--?|–|/)\s*(?P<end>\d{4}|\.\.)?(?P<range>))?\Z",
    re.I,
)
_DAY = re.compile(r"(?<!\d)([0-3]?\d)(?!\d)")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ][\d:.]+(?:Z|[+-][\d:]+)?\Z")


def bibtex_date_fields(date: Date) -> dict[str, str]:
    """`year`, `month` (a macro's name) and `day`; a range of years stays in `year`."""
    if date.literal or not (date.start or date.end):
        return {"year": date.literal or format_edtf(date)}
    fields = {"year": _bibtex_years(date)}
    parts = date.start
    if len(parts) > 1:
        month = parts[1]
        fields["month"] = MONTHS[month - 1] if month <= 12 else _SEASON_NAMES[month]
    if len(parts) > 2 and date.end is None:
        fields["day"] = str(parts[2])
    return fields


def date_fields(date: Date, row: FieldRow, dialect: Dialect) -> dict[str, str]:
    """The fields that state a date: `year` and `month`, or one that BibLaTeX reads as EDTF.

    A range of days or months is stated in both forms for BibTeX. What is no date is no BibLaTeX
    date either: of the work itself it is its `year`, else it has the variable's own name.
    """
    issued = row.variable == "issued"
    if issued and dialect == "bibtex":
        fields = bibtex_date_fields(date)
        exact = date.end is not None and max(len(date.start), len(date.end)) > 1
        return fields | ({"date": format_edtf(date)} if exact else {})
    if date.literal and not parse_edtf(date.literal):
        return {"year" if issued else row.variable: date.literal}
    return {row.biblatex: date.literal or format_edtf(date)}


@lru_cache(maxsize=8192)
def read_bibtex_date(year: str, month: str = "", day: str = "") -> Date | None:
    """The date that `year`, `month` (macro or text) and `day` name; None if there is no year."""
    year = year.strip()
    if not year:
        return Date(literal=month.strip()) if month.strip() else None
    match = _YEAR.match(year)
    if year.startswith("--") and year[2:].isdecimal() and len(year) <= 6:
        return Date((), (int(year[2:]),))
    if not match:
        return read_edtf(year)
    qualifier = "~" if match["circa"] else match["mark"] or ""
    start = (int(match["year"]), *_month_and_day(month, day))
    if not is_valid_parts(start):
        start = start[:1]
    end: tuple[int, ...] | None = None
    if match["range"] is not None:
        end = (int(match["end"]),) if (match["end"] or "").isdigit() else OPEN
    return Date(start, end, qualifier)


def read_edtf(text: str) -> Date | None:
    """An EDTF date, with BibLaTeX's and other programs' habits; any other text is a literal."""
    text = text.strip()
    if not text:
        return None
    timed = _TIME.match(text)
    text = timed[1] if timed else text
    plain = re.sub(r"-00(?=-|/|\Z)", "", text)
    return parse_edtf(plain) or Date(literal=text)


def month_number(text: str) -> int:
    """1–12 for a month, 21–24 for a season, 0 for neither."""
    word = re.match(r"\W*([^\W\d_]{3,})", re.sub(r"^\W*\d+\W*", "", text))
    if word:
        name = word[1].lower()
        return _SEASONS.get(name) or (MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else 0)
    digits = re.fullmatch(r"\s*0?(\d{1,2})\s*", text)
    return int(digits[1]) if digits and 1 <= int(digits[1]) <= 12 else 0


def _bibtex_years(date: Date) -> str:
    head = str(date.start[0]) if date.start else ""
    head = f"c. {head}" if date.qualifier in ("~", "%") and head else head
    head += "?" if date.qualifier in ("?", "%") and head else ""
    if date.end is None:
        return head
    if not date.end:
        return f"{head}--"
    same = date.start and date.start[0] == date.end[0]
    return head if same else f"{head}--{date.end[0]}"


def _month_and_day(month: str, day: str) -> tuple[int, ...]:
    number = month_number(month)
    if not number:
        return ()
    found = _DAY.search(day) or (_DAY.search(month) if not month.strip().isdigit() else None)
    return (number, int(found[1])) if found and number <= 12 else (number,)
