"""What was taken from the group is agreed before ours is sent, so it is never an edit of ours."""

from __future__ import annotations

from pathlib import Path

from citeworks import csl_json, store
from citeworks.model import Record
from citeworks.sync.apply import Report
from citeworks.sync.interface import Kind
from citeworks.sync.memory import MemoryStorage
from citeworks.sync.state import State
from citeworks.workflows.sync import Setup, Wishes, synchronize
from citeworks.workflows.undo import last_run, plan_undo, undo

FIRST = {"title": "Atlas", "volume": "1", "page": "1"}


def run(storage: MemoryStorage, path: Path) -> int:
    """Synchronize once; the number of open conflicts."""
    with State(path.with_name("state.sqlite3")) as state:
        return len(synchronize(Setup(storage, state, path), Wishes(), Report()).conflicts)


def write(path: Path, **values: str) -> None:
    """Change the record as a person would."""
    library = store.read(path).library
    old = next(iter(library.values())) if library.values() else Record("atlas", "book", FIRST)
    new = Record(old.key, old.type, {**old.variables, **values}, custom=old.custom)
    path.write_text(csl_json.dump([new]), encoding="utf-8")


def variables(path: Path) -> dict[str, object]:
    return dict(next(iter(store.read(path).library.values())).variables)


def test_a_value_from_the_group_that_changes_again_before_ours_is_sent(tmp_path: Path) -> None:
    storage, path = MemoryStorage(), tmp_path / "library.json"
    path.write_text(csl_json.dump([Record("atlas", "book", FIRST)]), encoding="utf-8")
    assert run(storage, path) == 0
    (key,) = storage.objects_of()
    storage.put(Kind.ITEM, key, publisher="A")
    write(path, volume="2")
    again = ["B"]

    def someone_else(name: str) -> None:
        if name == "write" and again:
            storage.put(Kind.ITEM, key, publisher=again.pop())

    storage.before = someone_else
    assert run(storage, path) == 0
    assert not again
    item = storage.objects_of()[key]
    assert (item["volume"], item["publisher"]) == ("2", "B")
    assert (variables(path)["volume"], variables(path)["publisher"]) == ("2", "B")
    writes = storage.requests["POST"]
    assert run(storage, path) == 0
    assert storage.requests["POST"] == writes


def test_a_run_that_took_and_sent_is_taken_back_whole(tmp_path: Path) -> None:
    storage, path = MemoryStorage(), tmp_path / "library.json"
    path.write_text(csl_json.dump([Record("atlas", "book", FIRST)]), encoding="utf-8")
    run(storage, path)
    (key,) = storage.objects_of()
    storage.put(Kind.ITEM, key, publisher="A")
    write(path, volume="2")
    run(storage, path)
    with State(path.with_name("state.sqlite3")) as state:
        setup = Setup(storage, state, path)
        latest = last_run(setup)
        assert latest is not None
        undo(setup, plan_undo(setup, latest), Report())
    item = storage.objects_of()[key]
    assert (item["volume"], item["publisher"]) == ("1", "A")
    assert variables(path)["volume"] == "2"
    assert "publisher" not in variables(path)
    assert run(storage, path) == 0
    assert (variables(path)["volume"], variables(path)["publisher"]) == ("2", "A")


def test_a_library_that_the_group_emptied_is_synchronized_again(tmp_path: Path) -> None:
    storage, path = MemoryStorage(), tmp_path / "library.json"
    one, two = (Record(name, "book", {"title": name}) for name in ("one", "two"))
    path.write_text(csl_json.dump([one, two]), encoding="utf-8")
    run(storage, path)
    keys = {item["title"]: key for key, item in storage.objects_of().items()}
    path.write_text(csl_json.dump([store.read(path).library["two"]]), encoding="utf-8")
    storage.put(Kind.ITEM, keys["one"], volume="9")
    storage.remove(Kind.ITEM, [keys["two"]])
    assert run(storage, path) == 1
    assert not store.read(path).library
    assert run(storage, path) == 1
