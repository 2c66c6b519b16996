"""Ranges of pages: which hyphen stands between two of them.

Knows how pages are numbered. Refuses to know fields and dashes.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"(?P<letters>[A-Za-z]*)(?P<number>[0-9]+)[A-Za-z]?\Z")


def is_range(first: str, last: str) -> bool:
    """True for two pages; ``LL16-04`` and ``12-3`` are numbers of one article."""
    start, end = _PARTS.match(first), _PARTS.match(last)
    if not start or not end:
        return False
    low, high = start["number"], end["number"]
    if "0" in (low[0], high[0]) or end["letters"] not in (start["letters"], ""):
        return False
    if len(low) == len(high):
        return high >= low
    return len(high) > len(low) or len(low) > 2
