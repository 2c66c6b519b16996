"""The layout of arXiv's /list pages: a numbered head with the identifier, then labelled lines.

::

    [1] arXiv:2306.16388 [pdf, html, other]
    Title: Title of the Paper
    First Author, Second Author            (older pages: "Authors: …")
    Comments: 12 pages
    Subjects: Computation and Language (cs.CL); Artificial Intelligence (cs.AI)

Pages of new submissions have the abstract below the subjects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from citeworks.listing.arxiv_fields import LABELS, NUMBER, make_entry
from citeworks.listing.blocks import (
    FieldLine,
    carry_labels,
    join_label,
    label_of,
    read_blocks,
    read_fields,
)
from citeworks.listing.interface import Context, Entry, Line, Part

_OPENER = re.compile(
    rf"(?:\[\d{{1,6}}\]\s*)?arXiv:\s?({NUMBER})\s*(?:\([^()]{{1,80}}\)\s*)?\[[a-z, ]{{2,60}}\]\Z"
)
_DAY_HEADING = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4}\b")
_PAGE_HEADING = re.compile(
    r"(?:Total of \d|Showing |New submissions|Cross submissions|Replacement submissions"
    r"|Cross-lists for|Replacements for)"
)
_BEFORE_ABSTRACT = ("subjects", "comment", "published", "doi", "other")


class ArxivList:
    """Entries of arXiv's lists of new, recent or monthly submissions."""

    name = "arxiv-list"

    def accepts(self, sample: Sequence[Line]) -> float:
        """Sure of a head that is followed by a title with its label."""
        lines = [line for line in sample if not line.is_blank]
        for line, following in pairwise(lines):
            if _OPENER.match(line.text) and label_of(following.text, LABELS) == "title":
                return 0.9
        return 0.0

    def parse(self, lines: Iterable[Line], context: Context) -> Iterator[Part]:
        """Every head with an identifier opens an entry."""
        return read_blocks(lines, _opens, _takes, _read, self.name)


def _opens(line: Line) -> bool:
    return bool(_OPENER.match(line.text))


def _takes(block: Sequence[Line], line: Line) -> bool:
    if _DAY_HEADING.match(line.text) or _PAGE_HEADING.match(line.text):
        return False
    return not block[-1].is_blank or bool(label_of(line.text, LABELS)) or len(block) < 3


def _read(block: Sequence[Line]) -> Entry:
    opener = _OPENER.match(block[0].text)
    number = opener[1] if opener else ""
    fields = _arrange(read_fields(block[1:], LABELS))
    labels = ("title", "authors", "subjects", "comment", "published", "doi", "abstract")
    texts = {label: join_label(fields, label) for label in labels}
    return make_entry(number, texts, None, wants_abstract=False)


def _arrange(fields: Sequence[FieldLine]) -> list[FieldLine]:
    """Give the lines without a label one: authors below the title, the abstract at the end."""
    has_authors = any(field.label == "authors" for field in fields)
    arranged: list[FieldLine] = []
    previous = ""
    for field in fields:
        label = field.label
        if not label and previous == "title" and not has_authors:
            label = "authors"
        elif not label and previous in _BEFORE_ABSTRACT and field.text:
            label = "abstract" if "subjects" in {known.label for known in arranged} else previous
        arranged.append(FieldLine(label or previous, field.text))
        previous = label or previous
    return carry_labels(arranged)
