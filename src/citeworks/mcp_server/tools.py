"""What an assistant can do with a library: plain functions, whose docstrings are what it reads.

Knows the library, how much may be asked at once, and whether writing is allowed. Refuses to know
the protocol, and any file but the library.
"""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from citeworks import store
from citeworks.config import Setting, load_settings
from citeworks.csl_json import dump_value
from citeworks.errors import InputError
from citeworks.mcp_server.answers import answer
from citeworks.model import Library, Record
from citeworks.model.identifier import parse_identifier
from citeworks.normalize.citation_key import check_pattern
from citeworks.workflows.add import add
from citeworks.workflows.cites import parse_cite
from citeworks.workflows.export import cite, export
from citeworks.workflows.lookup import record_of
from citeworks.workflows.read import Reading, read_file, read_identifier
from citeworks.workflows.search import search
from citeworks.workflows.tags import clean, retag, tags_of

MOST_HITS, MOST_KEYS, MOST_CHECKS, MOST_ADDED = 50, 50, 25, 200
LARGEST_TEXT = 200_000
"""Characters of references that are read from one call."""
Output = Literal["text", "markdown", "html", "latex", "bibtex", "biblatex", "csl-json", "ris"]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools of one library file."""

    path: Path
    offline: bool = False

    def search(self, query: str, limit: int = 10) -> str:
        """Search the library of references; the best hits first.

        All words must be found; FIELD:WORD looks in one field (title, author, venue, abstract, tag,
        key, type, doi), year:2019..2023 bounds years, "several words" are a phrase, -WORD excludes.
        Gives citation keys with authors, year, title and venue; `get` gives whole records. At most
        50 hits.
        """
        hits, total = search(self.path, query[:1_000], _within(limit, MOST_HITS, "limit"))
        return answer((_brief(hit.item) for hit in hits), total=total)

    def get(self, keys: list[str]) -> str:
        """Get whole records by citation key (at most 50), with the source of every value.

        Each variable (CSL 1.0.2 names) has its value, the source that said so ("user" is a person),
        a locator within it, and when it was retrieved.
        """
        library = self._library()
        return answer(_full(record_of(library, key)) for key in _some(keys, MOST_KEYS))

    def format(
        self,
        keys: list[str],
        kind: Literal["bibliography", "citation"] = "bibliography",
        style: str = "",
        output: Output = "text",
        locale: str = "",
    ) -> str:
        """Format records as a bibliography, or as one in-text citation, in any CSL style.

        `keys` are citation keys (at most 50); for a citation KEY:LOCATOR names a page or a part,
        "smith2020:12-14" or "smith2020:chapter 3". `style` is a name such as apa, ieee, nature or
        chicago-author-date; empty means the library's setting. A bibliography can also be bibtex,
        biblatex, csl-json or ris.
        """
        library, settings = self._library(), self._settings()
        wanted = _some(keys, MOST_KEYS)
        style, locale = _named(style) or settings["style"], locale or settings["locale"]
        if kind == "citation":
            parsed = [parse_cite(each, library) for each in wanted]
            cites = [{**each, "id": record_of(library, each["id"]).key} for each in parsed]
            records = _once(library[each["id"]] for each in cites)
            return answer([cite(records, cites, output, style=style, locale=locale)])
        records = _once(record_of(library, key) for key in wanted)
        return answer([export(records, output, style=style, locale=locale)])

    def verify(self, keys: Sequence[str] = (), references: str = "") -> str:
        """Check that references exist and agree with what metadata sources say of them.

        Takes citation keys of the library, or any text with references (a .bib text, a list), at
        most 25 at once. Verdicts: verified, mismatch (with both values), retracted, corrected, not
        found (no source that was asked knows it, which proves nothing), unchecked (a source was
        down). Asks services on the network unless the server runs offline.
        """
        from citeworks.workflows.asking import opened_inquiry
        from citeworks.workflows.verify import as_object, verify

        library = self._library() if keys else Library()
        records = [record_of(library, key) for key in keys]
        records += _read(references).records if references else []
        records = _some(records, MOST_CHECKS)
        today = datetime.datetime.now().astimezone().date()
        with opened_inquiry(_found_settings(), offline=self.offline) as inquiry:
            if not inquiry.sources:
                raise InputError(
                    "there is nobody to ask", hint="`cite catalogue build FILE` makes a catalogue"
                )
            checks = verify(records, inquiry, today, offline=self.offline)
        return answer(map(as_object, checks))

    def add(self, references: str) -> str:
        """Add references to the library: an identifier (DOI, arXiv, ISBN), a .bib text, a listing.

        Gives the citation keys of what was added; what the library has already is not added again.
        The person can take it back with `cite undo`.
        """
        records = _some(_read(references).records, MOST_ADDED)
        pattern = check_pattern(self._settings()["citation-key"])
        with store.locked(self.path):
            snapshot = store.read(self.path)
            addition = add(snapshot.library, records, pattern)
            store.write(snapshot, addition.library, "add")
        duplicates = [issue.key for issue in addition.duplicates]
        return answer(addition.added, added=len(addition.added), already_there=duplicates)

    def tag(self, keys: list[str], add: Sequence[str] = (), remove: Sequence[str] = ()) -> str:
        """Give tags to records of the library and take tags from them, by citation key.

        The person can take it back with `cite undo`.
        """
        wanted = _some(keys, MOST_KEYS)
        given = [clean(tag)[:200] for tag in _some([*add, *remove], MOST_KEYS) if tag in add]
        with store.locked(self.path):
            snapshot = store.read(self.path)
            changed = retag(snapshot.library, wanted, given, remove)
            store.write(snapshot, changed, "tag")
        found = (record_of(changed, key) for key in wanted)
        return answer({"key": record.key, "tags": tags_of(record)} for record in found)

    @property
    def reading(self) -> tuple[Callable[..., str], ...]:
        """The tools that change nothing."""
        return self.search, self.get, self.format, self.verify

    @property
    def writing(self) -> tuple[Callable[..., str], ...]:
        """The tools that change the library."""
        return self.add, self.tag

    def _library(self) -> Library:
        return store.read(self.path).library

    def _settings(self) -> dict[str, str]:
        return {name: setting.value for name, setting in _found_settings().items()}


def _found_settings() -> dict[str, Setting]:
    return load_settings(Path.cwd(), os.environ)


def _once(records: Iterable[Record]) -> list[Record]:
    return list({record.key: record for record in records}.values())


def _named(style: str) -> str:
    """The style, unless it is a path: an assistant has no business with files."""
    if "/" in style or "\\" in style or style.endswith(".csl"):
        raise InputError("a style is given by its name here", hint="apa, ieee, nature …")
    return style


def _within(number: int, most: int, name: str) -> int:
    if not 1 <= number <= most:
        raise InputError(f"{name} must be between 1 and {most}")
    return number


def _some(given: Sequence[Any], most: int) -> list[Any]:
    if not given:
        raise InputError("nothing was named", hint="give at least one")
    if len(given) > most:
        raise InputError(f"{len(given)} at once are too many", hint=f"give at most {most}")
    return list(given)


def _read(text: str) -> Reading:
    """References in a text. Raises InputError when there are none, or part of it is broken."""
    if len(text) > LARGEST_TEXT:
        raise InputError(f"the text is longer than {LARGEST_TEXT} characters")
    if parse_identifier(text.strip()):
        return read_identifier(text.strip())
    today = datetime.datetime.now().astimezone().date()
    reading = read_file(io.BytesIO(text.encode("utf-8", "replace")), name="assistant", as_of=today)
    if reading.errors:
        raise reading.errors[0]
    return reading


def _brief(item: dict[str, Any]) -> dict[str, Any]:
    names = ("type", "author", "issued", "title", "container-title", "DOI")
    return {"key": item["id"]} | {name: item[name] for name in names if name in item}


def _full(record: Record) -> dict[str, Any]:
    return {
        "key": record.key,
        "type": record.type,
        "variables": {name: _said(record, name) for name in record.variables},
        "tags": list(tags_of(record)),
        "aliases": list(record.aliases),
    }


def _said(record: Record, name: str) -> dict[str, Any]:
    """A value and who said so."""
    found: dict[str, Any] = {"value": dump_value(record.variables[name])}
    if origin := record.provenance.get(name):
        found |= {"source": origin.source, "locator": origin.locator}
        if origin.retrieved:
            found["retrieved"] = origin.retrieved.isoformat()
    return found
