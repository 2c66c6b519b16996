"""What a .bib text is made of: blocks whose raw texts, joined, are the text.

Values only. How a text is cut is known to the lexer, what an entry means to the reader.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from citeworks.errors import BibtexSyntaxError, Location

BlockKind = Literal["text", "comment", "preamble", "string", "entry", "broken"]


class Piece(NamedTuple):
    """One part of a value; `kind` is ``{``, ``"``, ``0`` (digits) or ``a`` (a macro's name)."""

    kind: str
    text: str


class Field(NamedTuple):
    """``name = value`` with the offsets of the name and of the value's end in the whole text."""

    name: str
    pieces: tuple[Piece, ...]
    start: int
    end: int


class Problem(NamedTuple):
    """A place where the text breaks BibTeX's grammar; `code` names the rule."""

    offset: int
    code: str
    message: str


@dataclass(slots=True)
class Block:
    """A stretch of the text. Strings and preambles carry their one value in `fields`."""

    kind: BlockKind
    start: int
    end: int
    type: str = ""
    key: str = ""
    fields: list[Field] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    delimiter: str = "{"


@dataclass(frozen=True)
class Document:
    """A .bib text cut into blocks, with what is needed to give back the same bytes.

    `first_line` is the number of the text's first line in its file.
    """

    text: str
    blocks: Iterable[Block]
    file: str = ""
    encoding: str = "utf-8"
    bom: bytes = b""
    first_line: int = 1

    @property
    def stretches(self) -> tuple[Document]:
        """The document itself: a text that is held as a whole is one stretch."""
        return (self,)

    def mentions(self, pattern: re.Pattern[str]) -> bool:
        """True if the pattern matches somewhere in the text."""
        return pattern.search(self.text) is not None

    def raw(self, block: Block) -> str:
        """The block's own text."""
        return self.text[block.start : block.end]

    @property
    def entries(self) -> list[Block]:
        """The entries, in the order of the text."""
        return [block for block in self.blocks if block.kind == "entry"]

    def to_bytes(self) -> bytes:
        """The bytes that the document was read from."""
        joined = "".join(self.raw(block) for block in self.blocks)
        return self.bom + joined.encode(self.encoding)

    def line(self, offset: int) -> int:
        """The line of an offset; the first of a file is 1."""
        return bisect_right(self._line_starts, offset) + self.first_line - 1

    def location(self, offset: int) -> Location:
        """File, line and column of an offset, with the line itself."""
        line = self.line(offset)
        start = self._line_starts[line - self.first_line]
        end = self.text.find("\n", start)
        source = self.text[start : end if end >= 0 else len(self.text)]
        return Location(self.file, line, offset - start + 1, source.rstrip("\r")[:400])

    @property
    def errors(self) -> list[BibtexSyntaxError]:
        """Everything that broke the grammar, in the order of the text."""
        return [error for block in self.blocks for error in self.errors_of(block)]

    def errors_of(self, block: Block) -> list[BibtexSyntaxError]:
        """What of one block broke the grammar."""
        return [
            BibtexSyntaxError(
                problem.message, location=self.location(problem.offset), code=problem.code
            )
            for problem in block.problems
        ]

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return [0, *accumulate(lengths)][:-1]
