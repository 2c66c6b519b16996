"""What each action of the plan means for one object. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from citeworks.model import Issue, Provenance, Record, Severity
from citeworks.sync.conflicts import delete_conflict, edit_conflicts
from citeworks.sync.interface import Json
from citeworks.sync.mapping import (
    SOURCE,
    Snapshot,
    changed_names,
    patch,
    record_of,
    retype,
    said,
    snapshot,
    updated,
)
from citeworks.sync.merge import Direction, Merge, Side, merge_items
from citeworks.sync.normal import UNTOUCHED, changed_fields, normal_text, normal_value
from citeworks.sync.paths import Paths
from citeworks.sync.plan import Action, Options, Step
from citeworks.sync.schema import unsendable
from citeworks.sync.state import GONE, LIVE, Row
from citeworks.zotero_json.tables import ITEM_FIELDS

_PULLED = frozenset((Action.ADD, Action.REMOVE))
_PUSHED = frozenset((Action.CREATE, Action.TRASH, Action.RESTORE))
_MEMBERS = frozenset(("custom.tags", "custom.collections", "keyword"))
_NOT_SENT = UNTOUCHED - {"deleted"} | {"parentItem"}


def make_step(
    action: Action,
    row: Row,
    record: Record | None,
    options: Options,
    taken: set[str],
    issues: list[Issue],
) -> Step:
    """The step for one object. `taken` are the citation keys in use; new ones are added to it."""
    context = _Context(options, taken, issues)
    if action is Action.NOTHING:
        return _nothing(row, record, context)
    is_blocked = (action in _PULLED and options.direction is Direction.PUSH) or (
        action in _PUSHED and options.direction is Direction.PULL
    )
    if is_blocked:
        step = _keep(action, row, record)
        step.pending = True
        return step
    return _MAKERS[action](row, record, context)


class _Context:
    """The options, with the citation keys and the doubts that grow while steps are made."""

    def __init__(self, options: Options, taken: set[str], issues: list[Issue]) -> None:
        self.options, self.taken, self.issues = options, taken, issues

    @property
    def paths(self) -> Paths:
        return self.options.paths

    def named(self, record: Record, fallback: str = "") -> Record:
        """The record under a citation key of its own; `fallback` is the one it had."""
        key = record.key or fallback or self.options.name(record, self.taken)
        if key in self.taken and key != fallback:
            free = fallback or self.options.name(record.with_key(""), self.taken | {key})
            self.issues.append(_key_in_use(key, free))
            key = free
        self.taken.discard(fallback)
        self.taken.add(key)
        return record.with_key(key)


def _key_in_use(key: str, free: str) -> Issue:
    return Issue(
        "Z001",
        f"the group has another item with the citation key {key!r}; it is {free!r} here",
        Severity.WARNING,
        key=free,
        hint="give one of the two another key",
    )


def _keep(action: Action, row: Row, record: Record | None) -> Step:
    """Leave everything as it is."""
    return Step(action, row, record, record, agreed=row.agreed, base=row.base, taken=row.record)


def _nothing(row: Row, record: Record | None, context: _Context) -> Step:
    if record is not None and row.data is not None and row.agreed == LIVE:
        keys = row.data.get("collections") or ()
        paths = context.paths
        if any(paths.names.get(key) != paths.former.get(key) for key in keys):
            return _merge(row, record, context)
    return _keep(Action.NOTHING, row, record)


def _identity(record: Record, row: Row, options: Options) -> Record:
    return record.with_custom(zotero={"library": options.library, "key": row.key})


# --- both sides exist -----------------------------------------------------------------------


def _merge(row: Row, record: Record | None, context: _Context) -> Step:
    assert record is not None and row.data is not None  # noqa: S101, PT018 - the table says so
    options = context.options
    is_known = row.agreed == LIVE and row.base is not None
    base, old = (row.base or {}, row.record or {}) if is_known else ({}, {})
    new = snapshot(record)
    ours = _ours(base, old, new, row, options)
    merge, ours = _merge_types(base, ours, row, options)
    before, after = said(ours, context.paths), said(merge.ours, context.paths)
    if not is_known:
        before = _only_own(before, new)
    before = _with_own_note(before, new)
    changed = updated(record, before, after, Provenance(SOURCE, row.key))
    changed = _filed(changed, after)
    if changed.key != record.key:
        changed = context.named(changed, record.key)
    changed = _identity(changed, row, options)
    if options.unknown:
        _hold_back(merge, row, changed.key, options)
    changes = difference(row.data, merge.theirs)
    is_sent = options.direction is not Direction.PULL and _has_content(changes)
    sides = (said(base, context.paths) if base else {}, new, said(row.data, context.paths))
    item_type = str(row.data.get("itemType"))
    conflicts = edit_conflicts(merge.conflicts, (changed.key, row.key), item_type, sides)
    step = Step(
        Action.MERGE,
        row,
        record,
        changed,
        changes if is_sent else None,
        LIVE,
        merge.base,
        _agreed_snapshot(old, snapshot(changed), merge, base, context.paths),
        frozenset(changed_fields(merge.theirs, merge.base)),
        conflicts,
    )
    if is_known and step.send and step.changes_library:
        step.pulled = _pulled(step, context)
    return step


def _pulled(step: Step, context: _Context) -> Step | None:
    """The same step without the sending, where it makes the same record.

    It is agreed first: should somebody change what was just taken over before ours is written, a
    value that came from the group is not an edit of ours.
    """
    options = replace(context.options, direction=Direction.PULL)
    pulled = _merge(step.row, step.record, _Context(options, set(context.taken), []))
    return pulled if pulled.after == step.after else None


def _ours(base: Json, old: Snapshot, new: Snapshot, row: Row, options: Options) -> dict[str, Any]:
    """The item as the library has it: the base, and what was edited since.

    Without a base it is the group's item with everything that the record says differently; what
    the record does not say, and a citation key that the group does not have, are no edits then.
    """
    if base:
        return patch(base, old, new, options.paths)
    theirs = row.data or {}
    there = said(theirs, options.paths)
    known = {name: there[name] for name in new if name in there and name not in _MEMBERS}
    if not there.get("id"):
        known["id"] = new.get("id")
    return patch(theirs, known, new, options.paths)


def _only_own(before: Snapshot, new: Snapshot) -> dict[str, Any]:
    """What of it the record says itself; without a base the item was filled up with theirs."""
    own = {name: value for name, value in before.items() if name in new and name not in _MEMBERS}
    return own | {name: new[name] for name in _MEMBERS if name in new}


def _with_own_note(before: Snapshot, new: Snapshot) -> dict[str, Any]:
    """The snapshot with the record's own note, which an edit of a line of Extra is not in yet."""
    own = {name: value for name, value in before.items() if name != "note"}
    if normal_text(before.get("note")) == normal_text(new.get("note")):
        return dict(before)
    return own | ({"note": new["note"]} if "note" in new else {})


