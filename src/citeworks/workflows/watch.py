"""Files that are watched for changes, also by programs that replace them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_LOOK_MILLISECONDS = 1000
_SETTLE_MILLISECONDS = 200
_QUIET_SECONDS = 0.1
_MOST_LOOKS = 50
_GRAIN_NANOSECONDS = 20_000_000
"""File systems keep times no finer than this."""

Marks = dict[Path, tuple[int, int]]


def changes(files: Callable[[], Iterable[Path]]) -> Iterator[Callable[[], bool]]:
    """Yield once now, and again whenever one of the files has changed, appeared or gone.

    What is yielded tells whether all is still as it was then: what was read meanwhile may be half
    of something. `files` is asked again after every change, since the caller may have read others.
    What happens while the caller works is noticed too. Ends only by KeyboardInterrupt.
    """
    while True:
        before = _settled(files())
        started = time.time_ns()
        yield lambda: _marks(before) == before  # noqa: B023
        _wait(_marks_since(started, files()) | before)


def _marks_since(started: int, files: Iterable[Path]) -> Marks:
    """The marks of files that were first read after `started`; none for what has changed since."""
    recent = started - _GRAIN_NANOSECONDS
    return {path: (-1, -1) if mark[0] >= recent else mark for path, mark in _marks(files).items()}


def _settled(files: Iterable[Path]) -> Marks:
    """The marks of the files once nobody writes them any more."""
    paths = list(files)
    marks = _marks(paths)
    for _ in range(_MOST_LOOKS):
        time.sleep(_QUIET_SECONDS)
        before, marks = marks, _marks(paths)
        if marks == before:
            break
    return marks


def _wait(seen: Marks) -> None:
    from watchfiles import watch

    folders = {path.resolve().parent for path in seen}
    rounds = watch(
        *(folder for folder in folders if folder.is_dir()),
        step=50,
        debounce=_SETTLE_MILLISECONDS,
        rust_timeout=_LOOK_MILLISECONDS,
        yield_on_timeout=True,
        recursive=False,
        raise_interrupt=True,
    )
    with contextlib.closing(rounds):  # a generator that is only let go swallows an interrupt
        while _marks(seen) == seen:
            next(rounds)


def _marks(files: Iterable[Path]) -> Marks:
    """When each file was written and how long it is; nothing of one that is not there."""
    found: Marks = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            found[path] = (0, -1)
        else:
            found[path] = (status.st_mtime_ns, status.st_size)
    return found
