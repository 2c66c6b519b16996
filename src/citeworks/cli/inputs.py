"""What `cite add` and `cite export` read, and what they say of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from citeworks.cli.messages import FAILED, FINDINGS, report_error, report_issue, say
from citeworks.cli.progress import counting
from citeworks.cli.settings import current_settings
from citeworks.cli.streams import STANDARD, display_name, open_input
from citeworks.model import Issue, Library, Severity
from citeworks.model.identifier import parse_identifier

if TYPE_CHECKING:
    from citeworks.workflows.read import Reading

as_of_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day a listing was copied, for dates without a year [default: the file's date].",
)
strict_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--strict", is_flag=True, help="Exit 1 when anything is doubtful."
)
keep_going_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--keep-going", is_flag=True, help="Go on with what can be read of a broken file; exit 3."
)


def read_inputs(
    names: Iterable[str], as_of: datetime.datetime | None, *, keep_going: bool
) -> Reading:
    """Read every input; broken entries end the command unless it is to keep going."""
    from citeworks.workflows.read import Reading

    whole = Reading()
    for name in names:
        reading = _read_one(name, as_of.date() if as_of else None)
        whole.records += reading.records
        whole.issues += reading.issues
        whole.errors += reading.errors
    if whole.errors and not keep_going:
        *others, last = whole.errors
        for error in others:
            report_error(error)
        last.hint = last.hint or "--keep-going leaves broken entries out"
        raise last
    return whole


def report_reading(reading: Reading, duplicates: Iterable[Issue]) -> None:
    """Say what is doubtful: errors, warnings, duplicates; notes only with ``--verbose``."""
    for error in reading.errors:
        report_error(error)
    if current_settings().quiet:
        return
    shown = Severity.NOTE if current_settings().verbose else Severity.WARNING
    for issue in reading.issues:
        if issue.severity >= shown:
            report_issue(issue)
    for issue in duplicates:
        report_issue(issue)


def exit_code(reading: Reading, *, strict: bool) -> int:
    """3 when entries were left out, 1 for doubt that ``--strict`` counts, else 0."""
    if reading.errors:
        return FAILED
    doubtful = any(issue.severity >= Severity.WARNING for issue in reading.issues)
    return FINDINGS if strict and doubtful else 0


def _read_one(name: str, as_of: datetime.date | None) -> Reading:
    from citeworks.workflows.read import as_of_date, read_file, read_identifier

    if name != STANDARD and not Path(name).exists() and parse_identifier(name):
        say(f"{name}: a bare record, `cite enrich` completes it")
        return read_identifier(name)
    shown = display_name(name)
    with open_input(name) as file, counting(shown) as watch:
        day = as_of or as_of_date(None if name == STANDARD else Path(name))
        return read_file(file, name=shown, as_of=day, watch=watch)


def library_from(name: str) -> Library:
    """The records of a file as a library of their own, under the keys that they bring."""
    from citeworks.workflows.add import add

    reading = read_inputs([name], None, keep_going=False)
    addition = add(Library(), reading.records, keep_keyed=True)
    report_reading(reading, addition.duplicates)
    return addition.library
