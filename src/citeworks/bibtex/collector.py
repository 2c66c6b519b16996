"""Bulk work without the cyclic garbage collector's rounds.

Cutting and reading make millions of small objects, none of them in a cycle; going through them
again and again takes the collector longer than the work itself.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def without_collector(function: Callable[P, T]) -> Callable[P, T]:
    """The function, during which the collector rests if it was at work."""

    @wraps(function)
    def resting(*args: P.args, **kwargs: P.kwargs) -> T:
        if not gc.isenabled():
            return function(*args, **kwargs)
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.enable()

    return resting
