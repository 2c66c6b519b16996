"""Synchronize a library file with a Zotero library: read, plan, write here, write there.

The order makes it safe to die anywhere: rows are read first, the library is written before anything
is agreed, and what is sent is in the journal before it goes. Whoever comes in between (another
program here, another person there) is seen by the next round, and rounds are counted.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from citeworks import csl_json, store
from citeworks.errors import (
    ChangedOnDisk,
    CiteError,
    InputError,
    Location,
    RemoteEmptied,
    StoreError,
    VersionMismatch,
)
from citeworks.model import Library, Record
from citeworks.normalize.citation_key import DEFAULT_PATTERN, make_key, unique_key
from citeworks.sync.apply import Progress, Report, push, recover, settle
from citeworks.sync.background import begin
from citeworks.sync.conflicts import Conflict, as_file
from citeworks.sync.interface import Access, Schema, Storage
from citeworks.sync.merge import Direction, Side
from citeworks.sync.mirror import Questions, ask_ahead, refresh
from citeworks.sync.paths import Paths, new_key, read_paths
from citeworks.sync.plan import Options, Plan, Preference, make_plan, undecided
from citeworks.sync.schema import known_of, load_known, unknown_to
from citeworks.sync.state import Row, State

ROUNDS = 25
"""How often a run reads and plans again before it gives up."""
FRUITLESS = 8
"""How many rounds in a row may end with a failure of the server, nothing written."""
CONFLICTS_FILE = "conflicts.json"
_MOST_REMOVED = 20


@dataclass(slots=True)
class Setup:
    """The two libraries, what is agreed between them, and the part that is synchronized."""

    storage: Storage
    state: State
    path: Path
    collection: str = ""
    tag: str = ""
    pattern: str = DEFAULT_PATTERN
    make_key: Callable[[], str] = new_key


@dataclass(slots=True)
class Wishes:
    """What a run is to do, and whom to tell how far it is."""

    command: str = "run"
    direction: Direction = Direction.BOTH
    prefer: Preference = undecided
    allow_mass_delete: bool = False
    progress: Progress = field(default=lambda done, total: None)


def synchronize(setup: Setup, wishes: Wishes, report: Report) -> Plan:
    """Run until both sides are as planned, and return the last plan; `report` grows meanwhile.

    Raises InputError for a library file that is missing, broken or emptied, RemoteEmptied for a
    mass removal, VersionMismatch when somebody else is always faster, and what the storage raises.
    """
    direction = wishes.direction
    plan, ahead = Plan(), _ask_ahead(setup, wishes)
    for attempt in range(ROUNDS):
        plan, snapshot = _read_and_plan(setup, wishes, direction, ahead=ahead, report=report)
        if not wishes.allow_mass_delete:
            guard(plan)
        schema = _ask_schema(setup) if plan.sends else None
        if plan.sends and not report.refusal and not _may_write(setup, ahead, report):
            direction = Direction.PULL
            if wishes.direction is not Direction.PUSH:
                plan, snapshot = _read_and_plan(setup, wishes, direction, reads=False)
        if schema and _learned(setup, schema) and not report.refusal:
            plan, snapshot = _read_and_plan(setup, wishes, direction, reads=False)
        if report.refusal and wishes.direction is Direction.PUSH:
            break
        if not _write_here(setup, plan, snapshot, wishes.command, report):
            ahead = _Ahead()
            continue
        if not plan.sends or push(
            setup.storage, setup.state, plan, report, attempt=attempt, progress=wishes.progress
        ):
            if report.is_adapted:
                report.is_adapted, ahead = False, _Ahead()
                continue
            _finish(setup, plan, report)
            break
        if report.trouble and report.fruitless >= FRUITLESS:
            raise report.trouble
        ahead = _Ahead()
        time.sleep(min(2.0, 0.02 * 2**attempt) * random.random())  # noqa: S311 - a jitter
    else:
        raise _trouble(report) or VersionMismatch(
            "the Zotero library is changed faster than it can be synchronized",
            hint="what was agreed so far is kept; run the same command again later",
        )
    write_conflicts(setup.path, plan.conflicts)
    return plan


def _trouble(report: Report) -> CiteError | None:
    """What stopped every try, if it was not the speed of somebody else."""
    return None if isinstance(report.trouble, VersionMismatch) else report.trouble


def preview(setup: Setup, wishes: Wishes) -> Plan:
    """The plan as it is now; neither side changes, and a dry state stays as it was."""
    ahead = _Ahead(ask_ahead(setup.storage, setup.state))
    plan = _read_and_plan(setup, wishes, wishes.direction, ahead=ahead)[0]
    if plan.sends and (schema := _ask_schema(setup)) and _learned(setup, schema):
        plan = _read_and_plan(setup, wishes, wishes.direction, reads=False)[0]
    return plan


def known_conflicts(setup: Setup) -> list[Conflict]:
    """The conflicts that are open by what is known already; asks no server."""
    wishes = Wishes("conflicts")
    return _read_and_plan(setup, wishes, Direction.BOTH, reads=False)[0].conflicts


def settle_conflicts(setup: Setup, prefer: Preference, report: Report) -> Plan:
    """Settle conflicts with what is known already, asking no server.

    Where theirs is right the library changes now; where ours is, the next run sends it.
    """
    wishes = Wishes("resolve", Direction.PULL, prefer)
    plan, snapshot = _read_and_plan(setup, wishes, Direction.PULL, reads=False)
    if not _write_here(setup, plan, snapshot, "resolve", report):
        raise ChangedOnDisk(f"{setup.path} was changed by another program meanwhile")
    _finish(setup, plan, report)
    write_conflicts(setup.path, plan.conflicts)
    return plan


def read_library(setup: Setup, direction: Direction) -> store.Snapshot:
    """The library file; InputError for one that cannot be what a person meant to synchronize."""
    path, has_agreed = setup.path, setup.state.has_agreed()
    place = Location(str(path))
    try:
        snapshot = store.read(path)
    except StoreError as error:
        raise InputError(error.message, location=place, hint=error.hint, code="Z010") from error
    if not snapshot.exists and (has_agreed or direction is Direction.PUSH):
        raise InputError(
            "the library file is missing; nothing was synchronized",
            location=place,
            hint="restore it from version control, or run `cite sync pull` in a new folder",
            code="Z011",
        )
    is_our_doing = bool(setup.state.meta.get("emptied"))
    if snapshot.exists and has_agreed and not snapshot.library and not is_our_doing:
        raise InputError(
            "the library file has no records any more; nothing was synchronized",
            location=place,
            hint="restore it from version control; records are removed one by one with `cite rm`",
            code="Z012",
        )
    return snapshot


def guard(plan: Plan) -> None:
    """Stop a run that would remove far more than a person usually does; raises RemoteEmptied."""
    here, there = plan.removals()
    allowed = max(1, min(_MOST_REMOVED, plan.agreed // 10))
    for steps, place in ((here, "from the library"), (there, "from the group, to its trash")):
        if len(steps) > allowed:
            raise RemoteEmptied(
                f"{len(steps)} of {plan.agreed} records would be removed {place}; nothing was done",
                hint="look with --dry-run; if it is right, run again with --allow-mass-delete",
            )


def newest(edited: float) -> Preference:
    """The side that was changed last; `edited` is when the library file was."""

    def prefer(row: Row, name: str | None) -> Side | None:
        text = str((row.data or {}).get("dateModified") or "")
        try:
            theirs = datetime.fromisoformat(text).timestamp()
        except ValueError:
            theirs = 0.0
        return Side.OURS if (row.edited or edited) >= theirs else Side.THEIRS

    return prefer


def write_conflicts(path: Path, conflicts: list[Conflict]) -> None:
    """Show the open conflicts in the file beside the library; an old one is emptied."""
    target = path.parent / CONFLICTS_FILE
    data = csl_json.dump_json(as_file(conflicts)).encode("utf-8")
    old = store.read_bytes(target)
    if data != old and (conflicts or old is not None):
        store.write_atomic(target, data)


def modified(path: Path) -> float:
    """When the library file was changed last, in seconds since 1970; 0 if there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was asked of the server before anything here was read; a later round asks anew."""

    questions: Questions | None = None
    access: Callable[[], Access] | None = None


def _ask_ahead(setup: Setup, wishes: Wishes) -> _Ahead:
    """Ask the first questions of a run all at once, while the library is read.

    A library that was never synchronized is going to be sent, so its first run asks for leave too.
    """
    storage, is_first = setup.storage, not setup.state.version and setup.path.exists()
    asks_leave = storage.is_concurrent and is_first and wishes.direction is not Direction.PULL
    access = begin(storage.access, at_once=True) if asks_leave else None
    return _Ahead(ask_ahead(storage, setup.state), access)


def _read_and_plan(
    setup: Setup,
    wishes: Wishes,
    direction: Direction,
    *,
    reads: bool = True,
    ahead: _Ahead | None = None,
    report: Report | None = None,
) -> tuple[Plan, store.Snapshot]:
    snapshot = read_library(setup, direction)
    if reads:
        questions = ahead.questions if ahead else None
        refresh(setup.storage, setup.state, wishes.progress, questions)
        recover(setup.state, report)
    paths = _paths(setup)
    options = Options(
        library=str(setup.storage.library),
        paths=paths,
        direction=direction,
        prefer=wishes.prefer,
        name=lambda record, taken: _name(record, taken, setup.pattern),
        collection=setup.collection,
        tag=setup.tag,
        edited=modified(setup.path),
        unknown=_unknown(setup),
    )
    return make_plan(setup.state.items(), snapshot.library.values(), options), snapshot


def _unknown(setup: Setup) -> frozenset[str]:
    """What the server is known to lack of our table."""
    known = load_known(setup.state.meta.get("server_schema", ""))
    seen = setup.storage.schema_version
    is_current = not seen or (bool(known.types) and known.holds(seen))
    return frozenset(unknown_to(known.types)) if is_current else frozenset()


def _ask_schema(setup: Setup) -> Callable[[], Schema] | None:
    """Ask for the server's schema, unless its answers speak of the one that is known."""
    known = load_known(setup.state.meta.get("server_schema", ""))
    if known.holds(setup.storage.schema_version):
        return None
    ask = partial(setup.storage.schema, known.tag)
    return begin(ask, at_once=setup.storage.is_concurrent)


