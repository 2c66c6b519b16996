"""What the three arXiv layouts share: labels, numbers, and an entry from its fields.

Knows that an arXiv number begins with the year and month of its announcement. Refuses to know how
the lines of a layout are arranged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from citeworks.listing import interface as codes
from citeworks.listing.author_list import split_author_list
from citeworks.listing.interface import Entry
from citeworks.listing.subjects import read_codes
from citeworks.model import Date, Identifier
from citeworks.model.identifier import parse_arxiv, parse_doi

LABELS = {
    "title": "title",
    "author": "authors",
    "authors": "authors",
    "abstract": "abstract",
    "categories": "subjects",
    "subject": "subjects",
    "subjects": "subjects",
    "comment": "comment",
    "comments": "comment",
    "journal-ref": "published",
    "journal ref": "published",
    "doi": "doi",
    "date": "date",
    "date added": "date",
    "license": "other",
    "report-no": "other",
    "report number": "other",
    "msc-class": "other",
    "msc class": "other",
    "acm-class": "other",
    "acm class": "other",
    "proxy": "other",
}
NUMBER = r"(?:\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?(?![\w.])"
_YEAR_AND_MONTH = re.compile(r"(?:.*/)?(\d\d)(\d\d)")
_FIRST_YEAR = 91


def date_of_number(number: str) -> Date | None:
    """Year and month in which an arXiv number was given out."""
    match = _YEAR_AND_MONTH.match(number)
    if not match:
        return None
    year = int(match[1])
    return Date(((1900 if year >= _FIRST_YEAR else 2000) + year, int(match[2])))


def make_entry(
    number: str, fields: Mapping[str, str], date: Date | None, *, wants_abstract: bool
) -> Entry:
    """The entry that these fields describe; a missing date is taken from the number."""
    authors, et_al = split_author_list(fields.get("authors", ""))
    arxiv = parse_arxiv(number)
    year_inferred = date is None
    date = date or date_of_number(arxiv)
    problems = {
        codes.NO_TITLE_LINE: not fields.get("title"),
        codes.NO_AUTHORS: not authors,
        codes.NO_ABSTRACT: wants_abstract and not fields.get("abstract"),
        codes.YEAR_INFERRED: year_inferred and date is not None,
    }
    return Entry(
        title=fields.get("title", ""),
        authors=authors,
        et_al=et_al,
        date=date,
        date_as_written=fields.get("date", ""),
        year_inferred=year_inferred,
        subjects=read_codes(fields.get("subjects", "")),
        identifiers=tuple(_identifiers(arxiv, fields.get("doi", ""))),
        abstract=fields.get("abstract", ""),
        comment=fields.get("comment", ""),
        published=fields.get("published", ""),
        problems=tuple(code for code, holds in problems.items() if holds),
    )


def _identifiers(arxiv: str, dois: str) -> list[Identifier]:
    found = [Identifier("arxiv", arxiv)] if arxiv else []
    return found + [Identifier("doi", doi) for doi in map(parse_doi, dois.split()) if doi]
