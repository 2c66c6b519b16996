"""What holds for every command, on one ordinary run of each."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from citeworks.cli.main import COMMANDS
from tests_support import CITE, Cite

RUNS: dict[str, str] = {
    "add": "add new.bib",
    "bib": "bib paper.tex",
    "catalogue": "catalogue info",
    "cite": "cite li2020",
    "completion": "completion bash",
    "config": "config show --all",
    "dedupe": "dedupe",
    "doctor": "doctor --offline",
    "edit": "edit li2020",
    "enrich": "enrich --offline",
    "export": "export",
    "fmt": "fmt new.bib",
    "help": "help exit-codes",
    "init": "init",
    "keys": "keys",
    "lint": "lint new.bib",
    "list": "list",
    "lock": "lock li2020",
    "log": "log li2020",
    "lsp": "lsp",
    "man": "man",
    "mcp": "mcp",
    "parse": "parse listing.txt",
    "render": "render paper.md",
    "rm": "rm --yes li2020",
    "search": "search title",
    "serve": "serve --port nowhere",
    "show": "show li2020",
    "site": "site -o out",
    "stats": "stats",
    "styles": "styles list",
    "sync": "sync status",
    "tag": "tag",
    "undo": "undo",
    "verify": "verify --offline",
}
"""An ordinary run of every command, none of which asks a server."""

NEEDS_LIBRARY = (
    *("cite", "dedupe", "edit", "export", "keys", "list", "lock", "log", "search", "show"),
    *("stats", "tag", "undo"),
)
WITH_KEY = ("cite", "edit", "lock", "log", "rm", "show")
WRITES = ("add new.bib", "tag li2020 --add x", "rm --yes li2020", "lock li2020 title")
WRITES_FILES = (
    "fmt messy.bib",
    "export -o out.txt",
    "config set style ieee",
    "bib paper.tex -o o.bib",
)
CODES = range(5)
FAULT = re.compile("this is a fault of cite|Traceback|Exception ignored")


@pytest.fixture
def project(folder: Path) -> Path:
    """A folder with a library and one file of each kind."""
    items = [
        {
            "id": f"li{2020 + number}",
            "type": "book",
            "title": f"Title {number}",
            "author": [{"family": "Li", "given": "A."}],
            "issued": {"date-parts": [[2020 + number]]},
        }
        for number in range(3)
    ]
    (folder / "bib").mkdir()
    (folder / "bib" / "library.json").write_text(json.dumps(items))
    (folder / "new.bib").write_text("@book{wu2021,\n  title = {Other},\n  year  = {2021},\n}\n")
    (folder / "messy.bib").write_text("@BOOK{ wu2021 , YEAR=2021,title={Other}}")
    (folder / "listing.txt").write_text("Some title\nA. Li, B. Wu\narXiv:2306.16388\n")
    (folder / "paper.tex").write_text("\\cite{li2020}\n")
    (folder / "paper.md").write_text("See [@li2020].\n")
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder and what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_command_has_its_ordinary_run() -> None:
    assert RUNS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(RUNS))
def test_every_command_bears_bare_closed_and_vanished_surroundings(
    project: Path, home: Mapping[str, str], name: str
) -> None:
    """No home, forced colours; no streams; a folder that is gone: a code of ours, and no fault."""
    before = {path.name for path in project.iterdir()}
    bare = {**home, "HOME": "/nonexistent", "EDITOR": "true", "FORCE_COLOR": "1"}

    def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["/bin/sh", "-c", script, "sh", str(CITE), *arguments],
            cwd=project,
            env=bare,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in CODES, done.stderr
        assert not FAULT.search(done.stderr)
        assert "\x1b" not in done.stdout
        return done

    run('exec "$@"', *RUNS[name].split())
    run('exec "$@" 0<&- 1>&-', *RUNS[name].split())
    gone = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"'
    assert run(gone, name, "--help").returncode == 0
    assert {path.name for path in project.iterdir()} - before <= {"cite.toml", "out"}


@pytest.mark.parametrize("name", NEEDS_LIBRARY)
def test_without_a_library_the_advice_is_to_add(cite: Cite, folder: Path, name: str) -> None:
    done = cite(*RUNS[name].split(), env={"EDITOR": "true"})
    assert (done.returncode, done.stdout) == (2, "")
    assert "cite add" in done.stderr
    assert not list(folder.iterdir())


@pytest.mark.parametrize("name", WITH_KEY)
def test_an_unknown_key_names_the_nearest(cite: Cite, project: Path, name: str) -> None:
    before = tree(project)
    done = cite(*(each.replace("li2020", "li202O") for each in RUNS[name].split()))
    assert (done.returncode, done.stdout) == (2, "")
    assert "li2020" in done.stderr
    assert tree(project) == before


@pytest.mark.parametrize("line", [*WRITES, *WRITES_FILES])
def test_a_full_disk_leaves_everything_as_it_was(
    cite: Cite, project: Path, home: Mapping[str, str], line: str
) -> None:
    """A limit on the size of files stands for the full disk: nothing longer than a byte fits."""
    before = tree(project)
    done: subprocess.CompletedProcess[str] = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", str(CITE), *line.split()],
        cwd=project,
        env={**home, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    assert not FAULT.search(done.stderr)
    assert tree(project) == before
