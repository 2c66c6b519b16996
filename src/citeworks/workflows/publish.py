"""Generated files into a folder: what is new is written, what is no longer made is removed.

A list in the folder says which files were generated, so that a person's own files there stay. The
list is written before anything is removed and names nothing outside the folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from citeworks.errors import StoreError
from citeworks.store import read_bytes, write_atomic

MANIFEST = ".citeworks-site.json"


@dataclass(slots=True)
class Publication:
    """What became of the files of a folder, by their paths within it."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """True if anything was, or would be, written or removed."""
        return bool(self.written or self.removed)


def publish(folder: Path, files: Iterable[tuple[str, str]], *, check: bool = False) -> Publication:
    """Make the folder hold these files; with `check` only say what would change.

    Raises StoreError when a path would leave the folder, OSError when the disk refuses.
    """
    done = Publication()
    for name, text in files:
        path = _within(folder, name)
        data = text.encode("utf-8", "backslashreplace")
        if read_bytes(path) == data:
            done.unchanged.append(name)
            continue
        done.written.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, data, durable=False)
    _remove_stale(folder, done, check=check)
    return done


def _remove_stale(folder: Path, done: Publication, *, check: bool) -> None:
    before, now = generated_names(folder), {*done.written, *done.unchanged}
    done.removed = sorted(name for name in before - now if _within(folder, name).is_file())
    if check:
        return
    listed = (json.dumps(sorted(now), indent=0) + "\n").encode()
    if read_bytes(folder / MANIFEST) != listed:
        write_atomic(folder / MANIFEST, listed, durable=False)
    for name in done.removed:
        _within(folder, name).unlink(missing_ok=True)


def generated_names(folder: Path) -> set[str]:
    """The files that were generated into the folder last time; none if nobody knows."""
    data = read_bytes(folder / MANIFEST)
    try:
        names = json.loads(data) if data else []
    except ValueError:
        return set()
    listed = names if isinstance(names, list) else []
    return {name for name in listed if isinstance(name, str) and _stays_inside(name)}


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and name not in ("", MANIFEST)


def _within(folder: Path, name: str) -> Path:
    path = folder / name
    if not _stays_inside(name) or not path.resolve().is_relative_to(folder.resolve()):
        raise StoreError(f"{path} is outside {folder}", hint="is there a link in the folder?")
    return path
