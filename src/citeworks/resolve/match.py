"""The one matching rule: is what a source found the paper that was wanted, and how sure is that.

The same offline and over HTTP: takes values, gives a `Verdict` with the evidence for every
candidate. Knows tiers, thresholds and the traps (sequels, numbered series, reprints, invented
authors). Refuses to ask anybody anything and to write anything; precision goes before recall.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from citeworks.model import Identifier, Record
from citeworks.resolve.evidence import Evidence as Evidence
from citeworks.resolve.evidence import (
    abstracts_agree,
    authors_found,
    days_between,
    first_is_found,
    years_between,
)
from citeworks.resolve.interface import Found
from citeworks.resolve.likeness import (
    best_title_ratio,
    fold,
    is_slip_apart,
    numbers_in,
    other_words,
    share_found,
)
from citeworks.resolve.split import Repair as Repair
from citeworks.resolve.split import repair_split as repair_split
from citeworks.resolve.versions import (
    canonical,
    identifiers_of,
    is_notice,
    is_preprint,
    publications,
    same_work,
    titles_of,
    venue_likeness,
)


class Tier(IntEnum):
    """How sure a match is; only `STRONG` and `CERTAIN` may be written."""

    NONE = 0
    CONFLICT = 1
    PROBABLE = 2
    STRONG = 3
    CERTAIN = 4

    @property
    def is_accepted(self) -> bool:
        """True if a machine may act on it without a person."""
        return self >= Tier.STRONG


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the rule, each with its reason.

    Measured by ``benchmarks/matching.py`` on 161,518 conference papers: of 3,000 papers that were
    left out none is accepted, with or without a changed word, and of 1,166 look-ups of companions
    (other papers of the same people, titles alike) none, slips or not. Of papers that are there
    98.7 % are found with a letter lost, 90 % with one wrong, 93 % with two exchanged and 99.6 % or
    more under other spelling habits, none of them wrongly; a changed word is left to a person.
    """

    linked_title: float = 0.80
    """Titles of versions linked by an identifier: a retitled version keeps its head (0.86)."""
    linked_authors: float = 0.50
    """Author lists of linked versions: one of two listed people may have joined or left."""
    strong_title: float = 0.95
    """A slip of a letter or a hyphen; a changed word of a usual title lies below."""
    strong_authors: float = 0.67
    """With the first author the same, one of three listed people may be spelled otherwise."""
    probable_title: float = 0.80
    """Below it, different papers of the same people become common."""
    conflict_title: float = 0.97
    """A title as good as equal with nobody of the listed people: the title is real."""
    gap: float = 0.05
    """The runner-up of the same people must be so much less alike."""
    days: int = 3
    """A listing shows the submission or its announcement, up to three days later."""
    earliest: int = -1
    latest: int = 5
    """Years from a listed preprint to its publication."""
    short_title: int = 3
    """A title with fewer words is shared by strangers: it needs a second piece of evidence."""


THRESHOLDS = Thresholds()
TITLE_DIFFERS = "the title differs"
OTHER_WORD = "another word in the title"

CHANGING_WORDS = frozenset(
    """
    revisited reloaded extended abstract poster demo demonstration tutorial workshop challenge reply
    response comment comments rejoinder discussion correction erratum errata corrigendum
    corrigenda retraction retracted withdrawn addendum supplement supplementary appendix preface
    editorial review proposal part not no without non plus plusplus beyond abridged concern
    """.split()
)
"""Words that make another work of a title when only one of two titles has them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its tier and the evidence for it."""

    found: Found
    tier: Tier
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the candidates for one wanted record.

    `tier` is that of the best candidate, `chosen` the one to take (None unless the tier is
    accepted), `judged` all of them, the best first; `wanted` is the record as it was compared: with
    a corrected title and byline where a candidate told how to cut them.
    """

    tier: Tier = Tier.NONE
    chosen: Judged | None = None
    judged: tuple[Judged, ...] = ()
    wanted: Record | None = None

    @property
    def versions(self) -> tuple[Judged, ...]:
        """The accepted candidates: the chosen one and other versions of the same work."""
        return tuple(each for each in self.judged if each.tier.is_accepted)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wanted record with what is compared again and again."""

    record: Record
    title: str
    identifiers: frozenset[Identifier]
    numbers: tuple[str, ...]
    links: frozenset[Identifier] = frozenset()


def judge(
    wanted: Record, candidates: Sequence[Found], thresholds: Thresholds = THRESHOLDS
) -> Verdict:
    """Judge all candidates for a wanted record.

    Candidates that are versions of one work support each other; two published versions that fit
    equally well with no link between them are both PROBABLE, and neither is chosen.
    """
    repair = repair_split(wanted, candidates)
    record = repair.record if repair else wanted
    sought = prepared(record)
    judged = [weigh(sought, found, thresholds) for found in candidates]
    judged = [_against_rivals(each, judged, thresholds) for each in judged]
    judged.sort(key=lambda each: _rank(sought, each), reverse=True)
    judged = _settle_twins(sought, _settle_preprints(sought, judged))
    if not judged:
        return Verdict(wanted=record)
    best = judged[0]
    chosen = best if best.tier.is_accepted else None
    return Verdict(best.tier, chosen, tuple(judged), record)


