"""The library on disk: locks, atomic replacement, modes, and what failure leaves behind."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from citeworks import csl_json, store
from citeworks.errors import ChangedOnDisk, CslJsonError, StoreError, StoreLocked
from citeworks.model import Library, Record

SOURCE = Path(__file__).resolve().parents[1] / "src"
ONE = Library([Record("a", "book", {"title": "A"})])
TWO = ONE.with_records([Record("b", "book", {"title": "B"})])


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own that runs `code`, with the project on its path."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )


def in_child(function: Callable[[], object]) -> int:
    """The exit code of a forked process that runs `function`: 0, or 1 if it raised."""
    child = multiprocessing.get_context("fork").Process(target=function)
    child.start()
    child.join()
    return child.exitcode or 0


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library with one record."""
    path = tmp_path / "bib" / "library.json"
    store.write(store.read(path), ONE)
    return path


# Reading


def test_a_library_that_nobody_wrote_is_empty(tmp_path: Path) -> None:
    snapshot = store.read(tmp_path / "bib" / "library.json")
    assert not snapshot.exists
    assert len(snapshot.library) == 0


def test_what_was_written_is_read(path: Path) -> None:
    snapshot = store.read(path)
    assert snapshot.exists
    assert list(snapshot.library) == ["a"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "J005"), (b" \n", "J005"), (b"\xff\xfe[\x00", "J006"), (b'[{"id": "a"', "J001")],
)
def test_a_broken_library_is_refused_and_left_alone(path: Path, data: bytes, code: str) -> None:
    path.write_bytes(data)
    with pytest.raises(CslJsonError) as refused:
        store.read(path)
    assert refused.value.code == code
    assert str(path) in str(refused.value.location)
    assert path.read_bytes() == data


def test_what_is_no_file_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    for odd in (tmp_path, tmp_path / "pipe", tmp_path / "file" / "library.json"):
        with pytest.raises(CslJsonError) as refused:
            store.read(odd)
        assert (refused.value.code, refused.value.location.file) == ("J008", str(odd))