def _learned(setup: Setup, answer: Callable[[], Schema]) -> bool:
    """Keep the server's schema; True if it lacks other things than was thought."""
    before = _unknown(setup)
    try:
        schema = answer()
    except CiteError:  # a server without one refuses by itself what it does not know
        return False
    if schema.document is not None:
        setup.state.save((), server_schema=known_of(schema.document, schema.tag).dump())
    return _unknown(setup) != before


def _paths(setup: Setup) -> Paths:
    import json

    former = json.loads(setup.state.meta.get("paths", "{}"))
    return read_paths(setup.state.collections(), former, setup.make_key)


def _name(record: Record, taken: set[str], pattern: str) -> str:
    return unique_key(make_key(record, pattern), taken)


def _may_write(setup: Setup, ahead: _Ahead, report: Report) -> bool:
    """Ask, once in a run, whether the key and the library permit it."""
    if not report.is_permitted:
        access = (ahead.access or setup.storage.access)()
        report.is_permitted = access.write
        if not access.write:
            report.refusal = access.reason or "the key may not write to this library"
    return report.is_permitted


def _write_here(
    setup: Setup, plan: Plan, snapshot: store.Snapshot, command: str, report: Report
) -> bool:
    """Write the library and agree on what needs no server; False if the file changed meanwhile."""
    changes = [step for step in plan.steps if step.changes_library]
    if plan.sends or changes:
        data = store.read_bytes(setup.path)
        setup.state.begin_run(command, None if data is None else data.decode("utf-8"))
    elif not plan.steps:
        _keep_paths(setup)
        return True
    gone = [step.record.key for step in changes if step.record]
    library = snapshot.library.without(gone)
    library = library.with_records(step.after for step in changes if step.after)
    _note_emptied(setup, library)
    if changes and not _replace(setup, snapshot, library):
        return False
    setup.state.remember(
        (step.row, False)
        for step in plan.steps
        if step.pulled or (not step.send and step.moves_agreement)
    )
    settle(setup.state, plan.steps, modified(setup.path))
    for step in changes:
        is_new_identity = (
            step.record and step.after and _is_same_but_identity(step.record, step.after)
        )
        if not is_new_identity:
            report.count(report.changed, _verb(step.record, step.after))
    _keep_paths(setup)
    return True


