"""A library: records under their citation keys, in the order of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from citeworks.model.record import Record


class Library(Mapping[str, Record]):
    """An immutable mapping from citation key to record, iterated in key order."""

    __slots__ = ("_records",)

    def __init__(self, records: Iterable[Record] = ()) -> None:
        by_key: dict[str, Record] = {}
        for record in records:
            if record.key in by_key:
                raise ValueError(f"two records have the citation key {record.key!r}")
            by_key[record.key] = record
        self._records = MappingProxyType(dict(sorted(by_key.items())))

    def __getitem__(self, key: str) -> Record:
        return self._records[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __repr__(self) -> str:
        return f"Library({len(self)} records)"

    def with_records(self, records: Iterable[Record]) -> Library:
        """A library in which these records stand, replacing those with the same keys."""
        return Library({**self._records, **{record.key: record for record in records}}.values())

    def without(self, keys: Iterable[str]) -> Library:
        """A library without the records under these keys."""
        gone = frozenset(keys)
        return Library(record for key, record in self._records.items() if key not in gone)
