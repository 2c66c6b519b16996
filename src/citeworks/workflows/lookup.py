"""A record by its key."""

from __future__ import annotations

from citeworks.errors import InputError
from citeworks.model import Library, Record
from citeworks.nearest import did_you_mean


def record_of(library: Library, key: str) -> Record:
    """The record under a key or a former one; InputError with the nearest when there is none."""
    if key in library:
        return library[key]
    former = next((record for record in library.values() if key in record.aliases), None)
    if former is None:
        raise InputError(
            f"no record {key!r} in the library",
            hint=did_you_mean(key, library) or "`cite list` shows the keys",
        )
    return former
