"""What happens where two text runs meet: doubled punctuation, spaces, and closing quotes.

Knows which marks swallow which and that some locales pull commas and full stops into closing
quotes; refuses to know where the runs come from.
"""

from __future__ import annotations

from citeworks.csl.output import CLOSE_QUOTE, OPEN_QUOTE, Token

MERGED = {
    "!.": "!", "!:": "!", "!?": "!?", "!,": "!,", "!;": "!;",
    "?.": "?", "?:": "?", "?!": "?!", "?,": "?,", "?;": "?;",
    ".:": ".:", ".,": ".,", ".;": ".;", ".?": ".?", ".!": ".!",
    ":!": "!", ":?": "?", ":.": ":", ":,": ":,", ":;": ":;",
    ",!": ",!", ",?": ",?", ",:": ",:", ",.": ",.", ",;": ",;",
    ";!": "!", ";?": "?", ";:": ";", ";.": ";", ";,": ";,",
}  # fmt: skip
_MARKS = frozenset(".,:;!?")
_SPACES = frozenset(" \u00a0")
_PULLED_IN = frozenset(".,!?")


def settle(tokens: list[Token], *, punctuation_in_quote: bool) -> list[Token]:
    """The tokens with the marks at their seams merged and moved."""
    settled: list[Token] = []
    last = -1
    closed = opened = False
    for token in tokens:
        if not isinstance(token, str):
            closed = closed or token[0] == CLOSE_QUOTE
            opened = opened or token[0] == OPEN_QUOTE
            settled.append(token)
            continue
        before = settled[last] if last >= 0 and not opened else None
        if isinstance(before, str):
            if closed:
                settled[last], token = _meet_quote(before, token, punctuation_in_quote)
            else:
                settled[last], token = _meet(before, token)
        if token:
            last = len(settled)
            settled.append(token)
            closed = opened = False
    return settled


def _meet(before: str, after: str) -> tuple[str, str]:
    first, second = before[-1:], after[:1]
    if second == " " and first in _SPACES:
        return before, after[1:]
    if first not in _MARKS or second not in _MARKS:
        return before, after
    if first == second:
        return before, after[1:]
    merged = MERGED[first + second]
    if len(merged) == 1:
        return before[:-1] + merged, after[1:]
    return before, after


def _meet_quote(before: str, after: str, pull_in: bool) -> tuple[str, str]:
    if pull_in:
        while after[:1] in _PULLED_IN and after:
            first, second = before[-1:], after[0]
            if first == second:
                after = after[1:]
            elif first in _MARKS:
                before, after = before[:-1] + MERGED[first + second], after[1:]
            else:
                before, after = before + second, after[1:]
    first, second = before[-1:], after[:1]
    if first in _MARKS and second in _MARKS and MERGED.get(first + second, first) == first:
        return before, after[1:]
    return before, after
