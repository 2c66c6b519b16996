"""Dates that people write as text: ISO forms, ``28 June 2023``, ``June 2023``, ``2023``.

Knows English month names; any other text stays the literal that it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from citeworks.model import Date
from citeworks.model.date import is_valid_parts, parse_edtf

MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,"
        "september sep sept,october oct,november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_DAY_FIRST = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([A-Za-z]+)\.?,?\s+(\d{4})\Z")
_MONTH_FIRST = re.compile(r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\Z")
_NUMERIC = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?\Z")


def parse_date(text: str) -> Date:
    """The date that the text writes, or a literal date holding the text."""
    text = text.strip()
    edtf = parse_edtf(text)
    if edtf is not None:
        return edtf
    parts = _parts(text)
    return Date(parts) if parts and is_valid_parts(parts) else Date(literal=text)


def _parts(text: str) -> tuple[int, ...]:
    if match := _NUMERIC.match(text):
        return tuple(int(part) for part in match.groups() if part)
    if match := _DAY_FIRST.match(text):
        day, word, year = match.groups()
    elif match := _MONTH_FIRST.match(text):
        word, day, year = match.groups()
    else:
        return ()
    month = MONTHS.get(word.lower()) or (_SEASONS.get(word.lower()) if not day else None)
    if month is None:
        return ()
    return (int(year), month, int(day)) if day else (int(year), month)


def normalize_date(date: Date) -> Date:
    """Read a literal that is a date after all; parts that the calendar lacks become a literal."""
    if date.literal:
        parsed = parse_date(date.literal)
        return replace(parsed, qualifier=parsed.qualifier or date.qualifier)
    ends = [date.start] if date.end is None else [date.start, date.end]
    if all(is_valid_parts(parts) for parts in ends if parts):
        return date
    written = "/".join("-".join(map(str, parts)) for parts in ends)
    return Date(literal=written, qualifier=date.qualifier)
