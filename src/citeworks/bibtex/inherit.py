"""Entries with what they inherit: `crossref`, `xdata`, and the macros put in.

Knows BibLaTeX's default rules of inheritance and that first fields win. Refuses to decode.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from citeworks.bibtex.dates import MONTH_NAMES
from citeworks.bibtex.entries import Block, Document, Piece
from citeworks.bibtex.macros import DEFINES, Macros, expand, fold_white_space

if TYPE_CHECKING:
    from citeworks.bibtex.stretches import Stretches

_PRIVATE = frozenset(
    """
    crossref xref xdata ids options entryset execute label shorthand sortkey sortname sorttitle
    abstract keywords file doi url urldate eprint eprinttype eprintclass title subtitle titleaddon
    shorttitle author type pages annote annotation note timestamp owner langid
    """.split()
)
_TO_BOOK = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}
_TO_JOURNAL = {"title": "journaltitle", "subtitle": "journalsubtitle"}
_MAX_DEPTH = 8
_REFERRING = frozenset(("crossref", "xdata"))
_CROSSREF = re.compile("[cC][rR][oO][sS][sS][rR][eE][fF]")
_XDATA = re.compile("[xX][dD][aA][tT][aA]")


@dataclass(slots=True)
class Flat:
    """One entry's fields as texts, names in lower case; `inherited` names those of its parents."""

    block: Block
    fields: dict[str, str]
    inherited: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    undefined: set[str] = field(default_factory=set)


class Parents(dict[str, Flat]):
    """The entries that others inherit from, under their keys in lower case.

    What each of them hands down is worked out once for each depth at which it is met: thirty
    entries that all name each other would otherwise be gone through in every order.
    """

    def __init__(self) -> None:
        super().__init__()
        self._whole: dict[tuple[str, int], dict[str, str]] = {}
        self._open: set[str] = set()

    def whole(self, key: str, depth: int) -> dict[str, str]:
        """An entry's fields with those of its own parents; none if it is not there."""
        key = key.strip().lower()
        if not key or key not in self:
            return {}
        if (key, depth) not in self._whole:
            if key in self._open:
                return self[key].fields
            self._open.add(key)
            self._whole[key, depth] = _with_parents(self[key], self, depth)
            self._open.remove(key)
        return self._whole[key, depth]


def flatten(block: Block, macros: Macros) -> Flat:
    """The entry's own fields; of a field that is given twice the first stands."""
    fields: dict[str, str] = {}
    flat = Flat(block, fields)
    for given, pieces, _, _ in block.fields:
        name = given.lower()
        if name in fields:
            flat.repeated.append(name)
            expand(pieces, macros, flat.undefined)
        elif len(pieces) == 1 and pieces[0][0] != "a":
            fields[name] = fold_white_space(pieces[0][1])
        else:
            fields[name] = expand(pieces, macros, flat.undefined)
    return flat


def family_of(
    document: Document | Stretches, see: Callable[[Block], object] | None = None
) -> tuple[Macros, Parents]:
    """What entries take from other blocks: the macros, and the entries that others inherit from.

    Names and keys are in lower case. `see` is shown every entry on the way.
    """
    macros = Macros(MONTH_NAMES)
    named: list[tuple[Piece, ...]] = []
    refer = document.mentions(_CROSSREF) or document.mentions(_XDATA)
    if not (see or refer or document.mentions(DEFINES)):
        return macros, Parents()
    for block in document.blocks:
        if block.kind == "string":
            macros[block.key.lower()] = expand(block.fields[0].pieces, macros)
        elif block.kind == "entry":
            if refer:
                named += [item.pieces for item in block.fields if item.name.lower() in _REFERRING]
            if see:
                see(block)
    texts = (expand(pieces, macros).lower() for pieces in named)
    return macros, _entries_under({key.strip() for text in texts for key in text.split(",")},
                                  document, macros)  # fmt: skip


def _entries_under(wanted: set[str], document: Document | Stretches, macros: Macros) -> Parents:
    found = Parents()
    for block in document.blocks if wanted else ():
        key = block.key.lower()
        if block.kind == "entry" and key in wanted:
            found[key] = flatten(block, macros)
            wanted.discard(key)
            if not wanted:
                break
    return found


def inherit(flat: Flat, parents: Parents) -> dict[str, str]:
    """The fields with those of the parents; names that were not there go into `inherited`."""
    found = _with_parents(flat, parents, _MAX_DEPTH)
    flat.inherited = found.keys() - flat.fields.keys()
    return found


def _with_parents(flat: Flat, parents: Parents, depth: int) -> dict[str, str]:
    fields = dict(flat.fields)
    if not depth or not ("crossref" in fields or "xdata" in fields):
        return fields
    for key in fields.get("xdata", "").split(","):
        for name, value in parents.whole(key, depth - 1).items():
            fields.setdefault(name, value)
    inherited = parents.whole(fields.get("crossref", ""), depth - 1)
    for name, value in _handed_down(flat.block.type.lower(), inherited).items():
        fields.setdefault(name, value)
    return fields


def _handed_down(child: str, parent: Mapping[str, str]) -> dict[str, str]:
    renamed = _TO_JOURNAL if child in ("article", "suppperiodical") else _TO_BOOK
    found = {name: value for name, value in parent.items() if name not in _PRIVATE}
    for name, target in renamed.items():
        if name in parent:
            found.setdefault(target, parent[name])
    if child in ("inbook", "bookinbook", "suppbook") and "author" in parent:
        found.setdefault("author", parent["author"])
        found.setdefault("bookauthor", parent["author"])
    return found
