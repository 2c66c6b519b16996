"""CSL's rich text as tokens: markup, mathematics, and the plain text between them.

Knows the tags that CSL-JSON allows in text variables and what balanced, harmless TeX mathematics
looks like. Refuses to know BibTeX and LaTeX's accents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from citeworks.bibtex.mathematics import is_typeset

COMMANDS = {
    "i": r"\emph{",
    "em": r"\emph{",
    "b": r"\textbf{",
    "strong": r"\textbf{",
    "sup": r"\textsuperscript{",
    "sub": r"\textsubscript{",
    "sc": r"\textsc{",
    "nocase": "{{",
}
"""The markup of CSL text and the LaTeX that opens it."""


class Token(NamedTuple):
    """`kind` is text, math, open or close; `value` is the text, the formula or the tag's name."""

    kind: str
    value: str


# The named tuple's own constructor would take as long as finding the token.
_token: Callable[[tuple[str, str]], Token] = partial(tuple.__new__, Token)
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>i|em|b|strong|sup|sub|sc|span)"
    r"(?P<attributes>\s(?:class=\"nocase\"|style=\"font-variant:\s*small-caps;?\"))?>"
)
_MATH = re.compile(r"\$(?<![\\$]\$)(?![\s$])([^$]{1,400}+)(?<![\s\\])\$(?![\d$])")
_TEX_SIGN = re.compile(r"[\\^_]")
_PROSE = re.compile(r"\s[^\W\d_]{2,}|[^\W\d_]{2,}\s")


def tokens(text: str) -> list[Token]:
    """Cut CSL rich text; tags without their partner are plain text."""
    if "<" not in text and "$" not in text:
        return [_token(("text", text))] if text else []
    found: list[Token] = []
    for piece in _cut_tags(text):
        if piece.kind == "text":
            found.extend(_cut_math(piece.value))
        else:
            found.append(piece)
    return found


def is_balanced(text: str) -> bool:
    """True if the braces pair up the way BibTeX counts them (a backslash protects none)."""
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@lru_cache(maxsize=4096)
def _is_math(formula: str) -> bool:
    return _looks_like_math(formula) and is_typeset(formula)


def _looks_like_math(formula: str) -> bool:
    if "#" in formula or not formula.isprintable():
        return False
    return bool(_TEX_SIGN.search(formula)) or not _PROSE.search(formula)


def _cut_math(text: str) -> list[Token]:
    if "$" not in text:
        return [_token(("text", text))]
    found: list[Token] = []
    position = 0
    for match in _MATH.finditer(text):
        if not _is_math(match[1]):
            continue
        if match.start() > position:
            found.append(_token(("text", text[position : match.start()])))
        found.append(_token(("math", match[1])))
        position = match.end()
    if position < len(text):
        found.append(_token(("text", text[position:])))
    return found


def _cut_tags(text: str) -> list[Token]:
    """Tokens of kind text, open and close, every open one closed in the right order."""
    found: list[Token] = []
    starts: list[int] = []
    position = 0
    for match in _TAG.finditer(text):
        name = _tag_name(match)
        if not name and not match["close"]:
            continue
        if match["close"] and not (starts and _closes(found[starts[-1]].value, match["name"])):
            continue
        if match.start() > position:
            found.append(_token(("text", text[position : match.start()])))
        position = match.end()
        if match["close"]:
            found.append(_token(("close", found[starts.pop()].value)))
        else:
            starts.append(len(found))
            found.append(_token(("open", name)))
    if position < len(text):
        found.append(_token(("text", text[position:])))
    return _without_unclosed(found, starts)


def _tag_name(match: re.Match[str]) -> str:
    if match["name"] != "span":
        return "" if match["attributes"] else match["name"]
    attributes = match["attributes"] or ""
    return "nocase" if "nocase" in attributes else "sc" if attributes else ""


def _closes(opened: str, name: str) -> bool:
    return opened == name or (name == "span" and opened in ("nocase", "sc"))


def _without_unclosed(found: list[Token], starts: list[int]) -> list[Token]:
    for index in starts:
        found[index] = _token(("text", SOURCE[found[index].value]))
    return found


SOURCE = {
    **{name: f"<{name}>" for name in COMMANDS},
    "nocase": '<span class="nocase">',
    "sc": '<span style="font-variant:small-caps;">',
}
"""How each opening tag is spelled in CSL text."""
