"""``cite enrich``: find the papers, show what each record would gain, and with --write write it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from citeworks.cli.asking import (
    asking,
    catalogue_option,
    lacks_catalogue,
    offline_option,
    source_option,
    tell_without_catalogue,
)
from citeworks.cli.changes import change_json, change_line, shown
from citeworks.cli.completing import complete_key
from citeworks.cli.library import (
    library_option,
    open_library,
    record_of,
)
from citeworks.cli.list import authors
from citeworks.cli.messages import FAILED, FINDINGS, report_error, say
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import print_diff, put
from citeworks.csl_json import dump
from citeworks.model import Library, Record
from citeworks.store import Snapshot, locked, with_edits, write

if TYPE_CHECKING:
    from citeworks.resolve.match import Judged
    from citeworks.workflows.enrich import Enrichment

EPILOG = """\b
Examples:
  cite enrich
  cite enrich durmus2023towards --source arxiv --source crossref
  cite enrich --write
  cite enrich --write --published
  cite enrich --offline --catalogue papers.sqlite --write
"""

_CANDIDATES = "custom.candidates"


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY...]", shell_complete=complete_key)
@library_option
@click.option("--write", "writing", is_flag=True, help="Write what was found to the library.")
@click.option(
    "--published", is_flag=True, help="Turn preprints into their published versions as well."
)
@offline_option
@source_option
@catalogue_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per record.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@click.option("--strict", is_flag=True, help="Exit 1 when a record is not found for certain.")
@global_options
def command(
    keys: tuple[str, ...],
    library_path: str | None,
    writing: bool,
    published: bool,
    offline: bool,
    names: tuple[str, ...],
    catalogue: str | None,
    as_json: bool,
    check: bool,
    diff: bool,
    strict: bool,
) -> int:
    """Complete records from arXiv, Crossref and other sources, and find published versions.

    Shows what each record would gain and writes nothing; --write fills empty variables and
    completes truncated author lists, --published also takes over the published version. What a
    person edited or locked stays. What is not certain is shown and never written.
    """
    from citeworks.workflows.enrich import FOUND, changed_records, enrich, failures

    snapshot = open_library(library_path)
    library = with_edits(snapshot)
    wanted = [record_of(library, key) for key in keys or library]
    with asking(names, catalogue, offline=offline) as inquiry:
        if offline and lacks_catalogue(inquiry):
            tell_without_catalogue()
        found = enrich(wanted, inquiry, published=published)
    fuller = library.with_records(changed_records(found))
    writes = writing and not (check or diff)
    if diff:
        old, new = (dump(each.values()).encode() for each in (snapshot.library, fuller))
        print_diff(snapshot.path, old, new)
    elif as_json:
        for each in found:
            click.echo(json.dumps(as_object(each), ensure_ascii=False), color=False)
    elif not writes:
        _show(found, published=published)
    if writes:
        _write(snapshot, fuller)
    failed = {} if offline else failures(found)
    for error in failed.values():
        report_error(error)
    _summarize(found, snapshot.path, written=writes)
    if failed:
        return FAILED
    if (check or diff) and fuller != snapshot.library:
        return FINDINGS
    return FINDINGS if strict and any(each.outcome != FOUND for each in found) else 0


def as_object(each: Enrichment) -> dict[str, Any]:
    """What became of one record, as JSON data of schema 1."""
    view = each.view
    return {
        "schema": 1,
        "key": each.before.key,
        "outcome": each.outcome,
        "changes": [change_json(change) for change in each.changes],
        "preprint": [_judged_json(judged) for judged in view.preprint],
        "published": [_judged_json(judged) for judged in view.published],
        "candidates": [_judged_json(judged) for judged in view.open],
        "asked": sorted({*each.heard, *each.failed}),
        "failed": {source: error.message for source, error in sorted(each.failed.items())},
    }


def _judged_json(judged: Judged) -> dict[str, Any]:
    from citeworks.resolve.view import as_candidate

    return as_candidate(judged)


def _write(snapshot: Snapshot, library: Library) -> bool:
    with locked(snapshot.path):
        return write(snapshot, library, "enrich")


def _show(found: Sequence[Enrichment], *, published: bool) -> None:
    """Per record what was found and would change; records without either are counted only."""
    for each in found:
        lines = [f"  {line}" for line in _lines(each, published)]
        if lines:
            put("\n".join([f"{each.before.key}: {_heading(each)}", *lines]))
    sys.stdout.flush()  # the summary on standard error comes after it


def _heading(each: Enrichment) -> str:
    best = [*each.view.preprint[:1], *each.view.published[:1]]
    named = [_name_of(judged) for judged in best]
    return ", ".join([f"{each.outcome}", *named])


def _name_of(judged: Judged) -> str:
    """The find in short: its identifier, else its venue or its title."""
    record = judged.found.record
    own = {judged.found.source} - {"arxiv"}
    named = [each for each in judged.found.identifiers if each.scheme not in own]
    title = record.text("container-title") or record.text("title")
    name = str(named[0]) if named else shown(title)
    return f"{name} ({judged.tier.name.lower()}, {judged.found.source})"


def _lines(each: Enrichment, published: bool) -> Iterator[str]:
    verbose = current_settings().verbose
    changed = [change for change in each.changes if verbose or not change.confirms]
    width = max((len(change.slot) for change in changed), default=0)
    yield from (change_line(change, width) for change in changed if change.slot != _CANDIDATES)
    if each.offers_published and not published:
        record = each.view.published[0].found.record
        yield f"  published: {_citation(record)} (--published takes it over)"
    for judged in each.view.open[:5]:
        yield from _doubt(each.before, judged)


def _doubt(record: Record, judged: Judged) -> Iterator[str]:
    """A find that was not accepted, beside what the record says."""
    reasons = "; ".join(judged.evidence.reasons)
    yield f"? {judged.tier.name.lower()}: {_name_of(judged)}" + (f": {reasons}" if reasons else "")
    yield f"    record: {_citation(record)}"
    yield f"    source: {_citation(judged.found.record)}"


def _citation(record: Record) -> str:
    issued = record.date("issued")
    venue = record.text("container-title") or record.text("publisher")
    parts = (authors(record), record.text("title"), venue, str(issued) if issued else "")
    return ". ".join(part.removesuffix(".") for part in parts if part)


def _summarize(found: Sequence[Enrichment], path: Path, *, written: bool) -> None:
    from citeworks.workflows.enrich import OUTCOMES

    counts = Counter(each.outcome for each in found)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES if counts[outcome])
    changed = sum(each.after != each.before for each in found)
    offered = sum(each.offers_published for each in found)
    more = f"; {offered} with a published version to take over" if offered else ""
    verb = "changed in" if written else "would change in"
    say(f"{told or 'no records'}{more}; {changed} {verb} {path}")
