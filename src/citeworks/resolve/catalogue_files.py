"""A metadata dump as a stream of entries, its format told by what is in it.

Knows gzip, tar, JSON lines, JSON arrays, the XML of DBLP and of the ACL Anthology, .bib files and
tables of related DOIs. Memory is bounded by one entry, whatever the size of the file. XML that
declares entities is refused, and nothing is ever fetched. What an entry means is known to
`catalogue_rows`.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from xml.etree import ElementTree

from citeworks.bibtex import read_records
from citeworks.errors import CiteError, InputError, Location
from citeworks.normalize.rules import normalize
from citeworks.resolve.catalogue_rows import (
    SHAPES,
    Row,
    from_acl,
    from_csl,
    from_dblp,
    from_mapping,
    from_record,
)
from citeworks.resolve.catalogue_xml import CHUNK, LARGEST_ENTRY, acl_papers, dblp_entries

_ENDINGS = (".json", ".jsonl", ".xml", ".bib", ".gz", ".tar")
"""Names of files that a folder is searched for."""
_SAMPLE = 65536
_BIB_CHUNK = 1 << 19
_LONGEST_BIB = 1 << 22
_GZIP = b"\x1f\x8b"
_END_OF_TAR = bytes(512)
_BIB_ENTRY = re.compile(rb"^\s*@\s*[A-Za-z]{2,40}\s*[{(]", re.M)
_ITEMS = re.compile(r'"items"\s*:\s*\[')


class Taken(NamedTuple):
    """What came out of one entry: rows, and how much of it was left out."""

    rows: list[Row]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Dump:
    """A file: the name of its format, its entries, and what makes rows of an entry."""

    format: str
    entries: Iterator[Any]
    rows_of: Callable[[Any], Taken]


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and in the place of a folder the dumps in it, sorted by name.

    Raises InputError for a folder without any.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        dumps = [each for each in inside if each == path or each.name.lower().endswith(_ENDINGS)]
        dumps = [each for each in dumps if each == path or each.is_file()]
        if not dumps:
            raise InputError(
                f"no metadata dump in {path}", hint=f"looked for {', '.join(_ENDINGS)}"
            )
        found += dumps
    return found


def open_dump(path: Path) -> tuple[BinaryIO, Dump]:
    """The opened file (to be closed by the caller) and what is in it.

    Raises InputError when no known format is recognised.
    """
    file = _unpacked(path)
    try:
        with reading(path):
            start = file.read(_SAMPLE)
            file.seek(0)
        return file, _dump(file, start, path)
    except BaseException:
        file.close()
        raise


class reading:  # noqa: N801 - a context manager, named like a function
    """Errors of packed and encoded files, as InputError with the file's name."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, EOFError | gzip.BadGzipFile | zlib.error | tarfile.ReadError):
            raise InputError(
                "the compressed file is damaged or cut off", location=Location(str(self._path))
            ) from error
        if isinstance(error, json.JSONDecodeError | RecursionError):
            raise InputError(
                "the JSON is broken or cut off", location=Location(str(self._path))
            ) from error
        if isinstance(error, UnicodeDecodeError):
            raise InputError("not UTF-8 text", location=Location(str(self._path))) from error
        if isinstance(error, ElementTree.ParseError):
            line, column = error.position
            raise InputError(
                f"not well-formed XML: {error.msg}",
                location=Location(str(self._path), line, column + 1),
            ) from error


def _unpacked(path: Path) -> BinaryIO:
    if not path.exists():
        raise InputError(f"no file {path}")
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    if packed:
        return cast(BinaryIO, io.BufferedReader(cast(Any, gzip.open(path, "rb")), CHUNK))
    return path.open("rb", CHUNK)


