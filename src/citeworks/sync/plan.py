"""What a synchronization would do: one truth table, and what each line of it means. Pure.

For every object three questions are asked, and `TABLE` gives the action: what was agreed about it,
what did the library do to it since, and what did the group. Nothing is read or written here; the
steps that come out say what the library and the server shall hold afterwards, and what is agreed
once that is so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from citeworks.model import Issue, Record, Severity
from citeworks.model.identifier import parse_doi
from citeworks.sync.conflicts import Conflict
from citeworks.sync.interface import Json, Kind
from citeworks.sync.mapping import citation_key_of, is_record, snapshot
from citeworks.sync.merge import Direction, Side
from citeworks.sync.normal import changed_fields
from citeworks.sync.paths import Paths
from citeworks.sync.state import LIVE, NONE, Row


class Ours(StrEnum):
    """What the library did since the agreement."""

    ABSENT = "absent"
    SAME = "same"
    EDITED = "edited"


class Theirs(StrEnum):
    """What the group did; MISSING: it is not there, and nobody said that it was deleted."""

    MISSING = "missing"
    DELETED = "deleted"
    TRASHED = "trashed"
    SAME = "same"
    CHANGED = "changed"


class Action(StrEnum):
    """What happens to an object."""

    NOTHING = "nothing"
    MERGE = "merge"
    CREATE = "create"
    ADD = "add"
    REMOVE = "remove"
    TRASH = "trash"
    RESTORE = "restore"
    FORGET = "forget"
    CONFLICT = "conflict"


_WORDS = {
    "-": Action.NOTHING,
    "merge": Action.MERGE,
    "create": Action.CREATE,
    "add": Action.ADD,
    "remove": Action.REMOVE,
    "trash": Action.TRASH,
    "restore": Action.RESTORE,
    "forget": Action.FORGET,
    "CONFLICT": Action.CONFLICT,
}

# agreed ours      missing   deleted   trashed   same   changed
_TABLE = """
  none   absent    -         -         -         -      add
  none   edited    create    create    CONFLICT  -      merge
  live   absent    forget    forget    forget    trash  CONFLICT
  live   same      create    remove    remove    -      merge
  live   edited    create    CONFLICT  CONFLICT  merge  merge
  gone   absent    -         -         -         -      add
  gone   edited    create    create    restore   -      merge
"""

TABLE: dict[tuple[str, Ours, Theirs], Action] = {
    (agreed, Ours(ours), theirs): _WORDS[word]
    for agreed, ours, *words in (line.split() for line in _TABLE.strip().splitlines())
    for theirs, word in zip(Theirs, words, strict=True)
}
"""Agreed × ours × theirs → action."""


_FEW = 5


@dataclass(slots=True)
class Step:
    """One object: what the library (`after`) and the server (`send`) shall say, and then agree on.

    `send` is what is written to the server, None if nothing is. `agreed`, `base` and `taken` (the
    snapshot of the record) hold once both sides are as said. `held` names the fields of `base`
    that are not agreed: open conflicts, and what this direction leaves for another time.
    `pulled` is what is agreed already when the library has the group's changes and ours are still
    to be sent, None where that is nothing new.
    """

    action: Action
    row: Row
    record: Record | None = None
    after: Record | None = None
    send: dict[str, Any] | None = None
    agreed: str = NONE
    base: Json | None = None
    taken: Json | None = None
    held: frozenset[str] = frozenset()
    conflicts: list[Conflict] = field(default_factory=list)
    pending: bool = False
    pulled: Step | None = None

    @property
    def key(self) -> str:
        """The citation key, the Zotero key where there is none."""
        record = self.after or self.record
        return record.key if record else self.row.citation_key or self.row.key

    @property
    def changes_library(self) -> bool:
        """True if the record shall be another one, or be there or not, afterwards."""
        return self.after != self.record

    @property
    def is_idle(self) -> bool:
        """True if neither side changes, nothing is open, and the agreement stays as it is."""
        return not (self.changes_library or self.send or self.conflicts or self.moves_agreement)

    @property
    def moves_agreement(self) -> bool:
        """True if other things are agreed afterwards than before."""
        row = self.row
        return (
            self.agreed != row.agreed
            or self.taken != row.record
            or (self.base is not row.base and self.base != row.base)
        )


Preference = Callable[[Row, "str | None"], "Side | None"]
"""Which side settles a conflict of an object in a field (None: of an edit with a removal)."""


def undecided(row: Row, name: str | None) -> Side | None:
    """Settle nothing."""
    return None


@dataclass(slots=True)
class Options:
    """What a plan depends on besides the three states.

    `name` makes a citation key for a record without one. `collection` (a path) and `tag` limit
    which objects of the group come in, and are given to the records that go out.
    """

    library: str
    paths: Paths
    direction: Direction = Direction.BOTH
    prefer: Preference = undecided
    name: Callable[[Record, set[str]], str] = lambda record, taken: record.key
    collection: str = ""
    tag: str = ""
    edited: float = 0.0
    unknown: frozenset[str] = frozenset()
    """What the server's schema lacks (`citeworks.sync.schema`); values of it are held back."""
    withheld: dict[str, list[str]] = field(default_factory=dict)
    """Citation keys of the records of which a value was held back, by what the server lacks."""


