"""What was agreed with a server, kept from run to run: SQLite, one row for each object.

A row holds the object as the server has it (`data`, `version`), as it was when both sides agreed
(`base`, with the library's side of it in `record`), and, while its outcome is unknown, what was
last sent (`sent`): the write-ahead journal. Every change of rows is one transaction, so that a kill
at any moment leaves the rows before it or the rows after it.

One file for each pair of server, Zotero library and library file. A file that is broken, or older
than the stamp beside it (restored from a copy), is put aside and the state begins anew; without
state everything is compared in full, and nothing is overwritten on its word.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from citeworks.errors import StoreError, StoreLocked
from citeworks.sync.interface import Json, Kind

SCHEMA = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
  kind TEXT, key TEXT, version INTEGER, data TEXT, is_deleted INTEGER, agreed TEXT, base TEXT,
  record TEXT, citation_key TEXT, edited REAL, sent TEXT, sent_record TEXT,
  PRIMARY KEY (kind, key)
);
CREATE TABLE IF NOT EXISTS runs (
  number INTEGER PRIMARY KEY, started REAL, command TEXT, summary TEXT, library TEXT,
  digest TEXT, undone INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS history (
  run INTEGER, position INTEGER PRIMARY KEY, kind TEXT, key TEXT, before TEXT, wrote INTEGER
);
"""
_KEPT_RUNS = 20
_AT_ONCE = 500
"""Rows that are read from the disk at a time."""
NONE, LIVE, GONE = "none", "live", "gone"
"""What is agreed about an object: nothing yet, that it exists, that it is removed."""


@dataclass(slots=True)
class Row:
    """One object; `data` is None when the server has it no more (`is_deleted`: it said so)."""

    kind: Kind
    key: str
    version: int = 0
    data: Json | None = None
    is_deleted: bool = False
    agreed: str = NONE
    base: Json | None = None
    record: Json | None = None
    citation_key: str = ""
    edited: float = 0.0
    sent: Json | None = None
    sent_record: Json | None = None

    @property
    def is_void(self) -> bool:
        """True when there is nothing left to remember: nowhere there, and nothing sent."""
        return self.data is None and self.agreed != LIVE and self.sent is None


@dataclass(frozen=True, slots=True)
class Run:
    """One finished or broken-off run, as the log shows it."""

    number: int
    started: float
    command: str
    summary: Mapping[str, Any]
    undone: bool
    library: str | None = field(default=None, repr=False)
    digest: str = ""


_JSON = ("data", "base", "record", "sent", "sent_record")
_COLUMNS = tuple(Row.__dataclass_fields__)
_JSON_PLACES = [_COLUMNS.index(name) for name in _JSON]
_DATA, _BASE, _TAKEN = map(_COLUMNS.index, ("data", "base", "sent_record"))
_ENCODE = json.JSONEncoder(check_circular=False).encode
_INSERT = (
    f"INSERT OR REPLACE INTO objects ({', '.join(_COLUMNS)}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(_COLUMNS))})"
)

_REMEMBER = "INSERT INTO history (run, kind, key, before, wrote) VALUES (?, ?, ?, ?, ?)"


def state_path(folder: Path, server: str, library: str, file: Path) -> Path:
    """The state's file for a server, a Zotero library and a library file."""
    name = "\n".join((server, library, os.fspath(file.resolve())))
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.sqlite3"


