"""Where parents stand among their children.

BibTeX knows the parent of a `crossref` only where it comes behind every entry that names it
(Patashnik, *BibTeXing*, section 2.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

_GENERATIONS = 8
K = TypeVar("K")


def behind(
    links: Sequence[tuple[K, K]], place: Callable[[K], int] = lambda _: 0
) -> dict[K, tuple[int, int]]:
    """A sort key for every parent of the `links` from a child to its parent.

    An entry that is no parent has ``(place(entry), 0)``. A parent that stands behind its children
    has its own place too; any other comes right behind the last of them. Entries that are their
    own ancestors cannot all be, and get some place.
    """
    found: dict[K, tuple[int, int]] = {}
    for _ in range(_GENERATIONS):
        changed = False
        for child, parent in links:
            last, generation = found.get(child, (place(child), 0))
            now = found.get(parent, (place(parent), 0))
            found[parent] = max(now, (last, generation + 1))
            changed |= found[parent] != now
        if not changed:
            break
    return found
