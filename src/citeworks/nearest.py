"""The nearest names to one that is unknown, for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest

LONGEST = 200
"""A longer text is no mistyped name, and comparing it would take its time."""

_MANY = 2000
"""More names than this are not all compared letter by letter."""


def nearest_names(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Up to `count` known names that look like `name`, the most similar first."""
    if len(name) > LONGEST:
        return []
    by_folded: dict[str, str] = {}
    for each in known:
        by_folded.setdefault(each.casefold(), each)
    wanted = name.casefold()
    names = _likely(wanted, by_folded) if len(by_folded) > _MANY else list(by_folded)
    starts = sorted((each for each in by_folded if wanted and each.startswith(wanted)), key=len)
    close = get_close_matches(wanted, names, n=count, cutoff=0.6)
    return [by_folded[each] for each in dict.fromkeys([*close, *starts])][:count]


def _likely(wanted: str, names: Iterable[str]) -> list[str]:
    """Those of many names that have the most pairs of letters with the wanted one."""
    pairs = {wanted[place : place + 2] for place in range(len(wanted) - 1)}
    longest = len(wanted) * 7 // 3 + 1
    near = (name for name in names if len(name) <= longest)
    return nlargest(_MANY // 10, near, key=lambda name: sum(map(name.__contains__, pairs)))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest, or nothing when none is near."""
    names = nearest_names(name, known)
    return f"did you mean {' or '.join(names)}?" if names else ""
