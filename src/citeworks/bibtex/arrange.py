"""The blocks of a document as pieces that can be put in order without losing what is between them.

Knows which text belongs to which block, what must not change places, and the white space between
blocks. Refuses to know what a block says but for its kind and its key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from citeworks.bibtex.entries import Block, Document
from citeworks.bibtex.layout import is_left_alone
from citeworks.bibtex.shelf import Shelf
from citeworks.bibtex.stretches import Stretches, places_of

_BLANK_LINE = re.compile(r"(?<![ \t\r\f\v])[ \t\r\f\v]*+\n[ \t\r\f\v]*\n[ \t\r\n\f\v]*")
SPACE = " \t\r\n\f\v"


@dataclass(frozen=True, slots=True)
class Item:
    """A block, or a text between blocks, without the white space round it.

    `gap` is the white space before it; `alone` says that its letters are to stay as they are.
    `shelved` is the number of its text on a shelf, if that is where it is.
    """

    gap: str
    text: str
    block: Block | None = None
    alone: bool = True
    shelved: int = -1

    @property
    def on_same_line(self) -> bool:
        """True if it begins on the line on which the item before it ends."""
        return "\n" not in self.gap


Unit = tuple[Item, ...]
"""An entry with the text right above it and that behind it, or what stays where it is."""


def items_of(document: Document | Stretches) -> Iterator[Item]:
    """The document from beginning to end."""
    gap = line = ""
    first = True
    for stretch, block in places_of(document):
        raw = stretch.raw(block)
        core = raw.strip(SPACE)
        if not core:
            gap += raw
            continue
        start = raw.index(core)
        gap += raw[:start]
        line = line if "\n" not in gap else ""
        if block.kind == "text":
            for space, text in _pieces(gap, core, first):
                yield Item(space, text)
                line = (line if "\n" not in space + text else "") + text.rpartition("\n")[2]
        else:
            yield Item(gap, core, block, is_left_alone(block, line))
            line = ""
        gap, first = raw[start + len(raw.strip(SPACE)) :], False


def units_of(items: Iterable[Item]) -> Iterator[Unit]:
    """The items in the units that may change places, or must not: see `is_movable`."""
    unit: list[Item] = []
    for item in items:
        joined = item.on_same_line and (item.block is None or (unit[-1:] and not unit[-1].block))
        continues = unit and (joined or _is_right_above(unit, item))
        if unit and not continues:
            yield tuple(unit)
            unit = []
        unit.append(item)
    if unit:
        yield tuple(unit)


def is_movable(unit: Unit) -> bool:
    """True for a single entry in the open, whose texts are no part of anything else."""
    blocks = [item.block for item in unit if item.block is not None]
    texts = (item.text for item in unit if item.block is None)
    return (
        len(blocks) == 1
        and blocks[0].kind == "entry"
        and not any(item.block is not None and item.alone for item in unit)
        and not any(sign in text for text in texts for sign in '{}@"')
    )


def in_order(units: Iterable[Unit], order: Callable[[Block], object]) -> list[Unit]:
    """The units with each run of movable ones sorted; equal ones keep their order."""
    found: list[Unit] = []
    for movable, group in groupby(units, is_movable):
        run = list(group)
        if movable:
            first = bool(not found)
            run = _sorted_run(run, order, keep_first=first and run[0][0].block is None)
        found.extend(run)
    return found


def _sorted_run(
    run: list[Unit], order: Callable[[Block], object], *, keep_first: bool
) -> list[Unit]:
    """Entries with one key stay behind the first of them, which is the one that BibTeX takes."""
    head, tail = (run[:1], run[1:]) if keep_first else ([], run)
    places: dict[str, object] = {}
    for unit in tail:
        block = _entry_of(unit)
        places.setdefault(block.key.lower(), order(block))
    placed = sorted(tail, key=lambda unit: places[_entry_of(unit).key.lower()])  # type: ignore[arg-type,return-value]
    return head + [(replace(unit[0], gap="\n\n"), *unit[1:]) for unit in placed]


def shelve(item: Item, shelf: Shelf, names: Collection[str]) -> Item:
    """A block without its text, and without the fields that are not among `names`."""
    if item.block is None:
        return item
    shelf.put(item.text)
    fields = [field for field in item.block.fields if field.name.lower() in names]
    return replace(item, text="", block=replace(item.block, fields=fields), shelved=len(shelf) - 1)


def texts_of(units: Iterable[Unit], newline: str, shelf: Shelf | None = None) -> Iterator[str]:
    """The text of all units: a blank line between entries, other gaps as they were, but bounded."""
    before: Item | None = None
    for item in (item for unit in units for item in unit):
        if before is not None:
            yield _gap(before, item).replace("\n", newline)
        yield shelf[item.shelved] if shelf and item.shelved >= 0 else item.text
        before = item
    if before is not None:
        yield newline


def _gap(before: Item, item: Item) -> str:
    lines = item.gap.count("\n")
    if before.block is None or item.block is None:
        return "\n" * min(lines, 2) if lines else item.gap
    entries = "entry" in (before.block.kind, item.block.kind)
    return "\n\n" if entries or lines != 1 else "\n"


def _entry_of(unit: Unit) -> Block:
    return next(item.block for item in unit if item.block is not None)


def _is_right_above(texts: Iterable[Item], item: Item) -> bool:
    return all(text.block is None for text in texts) and item.gap.count("\n") <= 1


def _pieces(gap: str, text: str, first: bool) -> Iterator[tuple[str, str]]:
    """The paragraphs of a text with the gaps before them; a first line may be one of its own."""
    if "\n" not in gap and not first:
        head, broken, rest = text.partition("\n")
        yield gap, head.rstrip(SPACE)
        text = rest.lstrip(SPACE)
        gap = head[len(head.rstrip(SPACE)) :] + broken + rest[: len(rest) - len(text)]
    while text:
        found = _BLANK_LINE.search(text)
        yield gap, text[: found.start()].rstrip(SPACE) if found else text
        gap = text[found.start() : found.end()] if found else ""
        text = text[found.end() :] if found else ""
