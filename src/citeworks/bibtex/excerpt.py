"""Some entries of a document, to the letter, with what they need: macros, parents, preambles.

Knows what an entry refers to. Refuses to rewrite anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from citeworks.bibtex.entries import Block, Document
from citeworks.bibtex.macros import Macros, expand, string_values

_REFERRING = ("crossref", "xref", "xdata", "entryset", "related")


def entries_by_key(document: Document) -> dict[str, Block]:
    """The entries under their keys and their ``ids``; of two with one key the first."""
    found: dict[str, Block] = {}
    aliases: dict[str, Block] = {}
    for block in document.entries:
        found.setdefault(block.key, block)
        for field in block.fields:
            if field.name.lower() == "ids":
                for alias in "".join(piece.text for piece in field.pieces).split(","):
                    aliases.setdefault(alias.strip(), block)
    return {**aliases, **found}


def excerpt(document: Document, keys: Iterable[str] | None) -> str:
    """The entries under `keys` (all of them for None) in the order of the document."""
    kept = document.entries if keys is None else used_entries(document, keys)
    chosen = set(map(id, kept))
    macros = _macros_used(document, kept)
    parts = []
    for block in document.blocks:
        needed = block.kind == "preamble" or (
            block.kind == "string" and block.key.lower() in macros
        )
        if (needed and kept) or id(block) in chosen:
            parts.append(document.raw(block).replace("\r\n", "\n") + "\n")
    return "\n".join(parts)


def used_entries(document: Document, keys: Iterable[str]) -> list[Block]:
    """The entries under `keys` and all that they refer to, in the order of the document."""
    entries = entries_by_key(document)
    macros = string_values(document)
    folded: dict[str, Block] = {}
    for key, block in entries.items():
        folded.setdefault(key.lower(), block)
    chosen: set[int] = set()
    waiting = [entries[key] for key in keys if key in entries]
    while waiting:
        block = waiting.pop()
        if id(block) in chosen:
            continue
        chosen.add(id(block))
        for key in _referred(block, macros):
            parent = entries.get(key) or folded.get(key.lower())
            if parent is not None:
                waiting.append(parent)
    return [block for block in document.entries if id(block) in chosen]


def _referred(block: Block, macros: Macros) -> Iterator[str]:
    for field in block.fields:
        if field.name.lower() in _REFERRING:
            yield from (key.strip() for key in expand(field.pieces, macros).split(","))


def _macros_used(document: Document, blocks: list[Block]) -> set[str]:
    """The macros that the entries and the preambles use, and those that these are made of."""
    strings: dict[str, list[Block]] = {}
    for block in document.blocks:
        if block.kind == "string":
            strings.setdefault(block.key.lower(), []).append(block)
    preambles = [block for block in document.blocks if block.kind == "preamble"]
    used: set[str] = set()
    waiting = [*blocks, *preambles]
    while waiting:
        names = {
            piece.text.lower()
            for field in waiting.pop().fields
            for piece in field.pieces
            if piece.kind == "a"
        }
        for name in (names & strings.keys()) - used:
            used.add(name)
            waiting.extend(strings[name])
    return used
