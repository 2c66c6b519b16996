"""How plans, conflicts and reports of a synchronization read: data on stdout, reports on stderr."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from citeworks.cli.messages import say
from citeworks.cli.settings import current_settings
from citeworks.cli.streams import put
from citeworks.errors import CiteError
from citeworks.sync.apply import Report
from citeworks.sync.conflicts import Conflict
from citeworks.sync.interface import Kind
from citeworks.sync.mapping import changed_names, snapshot
from citeworks.sync.plan import Action, Plan, Step
from citeworks.sync.state import Run
from citeworks.workflows.sync import Setup
from citeworks.workflows.undo import Undoing

_WORDS = {
    Action.MERGE: "change",
    Action.CREATE: "create",
    Action.ADD: "add",
    Action.REMOVE: "remove",
    Action.TRASH: "trash",
    Action.RESTORE: "restore",
    Action.FORGET: "forget",
    Action.CONFLICT: "conflict",
}
_HEAD = ("key", "version")
_SHOWN = 20
"""Lines that the status shows of a large plan."""


def print_plan(plan: Plan, setup: Setup) -> None:
    """Every object with its fields before and after, then the requests that would be sent."""
    for data in plan.collections.values():
        parent = f" in {data['parentCollection']}" if data["parentCollection"] else ""
        _print(f"group    create   collection {data['key']} {_text(data['name'])}{parent}")
    for step in sorted(plan.steps, key=lambda step: step.key):
        for line in _step_lines(step):
            _print(line)
    for line in _requests(plan, setup):
        _print(line)
    _say_agreement(plan, setup)


def print_status(plan: Plan, setup: Setup) -> None:
    """How much a run would change, then a line for each record: the first ones, or all of them."""
    heads = [
        head for step in sorted(plan.steps, key=lambda each: each.key) for head in _heads(step)
    ]
    counts = Counter(" ".join(head.split()[:2]) for head in heads)
    for what, count in sorted(counts.items()):
        where, word = what.split()
        _print(f"{where:8} {word:8} {count:,} record{'s' * (count > 1)}")
    shown = heads if current_settings().verbose else heads[:_SHOWN]
    for head in shown:
        _print(head)
    if len(shown) < len(heads):
        say(f"and {len(heads) - len(shown):,} more: --verbose lists them all")
    _say_agreement(plan, setup)


def _say_agreement(plan: Plan, setup: Setup) -> None:
    if not plan.sends and not plan.changes and not plan.conflicts:
        say(f"{setup.path} and {setup.storage.library} agree on {plan.agreed} records")


def _heads(step: Step) -> Iterator[str]:
    word = _WORDS.get(step.action, str(step.action))
    if step.conflicts:
        variables = ", ".join(each.variable or "removed" for each in step.conflicts)
        yield f"both     conflict {step.key} {step.row.key} {variables}"
    if step.changes_library and not _is_identity_only(step):
        here = "add" if step.record is None else "change" if step.after else "remove"
        yield f"library  {here:8} {step.key} {step.row.key}"
    if step.send:
        yield f"group    {word:8} {step.key} {step.row.key}"


def _is_identity_only(step: Step) -> bool:
    return bool(step.record and step.after) and not _library_changes(step)


def _step_lines(step: Step) -> Iterator[str]:
    for head in _heads(step):
        yield head
        if head.startswith("library"):
            yield from (_change(*each) for each in _library_changes(step))
        elif head.startswith("group"):
            yield from (_change(*each) for each in _group_changes(step))
        else:
            yield from _conflict_lines(step)


def _conflict_lines(step: Step) -> Iterator[str]:
    for conflict in step.conflicts:
        yield f"    {conflict.variable or 'removed on one side'}"
        for side in ("base", "ours", "theirs"):
            yield f"      {side:6} {_text(getattr(conflict, side))}"


def _library_changes(step: Step) -> list[tuple[str, Any, Any]]:
    old = snapshot(step.record) if step.record else {}
    new = snapshot(step.after) if step.after else {}
    return [(name, old.get(name), new.get(name)) for name in changed_names(old, new)]


def _group_changes(step: Step) -> list[tuple[str, Any, Any]]:
    send: Mapping[str, Any] = step.send or {}
    data = step.row.data or {}
    return [
        (name, data.get(name) or None, value) for name, value in send.items() if name not in _HEAD
    ]


def _change(name: str, old: Any, new: Any) -> str:
    if old is None:
        return f"    {name}: + {_text(new)}"
    if new is None:
        return f"    {name}: - {_text(old)}"
    return f"    {name}: {_text(old)} -> {_text(new)}"


def _requests(plan: Plan, setup: Setup) -> Iterator[str]:
    """What a run sends besides reading; its questions about permission come first."""
    library, size = setup.storage.library, setup.storage.batch_size
    if plan.sends and setup.storage.lists_deleted:
        yield "GET keys/current"
        if library.is_group:
            yield f"GET {library}"
    for kind, count in ((Kind.COLLECTION, len(plan.collections)), (Kind.ITEM, len(plan.sends))):
        for start in range(0, count, size):
            yield f"POST {library}/{kind} ({min(size, count - start)} objects)"


def print_conflict(conflict: Conflict, *, is_full: bool) -> None:
    """A conflict as one line, or with its three sides."""
    _print(f"{conflict.id} {conflict.variable or 'removed'} ({conflict.kind})")
    if is_full:
        for side in ("base", "ours", "theirs"):
            _print(f"  {side:6} {_text(getattr(conflict, side))}")


def print_run(run: Run) -> None:
    """A run as one line of the log."""
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started))
    parts = [
        f"{where}: {', '.join(f'{count} {word}' for word, count in counts.items())}"
        for where, counts in run.summary.items()
        if isinstance(counts, Mapping) and counts
    ]
    parts += [
        f"{run.summary[name]} {name}" for name in ("failures", "conflicts") if run.summary.get(name)
    ]
    parts += ["broken off, finished by the next run"] if run.summary.get("finished") else []
    state = "; ".join(parts) or ("nothing" if run.summary else "broken off")
    _print(f"{run.number:4}  {when}  {run.command:8} {state}{' (undone)' * run.undone}")


def print_undo(undoing: Undoing, setup: Setup) -> None:
    """What taking back a run would write."""
    for row, send in undoing.sends:
        _print(f"group    change   {row.citation_key or row.key} {row.key}")
        for name, value in send.items():
            if name not in _HEAD:
                _print(_change(name, (row.data or {}).get(name) or None, value))
    _print(f"library  restore  {setup.path}")


def say_report(report: Report, setup: Setup, *, is_done: bool = False) -> None:
    """What a run did, in one or two lines, and every object that was refused."""
    here = [f"{count} {word}" for word, count in sorted(report.changed.items())]
    there = [f"{count} {_done(word)}" for word, count in sorted(report.written.items())]
    if here:
        say(f"{setup.path}: {', '.join(here)}")
    if there:
        say(f"{setup.storage.library}: {', '.join(there)}")
    for count, text in (
        (report.unchanged, "had that already"),
        (report.overtaken, "changed by somebody else first, then merged"),
        (report.lost_answers, "requests without an answer, looked up afterwards"),
    ):
        if count:
            say(f"{setup.storage.library}: {count} {text}")
    for failure in report.failures.values():
        _say_failure(failure.key, failure.zotero_key, failure.code, failure.message)
    if is_done and not (here or there or report.failures or report.refusal):
        say("nothing to do")
    if current_settings().verbose:
        sent = ", ".join(f"{count} {method}" for method, count in setup.storage.requests.items())
        say(f"requests: {sent}")


def _say_failure(key: str, zotero_key: str, code: int, message: str) -> None:
    from citeworks.cli.messages import report_error

    report_error(CiteError(f"{key} ({zotero_key}) was refused by Zotero: {code} {message}"))


def _done(word: str) -> str:
    verbs = {"create": "created", "merge": "changed", "trash": "put in the trash"}
    verbs |= {"restore": "restored", "collection": "collections made", "undone": "put back"}
    return verbs.get(word, word)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=False)


def _print(line: str) -> None:
    put(line)
