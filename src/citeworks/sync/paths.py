"""Collections as paths: ``A/B`` is the collection B in A. Pure.

A slash within a name is written ``\\/``. Collections in the trash, and below one there, have no
path; of two with the same path the one with the smaller key is meant when a new item is filed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from citeworks.sync.interface import Json

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
"""The characters of object keys; 0, 1 and O look like others and are never used."""

_SLASH = re.compile(r"(?<!\\)/")
_DEPTH = 100


def new_key() -> str:
    """A fresh object key."""
    return "".join(
        [ALPHABET[each % len(ALPHABET)] for each in memoryview(os.urandom(32)).cast("I")]
    )


@dataclass(slots=True)
class Paths:
    """The collections of a library, and those that have yet to be made for it."""

    names: dict[str, str]
    """Path of each collection, by key."""
    former: Mapping[str, str] = field(default_factory=dict)
    """The paths at the last agreement, for collections that were renamed since."""
    make_key: Callable[[], str] = new_key
    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Data of the collections to be made, by key, parents first."""
    _keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in sorted(self.names, reverse=True):
            self._keys[self.names[key]] = key

    def key_of(self, path: str) -> str:
        """The key of the collection; one that is not there is put down to be made."""
        path = clean_path(path)
        if path not in self._keys:
            parent, name = _split(path)
            data: dict[str, Any] = {"name": name.replace("\\/", "/")}
            data["parentCollection"] = self.key_of(parent) if parent else False
            key = self.make_key()
            self.new[key] = {"key": key, "version": 0, **data}
            self.names[key] = path
            self._keys[path] = key
        return self._keys[path]

    def of(self, keys: Iterable[str]) -> list[str]:
        """The paths of these collections, sorted; unknown ones have none."""
        return sorted({self.names[key] for key in keys if key in self.names})

    def below(self, path: str) -> frozenset[str]:
        """The keys of a collection and of everything in it."""
        path = clean_path(path)
        return frozenset(
            key for key, name in self.names.items() if name == path or name.startswith(path + "/")
        )


def clean_path(path: str) -> str:
    """The path without empty parts and outer spaces."""
    return "/".join(part.strip() for part in _SLASH.split(path) if part.strip())


def read_paths(
    collections: Mapping[str, Json],
    former: Mapping[str, str] | None = None,
    make_key: Callable[[], str] = new_key,
) -> Paths:
    """The paths of these collections, given by key."""
    found: dict[str, str] = {}
    for key in collections:
        path = _path(collections, key)
        if path:
            found[key] = path
    return Paths(found, former or {}, make_key)


def _path(collections: Mapping[str, Json], key: str) -> str:
    parts: list[str] = []
    current: Any = key
    while current and len(parts) < _DEPTH:
        data = collections.get(str(current))
        if data is None or data.get("deleted"):
            return ""
        parts.append(str(data.get("name") or "").strip().replace("/", "\\/") or "?")
        current = data.get("parentCollection")
    return "/".join(reversed(parts))


def _split(path: str) -> tuple[str, str]:
    parts = _SLASH.split(path)
    return "/".join(parts[:-1]), parts[-1]


def below(collections: Mapping[str, Json], keys: Iterable[str]) -> set[str]:
    """These collections and all that are in them: deleting one deletes the rest unsaid."""
    children: dict[str, list[str]] = {}
    for key, data in collections.items():
        children.setdefault(str(data.get("parentCollection") or ""), []).append(key)
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(children.get(key, ()))
    return found
