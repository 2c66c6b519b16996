"""Entries with what they inherit: `crossref`, `xdata`, and the macros put in.

Knows BibLaTeX's default rules of inheritance and that first fields win. Refuses to decode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from citeworks.bibtex.entries import Block
from citeworks.bibtex.macros import expand

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


def flatten(block: Block, macros: Mapping[str, str]) -> Flat:
    """The entry's own fields; of a field that is given twice the first stands."""
    fields: dict[str, str] = {}
    flat = Flat(block, fields)
    for given, pieces, _, _ in block.fields:
        name = given.lower()
        if name in fields:
            flat.repeated.append(name)
        fields.setdefault(name, expand(pieces, macros, flat.undefined))
    return flat


def inherit(flat: Flat, by_key: Mapping[str, Flat]) -> dict[str, str]:
    """The fields with those of the parents; names that were not there go into `inherited`."""
    found = _with_parents(flat, by_key, _MAX_DEPTH, frozenset())
    flat.inherited = found.keys() - flat.fields.keys()
    return found


def _with_parents(
    flat: Flat, by_key: Mapping[str, Flat], depth: int, seen: frozenset[int]
) -> dict[str, str]:
    fields = dict(flat.fields)
    if not depth or id(flat) in seen or not ("crossref" in fields or "xdata" in fields):
        return fields
    seen |= {id(flat)}
    for key in fields.get("xdata", "").split(","):
        parent = by_key.get(key.strip().lower())
        if parent is not None:
            for name, value in _with_parents(parent, by_key, depth - 1, seen).items():
                fields.setdefault(name, value)
    parent = by_key.get(fields.get("crossref", "").lower())
    if parent is not None:
        inherited = _with_parents(parent, by_key, depth - 1, seen)
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