def prepared(record: Record) -> Wanted:
    """A record prepared for comparison."""
    title = record.text("title")
    return Wanted(record, title, frozenset(identifiers_of(record)), numbers_in(title))


def weigh(sought: Wanted, found: Found, limits: Thresholds = THRESHOLDS) -> Judged:
    """One candidate judged by itself, whatever the others are."""
    evidence = _evidence(sought, found)
    tier, reasons = _tier(sought, found, evidence, limits)
    return Judged(found, tier, replace(evidence, reasons=reasons) if reasons else evidence)


def _evidence(sought: Wanted, found: Found) -> Evidence:
    ratio, title = best_title_ratio(sought.title, titles_of(found))
    own = {canonical(each) for each in found.identifiers}
    links = {canonical(each.identifier) for each in found.links}
    return Evidence(
        title=ratio,
        authors=authors_found(sought.record, found),
        first=first_is_found(sought.record, found),
        numbers=sought.numbers == numbers_in(title),
        days=days_between(sought.record, found),
        years=years_between(sought.record, found),
        identifier=min(sought.identifiers & own, key=str, default=None),
        link=min((sought.identifiers & links) | (sought.links & own), key=str, default=None),
        abstract=abstracts_agree(sought.record, found.record, sought.title),
        matched_title=title,
    )


def _tier(
    sought: Wanted, found: Found, seen: Evidence, limits: Thresholds
) -> tuple[Tier, tuple[str, ...]]:
    if seen.identifier or seen.link:
        return _linked_tier(sought, found, seen, limits)
    if seen.title < limits.probable_title:
        return Tier.NONE, ("the title differs",)
    if seen.authors is not None and seen.authors < limits.linked_authors:
        telling = len(fold(sought.title).split()) >= limits.short_title
        if telling and seen.title >= limits.conflict_title and seen.numbers:
            return Tier.CONFLICT, ("the title is real, the authors differ",)
        return Tier.NONE, ("the authors differ",)
    doubts = tuple(_doubts(sought, found, seen, limits))
    if not doubts:
        return Tier.STRONG, ()
    compared = seen.authors is not None or seen.title >= limits.strong_title
    return (Tier.PROBABLE if compared else Tier.NONE), doubts


def _linked_tier(
    sought: Wanted, found: Found, seen: Evidence, limits: Thresholds
) -> tuple[Tier, tuple[str, ...]]:
    """Same identifier or a link: certain once title and authors bear it out."""
    if not sought.title and not sought.record.names():
        return (Tier.CERTAIN, ()) if seen.identifier else (Tier.PROBABLE, ("nothing to compare",))
    known = seen.authors is None or seen.authors >= limits.linked_authors
    # Deposits often name the first author alone.
    named = found.record.names()
    cut = len(named) < len(sought.record.names()) and seen.title >= limits.strong_title
    known = known or (cut and share_found(named, sought.record.names()) == 1)
    if seen.title >= limits.linked_title and known:
        return Tier.CERTAIN, ()
    same_people = seen.authors is not None and seen.authors == 1 and seen.first
    if seen.identifier and same_people and len(sought.record.names()) > 1:
        return Tier.CERTAIN, ("the title differs",)
    if not sought.title and known:
        return Tier.CERTAIN, ()
    return Tier.CONFLICT, ("the identifier names another work",)


def _doubts(sought: Wanted, found: Found, seen: Evidence, limits: Thresholds) -> Iterable[str]:
    """Why an unlinked candidate is not STRONG; nothing when it is."""
    if is_notice(found):
        yield "a notice about another work"
    other = other_words(sought.title, seen.matched_title) if seen.title < 1 else ()
    slip = not other and is_slip_apart(sought.title, seen.matched_title)
    if seen.title < limits.strong_title and not slip and not seen.abstract:
        yield TITLE_DIFFERS
    if seen.authors is None:
        yield "no authors to compare"
    elif not (seen.authors == 1 or (seen.first and seen.authors >= limits.strong_authors)):
        yield "authors differ"
    elif not seen.first and _is_mostly_others(sought.record, found, limits):
        yield "most of its authors are others"
    if not seen.numbers:
        yield "other numbers in the title"
    elif CHANGING_WORDS & {*other}:
        yield "a word that makes another work"
    elif seen.title >= limits.strong_title and other and not seen.abstract:
        yield OTHER_WORD
    if not _dates_agree(sought.record, found, seen, limits):
        yield "the dates differ"
    if len(fold(sought.title).split()) < limits.short_title and not _is_borne_out(sought, seen):
        yield "a short title"


