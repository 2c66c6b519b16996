"""Lists of authors as text: ``A, B and C``, ``A | B``, ``A, B et al.``.

Knows separators, suffixes, footnote marks and the ways of cutting a list short. Refuses to split a
name into its parts.
"""

from __future__ import annotations

import re

from citeworks.model.name_words import SUFFIXES

_TRUNCATED = re.compile(
    r"[,;]?\s*(?:\bet\s+al\b\.?|\band\s+others\b"
    r"|\(\s*(?:and\s+)?\d{1,6}\s+(?:additional|other|more)\s+authors?[^()]{0,60}\)"
    r"|\band\s+\d{1,6}\s+(?:others|more|(?:other|additional)\s+authors?)|\+\d{1,6}\s+authors|[,;]\s*(?:…|\.\.\.))\s*\Z",
    re.I,
)
_NOTES = re.compile(r"\s*\((?:[^()]|\([^()]{0,200}\)){0,2000}\)")
_SEPARATOR = re.compile(r"\s*[,;|]\s*(?:and\s+|&\s+)?|\s+(?:and|&)\s+")


def split_author_list(text: str) -> tuple[tuple[str, ...], bool]:
    """The names in the text, in order, and whether the list was cut short."""
    text = text.strip()
    kept = _TRUNCATED.sub("", text)
    names: list[str] = []
    for piece in _SEPARATOR.split(_NOTES.sub("", kept)):
        name = piece.strip(" .,;*†‡") + ("." if _ends_with_initial(piece) else "")
        if names and name.casefold() in SUFFIXES:
            names[-1] += f", {name}"
        elif any(character.isalpha() for character in name):
            names.append(name)
    return tuple(names), kept != text


def _ends_with_initial(piece: str) -> bool:
    return bool(re.search(r"\b(?:[^\W\d_]|Jr|Sr)\.[\s*†‡]*\Z", piece))
