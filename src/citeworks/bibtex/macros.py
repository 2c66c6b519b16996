"""Macros: ``@string`` definitions, the months, and values put together with ``#``.

Knows that names compare without case and that ASCII white space folds (a no-break space does
not). Refuses to decode LaTeX.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from citeworks.bibtex.dates import MONTH_NAMES
from citeworks.bibtex.entries import Document, Piece

if TYPE_CHECKING:
    from citeworks.bibtex.stretches import Stretches

DEFINES = re.compile(r"@\s*+[sS][tT][rR][iI][nN][gG]")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


_LONG = 100
_BUDGET = 1 << 28


class Macros(dict[str, str]):
    """The values of macros under their names in lower case.

    `budget` is how many characters the long ones may still grow to: twenty definitions, each ten
    times the one before, would fill any memory. After that a long one is as good as undefined.
    """

    __slots__ = ("budget",)

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.budget = _BUDGET

    def afford(self, value: str) -> bool:
        """True if the value may be put in once more."""
        self.budget -= len(value)
        return self.budget >= 0


def fold_white_space(text: str) -> str:
    """Runs of ASCII white space as one space, none at the ends."""
    if text.isalnum():
        return text
    if "  " in text or not text.isprintable():
        text = _SPACE.sub(" ", text)
    return text.strip(" ")


def string_values(document: Document | Stretches) -> Macros:
    """Every macro of the document, names in lower case; a later definition replaces an earlier."""
    macros = Macros(MONTH_NAMES)
    if not document.mentions(DEFINES):
        return macros
    for block in document.blocks:
        if block.kind == "string":
            macros[block.key.lower()] = expand(block.fields[0].pieces, macros)
    return macros


def expand(pieces: tuple[Piece, ...], macros: Macros, undefined: set[str] | None = None) -> str:
    """The value as one text, white space folded; an undefined macro stands for its own name."""
    out: list[str] = []
    for kind, text in pieces:
        if kind != "a":
            out.append(text)
            continue
        value = macros.get(text.lower())
        if value is not None and len(value) > _LONG and not macros.afford(value):
            value = None
        if value is None and undefined is not None:
            undefined.add(text)
        out.append(text if value is None else value)
    joined = out[0] if len(out) == 1 else "".join(out)
    return fold_white_space(joined)
