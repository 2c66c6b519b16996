"""The local catalogue: works from metadata dumps, found by identifier or title, offline.

One SQLite file with a full-text index (FTS5) of folded titles. An exact title is found by its
hash, a changed one by its rarest words. Knows how to look; what is in the file was put there by
`catalogue_build`, and whether a find is the paper that was wanted is for `match`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from citeworks.errors import InputError, NotFound, Unavailable
from citeworks.folders import cache_folder
from citeworks.model import Identifier, Record
from citeworks.resolve.catalogue_rows import SOURCE, found_of
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.likeness import fold, most_alike, share_found
from citeworks.resolve.versions import canonical, identifiers_of

SCHEMA = 1
"""Raised when what stands in the file changes; an older file is to be built again."""
RAREST = 3
"""Words of a title that are looked for; two of them must stand in a candidate's title."""
NEAREST = 6
"""Candidates by likeness that are given to the matching rule."""
LEAST = 0.7
"""Titles less alike than this are no candidates: the rule begins at 0.8."""
_SCANNED = 1000
_MOST = 16
_REMEMBERED = 50_000
"""Words whose counts are kept in memory, some six megabytes."""


def catalogue_path(environment: Mapping[str, str]) -> Path:
    """Where the catalogue stands, in the cache folder."""
    return cache_folder(environment) / "catalogue.sqlite"


