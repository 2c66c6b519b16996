"""Groups in a LaTeX source: where one begins and where it ends."""

from __future__ import annotations

import re

_LONGEST = 4_000
_GAP = re.compile(r"[ \t]*(?:%[^\n]*)?\n?[ \t]*")
CLOSERS = {"[": "]", "(": ")", "<": ">", "{": "}"}
_SIGNS = {closer: re.compile(rf"[{{}}\{closer}]") for closer in CLOSERS.values()}


def next_group(text: str, position: int) -> tuple[int, int] | None:
    """The next group in braces, optional arguments before it skipped; None if none follows."""
    while True:
        gap = _GAP.match(text, position)
        position = gap.end() if gap else position
        sign = text[position : position + 1]
        if sign not in CLOSERS or not sign:
            return None
        end = end_of_group(text, position, CLOSERS[sign])
        if end is None:
            return None
        if sign == "{":
            return position + 1, end
        position = end + 1


def end_of_group(text: str, start: int, closer: str) -> int | None:
    """The closing sign that belongs to the opening one; signs in braces do not count."""
    depth = 0
    for match in _SIGNS[closer].finditer(text, start + 1, start + _LONGEST):
        sign = match[0]
        if sign == closer and not depth:
            return match.start()
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return None
    return None