def test_the_nearest_library_above_is_found(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "paper" / "chapter"
    below.mkdir(parents=True)
    assert store.find_library(below) == path
    monkeypatch.chdir(below)
    assert store.find_library(Path()) == path
    nearer = tmp_path / "paper" / "bib" / "library.json"
    nearer.parent.mkdir()
    nearer.write_text("[]")
    assert store.find_library(below) == nearer


def test_no_library_is_found_where_there_is_none(tmp_path: Path) -> None:
    found = store.find_library(tmp_path)
    assert found is None or not found.is_relative_to(tmp_path)


# Writing


def test_nothing_is_written_when_nothing_changed(path: Path) -> None:
    before = path.stat()
    assert store.write(store.read(path), ONE) is False
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_a_library_laid_out_by_hand_is_left_alone_when_no_record_changed(path: Path) -> None:
    path.write_text('[{"title": "A", "id": "a", "type": "book"}]')
    snapshot = store.read(path)
    assert store.write(snapshot, snapshot.library) is False
    assert store.write(snapshot, TWO) is True
    assert list(store.read(path).library) == ["a", "b"]


def test_a_change_underneath_is_refused(path: Path) -> None:
    snapshot = store.read(path)
    path.write_text("[]\n")
    with pytest.raises(ChangedOnDisk):
        store.write(snapshot, TWO)
    assert path.read_text() == "[]\n"


def test_a_library_that_vanished_or_appeared_is_a_change_underneath(path: Path) -> None:
    snapshot = store.read(path)
    path.unlink()
    with pytest.raises(ChangedOnDisk):
        store.write(snapshot, TWO)
    missing = store.read(path)
    path.write_text("[]\n")
    with pytest.raises(ChangedOnDisk):
        store.write(missing, TWO)


def test_the_same_records_are_the_same_bytes(path: Path) -> None:
    before = path.read_bytes()
    store.write(store.read(path), TWO)
    store.write(store.read(path), ONE)
    assert path.read_bytes() == before


def test_new_files_follow_the_umask(tmp_path: Path) -> None:
    for mask, mode in ((0o022, 0o644), (0o077, 0o600), (0o002, 0o664)):
        before = os.umask(mask)
        try:
            store.write_atomic(tmp_path / oct(mask), b"x")
            assert os.umask(mask) == mask
        finally:
            os.umask(before)
        assert (tmp_path / oct(mask)).stat().st_mode & 0o777 == mode


def test_replaced_files_keep_their_mode(path: Path) -> None:
    path.chmod(0o640)
    store.write(store.read(path), TWO)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_is_followed_and_stays(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(path)
    store.write(store.read(link), TWO)
    assert link.is_symlink()
    assert list(store.read(path).library) == ["a", "b"]


def test_links_that_go_round_are_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        store.write_atomic(tmp_path / "a", b"x")


def test_a_folder_or_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for odd in ("pipe", "folder"):
        with pytest.raises(StoreError):
            store.write_atomic(tmp_path / odd, b"x")
    assert names_in(tmp_path) == ["folder", "pipe"]


@pytest.mark.parametrize(
    "name", ["with space.json", "üñï.json", "[a]*?.json", os.fsdecode(b"\xff.bib")]
)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    store.write_atomic(tmp_path / name, b"1")
    store.write_atomic(tmp_path / name, b"2")
    assert (tmp_path / name).read_bytes() == b"2"
    assert names_in(tmp_path) == [name]


# Failure


def test_a_full_disk_leaves_the_old_file_and_nothing_else(path: Path) -> None:
    before = path.read_bytes()

    def write_too_much() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
        with pytest.raises(OSError, match="too large"):
            store.write_atomic(path, b"x" * 5_000)

    assert in_child(write_too_much) == 0
    assert path.read_bytes() == before
    assert names_in(path.parent) == ["library.json"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_nobody(function: Callable[[], None]) -> int:
    def run() -> None:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        function()

    return in_child(run)


def test_a_read_only_folder_is_refused_and_left_alone(open_folder: Path) -> None:
    path = open_folder / "library.json"
    store.write_atomic(path, b"[]\n")
    path.chmod(0o666)
    open_folder.chmod(0o555)

    def write() -> None:
        with store.locked(path, 1.0), pytest.raises(PermissionError):
            store.write_atomic(path, b"x")

    assert as_nobody(write) == 0
    assert path.read_bytes() == b"[]\n"
    assert names_in(open_folder) == ["library.json"]


def test_a_read_only_file_is_refused_though_its_folder_could_replace_it(open_folder: Path) -> None:
    path = open_folder / "library.json"
    store.write_atomic(path, b"[]\n")
    path.chmod(0o444)
    open_folder.chmod(0o777)

    def write() -> None:
        with pytest.raises(PermissionError):
            store.write_atomic(path, b"x")

    assert as_nobody(write) == 0
    assert path.read_bytes() == b"[]\n"
    assert names_in(open_folder) == ["library.json"]


def test_an_unreadable_library_is_a_store_error(open_folder: Path) -> None:
    path = open_folder / "library.json"
    store.write_atomic(path, b"[]\n")
    path.chmod(0o000)

    def read() -> None:
        with pytest.raises(StoreError, match="permission denied"):
            store.read(path)

    assert as_nobody(read) == 0


def test_an_interruption_in_the_middle_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.write_atomic(path, b"x")
    assert names_in(path.parent) == ["library.json"]
    assert list(store.read(path).library) == ["a"]


def test_leftovers_of_killed_writers_are_removed_when_they_are_old(path: Path) -> None:
    old, new = path.parent / ".library.json.old.tmp", path.parent / ".library.json.new.tmp"
    other = path.parent / ".other.json.old.tmp"
    for each in (old, new, other):
        each.touch()
    for each in (old, other):
        os.utime(each, (time.time() - 3_600,) * 2)
    store.write(store.read(path), TWO)
    assert names_in(path.parent) == sorted(["library.json", new.name, other.name])


WRITER = """
import sys
from pathlib import Path
from citeworks import store
from citeworks.model import Library, Record
path = Path(sys.argv[1])
big = Library(Record(f"k{n}", "book", {"title": "T" * 500}) for n in range(400))
small = Library([Record("a", "book", {"title": "A"})])
print("ready", flush=True)
while True:
    for library in (big, small):
        with store.locked(path):
            store.write(store.read(path), library)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_library(path: Path) -> None:
    moments = random.Random(31)
    big = Library(Record(f"k{n}", "book", {"title": "T" * 500}) for n in range(400))
    whole = [csl_json.dump(library.values()).encode() for library in (big, ONE)]
    for _ in range(12):
        writer = python(WRITER, str(path))
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.0, 0.06))
        writer.kill()
        writer.communicate()
        assert path.read_bytes() in whole
        assert len(store.read(path).library) in (1, 400)
        with store.locked(path, 0.5):
            pass


def steps_of(function: Callable[[], None], last: float = float("inf")) -> int:
    """The calls and returns while `function` runs; the process kills itself at step `last`."""
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal steps
        steps += 1
        if steps >= last:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return steps


def test_a_writer_killed_at_each_of_its_steps_leaves_the_old_bytes_or_the_new(path: Path) -> None:
    old, new = b"old" * 100, b"new" * 5_000

    def write() -> None:
        store.write_atomic(path, new)

    steps = steps_of(write)
    found = []
    for step in [*range(1, steps - 40, max(1, steps // 60)), *range(steps - 40, steps, 2)]:
        store.write_atomic(path, old)
        assert in_child(partial(steps_of, write, step)) == -signal.SIGKILL
        found.append(path.read_bytes())
        for leftover in path.parent.glob(".*.tmp"):
            leftover.unlink()
    assert set(found) == {old, new}
    assert found == sorted(found, key=[old, new].index)


# The lock

HOLDER = """
import sys, time
from pathlib import Path
from citeworks import store
with store.locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextlib.contextmanager
def holder(path: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    process = python(HOLDER, str(path), str(seconds))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_writer_gives_up_after_its_time(path: Path) -> None:
    with holder(path, 60):
        began = time.monotonic()
        with pytest.raises(StoreLocked), store.locked(path, 0.2):
            pass
        assert 0.2 <= time.monotonic() - began < 5


def test_a_second_writer_waits_for_the_first(path: Path) -> None:
    with holder(path, 0.3), store.locked(path, 10):
        pass


def test_the_lock_of_a_killed_process_never_blocks(path: Path) -> None:
    with holder(path, 60) as process:
        process.kill()
        process.wait()
        with store.locked(path, 1.0):
            pass


def test_the_lock_is_not_handed_to_an_editor_that_is_started_under_it(path: Path) -> None:
    with store.locked(path, 1.0):
        editor = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with store.locked(path, 1.0):
            pass
    finally:
        editor.kill()
        editor.wait()


def test_a_lock_leaves_no_file_and_makes_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bib" / "library.json"
    with store.locked(path):
        assert names_in(path.parent) == []
    assert names_in(path.parent) == []


def test_an_error_inside_frees_the_lock(path: Path) -> None:
    with pytest.raises(StoreError), store.locked(path, 1.0):
        raise StoreError("inside")
    with store.locked(path, 0.0):
        pass


def test_many_writers_lose_no_record(path: Path) -> None:
    code = """
import sys
from pathlib import Path
from citeworks import store
from citeworks.model import Record
path = Path(sys.argv[1])
for number in range(5):
    with store.locked(path):
        snapshot = store.read(path)
        record = Record(f"{sys.argv[2]}{number}", "book")
        store.write(snapshot, snapshot.library.with_records([record]))
"""
    writers = [python(code, str(path), name) for name in "xyz"]
    for writer in writers:
        _, errors = writer.communicate()
        assert (writer.returncode, errors) == (0, "")
    assert len(store.read(path).library) == 1 + 3 * 5
