"""What a cursor is on: a citation that stands there, or one that is being typed.

Asks the scanners of `citeworks.documents` for both, so that comments, code and addresses are what
they are to `cite bib`. Offsets and columns count code points, lines and columns from 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from citeworks.documents import Citation, Scan, scan
from citeworks.errors import InputError

_MARK = "zQ9cursor9Qz"
_CLOSERS = {"latex": "}", "markdown": "}", "quarto": "}", "typst": ">)"}
_BIB_REFERENCE = re.compile(
    r"\b(?:crossref|xref|xdata|related|entryset)\s*=\s*[{\"](?:[^{}\"]*,)?\s*(?P<typed>[^{}\",]*)\Z",
    re.I,
)
_BIB_WORD = re.compile(r"[^\s{}\",=#%()]+")


class Span(NamedTuple):
    """A key in a line, and the columns where it begins and ends."""

    key: str
    line: int
    start: int
    end: int


def scanned(text: str, syntax: str) -> Scan:
    """The scan of a text; an empty one for what its syntax forbids."""
    try:
        return scan(text, syntax)
    except InputError:
        return Scan()


def typed_key(text: str, syntax: str) -> str | None:
    """The beginning of the key that is being typed at the end of a text; None if it is no key."""
    if syntax == "bib":
        match = _BIB_REFERENCE.search(text[text.rfind("\n") + 1 :])
        return match["typed"] if match else None
    found = scanned(text + _MARK + _CLOSERS[syntax], syntax).citations
    keys = [each.key for each in found if each.key.endswith(_MARK) and each.kind != "crossref"]
    return keys[-1].removesuffix(_MARK) if keys else None


def span_of(citation: Citation, lines: Sequence[str]) -> Span:
    """Where the key of a citation stands, without the signs before it."""
    line, start = citation.line - 1, citation.column - 1
    text = lines[line] if line < len(lines) else ""
    for sign in "@{":
        start += text.startswith(sign, start) and not text.startswith(citation.key, start)
    return Span(citation.key, line, start, start + len(citation.key))


def key_at(lines: Sequence[str], found: Scan | None, line: int, column: int) -> Span | None:
    """The key under the cursor; without a scan (in a .bib) any word."""
    if found is None:
        text = lines[line] if line < len(lines) else ""
        words = (Span(each[0], line, *each.span()) for each in _BIB_WORD.finditer(text))
    else:
        words = (span_of(each, lines) for each in found.citations if each.line == line + 1)
    return next((each for each in words if each.start <= column <= each.end), None)
