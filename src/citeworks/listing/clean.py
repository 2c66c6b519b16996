"""Cleaning of text for parsing: what pasting and wrong decoding did to a line is undone.

Knows invisible characters, spaces, HTML entities, UTF-8 that was read as Windows-1252, and the
escapes that stand for undecodable bytes. Never touches the raw text of a part, which stays what
was read. Refuses to know layouts.
"""

from __future__ import annotations

import html
import re
import unicodedata

from citeworks.listing.interface import (
    MOJIBAKE_REPAIRED,
    REPLACEMENT_CHARACTER,
    UNDECODABLE,
    Line,
)

_PLAIN = re.compile(r"[\x20-\x25\x27-\x7e]*[\r\n]*\Z")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROLS = re.compile(r"\x1b\[[0-9;:?]*[@-~]|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff]+"
)
_LIGATURES = {0xFB00 + i: s for i, s in enumerate(["ff", "fi", "fl", "ffi", "ffl", "st", "st"])}


def _cp1252_characters() -> dict[int, str]:
    # Windows-1252 leaves five bytes undefined; programs that mangle text pass them as controls.
    return {
        byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
        for byte in range(0x80, 0x100)
    }


_CHARACTER_OF = _cp1252_characters()
_BYTE_OF = {character: byte for byte, character in _CHARACTER_OF.items()} | {
    chr(byte): byte for byte in range(0x80, 0xA0)
}
_TRAIL = "[\x80-\xbf" + "".join(re.escape(_CHARACTER_OF[byte]) for byte in range(0x80, 0xA0)) + "]"
_MANGLED = re.compile(f"[Â-ß]{_TRAIL}|[à-ï]{_TRAIL}{{2}}|[ð-ô]{_TRAIL}{{3}}")
# An accented capital before a quotation mark looks like mangled text too, so a line is repaired
# only when it holds a pair that no language writes.
_SURELY_MANGLED = re.compile(
    f"[ÂÃ][\xa0-\xbf]|â[€\x80‚\x82„\x84ˆ\x88]{_TRAIL}|ï[»¬¼½¿]{_TRAIL}"
    f"|(?:[à-ï]{_TRAIL}{{2}}){{2}}|ð\u0178{_TRAIL}{{2}}|ð\x9f{_TRAIL}{{2}}"
)
_MANGLED_TWICE_AT_MOST = 2


def clean(raw: str) -> tuple[str, tuple[str, ...]]:
    """The text that `raw` was meant to be, on one line without outer space, and the problems."""
    if _PLAIN.match(raw):
        return " ".join(raw.split()), ()
    problems: list[str] = []
    text = _read_escaped_bytes(raw, problems)
    text = _repair_mojibake(text, problems)
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = _LONE_SURROGATE.sub("\ufffd", text)
    if "\ufffd" in text:
        problems.append(REPLACEMENT_CHARACTER)
    text = _CONTROLS.sub("", _INVISIBLE.sub(_keep_joiners, text)).translate(_LIGATURES)
    return unicodedata.normalize("NFC", " ".join(text.split())), tuple(problems)


def clean_line(number: int, raw: str) -> Line:
    """The line with its text cleaned."""
    text, problems = clean(raw)
    return Line(number, raw, text, problems)


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs as ASCII, so that patterns can match them."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _read_escaped_bytes(text: str, problems: list[str]) -> str:
    if not _ESCAPED_BYTE.search(text):
        return text
    problems.append(UNDECODABLE)
    return _ESCAPED_BYTE.sub(lambda match: _CHARACTER_OF[ord(match[0]) - 0xDC00], text)


def _repair_mojibake(text: str, problems: list[str]) -> str:
    if text.isascii():
        return text
    for _ in range(_MANGLED_TWICE_AT_MOST):
        if not _SURELY_MANGLED.search(text):
            break
        repaired = _MANGLED.sub(_decode_again, text)
        if repaired == text:
            break
        text = repaired
        if MOJIBAKE_REPAIRED not in problems:
            problems.append(MOJIBAKE_REPAIRED)
    return text


def _decode_again(match: re.Match[str]) -> str:
    data = bytes(_BYTE_OF.get(character) or ord(character) for character in match[0])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _keep_joiners(match: re.Match[str]) -> str:
    """Invisible characters carry meaning beside Arabic, Hebrew, Indic scripts and emoji only."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if any(_is_shaped(neighbour) for neighbour in (before, after) if neighbour):
        return match[0].replace("\ufeff", "").replace("\u00ad", "")
    return ""


def _is_shaped(character: str) -> bool:
    code = ord(character)
    return (
        0x0590 <= code <= 0x1CFF
        or 0xFB1D <= code <= 0xFEFC
        or 0x2190 <= code <= 0x2BFF
        or (code >= 0x1F000)
    )
