"""Any input to normalized records: listings, identifiers, .bib files, and exchange formats.

The format is recognised by content, never by the file's name.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from citeworks import csl_json
from citeworks.bibtex import read_records
from citeworks.bibtex.slices import Slices
from citeworks.bibtex.stretches import slices_of
from citeworks.errors import InputError, ListingError
from citeworks.listing.interface import PROBLEMS, UNPARSED, Part
from citeworks.listing.parse import parse_stream
from citeworks.listing.to_record import to_record
from citeworks.model import Issue, Location, Provenance, Record, Severity
from citeworks.model.identifier import Identifier, parse_identifier
from citeworks.normalize.rules import normalize
from citeworks.workflows.interface import Watch, unwatched
from citeworks.workflows.recognise import SAMPLE_BYTES, recognise

_CODECS = {
    "csl-yaml": "citeworks.exchange.csl_yaml",
    "ris": "citeworks.exchange.ris",
    "nbib": "citeworks.exchange.nbib",
    "endnote-xml": "citeworks.exchange.endnote_xml",
    "cff": "citeworks.exchange.citation_cff",
}
"""Exchange formats, and the module whose ``load`` reads each."""

_QUIET = frozenset({"year-inferred", "no-abstract", "duplicate-of"})
_VARIABLES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN", "url": "URL"}
_TYPES = {"arxiv": "article", "isbn": "book", "url": "webpage"}


@dataclass(slots=True)
class Reading:
    """What came out of one input: records without final keys, doubts, and broken entries."""

    records: list[Record] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)


def read_file(
    file: BinaryIO, *, name: str, as_of: datetime.date, watch: Watch = unwatched
) -> Reading:
    """Read a whole input. Raises InputError when nothing in it can be used."""
    file = _seekable(file)
    start = file.read(SAMPLE_BYTES)
    file.seek(0)
    kind = recognise(start)
    if kind == "csl-json":
        return _read_csl_json(file.read(), name, watch)
    if kind == "bibtex":
        return _read_bibtex(slices_of(file), name, watch)
    if kind in _CODECS:
        return _read_exchange(file.read(), kind, name, watch)
    return _read_listing(file, name, as_of, watch)


def read_identifier(text: str) -> Reading:
    """A bare record for an identifier. Raises InputError when the text is none."""
    identifier = parse_identifier(text)
    if identifier is None:
        raise InputError(
            f"{text!r} is neither a file nor an identifier",
            hint="give a file, - for standard input, a DOI, an arXiv, PubMed or ISBN number",
        )
    return Reading([normalize(bare_record(identifier))])


def bare_record(identifier: Identifier) -> Record:
    """A record that says nothing but its identifier."""
    record = Record("", _TYPES.get(identifier.scheme, "document"))
    origin = Provenance("identifier", str(identifier))
    if identifier.scheme == "arxiv":
        record = record.with_custom(arxiv=identifier.value)
        return record.with_values({"number": f"arXiv:{identifier.value}"}, origin)
    return record.with_values({_VARIABLES[identifier.scheme]: identifier.value}, origin)


def parts_of(
    file: BinaryIO, *, name: str, as_of: datetime.date
) -> tuple[str, Generator[Part, None, None]]:
    """The encoding and the parts of a listing, one after the other, in bounded memory.

    The parts are to be closed before the file.
    """
    listing = parse_stream(file, name=name, as_of=as_of)
    return listing.encoding, listing.parts


def as_of_date(path: Path | None) -> datetime.date:
    """The date a listing is read as of: the file's own, or today for standard input."""
    if path is None:
        return datetime.datetime.now().astimezone().date()
    return datetime.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()


def _read_csl_json(data: bytes, name: str, watch: Watch) -> Reading:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", location=Location(name, 1), code="J006") from error
    records = map(_with_citation_key, watch(csl_json.load(text, file=name)))
    return Reading([normalize(record) for record in records])


def _with_citation_key(record: Record) -> Record:
    """Zotero gives an address for an id, and the citation key beside it if there is one."""
    if "://" not in record.key:
        return record
    return replace(record.with_custom(id=record.key), key=record.text("citation-key"))


def _read_bibtex(data: Slices, name: str, watch: Watch) -> Reading:
    found = read_records(data, file=name, watch=watch)
    records = [normalize(record) for record in found.records]
    return Reading(records, list(found.issues), list(found.errors))


def _read_exchange(data: bytes, kind: str, name: str, watch: Watch) -> Reading:
    found = import_module(_CODECS[kind]).load(data, file=name)
    if not (found.records or found.errors):
        raise InputError(f"no record in this {kind} text", location=Location(name, 1), code="X001")
    records = [normalize(record) for record in watch(found.records)]
    return Reading(records, list(found.issues), list(found.errors))


def _read_listing(file: BinaryIO, name: str, as_of: datetime.date, watch: Watch) -> Reading:
    reading = Reading()
    _, parts = parts_of(file, name=name, as_of=as_of)
    with closing(parts):
        for part in watch(parts):
            _take(part, name, reading)
    if not reading.records:
        raise ListingError(
            "no entry and no identifier was found",
            location=Location(name, 1),
            hint="`cite parse` shows how each line was read",
        )
    return reading


def _take(part: Part, name: str, reading: Reading) -> None:
    location = Location(name, part.lines[0])
    if part.kind == UNPARSED:
        reading.issues.append(
            Issue("L002", f"not understood: {_shorten(part.raw)}", location=location)
        )
    if part.entry is None:
        return
    reading.issues.extend(_problem(code, location) for code in part.problems)
    if part.entry.title or part.entry.identifiers:
        reading.records.append(normalize(to_record(part, file=name)))
    else:
        reading.issues.append(
            Issue("L003", f"no record of it: {_shorten(part.raw)}", location=location)
        )


def _problem(code: str, location: Location) -> Issue:
    severity = Severity.NOTE if code in _QUIET else Severity.WARNING
    return Issue(code, PROBLEMS[code], severity, location)


def _shorten(raw: str) -> str:
    text = " ".join(raw.split())
    return text if len(text) <= 60 else text[:59] + "…"


def _seekable(file: BinaryIO) -> BinaryIO:
    return file if file.seekable() else io.BytesIO(file.read())
