"""Is a find the published version of a preprint: links first, and what must be seen without one.

Takes what all sources said of the work as witnesses. Knows what is never a published version
(sequels, notices, theses, rejected submissions) and whose link is believed. Refuses to compare
titles and people by itself (``match`` does) and to choose between versions (``plan``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from citeworks.model import Identifier, Record
from citeworks.resolve.evidence import Evidence
from citeworks.resolve.interface import PUBLISHED, SAME, Found
from citeworks.resolve.likeness import (
    differing_words,
    fold,
    is_contrast,
    numbers_in,
    other_words,
    share_found,
)
from citeworks.resolve.match import (
    CHANGING_WORDS,
    OTHER_WORD,
    TITLE_DIFFERS,
    Judged,
    Tier,
    Wanted,
    held_back,
    prepared,
    weigh,
)
from citeworks.resolve.venues import abbreviates, venue_id
from citeworks.resolve.versions import (
    canonical,
    is_notice,
    is_preprint,
    is_workshop,
    refused_publication,
)

AGGREGATORS = frozenset({"semanticscholar", "openalex"})
"""Sources that merge all versions of a work: what they link may be the wrong one of them."""
_KINDS = CHANGING_WORDS - frozenset(
    "extended abstract review proposal not no without non plus beyond challenge tutorial".split()
)
"""Words that a published version does not gain, whatever links it to the preprint."""
_NO_PAPERS = frozenset(
    {"thesis", "dataset", "software", "review", "review-book", "entry", "standard"}
)
"""Types of works that may have the title and the people of a paper, and are another work."""
_UNLIKELY = frozenset({"book", "report", "document"})
"""Types that a preprint becomes now and then, so that a link must say it."""
_RETITLED = ((TITLE_DIFFERS,), (OTHER_WORD,))
_FRONTED = re.compile(
    r"(?:publishers?|editors?|editorial|authors?) note\b|(?:in )?reply to\b|news and\b"
)
"""Beginnings of titles of what is printed about another work."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Limits:
    """When a version under another title counts without a link; each number with its reason.

    Among 56,578 conference papers of five people or more, no two of the same people have titles
    with one word exchanged and a likeness above 0.92; but companions (*bosons*, *fermions*)
    exist. So somebody who knows the preprint must name the venue too, or the abstract be the same.
    """

    title: float = 0.92
    """With one word of a usual title exchanged (Analyzing, Mapping: 0.946)."""
    people: int = 5
    """So many people do not write two papers for one venue at once that differ in one word."""
    collaboration: int = 40
    """So many people or more sign all papers of a collaboration, and their titles are alike."""


LIMITS = Limits()


def is_published_version(
    preprint: Found | Record, candidate: Found, witnesses: Sequence[Found] = ()
) -> Judged:
    """Judge whether `candidate` is the published version of `preprint`; accepted tiers say yes.

    Links between identifiers come first (CERTAIN once title and authors bear them out); without
    one the search rule holds, and a workshop version, a sequel or a preprint is never STRONG.
    `witnesses` are other finds: what they say of the preprint's identifier counts too.
    """
    sought = prepared(preprint) if isinstance(preprint, Record) else _prepared_version(preprint)
    each = weigh(sought, candidate)
    if is_preprint(candidate):
        return held_back(each, "a preprint itself", Tier.NONE)
    said = [found for found in witnesses if found is not candidate and _knows(found, sought)]
    if isinstance(preprint, Found) and _is_retitled(preprint, each, said):
        each = replace(each, tier=Tier.STRONG, evidence=replace(each.evidence, reasons=()))
    linking = [*_linking(preprint, sought, each, said)]
    reason = _refusal(preprint, sought, each, linking)
    if not reason and each.tier is not Tier.CERTAIN:
        reason = next(_unlinked_doubts(candidate), "")
    return held_back(each, reason) if reason else each


def is_no_publication(found: Found, *, linked: bool) -> bool:
    """True if a registrar's own record says that a DOI is a preprint, a notice or no paper."""
    kinds = _NO_PAPERS if linked else _NO_PAPERS | _UNLIKELY
    return is_preprint(found) or is_notice(found) or found.record.type in kinds


def may_be_retitled(evidence: Evidence) -> bool:
    """True if nothing but the title speaks against a candidate."""
    return evidence.reasons in _RETITLED


def _prepared_version(found: Found) -> Wanted:
    sought = prepared(found.record)
    own = {canonical(each) for each in (*found.identifiers, *found.linked(SAME))}
    links = {canonical(each) for each in found.linked(PUBLISHED)}
    return replace(sought, identifiers=sought.identifiers | own, links=frozenset(links))