def _dump(file: BinaryIO, start: bytes, path: Path) -> Dump:
    if start[257:262] == b"ustar":
        return _archive(file, path)
    head = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"<"):
        return _xml(file, head, path)
    if head.startswith(b"["):
        return Dump("CSL-JSON", _json_items(file, path), _CslItems())
    if head.startswith(b"{"):
        return _json(file, head, path)
    if head.partition(b"\n")[0].strip().split(b",")[-2:] == [b"doi", b"related_doi"]:
        table = csv.DictReader(line.decode("utf-8-sig") for line in file)
        return Dump("related DOIs", iter(table), lambda each: _taken(from_mapping(each)))
    if _BIB_ENTRY.search(start):
        return Dump("BibTeX", _bib_chunks(file), _BibChunks())
    raise InputError(
        "no catalogue format is recognised",
        location=Location(str(path), 1),
        hint="known are arXiv, Crossref and DataCite JSON, DBLP and ACL XML, .bib and CSL-JSON",
    )


def _archive(file: BinaryIO, path: Path) -> Dump:
    """The dumps in a tar archive, one after the other; each entry comes with what reads it."""

    def entries() -> Iterator[tuple[Callable[[Any], Taken], Any]]:
        whole = _Ending(file)
        with tarfile.open(fileobj=cast(BinaryIO, whole), mode="r|") as archive:
            for member in archive:
                if not member.isfile() or not member.name.lower().endswith(_ENDINGS):
                    continue
                inner = Path(f"{path}/{Path(member.name).name}")
                with reading(inner):
                    dump = _member(cast(BinaryIO, archive.extractfile(member)), inner)
                    for entry in dump.entries:
                        yield dump.rows_of, entry
        if not whole.end.endswith(_END_OF_TAR):  # tarfile takes a cut for the end
            raise EOFError

    return Dump("archive", entries(), lambda each: each[0](each[1]))


def _member(file: BinaryIO, path: Path) -> Dump:
    """What is in a file of an archive, which can be read once only."""
    stream = _Ahead(file)
    if stream.start.startswith(_GZIP):
        stream = _Ahead(cast(BinaryIO, gzip.GzipFile(fileobj=cast(Any, stream), mode="rb")))
    if stream.start[257:262] == b"ustar":
        raise InputError("an archive in an archive is not read", location=Location(str(path)))
    return _dump(cast(BinaryIO, io.BufferedReader(stream, CHUNK)), stream.start, path)


