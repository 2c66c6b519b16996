"""``cite verify``: does each reference exist, and does what it says agree with the sources."""

from __future__ import annotations

import datetime
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from citeworks.cli.asking import (
    asking,
    catalogue_option,
    lacks_catalogue,
    offline_option,
    source_option,
    tell_without_catalogue,
)
from citeworks.cli.completing import complete_key_or_file, one_of
from citeworks.cli.inputs import as_of_option, library_from, read_inputs, report_reading
from citeworks.cli.library import has_library, library_option, open_library, record_of
from citeworks.cli.messages import FAILED, FINDINGS, report_error, report_issue, say
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD
from citeworks.errors import InputError
from citeworks.model import Issue, Location, Record, Severity
from citeworks.nearest import did_you_mean

if TYPE_CHECKING:
    from citeworks.workflows.project import Project
    from citeworks.workflows.verify import Check

EPILOG = """\b
Examples:
  cite verify
  cite verify refs.bib --offline
  cite verify paper.tex --from refs.bib
  cite verify paper.md --output-format sarif > verify.sarif
"""
_FORMATS = ("text", "json", "github", "sarif")


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, metavar="[FILE|-|KEY]...", shell_complete=complete_key_or_file)
@library_option
@click.option(
    "--from", "sources", multiple=True, metavar="FILE", help="Where a document's records are."
)
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
    sources: tuple[str, ...],
    offline: bool,
    names: tuple[str, ...],
    catalogue: str | None,
    form: str,
    as_of: datetime.datetime | None,
    strict: bool,
) -> int:
    """Check references against the sources: a library, a .bib file, a listing, or a document.

    Of a document (.tex .md .qmd .typ) it checks what is cited: records of the library, or of the
    files given with --from or named by the document. Keys without a record are findings.

    Verdicts are verified, mismatch (with both values), retracted, corrected, not found (nobody who
    was asked knows it, which proves nothing) and unchecked (a source was down). Exits 1 when there
    is a mismatch, a retraction or a correction, 3 when a source was down.
    """
    from citeworks.workflows.verify import FINDINGS as LOOK_AT
    from citeworks.workflows.verify import NOT_FOUND, failures, verify

    if form not in _FORMATS:
        hint = did_you_mean(form, _FORMATS) or f"formats are {', '.join(_FORMATS)}"
        raise InputError(f"unknown format {form!r}", hint=hint)
    references = _references(inputs, library_path, sources, as_of)
    today = as_of.date() if as_of else datetime.datetime.now().astimezone().date()
    with asking(names, catalogue, offline=offline) as inquiry:
        if not inquiry.sources:
            raise InputError(
                "there is nobody to ask", hint="`cite catalogue build FILE` makes a catalogue"
            )
        checks = verify(references.records, inquiry, today, offline=offline)
    checks = [replace(each, places=references.places_of(each.record.key)) for each in checks]
    shown = _known_to_the_cache(checks) if offline and lacks_catalogue(inquiry) else checks
    sys.stdout.write(_report(checks if form == "json" else shown, references.missing, form))
    sys.stdout.flush()
    _summarize(checks, references.missing)
    failed = failures(checks)
    for error in failed.values():
        report_error(error)
    if failed or not references.is_whole:
        return FAILED
    counted = LOOK_AT | {NOT_FOUND} if strict else LOOK_AT
    return FINDINGS if references.missing or any(each.verdict in counted for each in checks) else 0


def _known_to_the_cache(checks: Sequence[Check]) -> list[Check]:
    """What could be checked without a catalogue: a line for each of the others says nothing.

    Raises InputError if nothing could.
    """
    from citeworks.workflows.verify import UNCHECKED

    known = [each for each in checks if each.verdict != UNCHECKED]
    if checks and not known:
        raise InputError(
            "offline, without a catalogue, and the cache knows none of the references",
            hint="`cite catalogue build FILE` makes a catalogue of a .bib or of metadata dumps",
        )
    if len(known) < len(checks):
        tell_without_catalogue()
    return known


