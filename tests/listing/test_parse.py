"""The door: errors, streaming, and cost that grows with the file no faster than the file."""

from __future__ import annotations

import datetime
import io
import time
import tracemalloc
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from citeworks.errors import ListingError
from citeworks.listing.duplicates import SeenEntries
from citeworks.listing.interface import DUPLICATE_OF, RECORD, Entry, Part
from citeworks.listing.parse import parse_stream
from listing_support import AS_OF, read, read_entries

SAMPLE = (Path(__file__).parents[2] / "bib/listing.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"Just prose.\nMay 28, 2023\n", b"\x00\x01\x02" * 99, b"%PDF-1.4", b"\xff\xfe"],
)
def test_what_is_no_listing_is_an_error_with_a_hint(data: bytes) -> None:
    with pytest.raises(ListingError) as caught:
        parse_stream(io.BytesIO(data), name="notes.txt", as_of=AS_OF)
    assert str(caught.value.location) == "notes.txt"
    assert caught.value.hint


def test_the_as_of_date_decides_a_missing_year() -> None:
    data = io.BytesIO(b"CLMay 28\nDeep Ponds Are WideAda Fjord, Carl Moss\nThey are.\n")
    listing = parse_stream(data, name="x", as_of=datetime.date(2020, 5, 27))
    entry = next(listing.parts).entry
    assert entry
    assert str(entry.date) == "2019-05-28"


def test_a_stream_that_cannot_seek_is_read() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, offset: int, whence: int = 0, /) -> int:
            raise io.UnsupportedOperation("seek")

        def tell(self) -> int:
            raise io.UnsupportedOperation("tell")

    listing = parse_stream(Pipe(SAMPLE.encode()), name="-", as_of=AS_OF)
    assert len(list(listing.parts)) == 31


def test_reading_starts_where_the_file_stands_and_leaves_it_open() -> None:
    file = io.BytesIO(b"junk" + SAMPLE.encode())
    file.seek(4)
    listing = parse_stream(file, name="x", as_of=AS_OF)
    assert "".join(part.raw for part in listing.parts) == SAMPLE
    assert not file.closed


def test_a_listing_far_below_other_text_is_found() -> None:
    text = "Some prose.\n" * 1000 + SAMPLE
    assert len(read_entries(text)) == 31


def test_a_repeated_listing_is_marked_as_duplicate_throughout() -> None:
    entries = read_entries(SAMPLE * 2)
    assert [DUPLICATE_OF in entry.problems for entry in entries] == [False] * 31 + [True] * 31
    assert [entry.duplicate_of for entry in entries[31:]] == [
        (3 * n + 1, 3 * n + 3) for n in range(31)
    ]


def test_the_same_paper_under_another_date_is_a_duplicate() -> None:
    lines = SAMPLE.splitlines()[:3]
    text = "\n".join([*lines, "CLJan 1, 2020", lines[1].upper()[:0] + lines[1], lines[2]])
    assert [DUPLICATE_OF in entry.problems for entry in read_entries(text)] == [False, True]


ABSTRACT = "x" * 28_000 + "."


class Endless(io.RawIOBase):
    """A file of entries that are made as they are read, each with another title."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self._entries = entries
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0, /) -> int:
        assert offset == whence == 0
        self._position, self._made, self._rest = 0, 0, b""
        return 0

    def read(self, size: int = -1, /) -> bytes:
        while len(self._rest) < size and self._made < self._entries:
            self._made += 1
            title = f"Counting Heron {self._made} of Many"
            self._rest += f"CLJun 3, 2023\n{title}Ada Fjord, Carl Moss\n{ABSTRACT}\n".encode()
        data, self._rest = self._rest[:size], self._rest[size:]
        self._position += len(data)
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def test_memory_does_not_grow_with_the_file() -> None:
    entries, warm_up = 400, 50
    listing = parse_stream(cast(BinaryIO, Endless(entries)), name="x", as_of=AS_OF)
    assert sum(1 for _ in islice(listing.parts, warm_up)) == warm_up
    tracemalloc.start()
    try:
        assert sum(1 for _ in listing.parts) == entries - warm_up
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < (entries - warm_up) * len(ABSTRACT) / 4


def test_only_so_many_entries_are_remembered() -> None:
    seen = SeenEntries(limit=3)
    parts = [
        Part(RECORD, (number, number), "", Entry(title=f"Pond {number}", authors=("A",)))
        for number in range(1, 6)
    ]
    assert not any(seen.mark(part).problems for part in parts)
    again = [seen.mark(part).problems for part in reversed(parts)]
    assert again == [(DUPLICATE_OF,)] * 3 + [()] * 2


UNITS = {
    "words": "a ",
    "capitals": "Ab Cd, ",
    "heads": "x. CLJun 28, 2023 Title of it. ",
    "dates": "AIMay 28 ",
    "brackets": "(((]]]",
    "links": "[a](https://a.b/",
    "addresses": "https://a.b/c ",
    "identifiers": "10.1000/x,",
    "anchors": "<a href=",
    "entities": "&amp;",
    "mojibake": "â€™",
    "invisible": "a\u200b",
    "dots": "· a, ",
    "labels": "Title: ",
    "stars": "**",
    "bars": "| - ",
}


def cost(text: str) -> float:
    started = time.process_time()
    with suppress(ListingError):
        read(text)
    return time.process_time() - started


@pytest.mark.slow
@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("start", ["", "CLJun 28, 2023\n", "arXiv:2306.16388 [pdf]\nTitle: "])
def test_a_long_line_costs_in_proportion_to_its_length(name: str, start: str) -> None:
    def of_length(size: int) -> str:
        return start + UNITS[name] * (size // len(UNITS[name]))

    assert cost(of_length(80_000)) < 12 * cost(of_length(20_000)) + 0.2
