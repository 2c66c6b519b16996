"""Dates: CSL's date variables and EDTF level 1 (ISO 8601-2:2019, profile level 1).

Knows parts, ranges, seasons, qualification and literals. Refuses to know months' names, locales
and what "today" is.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

OPEN = ()
"""The value of `Date.end` for an interval that has not ended (EDTF ``2019/..``)."""

_PART = re.compile(
    r"(?P<year>-?\d{4}|Y-?\d{5,9})(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?(?P<mark>[?~%]?)\Z",
    re.ASCII,
)
_UNSPECIFIED_YEAR = re.compile(r"-?\d{2}(?:\dX|XX)(?:-XX){0,2}[?~%]?\Z", re.ASCII)
_TIME = re.compile(
    r"\A(-?\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?\Z", re.ASCII
)
_SEASONS = range(21, 25)
_LAST_YEAR = 999_999_999


@dataclass(frozen=True, slots=True)
class Date:
    """A date, a range of dates, or a text that stands for one.

    `start` and `end` are ``(year,)``, ``(year, month)`` or ``(year, month, day)``; a month of
    21–24 is a season (spring to winter), as EDTF writes it. `end` is None for a single date and
    `OPEN` for a range without end; `start` is empty for a range without beginning and for a
    literal. `qualifier` is EDTF's ``?`` (uncertain), ``~`` (approximate) or ``%`` (both).
    """

    start: tuple[int, ...] = ()
    end: tuple[int, ...] | None = None
    qualifier: str = ""
    literal: str = ""

    @property
    def year(self) -> int | None:
        """The year of the start, or of the end when there is no start."""
        for parts in (self.start, self.end):
            if parts:
                return parts[0]
        return None

    @property
    def circa(self) -> bool:
        """True when the date is uncertain or approximate in any way."""
        return bool(self.qualifier)

    def __str__(self) -> str:
        return format_edtf(self)


def is_valid_parts(parts: tuple[int, ...]) -> bool:
    """True if `parts` name a year, month or day that the calendar has (seasons are 21–24)."""
    if not 1 <= len(parts) <= 3 or abs(parts[0]) > _LAST_YEAR:
        return False
    if len(parts) == 1:
        return True
    if len(parts) == 2:
        return 1 <= parts[1] <= 12 or parts[1] in _SEASONS
    year, month, day = parts
    if not 1 <= month <= 12:
        return False
    same_calendar = 2000 + year % 400
    return 1 <= day <= calendar.monthrange(same_calendar, month)[1]


def parse_edtf(text: str) -> Date | None:
    """Read an EDTF level 0 or 1 text; None if it is no EDTF or names a day that does not exist.

    A time of day is dropped, unspecified months and days (``2004-XX``) lower the precision; a year
    with unspecified digits (``199X``) has no parts and is kept as the literal.
    """
    text = _TIME.sub(r"\1", text.strip())
    if _UNSPECIFIED_YEAR.match(text):
        return Date(literal=text)
    if "/" not in text:
        return _parse_single(text)
    first, _, last = text.partition("/")
    start, start_mark = _parse_end(first)
    end, end_mark = _parse_end(last)
    if start is None or end is None or not (start or end):
        return None
    return Date(start, end, _join_marks(start_mark, end_mark))


def format_edtf(date: Date) -> str:
    """Write the date as EDTF level 1; a literal is written as it is."""
    if date.literal:
        return date.literal
    first = _format_parts(date.start, date.qualifier) if date.start else ""
    if date.end is None:
        return first
    last = _format_parts(date.end, date.qualifier) if date.end else ".."
    return f"{first or '..'}/{last}"


def _parse_single(text: str) -> Date | None:
    parts, mark = _parse_parts(text)
    return Date(parts, qualifier=mark) if parts else None


def _parse_end(text: str) -> tuple[tuple[int, ...] | None, str]:
    return (OPEN, "") if text in ("", "..") else _parse_parts(text)


def _parse_parts(text: str) -> tuple[tuple[int, ...] | None, str]:
    match = _PART.match(text)
    if not match:
        return None, ""
    parts = [int(match["year"].lstrip("Y"))]
    for group in (match["month"], match["day"]):
        if group is None or group == "XX":
            break
        parts.append(int(group))
    found = tuple(parts)
    return (found if is_valid_parts(found) else None), match["mark"]


def _join_marks(first: str, second: str) -> str:
    marks = {mark for mark in (first, second) if mark}
    return marks.pop() if len(marks) == 1 else "%" if marks else ""


def _format_parts(parts: tuple[int, ...], mark: str) -> str:
    year = parts[0]
    sign = "-" if year < 0 else ""
    head = f"{sign}{abs(year):04d}" if abs(year) <= 9999 else f"Y{year}"
    return "-".join([head, *(f"{part:02d}" for part in parts[1:])]) + mark
