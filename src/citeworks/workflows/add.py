"""Records into a library: keys given, duplicates reported, nothing merged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sys import intern

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
    entrance = Entrance(library, pattern, keep_keyed=keep_keyed)
    added = [keyed for keyed in map(entrance.admit, records) if keyed is not None]
    return Addition(
        library.with_records(added),
        tuple(record.key for record in added),
        tuple(entrance.duplicates),
        tuple(entrance.conflicts),
    )


class Entrance:
    """Gives one record after the other its key, unless the library has the work already.

    Where every record is known to bring a key, and to be let in with it, nothing else need be
    remembered of those that are in: without `compare` less than a tenth of the memory is used.
    """

    def __init__(
        self,
        library: Library,
        pattern: str = DEFAULT_PATTERN,
        *,
        keep_keyed: bool = False,
        compare: bool = True,
    ) -> None:
        self.duplicates: list[Issue] = []
        self.conflicts: list[Issue] = []
        self._pattern = pattern
        self._keep_keyed = keep_keyed
        self._index = DuplicateIndex(library.values()) if compare else None
        self._taken = set(library)
        self._homes = dict.fromkeys(library, "")

    def admit(self, record: Record) -> Record | None:
        """The record under the key that it has from now on; None for a duplicate."""
        index = None if self._keep_keyed and record.key else self._index
        known = index.find(record) if index else None
        if known is not None:
            self.duplicates.append(_duplicate(record, known))
            return None
        wanted = record.key or make_key(record, self._pattern)
        keyed = record.with_key(unique_key(wanted, self._taken))
        self._taken.add(keyed.key)
        home = intern(_file(record))
        if record.key and self._homes.setdefault(record.key, home) != home:
            self.conflicts.append(_conflict(record, keyed.key))
        if self._index:
            self._index.add(keyed)
        return keyed


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
