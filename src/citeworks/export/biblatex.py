"""BibLaTeX: Unicode, for biber."""

from __future__ import annotations

from collections.abc import Iterable

from citeworks.bibtex import writer
from citeworks.model import Record


def dump(records: Iterable[Record]) -> str:
    """The records as a .bib file, sorted by citation key."""
    return writer.dump(records, dialect="biblatex")
