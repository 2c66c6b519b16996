"""A full-text index of one library, in SQLite (FTS5), made anew when the library's file changes.

Knows ranking (bm25 with weights: a title counts more than an abstract), beginnings of words, and
spellings that are off by a letter or two when a word as typed is nowhere. Refuses to know where
libraries are and how hits are shown.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citeworks.csl_json import item_from_record
from citeworks.model import Date, Record
from citeworks.search.query import Query, Term

COLUMNS = {
    "title": 10.0, "authors": 8.0, "venue": 3.0, "abstract": 1.0,
    "tags": 4.0, "key": 6.0, "type": 1.0, "ids": 6.0,
}  # fmt: skip
"""The columns that are searched, and what a hit in each is worth."""

VERSION = "1"
"""The layout of the index; another one is made anew."""

_TOKENIZER = "porter unicode61 remove_diacritics 2"
_WORD = re.compile(r"[^\W_]+")
_SPELLED = 3
"""The columns whose words a misspelt one may have meant: titles, names, venues."""
_SHORTEST_FUZZY, _MOST_SPELLINGS = 4, 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found: its citation key, its CSL-JSON item, its rank (less is better)."""

    key: str
    item: dict[str, Any]
    rank: float


class SearchIndex:
    """An open index; close it after use."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def search(self, query: Query, limit: int) -> tuple[list[Hit], int]:
        """The best hits, and how many there are in all."""
        where, values = self._conditions(query)
        if where is None:
            return [], 0
        weights = ", ".join(str(weight) for weight in COLUMNS.values())
        has_match = where.startswith("docs")
        rank = f"bm25(docs, {weights})" if has_match else "0"
        order = "rank, items.year DESC, items.key" if has_match else "items.year DESC, items.key"
        source = "FROM docs JOIN items ON items.id = docs.rowid" if has_match else "FROM items"
        total = self._database.execute(f"SELECT count(*) {source} WHERE {where}", values)
        rows = self._database.execute(
            f"SELECT items.key, items.json, {rank} AS rank {source} WHERE {where} "
            f"ORDER BY {order} LIMIT ?",
            (*values, limit),
        )
        return [Hit(key, json.loads(text), rank) for key, text, rank in rows], total.fetchone()[0]

    def beginning(self, text: str) -> list[dict[str, Any]]:
        """The CSL-JSON items whose citation keys begin so, in the order of the keys."""
        rows = self._database.execute(
            "SELECT json FROM items WHERE substr(key, 1, ?) = ? ORDER BY key", (len(text), text)
        )
        return [json.loads(found) for (found,) in rows]

    def _conditions(self, query: Query) -> tuple[str | None, tuple[str | int, ...]]:
        """SQL conditions and their values; None when no record can fit."""
        match = self._match(query)
        if match is None:
            return None, ()
        parts = ["docs MATCH ?"] if match else []
        bounds: list[str | int] = [match] if match else []
        for term in query.terms:
            if term.is_excluded and _words(term.text):
                parts.append("items.id NOT IN (SELECT rowid FROM docs WHERE docs MATCH ?)")
                bounds.append(_quoted(term))
        for comparison, year in ((">=", query.first_year), ("<=", query.last_year)):
            if year is not None:
                parts.append(f"items.year {comparison} ?")
                bounds.append(year)
        return " AND ".join(parts) or "1", tuple(bounds)

    def _match(self, query: Query) -> str | None:
        """What must be there, in FTS5's language; None if a word is nowhere."""
        wanted = [self._expression(term) for term in query.terms if not term.is_excluded]
        if any(expression is None for expression in wanted):
            return None
        return " AND ".join(f"({expression})" for expression in wanted if expression)

    def _expression(self, term: Term) -> str | None:
        """A term, or what it may have meant; empty if it has no letters, None if it is nowhere."""
        words = _words(term.text)
        if not words:
            return ""
        if term.is_phrase or len(words) > 1:
            return _quoted(term)
        spellings = [words[0]] if self._is_known(words[0]) else self._near(words[0])
        column = f"{term.column} : " if term.column else ""
        if not spellings:
            return None
        return " OR ".join(f'{column}"{spelling}"*' for spelling in spellings)

    def _is_known(self, word: str) -> bool:
        found = self._database.execute(
            "SELECT 1 FROM docs WHERE docs MATCH ? LIMIT 1", (f'"{word}"*',)
        )
        return found.fetchone() is not None

    def _near(self, word: str) -> list[str]:
        """Words of the library that differ by a letter, or by two when the word is long."""
        if len(word) < _SHORTEST_FUZZY:
            return []
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        distance = 1 if len(word) < 8 else 2
        rows = self._database.execute(
            "SELECT term FROM words WHERE size BETWEEN ? AND ?",
            (len(word) - distance, len(word) + distance),
        )
        near = process.extract(
            word,
            [term for (term,) in rows],
            scorer=OSA.distance,
            score_cutoff=distance,
            limit=_MOST_SPELLINGS,
        )
        return [term for term, _, _ in near]


