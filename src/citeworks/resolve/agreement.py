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

from citeworks.model import Name, Record
from citeworks.model.identifier import parse_doi
from citeworks.resolve.interface import Found
from citeworks.resolve.likeness import (
    best_title_ratio,
    differing_words,
    fold,
    numbers_in,
    title_ratio,
)
from citeworks.resolve.likeness import share_found as share
from citeworks.resolve.match import CHANGING_WORDS, Judged
from citeworks.resolve.stated import is_foreign
from citeworks.resolve.venues import abbreviates, is_journal, is_side_track, is_silent, venue_id
from citeworks.resolve.versions import is_preprint, titles_of

SAME_TITLE = 0.97
"""Titles that differ in a slip of a letter at most."""
NEAR_TITLE = 0.80
"""Titles of which one may be the other, misquoted: said only when everything else agrees."""
SAME_PLACE_TITLE = 0.75
"""Titles at one venue in one year of which one is the other, misquoted: of 12,000 conference papers
eight have such a neighbour by other people, and two have one by the same."""
KNOWN_PEOPLE = 0.67
"""The share of listed people that must be known: the others may be spelled in a way we miss."""
SHORT_LIST = 10
"""Lists up to this length are given whole; of a longer one somebody is easily left out."""
TELLING_WORDS = 4
"""A shorter title is shared by strangers, so other authors of it prove nothing."""
PUBLICATION_YEARS = range(-1, 6)
"""Years from a preprint to its publication."""
JOURNAL_YEARS = range(0, 6)
"""Years from a conference to the journal that publishes the paper again."""
STRANGER = 0.5
"""Names less alike than this are no spellings of one."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One variable of which a reference (`ours`) and a source (`theirs`) say different things.

    `contradicts` is False where both may be right, or the difference is a slip. `origin` says who
    says `theirs`, where it is not the source.
    """

    variable: str
    ours: str
    theirs: str
    contradicts: bool = True
    origin: str = ""


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
    if best and best.mismatches:
        # A shared title is the named work before a shared identifier, which may be mistyped.
        named = [each for each in agreements if names_the_title(record, each.found)]
        best = min(named or agreements, key=_differing)
    return best and _with_other_owner(record, best, judged)


def _with_other_owner(record: Record, best: Agreement, judged: Sequence[Judged]) -> Agreement:
    """The agreement with what is said of a DOI that another work has.

    It is mistyped where the other one stands in the same volume; elsewhere it is no slip.
    """
    doi = parse_doi(record.text("DOI"))
    if not doi or not names_the_title(record, best.found):
        return best
    for each in (one.found for one in judged if one.found is not best.found):
        other = each.record
        if parse_doi(other.text("DOI")) != doi or share(record.names(), other.names()):
            continue
        ratio, title = best_title_ratio(record.text("title"), titles_of(each))
        if ratio < NEAR_TITLE:
            beside = _is_same_place(best.found.record, other)
            owned = Mismatch("DOI", doi, f"the DOI of {title}", not beside)
            return _with_doi(best, owned)
    return best


def _with_doi(agreement: Agreement, owned: Mismatch) -> Agreement:
    sides = [
        tuple(each for each in side if each.variable != "DOI")
        for side in (agreement.mismatches, agreement.remarks)
    ]
    mismatches, remarks = sides
    if owned.contradicts:
        return Agreement(agreement.found, (*mismatches, owned), remarks)
    return Agreement(agreement.found, mismatches, (*remarks, owned))


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
    if _is_misquoted(record, judged, [each.variable for each in differences]):
        return Agreement(found, mismatches, remarks)
    return None


def _is_misquoted(record: Record, judged: Judged, differing: Sequence[str]) -> bool:
    """True if a find with another title, or a short one, can only be what the reference means."""
    found, seen = judged.found, judged.evidence
    if not seen.numbers or CHANGING_WORDS & differing_words(
        record.text("title"), seen.matched_title
    ):
        return False
    if seen.authors == 1:
        if seen.title >= SAME_TITLE and len(record.names()) > 1:
            return True
        near = SAME_PLACE_TITLE if _is_same_place(record, found.record) else NEAR_TITLE
        return seen.title >= near and differing in ([], ["title"])
    nobody = seen.authors is not None and not share(found.record.names(), record.names())
    telling = len(fold(record.text("title")).split()) >= TELLING_WORDS
    near_by = seen.title >= SAME_PLACE_TITLE and _is_same_place(record, found.record)
    return nobody and seen.authors == 0 and telling and near_by


