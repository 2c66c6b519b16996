"""``cite log``: of a record, who said each value, where and when, and what stood there before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from citeworks.cli.changes import change_json, change_line, origin_json, shown
from citeworks.cli.completing import complete_key
from citeworks.cli.library import library_option, open_library, record_of
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.csl_json import dump_value
from citeworks.history import Entry
from citeworks.model import Record
from citeworks.model.change import Change, changes, slots, value_of
from citeworks.model.record import locked_slots
from citeworks.store import Snapshot, past_of, with_edits

EPILOG = """\b
Examples:
  cite log durmus2023towards
  cite log --json durmus2023towards
"""
_NOTES = frozenset({"custom.listing", "custom.csl-json", "custom.as-found", "custom.locked"})
"""Entries of ours that nobody said."""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...", shell_complete=complete_key)
@library_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per record.")
@global_options
def command(keys: tuple[str, ...], library_path: str | None, as_json: bool) -> int:
    """Show source, place and time of every value of a record, and what changed it."""
    snapshot = open_library(library_path)
    library = with_edits(snapshot)
    for record in [record_of(library, key) for key in keys]:
        past = list(_past(snapshot, record.key))
        if as_json:
            click.echo(json.dumps(_as_json(record, past), ensure_ascii=False), color=False)
        else:
            put("\n".join(_lines(record, past)))
    return 0


def _past(snapshot: Snapshot, key: str) -> Iterator[tuple[Entry, tuple[Change, ...]]]:
    """The remembered changes of a record, the last one first; none where it was added."""
    for entry, before, after in past_of(snapshot, key):
        yield entry, changes(before, after) if before and after else ()
        if before is None:
            return


def _lines(record: Record, past: list[tuple[Entry, tuple[Change, ...]]]) -> Iterator[str]:
    told = [slot for slot in sorted(slots(record)) if slot not in _NOTES]
    width = max(map(len, told))
    locked = locked_slots(record)
    yield record.key
    for slot in told:
        origin = record.provenance.get(slot)
        time = f"{origin.retrieved:%Y-%m-%d %H:%M}" if origin and origin.retrieved else ""
        said = (origin.source, origin.locator, time) if origin else ()
        lock = "  locked" if slot in locked else ""
        who = f"  [{' '.join(filter(None, said))}]" if said else ""
        yield f"  {slot:<{width}}  {shown(value_of(record, slot))}{who}{lock}"
    for entry, changed in past:
        yield f"{entry.time:%Y-%m-%d %H:%M} cite {entry.command}" + ("" if changed else ": added")
        inner = max((len(each.slot) for each in changed), default=0)
        yield from (f"  {change_line(each, inner)}" for each in changed)


def _as_json(record: Record, past: list[tuple[Entry, tuple[Change, ...]]]) -> dict[str, Any]:
    return {
        "key": record.key,
        "values": {
            slot: {"value": dump_value(value_of(record, slot))}
            | origin_json(record.provenance.get(slot))
            for slot in sorted(slots(record))
        },
        "locked": list(locked_slots(record)),
        "changes": [
            {
                "command": entry.command,
                "time": entry.time.isoformat(),
                "changes": [change_json(each) for each in changed],
            }
            for entry, changed in past
        ],
    }
