"""Clean blocks in one layout: the same types, keys, values and macros, other white space.

Knows how an entry, a ``@string`` and a ``@preamble`` are laid out. Refuses to touch what breaks the
grammar, comments, and the text between entries: all that is carried as it is.
"""

from __future__ import annotations

from citeworks.bibtex.entries import Block, Document, Field, Piece


def format_document(document: Document) -> str:
    """The text with every clean entry, string and preamble in the standard layout."""
    out: list[str] = []
    before = ""
    for block in document.blocks:
        raw = document.raw(block)
        out.append(raw if is_left_alone(block, before) else format_block(block))
        before = raw if block.kind == "text" else ""
    return "".join(out)


def is_left_alone(block: Block, text_before: str) -> bool:
    """True for a block that keeps its own letters: broken, odd, or behind a ``%`` on its line."""
    clean = not block.problems and (block.delimiter == "{" or "}" not in block.key)
    known = block.kind in ("entry", "string", "preamble")
    return not (clean and known) or "%" in text_before.rpartition("\n")[2]


def format_block(block: Block, *, align: bool = False) -> str:
    """A clean entry, string or preamble; with `align` the equal signs stand in one column."""
    if block.kind == "string":
        return f"@string{{{block.key} = {format_pieces(block.fields[0].pieces)}}}"
    if block.kind == "preamble":
        return f"@preamble{{{format_pieces(block.fields[0].pieces)}}}"
    width = max((len(field.name) for field in block.fields), default=0) if align else 0
    lines = [_format_field(field, width) for field in block.fields]
    return f"@{block.type.lower()}{{" + ",\n".join([block.key, *lines]) + "\n}"


def _format_field(field: Field, width: int) -> str:
    pieces = field.pieces
    name = field.name.lower().ljust(width) if width else field.name.lower()
    if len(pieces) == 1 and pieces[0].kind == "{":
        return f"  {name} = {{{pieces[0].text}}}"
    return f"  {name} = {format_pieces(pieces)}"


def format_pieces(pieces: tuple[Piece, ...]) -> str:
    """A value as BibTeX reads it, texts in braces."""
    return " # ".join(_format_piece(piece) for piece in pieces)


def _format_piece(piece: Piece) -> str:
    return f"{{{piece.text}}}" if piece.kind in '{"' else piece.text
