"""Bytes to lines: which encoding a file is in, and its lines, without losing a byte.

Knows byte order marks, UTF-8, UTF-16 and Windows-1252, and what a binary file looks like. The raw
texts of all lines, joined and encoded in `Decoded.encoding` with ``surrogateescape``, are the
file. Refuses to know what the lines mean.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from citeworks.errors import ListingError, Location
from citeworks.listing.clean import clean_line
from citeworks.listing.interface import Line

SAMPLE_BYTES = 1 << 16
LINE_LIMIT = 1 << 22
"""Longer lines are read in pieces of this many characters, so that memory stays bounded."""
_BLOCK = 1 << 20
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
# What splits a line for a reader although editors do not count it as a line break.
_SOFT_BREAK = re.compile("(?<=[\x0b\x0c\u2028\u2029])")
_BINARY_SIGNATURES = {
    b"%PDF-": "a PDF document; copy the text out of it, or give its DOI",
    b"PK\x03\x04": "a zip archive or an office document; save it as plain text",
    b"\x1f\x8b": "a gzip archive; unpack it first",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"SQLite format 3": "an SQLite database",
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is the codec in which joined raw text gives the file back.

    `wrapped` is the codec of the text inside it: broken UTF-16 has no text form that gives its
    bytes back, so its raw text is Latin-1, one character for each byte.
    """

    name: str
    wrapped: str = ""


def detect_encoding(file: BinaryIO, *, name: str) -> Encoding:
    """The encoding of a seekable file, from its byte order mark or the whole of its bytes.

    Raises ListingError if the file is empty or binary. The position in the file is kept.
    """
    start = file.tell()
    sample = file.read(SAMPLE_BYTES)
    file.seek(start)
    if not sample:
        raise ListingError("the file is empty", location=Location(name), hint=_EMPTY_HINT)
    for signature, advice in _BINARY_SIGNATURES.items():
        if sample.startswith(signature):
            raise _binary(name, f"It looks like {advice}.")
    if codec := _utf16_codec(sample):
        return _check_utf16(file, codec, start)
    if len(_CONTROL.findall(sample)) > max(8, len(sample) // 20):
        raise _binary(name, "Give a text file, or text on standard input.")
    return Encoding("utf-8" if _is_utf8(file, start) else "cp1252")


def read_lines(file: BinaryIO, encoding: Encoding) -> Iterator[Line]:
    """The lines from the file's position on, cleaned; the file is left open."""
    for number, raw, text in _numbered(file, encoding):
        if raw is text:
            for piece in _SOFT_BREAK.split(text) if _has_soft_break(text) else (text,):
                if piece:
                    yield clean_line(number, piece)
        else:
            line = clean_line(number, text)
            yield Line(number, raw, line.text, line.problems)


_EMPTY_HINT = "Paste a listing into it, or give identifiers: cite add 10.1000/182"


def _binary(name: str, hint: str) -> ListingError:
    return ListingError("this is a binary file, no listing", location=Location(name), hint=hint)


def _has_soft_break(text: str) -> bool:
    return "\x0b" in text or "\x0c" in text or "\u2028" in text or "\u2029" in text


def _utf16_codec(sample: bytes) -> str:
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if sample.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # Latin text in UTF-16 without a mark: nearly every second byte is NUL, and no other.
    if half >= 4 and odd > 0.7 * half and even < 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if half >= 4 and even > 0.7 * half and odd < 0.02 * half else ""


def _check_utf16(file: BinaryIO, codec: str, start: int) -> Encoding:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return Encoding("latin-1", codec)
    finally:
        file.seek(start)
    return Encoding(codec)


def _is_utf8(file: BinaryIO, start: int) -> bool:
    """True unless bytes that are no UTF-8 outnumber the characters that are."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    broken = valid = 0
    while block := file.read(_BLOCK):
        text = decoder.decode(block)
        stray = len(_ESCAPED_BYTE.findall(text))
        broken += stray
        valid += len(_NOT_ASCII.findall(text)) - stray
    file.seek(start)
    return broken <= valid


def _numbered(file: BinaryIO, encoding: Encoding) -> Iterator[tuple[int, str, str]]:
    codec = encoding.wrapped or encoding.name
    errors = "surrogatepass" if encoding.wrapped else "surrogateescape"
    if codec.startswith("utf-16") and not encoding.wrapped:
        errors = "strict"
    tail = _OddTail(file) if encoding.wrapped else None
    stream = cast(BinaryIO, io.BufferedReader(tail)) if tail else file
    wrapper = io.TextIOWrapper(stream, encoding=codec, errors=errors, newline="")
    number = 1
    try:
        while text := wrapper.readline(LINE_LIMIT):
            raw = text.encode(codec, errors).decode("latin-1") if tail else text
            yield number, raw, text
            number += text.endswith(("\n", "\r"))
    finally:
        if not stream.closed:
            wrapper.detach()
    if tail and tail.odd_byte:
        yield number, tail.odd_byte.decode("latin-1"), "\ufffd"


class _OddTail(io.RawIOBase):
    """A reader that holds back the last byte of a file with an odd number of bytes."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.odd_byte = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.odd_byte + self._file.read(max(len(buffer) - 1, 1))
        keep = len(data) % 2
        self.odd_byte = data[len(data) - keep :]
        whole = data[: len(data) - keep]
        buffer[: len(whole)] = whole
        return len(whole)
