"""``cite verify``: does each reference exist, and does what it says agree with the sources."""

from __future__ import annotations

import datetime
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from citeworks.cli.asking import asking, catalogue_option, offline_option, source_option
from citeworks.cli.completing import complete_key_or_file, one_of
from citeworks.cli.inputs import as_of_option, read_inputs, report_reading
from citeworks.cli.library import library_option, open_library, record_of
from citeworks.cli.messages import FAILED, FINDINGS, report_error, say
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD
from citeworks.errors import InputError
from citeworks.model import Record
from citeworks.nearest import did_you_mean

if TYPE_CHECKING:
    from citeworks.workflows.verify import Check

EPILOG = """\b
Examples:
  cite verify
  cite verify refs.bib --offline
  cite verify paper.md --output-format sarif > verify.sarif
"""
_FORMATS = ("text", "json", "github", "sarif")


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, metavar="[FILE|-|KEY]...", shell_complete=complete_key_or_file)
@library_option
@offline_option
@source_option
@catalogue_option
@click.option(
    "--output-format",
    "form",
    default="text",
    shell_complete=one_of(_FORMATS),
    help=", ".join(_FORMATS) + ".",
)
@as_of_option
@click.option("--strict", is_flag=True, help="Exit 1 when a reference is not found as well.")
@global_options
def command(
    inputs: tuple[str, ...],
    library_path: str | None,
    offline: bool,
    names: tuple[str, ...],
    catalogue: str | None,
    form: str,
    as_of: datetime.datetime | None,
    strict: bool,
) -> int:
    """Check references against the sources: a library, a .bib file, any text with references.

    Verdicts are verified, mismatch (with both values), retracted, corrected, not found (nobody who
    was asked knows it, which proves nothing) and unchecked (a source was down). Exits 1 when there
    is a mismatch, a retraction or a correction, 3 when a source was down.
    """
    from citeworks.workflows.verify import FINDINGS as LOOK_AT
    from citeworks.workflows.verify import NOT_FOUND, failures, verify

    if form not in _FORMATS:
        hint = did_you_mean(form, _FORMATS) or f"formats are {', '.join(_FORMATS)}"
        raise InputError(f"unknown format {form!r}", hint=hint)
    records, is_whole = _records(inputs, library_path, as_of)
    today = as_of.date() if as_of else datetime.datetime.now().astimezone().date()
    with asking(names, catalogue, offline=offline) as inquiry:
        if not inquiry.sources:
            raise InputError(
                "there is nobody to ask", hint="`cite catalogue build FILE` makes a catalogue"
            )
        checks = verify(records, inquiry, today, offline=offline)
    sys.stdout.write(_report(checks, form))
    sys.stdout.flush()
    _summarize(checks)
    failed = failures(checks)
    for error in failed.values():
        report_error(error)
    if failed or not is_whole:
        return FAILED
    counted = LOOK_AT | {NOT_FOUND} if strict else LOOK_AT
    return FINDINGS if any(each.verdict in counted for each in checks) else 0


def _records(
    inputs: Sequence[str], library_path: str | None, as_of: datetime.datetime | None
) -> tuple[list[Record], bool]:
    """The references, and whether all of the input could be read."""
    files = [name for name in inputs if name == STANDARD or Path(name).exists()]
    keys = [name for name in inputs if name not in files]
    records: list[Record] = []
    is_whole = True
    if files:
        reading = read_inputs(files, as_of, keep_going=True)
        report_reading(reading, ())
        records += reading.records
        is_whole = not reading.errors
    if keys or not files:
        library = open_library(library_path).library
        records += [record_of(library, key) for key in keys or library]
    return records, is_whole


def _report(checks: Iterable[Check], form: str) -> str:
    from citeworks.lint import reports
    from citeworks.workflows.verify import VERIFIED, as_finding, as_object

    if form == "json":
        references = [as_object(each) for each in checks]
        return (
            json.dumps({"schema": 1, "references": references}, ensure_ascii=False, indent=2) + "\n"
        )
    verbose = current_settings().verbose and form == "text"
    findings = [as_finding(each) for each in checks if verbose or each.verdict != VERIFIED]
    if form == "sarif":
        return reports.sarif(findings, "cite verify")
    return reports.FORMATS[form](findings)


def _summarize(checks: Sequence[Check]) -> None:
    from citeworks.workflows.verify import VERDICTS

    counts = Counter(each.verdict for each in checks)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    noun = "reference" if len(checks) == 1 else "references"
    say(f"{len(checks)} {noun}: {told}" if told else f"0 {noun}")
