"""Three-way merge of one object, field by field. Pure.

Scalar fields are units; creators merge one by one within their role, Extra line by line, tags,
collections and relations member by member. A field that only one side changed is taken from it; a
change that both made is one change; different changes are a conflict, and a conflict stops
nothing: each side keeps its own value there, and the base keeps the old one, so that the next
comparison finds the same conflict again until somebody settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from citeworks.sync.interface import Json
from citeworks.sync.normal import (
    UNTOUCHED,
    changed_fields,
    normal_creator,
    normal_text,
    normal_value,
    relations_of,
    tags_of,
)
from citeworks.sync.sequence import Merged, merge_sequence
from citeworks.zotero_json.extra import variable_of_line


class Direction(StrEnum):
    """Which sides may change."""

    BOTH = "both"
    PULL = "pull"
    PUSH = "push"


class Side(StrEnum):
    """Whose value settles a conflict."""

    OURS = "ours"
    THEIRS = "theirs"


Preference = Callable[[str], Side | None]
"""Which side settles a conflict in a field, None if it stays open."""


def unsettled(name: str) -> Side | None:
    """Leave every conflict open."""
    return None


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of one field on the three sides after the merge; `conflict` if they disagree."""

    ours: Any
    theirs: Any
    base: Any
    conflict: bool = False


@dataclass(slots=True)
class Merge:
    """The three states of the object after the merge.

    `ours` is what the library shall say, `theirs` what the server shall, `base` what is agreed.
    `conflicts` names fields, creators as ``creators:author``.
    """

    ours: dict[str, Any]
    theirs: dict[str, Any]
    base: dict[str, Any]
    conflicts: list[str] = field(default_factory=list)


def merge_items(
    base: Json,
    ours: Json,
    theirs: Json,
    direction: Direction = Direction.BOTH,
    prefer: Preference = unsettled,
) -> Merge:
    """Merge two states of an object that were `base` when they last agreed.

    Without a base (an empty one) what only one side has is taken, and where both have something
    different is a conflict. `prefer` settles conflicts at once.
    """
    merge = Merge(dict(theirs), dict(theirs), dict(theirs))
    mine, others = set(changed_fields(base, ours)), set(changed_fields(base, theirs))
    for name in [*theirs, *(name for name in ours if name not in theirs)]:
        if name in UNTOUCHED or name not in mine:
            if direction is Direction.PUSH and name in others:
                _put(merge, name, Choice(ours.get(name), theirs.get(name), base.get(name)))
            continue
        if name not in others:
            choice = _only_ours(name, base, ours, theirs, direction)
        else:
            choice = _both(merge, name, (base, ours, theirs), direction, prefer)
        _put(merge, name, choice)
    return merge


def _only_ours(name: str, base: Json, ours: Json, theirs: Json, direction: Direction) -> Choice:
    value = ours.get(name)
    if direction is Direction.PULL:
        return Choice(value, theirs.get(name), theirs.get(name))
    return Choice(value, value, value)


def _both(
    merge: Merge,
    name: str,
    states: tuple[Json, Json, Json],
    direction: Direction,
    prefer: Preference,
) -> Choice:
    choice = _MERGERS.get(name, _scalar)(name, *states)
    if choice.conflict:
        names = _conflict_names(name, *states)
        side = next((side for side in map(prefer, names) if side), None)
        if side:
            winner = choice.ours if side is Side.OURS else choice.theirs
            choice = Choice(winner, winner, winner)
        else:
            merge.conflicts.extend(names)
    return _directed(choice, name, states, direction)


def _directed(
    choice: Choice, name: str, states: tuple[Json, Json, Json], direction: Direction
) -> Choice:
    """What the merge means when only one side may change: the other keeps its own value.

    The base then moves to the side that was taken over in full, or stays where it was.
    """
    base, ours, theirs = (state.get(name) for state in states)
    if direction is Direction.PULL:
        return Choice(choice.ours, theirs, base if choice.conflict else theirs, choice.conflict)
    if direction is Direction.PUSH:
        return Choice(ours, choice.theirs, base if choice.conflict else ours, choice.conflict)
    return choice


def _put(merge: Merge, name: str, choice: Choice) -> None:
    for state, value in (
        (merge.ours, choice.ours),
        (merge.theirs, choice.theirs),
        (merge.base, choice.base),
    ):
        if value is None:
            state.pop(name, None)
        else:
            state[name] = value


def _scalar(name: str, base: Json, ours: Json, theirs: Json) -> Choice:
    if normal_value(name, ours) == normal_value(name, theirs):
        value = theirs.get(name)
        return Choice(value, value, value)
    return Choice(ours.get(name), theirs.get(name), base.get(name), conflict=True)


