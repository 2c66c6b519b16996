"""The dates of Zotero's date fields as people type them; no guess where the order is doubtful."""

from __future__ import annotations

import re

from citeworks.model.date import Date, is_valid_parts, parse_edtf

_MONTHS = dict(
    zip("jan feb mar apr may jun jul aug sep oct nov dec".split(), range(1, 13), strict=True)
)
_MONTHS |= {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24, "sept": 9}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d.*\Z")
_ZEROS = re.compile(r"-00(?=-|/|\Z)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})\Z")
_WORDS = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?(?P<month>[A-Za-z]{3,9})\.?[\s,/-]*"
    r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+))?[,\s]*(?P<year>\d{4})\Z"
)
_YEAR_LAST = re.compile(r"(?P<year>\d{4})[,\s]+(?P<month>[A-Za-z]{3,9})\.?\s*(?P<day>\d{1,2})?\Z")
_QUOTED = re.compile(r'"(.+)"\Z')
_CLOCK = re.compile(r"\s+\d{1,2}:\d\d(?::\d\d)?(?:[\s+]*[A-Z]{2,5})?\Z")
_DAY_LAST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_SHORT_YEARS = re.compile(r"(\d\d)(\d\d)\s*[-–/]\s*(\d\d)\Z")
_YEARS = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4})\Z")


def parse_date(text: str) -> Date | None:
    """The date that the text names; one that cannot be read, or is in quotes, is a literal."""
    text = text.strip()
    if not text:
        return None
    if quoted := _QUOTED.match(text):
        return Date(literal=quoted[1])
    timed = _TIME.match(text)
    text = timed[1] if timed else text
    text = _CLOCK.sub("", text)
    years = _YEARS.match(text)
    if years:
        return Date((int(years[1]),), (int(years[2]),))
    short = _SHORT_YEARS.match(text)
    if short and int(short[3]) > max(12, int(short[2])):
        return Date((int(short[1] + short[2]),), (int(short[1] + short[3]),))
    found = parse_edtf(_ZEROS.sub("", text)) or _parse_numbers(text) or _parse_words(text)
    return found or Date(literal=text)


_SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}


def format_date(date: Date) -> str:
    """The text of a date field: EDTF, and seasons in words, for ``2020-23`` is taken for years.

    A literal that would be read as a date is put in quotes, as Zotero does.
    """
    if date.literal:
        return date.literal if parse_date(date.literal) == date else f'"{date.literal}"'
    parts = date.start
    is_season = len(parts) == 2 and parts[1] in _SEASONS and 0 <= parts[0] <= 9999
    if is_season and date.end is None and not (date.qualifier or date.literal):
        return f"{_SEASONS[parts[1]]} {parts[0]:04d}"
    return str(date)


def _parse_numbers(text: str) -> Date | None:
    year_first = _YEAR_FIRST.match(text)
    if year_first:
        return _valid(*(int(part) for part in year_first.groups() if part))
    day_last = _DAY_LAST.match(text)
    if day_last:
        first, second, year = (int(part) for part in day_last.groups())
        month, day = (first, second) if second > 12 else (second, first)
        return _valid(year, month, day) if max(first, second) > 12 else None
    month_year = _MONTH_YEAR.match(text)
    return _valid(int(month_year[2]), int(month_year[1])) if month_year else None


def _parse_words(text: str) -> Date | None:
    match = _WORDS.match(text) or _YEAR_LAST.match(text)
    if not match:
        return None
    word = match["month"].lower()
    month = _MONTHS.get(word) or _MONTHS.get(word[:3], 0)
    if not month:
        return None
    found = match.groupdict()
    day = found.get("day") or found.get("day2")
    return _valid(int(match["year"]), month, *([int(day)] if day else []))


def _valid(*parts: int) -> Date | None:
    return Date(parts) if is_valid_parts(parts) else None