def _is_same_place(record: Record, found: Record) -> bool:
    """True if both state the same venue and the same year."""
    venue, ours, theirs = venue_id(_venue_of(record)), record.date(), found.date()
    if not venue or venue == "arxiv" or not ours or not theirs or ours.year is None:
        return False
    return venue == venue_id(_venue_of(found)) and ours.year == theirs.year


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
    """Other people, a stranger among them, or of a short list somebody left out.

    One misspelled person is a remark, and so is somebody more or less in another version.
    """
    ours, theirs = record.names(), found.record.names()
    if not ours or not theirs:
        return None
    known = share(ours, theirs)
    whole = found.is_complete and not record.is_truncated()
    missing = (1 - share(theirs, ours)) * len(theirs) if whole else 0.0
    if known == 1 and missing < 0.5:
        return None
    same_version = _is_published(record) != is_preprint(found)
    short = whole and same_version and len(theirs) <= SHORT_LIST
    left_out = missing >= 1 and len(ours) < len(theirs)
    contradicts = known < (KNOWN_PEOPLE if len(ours) > 1 else STRANGER)
    contradicts = contradicts or (short and (left_out or bool(_strangers(ours, theirs))))
    return Mismatch("author", _people(record), _people(found.record), contradicts)


def _strangers(ours: Sequence[Name], theirs: Sequence[Name]) -> list[Name]:
    """The listed people whom no spelling makes one of the others."""
    left = [name for name in theirs if not share([name], ours)]
    return [
        name
        for name in ours
        if not share([name], theirs) and not any(_may_be_one(name, other) for other in left)
    ]


def _may_be_one(one: Name, other: Name) -> bool:
    """True if two names share a word, are alike, or are written in scripts that compare badly."""
    first, second = fold(str(one)), fold(str(other))
    if not first.isascii() or not second.isascii() or not one.family or not other.family:
        return True
    words = {word for word in first.split() if len(word) > 1}
    if words & set(second.split()):
        return True
    return title_ratio(first, second) >= STRANGER


def _venue(record: Record, found: Found) -> Mismatch | None:
    """Another conference; a journal or a workshop beside it may be a second publication."""
    ours, theirs = _venue_of(record), _venue_of(found.record)
    if not ours or not theirs or is_preprint(found) or is_silent(ours) or is_silent(theirs):
        return None
    first, second = venue_id(ours), venue_id(theirs)
    if first in (second, "arxiv") or not second or (not first and abbreviates(ours, theirs)):
        return None
    if parse_doi(record.text("DOI")) == parse_doi(found.record.text("DOI")) != "":
        return Mismatch("container-title", ours, theirs)
    return Mismatch("container-title", ours, theirs, not _may_be_second(record, found.record))


def _may_be_second(record: Record, found: Record) -> bool:
    """True if two venues may have published the paper, one after the other."""
    ours, theirs = _venue_of(record), _venue_of(found)
    if not ours or not theirs or venue_id(ours) == venue_id(theirs) != "":
        return False
    in_journal = is_journal(ours) or (record.type == "article-journal" and not venue_id(ours))
    if in_journal != is_journal(theirs) or is_side_track(ours) != is_side_track(theirs):
        return True
    return "ijcai" in (venue_id(ours), venue_id(theirs)) and record.date() != found.date()


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
    again = _may_be_second(record, found.record) and abs(later) in JOURNAL_YEARS
    return Mismatch("issued", str(ours.year), str(theirs.year), abs(later) > 1 and not again)


def _doi(record: Record, found: Found) -> Mismatch | None:
    """Another DOI; one of the same registrant may name another version, or be a slip."""
    ours, theirs = parse_doi(record.text("DOI")), parse_doi(found.record.text("DOI"))
    if not ours or ours == theirs:
        return None
    if not theirs:
        strange = not is_preprint(found) and is_foreign(ours, venue_id(_venue_of(found.record)))
        again = _may_be_second(record, found.record)
        return Mismatch("DOI", ours, "none", not again) if strange else None
    if ours.startswith("10.48550/") != theirs.startswith("10.48550/"):
        return None
    other_registrant = ours.partition("/")[0] != theirs.partition("/")[0]
    again = _may_be_second(record, found.record)
    return Mismatch("DOI", ours, theirs, contradicts=other_registrant and not again)


def _venue_of(record: Record) -> str:
    return record.text("container-title") or record.text("event-title")


_SHOWN = 12
_SPACES = re.compile(r"\s+")


def _people(record: Record) -> str:
    names = [_SPACES.sub(" ", str(name)) for name in record.names()]
    more = [f"and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    cut = ["et al."] if record.is_truncated() else []
    return ", ".join([*names[:_SHOWN], *more, *cut])
