"""``cite site`` and ``cite serve`` as a person runs them."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from citeworks.workflows.publish import MANIFEST
from tests_support import AS_OF, Cite

CITE = Path(sys.executable).with_name("cite")


@pytest.fixture
def library(cite: Cite, listing: Path) -> None:
    assert cite("add", listing, *AS_OF).returncode == 0


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("library")
def test_site_is_written_once_and_unchanged_the_second_time(cite: Cite, folder: Path) -> None:
    first = cite("site", "--author", "Alex Tamkin")
    assert (first.returncode, first.stderr) == (0, "site: 35 files written\n")
    assert {"index.html", "publications.bib", "publications.json", "feed.xml"} <= names(
        folder / "site"
    )
    assert cite("site", "--author", "Alex Tamkin").stderr == "site unchanged\n"
    assert cite("site", "--author", "Alex Tamkin", "--check").returncode == 0


@pytest.mark.usefixtures("library")
def test_check_writes_nothing_and_says_that_something_would_change(
    cite: Cite, folder: Path
) -> None:
    done = cite("site", "--check")
    assert (done.returncode, done.stderr) == (1, "site: 35 files would be written\n")
    assert not (folder / "site").exists()


@pytest.mark.usefixtures("library")
def test_pages_of_removed_records_go_and_a_person_s_files_stay(cite: Cite, folder: Path) -> None:
    cite("site")
    own = folder / "site/papers/notes.html"
    own.write_text("mine", encoding="utf-8")
    gone = folder / "site/papers/durmus2023towards.html"
    assert gone.exists()
    cite("rm", "durmus2023towards")
    assert cite("site").stderr.endswith(", 1 removed\n")
    assert not gone.exists()
    assert own.read_text(encoding="utf-8") == "mine"


@pytest.mark.usefixtures("library")
def test_list_of_generated_files_can_name_nothing_outside_the_folder(
    cite: Cite, folder: Path
) -> None:
    cite("site")
    (folder / "site" / MANIFEST).write_text('["../bib/library.json", "/etc/hosts"]', "utf-8")
    assert cite("site").returncode == 0
    assert (folder / "bib/library.json").exists()


@pytest.mark.usefixtures("library")
def test_link_that_leads_out_of_the_folder_is_refused(cite: Cite, folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "site").mkdir()
    (folder / "site/papers").symlink_to(folder / "elsewhere")
    done = cite("site")
    assert done.returncode == 4
    assert "is outside site" in done.stderr
    assert names(folder / "elsewhere") == set()


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("quarto", "publications/durmus2023towards.qmd"),
        ("hugo", "content/publication/durmus2023towards/cite.bib"),
        ("jekyll", "_bibliography/papers.bib"),
    ],
)
def test_other_generators_get_their_files(
    cite: Cite, folder: Path, output: str, expected: str
) -> None:
    assert cite("site", "--format", output, "-o", "out").returncode == 0
    assert expected in names(folder / "out")


@pytest.mark.usefixtures("library")
def test_configured_title_and_author_are_used(cite: Cite, folder: Path) -> None:
    text = '[site]\ntitle = "Our <lab>"\nauthor = ["Alex Tamkin", "Esin Durmus"]\n'
    (folder / "cite.toml").write_text(text, encoding="utf-8")
    cite("site")
    shown = (folder / "site/index.html").read_text(encoding="utf-8")
    assert "<h1>Our &lt;lab&gt;</h1>" in shown
    assert "<strong class='own'>Durmus, E.</strong>" in shown


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "quatro"], "did you mean quarto"),
        (["--style", "apaa"], "did you mean apa"),
        (["-o", "bib/library.json"], "is no folder"),
        (["-o", "no/such"], "no folder no"),
        (["--url", "ftp://x"], "no web address"),
    ],
)
def test_wrong_wishes_are_explained(
    cite: Cite, folder: Path, arguments: list[str], message: str
) -> None:
    done = cite("site", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (folder / "site").exists()


def test_without_a_library_advice_is_given(cite: Cite) -> None:
    done = cite("site")
    assert done.returncode == 2
    assert "cite add" in done.stderr


@contextmanager
def serving(folder: Path, home: Mapping[str, str]) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A running ``cite serve`` and its port."""
    process = subprocess.Popen(
        [CITE, "serve", "--port", "0"],
        cwd=folder,
        env={**home, "PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        yield int(line.split("127.0.0.1:")[1].split("/")[0]), process
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def fetch(port: int, path: str = "/", host: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.usefixtures("library")
def test_served_page_follows_the_library(cite: Cite, folder: Path, home: Mapping[str, str]) -> None:
    with serving(folder, home) as (port, process):
        assert "Towards Measuring" in fetch(port)[1]
        cite("rm", "durmus2023towards")
        assert process.stderr is not None
        assert process.stderr.readline() == "bib/library.json changed\n"
        assert "Towards Measuring" not in fetch(port)[1]
        (folder / "bib/library.json").write_text("[", encoding="utf-8")
        assert "error" in process.stderr.readline()
        assert "On the Opportunities" in fetch(port)[1]
    assert not (folder / "site").exists()


@pytest.mark.usefixtures("library")
def test_server_answers_for_its_own_name_and_files_only(
    folder: Path, home: Mapping[str, str]
) -> None:
    with serving(folder, home) as (port, _):
        assert fetch(port, host="evil.example")[0] == 403
        assert fetch(port, host=f"localhost:{port}")[0] == 200
        assert fetch(port, "/../bib/library.json")[0] == 404
        assert fetch(port, "/%2e%2e/bib/library.json")[0] == 404


@pytest.mark.usefixtures("library")
def test_interrupted_server_ends_with_130(folder: Path, home: Mapping[str, str]) -> None:
    with serving(folder, home) as (_, process):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130


@pytest.mark.usefixtures("library")
def test_open_page_is_told_of_a_new_version(
    cite: Cite, folder: Path, home: Mapping[str, str]
) -> None:
    with serving(folder, home) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/~events")
        stream = connection.getresponse()
        assert [stream.readline(), stream.readline()] == [b"event: version\n", b"data: 1\n"]
        cite("rm", "durmus2023towards")
        told = [stream.readline() for _ in range(3)]
        assert told[-1] == b"data: 2\n"
        connection.close()
