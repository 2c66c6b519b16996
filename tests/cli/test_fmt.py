"""``cite fmt`` as a program: what it writes, refuses and says."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from benchmarks.bibtex_speed import synthetic

from citeworks.cli.streams import open_input, replace_by_parts
from citeworks.errors import ChangedOnDisk
from tests_support import Cite

MESSY = "@ARTICLE{k,Title={A},month=1}\n@misc{a, note={x}}\n"
NEAT = "@article{k,\n  title = {A},\n  month = jan\n}\n\n@misc{a,\n  note = {x}\n}\n"
BROKEN = "@misc{ok,note={x}}\n\n@article{smith2021,\n title={x\n\n@misc{z,year=1}\n"


def test_a_file_is_formatted_in_place_and_the_second_time_left_alone(
    cite: Cite, folder: Path
) -> None:
    path = folder / "refs.bib"
    path.write_text(MESSY)
    path.chmod(0o640)
    assert cite("fmt", "refs.bib", "--check").returncode == 1
    shown = cite("fmt", "refs.bib", "--diff")
    assert (shown.returncode, "+  month = jan" in shown.stdout) == (1, True)
    assert path.read_text() == MESSY
    done = cite("fmt", "refs.bib")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "wrote refs.bib\n")
    assert (path.read_text(), path.stat().st_mode & 0o777) == (NEAT, 0o640)
    inode = path.stat().st_ino
    assert cite("fmt", "refs.bib").stderr == "refs.bib unchanged\n"
    assert path.stat().st_ino == inode
    assert cite("fmt", "refs.bib", "--check").returncode == 0


def test_standard_input_goes_to_standard_output(cite: Cite) -> None:
    done = cite("fmt", "-", "--sort", "key", input=MESSY)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.index("@misc{a") < done.stdout.index("@article{k")
    assert cite("fmt", "-", "--check", input=NEAT).returncode == 0
    assert cite("fmt", "-", "--check", input=MESSY).returncode == 1


def test_a_broken_entry_stops_the_file_unless_it_is_to_keep_going(cite: Cite, folder: Path) -> None:
    path = folder / "refs.bib"
    path.write_text(BROKEN)
    (folder / "fine.bib").write_text(MESSY)
    done = cite("fmt", "refs.bib", "fine.bib")
    assert done.returncode == 2
    assert "refs.bib:3:1: error[B003]: unclosed brace in @article{smith2021}" in done.stderr
    assert "  @article{smith2021,\n" in done.stderr
    assert path.read_text() == BROKEN
    assert (folder / "fine.bib").read_text() == NEAT
    assert cite("fmt", "refs.bib", "--keep-going").returncode == 3
    assert path.read_text() == (
        "@misc{ok,\n  note = {x}\n}\n\n@article{smith2021,\n title={x\n\n@misc{z,\n  year = 1\n}\n"
    )


def test_encoding_and_bom_stay(cite: Cite, folder: Path) -> None:
    for data in ("@misc{k,note={é}}".encode("latin-1"), b"\xef\xbb\xbf@misc{k,note={\xc3\xa9}}"):
        (folder / "a.bib").write_bytes(data)
        assert cite("fmt", "a.bib").returncode == 0
        expected = data.replace(b"k,note={", b"k,\n  note = {").replace(b"}}", b"}\n}\n")
        assert (folder / "a.bib").read_bytes() == expected.replace(b"={", b"= {")


def test_what_is_no_bib_file_is_refused(cite: Cite, folder: Path) -> None:
    (folder / "a.json").write_text("[]")
    (folder / "empty.bib").write_text("")
    assert cite("fmt", "a.json").returncode == 2
    assert cite("fmt", "none.bib").returncode == 2
    assert cite("fmt", "empty.bib").returncode == 0
    unknown = cite("fmt", "--sort", "yaer", "empty.bib")
    assert (unknown.returncode, "did you mean year" in unknown.stderr) == (2, True)


def test_the_lock_of_another_program_is_waited_for_and_then_respected(
    cite: Cite, folder: Path
) -> None:
    path = folder / "refs.bib"
    path.write_text(MESSY)
    stale, alive = folder / "refs.bib.lock", folder / ".#refs.bib"
    stale.touch()
    os.utime(stale, (time.time() - 3600,) * 2)
    alive.symlink_to(f"me@{os.uname().nodename}.999999999:1")
    assert cite("fmt", "refs.bib").returncode == 0
    path.write_text(MESSY)
    with path.open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = cite("fmt", "refs.bib")
    assert done.returncode == 4
    assert "refs.bib is locked by another program" in done.stderr
    assert path.read_text() == MESSY


def test_a_file_that_changes_while_it_is_read_is_refused(folder: Path) -> None:
    path = folder / "refs.bib"
    path.write_text(MESSY)

    def read_while_another_writes() -> None:
        with open_input(str(path)) as file:
            file.read()
            path.write_text(NEAT)

    with pytest.raises(ChangedOnDisk):
        read_while_another_writes()
    with open_input(str(path)) as file:
        assert file.read() == NEAT.encode()


def test_a_long_run_shows_its_progress_on_a_terminal(folder: Path, home: Mapping[str, str]) -> None:
    (folder / "refs.bib").write_text(
        "\n".join(f"@misc{{k{n}, note={{{'x ' * 200}}}}}" for n in range(60_000))
    )
    ours, theirs = pty.openpty()
    program = Path(sys.executable).with_name("cite")
    process = subprocess.Popen(
        [str(program), "fmt", "refs.bib"], cwd=folder, env=home, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    assert b"entries read" in shown


def test_a_large_file_is_replaced_part_by_part_or_not_at_all(folder: Path) -> None:
    with click.Context(click.Command("fmt")):
        path = folder / "refs.bib"
        path.write_bytes(b"old text")
        inode = path.stat().st_ino
        assert replace_by_parts(path, [b"old ", b"text"], b"old text", check=True) == 0
        assert replace_by_parts(path, [b"old ", b"text"], b"old text") == 0
        for new in ([b"old"], [b"old text", b"s"], [b"new", b" text"]):
            assert replace_by_parts(path, new, b"old text", check=True) == 1
        with pytest.raises(ChangedOnDisk):
            replace_by_parts(path, [b"new"], b"older text")
        with pytest.raises(ZeroDivisionError):
            replace_by_parts(path, (bytes(1 // left) for left in (1, 0)), b"old text")
        assert (path.read_bytes(), path.stat().st_ino) == (b"old text", inode)
        assert replace_by_parts(path, [b"new", b" text"], b"old text") == 0
        assert path.read_bytes() == b"new text"
        assert [each.name for each in folder.iterdir()] == ["refs.bib"]


@pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
@pytest.mark.parametrize("options", [[], ["--sort", "-year,key"], ["--align"]], ids=" ".join)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_patch_makes_of_a_file_what_fmt_writes(
    cite: Cite, folder: Path, options: list[str], encoding: str
) -> None:
    text = synthetic(300).replace("Anna", "Zo\u00eb") + MESSY + "@misc{é, note = {a\x0cb\r\n}}"
    for name in ("refs.bib", "patched.bib"):
        (folder / name).write_bytes(text.encode(encoding))
    command = [sys.executable, "-m", "citeworks", "fmt", "refs.bib", "--diff", *options]
    shown = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert (shown.returncode, shown.stderr) == (1, b"refs.bib would change\n")
    subprocess.run(
        ["patch", "-s", "--binary", "patched.bib"], cwd=folder, input=shown.stdout, check=True
    )
    assert cite("fmt", "refs.bib", *options).returncode == 0
    assert (folder / "patched.bib").read_bytes() == (folder / "refs.bib").read_bytes()
    again = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert (again.returncode, again.stdout) == (0, b"")
