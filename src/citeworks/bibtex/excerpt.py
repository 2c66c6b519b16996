"""Some entries of a document, to the letter, with what they need: macros, parents, preambles.

Knows what an entry refers to. Refuses to rewrite anything, and to hold more of a large document
than its keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.dates import MONTH_NAMES
from citeworks.bibtex.entries import Block, Document, Piece
from citeworks.bibtex.macros import Macros, expand
from citeworks.bibtex.stretches import Stretches, places_of
from citeworks.errors import BibtexSyntaxError

_REFERRING = frozenset(("crossref", "xref", "xdata", "entryset", "related"))


def excerpt(document: Document, keys: Iterable[str] | None) -> str:
    """The entries under `keys` (all of them for None) in the order of the document."""
    return Contents(document).excerpt(keys)


class Contents:
    """What a document has under which keys; entries are called by their number."""

    @without_collector
    def __init__(self, document: Document | Stretches) -> None:
        self._document = document
        self._macros = Macros(MONTH_NAMES)
        self._keys: list[str] = []
        self._numbers: dict[str, int] = {}
        self._aliases: dict[str, int] = {}
        self._referring: dict[int, list[tuple[Piece, ...]]] = {}
        self.errors: list[BibtexSyntaxError] = []
        for stretch, block in places_of(document):
            if block.problems:
                self.errors.extend(stretch.errors_of(block))
            if block.kind == "string":
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
                self._referring.setdefault(number, []).append(field.pieces)
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
        """The text of the entries under `keys`, or of all for None, and of what they need."""
        used = range(len(self._keys)) if keys is None else self._used(keys)
        if not used:
            return ""
        number = -1
        parts: list[tuple[str, str]] = []
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
            parts.append((defines, stretch.raw(block).replace("\r\n", "\n") + "\n"))
        needed = {"", *_closure(macros, strings)}
        return "\n".join(text for defines, text in parts if defines in needed)

    def _used(self, keys: Iterable[str]) -> set[int]:
        """The entries under `keys` and all that they refer to."""
        folded: dict[str, int] = {}
        if self._referring:
            for key in self.keys:
                folded.setdefault(key.lower(), self._number(key))
        used: set[int] = set()
        waiting = [self._number(key) for key in keys]
        while waiting:
            number = waiting.pop()
            if number < 0 or number in used:
                continue
            used.add(number)
            for pieces in self._referring.get(number, ()):
                for key in expand(pieces, self._macros).split(","):
                    found = self._number(key.strip())
                    waiting.append(found if found >= 0 else folded.get(key.strip().lower(), -1))
        return used

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
