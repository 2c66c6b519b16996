"""``cite export``: bibliographies and exchange formats, of the library or of a file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from citeworks.bibtex.writer import FieldSet
from citeworks.cli.bulk import export_bulk, is_bulk
from citeworks.cli.completing import complete_format, complete_style, one_of
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
from citeworks.cli.progress import waiting
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, write_output
from citeworks.errors import InputError
from citeworks.model import Issue, Library, Record, Severity
from citeworks.normalize.citation_key import check_pattern
from citeworks.render.engines import ENGINES
from citeworks.render.interface import FORMATS
from citeworks.store import read_bytes
from citeworks.workflows.export import (
    ALL_FORMATS,
    BIB_FORMATS,
    BibOptions,
    check_format,
    export,
    in_order_of,
)
from citeworks.workflows.journals import abbreviated, expanded

if TYPE_CHECKING:
    from citeworks.workflows.read import Reading

EPILOG = """\b
Examples:
  cite export --style apa
  cite export --format biblatex -o refs.bib
  cite export refs.ris --format bibtex --abbreviate
  cite export listing.txt --style ieee --format html
"""


@click.command(epilog=EPILOG)
@click.argument("file", required=False, metavar="[FILE|-]")
@library_option
@click.option(
    "--style",
    "-s",
    shell_complete=complete_style,
    help="A CSL style: its name or a .csl file [default: apa].",
)
@click.option("--locale", "-l", help="The locale of the bibliography [default: the style's].")
@click.option(
    "--format",
    "-f",
    "output",
    metavar="FORMAT",
    shell_complete=complete_format,
    help=", ".join(ALL_FORMATS),
)
@click.option(
    "--engine",
    default="",
    shell_complete=one_of(ENGINES),
    help=f"The citation processor: {', '.join(ENGINES)}.",
)
@click.option("--links", is_flag=True, help="Make links of DOIs and addresses.")
@click.option("-o", "--output", "target", metavar="FILE", help="Write to a file.")
@click.option(
    "--ascii/--unicode", "use_ascii", default=None, help="How letters of a .bib are written."
)
@click.option(
    "--fields", type=click.Choice(["full", "minimal"]), help="The fields of a .bib [default: full]."
)
@click.option("--keep-order", is_flag=True, help="Leave the entries of a .bib in their order.")
@click.option("--abbreviate", is_flag=True, help="Abbreviate journals (ISO 4).")
@click.option("--expand", is_flag=True, help="Write journals in full.")
@click.option("--journals", metavar="FILE", help="A list of `full title;abbreviation`.")
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
    use_ascii: bool | None,
    fields: FieldSet | None,
    keep_order: bool,
    abbreviate: bool,
    expand: bool,
    journals: str | None,
    as_of: datetime.datetime | None,
    check: bool,
    diff: bool,
    strict: bool,
    keep_going: bool,
) -> int:
    """Write the library, or the records of FILE, in a CSL style or an exchange format.

    Without --format it is a bibliography in text. --style goes with text, html, markdown, latex
    and rtf; --ascii, --unicode, --fields and --keep-order go with bibtex and biblatex.
    """
    bib = BibOptions(use_ascii, fields or "full", sort=not keep_order)
    chosen = _chosen_format(output or "text", style, bib)
    if (check or diff) and target in (None, STANDARD):
        raise InputError("--check and --diff compare with a file", hint="name it with -o FILE")
    if abbreviate and expand:
        raise InputError("--abbreviate and --expand contradict each other", hint="leave one out")
    if file is not None and not (abbreviate or expand) and is_bulk(file, chosen):
        return export_bulk(
            file, chosen, target, bib=bib, pattern=_pattern(), check=check, diff=diff,
            strict=strict, keep_going=keep_going,
        )  # fmt: skip
    doubt = 0
    if file is None:
        records = _of_library(library_path, target if keep_order else None)
    else:
        reading = read_inputs([file], as_of, keep_going=keep_going)
        records = _keyed(reading, keep_order=keep_order)
        doubt = exit_code(reading, strict=strict)
    if abbreviate or expand:
        change = abbreviated if abbreviate else expanded
        records = change(records, journals or configuration()["journals"].value, _report)
    with waiting(f"formatting {len(records)} records"):
        text = export(
            records,
            chosen,
            style=style or configuration()["style"].value,
            locale=locale or configuration()["locale"].value,
            engine=engine,
            links=links,
            bib=bib,
            report=_report,
        )
    return write_output(text, target, check=check, diff=diff) or doubt


def _chosen_format(output: str, style: str | None, bib: BibOptions) -> str:
    """The format, if the options that are given go with it."""
    chosen = check_format(output)
    if style and chosen not in FORMATS:
        raise InputError(
            f"--style does not go with --format {chosen}", hint="leave one of them out"
        )
    if bib != BibOptions() and chosen not in BIB_FORMATS:
        raise InputError(
            f"--ascii, --unicode, --fields and --keep-order do not go with --format {chosen}",
            hint="they go with bibtex and biblatex",
        )
    return chosen


def _report(issue: Issue) -> None:
    settings = current_settings()
    if not settings.quiet and (settings.verbose or issue.severity > Severity.NOTE):
        report_issue(issue)


def _of_library(path: str | None, order: str | None) -> list[Record]:
    """The records of the library, in the order of a .bib file if that is there."""
    records = list(open_library(path).library.values())
    if order in (None, STANDARD):
        return records
    return in_order_of(records, read_bytes(Path(str(order))) or b"")


def _pattern() -> str:
    return check_pattern(configuration()["citation-key"].value)


def _keyed(reading: Reading, *, keep_order: bool) -> list[Record]:
    from citeworks.workflows.add import add

    addition = add(Library(), reading.records, _pattern(), keep_keyed=True)
    report_reading(reading, addition.duplicates)
    keys = addition.added if keep_order else addition.library
    return [addition.library[key] for key in keys]