@dataclass(slots=True)
class _References:
    """What is to be checked; `places` are those of citations, `missing` cited keys without it."""

    records: list[Record] = field(default_factory=list)
    places: dict[str, tuple[Location, ...]] = field(default_factory=dict)
    missing: list[Issue] = field(default_factory=list)
    is_whole: bool = True

    def places_of(self, key: str) -> tuple[Location, ...]:
        return self.places.get(key, ())


def _references(
    inputs: Sequence[str],
    library_path: str | None,
    sources: Sequence[str],
    as_of: datetime.datetime | None,
) -> _References:
    from citeworks.workflows.cited import is_document

    files = [name for name in inputs if name == STANDARD or Path(name).exists()]
    documents = [name for name in files if name != STANDARD and is_document(Path(name))]
    lists = [name for name in files if name not in documents]
    keys = [name for name in inputs if name not in files]
    found = _References()
    if sources and not documents:
        raise InputError("--from goes with a document", hint="name a .tex, .md, .qmd or .typ file")
    if documents:
        _add_cited(found, documents, library_path, sources)
    if lists:
        reading = read_inputs(lists, as_of, keep_going=True)
        report_reading(reading, ())
        found.records += reading.records
        found.is_whole = not reading.errors
    if keys or not files:
        library = open_library(library_path).library
        found.records += [record_of(library, key) for key in keys or library]
    return found


def _add_cited(
    found: _References, documents: Sequence[str], library_path: str | None, sources: Sequence[str]
) -> None:
    from citeworks.workflows.cited import cited
    from citeworks.workflows.project import read_project

    project = read_project([Path(name) for name in documents])
    for issue in project.issues:
        if issue.severity >= Severity.WARNING and not current_settings().quiet:
            report_issue(issue)
    if not project.cites_everything and not any(project.cited()):
        say(f"{', '.join(documents)}: nothing is cited")
        return
    what = cited(project, _records_for(project, library_path, sources))
    found.records += what.records
    found.places |= what.places
    found.missing += what.missing


def _records_for(
    project: Project, library_path: str | None, sources: Sequence[str]
) -> dict[str, Record]:
    """The records of the files given; else of the library, then of the files the project names."""
    named = [str(path) for path in project.bibliographies if path.is_file()]
    records: dict[str, Record] = {}
    if not sources and (has_library(library_path) or not named):
        records |= open_library(library_path).library
    for name in sources or named:
        records = {**library_from(name), **records}
    return records


def _report(checks: Sequence[Check], missing: Sequence[Issue], form: str) -> str:
    from citeworks.lint import reports
    from citeworks.workflows.verify import VERIFIED, as_finding, missing_finding

    if form == "json":
        return _as_json(checks, missing)
    verbose = current_settings().verbose and form == "text"
    findings = [as_finding(each) for each in checks if verbose or each.verdict != VERIFIED]
    findings += map(missing_finding, missing)
    if form == "sarif":
        return "".join(reports.sarif(findings, "cite verify"))
    return "".join(reports.FORMATS[form](findings))


def _as_json(checks: Sequence[Check], missing: Sequence[Issue]) -> str:
    from citeworks.workflows.verify import as_object, place_object

    told: dict[str, object] = {"schema": 1, "references": [as_object(each) for each in checks]}
    if missing:
        told["missing"] = [{"key": each.key, **place_object(each.location)} for each in missing]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _summarize(checks: Sequence[Check], missing: Sequence[Issue]) -> None:
    from citeworks.workflows.verify import VERDICTS

    counts = Counter(each.verdict for each in checks)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    noun = "reference" if len(checks) == 1 else "references"
    more = f"; {len(missing)} cited without a record" if missing else ""
    say((f"{len(checks)} {noun}: {told}" if told else f"0 {noun}") + more)
