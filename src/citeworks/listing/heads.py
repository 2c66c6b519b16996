"""The head of an entry, ``CLJun 28, 2023Code``: subject codes, date and badge, often glued.

Knows how to find heads on lines of their own, joined to the title behind them or to the text
before them, and when something that looks like a head is none. Refuses to know what an entry is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citeworks.listing.clean import fold_width
from citeworks.listing.dates import DAY_FIRST, MONTH_FIRST, MONTHS, WrittenDate, from_match
from citeworks.listing.subjects import (
    is_unknown_run,
    is_unknown_word,
    known_run_start,
    split_codes,
)

_CODE_END = r"(?<=[A-Za-z])"
_DATE = re.compile(rf"{_CODE_END}\s?(?:{MONTH_FIRST}|{DAY_FIRST})")
_DAY = re.compile(r"(?<!\d)\d{1,2}")
_AFTER_DAY = re.compile(r"(?:\.|st|nd|rd|th)?\s(?:de\s)?([^\W\d_]{3})")
# The first and last letters of every month's name: a cheap test before the patterns above.
_MONTH_TAILS = frozenset(name.rstrip(".")[-3:] for name in MONTHS)
_MONTH_BEGINNINGS = frozenset(name[:3] for name in MONTHS)
_LONGEST_MONTH = 13
_LONGEST_DATE = 32
_BADGE = re.compile(r"\s?Code\Z")
_GLUED_BADGE = re.compile(r"Code(?![a-z])")
MARKER = re.compile(r"(?:(?:[-*+•‣◦▪●–—>]|#{1,6}|[(\[]?\d{1,6}[.)\]])\s+)+")
_TITLE_START = re.compile(r"\s?[^\W_a-z]|\s?[\"“'‘(\[$*]")
_SENTENCE_END = re.compile(r"[.!?…:;)\]\"”'’/*]\s*\Z")
_BYLINE_SIGN = re.compile(r", | et al\.|\s[·•]\s")
_HEAD_LIMIT = 160
_TITLE_MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Head:
    """A head at ``text[start:end]``; `is_joined` says that it shares its line with other text."""

    start: int
    end: int
    codes: tuple[str, ...]
    date: WrittenDate
    date_as_written: str
    has_code: bool
    is_joined: bool = False


def strip_marker(text: str) -> str:
    """The text without the bullet or number of a list item in front of it."""
    match = MARKER.match(text)
    return text[match.end() :] if match else text


def match_head(text: str) -> Head | None:
    """The head that the whole text is, list marker aside, or None.

    Unknown codes are taken for codes only here, and only with a year; a word only glued to it.
    """
    if len(text) > _HEAD_LIMIT:
        return None
    text = fold_width(text)
    start = _marker_end(text)
    for match in _dates(text, start):
        badge = _BADGE.match(text, match.end())
        if not badge and match.end() != len(text):
            continue
        run = text[start : match.start()]
        known = known_run_start(text, match.start()) == start
        if known or (_has_year(match) and _may_be_codes(run, match)):
            return _make_head(text, start, match, len(text), has_code=bool(badge), is_joined=False)
    return None


def find_heads(text: str) -> list[Head]:
    """The heads on the line, in order: one that is the whole line, or those joined to other text.

    A joined head needs known codes. Without a year it is believed at the end of a line, or glued
    to a title, or beside another head on the same line: an abstract may well say ``AIMay 28``.
    """
    whole = match_head(text)
    if whole:
        return [whole]
    heads: list[Head] = []
    doubtful: list[Head] = []
    for head in _joined_candidates(text):
        (heads if _is_certain(head, text) else doubtful).append(head)
    if not heads:
        return []
    return sorted(heads + doubtful, key=lambda head: head.start)


def _dates(text: str, first: int) -> Iterator[re.Match[str]]:
    """The dates that follow a letter, from `first` on: a search for `_DATE`, but faster."""
    done = first
    for day in _DAY.finditer(text, first):
        if day.start() < done or not _may_be_day(text, day):
            continue
        low = max(done, day.start() - _LONGEST_MONTH)
        match = _DATE.search(text, low, day.start() + _LONGEST_DATE)
        if match:
            done = match.end()
            yield match


def _may_be_day(text: str, day: re.Match[str]) -> bool:
    start = day.start()
    before = text[max(0, start - 5) : start].rstrip(" .\t")
    if before[-3:].casefold() in _MONTH_TAILS:
        return True
    after = _AFTER_DAY.match(text, day.end())
    return bool(after) and after[1].casefold() in _MONTH_BEGINNINGS  # type: ignore[index]


def _has_year(match: re.Match[str]) -> bool:
    return bool(match["year"] or match["year2"])


def _may_be_codes(run: str, date: re.Match[str]) -> bool:
    return is_unknown_run(run) or (not date[0][0].isspace() and is_unknown_word(run))


def _marker_end(text: str) -> int:
    match = MARKER.match(text)
    return match.end() if match else 0


def _joined_candidates(text: str) -> Iterator[Head]:
    first = _marker_end(text)
    for match in _dates(text, first):
        start = known_run_start(text, match.start())
        if start < first:
            continue
        badge = _GLUED_BADGE.match(text, match.end())
        end = badge.end() if badge else match.end()
        before, after = text[max(first, start - 8) : start], text[end : end + 8]
        if after and not (_TITLE_START.match(after) and len(text) - end >= _TITLE_MINIMUM):
            continue
        if not (_has_year(match) or _is_boundary(before)):
            continue
        yield _make_head(text, start, match, end, has_code=bool(badge), is_joined=True)


def _is_boundary(before: str) -> bool:
    """True where an entry may begin: at the start, after a sentence, or glued to a word."""
    return not before or not before[-1].isspace() or bool(_SENTENCE_END.search(before))


def _is_certain(head: Head, text: str) -> bool:
    if head.date.year:
        return True
    if head.end == len(text):
        return True
    at_start = head.start == _marker_end(text)
    is_glued = not text[head.end].isspace()
    return at_start and (is_glued or bool(_BYLINE_SIGN.search(text, head.end)))


def _make_head(
    text: str, start: int, match: re.Match[str], end: int, *, has_code: bool, is_joined: bool
) -> Head:
    codes = split_codes(text[start : match.start()])
    written = match[0].strip()
    return Head(start, end, codes, from_match(match), written, has_code, is_joined)
