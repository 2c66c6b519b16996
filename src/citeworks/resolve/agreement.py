"""Does what a reference says agree with what sources say of the same work, field by field.

Knows what may differ without anybody being wrong: spellings, abbreviated venues, a preprint's year
and its publication's, lists that end in *et al.*, a second publication. What contradicts is a
mismatch, what only differs is a remark. Refuses to say which side is right, and to call anything
invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citeworks.model import Record
from citeworks.model.identifier import parse_doi
from citeworks.resolve.interface import Found
from citeworks.resolve.likeness import best_title_ratio, differing_words, fold, numbers_in
from citeworks.resolve.likeness import share_found as share
from citeworks.resolve.match import CHANGING_WORDS, Judged
from citeworks.resolve.venues import abbreviates, is_journal, is_side_track, venue_id
from citeworks.resolve.versions import is_preprint, titles_of

SAME_TITLE = 0.97
"""Titles that differ in a slip of a letter at most."""
NEAR_TITLE = 0.80
"""Titles of which one may be the other, misquoted: said only when everything else agrees."""
KNOWN_PEOPLE = 0.67
"""The share of listed people that must be known: the others may be spelled in a way we miss."""
SHORT_LIST = 10
"""Lists up to this length are given whole; of a longer one somebody is easily left out."""
TELLING_WORDS = 4
"""A shorter title is shared by strangers, so other authors of it prove nothing."""
PUBLICATION_YEARS = range(-1, 6)
"""Years from a preprint to its publication."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One variable of which a reference (`ours`) and a source (`theirs`) say different things.

    `contradicts` is False where both may be right, or the difference is a slip.
    """

    variable: str
    ours: str
    theirs: str
    contradicts: bool = True


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a source says of the work that a reference names, and how the two differ."""

    found: Found
    mismatches: tuple[Mismatch, ...] = ()
    remarks: tuple[Mismatch, ...] = ()


def best_agreement(record: Record, judged: Sequence[Judged]) -> Agreement | None:
    """The find of the named work that agrees best with a reference; None if there is none.

    A find is of the named work if it shares an identifier, a telling title, or a title that is
    near and all authors; the last one only when everything but the title agrees.
    """
    agreements = [each for each in (_agreement(record, one) for one in judged) if each]
    if _is_published(record):
        # A preprint says nothing of the venue, so it would hide a wrong one.
        agreements = [each for each in agreements if not is_preprint(each.found)] or agreements
    best = min(agreements, key=_differing, default=None)
    if best is None or not best.mismatches:
        return best
    # A shared title is the named work before a shared identifier, which may be mistyped.
    named = [each for each in agreements if names_the_title(record, each.found)]
    return min(named or agreements, key=_differing)


def _differing(agreement: Agreement) -> tuple[int, int]:
    return len(agreement.mismatches), len(agreement.remarks)


def _is_published(record: Record) -> bool:
    """True if a reference states a venue that is no archive of preprints."""
    venue = _venue_of(record)
    return bool(venue) and venue_id(venue) != "arxiv"


def names_the_title(record: Record, found: Found) -> bool:
    """True if the title is the same but for slips, and long enough to be one work's."""
    ratio, title = best_title_ratio(record.text("title"), titles_of(found))
    same_numbers = numbers_in(record.text("title")) == numbers_in(title)
    return ratio >= SAME_TITLE and same_numbers and len(fold(title).split()) >= TELLING_WORDS


def _agreement(record: Record, judged: Judged) -> Agreement | None:
    found, seen = judged.found, judged.evidence
    differences = tuple(_differences(record, found))
    mismatches = tuple(each for each in differences if each.contradicts)
    remarks = tuple(each for each in differences if not each.contradicts)
    if seen.identifier or judged.tier.is_accepted or names_the_title(record, found):
        return Agreement(found, mismatches, remarks)
    is_near = seen.title >= NEAR_TITLE and seen.authors == 1 and seen.numbers
    is_other = CHANGING_WORDS & differing_words(record.text("title"), seen.matched_title)
    if is_near and not is_other and [each.variable for each in differences] in ([], ["title"]):
        return Agreement(found, mismatches, remarks)
    return None


