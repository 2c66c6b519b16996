"""What a reference says that cannot be, whoever knows the work.

Years to come, numbers that were given later than the reference was published, identifiers that name
another venue or year by their form. Knows one reference at a time; asks nobody.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from citeworks.model import Record
from citeworks.resolve.agreement import Mismatch
from citeworks.resolve.stated import ARXIV_DOI, arxiv_year, is_impossible, stated_by
from citeworks.resolve.venues import is_side_track, venue_id, venue_name
from citeworks.resolve.versions import identifiers_of

YEARS_APART = 2
"""A year beside is habit: proceedings of the year before, a conference in January."""


def contradictions(record: Record, today: datetime.date) -> Iterator[Mismatch]:
    """Everything in a reference that contradicts the calendar or its own identifiers."""
    issued = record.date()
    year = issued.year if issued and issued.year else 0
    if year > today.year + 1:
        # Announced works carry the next year, later ones nothing.
        yield Mismatch("issued", str(year), str(today.year), origin="today's date")
    doi = record.text("DOI")
    if is_impossible(doi):
        yield Mismatch("DOI", doi, "no number", origin="arXiv")
    yield from _too_early(record, year)
    yield from _of_another_place(record, year)


def _too_early(record: Record, year: int) -> Iterator[Mismatch]:
    """A year before the preprint that a reference names had its number.

    A published paper may be older than its preprint: then it has a venue, and no DOI of arXiv.
    """
    doi, venue = record.text("DOI").lower(), record.text("container-title")
    published = venue and venue_id(venue) != "arxiv"
    if not year or (not doi.startswith(ARXIV_DOI) and (doi or published)):
        return
    for each in identifiers_of(record):
        if each.scheme == "arxiv" and arxiv_year(each.value) - year >= YEARS_APART:
            yield Mismatch("issued", str(year), str(arxiv_year(each.value)), origin=str(each))


def _of_another_place(record: Record, year: int) -> Iterator[Mismatch]:
    """The venue and the year that a DOI states by its form, where the reference has others."""
    doi, venue = record.text("DOI"), record.text("container-title")
    stated = stated_by(doi)
    if stated is None or not venue or venue_id(venue) == "arxiv":
        return
    if year and stated.year and abs(year - stated.year) >= YEARS_APART:
        yield Mismatch("issued", str(year), str(stated.year), origin=f"doi:{doi}")
    if _is_another(venue, stated.venue):
        yield Mismatch("container-title", venue, venue_name(stated.venue), origin=f"doi:{doi}")


def _is_another(venue: str, stated: str) -> bool:
    """True if a venue is not the one that is stated; a workshop beside it may be."""
    ours = venue_id(venue)
    if not ours:
        return is_side_track(venue) and not stated.endswith("w")
    return "findings" not in (ours, stated) and ours.removesuffix("w") != stated.removesuffix("w")
