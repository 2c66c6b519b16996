"""A document written again in one layout: the same entries, values and macros, other white space.

Knows how clean entries are laid out. Refuses to touch what breaks the grammar, comments, and the
text between entries: all that is carried as it is.
"""

from __future__ import annotations

from citeworks.bibtex.entries import Block, Document, Field, Piece


def format_document(document: Document) -> str:
    """The text with every clean entry, string and preamble in the standard layout."""
    return "".join(_format_block(document, block) for block in document.blocks)


def _format_block(document: Document, block: Block) -> str:
    if block.problems or block.delimiter != "{" or _is_on_comment_line(document, block):
        return document.raw(block)
    if block.kind == "entry":
        return _format_entry(block)
    if block.kind == "string":
        return f"@string{{{block.key} = {format_pieces(block.fields[0].pieces)}}}"
    if block.kind == "preamble":
        return f"@preamble{{{format_pieces(block.fields[0].pieces)}}}"
    return document.raw(block)


def _format_entry(block: Block) -> str:
    lines = [_format_field(field) for field in block.fields]
    return f"@{block.type.lower()}{{" + ",\n".join([block.key, *lines]) + "\n}"


def _format_field(field: Field) -> str:
    pieces = field.pieces
    if len(pieces) == 1 and pieces[0].kind == "{":
        return f"  {field.name.lower()} = {{{pieces[0].text}}}"
    return f"  {field.name.lower()} = {format_pieces(pieces)}"


def format_pieces(pieces: tuple[Piece, ...]) -> str:
    """A value as BibTeX reads it, texts in braces."""
    return " # ".join(_format_piece(piece) for piece in pieces)


def _format_piece(piece: Piece) -> str:
    return f"{{{piece.text}}}" if piece.kind in '{"' else piece.text


def _is_on_comment_line(document: Document, block: Block) -> bool:
    start = document.text.rfind("\n", 0, block.start) + 1
    return "%" in document.text[start : block.start]
