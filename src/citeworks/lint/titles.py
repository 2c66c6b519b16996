"""What is wrong with titles in a .bib file.

Knows what styles do to capitals. Refuses to know proper names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from citeworks.bibtex.capitals import protected_spans
from citeworks.bibtex.people import is_braced
from citeworks.lint.interface import Edit, Hit, Slot
from citeworks.lint.masks import without_groups

_SHOUT_LETTERS = 12
_ABBREVIATION = re.compile(r"(?:\b(?:etc|Jr|Sr|vol|no|ed|Inc|Ltd|Co|al|St|vs)|\b[A-Za-z])\.\Z")


def check_title(slot: Slot, *, lowered: bool, english: bool = True) -> Iterator[Hit]:
    """Every doubt about a title; `lowered` says that styles change its capitals.

    In other languages than English a capital inside a title means nothing.
    """
    value = slot.value.strip()
    if is_shouted(value):
        yield slot.hit("T102", f"{slot.name} is all in capitals")
    elif is_braced(value):
        yield slot.hit("T103", f"braces round the whole {slot.name}")
    elif lowered:
        yield from _bare_capitals(slot, english)
    if ends_in_period(value):
        last = len(slot.value.rstrip())
        yield slot.fix("T104", f"{slot.name} ends in a period", last - 1, last, "")


def is_shouted(title: str) -> bool:
    """True if the title has several words and no small letter outside of commands."""
    bare = re.sub(r"\\[A-Za-z]+", "", title) if "\\" in title else title
    if not bare.isupper() or len(bare.split()) < 3:
        return False
    return sum(char.isalpha() for char in bare) >= _SHOUT_LETTERS


def ends_in_period(title: str) -> bool:
    """True if the title ends in a period that belongs to no abbreviation."""
    if not title.endswith(".") or title.endswith("..") or " " not in title:
        return False
    return not _ABBREVIATION.search(title)


def _bare_capitals(slot: Slot, english: bool) -> Iterator[Hit]:
    masked = without_groups(slot.value)
    acronyms: list[tuple[int, int]] = []
    for first, last in protected_spans(masked):
        word = masked[first:last]
        if _has_acronym(word):
            acronyms.append((first, last))
        elif english and len(word) > 1:
            yield slot.hit("T105", f"a style may lower {word!r}", first, last)
    if acronyms:
        yield _acronyms(slot, masked, acronyms)


def _acronyms(slot: Slot, masked: str, spans: list[tuple[int, int]]) -> Hit:
    words = ", ".join(repr(masked[first:last]) for first, last in spans)
    hit = slot.hit("T101", f"a style may lower {words}: put it in braces", *spans[0])
    if not slot.exact or slot.kind not in '{"':
        return hit
    edits = [
        Edit(slot.start + place, slot.start + place, sign)
        for span in spans
        for place, sign in zip(span, "{}", strict=True)
    ]
    return hit._replace(edits=tuple(edits))


def _has_acronym(word: str) -> bool:
    return any(
        sum(char.isupper() for char in part) >= 2
        or (part[:1].isupper() and any(char.isdigit() for char in part))
        for part in re.split(r"[-‐‑–—/'’]", word)
    )