def _merge_types(
    base: Json, ours: Json, row: Row, options: Options
) -> tuple[Merge, dict[str, Any]]:
    """Merge the items once all three have the same type.

    Says also what ours was before the merge, in terms in which the two can be compared: a record
    whose type is held back keeps it.
    """
    theirs = row.data or {}
    old, mine, other = (str(item.get("itemType") or "") for item in (base, ours, theirs))
    winner = options.prefer(row, "itemType")
    is_conflict = len({old, mine, other}) == 3
    is_pull = options.direction is Direction.PULL
    goes_ours = not is_pull and (other == old or (is_conflict and winner is Side.OURS))
    target = mine if goes_ours else other
    states = [retype(item, target) if item else {} for item in (base, ours, theirs)]
    merge = merge_items(
        states[0], states[1], states[2], options.direction, lambda name: options.prefer(row, name)
    )
    if is_conflict and winner is None:
        merge.conflicts.append("itemType")
    if (is_conflict and winner is None) or (
        options.direction is Direction.PUSH and other not in (old, mine)
    ):
        merge.base["itemType"] = old
    if mine in (old, target) or (is_conflict and winner is Side.THEIRS):
        return merge, dict(ours)
    merge.ours["itemType"] = mine
    return merge, {**states[1], "itemType": mine}


def _hold_back(merge: Merge, row: Row, key: str, options: Options) -> None:
    """Leave alone in the group what its server would refuse; it is not agreed, and stays ours."""
    stored = row.data or {}
    changed = changed_fields(stored, merge.theirs)
    for name, lacks in unsendable(merge.theirs, changed, options.unknown).items():
        options.withheld.setdefault(lacks, []).append(key)
        for state in (merge.theirs, merge.base):
            state.pop(name, None)
            if name in stored:
                state[name] = stored[name]


