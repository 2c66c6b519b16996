"""Makes the catalogue's file: streaming, in bounded memory, and resumable after a kill.

The new file grows beside the old one as ``catalogue.sqlite.partial`` and takes its place when it is
whole. Every batch is one transaction that also notes how far the dump has been read, so a build
that was interrupted goes on where it stopped. Knows tables and batches; what an entry means is
known to `catalogue_rows`.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from citeworks.errors import InputError, StoreError
from citeworks.resolve.catalogue import SCHEMA, key_of
from citeworks.resolve.catalogue_files import files_in, open_dump, reading
from citeworks.resolve.catalogue_rows import Row
from citeworks.resolve.likeness import fold_once

BATCH = 20_000
"""Rows of one transaction: some twenty megabytes."""

_TABLES = """
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT, mark TEXT, format TEXT DEFAULT '',
    entries INTEGER DEFAULT 0, works INTEGER DEFAULT 0, links INTEGER DEFAULT 0,
    left_out INTEGER DEFAULT 0, done INTEGER DEFAULT 0);
CREATE TABLE works (id INTEGER PRIMARY KEY, data TEXT);
CREATE TABLE titles (id INTEGER PRIMARY KEY, key INTEGER, work INTEGER, folded TEXT);
CREATE TABLE ids (id TEXT, work INTEGER);
CREATE TABLE links (source TEXT, relation TEXT, target TEXT);
CREATE VIRTUAL TABLE words USING fts5(title, content='', columnsize=0, detail=none,
    tokenize='ascii');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row');
CREATE TABLE terms (term TEXT PRIMARY KEY, docs INTEGER) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS titles_by_key ON titles (key);
CREATE INDEX IF NOT EXISTS ids_by_id ON ids (id);
CREATE INDEX IF NOT EXISTS links_by_source ON links (source);
"""
_NO_INDEXES = """
DROP INDEX IF EXISTS titles_by_key;
DROP INDEX IF EXISTS ids_by_id;
DROP INDEX IF EXISTS links_by_source;
"""
_FILL_TERMS = """
DELETE FROM terms;
INSERT INTO terms SELECT term, doc FROM vocabulary;
"""

_ONE_LIST_A_WORD = "INSERT INTO words (words) VALUES ('optimize');"
"""Batches leave several lists for a word: all would be merged again for each look-up."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
Watch = Callable[[Iterator[Any]], Iterable[Any]]
"""What sees the entries pass by, and hands each on as it is."""


@dataclass(slots=True)
class _Batch:
    works: list[tuple[int, str]] = field(default_factory=list)
    titles: list[tuple[int, int, int, str]] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)
    ids: list[tuple[str, int]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: `resumed` if it went on with an interrupted one."""

    path: Path
    resumed: bool


def build(files: Sequence[Path], target: Path, *, keep: bool = False, watch: Watch = iter) -> Built:
    """Make a catalogue of these files in the place of the old one (beside its works, with `keep`).

    Raises InputError for a file that cannot be used, StoreError when the target cannot be written.
    """
    files = files_in(files)
    for path in files:
        open_dump(path)[0].close()
    marks = [(str(path), _mark(path)) for path in files]
    partial = target.with_name(target.name + ".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _building(partial):
            resumed = _prepare(partial, target, marks, keep=keep)
            with contextlib.closing(_connect(partial)) as db:
                for identity, name in _unread(db):
                    _read(db, identity, Path(name), watch)
                _refuse_empty(db, partial)
                _finish(db)
            partial.replace(target)
            _remove(partial)
    except sqlite3.OperationalError as error:  # most often a full disk
        _remove(partial)
        raise StoreError(f"the catalogue cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        _remove(partial)
        raise StoreError(f"the catalogue was damaged: {error}", hint="build it again") from error
    return Built(target, resumed)


@contextlib.contextmanager
def _building(partial: Path) -> Iterator[None]:
    """One build at a time: the lock is the operating system's and ends with the process."""
    import fcntl

    with partial.with_name(partial.name + ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError("another build of the catalogue is running") from error
        yield


def _mark(path: Path) -> str:
    """What tells one state of a file from another."""
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"no file {path}") from error
    return f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}"


def _prepare(partial: Path, target: Path, marks: Sequence[tuple[str, str]], *, keep: bool) -> bool:
    """Make or go on with the partial file; True when an interrupted build is resumed."""
    wanted = [mark for _, mark in marks]
    if partial.exists():
        with contextlib.closing(sqlite3.connect(partial)) as db:
            if _plan(db) == wanted:
                return True
        _remove(partial)
    if keep and target.exists():
        shutil.copyfile(target, partial)
        with contextlib.closing(_connect(partial)) as db:
            _refuse_changed(db, marks)
            known = _known(db)
            db.executescript(_NO_INDEXES)
            _note(db, [(name, mark) for name, mark in marks if mark not in known], wanted)
        return False
    with contextlib.closing(_connect(partial)) as db:
        db.executescript(_TABLES + f"PRAGMA user_version = {SCHEMA};")
        _note(db, marks, wanted)
    return False


