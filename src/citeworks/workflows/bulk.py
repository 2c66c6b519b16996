"""A large .bib file in another format: one record is held at a time, the rest is on the disk.

Knows the formats that write each record by itself. What comes out is what `export` makes of the
same records: they are put in order at last, by their keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from citeworks.bibtex.entries import Document
from citeworks.bibtex.fields import Dialect
from citeworks.bibtex.keys import Report, arranged, parents_of
from citeworks.bibtex.reader import read_each
from citeworks.bibtex.shelf import Shelf
from citeworks.bibtex.stretches import Stretches
from citeworks.bibtex.writer import Written, written_entry
from citeworks.errors import BibtexSyntaxError
from citeworks.export.interface import EntryExporter, load_entry_exporter
from citeworks.model import Issue, Library, Record
from citeworks.normalize.rules import normalize
from citeworks.workflows.add import Entrance
from citeworks.workflows.export import BIB_FORMATS, BibOptions
from citeworks.workflows.interface import Watch
from citeworks.workflows.legible import legible

_KEYLESS = re.compile(r"@\s*[^\s\"#%'(),={}@\\\d][^\s\"#%'(),={}]*\s*[{(]\s*[,})]")


class Listener(Protocol):
    """Who hears of each doubt and each error at once."""

    def read(self, issue: Issue) -> None:
        """A doubt about an entry that was read."""
        ...

    def broken(self, error: BibtexSyntaxError) -> None:
        """An entry that breaks the grammar."""
        ...

    def duplicate(self, issue: Issue) -> None:
        """A work without a key that was there already."""
        ...

    def written(self, issue: Issue) -> None:
        """A doubt about how a record could be written."""
        ...


def is_by_entry(output: str) -> bool:
    """True for a format that can be written one record at a time."""
    return output in BIB_FORMATS or load_entry_exporter(output) is not None


def bulk_export(
    document: Document | Stretches,
    output: str,
    shelf: Shelf,
    *,
    bib: BibOptions,
    pattern: str,
    watch: Watch,
    listener: Listener,
) -> Iterator[str]:
    """Read the whole document onto the shelf; the text of the export is made from there.

    The listener hears on the way what is doubtful or broken.
    """
    entrance = Entrance(Library(), pattern, keep_keyed=True, compare=document.mentions(_KEYLESS))
    exporter = load_entry_exporter(output)
    pile = (
        _Bib(shelf, BIB_FORMATS[output], bib, listener.written)
        if output in BIB_FORMATS or exporter is None
        else _Entries(shelf, exporter)
    )
    for part in read_each(document, watch=watch):
        for issue in part.issues:
            listener.read(issue)
        for error in part.errors:
            listener.broken(error)
        record = entrance.admit(normalize(part.record)) if part.record else None
        while entrance.duplicates:
            listener.duplicate(entrance.duplicates.pop())
        if record is not None:
            pile.put(record if output == "csl-json" else legible([record])[0])
    return pile.texts()


class _Entries:
    """The records of a format with a frame."""

    def __init__(self, shelf: Shelf, exporter: EntryExporter) -> None:
        self._shelf = shelf
        self._exporter = exporter
        self._keys: list[str] = []

    def put(self, record: Record) -> None:
        self._shelf.put(self._exporter.dump_entry(record))
        self._keys.append(record.key)

    def texts(self) -> Iterator[str]:
        if not self._keys:
            yield self._exporter.dump(())
            return
        before, between, after = self._exporter.FRAME
        for number in sorted(range(len(self._keys)), key=self._keys.__getitem__):
            yield before + self._shelf[number]
            before = between
        yield after


class _Ticket(NamedTuple):
    """What is remembered of an entry on the shelf."""

    key: str
    aliases: tuple[str, ...]
    number: int


class _Bib:
    """The records of a .bib text."""

    def __init__(self, shelf: Shelf, dialect: Dialect, options: BibOptions, report: Report) -> None:
        self._shelf = shelf
        self._dialect = dialect
        self._options = options
        self._report = report
        self._tickets: list[_Ticket] = []
        self._families: list[tuple[str, str]] = []

    def put(self, record: Record) -> None:
        options = self._options
        written = written_entry(
            record, self._dialect, ascii=options.ascii, fields=options.fields, report=self._report
        )
        self._tickets.append(_Ticket(record.key, record.aliases, len(self._shelf)))
        self._shelf.put(f"{written.kind}\n{written.fields}")
        self._families.extend(parents_of(record))

    def texts(self) -> Iterator[str]:
        between = ""
        sort = self._options.sort
        tickets, self._tickets = self._tickets, []
        for ticket, key, aliases in arranged(
            tickets, self._dialect, self._families, self._report, sort=sort
        ):
            kind, _, fields = self._shelf[ticket.number].partition("\n")
            yield between + Written(kind, fields).text(key, aliases)
            between = "\n"
