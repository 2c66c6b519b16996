"""``cite export``: bibliographies and exchange formats, of the library or of a file."""

from __future__ import annotations

import datetime

import click

from citeworks.cli.inputs import (
    as_of_option,
    exit_code,
    keep_going_option,
    read_inputs,
    report_reading,
    strict_option,
)
from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.messages import report_issue
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, write_output
from citeworks.errors import InputError
from citeworks.model import Issue, Library, Record
from citeworks.normalize.citation_key import check_pattern
from citeworks.render.engines import ENGINES
from citeworks.render.interface import FORMATS
from citeworks.workflows.add import add
from citeworks.workflows.export import ALL_FORMATS, check_format, export
from citeworks.workflows.read import Reading

EPILOG = """\b
Examples:
  cite export --style apa
  cite export --format biblatex -o refs.bib
  cite export listing.txt --style ieee --format html
"""


@click.command(epilog=EPILOG)
@click.argument("file", required=False, metavar="[FILE|-]")
@library_option
@click.option("--style", "-s", help="A CSL style: its name or a .csl file [default: apa].")
@click.option("--locale", "-l", help="The locale of the bibliography [default: the style's].")
@click.option("--format", "-f", "output", metavar="FORMAT", help=", ".join(ALL_FORMATS))
@click.option("--engine", default="", help=f"The citation processor: {', '.join(ENGINES)}.")
@click.option("--links", is_flag=True, help="Make links of DOIs and addresses.")
@click.option("-o", "--output", "target", metavar="FILE", help="Write to a file.")
@as_of_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
@strict_option
@keep_going_option
@global_options
def command(
    file: str | None,
    library_path: str | None,
    style: str | None,
    locale: str | None,
    output: str | None,
    engine: str,
    links: bool,
    target: str | None,
    as_of: datetime.datetime | None,
    check: bool,
    diff: bool,
    strict: bool,
    keep_going: bool,
) -> int:
    """Write the library, or the records of FILE, in a CSL style or an exchange format.

    Without --format it is a bibliography in text. --style goes with text, html, markdown, latex
    and rtf.
    """
    chosen = check_format(output or "text")
    if style and chosen not in FORMATS:
        raise InputError(
            f"--style does not go with --format {chosen}", hint="leave one of them out"
        )
    if (check or diff) and target in (None, STANDARD):
        raise InputError("--check and --diff compare with a file", hint="name it with -o FILE")
    doubt = 0
    if file is None:
        records = list(open_library(library_path).library.values())
    else:
        reading = read_inputs([file], as_of, keep_going=keep_going)
        records = _keyed(reading)
        doubt = exit_code(reading, strict=strict)
    text = export(
        records,
        chosen,
        style=style or configuration()["style"].value,
        locale=locale or configuration()["locale"].value,
        engine=engine,
        links=links,
        report=_report,
    )
    return write_output(text, target, check=check, diff=diff) or doubt


def _report(issue: Issue) -> None:
    if not current_settings().quiet:
        report_issue(issue)


def _keyed(reading: Reading) -> list[Record]:
    pattern = check_pattern(configuration()["citation-key"].value)
    addition = add(Library(), reading.records, pattern, keep_keyed=True)
    report_reading(reading, addition.duplicates)
    return list(addition.library.values())
