"""Bytes to lines, and back."""

from __future__ import annotations

import io

import pytest

from citeworks.errors import ListingError
from citeworks.listing.interface import Line
from citeworks.listing.recover import LINE_LIMIT, Encoding, detect_encoding, read_lines

TEXT = "CLJun 28, 2023\nJan-Philipp Fränken · Öberg\r\nend"


def decode(data: bytes) -> tuple[Encoding, list[Line]]:
    file = io.BytesIO(data)
    encoding = detect_encoding(file, name="x")
    lines = list(read_lines(file, encoding))
    assert "".join(line.raw for line in lines).encode(encoding.name, "surrogateescape") == data
    assert not file.closed
    return encoding, lines


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_the_encoding_is_found_and_every_byte_kept(codec: str, name: str) -> None:
    encoding, lines = decode(TEXT.encode(codec))
    assert encoding.name == name
    assert [line.text for line in lines] == [
        "CLJun 28, 2023",
        "Jan-Philipp Fränken · Öberg",
        "end",
    ]


def test_a_utf8_file_with_a_few_broken_bytes_stays_utf8() -> None:
    encoding, lines = decode("ä ö ü\n".encode() + b"Fr\xe4nken\n" + "é".encode()[:1])
    assert encoding == Encoding("utf-8")
    assert lines[1].text == "Fränken"


def test_bytes_that_windows_1252_lacks_are_kept() -> None:
    assert decode(b"caf\xe9 \x81\x8d\n")[0] == Encoding("cp1252")


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_broken_utf16_is_read_and_every_byte_kept(cut: int) -> None:
    _, lines = decode("\ufeffone\ntwo 👩".encode("utf-16-le")[:-cut])
    assert lines[0].text == "one"
    assert lines[1].text.startswith("two")


def test_lines_are_counted_as_editors_count_them() -> None:
    _, lines = decode(b"a\nb\r\nc\rd\x0ce\n\xe2\x80\xa8f")
    assert [(line.number, line.text) for line in lines] == [
        (1, "a"),
        (2, "b"),
        (3, "c"),
        (4, "d"),
        (4, "e"),
        (5, ""),
        (5, "f"),
    ]


def test_an_endless_line_is_read_in_pieces_of_one_number() -> None:
    _, lines = decode(b"x" * (LINE_LIMIT + 5) + b"\ny")
    assert [(line.number, len(line.raw)) for line in lines] == [(1, LINE_LIMIT), (1, 6), (2, 1)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\nCLJun 28, 2023\n",
        b"PK\x03\x04rest",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(256)) * 20,
        b"\x00" * 1000,
    ],
    ids=["empty", "PDF", "zip", "PNG", "all bytes", "zeros"],
)
def test_empty_and_binary_files_are_refused_with_advice(data: bytes) -> None:
    with pytest.raises(ListingError) as caught:
        detect_encoding(io.BytesIO(data), name="x.bin")
    assert caught.value.location.file == "x.bin"
    assert caught.value.hint
