"""Name lists of .bib entries as CSL names: BibTeX's parts, decoded.

Knows which part becomes which name-part. How a name is cut is known to `citeworks.bibtex.names`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.names import SplitName, split_name, split_names
from citeworks.model.name import Name

_TIES = re.compile(r"[~\s\u00a0]+")


def read_names(value: str, *, useprefix: bool | None = None) -> tuple[tuple[Name, ...], bool]:
    """The names, and whether the list ended in ``and others``."""
    texts = split_names(value)
    truncated = bool(texts) and texts[-1].lower() == "others"
    if truncated:
        texts.pop()
    return tuple(read_name(text, useprefix) for text in texts), truncated


@lru_cache(maxsize=4096)
def read_name(text: str, useprefix: bool | None = None) -> Name:
    """One name; a name in braces as a whole is a collective."""
    if is_braced(text):
        return Name(literal=_plain(text[1:-1]))
    parts = split_name(text)
    if parts.last and not (parts.first or parts.von or parts.jr) and is_braced(parts.last):
        return Name(literal=_plain(parts.last))
    return _name(parts, parts.useprefix if parts.useprefix is not None else useprefix)


def is_braced(text: str) -> bool:
    """True if one pair of braces holds the whole text, and it is no accent."""
    if not (text.startswith("{") and text.endswith("}")) or text.startswith("{\\"):
        return False
    depth = 0
    for match in re.finditer(r"[{}]", text):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return match.end() == len(text)
    return False


def _name(parts: SplitName, useprefix: bool | None) -> Name:
    von = _plain(parts.von)
    dropping = von if useprefix is False else ""
    return Name(
        family=_plain(parts.last),
        given=_plain(parts.first),
        dropping_particle=dropping,
        non_dropping_particle="" if dropping else von,
        suffix=_plain(parts.jr),
    )


def _plain(text: str) -> str:
    if "\\" not in text and "{" not in text and "~" not in text:
        return text
    return _TIES.sub(" ", decode_latex(text)).strip()
