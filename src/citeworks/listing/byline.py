"""Split a glued byline, ``TitleFirst Author, Second Author et al. · slug``, into its parts.

Affiliation slugs and *et al.* are peeled from the right.  For the rest every place where the title
could end is scored (log odds of the boundary, of each author and of how well they agree) and the
best reading wins; ``confidence`` comes from its lead over the runner-up.  Nothing is invented: a
text without a credible author has none, and every part is a piece of the input.

This module weighs readings.  It does not know what a name, a boundary or a title word looks like
(``authors``, ``boundaries``, ``vocabulary``), and it does not ask any catalogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from citeworks.listing.authors import Span, author_spans, name_odds, name_style
from citeworks.listing.boundaries import balance, boundary_odds, candidates
from citeworks.listing.shapes import shape

CONFIDENT = 0.9
"""A byline whose ``confidence`` is at least this declares itself confident."""

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_AFFILIATIONS = re.compile(rf"(?<!\s)\s+[·•‧∙]\s+({_SLUG}(?:, ?{_SLUG})*)\Z")
_ET_AL = re.compile(
    r"(?<!\s)(?:[,;]\s*|\s+)(?:(?:(?:and|&)\s+)?et\.?\s*al(?:\.|ii\b)?|(?:and|&)\s+others"
    r"|and \d+ (?:others|more)(?: authors)?|\+ ?\d+ (?:authors|more)|u\. ?a\.|und andere|et autres"
    r"|y otros|e altri|e outros|и др\.)\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")

# How far from the right the search looks; what lies before belongs to the title in any case.
_WINDOW = 100_000
_SLUGS_WINDOW = 400
_ET_AL_WINDOW = 60
# The search ends where the authors read so far are this much worse than the best reading.
_HOPELESS = 40.0
_MOST_ALTERNATIVES = 3

# Weights of the evidence that boundaries and names do not carry themselves, in log odds.
_AUTHOR_AFTER_SEPARATOR = 1.0
_SAME_STYLE = 3.0
_THREE_BEFORE_ET_AL = 1.0
_KNOWN_AUTHOR = 4.0
_TITLE_WORD_IN_ABSTRACT = 2.5
_CAMEL_WORD_IN_ABSTRACT = 2.5
_AUTHOR_IN_ABSTRACT = -1.5
_NO_AUTHOR = 1.0
_NO_AUTHOR_BEFORE_ET_AL = -6.0
_NO_AUTHOR_BEFORE_SLUGS = -2.0
# A lead of 3.2 nats is confident; a reading without authors never is, since listings have them,
# nor is one with an author that hardly looks like a name or a list with two kinds of separators.
_LEAD_OF_EVEN_ODDS = 1.0
_NO_AUTHOR_CONFIDENCE = 0.5
_DOUBTFUL_CONFIDENCE = 0.6
_DOUBTFUL_NAME = -3.0

Alternative = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Byline:
    """The parts of a byline; ``alternatives`` are the runners-up as (title, authors)."""

    title: str
    authors: list[str]
    et_al: bool
    affiliations: list[str]
    confidence: float
    alternatives: tuple[Alternative, ...] = ()

    @property
    def is_confident(self) -> bool:
        """Whether the split declares itself confident."""
        return self.confidence >= CONFIDENT


@dataclass(frozen=True, slots=True)
class _Reading:
    odds: float
    cut: int  # where the first author begins; the length of the text if there is none
    authors_from: int  # number of the span the first author ends in; -1 if there is none


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is known about a byline besides its text."""

    et_al: bool
    slugs: bool
    known_authors: Container[str]
    abstract_words: frozenset[str]


def split(text: str, *, abstract: str = "", known_authors: Container[str] = frozenset()) -> Byline:
    """Split a byline into title, authors, *et al.* and affiliation slugs.

    ``abstract`` is the entry's own abstract, in which the last word of the title tends to recur;
    ``known_authors`` are names already seen in the same file.  Both only tip the balance.
    """
    body, affiliations = _peel_affiliations(text.strip())
    rest, et_al = _peel_et_al(body)
    offset = max(0, len(rest) - _WINDOW)
    window = rest[offset:]
    spans = author_spans(window)
    evidence = _Evidence(et_al, bool(affiliations), known_authors, _abstract_words(abstract))
    readings = sorted(_readings(window, spans, evidence), key=attrgetter("odds"), reverse=True)
    parts = [_parts(rest, offset, spans, reading) for reading in readings[: _MOST_ALTERNATIVES + 1]]
    title, authors = parts[0]
    doubtful = _has_doubtful_authors(window, spans, readings[0], authors)
    return Byline(
        title=title if authors else body,
        authors=authors,
        et_al=et_al and bool(authors),
        affiliations=affiliations,
        confidence=min(_confidence(readings), _DOUBTFUL_CONFIDENCE if doubtful else 1.0),
        alternatives=tuple(parts[1:]),
    )


