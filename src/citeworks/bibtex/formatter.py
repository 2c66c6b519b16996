"""A document as ``cite fmt`` writes it: layout, order, and a few values in their usual form.

Knows months, page ranges and DOIs, and what entries are sorted by. Refuses to change anything
else that BibTeX would see, and to touch a comment, a broken entry, or text outside the entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from citeworks.bibtex.arrange import Item, in_order, items_of, shelve, texts_of, units_of
from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.dates import MONTH_NAMES, MONTHS
from citeworks.bibtex.entries import Block, Document, Field, Piece
from citeworks.bibtex.families import behind
from citeworks.bibtex.fields import VERBATIM
from citeworks.bibtex.layout import format_block
from citeworks.bibtex.macros import expand, string_values
from citeworks.bibtex.pages import is_range
from citeworks.bibtex.shelf import Shelf
from citeworks.bibtex.stretches import Stretches
from citeworks.model.identifier import parse_doi

SORTS = ("key", "year", "type", "author", "title")
"""What entries can be put in order by."""

_BREAK = re.compile(r"(?<![ \t\f\v])[ \t\f\v]*+\r?\n[ \t\r\n\f\v]*")
_WINDOWS_NEWLINE = re.compile(r"\r\n")
_BARE_NEWLINE = re.compile(r"(?<!\r)\n")
_PAGE = r"[A-Za-z]{0,3}\d+[A-Za-z]?"
_RANGE = rf"{_PAGE}(?:\s*(?:-+|[–—])\s*{_PAGE})?"
_PAGES = re.compile(rf"\s*{_RANGE}(?:\s*,\s*{_RANGE})*\s*\Z", re.ASCII)
_DASHED = re.compile(rf"({_PAGE})(\s*(?:-+|[–—])\s*)({_PAGE})", re.ASCII)
_PROSE = frozenset("abstract annote annotation comment review".split())
"""Fields whose paragraphs other programs keep: their lines are not joined."""

_MONTH_WORDS = {
    **{str(number): name for number, name in enumerate(MONTHS, 1)},
    **{f"{number:02}": name for number, name in enumerate(MONTHS, 1)},
    **{name: name for name in MONTHS},
    **{long.lower(): name for name, long in MONTH_NAMES.items()},
    "sept": "sep",
}
_DIGITS = re.compile(r"-?\d{1,4}")
_UNSORTED = re.compile(r"[^\w\s]+")


@without_collector
def tidy(
    document: Document | Stretches,
    *,
    sort: Sequence[str] = (),
    align: bool = False,
    watch: Callable[[Iterable[Item]], Iterable[Item]] = iter,
) -> str:
    """The document's text in the standard form; tidying it again changes nothing.

    See `tidy_texts`.
    """
    return "".join(tidy_texts(document, sort=sort, align=align, watch=watch))


def tidy_texts(
    document: Document | Stretches,
    *,
    sort: Sequence[str] = (),
    align: bool = False,
    watch: Callable[[Iterable[Item]], Iterable[Item]] = iter,
) -> Iterator[str]:
    """The tidied text piece by piece, made while they are asked for.

    To be sorted, the texts of a large document wait on the disk.

    `sort` names what entries are put in order by, the most important first, a ``-`` before a name
    turning it round; without it they stay where they are. `watch` sees everything pass by.
    """
    macros = {block.key.lower() for block in document.blocks if block.kind == "string"}
    newline = "\r\n" if document.mentions(_WINDOWS_NEWLINE) else "\n"
    items = (_tidied(item, macros, align, newline) for item in watch(items_of(document)))
    if not sort:
        yield from texts_of(units_of(items), newline)
    elif isinstance(document, Document):
        yield from texts_of(in_order(units_of(items), _Order(document, sort)), newline)
    else:
        order = _Order(document, sort)
        with Shelf() as shelf:
            slim = (shelve(item, shelf, order.fields) for item in items)
            yield from texts_of(in_order(units_of(slim), order), newline, shelf)


def _tidied(item: Item, macros: Collection[str], align: bool, newline: str) -> Item:
    if item.block is None or item.alone:
        return item
    fields = [_normalised(field, macros) for field in item.block.fields]
    text = format_block(replace(item.block, fields=fields), align=align)
    return replace(item, text=_BARE_NEWLINE.sub(newline, text) if newline != "\n" else text)


def _normalised(field: Field, macros: Collection[str]) -> Field:
    """The field with its lines joined, and a month, pages or a DOI in the usual form."""
    name = field.name.lower()
    pieces = field.pieces
    if name not in _PROSE and name not in VERBATIM:
        pieces = tuple(Piece(kind, _BREAK.sub(" ", text)) for kind, text in pieces)
    if len(pieces) == 1 and pieces[0].kind != "a":
        pieces = (_USUAL[name](pieces[0], macros),) if name in _USUAL else pieces
    return field._replace(pieces=pieces)


def _month(piece: Piece, macros: Collection[str]) -> Piece:
    """The macro of an English month; not where the file gives the macro a meaning of its own."""
    macro = _MONTH_WORDS.get(piece.text.strip().rstrip(".").lower(), "")
    return Piece("a", macro) if macro and macro not in macros else piece


def _pages(piece: Piece, _: Collection[str]) -> Piece:
    if not _PAGES.match(piece.text):
        return piece
    return Piece(piece.kind, _DASHED.sub(_dashed, piece.text.strip()))


def _dashed(found: re.Match[str]) -> str:
    """A range with its two hyphens; a hyphen may also belong to the number of an article."""
    if found[2] == "-" and not is_range(found[1], found[3]):
        return found[0]
    return f"{found[1]}--{found[3]}"


def _doi(piece: Piece, _: Collection[str]) -> Piece:
    """The DOI without the address of its resolver, in the letters it was written with."""
    text = piece.text.strip()
    if (
        "%" in text
        or not text.isascii()
        or not parse_doi(text)
        or parse_doi(text) not in text.lower()
    ):
        return piece
    return Piece(piece.kind, text[text.lower().index(parse_doi(text)) :])


_USUAL = {"month": _month, "pages": _pages, "doi": _doi}


class _Order:
    """Gives each entry what it is sorted by; entries that others refer to come after those."""

    def __init__(self, document: Document | Stretches, names: Sequence[str]) -> None:
        self.macros = string_values(document)
        self.names = [(name.removeprefix("-"), name.startswith("-")) for name in names]
        families = [
            (block.key.lower(), expand(field.pieces, self.macros).lower())
            for block in document.blocks
            for field in block.fields
            if block.kind == "entry" and field.name.lower() in ("crossref", "xref")
        ]
        self.parents = behind(families)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that are looked at."""
        return frozenset(("date", *(name for name, _ in self.names)))

    def __call__(self, block: Block) -> tuple[object, ...]:
        values = (self._value(block, name, backwards) for name, backwards in self.names)
        return (self.parents.get(block.key.lower(), (0, 0)), *values, block.key.lower())

    def _value(self, block: Block, name: str, backwards: bool) -> object:
        if name == "year":
            found = _DIGITS.search(self._field(block, "year") or self._field(block, "date"))
            year = int(found[0]) if found else 10_000
            return -year if backwards else year
        text = {"key": block.key, "type": block.type}.get(name) or self._field(block, name)
        folded = _UNSORTED.sub("", text).lower()
        return _Backwards(folded) if backwards else folded

    def _field(self, block: Block, name: str) -> str:
        for field in block.fields:
            if field.name.lower() == name:
                return expand(field.pieces, self.macros)
        return ""


class _Backwards(str):
    """A text that sorts before those it would come after."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)
