"""The door of the listing layer: a binary file in, parts out, one at a time.

Knows the order of the steps: encoding, first record, layout, duplicates. Memory does not grow with
the file: a file that cannot be read twice is spooled to disk. Refuses to know what is done with
the parts.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, cast

from citeworks.errors import ListingError, Location
from citeworks.listing.duplicates import SeenEntries
from citeworks.listing.harvest import harvest_line
from citeworks.listing.interface import RECORD, Context, Line, Part
from citeworks.listing.layouts import choose_layout
from citeworks.listing.recover import Encoding, detect_encoding, read_lines

_WINDOW_LINES = 400
_WINDOW_CHARACTERS = 1 << 21
_SPOOL_IN_MEMORY = 1 << 23


@dataclass(frozen=True, slots=True)
class Listing:
    """A file that has at least one record.

    `encoding` is the codec in which the joined raw texts of `parts` (errors ``surrogateescape``)
    give the bytes of the file. `parts` can be read once.
    """

    name: str
    encoding: str
    parts: Generator[Part, None, None]


def parse_stream(file: BinaryIO, *, name: str, as_of: datetime.date) -> Listing:
    """Read a listing; `as_of` is the latest day that a date without a year can mean.

    Raises ListingError if the file is empty or binary, or if nothing in it is a record.
    """
    source = file if file.seekable() else _spool(file)
    try:
        start = source.tell()
        encoding = detect_encoding(source, name=name)
        _check_for_records(source, encoding, Context(as_of), name=name)
        source.seek(start)
    except BaseException:
        _close_copy(source, file)
        raise
    return Listing(name, encoding.name, _read_and_close(source, file, encoding, Context(as_of)))


def _check_for_records(file: BinaryIO, encoding: Encoding, context: Context, *, name: str) -> None:
    """Read up to the first record, and do not believe in a listing without one."""
    with closing(_read_parts(file, encoding, context)) as parts:
        if any(part.kind == RECORD for part in parts):
            return
    raise ListingError(
        "no entry of a known layout and no identifier was found in it",
        location=Location(name),
        hint="A listing has heads like 'CLJun 28, 2023', or DOIs, arXiv numbers or links.",
    )


def _read_and_close(
    source: BinaryIO, original: BinaryIO, encoding: Encoding, context: Context
) -> Generator[Part, None, None]:
    try:
        yield from _read_parts(source, encoding, context)
    finally:
        _close_copy(source, original)


def _close_copy(source: BinaryIO, original: BinaryIO) -> None:
    if source is not original:
        source.close()


def _spool(file: BinaryIO) -> BinaryIO:
    copy = tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)  # noqa: SIM115 - lives on
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return cast(BinaryIO, copy)


def _read_parts(
    file: BinaryIO, encoding: Encoding, context: Context
) -> Generator[Part, None, None]:
    seen = SeenEntries()
    for part in _parse_lines(read_lines(file, encoding), context):
        yield seen.mark(part)


def _parse_lines(lines: Iterator[Line], context: Context) -> Iterator[Part]:
    """Lines without a layout are searched for identifiers until a layout accepts a window."""
    while window := _take_window(lines):
        layout = choose_layout(window)
        if layout:
            yield from layout.parse(chain(window, lines), context)
        else:
            for line in window:
                yield from harvest_line(line)


def _take_window(lines: Iterator[Line]) -> list[Line]:
    window: list[Line] = []
    size = 0
    for line in lines:
        window.append(line)
        size += len(line.raw)
        if len(window) >= _WINDOW_LINES or size >= _WINDOW_CHARACTERS:
            break
    return window
