"""``cite cite``: a formatted citation."""

from __future__ import annotations

import click

from citeworks.cli.completing import complete_key, complete_style
from citeworks.cli.inputs import library_from
from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.library import record_of as record_in
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.render.interface import FORMATS
from citeworks.workflows.cites import parse_cite

EPILOG = """\b
Examples:
  cite cite durmus2023towards
  cite cite durmus2023towards:12-14 "tamkin2024clio:chapter 3" --style apa
  cite cite smith2020 --from refs.bib
"""


@click.command(epilog=EPILOG)
@click.argument(
    "cites", nargs=-1, required=True, metavar="KEY[:LOCATOR]...", shell_complete=complete_key
)
@library_option
@click.option("--from", "file", metavar="FILE|-", help="Read the records from a file instead.")
@click.option(
    "--style",
    "-s",
    shell_complete=complete_style,
    help="A CSL style: its name or a .csl file [default: apa].",
)
@click.option("--locale", "-l", help="The locale of the citation [default: the style's].")
@click.option(
    "--format", "-f", "output", type=click.Choice(FORMATS), default="text", help="Output format."
)
@global_options
def command(
    cites: tuple[str, ...],
    library_path: str | None,
    file: str | None,
    style: str | None,
    locale: str | None,
    output: str,
) -> int:
    """Print one citation of the given records, as it stands in a text.

    A LOCATOR is a page (`12-14`), or a label and a number (`chapter 3`, `fig. 2`).
    """
    from citeworks.workflows.export import cite

    library = library_from(file) if file else open_library(library_path).library
    parsed = [parse_cite(each, library) for each in cites]
    for each in parsed:
        record_in(library, each["id"])
    text = cite(
        list(library.values()),
        parsed,
        output,
        style=style or configuration()["style"].value,
        locale=locale or configuration()["locale"].value,
    )
    put(text)
    return 0