def _peel_affiliations(text: str) -> tuple[str, list[str]]:
    found = _AFFILIATIONS.search(text, max(0, len(text) - _SLUGS_WINDOW))
    if not found:
        return text, []
    return text[: found.start()], [slug.strip() for slug in found[1].split(",")]


def _peel_et_al(text: str) -> tuple[str, bool]:
    found = _ET_AL.search(text, max(0, len(text) - _ET_AL_WINDOW))
    return (text[: found.start()], True) if found else (text, False)


def _abstract_words(text: str) -> frozenset[str]:
    """The words of an abstract, verbatim and as stems; both are looked up."""
    words = _WORD.findall(text)
    return frozenset(words).union(map(_stem, words))


def _stem(word: str) -> str:
    return word[:6].lower()


def _readings(text: str, spans: list[Span], evidence: _Evidence) -> Iterator[_Reading]:
    """Yield every reading of a text, from the right, with the reading without authors first."""
    best = _no_author_odds(evidence)
    yield _Reading(best, len(text), -1)
    penalties = balance(text)
    styles: dict[str, int] = {}
    after = 0.0  # odds of the authors to the right of the span at hand
    for number in range(len(spans) - 1, -1, -1):
        start, end = spans[number]
        total = len(spans) - number
        for cut in candidates(text, start, end):
            odds = after + penalties[cut] + boundary_odds(text, cut, end)
            odds += _first_author_odds(text[cut:end], total, styles, evidence)
            odds += _abstract_odds(text, cut, end, evidence.abstract_words)
            best = max(best, odds)
            yield _Reading(odds, cut, number)
        name = text[start:end]
        after += _author_odds(name, evidence) + _AUTHOR_AFTER_SEPARATOR
        if after < best - _HOPELESS:
            return
        style = name_style(name)
        styles[style] = styles.get(style, 0) + 1


def _no_author_odds(evidence: _Evidence) -> float:
    odds = _NO_AUTHOR
    odds += _NO_AUTHOR_BEFORE_ET_AL * evidence.et_al
    return odds + _NO_AUTHOR_BEFORE_SLUGS * evidence.slugs


def _author_odds(name: str, evidence: _Evidence) -> float:
    return name_odds(name) + _KNOWN_AUTHOR * (name in evidence.known_authors)


def _first_author_odds(name: str, total: int, styles: dict[str, int], evidence: _Evidence) -> float:
    """Odds of the first author: as a name, and as one that is written like the others."""
    odds = _author_odds(name, evidence)
    if styles:
        same = styles.get(name_style(name), 0) / sum(styles.values())
        odds += _SAME_STYLE * (same - 0.5)
    return odds + _THREE_BEFORE_ET_AL * (evidence.et_al and total == 3)


def _abstract_odds(text: str, cut: int, end: int, words: frozenset[str]) -> float:
    if not words:
        return 0.0
    odds = 0.0
    before, name = _WORD.findall(text[max(0, cut - 40) : cut]), _WORD.findall(text[cut:end])
    if before and len(before[-1]) > 3 and _stem(before[-1]) in words:
        odds += _TITLE_WORD_IN_ABSTRACT
        if before[-1] in words and "lU" in shape(before[-1]):
            odds += _CAMEL_WORD_IN_ABSTRACT
    if name and len(name[-1]) > 3 and _stem(name[-1]) in words:
        odds += _AUTHOR_IN_ABSTRACT
    return odds


def _parts(rest: str, offset: int, spans: list[Span], reading: _Reading) -> Alternative:
    if reading.authors_from < 0:
        return rest, []
    first, *others = spans[reading.authors_from :]
    pieces = [(reading.cut, first[1]), *others]
    authors = [_SPACES.sub(" ", rest[offset + a : offset + b]).strip() for a, b in pieces]
    return rest[: offset + reading.cut], [author for author in authors if author]


def _confidence(readings: list[_Reading]) -> float:
    best, *others = readings
    if best.authors_from < 0:
        return _NO_AUTHOR_CONFIDENCE
    lead = best.odds - others[0].odds - _LEAD_OF_EVEN_ODDS
    return 1.0 / (1.0 + math.exp(-min(lead, 30.0)))


def _has_doubtful_authors(
    text: str, spans: list[Span], reading: _Reading, authors: list[str]
) -> bool:
    if any(name_odds(author) < _DOUBTFUL_NAME for author in authors):
        return True
    if ";" not in text[reading.cut :]:
        return False
    chosen = spans[reading.authors_from :]
    gaps = {text[a[1] : b[0]].strip()[:1] for a, b in pairwise(chosen)}
    return {",", ";"} <= gaps
