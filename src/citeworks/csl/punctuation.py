"""What happens where two text runs meet: doubled punctuation, spaces, and closing quotes.

Knows which marks swallow which and that some locales pull commas and full stops into closing
quotes; refuses to know where the runs come from.
"""

from __future__ import annotations

from citeworks.csl.output import (
    CLOSE,
    CLOSE_ELEMENT,
    CLOSE_QUOTE,
    OPEN_QUOTE,
    Apart,
    Delimiter,
    Strict,
    Suffix,
    Token,
)

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
    kind: type = str
    closed = opened = formatted = sealed = False
    for token in tokens:
        if not isinstance(token, str):
            if token[0] == CLOSE_QUOTE:
                closed, sealed = True, False
            opened = opened or token[0] == OPEN_QUOTE
            formatted = formatted or token[0] == CLOSE_ELEMENT
            settled.append(token)
            continue
        new, text = type(token), token
        before = settled[last] if last >= 0 and not opened else None
        if isinstance(before, str):
            if closed:
                pull_in = punctuation_in_quote and not sealed and new is not str
                last, text = _meet_quote(settled, last, token, pull_in)
                # A full stop that ends a macro or a group ends what goes into the quotes.
                sealed = sealed or (new is Suffix and token[0] != ",")
            else:
                merging = _merging(kind, new, formatted)
                settled[last], text = _meet(before, token, merging)
        if text:
            last = len(settled)
            settled.append(text)
            kind = new
            closed = opened = formatted = False
    return settled


NOTHING, REPEATED, ALL = 0, 1, 2


def _merging(before: type, after: type, formatted: bool) -> int:
    """Which marks merge where two runs meet: none where a text begins, all where one ends."""
    if after is str:
        return NOTHING
    if before is str:
        if not formatted or after not in (Strict, Apart):
            return ALL
        return REPEATED if after is Strict else NOTHING
    return REPEATED if before is Delimiter or after is Strict else ALL


def _meet(before: str, after: str, merging: int = ALL) -> tuple[str, str]:
    first, second = before[-1:], after[:1]
    if second == " " and first in _SPACES:
        return before, after[1:]
    if not merging or first not in _MARKS or second not in _MARKS:
        return before, after
    if first == second:
        return before, after[1:]
    merged = MERGED[first + second]
    if len(merged) == 1 and merging == ALL:
        return before[:-1] + merged, after[1:]
    return before, after


def _meet_quote(tokens: list[Token], last: int, after: str, pull_in: bool) -> tuple[int, str]:
    """Move marks into the quotes that closed after `last`; where the last text is, and the rest."""
    before, moved = str(tokens[last]), ""
    if pull_in:
        while after and after[0] in _PULLED_IN:
            first, second = (moved or before)[-1:], after[0]
            after = after[1:]
            if first == second:
                continue
            merged = MERGED[first + second] if first in _MARKS else first + second
            if moved:
                moved = moved[:-1] + merged
            elif len(merged) == 1:
                before = before[:-1] + merged
            else:
                moved = second
    tokens[last] = before
    if moved:
        last = _insert(tokens, last, moved)
        before = moved
    first, second = before[-1:], after[:1]
    if first in _MARKS and second in _MARKS and MERGED.get(first + second, first) == first:
        after = after[1:]
    return last, after


def _insert(tokens: list[Token], last: int, moved: str) -> int:
    """Put marks before the closing quote, after the markup that ends inside it."""
    place = last + 1
    while tokens[place][0] == CLOSE:
        place += 1
    if place == last + 1:
        tokens[last] = str(tokens[last]) + moved
        return last
    tokens.insert(place, moved)
    return place