def _filed(record: Record, after: Snapshot) -> Record:
    """The record with the paths that its collections have now, however they were called before."""
    paths = list(after.get("custom.collections") or ())
    known = record.custom.get("collections") or []
    if not isinstance(known, list) or sorted(map(str, known)) == paths:
        return record
    custom = {name: value for name, value in record.custom.items() if name != "collections"}
    return replace(record, custom={**custom, "collections": paths} if paths else custom)


def difference(old: Json, new: Json) -> dict[str, Any]:
    """What to write so that the server's object becomes the new one.

    A field that another type does not have is not cleared: with the type the server drops it, and
    it refuses to be told.
    """
    sent = {
        name: new[name] if name in new else [] if isinstance(old.get(name), list) else ""
        for name in changed_fields(old, new)
        if name in new or not _goes_with_type(name, old, new)
    }
    return {"key": old.get("key"), "version": int(old.get("version") or 0), **sent}


def _goes_with_type(name: str, old: Json, new: Json) -> bool:
    kinds = [str(item.get("itemType")) for item in (old, new)]
    before, after = (ITEM_FIELDS.get(kind, frozenset((name,))) for kind in kinds)
    return name in before and name not in after


def _has_content(send: Mapping[str, Any]) -> bool:
    return any(name not in ("key", "version") for name in send)


def _agreed_snapshot(
    old: Snapshot, now: Snapshot, merge: Merge, base: Json, paths: Paths
) -> dict[str, Any]:
    """The record's side of the agreement: what it says now, except where the base is not that."""
    here, there, before = (said(item, paths) for item in (merge.ours, merge.base, base or {}))
    agreed = dict(now)
    for name in changed_names(here, there):
        names = [name, "keyword"] if name == "custom.tags" else [name]
        for each in names:
            was = old if before.get(name) == there.get(name) else there
            agreed.pop(each, None)
            if each in was:
                agreed[each] = was[each]
    return agreed


# --- one side exists ------------------------------------------------------------------------


def _create(row: Row, record: Record | None, context: _Context) -> Step:
    assert record is not None  # noqa: S101 - the table says so
    options, taken = context.options, snapshot(record)
    if row.base is not None and row.agreed == LIVE:
        bare = patch(row.base, row.record or {}, taken, options.paths)
    else:
        bare = patch({"itemType": "document"}, {}, taken, options.paths)
    item = _scoped(bare, options)
    send = {name: value for name, value in item.items() if name not in _NOT_SENT and value}
    members = [key for key in send.pop("collections", ()) if key in options.paths.names]
    send = {"key": row.key, "version": 0, **send, **({"collections": members} if members else {})}
    after = record
    if item != bare or normal_text(item.get("extra")) != normal_text(taken.get("note")):
        here, there = said(bare, options.paths), said(item, options.paths)
        here = _with_own_note(here, taken)
        after = updated(record, here, there, Provenance(SOURCE, row.key))
    after = _filed(after, {"custom.collections": options.paths.of(members)})
    if after is not record:
        taken = snapshot(after)
    after = _identity(after, row, options)
    if options.unknown:
        taken = _without_unsendable(send, taken, record.key, options)
    return Step(Action.CREATE, row, record, after, send, LIVE, send, taken)


def _without_unsendable(
    send: dict[str, Any], taken: dict[str, Any], key: str, options: Options
) -> dict[str, Any]:
    """Take out of a new item what the server would refuse; what is agreed is the rest."""
    lacking = unsendable(send, list(send), options.unknown)
    whole = said(send, options.paths) if lacking else {}
    for name, lacks in lacking.items():
        options.withheld.setdefault(lacks, []).append(key)
        del send[name]
    left = set(changed_names(whole, said(send, options.paths))) if lacking else set()
    return {name: value for name, value in taken.items() if name not in left}


def _scoped(item: Json, options: Options) -> dict[str, Any]:
    """The item with the collection and the tag that this synchronization is limited to."""
    scoped = dict(item)
    if options.collection and not options.paths.below(options.collection).intersection(
        item.get("collections") or ()
    ):
        members = [*(item.get("collections") or ()), options.paths.key_of(options.collection)]
        scoped["collections"] = members
    tags = [str(tag.get("tag")) for tag in item.get("tags") or ()]
    if options.tag and options.tag not in tags:
        scoped["tags"] = [*(item.get("tags") or ()), {"tag": options.tag}]
    return scoped


