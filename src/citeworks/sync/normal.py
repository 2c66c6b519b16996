"""Values as Zotero's server stores them, so that what it changes is never taken for an edit.

The server trims texts, drops carriage returns and control characters, makes texts of numbers and
``""`` of null, sorts and trims tags, drops empty creators, and writes times of access in UTC. It
leaves alone: Unicode normal forms, markup, identifiers, odd dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from citeworks.sync.interface import Json

UNTOUCHED = frozenset("key version dateAdded dateModified mtime md5 lastRead deleted".split())
"""What is about an object rather than in it: never compared, never merged."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:[+-]\d\d:?\d\d)\Z")
Creator = tuple[str, str, str, str]


def normal_text(value: Any) -> str:
    """A text as it is stored; two texts with the same one are the same to the server."""
    if value is None or value is False:
        return ""
    return _CONTROL.sub("", str(value)).strip()


def normal_field(name: str, value: Any) -> Any:
    """The value of a scalar field as it is stored."""
    if isinstance(value, Mapping | list):
        return value
    text = normal_text(value)
    if name == "accessDate" and _OFFSET.match(text):
        moment = datetime.fromisoformat(text).astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return text


def normal_name(value: Any) -> str:
    """A part of a name as it is stored: without invisible characters outside."""
    text = normal_text(value)
    if text.isascii():
        return text
    first, last = 0, len(text)
    while first < last and unicodedata.category(text[first])[0] in "ZC":
        first += 1
    while last > first and unicodedata.category(text[last - 1])[0] in "ZC":
        last -= 1
    return text[first:last]


def normal_creator(creator: Json) -> Creator:
    """Type, one-field name, last and first name of a creator, as stored."""
    return (
        normal_text(creator.get("creatorType") or "author"),
        normal_name(creator.get("name")),
        normal_name(creator.get("lastName")),
        normal_name(creator.get("firstName")),
    )


def is_blank(creator: Json) -> bool:
    """True for a creator without a name, which the server refuses with the whole item."""
    return not any(normal_creator(creator)[1:])


def normal_creators(creators: Iterable[Json] | None) -> list[Creator]:
    """The creators that are stored: empty ones are dropped."""
    return [normal_creator(creator) for creator in creators or () if not is_blank(creator)]


def tags_of(item: Json) -> dict[str, Json]:
    """The tags of an item by their names."""
    tags = [tag if isinstance(tag, Mapping) else {"tag": tag} for tag in item.get("tags") or ()]
    named = {normal_text(tag.get("tag")): tag for tag in tags}
    return {name: named[name] for name in sorted(named) if name}


def relations_of(item: Json) -> set[tuple[str, str]]:
    """The relations of an object as pairs of predicate and target."""
    relations = item.get("relations") or {}
    if not isinstance(relations, Mapping):
        return set()
    return {
        (predicate, normal_text(target))
        for predicate, targets in relations.items()
        for target in (targets if isinstance(targets, list) else [targets])
    }


def normal_value(name: str, item: Json) -> Any:
    """One field of an object in a form that compares as the server would."""
    value = item.get(name)
    if name == "creators":
        return normal_creators(value)
    if name == "tags":
        return {(tag, int(data.get("type") or 0)) for tag, data in tags_of(item).items()}
    if name == "collections":
        return set(value or ())
    if name == "relations":
        return relations_of(item)
    if name == "extra":
        return normal_text(value).replace("\r", "")
    return normal_field(name, value)


def changed_fields(old: Json, new: Json) -> list[str]:
    """The fields in which two states of an object differ, in the order of the new one."""
    names = [*new, *(name for name in old if name not in new)]
    return [
        name
        for name in names
        if name not in UNTOUCHED and normal_value(name, old) != normal_value(name, new)
    ]
