"""Dates as listings write them, and the year that a listing leaves out.

Knows month names of the languages that pasted pages use, and the rule for a missing year. Refuses
to know where in a text a date belongs.
"""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from dataclasses import dataclass

from citeworks.model import Date

_MONTH_NAMES = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari januar. jän jänner",
    "february feb februar février fevrier févr fev febrero febbraio fevereiro februari fév",
    "march mar märz mrz mars marzo março maart mär",
    "april apr avril avr abril aprile abr",
    "may mai mayo maggio maio mei mag",
    "june jun juni juin junio giugno junho giu",
    "july jul juli juillet juil julio luglio julho lug",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre settembre setembro set",
    "october oct oktober okt octobre octubre ottobre outubro ott out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro december",
)
MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_NAMES = "|".join(re.escape(name) for name in sorted(MONTHS, key=len, reverse=True))
MONTH_FIRST = (
    rf"(?P<month>(?i:{_NAMES}))\.?\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?P<tail>,?\s?(?P<year>\d{4}))?"
)
DAY_FIRST = (
    rf"(?P<day2>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:de\s)?(?P<month2>(?i:{_NAMES}))\.?,?\s(?:de\s)?"
    r"(?P<year2>\d{4})"
)
_ANY = re.compile(rf"\b(?:{DAY_FIRST}|{MONTH_FIRST}|(?P<iso>\d{{4}}-\d\d-\d\d))(?!\d)")
FIRST_ARXIV_YEAR = 1991
_LEAP_CYCLE_MAXIMUM = 8


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """Month, day and perhaps year as the listing has them; the day may not exist."""

    month: int
    day: int
    year: int | None

    @property
    def is_valid(self) -> bool:
        """True if the calendar has the day in the year, or in a leap year when there is none."""
        year = self.year or 2000
        return 1 <= self.day <= calendar.monthrange(year, self.month)[1] if year else False


def month_number(name: str) -> int:
    """1 to 12; 0 if it is no month's name."""
    return MONTHS.get(unicodedata.normalize("NFC", name).casefold().rstrip("."), 0)


def from_match(match: re.Match[str]) -> WrittenDate:
    """The date in a match of MONTH_FIRST or DAY_FIRST."""
    groups = match.groupdict()
    month = month_number(groups.get("month") or groups.get("month2") or "")
    day = int(groups.get("day") or groups.get("day2") or 0)
    year = groups.get("year") or groups.get("year2")
    return WrittenDate(month, day, int(year) if year else None)


def find_date(text: str) -> Date | None:
    """The first full date in the text, ``28 June, 2023``, ``Jun 28, 2023`` or ISO 8601."""
    for match in _ANY.finditer(text):
        if match["iso"]:
            year, month, day = (int(part) for part in match["iso"].split("-"))
            written = WrittenDate(month, day, year) if 1 <= month <= 12 else None
        else:
            written = from_match(match)
        if written and written.year and written.is_valid:
            return Date((written.year, written.month, written.day))
    return None


def infer_year(month: int, day: int, as_of: datetime.date) -> int | None:
    """The year of the latest such day not after `as_of`; None if no calendar has the day."""
    for year in range(as_of.year, max(as_of.year - _LEAP_CYCLE_MAXIMUM, 0) - 1, -1):
        if (
            year >= 1
            and 1 <= day <= calendar.monthrange(year, month)[1]
            and datetime.date(year, month, day) <= as_of
        ):
            return year
    return None


def is_plausible(date: Date, as_of: datetime.date) -> bool:
    """True if arXiv existed then, and the day had come when the listing was read."""
    latest = as_of + datetime.timedelta(days=1) if as_of < datetime.date.max else as_of
    parts = (latest.year, latest.month, latest.day)[: len(date.start)]
    return (FIRST_ARXIV_YEAR,) <= date.start <= parts
