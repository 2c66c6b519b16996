"""Conflicts as values, and the file that shows them to a person. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from citeworks.sync.interface import Json
from citeworks.sync.mapping import Snapshot
from citeworks.zotero_json.read import creator_variable
from citeworks.zotero_json.tables import VARIABLE_OF_DATE_FIELD, VARIABLE_OF_FIELD

EDIT, DELETE = "edit", "delete"
_VARIABLES = {
    "itemType": "type",
    "extra": "note",
    "citationKey": "citation-key",
    "tags": "custom.tags",
    "collections": "custom.collections",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One variable that both sides changed, or (`kind` delete) a record that one side removed.

    The values are CSL-JSON; for a removal they are the whole records, None on the removing side.
    """

    id: str
    zotero_key: str
    variable: str | None
    base: Any
    ours: Any
    theirs: Any
    kind: str = EDIT

    def as_json(self) -> dict[str, Any]:
        """The conflict as it stands in ``conflicts.json``."""
        return {
            "id": self.id,
            "zotero_key": self.zotero_key,
            "variable": self.variable,
            "base": self.base,
            "ours": self.ours,
            "theirs": self.theirs,
            "kind": self.kind,
        }


def variable_of(name: str, item_type: str) -> str:
    """The variable that a conflict of the merge is about; Zotero's field where CSL has none."""
    if name.startswith("creators:"):
        return creator_variable(name.partition(":")[2], item_type)
    found = VARIABLE_OF_FIELD.get(name) or VARIABLE_OF_DATE_FIELD.get(name)
    return found or _VARIABLES.get(name, name)


def edit_conflicts(
    names: Iterable[str], identity: tuple[str, str], item_type: str, sides: tuple[Snapshot, ...]
) -> list[Conflict]:
    """The conflicts of one object; `sides` are the snapshots of base, ours and theirs."""
    found: dict[str, Conflict] = {}
    for name in names:
        variable = variable_of(name, item_type)
        slot = "id" if variable == "citation-key" else variable
        base, ours, theirs = (side.get(slot) for side in sides)
        found.setdefault(variable, Conflict(*identity, variable, base, ours, theirs))
    return list(found.values())


def delete_conflict(
    identity: tuple[str, str], base: Json | None, ours: Json | None, theirs: Json | None
) -> Conflict:
    """An edit on one side, a removal on the other."""
    return Conflict(*identity, None, base, ours, theirs, kind=DELETE)


def as_file(conflicts: Iterable[Conflict]) -> list[Mapping[str, Any]]:
    """The conflicts as the file has them, by citation key and variable."""
    ordered = sorted(conflicts, key=lambda each: (each.id, each.variable or ""))
    return [conflict.as_json() for conflict in ordered]
