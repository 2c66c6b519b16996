"""The label of an item: its own, or one made of names and year (`citation-label`).

Knows how labels are made up where an item brings none; refuses to know where they are printed.
CSL 1.0.2 leaves the making to the processor; this is the scheme that processors share, called
a trigraph: ``Smit01``, ``SmJo99``, ``SmJL99``, ``SJLW09``.
"""

from __future__ import annotations

import re

from citeworks.csl.context import Item

_NAMES = ("author", "editor", "translator", "recipient", "interviewer", "composer")
_LETTERS = {1: (4,), 2: (2, 2), 3: (2, 1, 1)}
"""How many letters each name gives, by the number of names."""
_MOST = (1, 1, 1, 1)
_WORDS = re.compile(r"<[^<>]*>|\b(?:a|an|the|of|on|in|to|by|and|or|for|from|with|at)\b|\W")


def citation_label(item: Item) -> str:
    """The label that the item brings, or one of its names or title and its year."""
    return item.text("citation-label") or _letters(item) + _year(item)


def _letters(item: Item) -> str:
    names = next((found for each in _NAMES if (found := item.names(each))), ())
    families = [re.sub(r"\W", "", name.family or name.literal or name.given) for name in names]
    sizes = _LETTERS.get(len(families), _MOST)
    letters = "".join(
        family[:size].capitalize() for family, size in zip(families, sizes, strict=False)
    )
    return letters or _WORDS.sub("", item.text("title"))[:4].capitalize()


def _year(item: Item) -> str:
    date = item.date("issued")
    year = date.year if date else None
    return f"{year % 100:02d}" if year else "00"
