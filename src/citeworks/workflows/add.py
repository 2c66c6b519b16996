"""Records into a library: keys given, duplicates reported, nothing merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from citeworks.model import Issue, Library, Location, Record, Severity
from citeworks.normalize.citation_key import DEFAULT_PATTERN, make_key, unique_key
from citeworks.normalize.duplicates import DuplicateIndex


@dataclass(frozen=True, slots=True)
class Addition:
    """A library with new records in it, their keys in the order they came, and the duplicates."""

    library: Library
    added: tuple[str, ...]
    duplicates: tuple[Issue, ...]
    conflicts: tuple[Issue, ...] = ()
    """Records whose key stood for another work, in the library or in another file."""


def add(
    library: Library,
    records: Iterable[Record],
    pattern: str = DEFAULT_PATTERN,
    *,
    keep_keyed: bool = False,
) -> Addition:
    """Put records into a library.

    A record with a key keeps it unless it is taken; keys that the library has never change. With
    `keep_keyed` a record that brings its own key is never taken for a duplicate.
    """
    index = DuplicateIndex(library.values())
    taken = set(library)
    added: list[Record] = []
    duplicates: list[Issue] = []
    conflicts: list[Issue] = []
    homes = dict.fromkeys(library, "")
    for record in records:
        known = None if keep_keyed and record.key else index.find(record)
        if known is not None:
            duplicates.append(_duplicate(record, known))
            continue
        keyed = record.with_key(unique_key(record.key or make_key(record, pattern), taken))
        taken.add(keyed.key)
        if record.key and homes.setdefault(record.key, _file(record)) != _file(record):
            conflicts.append(_conflict(record, keyed.key))
        index.add(keyed)
        added.append(keyed)
    return Addition(
        library.with_records(added),
        tuple(record.key for record in added),
        tuple(duplicates),
        tuple(conflicts),
    )


def _conflict(record: Record, key: str) -> Issue:
    return Issue(
        "D002",
        f"the key {record.key!r} stands for another work: added as {key!r}",
        Severity.WARNING,
        Location(_locator(record)),
        key=key,
        hint=f"`cite show {record.key}` and `cite show {key}` show both",
    )


def _file(record: Record) -> str:
    """The file that a record was read from: its locators name the lines after the last colon."""
    return _locator(record).rpartition(":")[0] or "-"


def _locator(record: Record) -> str:
    return next((origin.locator for origin in record.provenance.values() if origin.locator), "")


def _duplicate(record: Record, known: str) -> Issue:
    locator = _locator(record)
    title = record.text("title") or locator
    return Issue(
        "D001",
        f"not added, {known} is the same work: {title}",
        Severity.NOTE,
        Location(locator),
        key=known,
    )