def key_of(folded: str) -> int:
    """The hash under which a folded title is found, a signed 64-bit integer."""
    digest = hashlib.blake2b(folded.replace(" ", "").encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a catalogue."""

    name: str
    format: str
    works: int
    links: int
    left_out: int


class Catalogue:
    """A catalogue that is asked; as a source it resolves identifiers and searches titles."""

    name = SOURCE
    batch_size = 500

    def __init__(self, path: Path) -> None:
        """Open the file for reading. Raises InputError when there is none or it is another's."""
        if not path.is_file():
            raise InputError("there is no catalogue", hint="`cite catalogue build FILE` makes one")
        self.path = path
        self._db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        try:
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            self._db.execute("PRAGMA mmap_size = 1073741824")
        except sqlite3.DatabaseError as error:
            raise InputError(f"{path} is no catalogue", hint="build it again") from error
        if version != SCHEMA:
            raise InputError(
                f"{path} was made by another version of cite", hint="build the catalogue again"
            )
        self._counts: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __len__(self) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM works").fetchone()
        return int(count)

    def parts(self) -> Sequence[Part]:
        """The files that the catalogue was made of."""
        rows = self._db.execute(
            "SELECT name, format, works, links, left_out FROM files ORDER BY id"
        )
        return [Part(*row) for row in rows]

    def supports(self, identifier: Identifier) -> bool:
        """True for everything but addresses that state no identifier."""
        return canonical(identifier).scheme != "url"

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """One answer per identifier; never raises."""
        return {each: self._resolve_one(each) for each in identifiers}

    def search(self, wanted: Record) -> Sequence[Found]:
        """Works that may be the wanted one, the likeliest first, unjudged.

        By identifier and links, by the exact title, and where nobody of the wanted authors stands
        behind such a title, by its rarest words. Raises SourceError when the file is damaged.
        """
        try:
            return self._search(wanted)
        except (sqlite3.DatabaseError, ValueError, KeyError) as error:
            raise Unavailable(
                f"the catalogue cannot be read: {error}", source=SOURCE, hint="build it again"
            ) from error

    def _resolve_one(self, identifier: Identifier) -> Answer:
        try:
            found = list(self._finds(self._rows_of([str(canonical(identifier))])[:1]))
        except (sqlite3.DatabaseError, ValueError, KeyError) as error:
            return Unavailable(f"the catalogue cannot be read: {error}", source=SOURCE)
        if found:
            return found[0]
        return NotFound(f"the catalogue has no {identifier}", source=SOURCE)

    def _search(self, wanted: Record) -> Sequence[Found]:
        stated = [str(each) for each in identifiers_of(wanted)]
        titles = list(dict.fromkeys(fold(title) for title in _titles(wanted)))
        rows = [*self._rows_of(stated), *self._linked_rows(stated)]
        rows += [row for title in titles if title for row in self._exact(title)]
        finds = list(self._finds(rows[:_MOST]))
        if not _somebody_known(wanted, finds):
            near = [row for title in titles if title for row in self._near(title)]
            finds += self._finds([row for row in near if row not in rows][:_MOST])
        own = [str(each) for found in finds for each in found.identifiers]
        new = [row for row in self._linked_rows(own) if row not in rows] if own else []
        return [*finds, *self._finds(new[: _MOST - len(finds)])] if new else finds

    def _finds(self, rows: Iterable[int]) -> Iterator[Found]:
        for row in dict.fromkeys(rows):
            (data,) = self._db.execute("SELECT data FROM works WHERE id = ?", (row,)).fetchone()
            stored = json.loads(data)
            yield found_of(stored, self._links(stored.get("_ids", ())))

    @cached_property
    def _has_links(self) -> bool:
        return self._db.execute("SELECT 1 FROM links LIMIT 1").fetchone() is not None

    def _links(self, identifiers: Sequence[str]) -> list[tuple[str, str]]:
        if not identifiers or not self._has_links:
            return []
        marks = ",".join("?" * len(identifiers))
        query = f"SELECT DISTINCT relation, target FROM links WHERE source IN ({marks})"  # noqa: S608
        return self._db.execute(query, identifiers).fetchall()

    def _rows_of(self, identifiers: Sequence[str]) -> list[int]:
        if not identifiers:
            return []
        marks = ",".join("?" * len(identifiers))
        query = f"SELECT DISTINCT work FROM ids WHERE id IN ({marks}) LIMIT {_MOST}"  # noqa: S608
        return [row for (row,) in self._db.execute(query, identifiers)]

    def _linked_rows(self, identifiers: Sequence[str]) -> list[int]:
        return self._rows_of([target for _, target in self._links(identifiers)][:_MOST])

    def _exact(self, folded: str) -> list[int]:
        query = "SELECT DISTINCT work FROM titles WHERE key = ? LIMIT ?"
        return [row for (row,) in self._db.execute(query, (key_of(folded), _MOST))]

    def _near(self, folded: str) -> list[int]:
        """The works whose titles are most alike among those that share two rare words."""
        question = self._question(folded)
        if not question:
            return []
        rows = self._db.execute(
            "SELECT work, folded FROM titles WHERE id IN "
            "(SELECT rowid FROM words WHERE words MATCH ? LIMIT ?)",
            (question, _SCANNED),
        ).fetchall()
        nearest = most_alike(folded, [title for _, title in rows], NEAREST, LEAST)
        return [rows[position][0] for position in nearest]

    def _question(self, folded: str) -> str:
        """What FTS5 is asked: two of the rarest words; words that no title has are left out.

        Not seen means rarest of all: such a word is a slip or another paper's, and must not push
        a common word into its place.
        """
        counts = self._titles_with(list(dict.fromkeys(folded.split())))
        seen = sorted((word for word in counts if counts[word]), key=counts.__getitem__)
        if len(seen) == 1:
            return f'"{seen[0]}"' if counts[seen[0]] <= _SCANNED else ""
        return _two_of([f'"{word}"' for word in seen[:RAREST]])

    def _titles_with(self, words: Sequence[str]) -> dict[str, int]:
        """How many titles have each of the words, in their order."""
        known = {word: self._counts.get(word) for word in words}
        new = [word for word, count in known.items() if count is None]
        if new:
            marks = ",".join("?" * len(new))
            query = f"SELECT term, docs FROM terms WHERE term IN ({marks})"  # noqa: S608
            found = dict.fromkeys(new, 0) | dict(self._db.execute(query, new).fetchall())
            if len(self._counts) + len(found) > _REMEMBERED:
                self._counts.clear()
            self._counts.update(found)
            known |= found
        return {word: count or 0 for word, count in known.items()}


def _two_of(terms: Sequence[str]) -> str:
    """Titles with two of the terms: FTS5 walks the list of the last and longest one only once."""
    pairs = [f"({term} AND ({' OR '.join(terms[:at])}))" for at, term in enumerate(terms) if at]
    return " OR ".join(pairs)


def _titles(record: Record) -> Iterator[str]:
    """The title, and those of other cuts of a doubtful byline."""
    yield record.text("title")
    listing = record.custom.get("listing")
    if isinstance(listing, dict):
        yield from (str(each.get("title", "")) for each in listing.get("alternatives", ()))


def _somebody_known(wanted: Record, finds: Sequence[Found]) -> bool:
    names = wanted.names()
    if not names:
        return bool(finds)
    return any(share_found(names[:3], found.record.names()) for found in finds)
