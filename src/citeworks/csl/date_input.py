"""Reads CSL-JSON date variables into `Date` values.

Knows date-parts, seasons, circa, literal and the common written forms of raw dates; refuses to
know how dates are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from citeworks.model.date import OPEN, Date

Clean = Callable[[object], str]
Parts = tuple[int, ...]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_ISO = re.compile(r"(-?\d{1,5})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:T\S*)?)?)?\Z")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{3,4})\Z")
_WORDS = re.compile(r"[^\W_]+")
_RANGE = re.compile(r"\s*[–/]\s*|\s+-+\s+|(?<=\d{4})-(?=\d{4}\b)|--+")


def read_date(value: object, clean: Clean) -> Date | None:
    """The date in a JSON value; None if it says nothing."""
    if isinstance(value, Date):
        return value
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return read_raw(clean(value))
    if not isinstance(value, Mapping):
        return None
    circa = "~" if _truth(value.get("circa")) else ""
    start, end = _read_parts(value.get("date-parts"))
    literal = clean(value.get("literal"))
    if start:
        start = _with_season(start, clean(value.get("season")))
        return Date(start, end, circa)
    if literal:
        return Date(literal=literal, qualifier=circa)
    raw = clean(value.get("raw"))
    if raw:
        found = read_raw(raw)
        if found and circa:
            return Date(found.start, found.end, circa, found.literal)
        return found
    season = clean(value.get("season"))
    return Date(literal=season) if season and not season.isdecimal() else None


def _truth(value: object) -> bool:
    return bool(value) and value not in ("false", "0")


def _read_parts(value: object) -> tuple[Parts, Parts | None]:
    if not isinstance(value, (list, tuple)) or not value:
        return (), None
    if not isinstance(value[0], (list, tuple)):
        value = [value]
    start = _numbers(value[0])
    end = _numbers(value[1]) if len(value) > 1 else None
    if len(value) > 1 and not end:
        end = OPEN if isinstance(value[1], (list, tuple)) else None
    return start, end


def _numbers(value: object) -> Parts:
    if not isinstance(value, (list, tuple)):
        return ()
    found: list[int] = []
    for part in value[:3]:
        number = _number(part)
        if not number:
            break
        found.append(number)
    return tuple(found)


def _number(part: object) -> int:
    """A part of a date as a number, 0 if it is none."""
    if isinstance(part, bool):
        return 0
    if isinstance(part, (int, float)):
        return int(part) if -1_000_000 < part < 1_000_000 and part == int(part) else 0
    text = part.strip() if isinstance(part, str) else ""
    return int(text) if re.fullmatch(r"[-+]?\d{1,6}", text) else 0


def _with_season(parts: Parts, season: str) -> Parts:
    if len(parts) > 1 or not season:
        return parts
    if season.isdecimal() and 1 <= int(season[:3]) <= 4:
        return (*parts, 20 + int(season))
    named = _SEASONS.get(season.lower())
    return (*parts, named) if named else parts


def read_raw(text: str) -> Date | None:
    """A written date as parts; what is none of the known forms stays literal."""
    text = text.strip()
    if not text or len(text) > 200:
        return Date(literal=text) if text else None
    circa = "~" if re.match(r"(?i)(?:ca?\.?|circa)\s", text) or text.endswith(("?", "~")) else ""
    body = re.sub(r"(?i)^(?:circa|ca?\.?)\s+|[?~]$", "", text)
    whole = _single(body)
    if whole:
        return Date(whole, None, circa)
    pieces = [piece for piece in _RANGE.split(body) if piece]
    if len(pieces) == 2:
        first, second = _range(pieces[0], pieces[1])
        if first and second:
            return Date(first, second, circa)
    return Date(literal=text)


def _range(first: str, second: str) -> tuple[Parts, Parts]:
    end = _single(second)
    start = _single(first)
    if not start and end:
        start = _single(f"{first} {end[0]}")
    return start, end


def _single(text: str) -> Parts:
    iso = _ISO.match(text)
    if iso:
        parts = tuple(int(group) for group in iso.groups() if group is not None)
        return parts if all(parts) and all(part <= 31 for part in parts[1:]) else ()
    slashed = _SLASHED.match(text)
    if slashed:
        month, day, year = (int(group) for group in slashed.groups())
        if month > 12:
            month, day = day, month
        return (year, month, day) if month <= 12 and day <= 31 and month and day else ()
    return _written(_WORDS.findall(text))


def _written(words: list[str]) -> Parts:
    year = month = day = 0
    for word in words:
        lower = word.lower()
        if word.isdecimal() and len(word) >= 3 and not year:
            year = int(word[:5])
        elif re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", lower) and not day:
            day = int(re.sub(r"\D", "", lower))
        elif not month and lower in _SEASONS:
            month = _SEASONS[lower]
        elif not month and len(lower) >= 3 and lower[:3] in _MONTHS:
            month = _MONTHS.index(lower[:3]) + 1
        else:
            return ()
    if not year or (day and (not month or day > 31)):
        return ()
    return tuple(part for part in (year, month, day) if part)
