from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from citeworks.errors import VersionMismatch
from citeworks.sync.interface import Fetched, Kind
from citeworks.sync.memory import MemoryStorage
from citeworks.sync.mirror import COMPARED_FOR, refresh
from citeworks.sync.state import State

KEYS = ["AAAA2222", "BBBB2222", "CCCC2222"]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "state.sqlite3") as opened:
        yield opened


@pytest.fixture
def group() -> MemoryStorage:
    storage = MemoryStorage()
    for key in KEYS:
        storage.put(Kind.ITEM, key, itemType="book", title=key)
    return storage


def test_a_reading_has_everything_once(group: MemoryStorage, state: State) -> None:
    assert refresh(group, state)
    assert sorted(state.items()) == KEYS
    assert state.version == group.version
    assert not refresh(group, state)


def test_edits_without_a_new_version_are_seen_where_there_may_be_such(state: State) -> None:
    app = MemoryStorage(versions_edits=False)
    for key in KEYS:
        app.put(Kind.ITEM, key, itemType="book", title=key)
    assert refresh(app, state)
    app.stored[Kind.ITEM][KEYS[0]]["title"] = "Edited"
    assert refresh(app, state)
    assert [row.data and row.data["title"] for row in state.items().values()] == [
        "Edited",
        *KEYS[1:],
    ]


def test_a_reading_begins_again_when_the_library_moves(group: MemoryStorage, state: State) -> None:
    waiting = ["DDDD2222", "EEEE2222"]

    def meddle(name: str) -> None:
        if waiting:
            group.put(Kind.ITEM, waiting.pop(), itemType="book", title="new")

    group.before = meddle
    refresh(group, state)
    assert sorted(state.items()) == [*KEYS, "DDDD2222", "EEEE2222"]
    assert state.version == group.version


def test_a_library_that_never_holds_still_is_read_as_it_comes(
    group: MemoryStorage, state: State
) -> None:
    refresh(group, state)
    numbers = iter(range(1_000))

    def meddle(name: str) -> None:
        group.put(Kind.ITEM, KEYS[0], title=f"at {next(numbers)}")
        group.put(Kind.ITEM, f"NEW2222{'ABCDEFGH'[next(numbers) % 8]}", itemType="book", title="x")
        group.remove(Kind.ITEM, [KEYS[1]])

    group.before = meddle
    refresh(group, state)
    assert 0 < state.version < group.version
    group.before = lambda name: None
    refresh(group, state)
    assert {key: row.data for key, row in state.items().items() if row.data} == group.objects_of()
    assert state.items()[KEYS[1]].is_deleted
    assert state.version == group.version


def test_a_library_that_lists_what_it_never_gives_is_given_up(state: State) -> None:
    class Fickle(MemoryStorage):
        def objects(self, kind: Kind, keys: Collection[str]) -> Fetched:
            self.put(Kind.ITEM, f"{self.version:08}", itemType="book")
            return super().objects(kind, ())

    group = Fickle()
    for key in KEYS:
        group.put(Kind.ITEM, key, itemType="book", title=key)
    with pytest.raises(VersionMismatch):
        refresh(group, state)
    assert state.version == 0


def test_an_object_that_is_listed_and_never_given_stops_nothing(state: State) -> None:
    class Secretive(MemoryStorage):
        def objects(self, kind: Kind, keys: Collection[str]) -> Fetched:
            return super().objects(kind, [key for key in keys if key != KEYS[1]])

    group = Secretive()
    for key in KEYS:
        group.put(Kind.ITEM, key, itemType="book", title=key)
    assert refresh(group, state)
    assert sorted(state.items()) == [KEYS[0], KEYS[2]]


@pytest.mark.parametrize("lists_deleted", [True, False])
def test_what_is_deleted_is_gone_and_said_to_be(state: State, lists_deleted: bool) -> None:
    group = MemoryStorage(lists_deleted=lists_deleted)
    for key in KEYS:
        group.put(Kind.ITEM, key, itemType="book", title=key)
    refresh(group, state)
    group.remove(Kind.ITEM, [KEYS[0]])
    refresh(group, state)
    row = state.items()[KEYS[0]]
    assert (row.data, row.is_deleted) == (None, True)


def test_a_deleted_collection_takes_those_in_it_and_the_memberships_along(
    group: MemoryStorage, state: State
) -> None:
    group.put(Kind.COLLECTION, "OUTER222", name="A", parentCollection=False)
    group.put(Kind.COLLECTION, "INNER222", name="B", parentCollection="OUTER222")
    group.put(Kind.COLLECTION, "MOVED222", name="C", parentCollection="OUTER222")
    group.put(Kind.ITEM, KEYS[0], collections=["INNER222", "MOVED222"])
    refresh(group, state)
    group.put(Kind.COLLECTION, "MOVED222", parentCollection=False)
    group.remove(Kind.COLLECTION, ["OUTER222"])
    refresh(group, state)
    assert list(state.collections()) == ["MOVED222"]
    assert (state.items()[KEYS[0]].data or {})["collections"] == ["MOVED222"]


def test_a_version_that_went_back_is_read_in_full_and_removes_nothing(
    group: MemoryStorage, state: State
) -> None:
    refresh(group, state)
    group.stored[Kind.ITEM].pop(KEYS[0])
    group.stored[Kind.ITEM][KEYS[1]]["title"] = "restored"
    group.restore(1)
    refresh(group, state)
    row = state.items()[KEYS[0]]
    assert (row.data, row.is_deleted) == (None, False)
    assert (state.items()[KEYS[1]].data or {})["title"] == "restored"
    assert "went back" in state.notice


class Silent(MemoryStorage):
    """A server whose 304 does not say the library's version, which may be an older one."""

    def is_unmodified(self, since: int) -> bool:
        super().is_unmodified(since)
        return since >= self.version


def set_back(group: MemoryStorage) -> None:
    """The restored library lacks one object, has an older one, and one that was edited since."""
    group.stored[Kind.ITEM].pop(KEYS[0])
    group.stored[Kind.ITEM][KEYS[1]] |= {"title": "older", "version": 1}
    group.restore(1)
    group.put(Kind.ITEM, KEYS[2], title="edited since")


@pytest.mark.parametrize("hours", [23, 25, -1])
def test_all_versions_are_compared_once_a_day(state: State, hours: int) -> None:
    group = Silent()
    for key in KEYS:
        group.put(Kind.ITEM, key, itemType="book", title=key)
    refresh(group, state)
    set_back(group)
    assert not refresh(group, state)
    compared = float(state.meta["compared"]) - hours * COMPARED_FOR / 24
    state.save((), compared=compared)
    assert refresh(group, state) is (hours != 23)
    titles = [(row.data or {}).get("title") for _, row in sorted(state.items().items())]
    if hours == 23:
        assert titles == KEYS
        return
    assert titles == [None, "older", "edited since"]
    assert not state.items()[KEYS[0]].is_deleted
    assert "went back" in state.notice
    assert not refresh(group, state)
