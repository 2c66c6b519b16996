"""Files that are watched for changes, also by programs that replace them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_LOOK_MILLISECONDS = 1000
_SETTLE_MILLISECONDS = 200

Marks = dict[Path, tuple[int, int]]


def changes(files: Callable[[], Iterable[Path]]) -> Iterator[None]:
    """Yield once now, and again whenever one of the files has changed, appeared or gone.

    `files` is asked again after every change, since the caller may have read others. What happens
    while the caller works is noticed too. Ends only by KeyboardInterrupt.
    """
    while True:
        before = _marks(files())
        yield
        seen = _marks(files()) | before
        _wait(seen)


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
