"""Completion in real shells: what a person gets who presses the tabulator key."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests_support import Cite

KEYS = ("alpha2020", "alphabet2021", "DBLP:conf/icml/Beta2022", "we$(touch owned)ird", "com,ma2023")
DONE = "@@done@@"


@pytest.fixture
def library(folder: Path) -> Path:
    path = folder / "bib" / "library.json"
    path.parent.mkdir()
    items = [{"id": key, "type": "book", "title": f"On {key[:4]}"} for key in KEYS]
    path.write_text(json.dumps(items), encoding="utf-8")
    (folder / "listing.txt").write_text("x", encoding="utf-8")
    return path


@pytest.fixture
def environment(home: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**home, "PATH": path, "TERM": "dumb", "PS1": "$ ", "LC_ALL": "C.UTF-8"}


class Terminal:
    """A shell in a pseudo-terminal."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self._pid, self._terminal = pty.fork()
        if not self._pid:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)

    def send(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def read_until(self, wanted: str, seconds: float = 30.0) -> str:
        heard, deadline = b"", time.monotonic() + seconds
        while wanted.encode() not in heard:
            ready, _, _ = select.select([self._terminal], [], [], deadline - time.monotonic())
            assert ready, f"no {wanted!r} in {heard!r}"
            heard += os.read(self._terminal, 65536)
        return heard.decode("utf-8", "replace")

    def close(self) -> None:
        os.close(self._terminal)
        os.waitpid(self._pid, 0)


LINES = {
    "cite show alpha": ["cite", "show", "alpha"],
    "cite show alpha2": ["cite", "show", "alpha2020"],
    "cite show DBLP:conf/": ["cite", "show", "DBLP:conf/icml/Beta2022"],
    "cite show alpha2020 alphab": ["cite", "show", "alpha2020", "alphabet2021"],
    "cite show com": ["cite", "show", "com,ma2023"],
    "cite show we": ["cite", "show", "we$(touch owned)ird"],
    "cite cite --style apa-nu": ["cite", "cite", "--style", "apa-numeric-superscript"],
    "cite export --format bibl": ["cite", "export", "--format", "biblatex"],
    "cite config get citation-": ["cite", "config", "get", "citation-key"],
    "cite add list": ["cite", "add", "listing.txt"],
    "cite verify list": ["cite", "verify", "listing.txt"],
    "cite compl": ["cite", "completion"],
    "cite help exit-": ["cite", "help", "exit-codes"],
}


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(cite completion bash)"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "unsetopt zle_bracketed_paste prompt_sp; autoload -Uz compinit; compinit -u; "
        "source <(cite completion zsh)",
    ),
    "fish": (["fish", "--no-config", "-i"], "cite completion fish | source"),
}


@pytest.mark.parametrize(
    "name", ["bash", *(pytest.param(each, marks=pytest.mark.slow) for each in ("zsh", "fish"))]
)
def test_shell_completes(
    name: str, library: Path, folder: Path, environment: dict[str, str]
) -> None:
    command, setup = SHELLS[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {name} on this machine")
    terminal = Terminal(command, folder, environment)
    try:
        terminal.send(f"{setup}; echo @@re''ady@@\n")
        terminal.read_until("@@ready@@")
        assert {line: pressed(terminal, line) for line in LINES} == LINES
    finally:
        terminal.close()
    assert not (folder / "owned").exists()


def pressed(terminal: Terminal, line: str) -> list[str]:
    """The words that the line has after the tabulator key, as the shell would run them."""
    terminal.send(f"{line}\t")
    terminal.send("\x01printf '<%s>' \x05 '@@do''ne@@'\r")
    heard = terminal.read_until(f"<{DONE}>")
    found = re.search(rf"((?:<[^>]*>)+)<{DONE}>", heard)
    assert found, heard
    return re.findall(r"<([^>]*)>", found[1])


def test_keys_come_with_titles_and_from_the_named_library(
    cite: Cite, folder: Path, library: Path
) -> None:
    library.rename(folder / "other.json")
    asked = {"COMP_WORDS": "cite show --library other.json alpha", "COMP_CWORD": "alpha"}
    done = cite(env={**asked, "_CITE_COMPLETE": "fish_complete"})
    assert done.stdout.splitlines() == [
        "plain,alpha2020\tOn alph",
        "plain,alphabet2021\tOn alph",
    ]


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"id": {}}]', "[[]]"])
def test_a_broken_library_completes_nothing_and_says_nothing(
    text: str, cite: Cite, library: Path
) -> None:
    library.write_text(text, encoding="utf-8")
    done = cite(env={"COMP_WORDS": "cite show a", "_CITE_COMPLETE": "bash_complete"})
    assert (done.stdout, done.stderr) == ("file,a\n", "")


def test_a_key_that_steers_a_terminal_is_not_offered(cite: Cite, library: Path) -> None:
    items = [{"id": key, "type": "book"} for key in ("bad\x1b[2J", "bad\nplain,evil", "badge")]
    library.write_text(json.dumps(items), encoding="utf-8")
    done = cite(env={"COMP_WORDS": "cite show bad", "_CITE_COMPLETE": "bash_complete"})
    assert done.stdout == "plain,badge\n"


def test_the_index_answers_when_it_is_fresh_and_only_then(cite: Cite, library: Path) -> None:
    assert cite("search", "alph").returncode == 0
    asked = {"COMP_WORDS": "cite show alphab", "_CITE_COMPLETE": "bash_complete"}
    assert cite(env=asked).stdout == "plain,alphabet2021\n"
    library.write_text('[{"id": "alphabets", "type": "book"}]', encoding="utf-8")
    assert cite(env=asked).stdout == "plain,alphabets\n"


def test_script_of_an_unknown_shell_is_refused(cite: Cite) -> None:
    assert cite("completion", "tcsh").returncode == 2