def _named_by(found: Found) -> set[Identifier]:
    links = (link.identifier for link in found.links)
    return {canonical(each) for each in (*found.identifiers, *links)}


def _knows(found: Found, sought: Wanted) -> bool:
    return bool(_named_by(found) & sought.identifiers)


def _linking(
    preprint: Found | Record, sought: Wanted, each: Judged, said: Sequence[Found]
) -> Iterator[str]:
    """The sources that name both the preprint and the candidate."""
    own = {canonical(one) for one in each.found.identifiers}
    if _named_by(each.found) & sought.identifiers:
        yield each.found.source
    if sought.links & own and isinstance(preprint, Found):
        yield preprint.source
    yield from (found.source for found in said if _named_by(found) & own)


def _refusal(preprint: Found | Record, sought: Wanted, each: Judged, linking: Sequence[str]) -> str:
    """Why a candidate is not the published version, whoever links it; or the empty string.

    A version has other words than its preprint, but no further number, and is no other kind.
    """
    found, seen, title = each.found, each.evidence, sought.title
    if reason := refused_publication(found):
        return reason
    if is_notice(found):
        return "a notice about another work"
    if seen.matched_title and Counter(numbers_in(seen.matched_title)) - Counter(numbers_in(title)):
        return "another number in the title"
    gained = differing_words(title, seen.matched_title) - set(fold(title).split())
    fronted = [bool(_FRONTED.match(fold(each))) for each in (seen.matched_title, title)]
    if _KINDS & gained or fronted == [True, False]:
        return "a word that makes another work"
    base = preprint if isinstance(preprint, Record) else preprint.record
    if found.record.type in _NO_PAPERS and found.record.type != base.type:
        return f"a {found.record.type}"
    return _doubtful_link(sought, each, linking)


def _doubtful_link(sought: Wanted, each: Judged, linking: Sequence[str]) -> str:
    """Why a link that aggregators alone tell is not enough: they merge what looks alike."""
    if not linking or not {*linking} <= AGGREGATORS or each.evidence.identifier:
        return ""
    if is_workshop(each.found):
        return "a workshop version that only an aggregator links"
    words = other_words(sought.title, each.evidence.matched_title)
    if not words or each.evidence.abstract:
        return ""
    people = sought.record.names()
    all_agree = len({*linking}) == len(AGGREGATORS) and each.evidence.abstract is None
    same_people = len(people) > 1 and share_found(people, each.found.record.names()) == 1
    if all_agree and same_people and not is_contrast(*words):
        return ""
    return "another title that only an aggregator links"


def _unlinked_doubts(candidate: Found) -> Iterator[str]:
    """Why a candidate that nothing links is not believed, though title, people and dates fit."""
    if is_workshop(candidate):
        yield "a workshop version without a link"
    if not candidate.is_complete:
        yield "its author list is cut, and nothing links it"
    if candidate.source in AGGREGATORS:
        yield "an index alone has it, and nothing links it"
    if candidate.record.type in _UNLIKELY:
        yield f"a {candidate.record.type}, and nothing links it"


def _is_retitled(preprint: Found, each: Judged, said: Sequence[Found]) -> bool:
    """True if only the title is another, of the same people, and something else bears it out."""
    seen, title = each.evidence, preprint.record.text("title")
    if not may_be_retitled(seen) or is_contrast(*other_words(title, seen.matched_title)):
        return False
    before, after = preprint.record.names(), each.found.record.names()
    whole = preprint.is_complete and each.found.is_complete and len(before) == len(after)
    if not whole or len(before) >= LIMITS.collaboration or share_found(before, after) < 1:
        return False
    if seen.abstract:
        return True
    one_word = len(other_words(title, seen.matched_title)) in (0, 2)
    enough = len(before) >= LIMITS.people and seen.title >= LIMITS.title and seen.abstract is None
    return enough and one_word and any(_names_venue(each.found, found) for found in said)


def _names_venue(candidate: Found, witness: Found) -> bool:
    """True if what a source says of the preprint names the venue of the candidate."""
    venue, year = candidate.record.text("container-title"), candidate.record.date()
    custom = witness.record.custom
    texts = [witness.record.text("container-title")]
    texts += [str(custom.get(name, "")) for name in ("venue", "arxiv-comment", "arxiv-journal-ref")]
    for text in filter(None, texts if venue else ()):
        years = {*_YEAR.findall(text)}
        fits = not years or year is None or str(year.year) in years
        if fits and (fold(venue) in fold(text) or _is_same_venue(venue, text)):
            return True
    return False


def _is_same_venue(one: str, other: str) -> bool:
    short = venue_id(one)
    return short == venue_id(other) if short else abbreviates(one, other) or abbreviates(other, one)
