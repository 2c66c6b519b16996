"""BibTeX and BibLaTeX: text in, records out, and back.

`loads` cuts a text into blocks without losing a byte; `read_records` makes records of them;
`dump` writes records; `format_document` lays a document out again. Knows nothing of files and
commands.
"""

from citeworks.bibtex.entries import Block, Document
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
]
