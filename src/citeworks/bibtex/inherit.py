"""Entries with what they inherit: `crossref`, `xdata`, and the macros put in.

Knows BibLaTeX's default rules of inheritance and that first fields win. Refuses to decode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from citeworks.bibtex.entries import Block
from citeworks.bibtex.macros import Macros, expand

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
        fields.setdefault(name, expand(pieces, macros, flat.undefined))
    return flat


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