@dataclass(slots=True)
class Plan:
    """All steps that are not idle, the collections to be made for them, and what is doubtful."""

    steps: list[Step] = field(default_factory=list)
    collections: dict[str, dict[str, Any]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    agreed: int = 0
    """How many records both sides have."""

    @property
    def conflicts(self) -> list[Conflict]:
        """All conflicts that stay open."""
        return [conflict for step in self.steps for conflict in step.conflicts]

    @property
    def sends(self) -> list[Step]:
        """The steps that write to the server."""
        return [step for step in self.steps if step.send]

    @property
    def changes(self) -> list[Step]:
        """The steps that change the library."""
        return [step for step in self.steps if step.changes_library]

    @property
    def pending(self) -> list[Step]:
        """The steps that another direction would take."""
        return [step for step in self.steps if step.pending]

    def removals(self) -> tuple[list[Step], list[Step]]:
        """The steps that remove records here, and those that put items in the trash there."""
        here = [step for step in self.steps if step.record is not None and step.after is None]
        there = [step for step in self.steps if step.action is Action.TRASH and step.send]
        return here, there


def make_plan(rows: Mapping[str, Row], records: Iterable[Record], options: Options) -> Plan:
    """The plan for the items of the state and the records of the library."""
    from citeworks.sync.steps import make_step

    plan = Plan()
    known = list(records)
    bound, free = bind(rows, known, options.library, plan.issues)
    taken = {record.key for record in known}
    wanted = options.paths.below(options.collection) if options.collection else None
    for key in sorted(rows):
        row = rows[key]
        if row.data is not None and not is_record(row.data):
            continue
        record = bound.get(key)
        action = _action(row, record)
        if action is Action.ADD and not _in_scope(row, options, wanted):
            continue
        step = make_step(action, row, record, options, taken, plan.issues)
        plan.agreed += row.agreed == LIVE
        _admit(plan, step)
    used = {key for key, row in rows.items() if not row.is_void}
    for record in free:
        key = zotero_key_of(record, options.library)
        if not key or key in used:
            key = options.paths.make_key()
        used.add(key)
        row = Row(Kind.ITEM, key)
        step = make_step(Action.CREATE, row, record, options, taken, plan.issues)
        _admit(plan, step)
    filed = {key for step in plan.sends for key in (step.send or {}).get("collections") or ()}
    plan.collections = _with_parents(options.paths.new, filed)
    plan.issues.extend(_held_back(name, keys) for name, keys in options.withheld.items())
    return plan


def _held_back(name: str, keys: list[str]) -> Issue:
    named = ", ".join(keys[:_FEW]) + (" …" if len(keys) > _FEW else "")
    return Issue(
        "Z003",
        f"this server does not know {name}: it is not sent, and stays here, for {named}",
        Severity.WARNING,
        key=keys[0],
        hint="it is sent once the server knows it",
    )


def _admit(plan: Plan, step: Step) -> None:
    if step.pending or not step.is_idle:
        plan.steps.append(step)


def _with_parents(new: Mapping[str, dict[str, Any]], used: set[str]) -> dict[str, dict[str, Any]]:
    """The new collections that are used, and those that they are in, parents first."""
    needed: set[str] = set()
    for key in used & new.keys():
        current: Any = key
        while current in new and current not in needed:
            needed.add(current)
            current = new[current]["parentCollection"]
    return {key: data for key, data in new.items() if key in needed}


def _action(row: Row, record: Record | None) -> Action:
    return TABLE[row.agreed, ours_of(row, record), theirs_of(row)]


def ours_of(row: Row, record: Record | None) -> Ours:
    """What the library did to the object."""
    if record is None:
        return Ours.ABSENT
    if row.agreed == LIVE and snapshot(record) == row.record:
        return Ours.SAME
    return Ours.EDITED


def theirs_of(row: Row) -> Theirs:
    """What the group did to the object."""
    if row.data is None:
        return Theirs.DELETED if row.is_deleted else Theirs.MISSING
    if row.data.get("deleted"):
        return Theirs.TRASHED
    if row.agreed != LIVE or row.base is None:
        return Theirs.CHANGED
    if row.base is row.data or row.base == row.data or not changed_fields(row.base, row.data):
        return Theirs.SAME
    return Theirs.CHANGED


def _in_scope(row: Row, options: Options, wanted: frozenset[str] | None) -> bool:
    data = row.data or {}
    if wanted is not None and not wanted.intersection(data.get("collections") or ()):
        return False
    tags = {tag.get("tag") for tag in data.get("tags") or () if isinstance(tag, Mapping)}
    return not options.tag or options.tag in tags


def zotero_key_of(record: Record, library: str) -> str:
    """The Zotero key that the record names for this library, ``""`` if none."""
    identity = record.custom.get("zotero")
    if isinstance(identity, Mapping) and identity.get("library") == library:
        return str(identity.get("key") or "")
    return ""


def bind(
    rows: Mapping[str, Row], records: list[Record], library: str, issues: list[Issue]
) -> tuple[dict[str, Record], list[Record]]:
    """Which record belongs to which item, and the records that belong to none.

    In this order: the Zotero key that the record names; the citation key that was agreed; then,
    among items that no record has, the citation key and the DOI.
    """
    bound: dict[str, Record] = {}
    free: list[Record] = []
    for record in records:
        key = zotero_key_of(record, library)
        if key not in rows or not _is_candidate(rows[key]):
            free.append(record)
        elif key not in bound:
            bound[key] = record
        else:
            first, second = sorted(
                (bound[key], record), key=lambda each: each.key != rows[key].citation_key
            )
            bound[key] = first
            free.append(second)
            issues.append(_twice(second, first, key))
    for index in (_agreed_keys, _citation_keys, _dois):
        free = _match(bound, free, *index(rows))
    return bound, free


def _is_candidate(row: Row) -> bool:
    """False for notes, and for keys that were chosen here and never came to be there.

    The record with such a key may have been created by another clone meanwhile, under its own.
    """
    return row.agreed != NONE if row.data is None else is_record(row.data)


def _match(
    bound: dict[str, Record],
    free: list[Record],
    keys: Mapping[str, str],
    name_of: Callable[[Record], str],
) -> list[Record]:
    if not keys:
        return free
    left: list[Record] = []
    for record in free:
        key = keys.get(name_of(record), "") if name_of(record) else ""
        if key and key not in bound:
            bound[key] = record
        else:
            left.append(record)
    return left


_Index = tuple[dict[str, str], Callable[[Record], str]]


def _agreed_keys(rows: Mapping[str, Row]) -> _Index:
    known = {row.citation_key: key for key, row in rows.items() if row.agreed == LIVE or row.sent}
    return known, lambda record: record.key


def _citation_keys(rows: Mapping[str, Row]) -> _Index:
    found = {citation_key_of(row.data or {}): key for key, row in _unclaimed(rows)}
    return found, lambda record: record.key


def _dois(rows: Mapping[str, Row]) -> _Index:
    found = {
        parse_doi(str((row.data or {}).get("DOI") or "")): key for key, row in _unclaimed(rows)
    }
    return found, lambda record: parse_doi(record.text("DOI"))


def _unclaimed(rows: Mapping[str, Row]) -> list[tuple[str, Row]]:
    """Items in the group that no record was ever agreed to be, the smallest key last."""
    return [
        (key, row)
        for key, row in sorted(rows.items(), reverse=True)
        if row.agreed != LIVE
        and row.data is not None
        and not row.data.get("deleted")
        and is_record(row.data)
    ]


def _twice(second: Record, first: Record, key: str) -> Issue:
    return Issue(
        "Z002",
        f"{second.key} names the Zotero item {key}, which {first.key} has already",
        Severity.WARNING,
        key=second.key,
        hint="it is treated as a new record",
    )
