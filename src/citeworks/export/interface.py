"""What an exporter is, and the table of all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Protocol

from citeworks.errors import InputError
from citeworks.model import Record
from citeworks.nearest import did_you_mean

Exporter = Callable[[Iterable[Record]], str]

EXPORTERS = {
    "csl-json": "citeworks.export.csl_json",
    "bibtex": "citeworks.export.bibtex",
    "biblatex": "citeworks.export.biblatex",
    "csl-yaml": "citeworks.exchange.csl_yaml",
    "ris": "citeworks.exchange.ris",
    "nbib": "citeworks.exchange.nbib",
    "endnote-xml": "citeworks.exchange.endnote_xml",
    "hayagriva": "citeworks.exchange.hayagriva",
    "cff": "citeworks.exchange.citation_cff",
}
"""Every format, and the module whose ``dump`` writes it."""


class EntryExporter(Protocol):
    """An exporter that writes each record by itself: what is put between them is `FRAME`.

    The texts before, between and after at least one record, put together in the order of the keys,
    are what ``dump`` gives.
    """

    FRAME: tuple[str, str, str]

    def dump(self, records: Iterable[Record], /) -> str:
        """All records."""
        ...

    def dump_entry(self, record: Record, /) -> str:
        """One record as it stands in the whole."""
        ...


def load_entry_exporter(name: str) -> EntryExporter | None:
    """The exporter of a format that writes each record by itself; None for any other."""
    module = import_module(EXPORTERS[name]) if name in EXPORTERS else None
    return module if hasattr(module, "dump_entry") else None


def load_exporter(name: str) -> Exporter:
    """The exporter of a format; InputError with the nearest names when there is none."""
    if name not in EXPORTERS:
        raise InputError(f"unknown format {name!r}", hint=did_you_mean(name, EXPORTERS))
    dump: Exporter = import_module(EXPORTERS[name]).dump
    return dump
