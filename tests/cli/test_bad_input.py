"""Bad input and bad circumstances: one message, the right exit code, nothing half-written."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests_support import AS_OF, Cite

HUNDRED = 100
CITE = Path(sys.executable).with_name("cite")


def assert_refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout in ("", None)
    first = done.stderr.splitlines()[0]
    assert "error" in first
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", ["add", "parse", "export"])
def test_a_missing_file_names_the_nearest(cite: Cite, folder: Path, command: str) -> None:
    (folder / "listing.txt").write_text("x")
    assert_refused(cite(command, "listng.txt"), 2, "listng.txt", "did you mean listing.txt?")


@pytest.mark.parametrize("command", ["add", "parse", "export"])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "binary"),
        (b"Dear all,\nplease find nothing here.\n", "no "),
    ],
    ids=["empty", "binary", "no-listing"],
)
def test_a_file_that_is_no_listing_gives_nothing_on_stdout(
    cite: Cite, folder: Path, command: str, content: bytes, word: str
) -> None:
    (folder / "in.txt").write_bytes(content)
    assert_refused(cite(command, "in.txt"), 2, "in.txt", word)
    assert not (folder / "bib" / "library.json").exists()


@pytest.mark.parametrize("command", ["add", "parse", "export"])
def test_a_folder_is_no_input(cite: Cite, folder: Path, command: str) -> None:
    assert_refused(cite(command, str(folder)), 2, "folder")


@pytest.mark.parametrize(
    "command", [["list"], ["export"], ["show", "k"], ["edit", "k"], ["rm", "k"]]
)
def test_no_library_advises_to_add(cite: Cite, command: list[str]) -> None:
    assert_refused(cite(*command), 2, "cite add")


BROKEN = {
    "cut": ('[\n  {"id": "a",\n', ":3:1"),
    "not-json": ("library\n", ":1:1"),
    "empty": ("", "empty"),
    "duplicate": ('[{"id": "a", "type": "book"},\n {"id": "a", "type": "book"}]', ":2"),
    "no-id": ('[{"type": "book"}]', "without an id"),
    "shape": ('[{"id": "a", "type": "book", "author": "Smith"}]', "'author'"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_library_is_named_with_its_line_and_left_alone(
    cite: Cite, folder: Path, listing: Path, name: str
) -> None:
    text, word = BROKEN[name]
    path = folder / "bib" / "library.json"
    path.parent.mkdir()
    path.write_text(text)
    assert_refused(cite("list"), 2, "bib/library.json", word)
    assert_refused(cite("add", listing, *AS_OF), 2, "bib/library.json")
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["exprot"], "export"),
        (["export", "--style", "apaa"], "apa"),
        (["export", "--format", "bibtx"], "bibtex"),
        (["export", "--engine", "citeproc"], "citeproc-py"),
        (["show", "smith202"], "smith2020"),
        (["export", "--nonsense"], "--help"),
        (["export", "--style", "none.csl"], "no style file"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_an_unknown_name_lists_the_nearest(
    cite: Cite, folder: Path, arguments: list[str], hint: str
) -> None:
    (folder / "in.json").write_text('[{"id": "smith2020", "type": "book", "title": "T"}]')
    assert cite("add", "in.json").returncode == 0
    assert_refused(cite(*arguments), 2, hint)


def test_text_that_is_neither_file_nor_identifier(cite: Cite) -> None:
    assert_refused(cite("add", "hello world"), 2, "hello world")


def test_a_missing_output_folder_is_usage(cite: Cite, listing: Path) -> None:
    assert_refused(
        cite("export", listing, "-f", "bibtex", "-o", "no/refs.bib", *AS_OF), 2, "no folder"
    )


def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(
    cite: Cite, listing: Path, folder: Path
) -> None:
    (folder / "refs.bib").write_text("old\n")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (HUNDRED, HUNDRED))

    done = cite(
        "export", listing, "-f", "bibtex", "-o", "refs.bib", *AS_OF, preexec_fn=limit,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert_refused(done, 4, "refs.bib")
    assert (folder / "refs.bib").read_text() == "old\n"
    assert [path.name for path in folder.iterdir()] == ["refs.bib"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_refused(cite: Cite, listing: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = cite("export", listing, "-f", "csl-json", *AS_OF, stdout=full)
    assert_refused(done, 4)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder_is_refused(cite: Cite, listing: Path, folder: Path) -> None:
    (folder / "bib").mkdir(mode=0o555)
    assert_refused(cite("add", listing, *AS_OF), 4)


def test_a_closed_pipe_ends_silently(cite: Cite, listing: Path, folder: Path) -> None:
    (folder / "long.txt").write_bytes((listing.read_bytes() + b"\n") * 60)
    script = f'{CITE} parse long.txt {" ".join(AS_OF)} | head -1; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "141"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"HOME": None},
        {"LC_ALL": "C", "LANG": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"},
    ],
    ids=["no-home", "c-locale", "ascii-streams", "missing-home"],
)
def test_bare_environments_give_the_same_output(
    cite: Cite, listing: Path, changes: dict[str, str | None]
) -> None:
    usual = cite("export", listing, "-f", "biblatex", *AS_OF)
    bare = cite("export", listing, "-f", "biblatex", *AS_OF, env=changes)
    assert bare.returncode == 0, bare.stderr
    assert bare.stdout == usual.stdout
    assert "Fränken" in bare.stdout


def test_odd_file_names_are_read_and_shown(cite: Cite, listing: Path, folder: Path) -> None:
    for name in (b"my listing.txt", b"caf\xe9 \xff.txt"):
        path = os.fsencode(folder) + b"/" + name
        Path(os.fsdecode(path)).write_bytes(listing.read_bytes())
        done = cite("add", name, *AS_OF)
        assert done.returncode == 0, done.stderr
    assert "31 duplicates" in done.stderr
    assert len(cite("list", "--keys").stdout.split()) == 31
    json.loads((folder / "bib" / "library.json").read_text(encoding="utf-8"))


def test_an_interrupt_leaves_nothing_half_written(cite: Cite, listing: Path, folder: Path) -> None:
    (folder / "long.txt").write_bytes((listing.read_bytes() + b"\n") * 1000)
    process = subprocess.Popen(
        [CITE, "add", "long.txt", *AS_OF],
        cwd=folder, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=60)
    assert process.returncode == 130, messages
    assert "Traceback" not in messages
    assert not list(folder.glob("bib/*"))


def test_an_interrupt_before_the_command_line_is_imported_shows_no_traceback(
    folder: Path,
) -> None:
    """Our code is stopped where it begins to import, by a module that takes its time."""
    (folder / "click.py").write_text(
        "print('importing', flush=True)\nimport time; time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.path.insert(0, '.');"
         "from citeworks.__main__ import run; run()"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=60)
    assert (process.returncode, messages) == (130, "cite: interrupted\n")


def test_a_second_writer_waits_and_gives_up_with_4(cite: Cite, listing: Path, folder: Path) -> None:
    (folder / "bib").mkdir()
    hold = (
        "import fcntl, os, time; fcntl.flock(os.open('bib', os.O_RDONLY), fcntl.LOCK_EX);"
        "print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold],
        cwd=folder, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()
    began = time.monotonic()
    done = cite("add", listing, *AS_OF)
    waited = time.monotonic() - began
    holder.kill()
    holder.communicate()
    assert_refused(done, 4, "another process")
    assert waited >= 10
    assert cite("add", listing, *AS_OF).returncode == 0


def test_a_library_changed_during_an_edit_is_left_alone(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text('[{"id": "a", "type": "book", "title": "T"}]')
    assert cite("add", "in.json").returncode == 0
    script = folder / "editor.py"
    script.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1])\n"
        "p.write_text(p.read_text().replace('T', 'U'))\n"
        "l = pathlib.Path('bib/library.json'); l.write_text(l.read_text() + '\\n')\n"
    )
    done = cite("edit", "a", env={"EDITOR": f"{sys.executable} {script}"})
    assert_refused(done, 4, "changed by another program")
    assert '"title": "T"' in (folder / "bib/library.json").read_text()


def test_an_edit_that_is_broken_changes_nothing(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text('[{"id": "a", "type": "book", "title": "T"}]')
    assert cite("add", "in.json").returncode == 0
    before = (folder / "bib/library.json").read_bytes()
    assert_refused(cite("edit", "a", env={"EDITOR": "sh -c 'echo x > $0'"}), 2, "JSON")
    assert_refused(cite("edit", "a", env={"EDITOR": "false"}), 2, "status 1")
    assert_refused(cite("edit", "a", env={"EDITOR": "no-such-editor"}), 2, "no-such-editor")
    assert (folder / "bib/library.json").read_bytes() == before


def test_debug_shows_a_traceback_before_or_after_the_command(cite: Cite) -> None:
    assert "Traceback" in cite("--debug", "list").stderr
    assert "Traceback" in cite("list", "--debug").stderr
    assert cite("--debug", "list").returncode == cite("list").returncode == 2


def test_a_broken_setting_is_named(cite: Cite, folder: Path) -> None:
    (folder / "cite.toml").write_text('stile = "apa"\n')
    assert_refused(cite("list"), 2, "cite.toml", "style")
    (folder / "cite.toml").write_text('citation-key = "{famly}"\n')
    (folder / "in.json").write_text('[{"id": "a", "type": "book", "title": "T"}]')
    assert_refused(cite("add", "in.json"), 2, "famly")