def _refuse_empty(db: sqlite3.Connection, partial: Path) -> None:
    """A catalogue of nothing would take the place of one that holds something."""
    if not db.execute("SELECT 1 FROM works UNION ALL SELECT 1 FROM links LIMIT 1").fetchone():
        _remove(partial)
        raise InputError("no work is in the files", hint="the catalogue stays as it was")


def _refuse_changed(db: sqlite3.Connection, marks: Iterable[tuple[str, str]]) -> None:
    """A file that was read in another state cannot be added: its old works would stay."""
    states = {mark.partition("|")[0]: mark for mark in _known(db)}
    for name, mark in marks:
        if states.get(mark.partition("|")[0], mark) != mark:
            raise InputError(
                f"{name} has changed since the catalogue was made of it",
                hint="build without --add, with all files",
            )


def _note(db: sqlite3.Connection, marks: Iterable[tuple[str, str]], plan: Sequence[str]) -> None:
    with db:
        db.executemany("INSERT INTO files (name, mark) VALUES (?, ?)", marks)
        db.execute("CREATE TABLE IF NOT EXISTS plan (mark TEXT)")
        db.execute("DELETE FROM plan")
        db.executemany("INSERT INTO plan VALUES (?)", [(mark,) for mark in plan])


def _plan(db: sqlite3.Connection) -> list[str]:
    with contextlib.suppress(sqlite3.DatabaseError):
        return [mark for (mark,) in db.execute("SELECT mark FROM plan ORDER BY rowid")]
    return []


def _known(db: sqlite3.Connection) -> set[str]:
    return {mark for (mark,) in db.execute("SELECT mark FROM files")}


def _remove(partial: Path) -> None:
    for end in ("", "-journal"):
        partial.with_name(partial.name + end).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    """Safe against the end of the process; after a power cut the file is made anew."""
    db = sqlite3.connect(path)
    db.executescript(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF;"
        "PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;"
    )
    return db


def _unread(db: sqlite3.Connection) -> list[tuple[int, str]]:
    rows = db.execute("SELECT id, name FROM files WHERE NOT done ORDER BY id")
    return [(int(identity), str(name)) for identity, name in rows]


def _read(db: sqlite3.Connection, identity: int, path: Path, watch: Watch) -> None:
    """Read what is not yet read of one file."""
    (entries,) = db.execute("SELECT entries FROM files WHERE id = ?", (identity,)).fetchone()
    file, dump = open_dump(path)
    with file, reading(path):
        numbers = _Numbers(db)
        batch = _Batch()
        for entry in watch(islice(dump.entries, entries, None)):
            entries += 1
            rows, left_out = dump.rows_of(entry)
            batch.left_out += left_out
            for row in rows:
                numbers.put(row, batch)
            if len(batch.works) + len(batch.links) >= BATCH:
                _write(db, identity, batch, entries, dump.format)
                batch = _Batch()
        _write(db, identity, batch, entries, dump.format, done=True)


class _Numbers:
    """The next row numbers of works and titles."""

    def __init__(self, db: sqlite3.Connection) -> None:
        (self._work,) = db.execute("SELECT coalesce(max(id), 0) FROM works").fetchone()
        (self._title,) = db.execute("SELECT coalesce(max(id), 0) FROM titles").fetchone()

    def put(self, row: Row, batch: _Batch) -> None:
        """Put a row into the batch under new numbers."""
        batch.links += row.links
        if not row.item:
            return
        self._work += 1
        batch.works.append((self._work, _encode(row.stored())))
        batch.ids += [(each, self._work) for each in row.identifiers]
        for title in dict.fromkeys((row.item["title"], *row.titles)):
            folded = fold_once(title)
            if folded:
                self._title += 1
                batch.titles.append((self._title, key_of(folded), self._work, folded))
                batch.words.append((self._title, folded))


def _encode(value: Mapping[str, Any]) -> str:
    """JSON without spaces; a lone surrogate, which no file in UTF-8 can hold, becomes ``?``."""
    text = _ENCODER.encode(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _write(
    db: sqlite3.Connection,
    identity: int,
    batch: _Batch,
    entries: int,
    form: str,
    *,
    done: bool = False,
) -> None:
    with db:
        db.executemany("INSERT INTO works VALUES (?, ?)", batch.works)
        db.executemany("INSERT INTO titles VALUES (?, ?, ?, ?)", batch.titles)
        db.executemany("INSERT INTO words (rowid, title) VALUES (?, ?)", batch.words)
        db.executemany("INSERT INTO ids VALUES (?, ?)", batch.ids)
        db.executemany("INSERT INTO links VALUES (?, ?, ?)", batch.links)
        db.execute(
            "UPDATE files SET format = ?, entries = ?, works = works + ?, links = links + ?,"
            " left_out = left_out + ?, done = ? WHERE id = ?",
            (
                form,
                entries,
                len(batch.works),
                len(batch.links) // 2,
                batch.left_out,
                done,
                identity,
            ),
        )


def _finish(db: sqlite3.Connection) -> None:
    """Indexes, each word's titles in one list, and counts of words."""
    db.executescript(_INDEXES + _ONE_LIST_A_WORD + _FILL_TERMS + "DROP TABLE IF EXISTS plan;")
