"""Standard output as a terminal may have it: no data steers it.

Knows that what goes into a file or a pipe is data, to the last byte, and that what goes onto a
terminal is for a person's eyes. Refuses to know what is written.
"""

from __future__ import annotations

import io
from codecs import getincrementaldecoder
from typing import Any, TextIO

from citeworks.printable import visible


class _Shown(io.BufferedIOBase):
    """Bytes for a terminal; control characters become visible signs."""

    def __init__(self, target: io.BufferedIOBase) -> None:
        self._target = target
        self._decoder = getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._target.fileno()

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        text = visible(self._decoder.decode(bytes(data)), line_ends=True)
        self._target.write(text.encode("utf-8", "backslashreplace"))
        return len(data)

    def flush(self) -> None:
        self._target.flush()


def shown_on_terminal(stream: TextIO) -> TextIO:
    """The stream, in which nothing that is written steers the terminal behind it."""
    stream.flush()
    target: Any = _Shown(stream.buffer)  # type: ignore[arg-type]
    return io.TextIOWrapper(target, "utf-8", "backslashreplace", newline="\n", line_buffering=True)
