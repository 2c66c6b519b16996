"""What the tests of the listing layer share: reading bytes, and the facts of what was read."""

from __future__ import annotations

import datetime
import io

from citeworks.listing.interface import RECORD, Entry, Line, Part
from citeworks.listing.parse import Listing, parse_stream
from citeworks.listing.recover import Encoding, read_lines

AS_OF = datetime.date(2026, 11, 1)


def read(data: bytes | str) -> tuple[Listing, list[Part]]:
    """The listing and its parts; that no byte is lost is asserted on the way."""
    data = data.encode() if isinstance(data, str) else data
    listing = parse_stream(io.BytesIO(data), name="listing.txt", as_of=AS_OF)
    parts = list(listing.parts)
    joined = "".join(part.raw for part in parts)
    assert joined.encode(listing.encoding, "surrogateescape") == data
    numbers = [number for part in parts for number in part.lines]
    assert numbers == sorted(numbers)
    return listing, parts


def read_entries(data: bytes | str) -> list[Entry]:
    """The entries of the listing, in order."""
    return [part.entry for part in read(data)[1] if part.kind == RECORD and part.entry]


def read_entry(data: bytes | str) -> Entry:
    """The only entry of the listing."""
    (entry,) = read_entries(data)
    return entry


def lines_of(text: str) -> list[Line]:
    """The lines of the text as a layout gets them."""
    return list(read_lines(io.BytesIO(text.encode()), Encoding("utf-8")))
