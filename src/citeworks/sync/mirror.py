"""Bring the rows of the state up to what the server has: one consistent reading, or none.

Reading is not a snapshot on the server's side: when the library version moves between two answers
the reading begins again, and keeps what was fetched. In a library that never holds still the rows
are taken as they come, up to the oldest version that any answer had; what came later is listed
again by the next reading, and every write still names the version that it was made from.

What the deletion list leaves unsaid is added here: everything below a deleted collection is gone,
and items leave it without a new version. Where the server contradicted a row (`is_doubtful`) all
versions are compared, and what is absent without being listed as deleted is missing, not removed.
So they are once in a while (`COMPARED_FOR`): a restored server, whose library is older than what is
known of it, answers the question whether anything is new with a plain no. Where an edit leaves the
versions as they are (`Storage.versions_edits`) every reading fetches everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from citeworks.errors import VersionMismatch
from citeworks.sync.background import begin
from citeworks.sync.interface import Kind, Listing, Storage
from citeworks.sync.paths import below
from citeworks.sync.state import Row, State

ATTEMPTS = 25
"""How often a reading begins again before a library is called too busy to be read."""
PATIENCE = 6
"""How often before rows of different versions are good enough."""
COMPARED_FOR = 24 * 60 * 60.0
"""Seconds after which a comparison of all versions is too old to ask only for what is new."""
AT_ONCE = 500
"""Objects that are asked for before it is told how far the reading is."""

Progress = Callable[[int, int], None]


def _untold(done: int, total: int) -> None:
    return None


@dataclass(slots=True)
class _Reading:
    """One attempt: the rows that it changed, and whether the library went back in time."""

    state: State
    since: int
    known: int = 0
    """The version since which the deletion list is asked for, 0 if it says nothing."""
    went_back: bool = False
    is_strict: bool = True
    progress: Progress = _untold
    touched: dict[tuple[Kind, str], Row] = field(default_factory=dict)
    withheld: dict[Kind, set[str]] = field(default_factory=dict)
    """Keys that were listed and not given; the second time they are passed over."""
    asked: Mapping[Kind, Callable[[], Listing]] | None = None
    """The listings that were asked for ahead of the first attempt."""

    def touch(self, row: Row) -> Row:
        self.touched[row.kind, row.key] = row
        return row


@dataclass(slots=True)
class Questions:
    """What a reading asks first, begun before it: the answers are used once."""

    is_unmodified: Callable[[], bool] | None = None
    listings: Mapping[Kind, Callable[[], Listing]] | None = None


def ask_ahead(storage: Storage, state: State) -> Questions:
    """Ask what `refresh` will want to know, where that can be done beside other work."""
    state.is_doubtful |= _is_due(state) or not storage.versions_edits
    if (since := state.version) and not state.is_doubtful:
        ask = begin(lambda: storage.is_unmodified(since), at_once=storage.is_concurrent)
        return Questions(is_unmodified=ask)
    return Questions(listings=_ask_listings(storage, 0))


def _ask_listings(storage: Storage, since: int) -> dict[Kind, Callable[[], Listing]]:
    return {
        kind: begin(partial(storage.listing, kind, since), at_once=storage.is_concurrent)
        for kind in (Kind.COLLECTION, Kind.ITEM)
    }


def _is_due(state: State) -> bool:
    """True if all versions were not compared for long, or at a time that has not come yet."""
    return not 0 <= time.time() - float(state.meta.get("compared", 0)) < COMPARED_FOR


class _MovedError(Exception):
    """The library changed while it was read."""


def refresh(
    storage: Storage,
    state: State,
    progress: Progress = _untold,
    questions: Questions | None = None,
) -> bool:
    """Read what changed; False when the server says that nothing did (one request).

    `progress` is told how many of how many objects are there. `questions` were asked ahead of it.

    Raises VersionMismatch when the library never holds still long enough.
    """
    questions = questions or ask_ahead(storage, state)
    if questions.is_unmodified and questions.is_unmodified():
        return False
    known = state.version if storage.lists_deleted else 0
    since = 0 if state.is_doubtful else known
    reading = _Reading(state, since, known, progress=progress, asked=questions.listings)
    for attempt in range(ATTEMPTS):
        reading.is_strict = attempt < PATIENCE
        try:
            version = _read(storage, reading)
        except _MovedError:
            continue
        compared: dict[str, Any] = {} if reading.since else {"compared": time.time()}
        state.save(reading.touched.values(), version=version, **compared)
        state.is_doubtful = False
        return True
    raise VersionMismatch(
        "the library is changed faster than it can be read", hint="try again in a while"
    )


def _read(storage: Storage, reading: _Reading) -> int:
    asked, reading.asked = reading.asked or _ask_listings(storage, reading.since), None
    listings = {kind: listing() for kind, listing in asked.items()}
    version = min(listing.version for listing in listings.values())
    if version < reading.state.version and not reading.went_back:
        reading.went_back, reading.since, reading.known = True, 0, 0
        reading.state.notice = (
            "the version of the group library went back: everything is compared anew, "
            "and nothing is removed"
        )
        raise _MovedError
    if reading.is_strict and any(each.version != version for each in listings.values()):
        raise _MovedError
    for kind, listing in listings.items():
        _fetch(storage, reading, kind, listing)
    _remove(storage, reading, listings, version)
    return version


def _fetch(storage: Storage, reading: _Reading, kind: Kind, listing: Listing) -> None:
    rows, is_told = reading.state.rows, storage.versions_edits
    wanted = [
        key
        for key, version in listing.versions.items()
        if (row := rows.get((kind, key))) is None
        or row.data is None
        or row.version != version
        or not is_told
        or (reading.went_back and (kind, key) not in reading.touched)
    ]
    if not wanted:
        return
    moved, found = False, set[str]()
    for start in range(0, len(wanted), AT_ONCE):
        fetched = storage.objects(kind, wanted[start : start + AT_ONCE])
        moved |= fetched.version != listing.version
        found |= fetched.objects.keys()
        for key, data in fetched.objects.items():
            row = reading.touch(reading.state.row(kind, key))
            row.data, row.version, row.is_deleted = data, int(data.get("version") or 0), False
        reading.progress(min(start + AT_ONCE, len(wanted)), len(wanted))
    withheld = set(wanted) - found
    is_known = withheld == reading.withheld.get(kind, set())
    reading.withheld[kind] = withheld
    if (reading.is_strict and moved) or not is_known:
        raise _MovedError


def _remove(
    storage: Storage, reading: _Reading, listings: Mapping[Kind, Listing], version: int
) -> None:
    """Take away what was deleted, with the collections below it and the memberships in it."""
    said: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    if reading.known:
        deleted = storage.deleted(reading.known)
        if reading.is_strict and deleted.version != version:
            raise _MovedError
        said = {Kind.ITEM: set(deleted.items), Kind.COLLECTION: set(deleted.collections)}
        said = {kind: keys - listings[kind].versions.keys() for kind, keys in said.items()}
    absent = {} if reading.since else _absent(reading.state, listings)
    gone = {kind: said[kind] | absent.get(kind, set()) for kind in Kind}
    collections = reading.state.collections()
    lost = below(collections, gone[Kind.COLLECTION]) - listings[Kind.COLLECTION].versions.keys()
    is_telling = not storage.lists_deleted and not reading.went_back
    for kind, keys in ((Kind.COLLECTION, lost), (Kind.ITEM, gone[Kind.ITEM])):
        _drop(reading, kind, keys, keys if is_telling else said[kind])
    if lost:
        _strip(reading, lost)


def _absent(state: State, listings: Mapping[Kind, Listing]) -> dict[Kind, set[str]]:
    """What a complete listing has no more."""
    absent: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for (kind, key), row in state.rows.items():
        if row.data is not None and key not in listings[kind].versions:
            absent[kind].add(key)
    return absent


def _drop(reading: _Reading, kind: Kind, keys: Iterable[str], said: Collection[str]) -> None:
    for key in keys:
        row = reading.state.rows.get((kind, key))
        if row is not None:
            row = reading.touch(row)
            row.data, row.is_deleted = None, key in said


def _strip(reading: _Reading, lost: set[str]) -> None:
    for row in reading.state.items().values():
        if row.data is None:
            continue
        members = row.data.get("collections") or ()
        kept = [key for key in members if key not in lost]
        if len(kept) < len(members):
            reading.touch(row).data = {**row.data, "collections": kept}