def _add(row: Row, record: Record | None, context: _Context) -> Step:
    assert row.data is not None  # noqa: S101 - the table says so
    new = context.named(record_of(row.data, context.paths))
    new = _identity(new, row, context.options)
    return Step(Action.ADD, row, None, new, None, LIVE, row.data, snapshot(new))


def _remove(row: Row, record: Record | None, context: _Context) -> Step:
    return Step(Action.REMOVE, row, record, None, None, GONE)


def _forget(row: Row, record: Record | None, context: _Context) -> Step:
    return Step(Action.FORGET, row, None, None, None, GONE)


def _trash(row: Row, record: Record | None, context: _Context) -> Step:
    send = {"key": row.key, "version": row.version, "deleted": 1}
    return Step(Action.TRASH, row, None, None, send, GONE)


def _restore(row: Row, record: Record | None, context: _Context) -> Step:
    """Out of the trash again, with what the record says."""
    assert record is not None and row.data is not None  # noqa: S101, PT018 - the table says so
    step = _merge(replace(row, agreed=GONE), record, _settled(context))
    send = {"key": row.key, "version": row.version, **(step.send or {}), "deleted": 0}
    return replace(step, action=Action.RESTORE, row=row, send=send)


def _settled(context: _Context) -> _Context:
    """What is restored is what the library has: nobody else claims the item."""
    options = replace(context.options, prefer=lambda row, name: Side.OURS)
    return _Context(options, context.taken, context.issues)


# --- an edit and a removal ------------------------------------------------------------------


def _conflict(row: Row, record: Record | None, context: _Context) -> Step:
    side = context.options.prefer(row, None)
    if side is not None:
        return _settle(row, record, context, side)
    base = row.record if row.agreed == LIVE else None
    ours = snapshot(record) if record is not None else None
    is_removed = row.data is None or bool(row.data.get("deleted"))
    theirs = None if is_removed else said(row.data or {}, context.paths)
    key = record.key if record is not None else row.citation_key or row.key
    step = _keep(Action.CONFLICT, row, record)
    step.conflicts = [delete_conflict((key, row.key), base, ours, theirs)]
    return step


def _settle(row: Row, record: Record | None, context: _Context, side: Side) -> Step:
    """One side is right: what it did to the record happens on the other side too."""
    if side is Side.THEIRS:
        return _remove(row, record, context) if record is not None else _add(row, None, context)
    is_pull = context.options.direction is Direction.PULL
    if record is None:
        step = _trash(row, None, context)
        if is_pull:
            taken = said(row.data or {}, context.paths)
            return replace(step, send=None, agreed=LIVE, base=row.data, taken=taken)
        return step
    if is_pull:
        return replace(_keep(Action.CONFLICT, row, record), agreed=GONE, base=None, taken=None)
    if row.data is None:
        return _create(row, record, context)
    return _restore(row, record, context)


_MAKERS: dict[Action, Callable[[Row, Record | None, _Context], Step]] = {
    Action.MERGE: _merge,
    Action.CREATE: _create,
    Action.ADD: _add,
    Action.REMOVE: _remove,
    Action.TRASH: _trash,
    Action.RESTORE: _restore,
    Action.FORGET: _forget,
    Action.CONFLICT: _conflict,
}


def agreed_base(step: Step, stored: Json) -> Json:
    """What is agreed once the server has stored a write: its answer, but for what is still open."""
    if step.base is None or not step.held:
        return stored
    base = dict(stored)
    for name in step.held:
        if name in step.base:
            base[name] = step.base[name]
        else:
            base.pop(name, None)
    return base


def adapted_fields(step: Step, stored: Json) -> dict[str, Any]:
    """What was sent where the server made something else of it, as if somebody had changed it."""
    return {
        name: value
        for name, value in (step.send or {}).items()
        if name not in ("key", "version", "deleted")
        and name not in step.held
        and normal_value(name, step.send or {}) != normal_value(name, stored)
    }


def is_as_sent(sent: Json, stored: Json) -> bool:
    """True if the server's object has everything that a write said."""
    return all(
        bool(stored.get(name)) == bool(value)
        if name == "deleted"
        else normal_value(name, sent) == normal_value(name, stored)
        for name, value in sent.items()
        if name not in ("key", "version")
    )
