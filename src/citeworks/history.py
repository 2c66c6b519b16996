"""What was written to libraries, so that it can be taken back: one bounded SQLite file.

Knows entries (which command, when, the file's digest before and after, the items that changed as
JSON text) under ``$XDG_STATE_HOME/citeworks``. Refuses to know records and libraries. A history
that cannot be kept keeps nothing from being written.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from citeworks.folders import state_folder

KEPT = 100
"""Changes of one library that are remembered; older ones are forgotten."""
LARGEST = 64 << 20
"""Bytes that all changes may take together, packed."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS changes (
  id INTEGER PRIMARY KEY, library TEXT NOT NULL, command TEXT NOT NULL, time TEXT NOT NULL,
  before TEXT NOT NULL, after TEXT NOT NULL, items BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS changes_library ON changes (library, id);
"""
Items = Mapping[str, tuple[str | None, str | None]]
"""Under each key the item before and after as JSON text, None where there was none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a library file; `before` and `after` are digests of its bytes."""

    command: str
    before: str
    after: str
    items: Items
    time: datetime
    id: int = 0


def remember(library: Path, command: str, before: str, after: str, items: Items) -> None:
    """Keep a change that is about to be written; silent where nothing can be kept."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    packed = zlib.compress(json.dumps(items).encode(), 6)
    with contextlib.suppress(OSError, sqlite3.Error), _opened(create=True) as database:
        row = (_name(library), command, now, before, after, packed)
        database.execute(
            "INSERT INTO changes (library, command, time, before, after, items) "
            "VALUES (?,?,?,?,?,?)",
            row,
        )
        _forget_old(database, _name(library))


def entries(library: Path) -> list[Entry]:
    """The changes of a library that are remembered, the last one first."""
    with contextlib.suppress(OSError, sqlite3.Error), _opened(create=False) as database:
        rows = database.execute(
            "SELECT command, before, after, items, time, id FROM changes WHERE library = ? "
            "ORDER BY id DESC",
            (_name(library),),
        )
        return [
            Entry(command, before, after, _unpacked(items), datetime.fromisoformat(time), id_)
            for command, before, after, items, time, id_ in rows
        ]
    return []


def forget(entry: Entry) -> None:
    """Drop a change that was taken back or never came about."""
    with contextlib.suppress(OSError, sqlite3.Error), _opened(create=False) as database:
        database.execute("DELETE FROM changes WHERE id = ?", (entry.id,))


def path() -> Path:
    """The file of the history."""
    return state_folder() / "history.sqlite3"


@contextlib.contextmanager
def _opened(*, create: bool) -> Iterator[sqlite3.Connection]:
    file = path()
    if not (create or file.exists()):
        raise FileNotFoundError
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.closing(sqlite3.connect(file, timeout=5)) as database, database:
        database.executescript(_SCHEMA)
        yield database


def _forget_old(database: sqlite3.Connection, library: str) -> None:
    database.execute(
        "DELETE FROM changes WHERE library = ? AND id NOT IN "
        "(SELECT id FROM changes WHERE library = ? ORDER BY id DESC LIMIT ?)",
        (library, library, KEPT),
    )
    database.execute(
        "DELETE FROM changes WHERE id IN (SELECT id FROM (SELECT id, "
        "sum(length(items)) OVER (ORDER BY id DESC) AS size FROM changes) WHERE size > ?)",
        (LARGEST,),
    )


def _unpacked(items: bytes) -> Items:
    found = json.loads(zlib.decompress(items))
    return {key: (before, after) for key, (before, after) in found.items()}


def _name(library: Path) -> str:
    return os.path.realpath(library)
