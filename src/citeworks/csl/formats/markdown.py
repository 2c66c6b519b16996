"""Markdown in CommonMark's syntax, with pandoc's spans for what it has no mark for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from citeworks.csl.formats.text import Pair, TextFormat

_SPECIAL = re.compile(r"([\\`*_\[\]<>#~^$|])")
_UNSAFE_IN_LINKS = re.compile(r"[<>\s]")
_AT_START = re.compile(r"\A(\d+)([.)])(?=\s)|\A([-+=])(?=\s|\Z)")


class MarkdownFormat(TextFormat):
    """Writes tokens as Markdown."""

    name = "markdown"
    marks: ClassVar[Mapping[Pair, Pair]] = {
        ("font-style", "italic"): ("*", "*"),
        ("font-style", "oblique"): ("*", "*"),
        ("font-weight", "bold"): ("**", "**"),
        ("font-variant", "small-caps"): ("[", "]{.smallcaps}"),
        ("text-decoration", "underline"): ("[", "]{.underline}"),
        ("vertical-align", "sup"): ("^", "^"),
        ("vertical-align", "sub"): ("~", "~"),
        ("display", "block"): ("\n\n", "\n\n"),
        ("display", "left-margin"): ("", " "),
        ("display", "indent"): ("\n\n", "\n\n"),
    }

    def escape(self, text: str) -> str:
        """Characters that Markdown reads, behind a backslash."""
        return _SPECIAL.sub(r"\\\1", text)

    def link(self, target: str, text: str) -> str:
        """An inline link."""
        if not target.startswith(("http://", "https://")):
            return text
        safe = _UNSAFE_IN_LINKS.sub(_percent, target)
        return f"[{text}](<{safe}>)"

    def entry(self, body: str) -> str:
        """The entry as one paragraph that is no list."""
        return _AT_START.sub(_guard, body.strip())


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())


def _guard(match: re.Match[str]) -> str:
    if match.group(3):
        return "\\" + match.group(3)
    return f"{match.group(1)}\\{match.group(2)}"
