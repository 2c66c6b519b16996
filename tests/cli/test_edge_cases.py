"""What a sceptical user tries: terminals, devices, killed writers, hostile text, odd encodings."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests_support import AS_OF, Cite

CITE = str(Path(sys.executable).with_name("cite"))
Terminal = Callable[..., tuple[int, str]]


@pytest.fixture
def terminal(folder: Path, home: Mapping[str, str]) -> Terminal:
    """Run `cite` on a real pseudo-terminal; gives the exit code and all that was shown."""

    def run(*arguments: str | Path, typed: bytes = b"", stdout: Path | None = None) -> (
        tuple[int, str]
    ):  # fmt: skip
        pid, screen = pty.fork()
        if pid == 0:
            os.chdir(folder)
            if stdout:
                os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT), 1)
            os.execve(CITE, [CITE, *map(str, arguments)], {**home, "TERM": "xterm"})
        shown = b""
        deadline = time.monotonic() + 60
        while True:
            ready, _, _ = select.select([screen], [], [], 0.5)
            if not ready:
                # Only a quiet terminal is asked for keys: setting it up throws away earlier ones.
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                elif typed and b"?" in shown:
                    os.write(screen, typed)
                continue
            try:
                block = os.read(screen, 4096)
            except OSError:  # how Linux says that the other side was closed
                break
            if not block:
                break
            shown += block
        os.close(screen)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()

    return run


@pytest.fixture
def two(cite: Cite, folder: Path) -> Path:
    """A library of two records."""
    (folder / "in.json").write_text(
        '[{"id": "a", "type": "book", "title": "T"}, {"id": "b", "type": "book", "title": "U"}]'
    )
    assert cite("add", "in.json").returncode == 0
    return folder / "bib" / "library.json"


@pytest.mark.parametrize(
    ("typed", "code", "left", "word"),
    [
        (b"y\n", 0, ["b"], "removed a"),
        (b"n\n", 0, ["a", "b"], "nothing removed"),
        (b"\x03", 130, ["a", "b"], "interrupted"),
        (b"\x04", 130, ["a", "b"], "interrupted"),
    ],
    ids=["yes", "no", "ctrl-c", "end"],
)
def test_rm_asks_on_a_terminal(
    terminal: Terminal, two: Path, typed: bytes, code: int, left: list[str], word: str
) -> None:
    done, shown = terminal("rm", "a", typed=typed)
    assert done == code, shown
    assert "Remove a?" in shown
    assert word in shown.splitlines()[-1]
    assert [item["id"] for item in json.loads(two.read_text())] == left


@pytest.mark.usefixtures("two")
def test_rm_with_yes_asks_nobody(terminal: Terminal) -> None:
    done, shown = terminal("rm", "--yes", "a")
    assert (done, "?" in shown) == (0, False)


@pytest.fixture
def long_listing(listing: Path, folder: Path) -> Path:
    path = folder / "long.txt"
    path.write_bytes((listing.read_bytes() + b"\n") * 120)
    return path


def test_progress_shows_on_a_terminal_past_a_second_and_is_taken_away(
    terminal: Terminal, long_listing: Path
) -> None:
    done, shown = terminal("add", long_listing.name, "--check", *AS_OF)
    assert done == 1, shown
    assert "long.txt: " in shown
    assert "entries read" in shown
    after = shown.rpartition("entries read")[2]
    assert "\x1b[2K" in after
    assert "\x1b[?25h" in after
    assert "31 records would be added" in after.splitlines()[-1]


def test_progress_counts_what_parse_writes_into_a_file(
    terminal: Terminal, long_listing: Path, folder: Path
) -> None:
    done, shown = terminal("parse", long_listing.name, *AS_OF, stdout=folder / "out.ndjson")
    assert done == 0
    assert "entries read" in shown
    lines = (folder / "out.ndjson").read_text(encoding="utf-8").splitlines()
    assert "".join(json.loads(line).get("raw", "") for line in lines).encode() == (
        long_listing.read_bytes()
    )


def test_no_progress_when_short_when_quiet_or_without_a_terminal(
    cite: Cite, terminal: Terminal, listing: Path, long_listing: Path
) -> None:
    assert "entries read" not in terminal("add", listing, "--check", *AS_OF)[1]
    assert terminal("add", long_listing.name, "--check", "--quiet", *AS_OF) == (1, "")
    assert "entries read" not in cite("add", long_listing, "--check", *AS_OF).stderr


def test_a_device_or_a_pipe_is_written_to_not_replaced(cite: Cite, two: Path) -> None:
    assert two.exists()
    done = cite("export", "-f", "bibtex", "-o", "/dev/null")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = cite("export", "-f", "bibtex", "-o", "/dev/stdout")
    assert done.stdout == cite("export", "-f", "bibtex").stdout
    assert cite("export", "-f", "bibtex", "-o", "/dev/null", "--check").returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.usefixtures("two")
def test_a_full_device_is_refused(cite: Cite) -> None:
    done = cite("export", "-f", "bibtex", "-o", "/dev/full")
    assert done.returncode == 4
    assert "no space" in done.stderr


def test_a_symbolic_link_is_followed_and_stays(cite: Cite, two: Path, folder: Path) -> None:
    assert two.exists()
    (folder / "real").mkdir()
    (folder / "refs.bib").symlink_to("real/refs.bib")
    assert cite("export", "-f", "bibtex", "-o", "refs.bib").returncode == 0
    assert (folder / "refs.bib").is_symlink()
    assert (folder / "real" / "refs.bib").read_text().startswith("@book{a")
    (folder / "round").symlink_to("round")
    done = cite("export", "-f", "bibtex", "-o", "round")
    assert done.returncode == 2
    assert "round" in done.stderr
    assert "unexpected" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "no command given"),
        (["styles"], "no command given"),
        (["add", ""], "empty"),
        (["parse", ""], "empty"),
    ],
)
def test_nothing_given_is_one_message_and_one_hint(
    cite: Cite, arguments: list[str], word: str
) -> None:
    done = cite(*arguments)
    message, hint = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert word in message
    assert hint.startswith("  hint: ")


def test_text_of_the_input_neither_floods_nor_steers_the_terminal(cite: Cite, folder: Path) -> None:
    (folder / "long.bib").write_text("@article{" + "{" * 100_000)
    (folder / "esc.bib").write_text("@article{a\x1b[2J\x07, title={x\n")
    for name in ("long.bib", "esc.bib"):
        done = cite("export", name, "-f", "bibtex")
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) <= 4
        assert max(map(len, done.stderr.splitlines())) < 500
        assert not set(done.stderr) & {"\x1b", "\x07"}


def _utf16(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
    "bom": lambda data: b"\xef\xbb\xbf" + data,
    "utf-16": _utf16,
    "latin-1": lambda data: data.decode().encode("latin-1", "replace"),
    "nbsp": lambda data: data.replace(b" ", "\u00a0".encode()),
    "blank-lines": lambda data: data.replace(b"\n", b"\n\n"),
}


def test_the_sample_in_other_clothes_adds_nothing(cite: Cite, listing: Path, folder: Path) -> None:
    assert cite("add", listing, *AS_OF).returncode == 0
    library = folder / "bib" / "library.json"
    before = library.read_bytes()
    for name, dress in ENCODINGS.items():
        (folder / name).write_bytes(dress(listing.read_bytes()))
    done = cite("add", *ENCODINGS, *AS_OF)
    assert done.returncode == 0
    assert f"{31 * len(ENCODINGS)} duplicates not added" in done.stderr
    assert library.read_bytes() == before


def test_a_writer_killed_at_any_point_leaves_a_library_that_is_valid(
    cite: Cite, two: Path, listing: Path, folder: Path, home: Mapping[str, str]
) -> None:
    counts = set()
    for step in range(8):
        process = subprocess.Popen(
            [CITE, "add", str(listing), "--quiet", *AS_OF],
            cwd=folder, env={**home}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(0.06 * step)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        counts.add(len(json.loads(two.read_text(encoding="utf-8"))))
    assert counts <= {2, 33}
    assert cite("add", listing, *AS_OF).returncode == 0
    assert len(json.loads(two.read_text(encoding="utf-8"))) == 33


def test_two_writers_at_once_lose_nothing(
    two: Path, listing: Path, folder: Path, home: Mapping[str, str]
) -> None:
    processes = [
        subprocess.Popen([CITE, "add", *inputs, "--quiet", *AS_OF], cwd=folder, env={**home})
        for inputs in ([str(listing)], ["10.1000/182", "10.1000/183"])
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    assert len(json.loads(two.read_text(encoding="utf-8"))) == 35


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("line", "code"),
    [("list >&-", 0), ("list <&- >&- 2>&-", 0), ("list --nonsense 2>&-", 2), ("add - <&-", 2)],
)
def test_closed_streams_are_as_good_as_empty_ones(folder: Path, line: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{CITE} {line}"],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert "unexpected" not in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads anything")
@pytest.mark.parametrize("command", ["add", "parse", "export"])
def test_a_file_that_may_not_be_read_is_unusable_input(
    cite: Cite, folder: Path, command: str
) -> None:
    (folder / "in.txt").touch(mode=0o000)
    done = cite(command, "in.txt")
    assert (done.returncode, done.stdout) == (2, "")
    assert "in.txt cannot be read" in done.stderr


def test_an_unknown_locale_names_the_nearest(cite: Cite, listing: Path) -> None:
    for engine in ("builtin", "citeproc-py"):
        for locale in ("de-ED", "../../etc/passwd", "zz-ZZ"):
            done = cite("export", listing, "--locale", locale, "--engine", engine)
            if locale == "de-ED":
                assert done.returncode == 0
            else:
                assert (done.returncode, done.stdout) == (2, "")
                assert "unknown locale" in done.stderr


def test_a_head_without_anything_below_it_is_reported_and_makes_no_record(
    cite: Cite, folder: Path, listing: Path
) -> None:
    (folder / "cut.txt").write_text(listing.read_text(encoding="utf-8") + "\nCLJun 28, 2023\n")
    done = cite("add", "cut.txt")
    assert "31 records added" in done.stderr
    assert "error[" not in done.stderr
    assert "[L003]" in done.stderr


def test_terminal_codes_in_a_listing_are_no_part_of_a_title(
    cite: Cite, folder: Path, listing: Path
) -> None:
    text = listing.read_text(encoding="utf-8")
    coloured = text.replace("Towards Measuring", "\x1b[31mTowards\x1b[0m Measuring")
    (folder / "coloured.txt").write_text(coloured)
    assert cite("add", "coloured.txt").returncode == 0
    assert "durmus2023towards" in cite("list", "--keys").stdout.split()


def test_a_broken_style_is_named_with_its_line(cite: Cite, folder: Path, listing: Path) -> None:
    (folder / "mine.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">\n'
        '<citation><layout><text macro="gone"/></layout></citation>\n'
        '<bibliography>\n<layout><text macro="gone"/></layout></bibliography></style>\n'
    )
    done = cite("export", listing, "--style", "mine.csl")
    assert (done.returncode, done.stdout) == (2, "")
    assert "mine.csl:2" in done.stderr
    assert '"gone"' in done.stderr
