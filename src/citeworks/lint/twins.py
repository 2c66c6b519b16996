"""Which entries speak of the same work: one look-up for each, nothing quadratic.

Knows DOIs, arXiv identifiers, and titles with their first author and year. Refuses to merge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

_COMMAND = re.compile(r"\\[A-Za-z]+\s?|<[^<>]{1,40}>")
_NOT_WORD = re.compile(r"[\W_]+")
_AND = re.compile(r"\sand\s", re.I)
_SHORTEST_TITLE = 16


class Work(NamedTuple):
    """What tells one work from another; `related` are keys of works that it is a part of."""

    key: str
    doi: str
    arxiv: str
    title: str
    first: str
    year: str
    is_preprint: bool = False
    related: frozenset[str] = frozenset()


class _Known(NamedTuple):
    """What is kept of a work that was met."""

    key: str
    year: str
    is_preprint: bool
    related: frozenset[str]


class Twins:
    """Remembers works and says which was met before: about half a kilobyte for each."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Known] = {}

    def meet(self, work: Work) -> Iterator[tuple[str, str]]:
        """Rule and sentence for the first reason by which the work is known, and remember it."""
        found = False
        known = _Known(work.key, work.year, work.is_preprint, work.related)
        for mark, (code, what) in _marks(work):
            twin = self._known.setdefault(_digest(mark), known)
            if twin is known or found or _are_parts(known, twin) or _differ(code, known, twin):
                continue
            found = True
            yield code, f"{work.key} has the same {what} as {twin.key}"


def _digest(mark: tuple[str, ...]) -> bytes:
    """Stands for the mark, however long its title is."""
    return blake2b("\0".join(mark).encode("utf-8", "surrogatepass"), digest_size=15).digest()


def _marks(work: Work) -> Iterator[tuple[tuple[str, ...], tuple[str, str]]]:
    if work.doi:
        yield ("doi", work.doi), ("D101", f"DOI {work.doi}")
    if work.arxiv:
        yield ("arxiv", work.arxiv), ("D102", f"arXiv identifier {work.arxiv}")
    title = plain(work.title)
    if len(title) >= _SHORTEST_TITLE and work.first:
        yield ("title", title, work.first), ("D103", "title and author")


def _differ(code: str, work: _Known, twin: _Known) -> bool:
    """Editions have the same title; a preprint and what became of it may be years apart."""
    if code != "D103" or work.is_preprint or twin.is_preprint:
        return False
    return bool(work.year and twin.year) and work.year != twin.year


def _are_parts(work: _Known, twin: _Known) -> bool:
    return twin.key.lower() in work.related or work.key.lower() in twin.related


def plain(text: str) -> str:
    """The letters and digits of a text, without case, markup and commands."""
    return _NOT_WORD.sub("", _COMMAND.sub("", text)).casefold()


def first_family(people: str) -> str:
    """The family name of the first of a list of names, as `plain` shows it."""
    first = _AND.split(people, maxsplit=1)[0].strip()
    family, comma, _ = first.partition(",")
    return plain(family if comma else first.rpartition(" ")[2])
