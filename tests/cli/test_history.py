"""What was written can be taken back, locked and told, through the real program."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from citeworks import history
from tests_support import AS_OF, Cite

ROOT = Path(__file__).parents[2]


@pytest.fixture
def library(cite: Cite, listing: Path, folder: Path) -> Path:
    assert cite("add", listing, *AS_OF).returncode == 0
    return folder / "bib" / "library.json"


def editor(folder: Path, old: str, new: str) -> dict[str, str]:
    script = folder / "editor.py"
    script.write_text(
        "import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n"
        f"path.write_text(path.read_text().replace({old!r}, {new!r}))\n"
    )
    return {"EDITOR": f"{sys.executable} {script}"}


def test_each_undo_takes_one_more_change_back(cite: Cite, library: Path, folder: Path) -> None:
    states = [library.read_bytes()]
    cite("edit", "shen2026ai", env=editor(folder, "Impacts", "Affects"))
    states.append(library.read_bytes())
    cite("rm", "durmus2023towards", "tamkin2024clio")
    assert len({*states, library.read_bytes()}) == 3
    for command, state in (("rm", states[1]), ("edit", states[0])):
        done = cite("undo")
        assert done.returncode == 0
        assert f"took back `cite {command}`" in done.stderr
        assert library.read_bytes() == state
    assert "31 records" in cite("undo").stderr
    assert json.loads(library.read_text()) == []
    done = cite("undo")
    assert done.returncode == 4
    assert "no change" in done.stderr


def test_undo_refuses_when_something_else_changed_the_library(cite: Cite, library: Path) -> None:
    library.write_text(library.read_text().replace("Impacts", "Affects"))
    before = library.read_bytes()
    done = cite("undo")
    assert done.returncode == 4
    assert "changed after the last change" in done.stderr
    assert "cite add" in done.stderr
    assert library.read_bytes() == before


def test_undo_shows_first_what_it_would_do(cite: Cite, library: Path) -> None:
    cite("rm", "shen2026ai")
    before = library.read_bytes()
    assert cite("undo", "--check").returncode == 1
    done = cite("undo", "--diff")
    assert done.returncode == 1
    assert '+    "id": "shen2026ai",' in done.stdout.splitlines()
    assert library.read_bytes() == before
    assert cite("undo").returncode == 0


def test_a_change_that_never_came_about_is_no_change(
    cite: Cite, library: Path, home: dict[str, str]
) -> None:
    before = library.read_bytes()
    cite("rm", "shen2026ai")
    library.write_bytes(before)  # as after a crash between the history and the file
    done = cite("undo")
    assert done.returncode == 0
    assert "took back `cite add`" in done.stderr


def test_libraries_have_their_own_histories(cite: Cite, library: Path, listing: Path) -> None:
    cite("add", listing, *AS_OF, "--library", "other.json")
    assert "other.json" in cite("undo", "--library", "other.json").stderr
    assert len(json.loads(library.read_text())) == 31
    assert cite("undo").returncode == 0


def test_where_no_history_can_be_kept_the_library_is_written_all_the_same(
    cite: Cite, listing: Path, folder: Path
) -> None:
    (folder / "state").write_text("not a folder")
    environment = {"XDG_STATE_HOME": str(folder / "state")}
    done = cite("add", listing, *AS_OF, env=environment)
    assert done.returncode == 0
    assert cite("undo", env=environment).returncode == 4


def test_a_broken_history_is_no_obstacle(cite: Cite, library: Path, home: dict[str, str]) -> None:
    file = Path(home["HOME"]) / ".local/state/citeworks/history.sqlite3"
    file.write_bytes(b"no database at all" * 100)
    assert cite("rm", "shen2026ai").returncode == 0
    assert cite("undo").returncode == 4
    assert cite("log", "tamkin2024clio").returncode == 0


def test_old_changes_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(history, "KEPT", 3)
    path = tmp_path / "library.json"
    for number in range(6):
        history.remember(path, "add", str(number), str(number + 1), {"a": (None, "{}")})
    assert [entry.before for entry in history.entries(path)] == ["5", "4", "3"]
    monkeypatch.setattr(history, "LARGEST", 1)
    history.remember(path, "add", "6", "7", {"a": (None, os.urandom(99).hex())})
    assert history.entries(path) == []
    with sqlite3.connect(tmp_path / "citeworks" / "history.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM changes").fetchone() == (0,)


def test_what_is_taken_away_in_the_editor_is_locked(
    cite: Cite, library: Path, folder: Path
) -> None:
    cite("edit", "shen2026ai", env=editor(folder, '"publisher": "arXiv",', ""))
    assert cite("lock", "shen2026ai").stdout == "publisher\n"


def test_an_edited_type_belongs_to_the_user(cite: Cite, library: Path, folder: Path) -> None:
    cite("edit", "shen2026ai", env=editor(folder, '"type": "article"', '"type": "report"'))
    log = json.loads(cite("log", "--json", "shen2026ai").stdout)
    assert log["values"]["type"] == {"value": "report", "source": "user"}
    assert log["values"]["title"]["source"] == "listing"


def change_by_hand(library: Path, key: str, **values: object) -> None:
    items = json.loads(library.read_text(encoding="utf-8"))
    next(each for each in items if each["id"] == key).update(values)
    library.write_text(json.dumps(items, indent=1), encoding="utf-8")


def test_what_is_changed_by_hand_in_the_file_belongs_to_the_user(cite: Cite, library: Path) -> None:
    change_by_hand(library, "shen2026ai", title="A Title of My Own", note="mine")
    values = json.loads(cite("log", "--json", "shen2026ai").stdout)["values"]
    assert {name: values[name]["source"] for name in ("title", "note", "author")} == {
        "title": "user",
        "note": "user",
        "author": "listing",
    }


def test_a_source_never_overwrites_what_was_changed_by_hand(cite: Cite, library: Path) -> None:
    assert cite("catalogue", "build", ROOT / "bib/catalogue.jsonl").returncode == 0
    assert cite("enrich", "--offline", "--write").returncode == 0
    before = json.loads(library.read_text(encoding="utf-8"))
    title, names = "A Title of My Own", [{"family": "Only", "given": "Me"}]
    change_by_hand(library, "chung2023turbulence", title=title, author=names)
    assert cite("enrich", "--offline", "--write", "--published").returncode == 0
    items = json.loads(library.read_text(encoding="utf-8"))
    (mine,) = (each for each in items if each["id"] == "chung2023turbulence")
    assert (mine["title"], mine["author"]) == (title, names)
    assert mine["container-title"].startswith("Advances in Neural Information")
    assert cite("undo").returncode == 0
    change_by_hand(
        library,
        "chung2023turbulence",
        **{
            name: value
            for name, value in next(
                each for each in before if each["id"] == "chung2023turbulence"
            ).items()
            if name in ("title", "author")
        },
    )
    assert json.loads(library.read_text(encoding="utf-8")) == before


def test_lock_and_unlock(cite: Cite, library: Path) -> None:
    assert cite("lock", "shen2026ai", "title", "DOI", "type").returncode == 0
    assert cite("lock", "shen2026ai").stdout == "DOI\ntitle\ntype\n"
    before = library.read_bytes()
    assert "unchanged" in cite("lock", "shen2026ai", "title").stderr
    assert library.read_bytes() == before
    assert cite("lock", "--unlock", "shen2026ai", "title", "DOI", "type").returncode == 0
    item = next(each for each in json.loads(library.read_text()) if each["id"] == "shen2026ai")
    assert "locked" not in item["custom"]
    done = cite("lock", "shen2026ai", "tittle")
    assert done.returncode == 2
    assert "title" in done.stderr


def test_log_tells_sources_and_changes(cite: Cite, library: Path, folder: Path) -> None:
    title = '"title": "How AI {} Skill Formation",'
    environment = editor(folder, title.format("Impacts"), title.format("Affects"))
    cite("edit", "shen2026ai", env=environment)
    lines = cite("log", "shen2026ai").stdout.splitlines()
    assert lines[0] == "shen2026ai"
    assert "  title               How AI Affects Skill Formation  [user]" in lines
    assert any(
        "~ title" in line and "How AI Impacts Skill Formation → How AI Affects" in line
        for line in lines
    )
    assert lines[-1].endswith("cite add: added")
    changed = json.loads(cite("log", "--json", "shen2026ai").stdout)["changes"][0]
    assert changed["command"] == "edit"
    assert changed["changes"] == [
        {
            "slot": "title",
            "before": "How AI Impacts Skill Formation",
            "after": "How AI Affects Skill Formation",
            "source": "user",
        }
    ]
