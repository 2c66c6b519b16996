r"""The layout of arXiv's mailings.

::

    ------------------------------------------------------------------------------
    \\
    arXiv:2306.16388
    Date: Wed, 28 Jun 2023 17:31:53 GMT   (512kb)

    Title: Title of the Paper
      that goes on
    Authors: First Author, Second Author
    Categories: cs.CL cs.AI
    \\
      The abstract.
    \\ ( https://arxiv.org/abs/2306.16388 ,  512kb)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from citeworks.listing.arxiv_fields import LABELS, NUMBER, make_entry
from citeworks.listing.blocks import carry_labels, join_label, read_blocks, read_fields
from citeworks.listing.dates import find_date
from citeworks.listing.interface import Context, Entry, Line, Part

_OPENER = re.compile(rf"arXiv:\s?({NUMBER})\s*(?:\(.{{1,60}}\))?(?:\s*replaced.{{0,80}})?\Z")
_BAR = "\\\\"
_DASHES = re.compile(r"[-=]{20,}\Z|%[-%]{10,}\s?%?\Z|%{20,}\Z")
_MARKS = "\u0308\u0301\u0300\u0302\u0303\u0304\u0307\u0306\u030c\u030b\u0327"
_COMBINING = dict(zip("\"'`^~=.uvHc", _MARKS, strict=True))
_ACCENT = re.compile(r"\{?\\(?:([\"'`^~=.])\s?\{?\\?([A-Za-z])\}?|([uvHc])\{([A-Za-z])\})\}?")
_LETTERS = {r"\o": "ø", r"\O": "Ø", r"\l": "ł", r"\L": "Ł", r"\ss": "ß", r"\ae": "æ", r"\aa": "å"}
_LETTER = re.compile(r"\{?(\\(?:ss|ae|aa|[oOlL]))(?![A-Za-z])(?:\{\}|\s)?\}?")


class ArxivMail:
    """Entries of arXiv's daily mailings, new and replaced."""

    name = "arxiv-mail"

    def accepts(self, sample: Sequence[Line]) -> float:
        r"""Sure of an identifier on a line of its own below a line of two backslashes."""
        previous = ""
        for line in sample:
            if previous == _BAR and _OPENER.match(line.text):
                return 0.95
            previous = line.text or previous
        return 0.0

    def parse(self, lines: Iterable[Line], context: Context) -> Iterator[Part]:
        """An entry lasts from its identifier to the line with its address."""
        return read_blocks(lines, _opens, _takes, _read, self.name)


def _opens(line: Line) -> bool:
    return bool(_OPENER.match(line.text))


def _takes(block: Sequence[Line], line: Line) -> bool:
    is_closed = any(known.text.startswith(_BAR + " (") for known in block)
    return not (is_closed or _DASHES.match(line.text))


def _read(block: Sequence[Line]) -> Entry:
    opener = _OPENER.match(block[0].text)
    bars = [index for index, line in enumerate(block) if line.text.startswith(_BAR)]
    head_end = bars[0] if bars else len(block)
    fields = carry_labels(read_fields(block[1:head_end], LABELS))
    labels = ("title", "authors", "subjects", "comment", "published", "doi", "date")
    texts = {label: read_accents(join_label(fields, label)) for label in labels}
    has_abstract = bool(bars) and block[head_end].text == _BAR
    if has_abstract:
        end = bars[1] if len(bars) > 1 else len(block)
        lines = [line.text for line in block[head_end + 1 : end] if not line.is_blank]
        texts["abstract"] = read_accents(" ".join(lines))
    is_revision = "replaced" in block[0].text
    date = None if is_revision else find_date(texts["date"])
    return make_entry(opener[1] if opener else "", texts, date, wants_abstract=has_abstract)


def read_accents(text: str) -> str:
    r"""TeX accents as letters, ``Fr\"anken`` → ``Fränken``; the mailings are ASCII."""
    if "\\" not in text:
        return text
    text = _ACCENT.sub(_compose, text)
    return _LETTER.sub(lambda match: _LETTERS[match[1]], text)


def _compose(match: re.Match[str]) -> str:
    mark, letter = (match[1], match[2]) if match[1] else (match[3], match[4])
    composed = unicodedata.normalize("NFC", letter + _COMBINING[mark])
    return composed if len(composed) == 1 else match[0]
