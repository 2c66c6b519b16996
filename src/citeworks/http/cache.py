"""Answers on disk: one SQLite file that several processes may use at once.

Knows how long an entry is fresh, and how to begin again where the file is broken. An answer is
written when it comes, so that an interrupted run asks nothing twice. Refuses to know requests: a
key is a digest that holds no secret.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
VERSION = 1
LARGEST = 1 << 30
"""Bytes that the file may have; beyond it the oldest entries go."""
_KEPT_AFTER_EXPIRY = 90 * 86_400.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, status INTEGER NOT NULL, headers TEXT NOT NULL, body BLOB NOT NULL,
  retrieved REAL NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_expires ON answers (expires);
"""
_KEPT_HEADERS = ("content-type", "etag", "last-modified")
_CHUNK = 500
_Row = tuple[str, int, str, bytes, float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept answer; `expires` is in seconds since the epoch."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    retrieved: datetime
    expires: float

    @property
    def is_fresh(self) -> bool:
        """True while it may be used without asking."""
        return time.time() < self.expires

    @property
    def validators(self) -> dict[str, str]:
        """The request headers that ask whether it still holds (RFC 9110, section 13)."""
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {name: self.headers[each] for name, each in pairs if self.headers.get(each)}


class Cache:
    """Answers by key. Whatever ails the file, reading gives less and writing keeps less."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection = self._open()

    def get(self, keys: Iterable[str]) -> dict[str, Entry]:
        """The entries under these keys, fresh or not."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Entry] = {}
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(some))
            query = f"SELECT * FROM answers WHERE key IN ({marks})"  # noqa: S608
            rows: list[_Row] = self._do(_reading(query, some)) or []
            for row in rows:
                if entry := _entry(row):
                    found[row[0]] = entry
        return found

    def put(self, entries: Mapping[str, Entry]) -> None:
        """Keep these entries, all or none."""
        rows = [
            (
                key,
                entry.status,
                json.dumps(
                    {each: entry.headers[each] for each in _KEPT_HEADERS if each in entry.headers}
                ),
                zlib.compress(entry.body, 1),
                entry.retrieved.timestamp(),
                entry.expires,
            )
            for key, entry in entries.items()
        ]
        statement = "INSERT OR REPLACE INTO answers VALUES (?,?,?,?,?,?)"

        def write(db: sqlite3.Connection) -> None:
            with db:
                db.executemany(statement, rows)

        self._do(write)

    def clear(self) -> int:
        """Forget everything; the number of entries that there were."""

        def delete(db: sqlite3.Connection) -> int:
            with db:
                return db.execute("DELETE FROM answers").rowcount

        return self._do(delete) or 0

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        with self._lock:
            try:
                return work(self._connection)
            except sqlite3.OperationalError:  # locked for too long, or the disk is full
                return None
            except sqlite3.DatabaseError:
                self._rebuild()
                with contextlib.suppress(sqlite3.Error):
                    return work(self._connection)
        return None

    def _open(self) -> sqlite3.Connection:
        if self._path is None:
            return _prepare(":memory:")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return _prepare(self._path)
        except sqlite3.OperationalError:
            return _prepare(":memory:")
        except OSError:
            return _prepare(":memory:")
        except sqlite3.DatabaseError:
            self._remove()
        try:
            return _prepare(self._path)
        except sqlite3.Error:
            return _prepare(":memory:")

    def _rebuild(self) -> None:
        self._connection.close()
        self._remove()
        self._connection = self._open()

    def _remove(self) -> None:
        """Remove the broken file, unless another process has put a whole one in its place."""
        if self._path is None:
            return
        with contextlib.suppress(sqlite3.DatabaseError):
            probe = sqlite3.connect(self._path, timeout=10)
            try:
                if probe.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                    return
            finally:
                probe.close()
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                os.unlink(f"{self._path}{suffix}")  # noqa: PTH108


def _prepare(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            connection.execute("DROP TABLE IF EXISTS answers")
            connection.executescript(f"{_SCHEMA} PRAGMA user_version={VERSION}")
        _prune(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prune(connection: sqlite3.Connection) -> None:
    """Drop what expired long ago, and the oldest quarter of a file that is too large."""
    with contextlib.suppress(sqlite3.OperationalError), connection:
        limit = time.time() - _KEPT_AFTER_EXPIRY
        connection.execute("DELETE FROM answers WHERE expires < ?", (limit,))
        pages, size, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size", "freelist_count")
        )
        if (pages - free) * size > LARGEST:
            connection.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY expires "
                "LIMIT (SELECT count(*) / 4 FROM answers))"
            )


def _reading(query: str, keys: list[str]) -> Callable[[sqlite3.Connection], list[_Row]]:
    return lambda connection: connection.execute(query, keys).fetchall()


def _entry(row: _Row) -> Entry | None:
    try:
        body, headers = zlib.decompress(row[3]), json.loads(row[2])
        retrieved = datetime.fromtimestamp(row[4], UTC)
    except (zlib.error, ValueError, OverflowError, OSError):
        return None
    return Entry(row[1], headers, body, retrieved, row[5])
