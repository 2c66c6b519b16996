"""A large .bib text as documents that follow each other, so that only one is held at a time.

Knows where a text can be cut: right behind a block of which more text could change nothing. The
blocks are those that `loads` finds in the whole text. Refuses to know what blocks say.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from weakref import finalize

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.entries import Block, Document
from citeworks.bibtex.lexer import Lexer, encodings, loads
from citeworks.bibtex.slices import FileSlices, Slices, Tell, mark_of
from citeworks.errors import BibtexSyntaxError

LARGE = 32_000_000
"""Bytes from which on a text is not held as one document."""

WINDOW = 1_000_000
"""Bytes that are cut at a time, unless a block is larger."""

LONGEST = 16_000_000
"""Characters in which a block must end; what is open for longer was never closed."""

_FEW = 100
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Stretches:
    """The bytes of a .bib file, cut again each time that its stretches are gone through."""

    data: Slices
    file: str = ""
    encoding: str = "utf-8"
    bom: bytes = b""
    window: int = 0

    @property
    def blocks(self) -> Iterator[Block]:
        """All blocks; their offsets count from the beginning of the stretch that each is in."""
        return (block for stretch in self.stretches for block in stretch.blocks)

    @property
    @without_collector
    def errors(self) -> list[BibtexSyntaxError]:
        """Everything that broke the grammar, in the order of the text."""
        return [error for stretch in self.stretches for error in stretch.errors]

    def mentions(self, pattern: re.Pattern[str]) -> bool:
        """True if a pattern for a few characters matches somewhere in the text."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        text = ""
        for start in range(len(self.bom), len(self.data), WINDOW):
            text = text[-_FEW:] + decoder.decode(self.data[start : start + WINDOW])
            if pattern.search(text):
                return True
        return False

    @property
    def stretches(self) -> Iterator[Document]:
        """The text from beginning to end; each stretch begins in the line that the last ends in."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        text, start, line, failures = "", 0, 1, 0
        position, size, final = len(self.bom), self.window or WINDOW, False
        while not final or start < len(text):
            if len(text) - start < size:
                chunk = self.data[position : position + size - len(text) + start]
                position += len(chunk)
                final = position >= len(self.data)
                text += decoder.decode(chunk, final)
            blocks, failures = _settled(Lexer(text, failures), start, final)
            if not blocks:
                size = 2 * max(size, len(text) - start)
                continue
            yield Document(text, blocks, self.file, self.encoding, self.bom, line)
            cut = text.rfind("\n", 0, blocks[-1].end) + 1
            line += text.count("\n", 0, cut)
            text, start, size = text[cut:], blocks[-1].end - cut, self.window or WINDOW


Place = tuple[Document, Block]
"""A block with the stretch that its offsets count in."""


def places_of(document: Document | Stretches) -> Iterator[Place]:
    """Every block in the order of the text."""
    return ((stretch, block) for stretch in document.stretches for block in stretch.blocks)


def _settled(lexer: Lexer, start: int, final: bool) -> tuple[list[Block], int]:
    """The blocks that stay as they are whatever follows the text, and how often it failed."""
    found: list[Block] = []
    failures = lexer.failures
    for block in lexer.blocks(start):
        if block.kind == "text":
            found.append(block)
            continue
        if not final and (lexer.starved or _is_last(lexer.text, block)):
            if _has_more_than_text(found) or not _is_endless(lexer.text, block):
                break
            lexer.starved = False
        elif block.start - start > WINDOW and _has_more_than_text(found):
            break
        found.append(block)
        failures = lexer.failures
    while found and not final and found[-1].kind == "text":
        found.pop()
    return found, failures


def _has_more_than_text(blocks: Iterable[Block]) -> bool:
    return any(block.kind != "text" for block in blocks)


def _is_endless(text: str, block: Block) -> bool:
    """True for a block whose end was not found in the longest stretch that is looked through."""
    return block.kind == "broken" and len(text) - block.start > LONGEST and block.end < len(text)


def _is_last(text: str, block: Block) -> bool:
    match = _SPACE.match(text, block.end)
    return match is None or match.end() == len(text)


def loads_lazily(data: Slices, *, file: str = "") -> Document | Stretches:
    """The same as `loads`, for a large text in stretches."""
    if len(data) < LARGE:
        return loads(data[:], file=file)
    encoding, bom = next(
        (encoding, bom)
        for encoding, bom in encodings(data[:WINDOW])
        if _decodes(data, encoding, len(bom))
    )
    return Stretches(data, file, encoding, bom)


def open_slices(path: Path, tell: Tell = lambda done, total: None) -> Slices:
    """A file to be read lazily; it is closed when nobody needs it any more."""
    file = path.open("rb")
    slices = slices_of(file, tell)
    if isinstance(slices, FileSlices):
        finalize(slices, file.close)
    else:
        file.close()
    return slices


def is_large(file: BinaryIO) -> bool:
    """True for an open file that is not held as a whole; of a pipe nobody knows its size."""
    return file.seekable() and mark_of(file)[0] >= LARGE


def slices_of(file: BinaryIO, tell: Tell = lambda done, total: None) -> Slices:
    """An open input to be read lazily: a small one is read at once, a large pipe to the disk.

    Of a large one `tell` hears how many of how many bytes were read, each time it is gone through.
    """
    if is_large(file):
        return FileSlices(file, tell)
    start = file.read(LARGE)
    if len(start) < LARGE:
        return start
    import shutil
    import tempfile

    spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115
    spool.write(start)
    shutil.copyfileobj(file, spool)
    spool.seek(0)
    slices = FileSlices(spool, tell)
    finalize(slices, spool.close)
    return slices


def _decodes(data: Slices, encoding: str, position: int) -> bool:
    """True if the bytes are text in the encoding that gives the same bytes again."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        done = position
        for start in range(position, len(data), WINDOW):
            chunk = data[start : start + WINDOW]
            encoded = decoder.decode(chunk, start + WINDOW >= len(data)).encode(encoding)
            if data[done : done + len(encoded)] != encoded:
                return False
            done += len(encoded)
    except (UnicodeError, LookupError):
        return False
    return done == len(data)