def _tags(name: str, base: Json, ours: Json, theirs: Json) -> Choice:
    old, mine, others = tags_of(base), tags_of(ours), tags_of(theirs)
    names = _members(set(old), set(mine), set(others))
    tags = [dict(others.get(tag) or mine[tag]) for tag in sorted(names)]
    return Choice(tags, tags, tags)


def _collections(name: str, base: Json, ours: Json, theirs: Json) -> Choice:
    old, mine, others = (list(state.get("collections") or ()) for state in (base, ours, theirs))
    members = _members(set(old), set(mine), set(others))
    kept = [key for key in dict.fromkeys([*others, *mine]) if key in members]
    return Choice(kept, kept, kept)


def _relations(name: str, base: Json, ours: Json, theirs: Json) -> Choice:
    pairs = _members(relations_of(base), relations_of(ours), relations_of(theirs))
    relations: dict[str, Any] = {}
    for predicate, target in sorted(pairs):
        relations.setdefault(predicate, []).append(target)
    return Choice(relations, relations, relations)


def _members(base: set[Any], ours: set[Any], theirs: set[Any]) -> set[Any]:
    """Set merge: whoever added or removed a member had a reason, and nobody contradicts it."""
    return (base & ours & theirs) | (ours - base) | (theirs - base)


def _extra(name: str, base: Json, ours: Json, theirs: Json) -> Choice:
    old, mine, others = (_lines(state.get("extra")) for state in (base, ours, theirs))
    merged = merge_sequence(old, mine, others, normal_text, variable_of_line)
    joined = ["\n".join(part) for part in (merged.ours, merged.theirs, merged.base)]
    return Choice(joined[0], joined[1], joined[2], merged.conflict)


def _lines(text: Any) -> list[str]:
    return str(text).replace("\r", "").split("\n") if text else []


def _creators(name: str, base: Json, ours: Json, theirs: Json) -> Choice:
    mine, others, old = (list(state.get("creators") or ()) for state in (ours, theirs, base))
    conflict = False
    results = [list(others), list(others), list(others)]
    for role in _roles(old, mine, others):
        merged = _merge_role(role, old, mine, others)
        conflict |= merged.conflict
        for at, part in enumerate((merged.ours, merged.theirs, merged.base)):
            results[at] = replace_creators(results[at], partial(_has_role, role), part)
    return Choice(results[0], results[1], results[2], conflict)


def _merge_role(role: str, base: list[Json], ours: list[Json], theirs: list[Json]) -> Merged[Json]:
    old, mine, others = (
        [each for each in part if role_of(each) == role] for part in (base, ours, theirs)
    )
    if not old and mine and others and normal_lists(mine) != normal_lists(others):
        return Merged(mine, others, old, conflict=True)
    return merge_sequence(old, mine, others, normal_creator, _family)


def normal_lists(creators: list[Json]) -> list[Hashable]:
    """Creators in a form that can be compared."""
    return [normal_creator(creator) for creator in creators]


def _family(creator: Json) -> str:
    return normal_text(creator.get("lastName") or creator.get("name")).casefold()


def role_of(creator: Json) -> str:
    """The creator type, ``author`` if none is given."""
    return str(creator.get("creatorType") or "author")


def _has_role(role: str, creator: Json) -> bool:
    return role_of(creator) == role


def _roles(*lists: list[Json]) -> list[str]:
    return list(dict.fromkeys(role_of(creator) for part in lists for creator in part))


def replace_creators(
    creators: list[Json], is_meant: Callable[[Json], bool], new: list[Json]
) -> list[Json]:
    """The list in which those that are meant are `new`, in the places where they stood."""
    waiting = list(new)
    result: list[Json] = []
    last = max((at for at, each in enumerate(creators) if is_meant(each)), default=len(creators))
    for index, creator in enumerate(creators):
        if not is_meant(creator):
            result.append(creator)
        elif waiting:
            result.append(waiting.pop(0))
        if index == last:
            result.extend(waiting)
            waiting = []
    return result + waiting


def _conflict_names(name: str, base: Json, ours: Json, theirs: Json) -> list[str]:
    if name != "creators":
        return [name]
    parts = [list(state.get("creators") or ()) for state in (base, ours, theirs)]
    return [f"creators:{role}" for role in _roles(*parts) if _merge_role(role, *parts).conflict]


_MERGERS: dict[str, Callable[[str, Json, Json, Json], Choice]] = {
    "creators": _creators,
    "tags": _tags,
    "collections": _collections,
    "relations": _relations,
    "extra": _extra,
}
