"""``cite add``: listings, CSL-JSON files and identifiers into the library."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from citeworks.cli.library import configuration, library_option, library_path_or_new
from citeworks.cli.messages import FINDINGS, report_issue, say
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, display_name, open_input, print_diff
from citeworks.csl_json import dump
from citeworks.model import Issue, Severity
from citeworks.model.identifier import parse_identifier
from citeworks.normalize.citation_key import check_pattern
from citeworks.store import Snapshot, locked, read, read_bytes, write
from citeworks.workflows.add import Addition, add
from citeworks.workflows.read import Reading, as_of_date, read_file, read_identifier

EPILOG = """\b
Examples:
  cite add listing.txt
  cite add - < listing.txt
  cite add arXiv:2306.16388 10.1000/182
"""


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|-|IDENTIFIER...")
@library_option
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day a listing was copied, for dates without a year [default: the file's date].",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@click.option("--strict", is_flag=True, help="Exit 1 when anything is doubtful.")
@global_options
def command(
    inputs: tuple[str, ...],
    library_path: str | None,
    as_of: datetime.datetime | None,
    check: bool,
    diff: bool,
    strict: bool,
) -> int:
    """Put listings, files or identifiers into the library.

    A duplicate, by identifier or by title and a shared author, is reported and not added.
    """
    pattern = check_pattern(configuration()["citation-key"].value)
    path = library_path_or_new(library_path)
    reading = _read_all(inputs, as_of.date() if as_of else None)
    if check or diff:
        snapshot = read(path)
        addition = add(snapshot.library, reading.records, pattern)
        code = _preview(snapshot, addition, diff)
    else:
        with locked(path):
            snapshot = read(path)
            addition = add(snapshot.library, reading.records, pattern)
            write(snapshot, addition.library)
        code = 0
    issues = [*reading.issues, *addition.duplicates]
    _report(issues, addition, path, would=check or diff)
    doubtful = any(issue.severity >= Severity.WARNING for issue in issues)
    return FINDINGS if strict and doubtful else code


def _read_all(inputs: tuple[str, ...], as_of: datetime.date | None) -> Reading:
    whole = Reading()
    for name in inputs:
        reading = _read_one(name, as_of)
        whole.records += reading.records
        whole.issues += reading.issues
    return whole


def _read_one(name: str, as_of: datetime.date | None) -> Reading:
    if name != STANDARD and not Path(name).exists() and parse_identifier(name):
        say(f"{name}: a bare record, no metadata source was asked")
        return read_identifier(name)
    with open_input(name) as file:
        day = as_of or as_of_date(None if name == STANDARD else Path(name))
        return read_file(file, name=display_name(name), as_of=day)


def _preview(snapshot: Snapshot, addition: Addition, diff: bool) -> int:
    new = dump(addition.library.values()).encode()
    old = read_bytes(snapshot.path) or b""
    if diff and addition.added:
        print_diff(snapshot.path, old, new)
    return FINDINGS if addition.added else 0


def _report(issues: list[Issue], addition: Addition, path: Path, *, would: bool) -> None:
    shown = Severity.NOTE if current_settings().verbose else Severity.WARNING
    for issue in issues:
        if not current_settings().quiet and (issue.severity >= shown or issue.code == "D001"):
            report_issue(issue)
    if current_settings().verbose:
        for key in addition.added:
            say(f"{'would add' if would else 'added'} {key}")
    verb = "would be added to" if would else "added to"
    duplicates = len(addition.duplicates)
    say(
        f"{_count(len(addition.added), 'record')} {verb} {path}"
        + (f", {_count(duplicates, 'duplicate')} not added" if duplicates else "")
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
