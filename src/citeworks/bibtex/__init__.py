"""BibTeX and BibLaTeX: text in, records out, and back.

`loads` cuts a text into blocks without losing a byte; `read_records` makes records of them;
`dump` writes records; `format_document` lays a document out again,
and `tidy` does it as ``cite fmt``. Knows nothing of files and
commands. Each name is imported when it is first used: cutting needs none of LaTeX's tables.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from citeworks.bibtex.entries import Block, Document
    from citeworks.bibtex.formatter import tidy
    from citeworks.bibtex.layout import format_document
    from citeworks.bibtex.lexer import loads
    from citeworks.bibtex.reader import Reading, read_records
    from citeworks.bibtex.writer import dump, encode_text

__all__ = [
    "Block",
    "Document",
    "Reading",
    "dump",
    "encode_text",
    "format_document",
    "loads",
    "read_records",
    "tidy",
]

_HOMES = {
    "Block": "entries",
    "Document": "entries",
    "Reading": "reader",
    "dump": "writer",
    "encode_text": "writer",
    "format_document": "layout",
    "loads": "lexer",
    "read_records": "reader",
    "tidy": "formatter",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
