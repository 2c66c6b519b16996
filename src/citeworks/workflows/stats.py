"""What a library holds, in numbers: per year, type and venue, and how complete its records are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from citeworks.model import Record

COMPLETENESS = {
    "title": "a title",
    "author": "authors",
    "full-authors": "all their authors",
    "issued": "a date",
    "identifier": "an identifier",
    "container-title": "a venue",
    "abstract": "an abstract",
}
"""What a record may have, and the words for it."""

_IDENTIFIERS = ("DOI", "PMID", "PMCID", "ISBN", "URL")
_UNDATED = "no date"


@dataclass(slots=True)
class Statistics:
    """Counts of records: `years`, `types` and `venues` by name, `has` by what they have.

    `dated` are the year and the venue (or nothing) of every record that has a year.
    """

    records: int = 0
    dated: list[tuple[int, str]] = field(default_factory=list)
    years: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    venues: Counter[str] = field(default_factory=Counter)
    has: Counter[str] = field(default_factory=Counter)


def statistics(records: Iterable[Record]) -> Statistics:
    """Count the records."""
    found = Statistics()
    for record in records:
        issued = record.date("issued")
        found.records += 1
        found.years[str(issued.year) if issued and issued.year is not None else _UNDATED] += 1
        found.types[record.type] += 1
        venue = record.text("container-title") or record.text("publisher")
        if issued and issued.year is not None:
            found.dated.append((issued.year, venue))
        if venue:
            found.venues[venue] += 1
        found.has.update(name for name in COMPLETENESS if _has(record, name))
    return found


def _has(record: Record, name: str) -> bool:
    names = record.names("author") or record.names("editor")
    if name == "author":
        return bool(names)
    if name == "full-authors":
        return bool(names) and not record.is_truncated()
    if name == "identifier":
        return bool(record.custom.get("arxiv")) or any(record.text(each) for each in _IDENTIFIERS)
    return name in record.variables
