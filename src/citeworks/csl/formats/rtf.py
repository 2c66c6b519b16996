"""RTF: control words in groups, everything beyond ASCII as Unicode escapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from citeworks.csl.formats.text import Pair, TextFormat


class RtfFormat(TextFormat):
    """Writes tokens as RTF fragments."""

    name = "rtf"
    marks: ClassVar[Mapping[Pair, Pair]] = {
        ("font-style", "italic"): ("{\\i ", "}"),
        ("font-style", "oblique"): ("{\\i ", "}"),
        ("font-style", "normal"): ("{\\i0 ", "}"),
        ("font-weight", "bold"): ("{\\b ", "}"),
        ("font-weight", "normal"): ("{\\b0 ", "}"),
        ("font-variant", "small-caps"): ("{\\scaps ", "}"),
        ("font-variant", "normal"): ("{\\scaps0 ", "}"),
        ("text-decoration", "underline"): ("{\\ul ", "}"),
        ("text-decoration", "none"): ("{\\ulnone ", "}"),
        ("vertical-align", "sup"): ("{\\super ", "}"),
        ("vertical-align", "sub"): ("{\\sub ", "}"),
        ("display", "block"): ("\\line{}", "\\line{}"),
        ("display", "left-margin"): ("", "\\tab "),
        ("display", "indent"): ("\\line\\tab ", "\\line{}"),
    }

    def escape(self, text: str) -> str:
        """Braces and backslashes escaped; other characters by their UTF-16 units."""
        return "".join(_character(char) for char in text)


def _character(char: str) -> str:
    if char in "\\{}":
        return "\\" + char
    if char == "\n":
        return "\\line{}"
    if char == "\t":
        return "\\tab{}"
    if char < "\x80":
        return char
    units = char.encode("utf-16-le")
    numbers = (
        int.from_bytes(units[at : at + 2], "little", signed=True)
        for at in (0, 2)[: len(units) // 2]
    )
    return "".join(f"\\uc0\\u{number}{{}}" for number in numbers)
