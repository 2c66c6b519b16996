"""A call that goes on while its caller does something else.

The thread never keeps the program alive: who interrupts a run need not wait for a slow server.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def in_background(call: Callable[[], T]) -> Future[T]:
    """Begin the call; `result` of what is returned waits for it, and raises what it raised."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def begin(call: Callable[[], T], *, at_once: bool) -> Callable[[], T]:
    """Begin the call where others may run beside it; what is returned gives its result, once.

    Where they may not, nothing happens before the result is asked for.
    """
    return in_background(call).result if at_once else call