class State:
    """The rows of one pair of libraries, in memory and on disk."""

    def __init__(self, path: Path, *, is_dry: bool = False) -> None:
        """Open the state, or begin one; `notice` says why an old one could not be used.

        With `is_dry` nothing is ever written. Raises StoreLocked while another process has it.
        """
        self.path, self.is_dry = path, is_dry
        self.notice = ""
        self.rows: dict[tuple[Kind, str], Row] = {}
        self.meta: dict[str, str] = {}
        self._texts: _Texts = {}
        self.run = 0
        self.is_doubtful = False
        """The server contradicted a row: the next reading compares everything."""
        self._lock = None if is_dry else _lock(path)
        self._database = self._open()

    def close(self) -> None:
        """Let go of the file and its lock."""
        self._database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> State:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    @property
    def version(self) -> int:
        """The library version up to which the rows are the server's, 0 at first."""
        return int(self.meta.get("version", 0))

    def items(self) -> dict[str, Row]:
        """The rows of items by key."""
        return {key: row for (kind, key), row in self.rows.items() if kind is Kind.ITEM}

    def collections(self) -> dict[str, Json]:
        """The data of the collections that the server has, by key."""
        return {
            key: row.data
            for (kind, key), row in self.rows.items()
            if kind is Kind.COLLECTION and row.data is not None
        }

    def row(self, kind: Kind, key: str) -> Row:
        """The row of an object, a new one if there is none."""
        return self.rows.setdefault((kind, key), Row(kind, key))

    def has_agreed(self) -> bool:
        """True if any record was ever agreed and still is."""
        return any(row.agreed == LIVE for row in self.rows.values() if row.kind is Kind.ITEM)

    def save(
        self, rows: Iterable[Row], *, before: Iterable[tuple[Row, bool]] = (), **meta: Any
    ) -> None:
        """Store rows and facts in one transaction; with `before`, what `remember` keeps as well."""
        changed, kept = list(rows), list(before)
        self.meta.update({name: str(value) for name, value in meta.items()})
        for row in changed:
            self.rows[row.kind, row.key] = row
        if self.is_dry or not (changed or kept or meta):
            return
        with self._transaction() as database:
            database.executemany(_REMEMBER, self._history_of(kept))
            dumped = [_dump(row, self._texts) for row in changed if not row.is_void]
            database.executemany(_INSERT, dumped)
            database.executemany(
                "DELETE FROM objects WHERE kind = ? AND key = ?",
                [(row.kind, row.key) for row in changed if row.is_void],
            )
            database.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                [(name, str(value)) for name, value in meta.items()],
            )

    def remember(self, rows: Iterable[tuple[Row, bool]]) -> None:
        """Keep rows as they are before the run changes them; True: the server's side changes."""
        self.save((), before=rows)

    def _history_of(self, rows: Iterable[tuple[Row, bool]]) -> list[tuple[Any, ...]]:
        return [
            (self.run, row.kind, row.key, _ENCODE(_dump(row, self._texts)), wrote)
            for row, wrote in rows
        ]

    def begin_run(self, command: str, library: str | None) -> None:
        """Note that a run begins to change something; `library` is the file's text before it."""
        if self.is_dry or self.run:
            return
        generation = int(self.meta.get("generation", 0)) + 1
        with self._transaction() as database:
            cursor = database.execute(
                "INSERT INTO runs (started, command, summary, library, digest) VALUES (?,?,?,?,?)",
                (time.time(), command, "{}", library, ""),
            )
            self.run = int(cursor.lastrowid or 0)
            oldest = self.run - _KEPT_RUNS
            database.execute("DELETE FROM history WHERE run <= ?", (oldest,))
            database.execute("UPDATE runs SET library = NULL WHERE number <= ?", (oldest,))
        self.save((), generation=generation)
        _stamp(self.path).write_text(str(generation), encoding="ascii")

    def end_run(self, summary: Mapping[str, Any], digest: str) -> None:
        """Note what the run did; `digest` is the library file's afterwards.

        A run that had nothing to begin has finished the last one, if that was broken off.
        """
        if self.is_dry:
            return
        if not self.run:
            latest = next(iter(self.runs()), None)
            if latest is None or latest.summary or latest.undone:
                return
            self.run, summary = latest.number, {"finished": True}
        with self._transaction() as database:
            database.execute(
                "UPDATE runs SET summary = ?, digest = ? WHERE number = ?",
                (json.dumps(summary), digest, self.run),
            )

    def runs(self) -> list[Run]:
        """The runs that changed something, the latest first."""
        found = self._database.execute(
            "SELECT number, started, command, summary, undone, library, digest FROM runs "
            "ORDER BY number DESC"
        )
        return [
            Run(number, started, command, json.loads(summary), bool(undone), library, digest)
            for number, started, command, summary, undone, library, digest in found
        ]

    def history(self, run: int) -> list[tuple[Row, bool]]:
        """The rows as they were before a run, each once, and whether the server's side changed."""
        found = self._database.execute(
            "SELECT before, wrote FROM history WHERE run = ? ORDER BY position", (run,)
        )
        first: dict[tuple[Kind, str], tuple[Row, bool]] = {}
        for before, wrote in found:
            (row,) = _load([json.loads(before)])
            known = first.get((row.kind, row.key))
            first[row.kind, row.key] = (
                (known[0], known[1] or bool(wrote)) if known else (row, bool(wrote))
            )
        return list(first.values())

    def mark_undone(self, run: int) -> None:
        """Note that a run was taken back."""
        with self._transaction() as database:
            database.execute("UPDATE runs SET undone = 1 WHERE number = ?", (run,))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield self._database
            self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"{self.path} cannot be written: {error}") from error

    def _open(self) -> sqlite3.Connection:
        if self.is_dry and not self.path.exists():
            return _connect(":memory:")
        for _ in range(2):
            try:
                database = _connect(str(self.path))
                self._read(database)
            except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
                self._put_aside(f"could not be read ({error})")
                continue
            if _is_older(self.path, int(self.meta.get("generation", 0))):
                database.close()
                self._put_aside("is older than the last synchronization")
                continue
            return database
        return _connect(":memory:")

    def _read(self, database: sqlite3.Connection) -> None:
        self.meta = dict(database.execute("SELECT name, value FROM meta"))
        if int(self.meta.get("schema", SCHEMA)) != SCHEMA:
            raise ValueError("another version of cite wrote it")
        names = ", ".join(_COLUMNS)
        found = database.execute(f"SELECT {names} FROM objects")  # noqa: S608
        self.rows = {}
        while part := found.fetchmany(_AT_ONCE):
            self.rows.update(((row.kind, row.key), row) for row in _load(part))

    def _put_aside(self, reason: str) -> None:
        self.rows, self.meta = {}, {}
        self.notice = (
            f"the record of the last synchronization {reason}; everything is compared anew"
        )
        if self.is_dry:
            self.path = self.path.with_suffix(".none")
            return
        self.path.replace(self.path.with_suffix(".broken"))
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        _stamp(self.path).unlink(missing_ok=True)


