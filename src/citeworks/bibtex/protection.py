"""Braces round capitals, on the way in: which of them say more than the capitals' shape does.

The writer puts braces where a style would lower a capital, and where the text says ``nocase``. So
braces whose capitals the writer would protect by itself are no markup; all others, and double ones,
are ``nocase``. Reading what was written gives the same text back.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from citeworks.bibtex.capitals import GAP, protected_spans
from citeworks.bibtex.richtext import SOURCE, Token, tokens

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Noncharacters that stand for single braces until the whole title is known."""

_MARKED = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_MARKS = re.compile(f"[{OPEN}{CLOSE}]")
_WITHIN_WORD = re.compile(rf"{OPEN}(?<=\w{OPEN})|{CLOSE}(?=\w)")
_PART_OF_WORD = re.compile(rf"(\w*){OPEN}([^{OPEN}{CLOSE}]*){CLOSE}(\w*)")
_ROUNDS = 4


def plain_text(found: list[Token]) -> str:
    """The text at level 0, each formula and each marked-up stretch being one `GAP`."""
    out: list[str] = []
    depth = 0
    for token in found:
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
            out.append(GAP if depth == 0 else "")
        elif depth == 0:
            out.append(token.value if token.kind == "text" else GAP)
    return "".join(out)


def resolve_marks(title: str, *, every_capital: bool) -> str:
    """The title with each marked stretch plain or ``nocase``; a part of a word marks the word."""
    if OPEN not in title:
        return title
    if _WITHIN_WORD.search(title):
        title = _PART_OF_WORD.sub(rf"{OPEN}\1\2\3{CLOSE}", title)
    needless = [True] * len(_MARKED.findall(title))
    for _ in range(_ROUNDS):
        expected = _written_by_need(title, needless, every_capital)
        if expected == needless:
            break
        needless = expected
    else:
        needless = [False] * len(needless)
    return _replace(title, needless)


def _written_by_need(title: str, needless: list[bool], every_capital: bool) -> list[bool]:
    """Of the stretches taken for plain, those whose capitals the writer would protect anyway."""
    candidate = _replace(title, needless, keep=True)
    marked = plain_text(tokens(candidate))
    text = _MARKS.sub("", marked)
    safe = protected_spans(text, every_capital=every_capital)
    starts = [start for start, _ in safe]
    found = (_is_safe(text, span, safe, starts) for span in _spans_of_marks(marked))
    return [plain and next(found, False) for plain in needless]


def _is_safe(
    text: str, span: tuple[int, int], safe: list[tuple[int, int]], starts: list[int]
) -> bool:
    """True if no capital there would be lowered: BibTeX leaves those that begin a sentence."""
    index = bisect_right(starts, span[0]) - 1
    if index >= 0 and safe[index] == span:
        return True
    for position in range(*span):
        if text[position] == text[position].lower():
            continue
        while index + 1 < len(safe) and starts[index + 1] <= position:
            index += 1
        covered = index >= 0 and position < safe[index][1]
        if not covered and position and text[position - 2 : position] != ": ":
            return False
    return True


def _spans_of_marks(marked: str) -> list[tuple[int, int]]:
    """Where the marked stretches are in the text without the marks."""
    spans: list[tuple[int, int]] = []
    start = 0
    for removed, match in enumerate(_MARKS.finditer(marked)):
        position = match.start() - removed
        if match[0] == OPEN:
            start = position
        else:
            spans.append((start, position))
    return spans


def _replace(title: str, needless: list[bool], *, keep: bool = False) -> str:
    plain = iter(needless)

    def replace(match: re.Match[str]) -> str:
        if next(plain):
            return match[0] if keep else match[1]
        return f"{SOURCE['nocase']}{match[1]}</span>"

    return _MARKED.sub(replace, title)
