"""How far a command is: a count on standard error, for a person who waits longer than a second.

Knows when there is somebody to tell: standard error is a terminal, and not ``--quiet``. Refuses to
know what is counted. The line is taken away again when the work ends, however it ends.
"""

from __future__ import annotations

import contextlib
import math
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from citeworks.cli.settings import current_settings

if TYPE_CHECKING:
    from rich.progress import Progress

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds of work that need no word."""
_INTERVAL = 0.1


@contextlib.contextmanager
def counting(name: str) -> Iterator[Count]:
    """Give what counts the entries of the input called `name` while they pass by."""
    count = Count(name, hidden=current_settings().quiet or not sys.stderr.isatty())
    try:
        yield count
    finally:
        count.hide()


@contextlib.contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Give what shows one line of text while the work goes on, once it takes long."""
    if current_settings().quiet or not sys.stderr.isatty():
        yield lambda text: None
        return
    line = _Line()
    try:
        yield line.show
    finally:
        line.close()


@contextlib.contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show a text while one long step goes on that cannot say how far it is."""
    if current_settings().quiet or not sys.stderr.isatty():
        yield
        return
    display = _display("{task.description}")
    display.add_task(text, total=None)
    timer = threading.Timer(PATIENCE, display.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        display.stop()


class _Line:
    def __init__(self) -> None:
        self._due = time.monotonic() + PATIENCE
        self._display: Progress | None = None

    def show(self, text: str) -> None:
        if time.monotonic() < self._due:
            return
        if self._display is None:
            self._display = _display("{task.description}")
            self._display.add_task(text, total=None)
            self._display.start()
        self._display.update(self._display.task_ids[0], description=text)
        self._due = time.monotonic() + _INTERVAL

    def close(self) -> None:
        if self._display:
            self._display.stop()


@contextlib.contextmanager
def measuring(name: str) -> Iterator[Callable[[int, int], None]]:
    """Give what is told how many of how many are done, and shows it."""
    if current_settings().quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    measure = _Measure(name)
    try:
        yield measure.tell
    finally:
        measure.close()


class _Measure:
    def __init__(self, name: str) -> None:
        self._name = name
        self._due = time.monotonic() + PATIENCE
        self._display: Progress | None = None

    def tell(self, done: int, total: int) -> None:
        if time.monotonic() < self._due:
            return
        if self._display is None:
            self._display = _display("{task.description}: {task.completed} of {task.total}")
            self._display.add_task(self._name, total=total)
            self._display.start()
        self._display.update(self._display.task_ids[0], completed=done, total=total)

    def close(self) -> None:
        if self._display:
            self._display.stop()


class Count:
    """A `Watch` over entries, which may also be told how many of how many bytes were read."""

    def __init__(self, name: str, *, hidden: bool) -> None:
        self._name = name
        self._due = math.inf if hidden else time.monotonic() + PATIENCE
        self._entries = ""
        self._bytes = ""
        self._display: Progress | None = None

    def __call__(self, items: Iterable[T], /) -> Iterable[T]:
        """The same items, counted."""
        return items if self._due == math.inf else self._counted(items)

    def tell(self, done: int, total: int) -> None:
        """So many of so many bytes were read."""
        if time.monotonic() >= self._due:
            self._bytes = f" ({done / 1e6:.0f} of {total / 1e6:.0f} MB)"
            self._show()

    def pause(self) -> None:
        """Take the line away, for what is to be printed now."""
        if self._display:
            self._display.stop()
            self._display = None

    def hide(self) -> None:
        """Take the line away for good."""
        self._due = math.inf
        self.pause()

    def _counted(self, items: Iterable[T]) -> Iterator[T]:
        for number, item in enumerate(items):
            if time.monotonic() >= self._due:
                self._entries = f"{number} entries "
                self._show()
            yield item

    def _show(self) -> None:
        text = f"{self._name}: {self._entries}read{self._bytes}"
        if self._display is None:
            self._display = _display("{task.description}")
            self._display.add_task(text, total=None)
            self._display.start()
        self._display.update(self._display.task_ids[0], description=text)
        self._due = time.monotonic() + _INTERVAL


def _display(text: str) -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    return Progress(
        SpinnerColumn(),
        TextColumn(text, markup=False),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr, no_color=not current_settings().colors_stderr),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
