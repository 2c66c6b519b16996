"""What documents cite, as records with the places of their citations.

Knows which files are documents and not lists of references: by their names, and Markdown and plain
text by what is in them, because listings have these names as well.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from citeworks.bibtex.lexer import decode_bytes
from citeworks.documents import scan, syntax_of
from citeworks.errors import InputError
from citeworks.model import Issue, Location, Record
from citeworks.resolve.versions import identifiers_of
from citeworks.workflows.bib import missing_keys
from citeworks.workflows.project import Project
from citeworks.workflows.read import read_file
from citeworks.workflows.recognise import SAMPLE_BYTES, recognise

_AMBIGUOUS = frozenset({"markdown", "quarto"})
_IN_BRACKETS = re.compile(r"\[[^\[\]\n]{0,500}@[\w{]|\\[A-Za-z]*cite[A-Za-z]*\*?\s*[\[{]")


@dataclass(frozen=True, slots=True)
class Cited:
    """The records that are cited, all places of each key, and the keys that have no record."""

    records: list[Record]
    places: Mapping[str, tuple[Location, ...]]
    missing: tuple[Issue, ...] = ()


def is_document(path: Path) -> bool:
    """True if a file is a text that cites, False if it is read as a list of references."""
    try:
        syntax = syntax_of(path.name)
    except InputError:
        return False
    if syntax not in _AMBIGUOUS:
        return True
    data = path.read_bytes() if path.is_file() else b""
    if recognise(data[:SAMPLE_BYTES]) != "listing":
        return False
    found = scan(text := decode_bytes(data)[0], syntax)
    if any(citation.kind != "crossref" for citation in found.citations):
        return bool(found.bibliographies or _IN_BRACKETS.search(text))
    return not _lists_references(data, path.name)


def _lists_references(data: bytes, name: str) -> bool:
    """True if the beginning of a text holds a work: a title with people or an identifier.

    Links in prose have a title as well, and nothing else.
    """
    whole_lines = data[:SAMPLE_BYTES].rpartition(b"\n")[0] if len(data) > SAMPLE_BYTES else data
    try:
        reading = read_file(io.BytesIO(whole_lines), name=name, as_of=datetime.date.min)
    except InputError:
        return False
    return any(
        record.text("title") and (record.names() or identifiers_of(record))
        for record in reading.records
    )


def cited(project: Project, records: Mapping[str, Record]) -> Cited:
    """What the documents of a project cite, in the order in which it is first cited."""
    places: dict[str, list[Location]] = {}
    for name, citation in project.cited():
        place = Location(name, citation.line, citation.column)
        places.setdefault(citation.key, []).append(place)
    keys: Iterable[str] = [*places, *(records if project.cites_everything else ())]
    return Cited(
        [records[key] for key in dict.fromkeys(keys) if key in records],
        {key: tuple(found) for key, found in places.items()},
        missing_keys(project, records),
    )
