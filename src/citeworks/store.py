"""The library on disk: ``bib/library.json``, and the only door to writing files.

Knows where a library is looked for, locking, atomic replacement, and how to notice that a file was
changed underneath. Refuses to know formats other than the library's own (`citeworks.csl_json`).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from citeworks import csl_json, history
from citeworks.errors import ChangedOnDisk, CslJsonError, Location, StoreError, StoreLocked
from citeworks.model import Library, Provenance, Record
from citeworks.model.provenance import USER

DEFAULT_PATH = Path("bib/library.json")
LOCK_SECONDS = 10.0
_POLL_SECONDS = 0.05
_TEMPORARY = ".tmp"
_STALE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A library as it was read: its path, its records, and the digest of its bytes."""

    path: Path
    library: Library
    digest: str

    @property
    def exists(self) -> bool:
        """False for a library that nobody has written yet."""
        return bool(self.digest)


def find_library(start: Path) -> Path | None:
    """The nearest ``bib/library.json`` in `start` or a folder above it."""
    start = start.absolute()
    for folder in (start, *start.parents):
        candidate = folder / DEFAULT_PATH
        if candidate.is_file():
            return candidate
    return None


def read(path: Path) -> Snapshot:
    """Read a library; a file that does not exist is an empty library.

    Raises CslJsonError for a broken file or what is no file, StoreError for one that the system
    does not let us read.
    """
    try:
        if path.exists() and not path.is_file():
            raise CslJsonError("not a file", location=Location(str(path)), code="J008")
        data = read_bytes(path)
    except NotADirectoryError as error:
        raise CslJsonError("not in a folder", location=Location(str(path)), code="J008") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{path} cannot be read: {reason}") from error
    if data is None:
        return Snapshot(path, Library(), "")
    if not data.strip():
        raise CslJsonError(
            "the library file is empty",
            location=Location(str(path), 1),
            hint="restore it from version control, or remove it to begin a new library",
            code="J005",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CslJsonError(
            "the library is not UTF-8 text", location=Location(str(path), line), code="J006"
        ) from error
    return Snapshot(path, Library(csl_json.load(text, file=str(path))), _digest(data))


def write(snapshot: Snapshot, library: Library, command: str = "") -> bool:
    """Replace the file that `snapshot` was read from; False when not a byte would change.

    A library whose records are all the same leaves the file alone, however it is laid out. The
    caller holds the lock. With the name of a `command` the change can be taken back. Raises
    ChangedOnDisk when the file is no longer the one read.
    """
    current = read_bytes(snapshot.path)
    if (_digest(current) if current is not None else "") != snapshot.digest:
        raise ChangedOnDisk(
            f"{snapshot.path} was changed by another program meanwhile",
            hint="nothing was written; run the command again",
        )
    if snapshot.exists and library == snapshot.library:
        return False
    data = csl_json.dump(library.values()).encode("utf-8")
    if data == current:
        return False
    snapshot.path.parent.mkdir(parents=True, exist_ok=True)
    if command:  # before the file: a change that is known and never came about does no harm
        items = _changed_items(snapshot.library, library)
        history.remember(snapshot.path, command, snapshot.digest, _digest(data), items)
    write_atomic(snapshot.path, data)
    return True


def last_change(snapshot: Snapshot) -> history.Entry:
    """The change that made the library what it is. Raises StoreError when it is not known."""
    for entry in history.entries(snapshot.path):
        if entry.after == snapshot.digest:
            return entry
        if entry.before != snapshot.digest:
            raise ChangedOnDisk(
                f"{snapshot.path} was changed after the last change that `cite` remembers",
                hint=f"that was `cite {entry.command}` at {entry.time:%Y-%m-%d %H:%M} UTC",
            )
        history.forget(entry)  # it was interrupted before the file was replaced
    raise StoreError(f"no change of {snapshot.path} is remembered")


def earlier(snapshot: Snapshot, entry: history.Entry) -> Library:
    """The library as it was before a change."""
    found = {key: _record(before) for key, (before, _) in entry.items.items()}
    kept = snapshot.library.without(found)
    return kept.with_records(record for record in found.values() if record)


def past_of(
    snapshot: Snapshot, key: str
) -> Iterator[tuple[history.Entry, Record | None, Record | None]]:
    """The changes of one record, the last one first, and what it was before and after each."""
    for entry in history.entries(snapshot.path):
        if key in entry.items:
            before, after = entry.items[key]
            yield entry, _record(before), _record(after)


def with_edits(snapshot: Snapshot) -> Library:
    """The library, in which values that no command wrote are a person's.

    Somebody changed the file by hand since the last change that is remembered: a value that is no
    longer what was written, though its provenance is, has the source ``user`` from now on.
    """
    entries = history.entries(snapshot.path)
    if not entries or entries[0].after == snapshot.digest:
        return snapshot.library
    written: dict[str, str | None] = {}
    for entry in entries:
        for key, (_, after) in entry.items.items():
            written.setdefault(key, after)
    known = {key: _record(item) for key, item in written.items() if key in snapshot.library}
    edited = (_with_edits(snapshot.library[key], before) for key, before in known.items() if before)
    return snapshot.library.with_records(each for each in edited if each is not None)


def _with_edits(now: Record, before: Record) -> Record | None:
    """The record with its edits told as a person's; None if there are none."""
    by_hand = {
        name: value
        for name, value in now.variables.items()
        if value != before.variables.get(name) and _said(now, name) == _said(before, name)
    }
    return now.with_values(by_hand, Provenance(USER)) if by_hand else None


def _said(record: Record, name: str) -> Provenance | None:
    """Who said a value; nobody where only the file that it stands in is known."""
    origin = record.provenance.get(name)
    return None if origin is None or origin.source == csl_json.SOURCE else origin


def _changed_items(before: Library, after: Library) -> history.Items:
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return {key: (_item(before.get(key)), _item(after.get(key))) for key in keys}


def _item(record: Record | None) -> str | None:
    return None if record is None else csl_json.dump_json(csl_json.item_from_record(record))


def _record(item: str | None) -> Record | None:
    return None if item is None else csl_json.load(item)[0]


def read_bytes(path: Path) -> bytes | None:
    """The bytes of a file, or None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_atomic(path: Path, data: bytes | Iterable[bytes], *, durable: bool = True) -> None:
    """Replace a file in one step: whatever happens, it holds the old bytes or the new ones.

    Parts are written while they are made; what is raised meanwhile leaves the old file.

    A new file gets the mode that the umask gives, a replaced one keeps its own; a symbolic link is
    followed. What can be made again need not be `durable`: it is not forced to the disk, and a
    thousand files take no longer than writing them. Raises OSError, and leaves no temporary file
    behind.
    """
    target = _follow(path)
    _refuse_special(target)
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if durable:
        remove_leftovers(target)
    with _naming(path):
        _replace(target, data, durable)
    if durable:
        _sync_folder(target.parent)


def check_unlocked(path: Path, seconds: float = LOCK_SECONDS) -> None:
    """Wait until no other program has locked a file that is about to be replaced.

    Knows POSIX locks, JabRef's ``NAME.lock`` (dead when a minute old) and Emacs's ``.#NAME``
    (dead with its process). Raises StoreLocked after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while (holder := _foreign_holder(_follow(path))) is not None:
        if time.monotonic() >= deadline:
            raise StoreLocked(
                f"{path} is locked by {holder}",
                hint="nothing was written; save and close the file there, and run it again",
            )
        time.sleep(_POLL_SECONDS)


def _foreign_holder(path: Path) -> str | None:
    jabref = path.with_name(f"{path.name}.lock")
    with contextlib.suppress(OSError):
        if time.time() - jabref.stat().st_mtime < _STALE_SECONDS:
            return f"another program ({jabref.name})"
    with contextlib.suppress(OSError, ValueError, IndexError):
        owner = str(path.with_name(f".#{path.name}").readlink())
        if _runs_here(owner):
            return f"an editor with unsaved changes ({owner})"
    return "another program" if _is_flocked(path) else None


def _runs_here(owner: str) -> bool:
    """True for Emacs's ``user@host.pid:boot`` unless the process has ended on this computer."""
    host, _, process = owner.partition("@")[2].partition(":")[0].rpartition(".")
    if host != os.uname().nodename:
        return bool(host)
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_flocked(path: Path) -> bool:
    import fcntl

    try:
        with path.open("rb+") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _replace(target: Path, data: bytes | Iterable[bytes], durable: bool) -> None:
    descriptor, name = tempfile.mkstemp(_TEMPORARY, f".{target.name}.", target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
            file.flush()
            os.fchmod(file.fileno(), _mode(target))
            if durable:
                os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Errors name the file that the caller knows, not the temporary one."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def remove_leftovers(target: Path) -> None:
    """Remove temporary files that a killed writer of the same file left more than a minute ago."""
    limit = time.time() - 60
    for leftover in target.parent.glob(f".{_glob_escape(target.name)}.*{_TEMPORARY}"):
        with contextlib.suppress(OSError):
            if leftover.stat().st_mtime < limit:
                leftover.unlink()


@contextlib.contextmanager
def locked(path: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the lock of a library; it dies with the process that holds it.

    The lock is on the library's folder, so that nothing is left behind and a read-only folder can
    be locked too. Raises StoreLocked after `seconds`.
    """
    folder = _follow(path).parent
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _wait_for_lock(descriptor, path, seconds)
        yield
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, path: Path, seconds: float) -> None:
    import fcntl

    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise StoreLocked(
                    f"another process is writing {path}",
                    hint=f"waited {seconds:.0f} s; run the command again when it is done",
                ) from error
            time.sleep(_POLL_SECONDS)
        else:
            return


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _follow(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:  # Python 3.11 and 3.12 say so of links that go round
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error


def _refuse_special(target: Path) -> None:
    if target.is_dir():
        raise StoreError(f"{target} is a folder, not a file")
    if target.exists() and not target.is_file():
        raise StoreError(f"{target} is not a regular file")


def _glob_escape(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
