"""``cite export``: bibliographies, .bib files and CSL-JSON, of the library or of a file."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.messages import FINDINGS, report_issue
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, display_name, open_input, write_output
from citeworks.errors import InputError
from citeworks.model import Library, Record, Severity
from citeworks.normalize.citation_key import check_pattern
from citeworks.render.engines import ENGINES
from citeworks.workflows.add import add
from citeworks.workflows.export import ALL_FORMATS, check_format, export
from citeworks.workflows.read import as_of_date, read_file

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
@click.option("-o", "--output", "target", metavar="FILE", help="Write to a file.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day a listing was copied, for dates without a year [default: the file's date].",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
@click.option("--strict", is_flag=True, help="Exit 1 when anything is doubtful.")
@global_options
def command(
    file: str | None,
    library_path: str | None,
    style: str | None,
    locale: str | None,
    output: str | None,
    engine: str,
    target: str | None,
    as_of: datetime.datetime | None,
    check: bool,
    diff: bool,
    strict: bool,
) -> int:
    """Write the library, or the records of FILE, in a CSL style or an exchange format.

    Without --format the bibliography is text; text, html and markdown take --style.
    """
    chosen = check_format(output or "text")
    if style and chosen not in ("text", "html", "markdown"):
        raise InputError(
            f"--style does not go with --format {chosen}", hint="leave one of them out"
        )
    if (check or diff) and target in (None, STANDARD):
        raise InputError("--check and --diff compare with a file", hint="name it with -o FILE")
    doubtful = False
    if file is None:
        records = list(open_library(library_path).library.values())
    else:
        records, doubtful = _records_of(file, as_of.date() if as_of else None)
    text = export(
        records,
        chosen,
        style=style or configuration()["style"].value,
        locale=locale or configuration()["locale"].value,
        engine=engine,
    )
    code = write_output(text, target, check=check, diff=diff)
    return code or (FINDINGS if strict and doubtful else 0)


def _records_of(name: str, as_of: datetime.date | None) -> tuple[list[Record], bool]:
    with open_input(name) as stream:
        day = as_of or as_of_date(None if name == STANDARD else Path(name))
        reading = read_file(stream, name=display_name(name), as_of=day)
    addition = add(Library(), reading.records, check_pattern(configuration()["citation-key"].value))
    issues = [*reading.issues, *addition.duplicates]
    serious = [issue for issue in issues if issue.severity >= Severity.WARNING]
    if not current_settings().quiet:
        for issue in issues if current_settings().verbose else [*serious, *addition.duplicates]:
            report_issue(issue)
    return list(addition.library.values()), bool(serious)
