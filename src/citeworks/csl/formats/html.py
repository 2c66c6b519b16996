"""HTML as the CSL test-suite prints it: always escaped, `csl-` classes on blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from citeworks.csl.formats.text import Pair, TextFormat

_ESCAPES = str.maketrans({"&": "&#38;", "<": "&#60;", ">": "&#62;"})
_SUPERSCRIPTS = {
    "ª": "a", "²": "2", "³": "3", "¹": "1", "º": "o", "ʰ": "h", "ʱ": "ɦ", "ʲ": "j", "ʳ": "r",
    "ʴ": "ɹ", "ʵ": "ɻ", "ʶ": "ʁ", "ʷ": "w", "ʸ": "y", "ˠ": "ɣ", "ˡ": "l", "ˢ": "s", "ˣ": "x",
    "ˤ": "ʕ", "ᴬ": "A", "ᴮ": "B", "ᴰ": "D", "ᴱ": "E", "ᴳ": "G", "ᴴ": "H", "ᴵ": "I", "ᴶ": "J",
    "ᴷ": "K", "ᴸ": "L", "ᴹ": "M", "ᴺ": "N", "ᴼ": "O", "ᴾ": "P", "ᴿ": "R", "ᵀ": "T", "ᵁ": "U",
    "ᵂ": "W", "ᵃ": "a", "ᵇ": "b", "ᵈ": "d", "ᵉ": "e", "ᵍ": "g", "ᵏ": "k", "ᵐ": "m", "ᵒ": "o",
    "ᵖ": "p", "ᵗ": "t", "ᵘ": "u", "ᵛ": "v", "ᶜ": "c", "ᶠ": "f", "ᶻ": "z", "⁰": "0", "ⁱ": "i",
    "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁺": "+", "⁻": "−", "⁼": "=",
    "⁽": "(", "⁾": ")", "ⁿ": "n",
}  # fmt: skip
_SUPERSCRIPT = re.compile("[" + "".join(_SUPERSCRIPTS) + "]")
_UNSAFE = re.compile(r"[&<>]")


def _raise(match: re.Match[str]) -> str:
    return f"<sup>{_SUPERSCRIPTS[match.group()]}</sup>"


class HtmlFormat(TextFormat):
    """Writes tokens as HTML."""

    name = "html"
    marks: ClassVar[Mapping[Pair, Pair]] = {
        ("font-style", "italic"): ("<i>", "</i>"),
        ("font-style", "oblique"): ("<em>", "</em>"),
        ("font-style", "normal"): ('<span style="font-style:normal;">', "</span>"),
        ("font-variant", "small-caps"): ('<span style="font-variant:small-caps;">', "</span>"),
        ("font-variant", "normal"): ('<span style="font-variant:normal;">', "</span>"),
        ("font-weight", "bold"): ("<b>", "</b>"),
        ("font-weight", "normal"): ('<span style="font-weight:normal;">', "</span>"),
        ("font-weight", "light"): ('<span style="font-weight:lighter;">', "</span>"),
        ("text-decoration", "underline"): ('<span style="text-decoration:underline;">', "</span>"),
        ("text-decoration", "none"): ('<span style="text-decoration:none;">', "</span>"),
        ("vertical-align", "sup"): ("<sup>", "</sup>"),
        ("vertical-align", "sub"): ("<sub>", "</sub>"),
        ("vertical-align", "baseline"): ('<span style="baseline">', "</span>"),
        ("display", "block"): ('\n\n    <div class="csl-block">', "</div>\n"),
        ("display", "left-margin"): ('\n    <div class="csl-left-margin">', "</div>"),
        ("display", "right-inline"): ('<div class="csl-right-inline">', "</div>\n  "),
        ("display", "indent"): ('<div class="csl-indent">', "</div>\n  "),
    }

    def escape(self, text: str) -> str:
        """Markup characters as numbers; Unicode superscripts as tags."""
        if _UNSAFE.search(text):
            text = text.translate(_ESCAPES)
        if text.isascii():
            return text
        return _SUPERSCRIPT.sub(_raise, text)

    def link(self, target: str, text: str) -> str:
        """An anchor, if the target is one that may be followed."""
        if not target.startswith(("http://", "https://")):
            return text
        return f'<a href="{target.translate(_ESCAPES).replace(chr(34), "&#34;")}">{text}</a>'

    def entry(self, body: str) -> str:
        """The entry in its own block."""
        return f'<div class="csl-entry">{body}</div>'
