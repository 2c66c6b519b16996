"""To and from bibtexparser 1.x's `BibDatabase`; the only door to bibtexparser.

Knows which keys its entry dictionaries have. Values cross as they stand in the .bib text, LaTeX
included: neither side decodes anything here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from citeworks.bibtex.entries import Document
from citeworks.bibtex.fields import Dialect
from citeworks.bibtex.inherit import flatten
from citeworks.bibtex.layout import format_pieces
from citeworks.bibtex.lexer import loads
from citeworks.bibtex.macros import string_values
from citeworks.bibtex.reader import Reading, read_records
from citeworks.bibtex.richtext import is_balanced
from citeworks.bibtex.safety import neutralise
from citeworks.bibtex.writer import entry_fields
from citeworks.model import Record

if TYPE_CHECKING:
    from bibtexparser.bibdatabase import BibDatabase

_OWN_KEYS = ("ENTRYTYPE", "ID")


def to_bib_database(records: Iterable[Record], *, dialect: Dialect = "bibtex") -> BibDatabase:
    """A `BibDatabase` of the records, in their order, as `dump` would write them."""
    database = _new_database()
    for record in records:
        kind, fields = entry_fields(record, dialect, ascii=dialect == "bibtex")
        database.entries.append({**fields, "ENTRYTYPE": kind, "ID": record.key})
    return database


def document_to_bib_database(source: Document | str | bytes) -> BibDatabase:
    """A `BibDatabase` of a .bib text, macros expanded, comments and preambles kept."""
    document = source if isinstance(source, Document) else loads(source)
    macros = string_values(document)
    database = _new_database()
    for block in document.blocks:
        if block.kind == "entry":
            fields = flatten(block, macros).fields
            database.entries.append({**fields, "ENTRYTYPE": block.type.lower(), "ID": block.key})
        elif block.kind == "string":
            database.strings[block.key.lower()] = macros[block.key.lower()]
        elif block.kind == "preamble":
            database.preambles.append(format_pieces(block.fields[0].pieces).strip("{}"))
        elif block.kind == "comment":
            database.comments.append(document.raw(block).partition("{")[2].rstrip().rstrip("}"))
    return database


def from_bib_database(database: BibDatabase, *, file: str = "") -> Reading:
    """The records of a `BibDatabase`; it must have been read without customizations."""
    return read_records(_to_text(database), file=file)


def _new_database() -> BibDatabase:
    from bibtexparser.bibdatabase import BibDatabase

    return BibDatabase()


def _to_text(database: BibDatabase) -> str:
    return "\n".join(_entry_text(entry) for entry in database.entries)


def _entry_text(entry: dict[str, Any]) -> str:
    lines = [
        f"  {name} = {{{_balanced(str(value))}}}"
        for name, value in entry.items()
        if name not in _OWN_KEYS
    ]
    return f"@{entry['ENTRYTYPE']}{{" + ",\n".join([entry["ID"], *lines]) + "\n}\n"


def _balanced(value: str) -> str:
    return value if is_balanced(value) else neutralise(value)
