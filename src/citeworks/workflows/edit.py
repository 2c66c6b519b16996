"""A person's change to one record: everything that changed is theirs from then on."""

from __future__ import annotations

from citeworks import csl_json
from citeworks.errors import CslJsonError, InputError, Location
from citeworks.model import Provenance, Record
from citeworks.model.provenance import USER


def editable(record: Record) -> str:
    """The record as JSON for an editor; provenance is left out, nobody edits that."""
    item = csl_json.item_from_record(record)
    item.get("custom", {}).pop("provenance", None)
    return csl_json.dump_json(item)


def edited(record: Record, text: str) -> Record:
    """The record that the edited text describes; changed variables get the source ``user``.

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
    provenance = {
        name: record.provenance[name]
        if name in record.provenance and record.variables.get(name) == value
        else Provenance(USER)
        for name, value in new.variables.items()
    }
    return Record(new.key, new.type, new.variables, provenance, new.custom)
