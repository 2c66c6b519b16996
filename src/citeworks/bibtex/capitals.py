"""Which capitals of a title need braces, because a BibTeX style would lower them.

Knows shapes (acronyms, inner capitals, letters with digits) and whether a title is in sentence
case, where every later capital is deliberate. Refuses to know dictionaries of proper names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

GAP = "\ufffc"
"""Stands for what is protected already: a formula or marked-up text."""

_WORD = re.compile(rf"(?P<low>[a-z]++(?=\s|\Z)(?:\s++[a-z]++(?=\s|\Z))*+)|[^\s{GAP}]+")
"""A run of words in small letters, which need no look, or any one word."""
_EDGE = "()[]{}“”„‟\"'‘’‚,.;:?!¿¡«»…*-–—/"
_PART = re.compile(r"[^-‐‑–—/]+")
_SMALL = frozenset(
    """
    a an the of in on at to for and or nor but by with from as is are into over via vs than its
    their our using under between through toward towards not be
    """.split()
)


def protected_spans(title: str, *, every_capital: bool = False) -> list[tuple[int, int]]:
    """The stretches of a title to put in braces.

    With `every_capital` the title's capitals are all taken for deliberate, as in languages that
    BibTeX's case change does not know.
    """
    if title.islower() or _is_shouted(title):
        return []
    deliberate: bool | None = True if every_capital else None
    spans: list[tuple[int, int]] = []
    sentence, kept = True, True
    words = list(_WORD.finditer(title))
    for match in words:
        if match["low"]:
            sentence = kept = False
            continue
        if deliberate is None:
            deliberate = _is_sentence_case(words)
        start, end = _core(title, match.start(), match.end())
        word = title[start:end]
        if word:
            joined = GAP in title[max(0, match.start() - 1) : match.end() + 1]
            spans.extend(_word_spans(word, start, sentence, kept, deliberate, joined))
        last = title[match.end() - 1]
        sentence = last in ".?!:" if word else sentence
        kept = last == ":" if word else kept
    return spans


def _is_sentence_case(words: Iterable[re.Match[str]]) -> bool:
    """True if at least half of a title's words that could carry a capital do not."""
    low = high = 0
    after_break = True
    for match in words:
        if match["low"]:
            run = match[0].split()[after_break:]
            low += len(run) - sum(map(_SMALL.__contains__, run))
            after_break = False
            continue
        word = match[0].strip(_EDGE)
        if not after_break and word.isalpha() and word.casefold() not in _SMALL:
            low += word.islower()
            high += word[0].isupper() and word[1:].islower()
        after_break = match[0][-1] in ".?!:—"
    return low > 0 and low >= high


def _is_shouted(title: str) -> bool:
    return title.isupper() and len(title.split()) > 2


def _core(title: str, start: int, end: int) -> tuple[int, int]:
    while start < end and title[start] in _EDGE:
        start += 1
    while end > start and title[end - 1] in _EDGE:
        end -= 1
    return start, end


def _word_spans(
    word: str, start: int, sentence: bool, kept: bool, deliberate: bool, joined: bool
) -> list[tuple[int, int]]:
    if _has_shape(word) or (joined and word != word.lower()):
        return [] if sentence and len(word) == 1 else [(start, start + len(word))]
    if sentence:
        if not kept and word[0].isupper():
            return [(start, start + 1)]
        rest = word[1:]
        return [(start, start + len(word))] if deliberate and rest != rest.lower() else []
    return [(start, start + len(word))] if deliberate and word != word.lower() else []


@lru_cache(maxsize=16384)
def _has_shape(word: str) -> bool:
    """True if a part of the word has one; a library's titles share most of their words."""
    return not word.islower() and any(map(_is_shaped, _PART.findall(word)))


def _is_shaped(part: str) -> bool:
    """Acronyms, camel words, capitals with digits, single capitals that are no article."""
    inner = part[1:]
    if inner != inner.lower():
        return True
    if len(part) == 1:
        return part.isupper() and part != "A"
    return part[0].isupper() and any(char.isdigit() for char in inner)
