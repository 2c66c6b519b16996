"""What became of one record, slot by slot: the one thing that previews, logs and undo speak of.

A *slot* is a CSL variable, ``type``, or ``custom.NAME`` for an entry of `custom`. Knows how to
read, set and compare slots. Refuses to know why anything changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from citeworks.model.provenance import Provenance
from citeworks.model.record import Record

TYPE = "type"
CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Change:
    """One slot before and after, None where it is empty, and who says the new value."""

    slot: str
    before: Any
    after: Any
    origin: Provenance | None = None
    earlier_origin: Provenance | None = None

    @property
    def confirms(self) -> bool:
        """True if only the origin changed: another source says the same."""
        return bool(self.before == self.after)


def slots(record: Record) -> Iterator[str]:
    """The slots of a record that are filled."""
    yield TYPE
    yield from record.variables
    yield from (CUSTOM + name for name in record.custom)


def value_of(record: Record, slot: str) -> Any:
    """What stands in the slot, or None."""
    if slot == TYPE:
        return record.type
    if slot.startswith(CUSTOM):
        return record.custom.get(slot.removeprefix(CUSTOM))
    return record.variables.get(slot)


def with_slot(record: Record, slot: str, value: Any, origin: Provenance | None = None) -> Record:
    """A copy with this value in the slot, said by `origin`; None empties it."""
    provenance = {name: each for name, each in record.provenance.items() if name != slot}
    if origin is not None and value is not None:
        provenance[slot] = origin
    if slot == TYPE:
        return replace(record, type=value or "document", provenance=provenance)
    if slot.startswith(CUSTOM):
        custom = _with(record.custom, slot.removeprefix(CUSTOM), value)
        return replace(record, custom=custom, provenance=provenance)
    return replace(record, variables=_with(record.variables, slot, value), provenance=provenance)


def _with(values: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    others = {each: held for each, held in values.items() if each != name}
    return others if value is None else {**others, name: value}


def changes(before: Record, after: Record) -> tuple[Change, ...]:
    """How two states of a record differ, sorted by slot; a mere new time of retrieval counts."""
    names = sorted({*slots(before), *slots(after)})
    found = (
        Change(
            slot,
            value_of(before, slot),
            value_of(after, slot),
            after.provenance.get(slot),
            before.provenance.get(slot),
        )
        for slot in names
    )
    return tuple(
        each for each in found if each.before != each.after or each.origin != each.earlier_origin
    )
