"""The shape of a token: which kinds of characters it is made of, in which order.

A shape is a short string: ``U`` one upper-case letter, ``X`` two or more of them in a row,
``l`` a run of lower-case letters, ``d`` digits, ``c`` letters of a script without case, and
every other character as itself.  ``McCain`` is ``UlUl``, ``J.-P.`` is ``U.-U.``.  Tables in the
neighbouring modules are keyed by shapes.  This module knows no words, no names and no weights.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

APOSTROPHES = "'’ʼ`´"
HYPHENS = "-‐‑"

# One spelling per kind in the tables: typographic variants count as the plain character.
_PLAIN = {**dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys(HYPHENS, "-")}
_RUNS = {"l": "l", "d": "d", "c": "c"}


def kind(char: str) -> str:
    """Return ``U``, ``l``, ``c`` (letter without case), ``d`` or the character itself."""
    if char.isupper() or char.istitle():
        return "U"
    if char.islower():
        return "l"
    if char.isalpha():
        # Modifier letters and vulgar ordinals belong to the word before them, as marks do.
        return "c"
    if char.isdigit():
        return "d"
    return _PLAIN.get(char, "c" if _is_mark(char) else char)


def _is_mark(char: str) -> bool:
    return char > "\u02ff" and unicodedata.category(char) in ("Mn", "Mc", "Cf")


@lru_cache(maxsize=16_384)
def shape(token: str) -> str:
    """Collapse a token to its shape (at most the first 80 characters are looked at)."""
    parts: list[str] = []
    for code, run in groupby(token[:80], kind):
        if code == "U":
            parts.append("U" if len(list(run)) == 1 else "X")
        elif code in _RUNS:
            parts.append(code)
        else:
            parts.append(code * len(list(run)))
    return "".join(parts)


def is_lower_or_mark(char: str) -> bool:
    """Whether a character can end a word that was written in lower case."""
    return char.islower() or _is_mark(char)


def is_caseless(char: str) -> bool:
    """Whether a character is a letter of a script that has no upper case."""
    return char > "\u0590" and char.isalpha() and not (char.isupper() or char.islower())


def is_east_asian(char: str) -> bool:
    """Whether a character is a Han character, kana or a Hangul syllable."""
    return (
        "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"
    )
