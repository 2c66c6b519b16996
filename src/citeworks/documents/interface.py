"""What a scan of a document gives, and which syntax a file has by its name.

Every scanner is a pure function ``scan(text) -> Scan`` in a module of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import accumulate
from pathlib import PurePath
from typing import Literal

from citeworks.documents.latex_definitions import Definitions
from citeworks.errors import InputError

__all__ = [
    "SYNTAXES",
    "Citation",
    "Definitions",
    "Kind",
    "Places",
    "Reference",
    "Scan",
    "blank",
    "scan",
    "syntax_of",
]

Kind = Literal["cite", "nocite", "all", "crossref", "perhaps"]
"""What a key is there for.

``all`` asks for every entry (``\\nocite{*}``); ``crossref`` is a label that is no citation;
``perhaps`` is given to code that may cite it.
"""


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation key where it stands; `line` and `column` count from 1."""

    key: str
    line: int
    column: int
    kind: Kind = "cite"


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that a document names, as it names it; `base` is the folder that it is looked for in.

    An empty `base` is the folder of the whole document.
    """

    path: str
    line: int
    column: int
    base: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything one text says about citations, in the order of the text.

    `parts` are the files that the document goes on in, `bibliographies` those with its entries,
    `labels` the targets that it defines, `dialect` is ``bibtex``, ``biblatex`` or ``""``;
    `definitions` are commands of the author's that hold for the other parts as well.
    """

    citations: list[Citation] = field(default_factory=list)
    parts: list[Reference] = field(default_factory=list)
    bibliographies: list[Reference] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    dialect: str = ""
    definitions: Definitions = field(default_factory=Definitions)

    @property
    def cites_everything(self) -> bool:
        """True if the document asks for every entry there is."""
        return any(citation.kind == "all" for citation in self.citations)


SYNTAXES = {
    "latex": "citeworks.documents.latex",
    "aux": "citeworks.documents.aux",
    "bcf": "citeworks.documents.bcf",
    "markdown": "citeworks.documents.markdown",
    "quarto": "citeworks.documents.markdown",
    "typst": "citeworks.documents.typst",
}
"""Every syntax, and the module that scans it."""

_SUFFIXES = {
    **dict.fromkeys((".tex", ".ltx", ".latex", ".rnw"), "latex"),
    ".aux": "aux",
    ".bcf": "bcf",
    **dict.fromkeys((".md", ".markdown", ".mdown", ".txt"), "markdown"),
    **dict.fromkeys((".qmd", ".rmd", ".ipynbmd"), "quarto"),
    ".typ": "typst",
}


def syntax_of(name: str) -> str:
    """The syntax of a file by its name. Raises InputError for a name that says nothing."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(
            f"{name}: documents end in {' '.join(sorted(_SUFFIXES))}",
            hint="give it one of these names",
        )
    return _SUFFIXES[suffix]


def scan(text: str, syntax: str, known: Definitions | None = None) -> Scan:
    """Scan one text; `known` is what other parts of its document define, which LaTeX asks for.

    Raises InputError for a text that its syntax forbids (only BCF, which is XML).
    """
    module = import_module(SYNTAXES[syntax])
    if syntax == "latex":
        return module.scan(text, known)  # type: ignore[no-any-return]
    scanner: Callable[[str, bool], Scan] = module.scan
    return scanner(text, syntax == "quarto")


class Places:
    """Lines and columns of the offsets of a text."""

    def __init__(self, text: str) -> None:
        lengths = (len(line) + 1 for line in text.split("\n"))
        self._starts = [0, *accumulate(lengths)][:-1]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def blank(text: str) -> str:
    """White space of the same length and with the same line ends."""
    return re.sub(r"[^\n]", " ", text)