def _note_emptied(setup: Setup, library: Library) -> None:
    """A library that the group's removals emptied is not one that a person lost."""
    emptied = "" if library else "1"
    if setup.state.meta.get("emptied", "") != emptied:
        setup.state.save((), emptied=emptied)


def _is_same_but_identity(old: Record, new: Record) -> bool:
    return old.with_custom(zotero=None) == new.with_custom(zotero=None)


def _verb(old: Record | None, new: Record | None) -> str:
    if old is None:
        return "added"
    return "changed" if new is not None else "removed"


def _replace(setup: Setup, snapshot: store.Snapshot, library: Library) -> bool:
    with store.locked(setup.path):
        try:
            store.write(snapshot, library)
        except ChangedOnDisk:
            return False
    return True


def _keep_paths(setup: Setup) -> None:
    import json

    paths = json.dumps(read_paths(setup.state.collections()).names, sort_keys=True)
    if setup.state.meta.get("paths") != paths:
        setup.state.save((), paths=paths)


def _finish(setup: Setup, plan: Plan, report: Report) -> None:
    _keep_paths(setup)
    summary = {
        "library": report.changed,
        "group": report.written,
        "failures": len(report.failures),
        "conflicts": len(plan.conflicts),
    }
    setup.state.end_run(summary, digest(setup.path))


def digest(path: Path) -> str:
    """What tells the library file's content from any other; empty if there is none."""
    import hashlib

    data = store.read_bytes(path)
    return "" if data is None else hashlib.sha256(data).hexdigest()
