"""What can be cited: the entries of .bib files and of a library, where they stand, what they say.

A file is cut into entries when it has changed, and no sooner; an entry becomes a record when
somebody looks at it. Texts in an editor win over those on disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

from citeworks.bibtex import loads
from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.entries import Block, Document
from citeworks.bibtex.excerpt import excerpt
from citeworks.bibtex.lexer import decode_bytes
from citeworks.bibtex.reader import read_records
from citeworks.config import load_settings
from citeworks.csl_json import load_items, record_from_item
from citeworks.documents import Scan
from citeworks.errors import CiteError, Location
from citeworks.model import Record
from citeworks.store import find_library

_LARGEST = 100_000_000
_MOST_FILES = 50


@dataclass(frozen=True)
class Entry:
    """One entry: its key, its place (line and column from 1), and how to read the rest."""

    key: str
    place: Location
    summarize: Callable[[], tuple[str, str]]
    read: Callable[[], Record]

    @cached_property
    def summary(self) -> tuple[str, str]:
        """Author and year, and the title."""
        return self.summarize()

    @cached_property
    def haystack(self) -> str:
        """What a person may type to find it."""
        return " ".join((self.key, *self.summary)).casefold()


Entries = Mapping[str, Entry]
Texts = Mapping[Path, tuple[str, int]]
"""The texts that are open in the editor, each with its version."""


@dataclass(slots=True)
class Files:
    """The files with entries that were met, each read again only after it has changed."""

    _known: dict[Path, tuple[object, Entries]] = field(default_factory=dict)

    def entries(self, path: Path, texts: Texts) -> Entries:
        """The entries of a .bib file or a library; none when it cannot be read."""
        mark = mark_of(path, texts)
        known = self._known.get(path)
        if known and known[0] == mark:
            return known[1]
        found = _read(path, texts) if mark is not None else {}
        self._known[path] = (mark, found)
        return found


def mark_of(path: Path, texts: Texts) -> object:
    """What differs when the file has changed; None when there is none."""
    if path in texts:
        return texts[path][1]
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path, texts: Texts) -> Entries:
    try:
        if path in texts:
            text = texts[path][0]
        elif path.stat().st_size > _LARGEST:
            return {}
        else:
            text = decode_bytes(path.read_bytes())[0]
        return bib_entries(text, path) if path.suffix == ".bib" else library_entries(text, path)
    except (OSError, CiteError):
        return {}


def bib_entries(text: str, path: Path) -> dict[str, Entry]:
    """The entries of a .bib text; of two with one key the first."""
    document = loads(text.encode("utf-8", "surrogatepass"), file=str(path))
    found: dict[str, Entry] = {}
    for block in document.entries:
        if block.key and block.key not in found:
            head = document.text.find(block.key, block.start, block.end)
            place = document.location(max(head, block.start))
            found[block.key] = Entry(
                block.key,
                place,
                partial(_summary_of_block, block),
                partial(_record_of_block, document, block.key),
            )
    return found


def library_entries(text: str, path: Path) -> dict[str, Entry]:
    """The records of a library, at the lines where they begin."""
    found: dict[str, Entry] = {}
    for item, line in load_items(text, file=str(path)):
        key = item.get("id")
        if isinstance(key, str) and key not in found:
            place = Location(str(path), line, 1)
            found[key] = Entry(
                key, place, partial(_summary_of_item, item), partial(record_from_item, item, place)
            )
    return found


class Sources(NamedTuple):
    """The files that a document may cite from; `is_named` if it names its .bib files itself."""

    bibs: tuple[Path, ...]
    library: Path | None
    is_named: bool

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return (*self.bibs, self.library) if self.library else self.bibs


def sources(path: Path, scanned: Scan | None, root: Path) -> Sources:
    """The .bib files that a document names, else those beside and above it; and the library."""
    above = [each for each in path.parents if each.is_relative_to(root)]
    folders = dict.fromkeys([path.parent, *above])
    names = [each.path for each in scanned.bibliographies] if scanned else []
    named = [
        folder / (name if name.endswith(".bib") else f"{name}.bib")
        for name in names
        for folder in folders
    ]
    found = [each for each in named if _is_inside(each, root)]
    beside = () if found else (each for folder in folders for each in sorted(folder.glob("*.bib")))
    bibs = dict.fromkeys([*found, *beside])
    return Sources(tuple(bibs)[:_MOST_FILES], library_of(path.parent), bool(found))


def library_of(folder: Path) -> Path | None:
    """The library that `cite` would use in a folder."""
    try:
        given = load_settings(folder, os.environ)["library"].value
    except CiteError:
        given = ""
    return Path(folder, given) if given else find_library(folder)


def matching(entries: Iterable[Entry], typed: str, most: int) -> tuple[list[Entry], bool]:
    """Entries that what was typed may mean, keys that begin so first, and whether these are all."""
    wanted = typed.casefold()
    pool = list(entries)
    first = [each for each in pool if each.key.casefold().startswith(wanted)]
    if len(first) < most and wanted:
        chosen = set(map(id, first))
        first += [each for each in pool if wanted in each.haystack and id(each) not in chosen]
    return first[:most], len(first) <= most


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def _record_of_block(document: Document, key: str) -> Record:
    """The record of an entry, with what it inherits."""
    records = read_records(excerpt(document, [key]), file=document.file).records
    return next(record for record in records if record.key == key)


def _summary_of_block(block: Block) -> tuple[str, str]:
    fields = {each.name.lower(): each for each in reversed(block.fields)}

    def text(*names: str) -> str:
        found = next((fields[name] for name in names if name in fields), None)
        joined = "".join(piece.text for piece in found.pieces) if found else ""
        return " ".join(decode_latex(joined).split())

    return _by(text("author", "editor").split(" and "), text("year", "date")[:4]), text("title")


def _summary_of_item(item: Mapping[str, Any]) -> tuple[str, str]:
    names = item.get("author") or item.get("editor")
    people = names if isinstance(names, list) else []
    families = [
        str(each.get("family") or each.get("literal") or "")
        for each in people
        if isinstance(each, Mapping)
    ]
    return _by(families, _year(item.get("issued"))), str(item.get("title") or "")


def _year(issued: object) -> str:
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    try:
        return str(parts[0][0]) if parts else ""
    except (IndexError, TypeError, KeyError):
        return ""


def _by(names: list[str], year: str) -> str:
    family = names[0].partition(",")[0] if names else ""
    return " ".join(part for part in (family + (" et al." if len(names) > 2 else ""), year) if part)