def _quoted(term: Term) -> str:
    column = f"{term.column} : " if term.column else ""
    words = " ".join(_words(term.text))
    return f'{column}"{words}"' if words else '""'


def _words(text: str) -> list[str]:
    """The words of a text as the tokenizer sees them."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(each for each in decomposed if not unicodedata.combining(each))
    return _WORD.findall(text.casefold())


def index_path(folder: Path, library: Path) -> Path:
    """Where the index of a library stands within the cache folder."""
    name = hashlib.sha256(os.fsencode(library.absolute())).hexdigest()[:24]
    return folder / "search" / f"{name}.sqlite3"


def open_index(folder: Path, library: Path, load: Callable[[], Iterable[Record]]) -> SearchIndex:
    """The index of the library as its file is now; `load` is called only when it must be made."""
    path, mark = index_path(folder, library), _mark(library)
    if _mark_of(path) != mark:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make(path, load(), mark)
    return SearchIndex(path)


def fresh_index(folder: Path, library: Path) -> SearchIndex | None:
    """The index if there is one of the library as its file is now; none is made."""
    path = index_path(folder, library)
    return SearchIndex(path) if _mark_of(path) == _mark(library) else None


def _mark(library: Path) -> str:
    found = library.stat()
    return f"{VERSION} {found.st_mtime_ns} {found.st_size} {found.st_ino}"


def _mark_of(path: Path) -> str:
    """What the index says that it was made of; nothing if it is none."""
    if not path.is_file():
        return ""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT mark FROM about").fetchone()
    except sqlite3.Error:
        return ""
    return row[0] if row else ""


def _make(path: Path, records: Iterable[Record], mark: str) -> None:
    """Make the index beside its place and put it there in one step."""
    descriptor, name = tempfile.mkstemp(".tmp", ".index.", path.parent)
    os.close(descriptor)
    try:
        with contextlib.closing(sqlite3.connect(name, isolation_level=None)) as database:
            _fill(database, records, mark)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _fill(database: sqlite3.Connection, records: Iterable[Record], mark: str) -> None:
    columns = ", ".join(COLUMNS)
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE about (mark TEXT);"
        "CREATE TABLE items (id INTEGER PRIMARY KEY, key TEXT, year INTEGER, json TEXT);"
        f"CREATE VIRTUAL TABLE docs USING fts5({columns}, content='',"
        f" tokenize='{_TOKENIZER}');"
        "CREATE TABLE words (term TEXT, size INTEGER);"
    )
    insert = f"INSERT INTO docs (rowid, {columns}) VALUES (?{', ?' * len(COLUMNS)})"  # noqa: S608
    words: set[str] = set()
    database.execute("BEGIN")
    for number, record in enumerate(records, 1):
        year = record.date("issued")
        text = json.dumps(item_from_record(record), ensure_ascii=False)
        database.execute(
            "INSERT INTO items VALUES (?, ?, ?, ?)",
            (number, _storable(record.key), _year(year), _storable(text)),
        )
        texts = [_storable(text) for text in _texts(record)]
        words.update(word for text in texts[:_SPELLED] for word in _words(text))
        database.execute(insert, (number, *texts))
    database.executemany("INSERT INTO words VALUES (?, ?)", ((word, len(word)) for word in words))
    database.execute("COMMIT")
    database.executescript(
        "CREATE INDEX by_size ON words (size, term); CREATE INDEX by_year ON items (year);"
    )
    database.execute("INSERT INTO about VALUES (?)", (mark,))


def _year(date: Date | None) -> int | None:
    """The year, if SQLite has room for it."""
    year = date.year if date else None
    return year if year is not None and abs(year) < 1 << 63 else None


def _texts(record: Record) -> Iterator[str]:
    """The record's texts in the order of the columns."""
    names = (*record.names("author"), *record.names("editor"))
    tags = record.custom.get("tags")
    yield " ".join((record.text("title"), record.text("title-short")))
    yield " ".join(str(name) for name in names)
    yield " ".join(
        record.text(name)
        for name in ("container-title", "container-title-short", "event-title", "publisher")
    )
    yield record.text("abstract")
    yield " ".join([record.text("keyword"), *(str(tag) for tag in tags or ())])
    yield record.key
    yield record.type.replace("-", " ")
    yield " ".join(
        [str(record.custom.get("arxiv", ""))]
        + [record.text(name) for name in ("DOI", "PMID", "PMCID", "ISBN", "URL")]
    )


def _storable(text: str) -> str:
    """The text without lone surrogates, which SQLite does not take."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
