"""A file under the rules: a .bib document field by field, anything else as records."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from citeworks import csl_json
from citeworks.bibtex import loads
from citeworks.bibtex.slices import Slices
from citeworks.bibtex.stretches import loads_lazily
from citeworks.errors import InputError
from citeworks.lint import Finding, check_document, check_records, findings_of, fix_document
from citeworks.model import Location, Record
from citeworks.workflows.interface import Watch, unwatched
from citeworks.workflows.recognise import SAMPLE_BYTES, recognise

_STRING = re.compile(rb"@\s*string\s*[{(]\s*([^\s={}()\",#%]{1,200})", re.I)
_ITEM = re.compile(r'"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)')


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in a file, and its bytes with everything put right that could be."""

    findings: list[Finding]
    fixed: bytes
    fixes: int = 0


def lint(
    data: bytes,
    name: str,
    chosen: Collection[str],
    *,
    dialect: str = "",
    defined: Collection[str] = frozenset(),
    fix: bool = False,
) -> Linted:
    """Look at a whole file. Raises InputError when it is nothing that can be read."""
    if not fix or not _is_bib(data, name):
        return Linted(list(find(data, name, chosen, dialect=dialect, defined=defined)), data)
    check = partial(check_document, chosen=chosen, dialect=dialect, defined=defined)
    document, count = fix_document(loads(data, file=name), check)
    return Linted(check(document), document.to_bytes() if count else data, count)


def find(
    data: Slices,
    name: str,
    chosen: Collection[str],
    *,
    dialect: str = "",
    defined: Collection[str] = frozenset(),
    watch: Watch = unwatched,
) -> Iterator[Finding]:
    """The findings of a file; those of a .bib one after the other, while it is read.

    `defined` are macros that other files define, in lower case.
    """
    if _is_bib(data, name):
        document = loads_lazily(data, file=name)
        return findings_of(document, chosen, dialect=dialect, defined=defined, watch=watch)
    whole = data[:]
    is_json = recognise(whole[:SAMPLE_BYTES]) == "csl-json"
    return iter((_lint_csl_json if is_json else _lint_records)(whole, name, chosen))


def macros_defined_in(lines: Iterable[bytes]) -> set[str]:
    """The names of the macros that the lines of a .bib file define, in lower case."""
    found = (match[1] for line in lines for match in _STRING.finditer(line))
    return {name.decode("utf-8", "replace").lower() for name in found}


def _is_bib(data: Slices, name: str) -> bool:
    kind = recognise(data[:SAMPLE_BYTES])
    return kind == "bibtex" or (kind != "csl-json" and name.endswith(".bib"))


def _lint_csl_json(data: bytes, name: str, chosen: Collection[str]) -> list[Finding]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", location=Location(name, 1), code="J006") from error
    return check_records(csl_json.load(text, file=name), _Places(text, name), chosen)


def _lint_records(data: bytes, name: str, chosen: Collection[str]) -> list[Finding]:
    from citeworks.workflows.read import read_file

    today = datetime.datetime.now().astimezone().date()
    reading = read_file(io.BytesIO(data), name=name, as_of=today)
    if reading.errors:
        raise reading.errors[0]
    return check_records(reading.records, partial(_origin, name), chosen)


def _origin(name: str, record: Record, variable: str) -> Location:
    """The line that the provenance of a value names."""
    origins = [record.provenance[variable]] if variable in record.provenance else []
    for origin in (*origins, *record.provenance.values()):
        if found := re.search(r":(\d+)(?:-\d+|:\d+)?\Z", origin.locator):
            return Location(name, int(found[1]), 1)
    return Location(name, 1)


class _Places:
    """Where the variables of CSL-JSON items stand in their text."""

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name
        self._starts: dict[str, tuple[int, int]] = {}
        found = list(_ITEM.finditer(text))
        ends = [*(match.start() for match in found[1:]), len(text)]
        for match, end in zip(found, ends, strict=True):
            self._starts.setdefault(match[1], (match.start(), end))
        self._counted, self._line = 0, 1

    def __call__(self, record: Record, variable: str) -> Location:
        written = csl_json.dump_json(record.key).strip()
        start, end = self._starts.get(written, self._starts.get(record.key, (0, 0)))
        place = self._text.find(f'"{variable}"', start, end) if variable else start
        place = start if place < 0 else place
        if start < self._counted:
            self._counted, self._line = 0, 1
        self._line += self._text.count("\n", self._counted, start)
        self._counted = start
        line = self._line + self._text.count("\n", start, place)
        first = self._text.rfind("\n", 0, place) + 1
        last = self._text.find("\n", place)
        source = self._text[first : last if last >= 0 else len(self._text)]
        return Location(self._name, line, place - first + 1, source[:400])
