"""What speaks for and against a candidate: titles, people and dates compared, nothing judged.

Refuses to say what a likeness is worth: tiers and thresholds are known to `match` alone.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from citeworks.model import Date, Identifier, Record
from citeworks.resolve.interface import Found
from citeworks.resolve.likeness import (
    fold,
    fold_once,
    folded_ratio,
    person,
    same_person,
    share_found,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one candidate; None where there is nothing to compare.

    `title` is the ratio to the most similar title of the candidate, `authors` the share of listed
    people found, `first` whether the first one is the same, `numbers` whether the titles hold the
    same numbers. `days` and `years` count from the wanted date to the candidate's. `gap` is how
    much less alike the next work of the same people is. `identifier` is the shared identifier,
    `link` the one by which a source links the two, `abstract` whether the abstracts are the same.
    `reasons` say why the tier is no higher.
    """

    title: float = 0.0
    authors: float | None = None
    first: bool | None = None
    numbers: bool = True
    days: int | None = None
    years: int | None = None
    gap: float | None = None
    identifier: Identifier | None = None
    link: Identifier | None = None
    abstract: bool | None = None
    matched_title: str = ""
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The evidence as plain values, without what was not compared."""
        values: dict[str, object] = {
            "title": round(self.title, 3),
            "authors": None if self.authors is None else round(self.authors, 3),
            "first": self.first,
            "numbers": self.numbers,
            "days": self.days,
            "years": self.years,
            "gap": None if self.gap is None else round(self.gap, 3),
            "identifier": self.identifier and str(self.identifier),
            "link": self.link and str(self.link),
            "abstract": self.abstract,
            "reasons": list(self.reasons),
        }
        return {name: value for name, value in values.items() if value not in (None, [])}


def authors_found(record: Record, found: Found) -> float | None:
    """The share of listed people found; of the shorter list's people where one is truncated."""
    listed = record.names() or record.names("editor")
    known = found.record.names() or found.record.names("editor")
    if not listed or not known:
        return None
    cut = not found.is_complete or found.record.is_truncated()
    if cut and len(known) < len(listed):
        return share_found(known, listed)
    return share_found(listed, known)


def first_is_found(record: Record, found: Found) -> bool | None:
    """Whether the first listed person is the first of the candidate."""
    listed, known = record.names(), found.record.names()
    if not listed or not known:
        return None
    return same_person(person(listed[0]), person(known[0])) == 1


_SAME_ABSTRACT, _OTHER_ABSTRACT = 0.85, 0.5
"""So much alike are two states of one abstract, or its beginning and the whole; and so little are
any two texts, of which one may still be the other rewritten above it."""
_OWN_WORDS = 25
"""An abstract says something if it has so many words that are not the title's."""


def abstracts_agree(one: Record, other: Record, title: str) -> bool | None:
    """Whether the abstracts are the same, as far as the shorter one goes.

    None if one says little, or may be the other one rewritten. A listing shows the beginning of an
    abstract; what repeats the title is no evidence.
    """
    first, second = (fold_once(each.text("abstract"))[:_LONGEST] for each in (one, other))
    if not first or not second:
        return None
    length = min(len(first), len(second))
    common = {*fold(title).split()}
    own = [word for word in first[:length].split() if word not in common]
    if len(own) < _OWN_WORDS:
        return None
    alike = folded_ratio(first[:length], second[:length])
    return True if alike >= _SAME_ABSTRACT else None if alike >= _OTHER_ABSTRACT else False


_LONGEST = 2000
"""Letters of an abstract that are compared."""


def years_between(record: Record, found: Found) -> int | None:
    """Years from the wanted date to the candidate's."""
    wanted, known = record.date(), found.record.date()
    if not wanted or not known or wanted.year is None or known.year is None:
        return None
    return known.year - wanted.year


def days_between(record: Record, found: Found) -> int | None:
    """Days from the wanted date to the candidate's; None where a day is not known."""
    wanted, known = _day(record.date()), _day(found.record.date())
    return None if wanted is None or known is None else known - wanted


def _day(date: Date | None) -> int | None:
    if date is None or len(date.start) < 3:
        return None
    try:
        return datetime.date(*date.start).toordinal()
    except ValueError:
        return None
