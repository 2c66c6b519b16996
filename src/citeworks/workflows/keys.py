"""Citation keys of a library: what a pattern would make of them, and renaming with aliases kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from citeworks.errors import InputError
from citeworks.model import Library, Record
from citeworks.normalize.citation_key import make_key, unique_key


def planned_keys(
    library: Library, pattern: str, keys: Iterable[str] | None = None
) -> dict[str, str]:
    """New keys by old ones for the records (all without `keys`) whose keys the pattern changes.

    Keys and former keys of all other records are taken. The same library gives the same keys.
    """
    chosen = list(library if keys is None else keys)
    taken = set(_taken(library, without=chosen))
    planned: dict[str, str] = {}
    for key in chosen:
        new = unique_key(make_key(library[key], pattern), taken)
        taken.add(new)
        if new != key:
            planned[key] = new
    return planned


def rename(library: Library, planned: Mapping[str, str]) -> Library:
    """The library under new keys; each record keeps its old key as an alias.

    Raises InputError when a new key is the key, or a former key, of another record.
    """
    for old, new in planned.items():
        holder = _holder(library, new, planned)
        if holder not in (None, old):
            raise InputError(f"the key {new!r} is taken by {holder}", hint="choose another")
    return Library(_renamed(record, planned) for record in library.values())


def _taken(library: Library, without: Iterable[str]) -> Iterator[str]:
    left_out = frozenset(without)
    for key, record in library.items():
        if key not in left_out:
            yield key
        yield from (alias for alias in record.aliases if key not in left_out)


def _holder(library: Library, key: str, planned: Mapping[str, str]) -> str | None:
    """The record that has the key and keeps it."""
    if key in library and key not in planned:
        return key
    return next((each for each in library if key in library[each].aliases), None)


def _renamed(record: Record, planned: Mapping[str, str]) -> Record:
    new = planned.get(record.key)
    if new is None:
        return record
    aliases = [each for each in (*record.aliases, record.key) if each != new]
    return record.with_key(new).with_custom(aliases=list(dict.fromkeys(aliases)))
