"""``cite add``: listings, files of every format and identifiers into the library."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from citeworks.cli.inputs import (
    as_of_option,
    exit_code,
    keep_going_option,
    read_inputs,
    report_reading,
    strict_option,
)
from citeworks.cli.library import configuration, library_option, library_path_or_new
from citeworks.cli.messages import FINDINGS, REFUSED, say
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import print_diff
from citeworks.csl_json import dump
from citeworks.normalize.citation_key import check_pattern
from citeworks.store import Snapshot, locked, read, read_bytes, write
from citeworks.workflows.add import Addition, add

EPILOG = """\b
Examples:
  cite add listing.txt
  cite add - < listing.txt
  cite add refs.ris CITATION.cff
  cite add refs.bib arXiv:2306.16388 10.1000/182
"""


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|-|IDENTIFIER...")
@library_option
@as_of_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@strict_option
@keep_going_option
@global_options
def command(
    inputs: tuple[str, ...],
    library_path: str | None,
    as_of: datetime.datetime | None,
    check: bool,
    diff: bool,
    strict: bool,
    keep_going: bool,
) -> int:
    """Put listings, files or identifiers into the library.

    A duplicate, by identifier or by title and a shared author, is reported and not added. A key
    that stands for another work already is changed, and the exit code is 4.
    """
    pattern = check_pattern(configuration()["citation-key"].value)
    path = library_path_or_new(library_path)
    reading = read_inputs(inputs, as_of, keep_going=keep_going)
    if check or diff:
        snapshot = read(path)
        addition = add(snapshot.library, reading.records, pattern)
        code = _preview(snapshot, addition, diff)
    else:
        with locked(path):
            snapshot = read(path)
            addition = add(snapshot.library, reading.records, pattern)
            write(snapshot, addition.library, "add")
        code = 0
    report_reading(reading, (*addition.duplicates, *addition.conflicts))
    _summarize(addition, path, would=check or diff)
    if addition.conflicts:
        return REFUSED
    return exit_code(reading, strict=strict) or code


def _preview(snapshot: Snapshot, addition: Addition, diff: bool) -> int:
    new = dump(addition.library.values()).encode()
    old = read_bytes(snapshot.path) or b""
    if diff and addition.added:
        print_diff(snapshot.path, old, new)
    return FINDINGS if addition.added else 0


def _summarize(addition: Addition, path: Path, *, would: bool) -> None:
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
