"""What a person at a terminal sees: progress past a second, colours, and Ctrl-C at any time.

The program runs with a pseudo-terminal as its standard error, and on libraries that take it longer
than a second.
"""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest
from benchmarks.bibtex_speed import synthetic
from benchmarks.search_speed import made_up_items

from tests_support import CITE

pytestmark = pytest.mark.slow
ESCAPE = "\x1b"
PATIENCE = 240


class Session:
    """One run of the program whose standard error is a terminal; `opened` are those of a test."""

    opened: ClassVar[list[Session]] = []

    def __init__(self, folder: Path, env: Mapping[str, str], *arguments: str | Path) -> None:
        self._terminal, theirs = pty.openpty()
        self.seen = ""
        self._process = subprocess.Popen(
            [CITE, *arguments],
            cwd=folder,
            env={**env, "TERM": "xterm-256color"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        self.opened.append(self)

    def read_until(self, wanted: Callable[[str], bool]) -> bool:
        """Read what the terminal shows until it is what is wanted; False if it never is."""
        end = time.monotonic() + PATIENCE
        while not wanted(self.seen) and time.monotonic() < end:
            ready, _, _ = select.select([self._terminal], [], [], 1)
            try:
                read = os.read(self._terminal, 65536) if ready else b"-"
            except OSError:  # the program has closed its end
                read = b""
            if not read:
                return wanted(self.seen)
            if ready:
                self.seen += read.decode("utf-8", "replace")
        return wanted(self.seen)

    def interrupt(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Read to the end; the exit code."""
        self.read_until(lambda _: False)
        return self._process.wait(PATIENCE)

    def close(self) -> None:
        """Let nothing of it outlive its test."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)


@pytest.fixture(autouse=True)
def no_session_is_left() -> Iterator[None]:
    yield
    while Session.opened:
        Session.opened.pop().close()


@pytest.fixture
def bib(folder: Path) -> Path:
    path = folder / "big.bib"
    path.write_text(synthetic(25_000), encoding="utf-8")
    return path


@pytest.fixture
def library(folder: Path) -> Path:
    path = folder / "bib" / "library.json"
    path.parent.mkdir()
    path.write_text(json.dumps(made_up_items(8_000)), encoding="utf-8")
    return path


@pytest.fixture
def large_library(folder: Path) -> Path:
    path = folder / "bib" / "library.json"
    path.parent.mkdir()
    path.write_text(json.dumps(made_up_items(25_000)), encoding="utf-8")
    return path


COMMANDS = {
    "add": (["add", "big.bib"], "big.bib: ", "bib"),
    "search": (["search", "kala"], "entries read", "large_library"),
    "enrich": (["enrich", "--offline"], "records: ", "library"),
    "export": (["export", "--style", "apa", "-o", "out.txt"], "formatting 8000 records", "library"),
    "site": (["site"], "making the page", "library"),
}
"""Commands that take long, what their progress says, and what they work on."""

by_command = pytest.mark.parametrize("name", COMMANDS)


def start(name: str, folder: Path, home: Mapping[str, str], request: object, **env: str) -> Session:
    assert isinstance(request, pytest.FixtureRequest)
    arguments, _, fixture = COMMANDS[name]
    request.getfixturevalue(fixture)
    return Session(folder, {**home, **env}, *arguments)


@by_command
def test_progress_is_shown_past_a_second_and_taken_away_again(
    name: str, folder: Path, home: Mapping[str, str], request: pytest.FixtureRequest
) -> None:
    session = start(name, folder, home, request)
    assert session.read_until(lambda seen: COMMANDS[name][1] in seen), session.seen
    assert session.end() in (0, 1)
    before, _, after = session.seen.rpartition(COMMANDS[name][1])
    assert before
    assert f"{ESCAPE}[2K" in after, "the line of the progress stays"


@by_command
def test_an_interruption_ends_it_at_once_with_its_own_code_and_nothing_half_written(
    name: str, folder: Path, home: Mapping[str, str], request: pytest.FixtureRequest
) -> None:
    session = start(name, folder, home, request)
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    assert session.read_until(lambda seen: COMMANDS[name][1] in seen), session.seen
    session.interrupt()
    assert session.end() == 130
    assert "cite: interrupted" in session.seen
    assert "Traceback" not in session.seen
    assert {path: path.read_bytes() for path in folder.rglob("*.json")} == before
    assert not (folder / "out.txt").exists()


def test_progress_has_no_colour_where_none_is_wanted(
    folder: Path, home: Mapping[str, str], bib: Path
) -> None:
    session = Session(folder, {**home, "NO_COLOR": "1"}, "add", bib.name)
    assert session.read_until(lambda seen: "big.bib: " in seen)
    assert session.end() == 0
    assert not re.search(rf"{ESCAPE}\[(?:3[0-7]|9[0-7]|38;)", session.seen), session.seen


def test_quiet_shows_no_progress(folder: Path, home: Mapping[str, str], bib: Path) -> None:
    session = Session(folder, home, "add", bib, "--quiet")
    assert session.end() == 0
    assert session.seen == ""


def test_messages_are_coloured_on_a_terminal_only(folder: Path, home: Mapping[str, str]) -> None:
    session = Session(folder, home, "list")
    assert session.end() == 2
    assert f"{ESCAPE}[31m" in session.seen
    plain = Session(folder, {**home, "NO_COLOR": "1"}, "list")
    assert plain.end() == 2
    assert ESCAPE not in plain.seen
