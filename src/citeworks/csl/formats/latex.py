"""LaTeX for any engine that reads UTF-8."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from citeworks.csl.formats.text import Pair, TextFormat

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
        "^": r"\textasciicircum{}", "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}",
        "\u00a0": "~", "[": "{[}", "]": "{]}",
    }
)  # fmt: skip
_URL_ESCAPES = str.maketrans(
    {"\\": "%5C", "{": "%7B", "}": "%7D", "%": r"\%", "#": r"\#", "&": r"\&", "^": "%5E",
     "~": r"\~{}", "_": r"\_", "$": r"\$", " ": "%20"}
)  # fmt: skip


class LatexFormat(TextFormat):
    """Writes tokens as LaTeX."""

    name = "latex"
    marks: ClassVar[Mapping[Pair, Pair]] = {
        ("font-style", "italic"): (r"\textit{", "}"),
        ("font-style", "oblique"): (r"\textsl{", "}"),
        ("font-style", "normal"): (r"\textup{", "}"),
        ("font-weight", "bold"): (r"\textbf{", "}"),
        ("font-weight", "normal"): (r"\textmd{", "}"),
        ("font-variant", "small-caps"): (r"\textsc{", "}"),
        ("font-variant", "normal"): (r"\textup{", "}"),
        ("text-decoration", "underline"): (r"\underline{", "}"),
        ("vertical-align", "sup"): (r"\textsuperscript{", "}"),
        ("vertical-align", "sub"): (r"\textsubscript{", "}"),
        ("display", "block"): ("\n\n", "\n\n"),
        ("display", "left-margin"): ("", " "),
        ("display", "indent"): ("\n\n", "\n\n"),
    }

    def escape(self, text: str) -> str:
        """Characters that TeX reads, as commands."""
        return text.translate(_ESCAPES)

    def link(self, target: str, text: str) -> str:
        """A `hyperref` link."""
        if not target.startswith(("http://", "https://")):
            return text
        return rf"\href{{{target.translate(_URL_ESCAPES)}}}{{{text}}}"
