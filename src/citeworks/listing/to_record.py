"""Entries as records: which variable each fact of a listing becomes, and what stays a private note.

Knows the types that identifiers imply and the members of ``custom``. Affiliation slugs are noise
and never become an institution. Refuses to split names, to fill in what the listing left out, and
to choose citation keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from citeworks.listing.interface import Entry, Part
from citeworks.listing.subjects import FULL_CODES
from citeworks.model import Identifier, Name, Provenance, Record, Value
from citeworks.model.provenance import INFERRED

SOURCE = "listing"
_VARIABLE_OF_SCHEME = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "isbn": "ISBN"}
_ADDRESS_OF_SCHEME = {
    "arxiv": "https://arxiv.org/abs/{}",
    "acl": "https://aclanthology.org/{}",
    "openreview": "https://openreview.net/forum?id={}",
    "url": "{}",
}
_TYPE_OF_SCHEME = {
    "arxiv": "article",
    "pmid": "article-journal",
    "pmcid": "article-journal",
    "isbn": "book",
    "acl": "paper-conference",
    "openreview": "paper-conference",
    "doi": "document",
    "url": "webpage",
}


def to_record(part: Part, *, file: str) -> Record:
    """The record of a part of kind ``record``, still without a citation key."""
    entry = part.entry
    if entry is None:
        raise ValueError(f"a part of kind {part.kind!r} has no record")
    provenance = Provenance(SOURCE, f"{file}:{part.lines[0]}-{part.lines[1]}")
    record = Record(key="", type=_type(entry)).with_values(dict(_variables(entry)), provenance)
    if entry.date and entry.year_inferred:
        inferred = Provenance(INFERRED, provenance.locator)
        record = record.with_values({"issued": entry.date}, inferred)
    return record.with_custom(**dict(_custom(part, entry, file)))


def _type(entry: Entry) -> str:
    if entry.subjects:
        return "article"
    if entry.container_title:
        return "paper-conference" if _is_proceedings(entry.container_title) else "article-journal"
    schemes = {identifier.scheme for identifier in entry.identifiers}
    return next((kind for scheme, kind in _TYPE_OF_SCHEME.items() if scheme in schemes), "article")


def _is_proceedings(container: str) -> bool:
    return any(word in container for word in ("Proceedings", "Conference", "Workshop")) or (
        container.isupper()
    )


def _variables(entry: Entry) -> Iterator[tuple[str, Value]]:
    if entry.title:
        yield "title", entry.title
    if entry.authors:
        yield "author", tuple(Name(literal=author) for author in entry.authors)
    if entry.date:
        yield "issued", entry.date
    texts = {
        "abstract": entry.abstract,
        "container-title": entry.container_title,
        "page": entry.pages,
    }
    yield from ((variable, text) for variable, text in texts.items() if text)
    yield from _identifier_variables(entry.identifiers)


def _identifier_variables(identifiers: tuple[Identifier, ...]) -> Iterator[tuple[str, str]]:
    """The first identifier of each scheme, and one address."""
    first: dict[str, str] = {}
    for identifier in identifiers:
        first.setdefault(identifier.scheme, identifier.value)
    for scheme, variable in _VARIABLE_OF_SCHEME.items():
        if scheme in first:
            yield variable, first[scheme]
    for scheme, address in _ADDRESS_OF_SCHEME.items():
        if scheme in first:
            yield "URL", address.format(first[scheme])
            return


def _custom(part: Part, entry: Entry, file: str) -> Iterator[tuple[str, Any]]:
    if entry.et_al:
        yield "et-al", ["author"]
    yield "listing", _listing_facts(part, entry, file)
    arxiv = next((i.value for i in entry.identifiers if i.scheme == "arxiv"), "")
    if arxiv:
        yield "arxiv", arxiv
    if entry.subjects and entry.subjects[0] in FULL_CODES:
        yield "arxiv-class", entry.subjects[0]


def _listing_facts(part: Part, entry: Entry, file: str) -> Mapping[str, Any]:
    facts = {
        "file": file,
        "lines": list(part.lines),
        # A lone surrogate stands for an undecodable byte; no file in UTF-8 can hold one.
        "raw": part.raw.encode("utf-8", "backslashreplace").decode("utf-8"),
        "date": entry.date_as_written,
        "affiliations": list(entry.affiliations),
        "code": entry.has_code,
        "comment": entry.comment,
        "published": entry.published,
        "subjects": list(entry.subjects),
        "identifiers": [str(identifier) for identifier in entry.identifiers],
        "problems": list(entry.problems),
        "alternatives": [
            {"title": title, "authors": list(authors)} for title, authors in entry.alternatives
        ],
        "duplicate-of": list(entry.duplicate_of or ()),
    }
    return {name: value for name, value in facts.items() if value not in ("", [], False)}
