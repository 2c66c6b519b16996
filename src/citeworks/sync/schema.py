"""Our table of Zotero's types and fields beside the schema of a server. Pure.

What a server has and the table has not survives untouched; what the table has and the server has
not would be refused object by object, so it is said beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from citeworks.sync.interface import Json
from citeworks.zotero_json.tables import ITEM_CREATORS, ITEM_FIELDS


def unknown_to(schema: Json) -> list[str]:
    """What of our table the server's ``/schema`` does not know, as ``type`` or ``type.field``.

    Creators are written ``type:creator``. Empty for an answer that is no schema.
    """
    theirs = {
        str(each.get("itemType")): each
        for each in schema.get("itemTypes") or ()
        if isinstance(each, Mapping)
    }
    return sorted(_unknown(theirs)) if theirs else []


def _unknown(theirs: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for item_type, fields in ITEM_FIELDS.items():
        if item_type not in theirs:
            yield item_type
            continue
        known = _names(theirs[item_type], "fields", "field")
        yield from (f"{item_type}.{name}" for name in fields - known)
        roles = _names(theirs[item_type], "creatorTypes", "creatorType")
        yield from (f"{item_type}:{role}" for role in set(ITEM_CREATORS.get(item_type, ())) - roles)


def _names(entry: Mapping[str, Any], part: str, name: str) -> set[str]:
    found = entry.get(part)
    return {str(each.get(name)) for each in found or () if isinstance(each, Mapping)}