def _differences(record: Record, found: Found) -> Iterator[Mismatch]:
    for difference in (
        _title(record, found),
        _authors(record, found),
        _venue(record, found),
        _year(record, found),
        _doi(record, found),
    ):
        if difference:
            yield difference


def _title(record: Record, found: Found) -> Mismatch | None:
    if not record.text("title"):
        return None
    ratio, title = best_title_ratio(record.text("title"), titles_of(found))
    if ratio >= SAME_TITLE or not differing_words(record.text("title"), title):
        return None
    retitled = is_preprint(found) and ratio >= NEAR_TITLE
    return Mismatch("title", record.text("title"), title, not retitled)


def _authors(record: Record, found: Found) -> Mismatch | None:
    """Other people, or of a short list somebody left out; one misspelled person is a remark."""
    ours, theirs = record.names(), found.record.names()
    if not ours or not theirs:
        return None
    known = share(ours, theirs)
    whole = found.is_complete and not record.is_truncated()
    missing = (1 - share(theirs, ours)) * len(theirs) if whole else 0.0
    if known == 1 and missing < 0.5:
        return None
    left_out = missing >= 1 and len(ours) < len(theirs) <= SHORT_LIST
    return Mismatch(
        "author", _people(record), _people(found.record), known < KNOWN_PEOPLE or left_out
    )


def _venue(record: Record, found: Found) -> Mismatch | None:
    """Another conference; a journal or a workshop beside it may be a second publication."""
    ours, theirs = _venue_of(record), _venue_of(found.record)
    if not ours or not theirs or is_preprint(found):
        return None
    first, second = venue_id(ours), venue_id(theirs)
    if first in (second, "arxiv") or not second or (not first and abbreviates(ours, theirs)):
        return None
    if parse_doi(record.text("DOI")) == parse_doi(found.record.text("DOI")) != "":
        return Mismatch("container-title", ours, theirs)
    second_publication = (
        is_journal(ours) != is_journal(theirs)
        or is_side_track(ours) != is_side_track(theirs)
        or ("ijcai" in (first, second) and record.date() != found.record.date())
    )
    return Mismatch("container-title", ours, theirs, not second_publication)


def _year(record: Record, found: Found) -> Mismatch | None:
    ours, theirs = record.date(), found.record.date()
    if not ours or not theirs or ours.year is None or theirs.year is None:
        return None
    later = theirs.year - ours.year
    if later == 0:
        return None
    as_preprint = not _is_published(record)
    if as_preprint and not is_preprint(found):
        fits = later in PUBLICATION_YEARS
    elif is_preprint(found) and not as_preprint:
        fits = -later in PUBLICATION_YEARS
    else:
        fits = False
    if fits:
        return None
    return Mismatch("issued", str(ours.year), str(theirs.year), contradicts=abs(later) > 1)


def _doi(record: Record, found: Found) -> Mismatch | None:
    """Another DOI; one of the same registrant may name another version, or be a slip."""
    ours, theirs = parse_doi(record.text("DOI")), parse_doi(found.record.text("DOI"))
    if not ours or not theirs or ours == theirs:
        return None
    if ours.startswith("10.48550/") != theirs.startswith("10.48550/"):
        return None
    other_registrant = ours.partition("/")[0] != theirs.partition("/")[0]
    return Mismatch("DOI", ours, theirs, contradicts=other_registrant)


def _venue_of(record: Record) -> str:
    return record.text("container-title") or record.text("event-title")


_SHOWN = 12
_SPACES = re.compile(r"\s+")


def _people(record: Record) -> str:
    names = [_SPACES.sub(" ", str(name)) for name in record.names()]
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    cut = ["et al."] if record.is_truncated() else []
    return ", ".join([*names[:_SHOWN], *more, *cut])
