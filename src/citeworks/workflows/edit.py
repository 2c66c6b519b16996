"""A person's change to one record: everything that changed is theirs from then on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from citeworks import csl_json
from citeworks.errors import CslJsonError, InputError, Location
from citeworks.model import Provenance, Record
from citeworks.model.change import CUSTOM, slots, value_of, with_slot
from citeworks.model.provenance import USER
from citeworks.model.record import LOCKED, locked_slots


def editable(record: Record) -> str:
    """The record as JSON for an editor; provenance is left out, nobody edits that."""
    item = csl_json.item_from_record(record)
    item.get("custom", {}).pop("provenance", None)
    return csl_json.dump_json(item)


def edited(record: Record, text: str) -> Record:
    """The record that the edited text describes; what changed gets the source ``user``.

    A variable that was taken away is locked, or the next machine would fill it again.

    Raises CslJsonError for text that is no item, InputError for a changed citation key.
    """
    loaded = csl_json.load(text, file="edited record")
    if len(loaded) != 1:
        raise CslJsonError("the edited text holds no record", location=Location("edited record"))
    new = loaded[0]
    if new.key != record.key:
        raise InputError(
            f"the citation key was changed from {record.key!r} to {new.key!r}",
            hint="a key once given is frozen; papers cite it",
        )
    changed = {slot for slot in slots(new) if value_of(record, slot) != value_of(new, slot)}
    provenance = {
        slot: origin
        for slot, origin in record.provenance.items()
        if value_of(new, slot) is not None
    } | dict.fromkeys(changed, Provenance(USER))
    removed = record.variables.keys() - new.variables.keys()
    return replace(locking(new, removed), provenance=provenance)


def locking(record: Record, names: Collection[str]) -> Record:
    """The record with these slots locked as well."""
    return (
        record.with_custom(**{LOCKED: sorted({*locked_slots(record), *names})}) if names else record
    )


def unlocking(record: Record, names: Collection[str]) -> Record:
    """The record with these slots no longer locked."""
    kept = sorted(set(locked_slots(record)) - set(names))
    return with_slot(record, CUSTOM + LOCKED, kept or None)
