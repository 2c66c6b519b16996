"""Records to text: an exchange format, or a bibliography in a CSL style."""

from __future__ import annotations

from collections.abc import Sequence

from citeworks.errors import InputError
from citeworks.export.interface import EXPORTERS, load_exporter
from citeworks.model import Record
from citeworks.nearest import did_you_mean
from citeworks.render.engines import load_renderer
from citeworks.render.interface import FORMATS
from citeworks.render.styles import load_style

ALL_FORMATS = (*FORMATS, *EXPORTERS)
SEPARATORS = {"text": "\n", "html": "\n", "markdown": "\n\n"}


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
) -> str:
    """The records in an exchange format, or as a bibliography in text, HTML or Markdown."""
    if check_format(output) in EXPORTERS:
        return load_exporter(output)(records)
    renderer = load_renderer(engine, load_style(style), locale, output)
    entries = [text for _, text in renderer.bibliography(records)]
    if output == "html":
        entries = ['<div class="csl-bib-body">', *entries, "</div>"]
    return SEPARATORS[output].join(entries) + "\n" if entries else ""
