"""Plain text: no formatting at all.

Also the base of the other formats: knows how tokens become text; refuses to know styles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from citeworks.csl.output import CLOSE, CLOSE_ELEMENT, CLOSE_QUOTE, OPEN, OPEN_QUOTE, Token

Pair = tuple[str, str]
_QUOTE_INDEX = {
    (OPEN_QUOTE, "outer"): 0,
    (CLOSE_QUOTE, "outer"): 1,
    (OPEN_QUOTE, "inner"): 2,
    (CLOSE_QUOTE, "inner"): 3,
}


class TextFormat:
    """Writes tokens as plain text."""

    name = "text"
    marks: ClassVar[Mapping[Pair, Pair]] = {
        ("display", "block"): ("\n", "\n"),
        ("display", "left-margin"): ("", " "),
        ("display", "indent"): ("\n    ", "\n"),
    }

    def __init__(self, *, links: bool = False) -> None:
        self.links = links

    def escape(self, text: str) -> str:
        """The text as the format must write it."""
        return text

    def link(self, target: str, text: str) -> str:
        """The (already written) text as a link."""
        return text

    def entry(self, body: str) -> str:
        """One bibliography entry around its body."""
        return body.strip()

    def write(self, tokens: Sequence[Token], quotes: tuple[str, str, str, str]) -> str:
        """The tokens as text."""
        pieces: list[str] = []
        targets: list[tuple[int, str]] = []
        for token in tokens:
            if isinstance(token, str):
                pieces.append(self.escape(token))
                continue
            kind, name, value = token
            if name == "link":
                self._link(pieces, targets, kind, value)
            elif kind == OPEN:
                pieces.append(self.marks.get((name, value), ("", ""))[0])
            elif kind in (CLOSE, CLOSE_ELEMENT):
                pieces.append(self.marks.get((name, value), ("", ""))[1])
            else:
                pieces.append(self.escape(quotes[_QUOTE_INDEX[kind, name]]))
        return "".join(pieces)

    def _link(
        self, pieces: list[str], targets: list[tuple[int, str]], kind: str, value: str
    ) -> None:
        if not self.links:
            return
        if kind == OPEN:
            targets.append((len(pieces), value))
        elif targets:
            start, target = targets.pop()
            pieces[start:] = [self.link(target, "".join(pieces[start:]))]
