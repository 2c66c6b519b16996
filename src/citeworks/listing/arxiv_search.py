"""The layout of arXiv's search results.

::

    1. arXiv:2306.16388 [pdf, other] cs.CL cs.AI
    Title of the Paper
    Authors: First Author, Second Author
    Abstract: The beginning … ▽ More The whole of it. △ Less
    Submitted 28 June, 2023; originally announced June 2023.
    Comments: 12 pages
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from citeworks.listing.arxiv_fields import LABELS, NUMBER, make_entry
from citeworks.listing.blocks import (
    FieldLine,
    join_label,
    label_of,
    read_blocks,
    read_fields,
)
from citeworks.listing.dates import find_date
from citeworks.listing.interface import Context, Entry, Line, Part
from citeworks.listing.subjects import FULL_CODES

_OPENER = re.compile(
    rf"(?:\d{{1,6}}\.\s*)?arXiv:\s?({NUMBER})\s*(?:\[[a-z, ]{{2,60}}\])?(?:\s+(.{{2,300}}))?\Z"
)
_SUBMITTED = re.compile(r"Submitted\s.{0,20}?\d{4};?")
_FIRST_VERSION = re.compile(r"v1 submitted ([^;]{6,30})")
_DOI_LINE = re.compile(r"doi\s+(10\.\S+)\Z", re.I)
_MORE = "▽ More"
_LESS = "△ Less"


class ArxivSearch:
    """Entries of arXiv's search and advanced search."""

    name = "arxiv-search"

    def accepts(self, sample: Sequence[Line]) -> float:
        """Sure of a head with authors in one of the lines below and a date of submission."""
        has_head = any(_opens(line) for line in sample)
        has_authors = any(label_of(line.text, LABELS) == "authors" for line in sample)
        has_date = any(_SUBMITTED.match(line.text) for line in sample)
        return 0.85 if has_head and has_authors and has_date else 0.0

    def parse(self, lines: Iterable[Line], context: Context) -> Iterator[Part]:
        """Every head with an identifier opens an entry."""
        return read_blocks(lines, _opens, _takes, _read, self.name)


def _opens(line: Line) -> bool:
    """True for an identifier with nothing but subject codes and a DOI behind it."""
    opener = _OPENER.match(line.text)
    if not opener:
        return False
    words = (opener[2] or "").partition("doi ")[0].split()
    return all(word in FULL_CODES for word in words)


def _takes(block: Sequence[Line], line: Line) -> bool:
    """Lines belong to the entry up to its date; after that, only labelled ones."""
    is_dated = any(_SUBMITTED.match(known.text) for known in block)
    return not is_dated or bool(label_of(line.text, LABELS))


def _read(block: Sequence[Line]) -> Entry:
    opener = _OPENER.match(block[0].text)
    number, behind = (opener[1], opener[2] or "") if opener else ("", "")
    subjects, _, doi = behind.partition("doi ")
    fields = _arrange(read_fields(block[1:], LABELS))
    texts = {label: join_label(fields, label) for label in ("title", "authors", "doi", "comment")}
    texts["published"] = join_label(fields, "published")
    texts["abstract"] = _whole_abstract(join_label(fields, "abstract"))
    texts["date"] = join_label(fields, "date")
    texts["subjects"] = subjects
    texts["doi"] = f"{doi} {texts['doi']}"
    version = _FIRST_VERSION.search(texts["date"])
    date = find_date(version[1] if version else texts["date"])
    return make_entry(number, texts, date, wants_abstract=True)


def _arrange(fields: Sequence[FieldLine]) -> list[FieldLine]:
    """Lines without a label are the title at first, and continue a label later."""
    arranged = []
    label = "title"
    for field in fields:
        doi = _DOI_LINE.match(field.text) if not field.label else None
        if doi:
            arranged.append(FieldLine("doi", doi[1]))
            continue
        if _SUBMITTED.match(field.text):
            label = "date"
        label = field.label or label
        arranged.append(FieldLine(label, field.text))
    return arranged


def _whole_abstract(text: str) -> str:
    """The page has a short abstract, and the whole one behind a switch."""
    short, _, whole = text.partition(_MORE)
    return (whole or short).replace(_LESS, "").strip()
