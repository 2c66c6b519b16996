"""What an exporter is, and the table of all formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

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


def load_exporter(name: str) -> Exporter:
    """The exporter of a format; InputError with the nearest names when there is none."""
    if name not in EXPORTERS:
        raise InputError(f"unknown format {name!r}", hint=did_you_mean(name, EXPORTERS))
    dump: Exporter = import_module(EXPORTERS[name]).dump
    return dump
