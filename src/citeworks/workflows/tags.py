"""The tags of records: giving and taking them."""

from __future__ import annotations

from collections.abc import Sequence

from citeworks.errors import InputError
from citeworks.model import Library, Record
from citeworks.workflows.lookup import record_of


def tags_of(record: Record) -> tuple[str, ...]:
    """The record's tags in their order."""
    tags = record.custom.get("tags")
    return tuple(str(tag) for tag in tags) if isinstance(tags, list | tuple) else ()


def clean(tag: str) -> str:
    """The tag with single spaces. Raises InputError for an empty one."""
    text = " ".join(tag.split())
    if not text:
        raise InputError("an empty tag", hint="a tag is a word or a few")
    return text


def retag(
    library: Library, keys: Sequence[str], added: Sequence[str], removed: Sequence[str]
) -> Library:
    """The library with tags given to and taken from the records, all of them without `keys`."""
    records = [record_of(library, key) for key in keys] or list(library.values())
    return library.with_records(_tagged(record, added, removed) for record in records)


def _tagged(record: Record, added: Sequence[str], removed: Sequence[str]) -> Record:
    kept = [tag for tag in tags_of(record) if tag not in removed]
    tags = list(dict.fromkeys([*kept, *(tag for tag in added if tag not in removed)]))
    if tags == list(tags_of(record)):
        return record
    return record.with_custom(tags=tags) if tags else record.without_custom("tags")
