"""Take back the last run: both sides and the agreement as they were before it.

What somebody else changed in the group since stays changed: only what the run itself wrote is put
back, field by field. Objects that it created go to the trash; collections stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from citeworks import store
from citeworks.errors import ChangedOnDisk, SyncError
from citeworks.sync.apply import Failure, Report
from citeworks.sync.interface import Kind, Outcome, Result
from citeworks.sync.merge import Side, merge_items
from citeworks.sync.mirror import refresh
from citeworks.sync.normal import changed_fields
from citeworks.sync.state import LIVE, Row, Run
from citeworks.sync.steps import difference
from citeworks.workflows.sync import Setup, digest


@dataclass(slots=True)
class Undoing:
    """What taking back a run means: the writes, and the rows as they are afterwards."""

    run: Run
    sends: list[tuple[Row, dict[str, Any]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Zotero keys of objects of which somebody else changed the same fields since."""


def last_run(setup: Setup) -> Run | None:
    """The latest run that was not taken back yet."""
    return next((run for run in setup.state.runs() if not run.undone), None)


def plan_undo(setup: Setup, run: Run) -> Undoing:
    """What to write so that the run never was. Raises ChangedOnDisk when the library moved on."""
    if not run.digest:
        raise SyncError(
            "the last run did not come to its end, so it cannot be taken back",
            hint="run `cite sync run` first: it finishes what was begun",
        )
    if digest(setup.path) != run.digest:
        raise ChangedOnDisk(
            f"{setup.path} was changed since the last synchronization",
            hint="taking it back would lose that change; synchronize it, or use version control",
        )
    refresh(setup.storage, setup.state)
    undoing = Undoing(run)
    for before, wrote in setup.state.history(run.number):
        if before.kind is Kind.ITEM:
            _take_back(undoing, setup.state.row(Kind.ITEM, before.key), before, wrote)
    return undoing


def _take_back(undoing: Undoing, now: Row, before: Row, wrote: bool) -> None:
    undoing.rows.append(
        replace(before, data=now.data, version=now.version, is_deleted=now.is_deleted, sent=None)
    )
    if not wrote or now.data is None:
        return
    send = _reversal(undoing, now, before)
    if len(send) > 2:
        undoing.sends.append((now, send))


def _reversal(undoing: Undoing, now: Row, before: Row) -> dict[str, Any]:
    data = now.data or {}
    head = {"key": now.key, "version": now.version}
    if before.data is None:
        return {**head, **({} if data.get("deleted") else {"deleted": 1})}
    wrote = now.base if now.agreed == LIVE and now.base is not None else data
    merge = merge_items(wrote, before.data, data, prefer=lambda name: Side.THEIRS)
    if changed_fields(wrote, data):
        undoing.kept.append(now.key)
    send = difference(data, merge.theirs)
    if bool(data.get("deleted")) != bool(before.data.get("deleted")):
        send["deleted"] = int(bool(before.data.get("deleted")))
    return send


def undo(setup: Setup, undoing: Undoing, report: Report) -> None:
    """Write the group back, then the library, then the agreement."""
    rows = {row.key: row for row in undoing.rows}
    size = setup.storage.batch_size
    for start in range(0, len(undoing.sends), size):
        part = undoing.sends[start : start + size]
        written = setup.storage.write(Kind.ITEM, [send for _, send in part])
        sent = {row.key: (row, send) for row, send in part}
        for outcome in written.outcomes:
            _note(rows, *sent[outcome.key], outcome, report)
    with store.locked(setup.path):
        if undoing.run.library is None:
            setup.path.unlink(missing_ok=True)
        else:
            store.write_atomic(setup.path, undoing.run.library.encode("utf-8"))
    setup.state.save(rows.values())
    setup.state.mark_undone(undoing.run.number)


def _note(
    rows: dict[str, Row], now: Row, send: dict[str, Any], outcome: Outcome, report: Report
) -> None:
    if outcome.result in (Result.CONFLICT, Result.FAILED):
        name = now.citation_key or now.key
        report.failures[now.key] = Failure(name, now.key, outcome.code, outcome.message)
        return
    stored = outcome.data or {**(now.data or {}), **send, "version": outcome.version}
    rows[now.key] = replace(rows[now.key], data=stored, version=outcome.version or now.version)
    report.count(report.written, "undone")
