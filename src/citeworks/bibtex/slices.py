"""The bytes of an input, of which only what is asked for is held.

Knows when a file says something else than it did. Refuses to know what the bytes mean.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import BinaryIO, Protocol

from citeworks.errors import ChangedOnDisk

Tell = Callable[[int, int], None]


class Slices(Protocol):
    """What `bytes` can do, and a file too: give its length and any stretch of itself."""

    def __len__(self) -> int:
        """The number of bytes."""
        ...

    def __getitem__(self, part: slice, /) -> bytes:
        """The bytes from ``start`` to ``stop``."""
        ...


class FileSlices:
    """A file that is read where it is asked for, from its present position on.

    `tell` hears how far each reading came of the whole. Raises ChangedOnDisk once another program
    has written to the file.
    """

    def __init__(self, file: BinaryIO, tell: Tell = lambda done, total: None) -> None:
        self._file = file
        self._tell = tell
        self._first = file.tell()
        self._length = file.seek(0, os.SEEK_END) - self._first
        self._mark = mark_of(file)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice, /) -> bytes:
        start, stop, _ = part.indices(self._length)
        self._file.seek(self._first + start)
        found = self._file.read(max(0, stop - start))
        if mark_of(self._file) != self._mark:
            raise changed(self._file.name)
        self._tell(stop, self._length)
        return found


def mark_of(file: BinaryIO) -> tuple[int, int]:
    """The size of a regular file and when it was written; devices and pipes have neither."""
    try:
        status = os.fstat(file.fileno())
    except OSError:  # bytes in memory have no descriptor
        return 0, 0
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else (0, 0)


def changed(name: str) -> ChangedOnDisk:
    """The error for an input that is no longer what it was when it was opened."""
    return ChangedOnDisk(
        f"{name} was changed by another program while it was read",
        hint="nothing was written; run the command again",
    )