def _connect(name: str) -> sqlite3.Connection:
    """Open a database whose transactions are on the disk when they end.

    The journal's promise needs that: what was sent before the power failed must be known after.
    It costs one wait for the disk each, and those of a push fall into the server's time.
    """
    database = sqlite3.connect(name, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(_TABLES)
    return database


def _lock(path: Path) -> int:
    """One synchronization at a time for one state; the lock dies with its process."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreLocked(
            "another synchronization of this library is running", hint="wait until it is done"
        ) from error
    return descriptor


def _stamp(path: Path) -> Path:
    return path.with_suffix(".stamp")


def _is_older(path: Path, generation: int) -> bool:
    """True when a later run than the state knows of has begun: the state was put back."""
    try:
        return int(_stamp(path).read_text(encoding="ascii")) > generation
    except (OSError, ValueError):
        return False


_Texts = dict[int, tuple[Json, str]]
"""What a record's side was written as when it was sent; it is agreed, unchanged, soon after."""


def _dump(row: Row, texts: _Texts) -> tuple[Any, ...]:
    values = [getattr(row, name) for name in _COLUMNS]
    for place in _JSON_PLACES:
        if (value := values[place]) is None:
            continue
        if place == _BASE and value is row.data:
            values[place] = values[_DATA]
            continue
        known = texts.pop(id(value), None)
        text = known[1] if known else _ENCODE(value)
        values[place] = text
        if place == _TAKEN:
            texts[id(value)] = (value, text)
    return tuple(values)


def _load(found: Sequence[Sequence[Any]]) -> list[Row]:
    """Rows from their columns. All texts of a column are read as one, so that they share names."""
    columns = dict(zip(_COLUMNS, zip(*found, strict=True), strict=False))
    agreed = [base == data for base, data in zip(columns["base"], columns["data"], strict=True)]
    columns["base"] = tuple(
        None if is_same else base for base, is_same in zip(columns["base"], agreed, strict=True)
    )
    for name in _JSON:
        columns[name] = json.loads(f"[{','.join(text or 'null' for text in columns[name])}]")
    rows = [Row(*values) for values in zip(*columns.values(), strict=True)]
    for row, is_same in zip(rows, agreed, strict=True):
        row.kind, row.is_deleted = Kind(row.kind), bool(row.is_deleted)
        if is_same:
            row.base = row.data
    return rows
