"""Given names turned into initials.

Knows hyphens, abbreviations and initials that are there already; refuses to know family names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_WORDS = re.compile(r"[\s\u00a0]+")


def initialize(given: str, mark: str, hyphen: bool) -> str:
    """``Jean-Luc Marie`` with mark ``. `` as ``J.-L. M.``."""
    if _TAG.search(given):
        return _outside_tags(given, lambda text: initialize(text, mark, hyphen))
    pieces: list[str] = []
    for word in _split(given):
        if not word[0].isalpha() or word.islower():
            _add_plain(pieces, word)
        else:
            pieces.append(_word_initials(word, mark, hyphen))
    return _finish(pieces, mark)


def normalize_initials(given: str, mark: str) -> str:
    """The given name as it is, but with the initials that stand in it written with the mark."""
    if _TAG.search(given):
        return _outside_tags(given, lambda text: normalize_initials(text, mark))
    pieces: list[str] = []
    for word in _split(given):
        if _is_initial(word):
            pieces.append(word.rstrip(".") + mark)
        else:
            _add_plain(pieces, word)
    return _finish(pieces, mark)


_TAG = re.compile(r"(</?[a-z]+(?:\s[^<>]*)?>)")


def _outside_tags(given: str, change: Callable[[str], str]) -> str:
    """The given name with the text between its tags changed, white space and hyphens kept."""
    pieces = _TAG.split(given)
    for index in range(0, len(pieces), 2):
        bare = pieces[index].strip(" -")
        if bare:
            pieces[index] = pieces[index].replace(bare, change(bare), 1)
    return "".join(pieces)


def _split(given: str) -> list[str]:
    spaced = re.sub(r"(?<=[^\W\d_])\.(?=[^\W\d_])", ". ", given)
    return [word for word in _WORDS.split(spaced) if word]


def _is_initial(word: str) -> bool:
    letters = word.rstrip(".")
    if len(letters) == 1:
        return letters.isupper()
    return word.endswith(".") and len(letters) <= 3 and letters[:1].isupper()


def _add_plain(pieces: list[str], word: str) -> None:
    if pieces and not pieces[-1].endswith((" ", "\u00a0")):
        pieces.append(" ")
    pieces.append(word + " ")


def _word_initials(word: str, mark: str, hyphen: bool) -> str:
    """``Jean-Luc`` as ``J.-L.``; abbreviations of two or three letters stay, as ``Ph.-A.``."""
    joined = [part for part in re.split(r"[-‐–]", word) if part.rstrip(".")]
    initials: list[str] = []
    for part in joined:
        bare = part.rstrip(".")
        if bare != part and len(bare) <= 3:
            initials.append(bare)
        elif bare[0].isupper() or not bare[0].islower():
            initials.append(bare[0])
    joint = mark.rstrip(" \u00a0") + "-" if hyphen else mark
    return joint.join(initials) + mark if initials else ""


def _finish(pieces: list[str], mark: str) -> str:
    text = "".join(pieces)
    return text.rstrip(" ") if not mark.endswith("\u00a0") else text.rstrip(" \u00a0")
