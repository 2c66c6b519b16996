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


class SeenEntries:
    """The line ranges of the last entries, under the hashes of what identifies them."""

    def __init__(self, limit: int = _REMEMBERED) -> None:
        self._limit = limit
        self._lines: dict[bytes, tuple[int, int]] = {}

    def mark(self, part: Part) -> Part:
        """The part, its entry marked if an earlier one is the same work."""
        if part.entry is None:
            return part
        keys = [hashlib.blake2b(key.encode(), digest_size=12).digest() for key in _keys(part.entry)]
        earlier = next((self._lines[key] for key in keys if key in self._lines), None)
        for key in keys:
            self._remember(key, earlier or part.lines)
        if earlier is None:
            return part
        problems = (*part.entry.problems, DUPLICATE_OF)
        return replace(part, entry=replace(part.entry, problems=problems, duplicate_of=earlier))

    def _remember(self, key: bytes, lines: tuple[int, int]) -> None:
        self._lines.setdefault(key, lines)
        if len(self._lines) > self._limit:
            del self._lines[next(iter(self._lines))]


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
