"""Our table of Zotero's types and fields beside the schema of a server. Pure.

What a server has and the table has not survives untouched. What the table has and the server has
not would be refused with the whole object, so it is held back, and said by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from citeworks.sync.interface import Json
from citeworks.sync.merge import role_of
from citeworks.zotero_json.tables import ITEM_CREATORS, ITEM_FIELDS, SCHEMA_VERSION

Names = Mapping[str, Mapping[str, list[str]]]
"""The names of fields and of creator types, by item type."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a server's schema: its version, its entity tag and its names."""

    version: int = 0
    tag: str = ""
    types: Names = field(default_factory=dict)

    def holds(self, seen: int) -> bool:
        """True if it is the schema of the version that the server's answers speak of."""
        return seen == (self.version or SCHEMA_VERSION)

    def dump(self) -> str:
        """As text, to be kept."""
        return json.dumps({"version": self.version, "tag": self.tag, "types": self.types})


def load_known(text: str) -> Known:
    """What was kept; nothing where it cannot be read."""
    try:
        return Known(**json.loads(text))
    except (TypeError, ValueError):
        return Known()


def known_of(document: Json, tag: str) -> Known:
    """What to remember of a server's ``/schema``."""
    version = document.get("version")
    types = {
        str(each.get("itemType")): {
            "fields": _names(each, "fields", "field"),
            "creators": _names(each, "creatorTypes", "creatorType"),
        }
        for each in document.get("itemTypes") or ()
        if isinstance(each, Mapping)
    }
    return Known(version if isinstance(version, int) else 0, tag, types)


def unknown_to(types: Names) -> list[str]:
    """What of our table the server does not know, as ``type`` or ``type.field``.

    Creators are written ``type:creator``. Empty where nothing is known of the server.
    """
    return sorted(_unknown(types)) if types else []


def _unknown(types: Names) -> Iterator[str]:
    for item_type, fields in ITEM_FIELDS.items():
        if item_type not in types:
            yield item_type
            continue
        theirs = types[item_type]
        yield from (f"{item_type}.{name}" for name in fields.difference(theirs["fields"]))
        roles = set(ITEM_CREATORS.get(item_type, ())).difference(theirs["creators"])
        yield from (f"{item_type}:{role}" for role in roles)


def _names(entry: Mapping[str, Any], part: str, name: str) -> list[str]:
    found = entry.get(part)
    return [str(each.get(name)) for each in found or () if isinstance(each, Mapping)]


def unsendable(item: Json, names: list[str], unknown: frozenset[str]) -> dict[str, str]:
    """Which of these fields of an item the server would refuse, and what it lacks for each."""
    item_type = item.get("itemType")
    found = {name: f"{item_type}.{name}" for name in names if f"{item_type}.{name}" in unknown}
    roles = [f"{item_type}:{role_of(each)}" for each in item.get("creators") or ()]
    if "creators" in names and (lacks := next((each for each in roles if each in unknown), "")):
        found["creators"] = lacks
    return found
