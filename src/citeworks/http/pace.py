"""Turns at a service: how many at once, and how long between two, over all processes.

One small file per pace, locked by the operating system, holds the time of the next turn; a process
that dies holds nothing. Where no file can be written the pace is kept within the process. Refuses
to know what is asked.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_POLL_SECONDS = 0.02
_PATIENCE = 60.0  # seconds; a service that asked for a longer pause is not waited for
LONGEST_WAIT = 900.0
"""No honest turn is farther away, in seconds; what says so is a clock that was set."""


class Busy(Exception):
    """No turn came before the deadline; `seconds` more would have been needed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no turn for another {seconds:.0f} s")
        self.seconds = seconds


class Turns:
    """The turns at one service, for the threads of this process and for other processes."""

    def __init__(self, path: Path | None, interval: float, concurrency: int) -> None:
        self.interval, self.concurrency = interval, concurrency
        self._path = path
        self._next = 0.0
        self._active = 0
        self._condition = threading.Condition()
        self._waiting = threading.Lock()

    @contextlib.contextmanager
    def turn(self, deadline: float, sleep: Callable[[float], None]) -> Iterator[None]:
        """Wait for a turn and hold it. Raises Busy when the monotonic `deadline` comes first.

        Where only one may be asked at a time and with an interval, the turn is exclusive for the
        machine, and the interval begins when it ends: nobody can tell sooner when the request
        arrived. Else only the beginnings of turns are spaced.
        """
        self._enter(deadline)
        try:
            with self._paced(deadline, sleep):
                yield
        finally:
            with self._condition:
                self._active -= 1
                self._condition.notify()

    def postpone(self, seconds: float) -> None:
        """Let nobody have a turn for so long, in this process or another."""
        with contextlib.suppress(Busy), self._locked(time.monotonic() + 5, time.sleep) as file:
            due = max(_read(file), time.time() + min(seconds, LONGEST_WAIT))
            self._next = due
            _write(file, due)

    def _enter(self, deadline: float) -> None:
        with self._condition:
            while self._active >= max(self.concurrency, 1):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise Busy(self.interval)
                self._condition.wait(left)
            self._active += 1

    @contextlib.contextmanager
    def _paced(self, deadline: float, sleep: Callable[[float], None]) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            with self._one_at_a_time(deadline):
                lock = stack.enter_context(self._locked(deadline, sleep))
                self._wait(lock, deadline, sleep)
                is_exclusive = bool(self.interval) and self.concurrency == 1
                if not is_exclusive:
                    stack.close()
            try:
                yield
            finally:
                if is_exclusive:
                    self._set_next(lock)

    @contextlib.contextmanager
    def _one_at_a_time(self, deadline: float) -> Iterator[None]:
        if not self._waiting.acquire(timeout=max(deadline - time.monotonic(), 0.0)):
            raise Busy(self.interval)
        try:
            yield
        finally:
            self._waiting.release()

    def _wait(self, file: int | None, deadline: float, sleep: Callable[[float], None]) -> None:
        due = max(_read(file), self._next)
        wait = due - time.time()
        if wait > LONGEST_WAIT:
            wait = 0.0
        if wait > min(deadline - time.monotonic(), max(_PATIENCE, 2 * self.interval)):
            raise Busy(wait)
        while wait > 0:
            sleep(wait)
            wait = due - time.time()
        self._set_next(file)

    def _set_next(self, file: int | None) -> None:
        self._next = time.time() + self.interval
        if self.interval:
            _write(file, self._next)

    @contextlib.contextmanager
    def _locked(self, deadline: float, sleep: Callable[[float], None]) -> Iterator[int | None]:
        descriptor = self._open()
        try:
            while descriptor is not None and not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    raise Busy(self.interval)
                sleep(_POLL_SECONDS)
            yield descriptor
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _open(self) -> int | None:
        if self._path is None:
            return None
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None


def file_name(pace: str) -> str:
    """A file name for a pace, such as a host with its port."""
    return re.sub(r"[^a-z0-9.-]", "_", pace.lower())[:100] or "_"


def _try_lock(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: the pace holds within the process
        return True
    return True


def _read(descriptor: int | None) -> float:
    if descriptor is None:
        return 0.0
    try:
        due = float(os.pread(descriptor, 64, 0))
    except (ValueError, OSError):
        return 0.0
    return due if 0 <= due - time.time() + LONGEST_WAIT <= 2 * LONGEST_WAIT else 0.0


def _write(descriptor: int | None, due: float) -> None:
    if descriptor is not None:
        with contextlib.suppress(OSError):
            os.pwrite(descriptor, f"{due:<32.6f}".encode(), 0)
