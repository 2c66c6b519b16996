"""Three-way merge of sequences: creators, and the lines of Extra. Pure.

Elements are compared by a normal form, and paired by a looser *identity* (a line's label, a family
name) when both the place and the element changed. What both sides did to the same element in
different ways is a conflict; so is a change of order beside any other change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, TypeVar

T = TypeVar("T")
Form = Callable[[T], Hashable]


@dataclass(frozen=True, slots=True)
class Merged(Generic[T]):
    """The merge as each of the three has it where they disagree; all the same without conflict."""

    ours: list[T]
    theirs: list[T]
    base: list[T]
    conflict: bool = False


@dataclass(slots=True)
class _Side(Generic[T]):
    """What became of each base element (None: removed), and what was put before each of them."""

    kept: list[T | None]
    inserted: dict[int, list[T]] = field(default_factory=dict)


def merge_sequence(
    base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], form: Form[T], identity: Form[T]
) -> Merged[T]:
    """Merge element by element; see `Merged` for what a conflict leaves where."""
    one_side = _one_sided(base, ours, theirs, form)
    if one_side is not None:
        return Merged(one_side, one_side, one_side)
    whole = Merged(list(ours), list(theirs), list(base), conflict=True)
    if _reordered(base, ours, form) or _reordered(base, theirs, form):
        return whole
    left, right = (_align(base, side, form, identity) for side in (ours, theirs))
    merged: Merged[T] = Merged([], [], [])
    conflict = False
    for index in range(len(base) + 1):
        new = _insertions(left.inserted.get(index, []), right.inserted.get(index, []), form)
        if _collide(left.inserted.get(index, []), right.inserted.get(index, []), form, identity):
            return whole
        for part in (merged.ours, merged.theirs, merged.base):
            part.extend(new)
        if index < len(base):
            conflict |= _element(merged, base[index], left.kept[index], right.kept[index], form)
    if _has_new_duplicate(merged.ours, (base, ours, theirs), form):
        return whole
    return Merged(merged.ours, merged.theirs, merged.base, conflict)


def _one_sided(
    base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], form: Form[T]
) -> list[T] | None:
    old, left, right = ([form(element) for element in part] for part in (base, ours, theirs))
    if left in (old, right):
        return list(theirs)
    return list(ours) if right == old else None


def _element(merged: Merged[T], old: T, left: T | None, right: T | None, form: Form[T]) -> bool:
    """Add what became of one base element; True if the two sides disagree about it."""
    states = [None if each is None else form(each) for each in (old, left, right)]
    if states[1] in (states[0], states[2]):
        chosen: list[T | None] = [right, right, right]
    elif states[2] == states[0]:
        chosen = [left, left, left]
    else:
        chosen = [left, right, old]
    for part, element in zip((merged.ours, merged.theirs, merged.base), chosen, strict=True):
        if element is not None:
            part.append(element)
    return chosen[2] is old and chosen[0] is left and states[1] not in (states[0], states[2])


def _align(base: Sequence[T], side: Sequence[T], form: Form[T], identity: Form[T]) -> _Side[T]:
    matcher: SequenceMatcher[Hashable] = SequenceMatcher(
        None, [form(each) for each in base], [form(each) for each in side], autojunk=False
    )
    found: _Side[T] = _Side([None] * len(base))
    for tag, first, last, start, stop in matcher.get_opcodes():
        if tag == "equal":
            found.kept[first:last] = side[start:stop]
        elif tag == "insert":
            found.inserted.setdefault(first, []).extend(side[start:stop])
        elif tag == "replace":
            _pair(found, base, range(first, last), list(side[start:stop]), identity)
    return found


def _pair(
    found: _Side[T], base: Sequence[T], places: range, new: list[T], identity: Form[T]
) -> None:
    """Which of the new elements are the old ones, changed: same identity, else same place."""
    if len(new) == len(places):
        names = [identity(each) for each in new]
        old = [identity(base[place]) for place in places]
        if all(
            mine == his or (mine not in old and his not in names)
            for mine, his in zip(names, old, strict=True)
        ):
            found.kept[places.start : places.stop] = new
            return
    place = places.start
    for element in new:
        same = next(
            (at for at in range(place, places.stop) if identity(base[at]) == identity(element)),
            None,
        )
        if same is None:
            found.inserted.setdefault(place, []).append(element)
        else:
            found.kept[same] = element
            place = same + 1


def _insertions(left: list[T], right: list[T], form: Form[T]) -> list[T]:
    known = {form(element) for element in left}
    return [*left, *(element for element in right if form(element) not in known)]


def _collide(left: list[T], right: list[T], form: Form[T], identity: Form[T]) -> bool:
    """True if both sides put different versions of the same thing in the same place."""
    forms = {identity(element): form(element) for element in left if identity(element)}
    return any(forms.get(identity(each), form(each)) != form(each) for each in right)


def _reordered(base: Sequence[T], side: Sequence[T], form: Form[T]) -> bool:
    old = {form(element): index for index, element in enumerate(base)}
    order = [old[form(element)] for element in side if form(element) in old]
    return order != sorted(order)


def _has_new_duplicate(merged: Sequence[T], sources: Sequence[Sequence[T]], form: Form[T]) -> bool:
    def doubles(part: Sequence[T]) -> int:
        return len(part) - len({form(element) for element in part})

    return doubles(merged) > max(doubles(source) for source in sources)