def _is_mostly_others(record: Record, found: Found, limits: Thresholds) -> bool:
    """True if a whole list of people are a minority among those of the candidate."""
    listed, known = record.names(), found.record.names()
    return not record.is_truncated() and share_found(known, listed) < limits.linked_authors


def _is_borne_out(sought: Wanted, seen: Evidence) -> bool:
    """A second piece of evidence for a short title: two people, or the very date."""
    people = len(sought.record.names()) > 1 and seen.authors == 1
    return people or (seen.days is not None and abs(seen.days) <= THRESHOLDS.days)


def _dates_agree(record: Record, found: Found, seen: Evidence, limits: Thresholds) -> bool:
    if seen.days is not None and is_preprint(found) and seen.title < 1:
        return abs(seen.days) <= limits.days
    if seen.years is None:
        return True
    if is_preprint(found):
        return -limits.latest <= seen.years <= -limits.earliest
    if not record.text("container-title"):
        return limits.earliest <= seen.years <= limits.latest
    return abs(seen.years) <= 1


def _against_rivals(each: Judged, judged: Sequence[Judged], limits: Thresholds) -> Judged:
    """STRONG only when the next different work of the same people is clearly less alike."""
    rivals = [
        other.evidence.title
        for other in judged
        if other is not each
        and (other.evidence.authors is None or other.evidence.authors >= limits.linked_authors)
        and not same_work(each.found, other.found)
    ]
    if not rivals:
        return each
    gap = each.evidence.title - max(rivals)
    evidence = replace(each.evidence, gap=gap)
    if each.tier is Tier.STRONG and gap < limits.gap and each.evidence.title < 1:
        reasons = (*evidence.reasons, "another work is as much alike")
        return Judged(each.found, Tier.PROBABLE, replace(evidence, reasons=reasons))
    return replace(each, evidence=evidence)


def _settle_preprints(sought: Wanted, judged: list[Judged]) -> list[Judged]:
    """Of several preprints that fit, the one of the very day; without such a one, none.

    People post a paper again after they have withdrawn it, or under another number by mistake.
    """
    strong = [each for each in judged if each.tier is Tier.STRONG and _number_of(each)]
    near = {_number_of(each) for each in strong if _is_of_the_day(each)}
    if len({_number_of(each) for each in strong}) < 2:
        return judged
    chosen = near if len(near) == 1 else frozenset()
    refused = [each for each in strong if _number_of(each) not in chosen]
    reason = "another preprint fits " + ("the day" if chosen else "equally well")
    return [held_back(each, reason) if each in refused else each for each in judged]


def _number_of(each: Judged) -> str:
    """The arXiv number of a preprint, or nothing."""
    first = next(map(canonical, each.found.identifiers), None)
    return first.value if first and first.scheme == "arxiv" else ""


def _is_of_the_day(each: Judged) -> bool:
    days = each.evidence.days
    return days is not None and abs(days) <= THRESHOLDS.days


def _settle_twins(sought: Wanted, judged: list[Judged]) -> list[Judged]:
    """Published versions that fit equally well with no link between them: none is chosen."""
    best = judged[0] if judged else None
    if best is None or best.tier is not Tier.STRONG or is_preprint(best.found):
        return judged
    published = [
        each for each in judged if each.tier is Tier.STRONG and not is_preprint(each.found)
    ]
    if len(published) < 2:
        return judged
    rank = _rank(sought, best)[:-1]
    twins = [each for each in published if _rank(sought, each)[:-1] == rank]
    if len(twins) < 2 or len(publications([each.found for each in twins])) == 1:
        return judged
    reason = "another published version fits equally well"
    return [held_back(each, reason) if each.tier is Tier.STRONG else each for each in judged]


def _rank(sought: Wanted, each: Judged) -> tuple[float, ...]:
    """What makes one candidate better than another: the tier, then what the wanted record says."""
    seen, record = each.evidence, sought.record
    venue = round(venue_likeness(record, each.found.record), 1)
    wants_preprint = not record.text("container-title")
    exact_day = _is_of_the_day(each)
    same_year = seen.years == 0 and not wants_preprint
    return (
        each.tier,
        seen.identifier is not None,
        venue,
        wants_preprint == is_preprint(each.found),
        exact_day,
        same_year,
        round(seen.title, 2),
        round(seen.authors or 0, 2),
        len(each.found.record.names()) + len(each.found.identifiers),
    )


def held_back(each: Judged, reason: str, most: Tier = Tier.PROBABLE) -> Judged:
    """A candidate that is not accepted, for this reason beside the others it has."""
    evidence = replace(each.evidence, reasons=(*each.evidence.reasons, reason))
    return replace(each, tier=min(each.tier, most), evidence=evidence)
