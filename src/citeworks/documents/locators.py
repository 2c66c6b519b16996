"""Locators as people write them: ``pp. 3-5``, ``chap. 2``, ``§ 4``, ``12``.

Knows English labels and the labels of CSL. Refuses to know how a locator is printed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LABELS = {
    "p": "page", "pp": "page", "pg": "page", "pgs": "page", "pages": "page", "page": "page",
    "ch": "chapter", "chap": "chapter", "chaps": "chapter", "chapters": "chapter",
    "sec": "section", "secs": "section", "sections": "section", "§": "section", "§§": "section",
    "vol": "volume", "vols": "volume", "volumes": "volume",
    "fig": "figure", "figs": "figure", "figures": "figure",
    "l": "line", "ll": "line", "lines": "line",
    "para": "paragraph", "paras": "paragraph", "paragraphs": "paragraph", "¶": "paragraph",
    "v": "verse", "vv": "verse", "verses": "verse",
    "n": "note", "nn": "note", "notes": "note", "no": "issue", "nos": "issue",
    "pt": "part", "pts": "part", "parts": "part", "bk": "book", "bks": "book", "books": "book",
    "col": "column", "cols": "column", "columns": "column",
    "fol": "folio", "fols": "folio", "folios": "folio", "op": "opus", "opp": "opus",
    "art": "article-locator", "eq": "equation", "eqs": "equation", "app": "appendix",
    "tab": "table", "tbl": "table", "sv": "sub-verbo", "s.v": "sub-verbo",
}  # fmt: skip
"""Short labels and plurals, and the CSL labels they stand for."""

CSL_LABELS = frozenset(
    """
    act appendix article-locator book canon chapter column elocation equation figure folio issue
    line note opus page paragraph part rule scene section sub-verbo supplement table timestamp
    title-locator verse version volume
    """.split()
)
"""The labels of CSL 1.0.2 (specification, "Locators")."""

_NUMBER = r"(?:\d[\w.:]*|[A-Za-z]{0,3}\d[\w.:]*|[ivxlcdmIVXLCDM]+\b)"
_RANGE = rf"{_NUMBER}(?:\s*[-–—]+\s*{_NUMBER})?"
_VALUE = rf"(?P<value>{_RANGE}(?:\s*(?:,|&|and)\s*{_RANGE})*)(?P<rest>.*)\Z"
_LABELLED = re.compile(
    r",?\s*(?P<label>§§?|¶|[A-Za-z][A-Za-z-]*(?:\.[A-Za-z]+)?)\.?\s*" + _VALUE, re.S
)
_BARE = re.compile(r"(?:,\s*|\s+)" + _VALUE, re.S)
_BRACED = re.compile(r",?\s*\{(?P<inside>[^{}]*)\}(?P<rest>.*)\Z", re.S)


class Located(NamedTuple):
    """A locator, its CSL label, and what follows them."""

    locator: str
    label: str
    rest: str


def read_locator(text: str) -> Located:
    """The locator at the beginning of what follows a key; all of the text is rest if there is none.

    A number without a label is a page. ``{…}`` holds a locator of any shape, or none.
    """
    braced = _BRACED.match(text)
    if braced:
        inside = read_locator(braced["inside"])
        locator = inside.locator + inside.rest if inside.locator else braced["inside"].strip()
        return Located(locator, inside.label or "page", braced["rest"])
    match = _LABELLED.match(text)
    label = csl_label(match["label"]) if match else ""
    if not label:
        match, label = _BARE.match(text), "page"
    if not match:
        return Located("", "", text)
    value = match["value"].rstrip(".,:")
    return Located(value, label, match["value"][len(value) :] + match["rest"])


def csl_label(word: str) -> str:
    """The CSL label that a word stands for, or the empty string."""
    bare = word.lower().rstrip(".")
    return LABELS.get(bare, bare if bare in CSL_LABELS else "")
