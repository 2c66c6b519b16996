"""What a workflow lets its caller see of its work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Watch(Protocol):
    """What sees the entries of an input pass by, and hands each on as it is."""

    def __call__(self, items: Iterable[T], /) -> Iterable[T]:
        """The same items in the same order."""
        ...


def unwatched(items: Iterable[T], /) -> Iterable[T]:
    """The items themselves: nobody looks on."""
    return items
