"""Some entries of a document, to the letter, with what they need: macros, parents, preambles.

Knows what an entry refers to. Refuses to rewrite anything, and to hold more of a large document
than its keys.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from math import inf
from operator import itemgetter

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.dates import MONTH_NAMES
from citeworks.bibtex.entries import Block, Document, Piece
from citeworks.bibtex.families import behind
from citeworks.bibtex.macros import Macros, expand
from citeworks.bibtex.stretches import Stretches, places_of
from citeworks.errors import BibtexSyntaxError

_REFERRING = frozenset(("crossref", "xref", "xdata", "entryset", "related"))


def excerpt(document: Document, keys: Iterable[str] | None) -> str:
    """The entries under `keys` (all of them for None) as `Contents.excerpt` has them."""
    return Contents(document).excerpt(keys)


class Contents:
    """What a document has under which keys; entries are called by their number."""

    @without_collector
    def __init__(self, document: Document | Stretches) -> None:
        self._document = document
        self._macros = Macros(MONTH_NAMES)
        self._defined: set[str] = set()
        self._is_redefined = False  # then an entry says something else in another place
        self._keys: list[str] = []
        self._numbers: dict[str, int] = {}
        self._aliases: dict[str, int] = {}
        self._referring: dict[int, list[tuple[str, tuple[Piece, ...]]]] = {}
        self.errors: list[BibtexSyntaxError] = []
        for stretch, block in places_of(document):
            if block.problems:
                self.errors.extend(stretch.errors_of(block))
            if block.kind == "string":
                self._is_redefined |= block.key.lower() in self._defined
                self._defined.add(block.key.lower())
                self._macros[block.key.lower()] = expand(block.fields[0].pieces, self._macros)
            elif block.kind == "entry":
                self._enter(block)

    def _enter(self, block: Block) -> None:
        number = len(self._keys)
        self._keys.append(block.key)
        self._numbers.setdefault(block.key, number)
        for field in block.fields:
            name = field.name.lower()
            if name in _REFERRING:
                self._referring.setdefault(number, []).append((name, field.pieces))
            elif name == "ids":
                for alias in "".join(piece.text for piece in field.pieces).split(","):
                    self._aliases.setdefault(alias.strip(), number)

    @property
    def keys(self) -> Iterator[str]:
        """The keys of the entries and their ``ids``."""
        yield from self._aliases
        yield from self._numbers

    def unused(self, keys: Iterable[str]) -> list[str]:
        """The keys of the entries that those under `keys` do not refer to."""
        used = self._used(keys)
        return [key for number, key in enumerate(self._keys) if number not in used]

    @without_collector
    def excerpt(self, keys: Iterable[str] | None) -> str:
        """The text of the entries under `keys`, or of all for None, and of what they need.

        They are in the order of the document, but for a `crossref` parent that stands before a
        child: it comes behind, where BibTeX finds it.
        """
        used = range(len(self._keys)) if keys is None else self._used(keys)
        if not used:
            return ""
        number = -1
        parts: list[tuple[tuple[float, float], str, str]] = []
        places = self._places(used)
        strings: dict[str, set[str]] = {}
        macros: set[str] = set()
        for stretch, block in places_of(self._document):
            number += block.kind == "entry"
            defines = block.key.lower() if block.kind == "string" else ""
            if defines:
                strings.setdefault(defines, set()).update(_macros_in(block))
            elif block.kind == "preamble" or (block.kind == "entry" and number in used):
                macros.update(_macros_in(block))
            else:
                continue
            place = (number, inf) if block.kind != "entry" else places.get(number, (number, 0))
            parts.append((place, defines, stretch.raw(block).replace("\r\n", "\n") + "\n"))
        needed = {"", *_closure(macros, strings)}
        if not self._is_redefined:
            parts.sort(key=itemgetter(0))
        return "\n".join(text for _, defines, text in parts if defines in needed)

    def _places(self, used: Collection[int]) -> dict[int, tuple[int, int]]:
        """Where the parents among the entries go."""
        links = [
            (child, parent)
            for child, fields in self._referring.items()
            if child in used
            for name, pieces in fields
            if name == "crossref" and (parent := self._target(expand(pieces, self._macros))) >= 0
        ]
        return behind(links, lambda number: number)

    def _used(self, keys: Iterable[str]) -> set[int]:
        """The entries under `keys` and all that they refer to."""
        used: set[int] = set()
        waiting = [self._number(key) for key in keys]
        while waiting:
            number = waiting.pop()
            if number < 0 or number in used:
                continue
            used.add(number)
            for _, pieces in self._referring.get(number, ()):
                waiting.extend(map(self._target, expand(pieces, self._macros).split(",")))
        return used

    def _target(self, key: str) -> int:
        """The entry that another calls by a key, in whatever capitals; -1 for none."""
        found = self._number(key.strip())
        return found if found >= 0 else self._folded.get(key.strip().lower(), -1)

    @cached_property
    def _folded(self) -> dict[str, int]:
        folded: dict[str, int] = {}
        for key in self.keys:
            folded.setdefault(key.lower(), self._number(key))
        return folded

    def _number(self, key: str) -> int:
        """Of two entries with one key the first; -1 for none."""
        return self._numbers.get(key, self._aliases.get(key, -1))


def _macros_in(block: Block) -> Iterator[str]:
    return (
        piece.text.lower() for field in block.fields for piece in field.pieces if piece.kind == "a"
    )


def _closure(macros: set[str], strings: dict[str, set[str]]) -> set[str]:
    """The macros, and those that they are made of."""
    used: set[str] = set()
    waiting = list(macros)
    while waiting:
        name = waiting.pop()
        if name in strings and name not in used:
            used.add(name)
            waiting.extend(strings[name])
    return used
