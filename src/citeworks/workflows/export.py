"""Records to text: an exchange format, or a bibliography in a CSL style."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from citeworks.bibtex import loads, writer
from citeworks.bibtex.fields import Dialect
from citeworks.bibtex.writer import FieldSet
from citeworks.errors import InputError
from citeworks.export.interface import EXPORTERS, load_exporter
from citeworks.model import Issue, Location, Record
from citeworks.nearest import did_you_mean
from citeworks.render.engines import load_renderer
from citeworks.render.interface import FORMATS
from citeworks.render.styles import load_style
from citeworks.workflows.legible import legible

BIB_FORMATS: dict[str, Dialect] = {"bibtex": "bibtex", "biblatex": "biblatex"}
ALL_FORMATS = (*FORMATS, *EXPORTERS)
FRAMES = {
    "text": ("", "\n", "\n"),
    "html": ('<div class="csl-bib-body">\n', "\n", "\n</div>\n"),
    "markdown": ("", "\n\n", "\n"),
    "latex": ("", "\n\n", "\n"),
    "rtf": ("{\\rtf1\\ansi\\uc0\n", "\\par\n", "\\par\n}\n"),
}
"""What stands before, between and after the entries of a bibliography."""


@dataclass(frozen=True, slots=True)
class BibOptions:
    """How a .bib file is written: see `citeworks.bibtex.dump`."""

    ascii: bool | None = None
    fields: FieldSet = "full"
    sort: bool = True


def check_format(name: str) -> str:
    """The format itself; InputError with the nearest names when there is none."""
    if name not in ALL_FORMATS:
        raise InputError(
            f"unknown format {name!r}",
            hint=did_you_mean(name, ALL_FORMATS) or "formats are " + ", ".join(ALL_FORMATS),
        )
    return name


def export(
    records: Sequence[Record],
    output: str,
    *,
    style: str = "apa",
    locale: str = "",
    engine: str = "",
    links: bool = False,
    bib: BibOptions | None = None,
    report: Callable[[Issue], None] = lambda issue: None,
) -> str:
    """The records in an exchange format, or as a bibliography in a style."""
    if check_format(output) != "csl-json":
        records = legible(records)
    if output in BIB_FORMATS:
        options = bib or BibOptions()
        return writer.dump(
            records,
            dialect=BIB_FORMATS[output],
            ascii=options.ascii,
            fields=options.fields,
            sort=options.sort,
            report=report,
        )
    if output in EXPORTERS:
        return load_exporter(output)(records)
    renderer = load_renderer(engine, load_style(style), locale, output, links=links)
    entries = dict(renderer.bibliography(records))
    for issue in _unprinted(records, entries, style):
        report(issue)
    before, between, after = FRAMES[output]
    return before + between.join(entries.values()) + after if entries else ""


def in_order_of(records: Sequence[Record], bib: bytes) -> list[Record]:
    """The records in the order that an existing .bib file has; those new to it come last."""
    places = {block.key: place for place, block in enumerate(loads(bib).entries)}
    return sorted(records, key=lambda record: places.get(record.key, len(places)))


def _unprinted(
    records: Sequence[Record], entries: Mapping[str, str], style: str
) -> Iterator[Issue]:
    if records and not entries:
        yield Issue("R002", f"the style {style} prints no bibliography", location=Location(style))
        return
    for record in records:
        if record.key not in entries:
            message = f"the style {style} prints nothing for a record of type {record.type}"
            yield Issue("R001", message, location=Location(record.key), key=record.key)


def cite(
    records: Sequence[Record],
    cites: Sequence[Mapping[str, Any]],
    output: str,
    *,
    style: str = "apa",
    locale: str = "",
) -> str:
    """One formatted citation, by the project's own processor."""
    if check_format(output) not in FORMATS:
        raise InputError(f"a citation cannot be written as {output}")
    from citeworks.render.builtin import BuiltinRenderer

    return BuiltinRenderer(load_style(style), locale, output).citation(records, cites)
