from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from citeworks.errors import StoreLocked
from citeworks.sync.interface import Kind
from citeworks.sync.state import LIVE, Row, State, state_path

ROW = Row(
    Kind.ITEM, "ABCD2345", 3, {"title": "Ä"}, False, LIVE, {"title": "A"}, {"id": "k"}, "k", 1.5
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sync" / "state.sqlite3"


def test_rows_and_facts_are_kept(path: Path) -> None:
    with State(path) as state:
        state.save([ROW], version=7)
    with State(path) as again:
        assert again.rows == {(Kind.ITEM, "ABCD2345"): ROW}
        assert again.version == 7
        assert again.has_agreed()


def test_a_dry_state_writes_nothing_and_makes_no_file(path: Path) -> None:
    with State(path, is_dry=True) as dry:
        dry.save([ROW], version=7)
        dry.begin_run("run", None)
        assert dry.version == 7
    assert not path.exists()
    with State(path) as state:
        state.save([ROW], version=7)
    before = path.read_bytes()
    with State(path, is_dry=True) as dry:
        assert dry.rows
        dry.save([Row(Kind.ITEM, "EFGH2345")], version=8)
    assert path.read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"not a database at all" * 100, None])
def test_a_broken_state_is_put_aside_and_begun_anew(path: Path, data: bytes | None) -> None:
    with State(path) as state:
        state.save([ROW], version=7)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if data is None else data)
    with State(path) as state:
        assert state.rows == {}
        assert state.version == 0
        assert bool(state.notice) is (data != b"")


def test_a_state_that_was_put_back_is_not_believed(path: Path) -> None:
    with State(path) as state:
        state.begin_run("run", None)
        state.save([ROW], version=7)
    shutil.copy(path, path.with_suffix(".old"))
    with State(path) as state:
        state.begin_run("run", None)
    shutil.copy(path.with_suffix(".old"), path)
    with State(path) as state:
        assert state.rows == {}
        assert "older" in state.notice


def test_one_synchronization_at_a_time(path: Path) -> None:
    with State(path), pytest.raises(StoreLocked):
        State(path)
    with State(path):
        pass


def test_history_gives_the_first_row_of_each_run(path: Path) -> None:
    with State(path) as state:
        state.begin_run("run", "[]")
        state.remember([(ROW, False)])
        state.remember([(Row(Kind.ITEM, "ABCD2345"), True)])
        assert state.history(state.run) == [(ROW, True)]
        state.end_run({"group": {"create": 1}}, "digest")
        (run,) = state.runs()
        assert (run.command, run.library, run.digest) == ("run", "[]", "digest")
        state.mark_undone(run.number)
        assert state.runs()[0].undone


def test_each_clone_server_and_library_has_a_state_of_its_own(tmp_path: Path) -> None:
    paths = {
        state_path(tmp_path, server, library, tmp_path / file)
        for server in ("a", "b")
        for library in ("groups/1", "users/1")
        for file in ("x.json", "y.json")
    }
    assert len(paths) == 8
