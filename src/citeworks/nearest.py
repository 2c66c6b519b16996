"""The nearest names to one that is unknown, for hints."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 200
"""A longer text is no mistyped name, and comparing it would take its time."""


def nearest_names(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """Up to `count` known names that look like `name`, the most similar first."""
    if len(name) > LONGEST:
        return []
    by_folded: dict[str, str] = {}
    for each in known:
        by_folded.setdefault(each.casefold(), each)
    wanted = name.casefold()
    starts = sorted((each for each in by_folded if wanted and each.startswith(wanted)), key=len)
    close = get_close_matches(wanted, list(by_folded), n=count, cutoff=0.6)
    return [by_folded[each] for each in dict.fromkeys([*close, *starts])][:count]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint that names the nearest, or nothing when none is near."""
    names = nearest_names(name, known)
    return f"did you mean {' or '.join(names)}?" if names else ""
