"""TeX's conditionals that are decided where they stand: ``\\iffalse``, ``\\iftrue``.

Knows which text between them TeX never reads. Leaves both branches of any other conditional.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass

from citeworks.documents.interface import blank

_TOKEN = re.compile(
    r"\\newif\s*\\[A-Za-z@]+"
    r"|\\(?P<word>else|fi|iffalse|iftrue|if01(?![0-9])|if(?!f(?![A-Za-z@]))[A-Za-z@]*)(?![A-Za-z@])(?P<macro>\*?\s*\{)?"
)
_DECIDED = {"iffalse": False, "if01": False, "iftrue": True}


@dataclass(slots=True)
class _Open:
    word: str
    start: int
    middle: tuple[int, int] | None = None


def without_dead_branches(visible: str) -> str:
    """The text with what TeX skips blanked; every offset stays."""
    if not any(f"\\{word}" in visible for word in _DECIDED):
        return visible
    out, done = [], 0
    for start, end in sorted(_dead(visible)):
        first = max(start, done)
        if end > first:
            out += [visible[done:first], blank(visible[first:end])]
            done = end
    return "".join(out) + visible[done:]


def _dead(visible: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    open_: list[_Open] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(visible):
        word = match["word"]
        if word == "fi":
            ends.append(match.start())
            if open_:
                found += _dead_branch(open_.pop(), match.start())
        elif word == "else":
            if open_:
                open_[-1].middle = open_[-1].middle or match.span()
        elif word in _DECIDED or (word and not match["macro"]):
            open_.append(_Open(word, match.start()))
    for each in open_:  # one that is never closed may have been meant to end at the next \fi
        later = bisect(ends, each.start)
        found += _dead_branch(each, ends[later] if later < len(ends) else len(visible))
    return found


def _dead_branch(conditional: _Open, end: int) -> list[tuple[int, int]]:
    verdict = _DECIDED.get(conditional.word)
    if verdict is None or (verdict and not conditional.middle):
        return []
    if verdict and conditional.middle:
        return [(conditional.middle[0], end)]
    return [(conditional.start, conditional.middle[0] if conditional.middle else end)]
