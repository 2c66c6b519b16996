"""Where data comes from and goes to: files, standard input, standard output."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from citeworks.bibtex.slices import FileSlices, Slices, changed, mark_of
from citeworks.cli.messages import FINDINGS, say
from citeworks.difference import WINDOW, unified_diff
from citeworks.errors import ChangedOnDisk, InputError
from citeworks.printable import visible
from citeworks.store import check_unlocked, read_bytes, write_atomic

STANDARD = "-"
_PART = 1 << 20
_TEXTS = 1024


@contextlib.contextmanager
def open_input(name: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for ``-``."""
    if name == STANDARD:
        yield sys.stdin.buffer
        return
    if not name:
        raise InputError("an empty file name", hint="give a file, or - for standard input")
    if Path(name).is_dir():
        raise InputError(f"{name} is a folder", hint="give a file, or - for standard input")
    if not Path(name).exists():
        raise InputError(f"no file {name}", hint=_nearest_file(name))
    try:
        file = Path(name).open("rb")  # noqa: SIM115
    except PermissionError as error:
        raise InputError(f"{name} cannot be read: permission denied") from error
    with file:
        before = mark_of(file)
        yield file
        if mark_of(file) != before:
            raise changed(name)


def display_name(name: str) -> str:
    """How a source is named in reports; bytes that are no UTF-8 are escaped."""
    shown = "<stdin>" if name == STANDARD else name
    return os.fsencode(shown).decode("utf-8", "backslashreplace")


def write_output(
    text: str | bytes, target: str | None, *, check: bool = False, diff: bool = False
) -> int:
    """Write text (or bytes) to standard output or into a file; returns the exit code.

    With `check` or `diff` nothing is written, and 1 says that the file would change.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if target is None or target == STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return 0
    path = Path(target)
    if path.exists() and not path.is_file() and not path.is_dir():
        return _fill(path, data, check=check or diff)
    if not Path(os.path.realpath(path)).parent.is_dir():
        raise InputError(f"no folder {path.parent}", hint="make it first")
    return replace_file(path, data, check=check, diff=diff)


def write_parts(
    parts: Iterable[str], target: str | None, *, check: bool = False, diff: bool = False
) -> int:
    """The same as `write_output` for a large text that is made piece by piece."""
    path = Path(target or STANDARD)
    if target in (None, STANDARD):
        for part in _encoded(parts):
            sys.stdout.buffer.write(part)
        sys.stdout.flush()
        return 0
    if diff or (path.exists() and not path.is_file()):
        return write_output("".join(parts), target, check=check, diff=diff)
    if not Path(os.path.realpath(path)).parent.is_dir():
        raise InputError(f"no folder {path.parent}", hint="make it first")
    if not path.exists():
        if not check:
            write_atomic(path, _encoded(parts))
        say(f"{path} would change" if check else f"wrote {path}")
        return FINDINGS if check else 0
    with path.open("rb") as file:
        return replace_by_parts(path, _encoded(parts), FileSlices(file), check=check)


def _encoded(texts: Iterable[str]) -> Iterator[bytes]:
    """The texts as bytes, many of them together."""
    texts = iter(texts)
    while some := "".join(islice(texts, _TEXTS)):
        yield some.encode("utf-8", "backslashreplace")


def _fill(path: Path, data: bytes, *, check: bool) -> int:
    """Write to a device or a named pipe: it cannot be replaced, nor compared with."""
    if check:
        raise InputError(f"{path} is no regular file", hint="--check and --diff compare with one")
    with path.open("wb") as file:
        file.write(data)
    return 0


def put(text: str) -> None:
    """Lines for a person on standard output, in which no text of a record steers the terminal."""
    sys.stdout.write(visible(text) + "\n")


def replace_file(
    path: Path,
    data: bytes,
    *,
    check: bool = False,
    diff: bool = False,
    expected: bytes | None = None,
) -> int:
    """Replace a file unless it says the same already; returns the exit code.

    Raises ChangedOnDisk when the file does not hold the `expected` bytes any more.
    """
    if not (check or diff):
        check_unlocked(path)
    old = read_bytes(path)
    if expected is not None and old != expected:
        raise ChangedOnDisk(
            f"{path} was changed by another program meanwhile",
            hint="nothing was written; run the command again",
        )
    if old == data:
        say(f"{path} unchanged")
        return 0
    if diff:
        print_diff(path, old or b"", data)
    if check or diff:
        say(f"{path} would change")
        return FINDINGS
    write_atomic(path, data)
    say(f"wrote {path}")
    return 0


def replace_by_parts(
    path: Path, parts: Iterable[bytes], old: Slices, *, check: bool = False
) -> int:
    """The same as `replace_file` for a large file, of whose new bytes no more than a part is held.

    `old` is what the file is expected to hold, and the new bytes are compared with.
    """
    if check:
        changed = any(not same for _, same in _compared(parts, old))
        say(f"{path} would change" if changed else f"{path} unchanged")
        return FINDINGS if changed else 0
    check_unlocked(path)
    if not _holds(path, old):
        raise ChangedOnDisk(
            f"{path} was changed by another program meanwhile",
            hint="nothing was written; run the command again",
        )
    try:
        write_atomic(path, _unless_all_same(parts, old))
    except _Unchanged:
        say(f"{path} unchanged")
        return 0
    say(f"wrote {path}")
    return 0


class _Unchanged(Exception):
    """The new bytes are the old ones."""


def _unless_all_same(parts: Iterable[bytes], old: Slices) -> Iterator[bytes]:
    """The parts; at their end _Unchanged if they say what `old` says."""
    changed = False
    for part, same in _compared(parts, old):
        changed = changed or not same
        yield part
    if not changed:
        raise _Unchanged


def _compared(parts: Iterable[bytes], old: Slices) -> Iterator[tuple[bytes, bool]]:
    """Each part, and whether `old` has the same at its place; at last whether `old` ends there."""
    position = 0
    for part in parts:
        yield part, old[position : position + len(part)] == part
        position += len(part)
    yield b"", position == len(old)


def _holds(path: Path, data: Slices) -> bool:
    """True if the file holds these bytes and no others."""
    position = 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            if data[position : position + len(part)] != part:
                return False
            position += len(part)
    return position == len(data)


def print_diff(path: Path, old: bytes, new: bytes) -> None:
    """The change as a unified diff on standard output."""
    print_diff_of_parts(path, (old,), (new,))


def print_diff_of_parts(
    path: Path, old: Iterable[bytes], new: Iterable[bytes], window: int = WINDOW
) -> bool:
    """The same for texts that come piece by piece; False if they are equal.

    The lines are written as they are: `patch` is to make the new text of the old one.
    """
    sys.stdout.flush()
    changed = False
    for line in unified_diff(old, new, (f"{path}", f"{path} (new)"), window):
        sys.stdout.buffer.write(line)
        changed = True
    sys.stdout.buffer.flush()
    return changed


def _nearest_file(name: str) -> str:
    from citeworks.nearest import did_you_mean

    folder = Path(name).parent
    if not folder.is_dir():
        return ""
    with contextlib.suppress(OSError):
        return did_you_mean(name, [str(folder / each.name) for each in folder.iterdir()])
    return ""
