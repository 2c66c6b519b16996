"""A library that came with somebody's repository, full of what should harm: nothing does."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests_support import CITE, Cite

EVIL = (
    "\x1b]0;title\x07\x1b[31mred\x9b31m\x7f\x00\x08\r\u202eturned\u2066x\u2069\ud800\ufffe"
    " </script><script>alert(1)</script> ]]> \n---\nk: v\n...\n {{x}} {% x %} \\input{x} $x$ %x\n"
)
KEYS = (
    *(
        "../../x",
        "con",
        ".git/x",
        "a\nb",
        "a\x1b[31m",
        "/etc/passwd",
        "..",
        "x" * 3000,
        "a b",
        "{}",
    ),
    *(
        "a,b",
        "%",
        "<b>",
        "'\"",
        "\u202ekey",
        "nul\x00",
        "ключ",
        "--help",
        "sur\ud800r",
        "@me",
        "#x",
    ),
)
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
STEERS_DOCUMENTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x9b\ud800-\udfff\ufffe]")

FOR_PEOPLE = (
    *("list", "list --keys", "show con", "show ../../x", "search turned", "search title", "stats"),
    *("dedupe", "log con", "tag", "keys", "enrich --offline", "verify --offline"),
    *("verify --offline --output-format github", "lint", "lint --output-format github"),
    *("doctor --offline", "config show", "sync status", "show nobody\x1b[31m"),
)
FORMATS = "text html markdown latex rtf bibtex biblatex csl-json csl-yaml ris nbib hayagriva cff"


def item(number: int, key: str) -> dict[str, Any]:
    """A record whose every text is hostile."""
    name = {"family": EVIL, "given": EVIL}
    texts = ("container-title", "publisher", "page", "volume", "abstract", "note", "keyword")
    return {
        **dict.fromkeys((*texts, "language", "URL"), EVIL),
        "id": key,
        "type": "book" if number % 2 else "article-journal",
        "title": f"word{number} {EVIL}",
        "author": [name, {"literal": EVIL}],
        "issued": {"date-parts": [[2000 + number]]},
        "DOI": f"10.1234/{number}{EVIL}",
        "custom": {
            "tags": [EVIL],
            "collections": [EVIL],
            EVIL: EVIL,
            "provenance": {"title": {"source": EVIL, "locator": EVIL}},
        },
    }


@pytest.fixture
def library(folder: Path) -> Path:
    """The hostile library."""
    path = folder / "bib" / "library.json"
    path.parent.mkdir()
    huge: dict[str, Any] = {"id": "huge", "type": "book", "title": "A" * 100_000}
    huge |= {"issued": {"date-parts": [[10**20]]}, "author": [{"family": "B" * 50_000}]}
    path.write_text(json.dumps([*(item(*each) for each in enumerate(KEYS)), huge]))
    return path


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What a run must not show: a fault of ours."""
    found = re.search(r"unexpected \w+|Traceback", done.stdout + done.stderr)
    return found[0] if found else ""


@pytest.mark.parametrize("line", FOR_PEOPLE)
def test_what_people_read_steers_no_terminal(cite: Cite, library: Path, line: str) -> None:
    done = cite(*(each.replace("\0", "") for each in line.split(" ")))
    assert done.returncode in (0, 1, 2), done.stderr
    assert not refused(done)
    assert not STEERS.search(done.stdout + done.stderr)


@pytest.mark.parametrize("name", FORMATS.split())
def test_no_document_holds_what_documents_cannot(cite: Cite, library: Path, name: str) -> None:
    done = cite("export", "--format", name)
    assert done.returncode == 0, done.stderr
    assert not refused(done)
    assert name == "csl-json" or not STEERS_DOCUMENTS.search(done.stdout)
    assert not STEERS.search(done.stderr)
    assert name != "html" or "<script" not in done.stdout


@pytest.mark.parametrize("name", ["html", "quarto", "hugo", "jekyll"])
def test_a_site_stays_in_its_folder_and_runs_nothing(
    cite: Cite, library: Path, folder: Path, name: str
) -> None:
    before = {path for path in folder.parent.rglob("*") if "home" not in path.parts}
    done = cite("site", "-o", "out", "--format", name)
    assert (done.returncode, refused(done)) == (0, ""), done.stderr
    made = {path for path in folder.parent.rglob("*") if "home" not in path.parts} - before
    assert all(path.is_relative_to(folder / "out") for path in made)
    for path in (path for path in made if path.suffix in (".html", ".xml")):
        assert "<script>alert" not in path.read_text(encoding="utf-8")
        assert not STEERS_DOCUMENTS.search(path.read_text(encoding="utf-8"))


def test_front_matter_holds_the_fields_that_we_write_and_no_others(
    cite: Cite, library: Path, folder: Path
) -> None:
    import yaml

    for name in ("quarto", "hugo"):
        assert cite("site", "-o", name, "--format", name).returncode == 0
        pages = [path for kind in ("md", "qmd") for path in (folder / name).rglob(f"*.{kind}")]
        assert len(pages) >= len(KEYS)
        for page in pages:
            head = page.read_text(encoding="utf-8").split("\n---\n")[0].removeprefix("---\n")
            assert "k" not in yaml.safe_load(head)


@pytest.mark.parametrize("line", ["show --json con", "export --format csl-json", "list"])
def test_data_on_a_terminal_steers_it_no_more(
    library: Path, home: Mapping[str, str], folder: Path, line: str
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [CITE, *line.split()], cwd=folder, env=home, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 1 << 16):
                shown += piece
        except OSError:  # the other end is closed
            pass
        os.close(ours)
    assert running.returncode == 0
    assert len(shown) > 1000
    assert not STEERS.search(shown.decode().replace("\r\n", "\n"))


def test_a_pipe_gets_the_data_to_the_last_byte(cite: Cite, library: Path) -> None:
    item_ = json.loads(cite("show", "--json", "con").stdout)[0]
    assert item_["title"] == f"word1 {EVIL}"
