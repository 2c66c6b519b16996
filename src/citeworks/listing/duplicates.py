"""Entries of one listing that are the same work: same identifier, or same title and first author.

Knows the entries seen lately, by hash, so that memory does not grow with the file. Nothing is
merged: a later entry is only marked.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from citeworks.listing.identifiers import STRONG_SCHEMES
from citeworks.listing.interface import DUPLICATE_OF, Entry, Part

_REMEMBERED = 1 << 15
_LINE_BITS = 40


class SeenEntries:
    """The line ranges of the last entries, under the hashes of what identifies them."""

    def __init__(self, limit: int = _REMEMBERED) -> None:
        self._limit = limit
        # Plain integers for hashes and line ranges: a third of the memory of bytes and tuples.
        self._lines: dict[int, int] = {}

    def mark(self, part: Part) -> Part:
        """The part, its entry marked if an earlier one is the same work."""
        if part.entry is None:
            return part
        keys = [_hash(key) for key in _keys(part.entry)]
        earlier = next((self._lines[key] for key in keys if key in self._lines), None)
        first, last = part.lines
        for key in keys:
            self._remember(key, (first << _LINE_BITS) + last if earlier is None else earlier)
        if earlier is None:
            return part
        lines = (earlier >> _LINE_BITS, earlier % (1 << _LINE_BITS))
        problems = (*part.entry.problems, DUPLICATE_OF)
        return replace(part, entry=replace(part.entry, problems=problems, duplicate_of=lines))

    def _remember(self, key: int, lines: int) -> None:
        self._lines.setdefault(key, lines)
        if len(self._lines) > self._limit:
            del self._lines[next(iter(self._lines))]


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())


def _keys(entry: Entry) -> Iterator[str]:
    for identifier in entry.identifiers:
        if identifier.scheme in STRONG_SCHEMES or not entry.title:
            yield str(identifier)
    title = _fold(entry.title)
    if title and (entry.authors or not entry.identifiers):
        yield f"{title}/{_fold(entry.authors[0]) if entry.authors else ''}"


def _fold(text: str) -> str:
    decomposed = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(filter(str.isalnum, decomposed.casefold()))