class _Ending:
    """A stream that remembers how it ended."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.end = b""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self.end = (self.end + data)[-len(_END_OF_TAR) :]
        return data


class _Ahead(io.RawIOBase):
    """A stream whose beginning is known before it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.start = self._left = file.read(_SAMPLE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._left[: len(buffer)] or self._file.read(len(buffer))
        self._left = self._left[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def _json(file: BinaryIO, head: bytes, path: Path) -> Dump:
    first = head.partition(b"\n")[0]
    shapes = _Shapes()
    try:
        entry = json.loads(first)
    except ValueError:
        entry = None
    if isinstance(entry, dict) and (name := shapes.name_of(entry)):
        return Dump(name, _lines(file), shapes.line)
    if _ITEMS.search(head.decode("utf-8", "replace")):
        return Dump("Crossref works", _json_items(file, path), shapes.item)
    if entry is None and b'"title"' in head:
        return Dump("CSL-JSON", _json_items(file, path), _CslItems())
    raise InputError(
        "JSON of no known shape",
        location=Location(str(path), 1),
        hint="known are arXiv, Crossref, DataCite and CSL-JSON",
    )


def _taken(row: Row | None) -> Taken:
    return Taken([row]) if row else Taken([], 1)


class _Shapes:
    """JSON objects told apart by their members; the last shape met is tried first."""

    def __init__(self) -> None:
        self._members: frozenset[str] = frozenset({"\0"})
        self._convert: Callable[[Mapping[str, Any]], Row | None] = from_csl

    def name_of(self, entry: Mapping[str, Any]) -> str:
        """The name of an object's shape, or the empty string."""
        return next((name for name, members, _ in SHAPES if members <= entry.keys()), "")

    def line(self, line: bytes) -> Taken:
        """The row of one line."""
        try:
            entry = json.loads(line.decode())
        except (ValueError, RecursionError):
            return Taken([], 1 if line.strip() else 0)
        return self.item(entry)

    def item(self, entry: Any) -> Taken:
        """The row of one object; one of an unexpected shape is left out."""
        if not isinstance(entry, dict):
            return Taken([], 1)
        if not self._members <= entry.keys():
            known = next((shape for shape in SHAPES if shape[1] <= entry.keys()), None)
            if not known:
                return Taken([], 1)
            _, self._members, self._convert = known
        try:
            return _taken(self._convert(entry))
        except (CiteError, TypeError, AttributeError, ValueError, KeyError, IndexError):
            return Taken([], 1)


class _CslItems:
    """CSL-JSON items."""

    def __call__(self, entry: Any) -> Taken:
        if not isinstance(entry, dict):
            return Taken([], 1)
        try:
            return _taken(from_csl(entry))
        except (CiteError, TypeError, ValueError):
            return Taken([], 1)


class _BibChunks:
    """Stretches of a .bib file, each with the string definitions met before it."""

    def __call__(self, chunk: bytes) -> Taken:
        found = read_records(chunk)
        rows = [from_record(normalize(record)) for record in found.records]
        known = [row for row in rows if row]
        return Taken(known, len(rows) - len(known) + len(found.errors))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; one that is longer than any entry is cut to what is no JSON."""
    first = True
    for line in iter(lambda: file.readline(LARGEST_ENTRY), b""):
        is_whole = len(line) < LARGEST_ENTRY or line.endswith(b"\n")
        while not is_whole:
            rest = file.readline(LARGEST_ENTRY)
            is_whole = len(rest) < LARGEST_ENTRY or rest.endswith(b"\n")
            line = b"\0"
        yield line.removeprefix(codecs.BOM_UTF8) if first else line
        first = False


def _json_items(file: BinaryIO, path: Path) -> Iterator[Any]:
    """The objects of an array (the whole text, or its member ``items``), one after the other."""
    decode = codecs.getincrementaldecoder("utf-8-sig")().decode
    decoder = json.JSONDecoder()
    buffer = decode(file.read(CHUNK))
    begin = _ITEMS.search(buffer) if buffer.lstrip().startswith("{") else re.search(r"\[", buffer)
    if begin is None:  # one object alone
        yield json.loads(buffer + decode(file.read(LARGEST_ENTRY)))
        return
    position = begin.end()
    while True:
        while position < len(buffer) and buffer[position] in " \t\r\n,":
            position += 1
        if position < len(buffer) and buffer[position] == "]":
            return
        try:
            item, position = decoder.raw_decode(buffer, position)
        except ValueError as error:
            more = decode(file.read(max(CHUNK, len(buffer) - position)))
            buffer, position = buffer[position:] + more, 0
            if not more or len(buffer) > LARGEST_ENTRY:
                raise InputError(
                    "the JSON is broken or cut off", location=Location(str(path))
                ) from error
            continue
        yield item
        if position > CHUNK:
            buffer, position = buffer[position:], 0


def _bib_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Whole entries, about half a megabyte at a time, after all definitions so far.

    What goes on for longer than any entry is cut, and so are definitions without end.
    """
    strings: list[bytes] = []
    chunk: list[bytes] = []
    size = defined = 0
    is_string = False
    for line in iter(lambda: file.readline(_LONGEST_BIB), b""):
        if line.lstrip().startswith(b"@"):
            if size > _BIB_CHUNK:
                yield b"".join([*strings, *chunk])
                chunk, size = [], 0
            is_string = line.lstrip()[1:].lstrip()[:6].lower() == b"string"
        if is_string:
            defined += len(line)
            strings += [line] if line.strip() and defined <= _LONGEST_BIB else []
            continue
        if size <= _LONGEST_BIB:
            chunk.append(line)
        size += len(line)
    if chunk:
        yield b"".join([*strings, *chunk])


def _xml(file: BinaryIO, head: bytes, path: Path) -> Dump:
    if b"<!ENTITY" in head:
        raise InputError("XML that declares entities is not read", location=Location(str(path), 1))
    if b"<dblp" in head:
        return Dump("DBLP XML", dblp_entries(file), lambda each: _taken(from_dblp(each)))
    if b"<collection" in head:
        return Dump("ACL Anthology XML", acl_papers(file), lambda each: _taken(from_acl(each)))
    raise InputError(
        "XML of no known kind",
        location=Location(str(path), 1),
        hint="known are DBLP's dump and the files of the ACL Anthology",
    )
