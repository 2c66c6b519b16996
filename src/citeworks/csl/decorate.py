"""The attributes every rendering element shares: affixes, formatting, case, quotes, display.

Knows how they nest (case inside formatting inside quotes inside affixes inside display); refuses
to know what they are put on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from citeworks.csl.locale import Locale
from citeworks.csl.output import Format, Node, Out, copy
from citeworks.csl.textcase import apply_case

FORMATTING = ("vertical-align", "text-decoration", "font-weight", "font-variant", "font-style")
"""Outermost first."""


class Decoration:
    """What is put around the content of one element."""

    __slots__ = (
        "case", "display", "format", "is_plain", "prefix", "quotes", "strip", "suffix", "turkic",
    )  # fmt: skip

    def __init__(self, attributes: Mapping[str, str], *, turkic: bool = False) -> None:
        get = attributes.get
        self.prefix = get("prefix", "")
        self.suffix = get("suffix", "")
        self.format: Format = tuple(
            (name, attributes[name]) for name in FORMATTING if attributes.get(name)
        )
        self.case = get("text-case", "")
        self.quotes = get("quotes") == "true"
        self.strip = get("strip-periods") == "true"
        self.display = get("display", "")
        self.turkic = turkic
        self.is_plain = not (
            self.prefix or self.suffix or self.format or self.quotes or self.display
        )

    def apply(
        self,
        content: Out | None,
        *,
        english: bool = True,
        affixes: bool = True,
        role: str = "",
        turkic: bool = False,
    ) -> Out | None:
        """The content decorated; None for none."""
        if not content:
            return None
        if self.case:
            content = apply_case(content, self.case, english=english, turkic=turkic or self.turkic)
        if self.strip:
            content = _stripped(content)
        if self.is_plain and not role:
            return content
        return Node(
            [content],
            prefix=self.prefix if affixes else "",
            suffix=self.suffix if affixes else "",
            format=self.format,
            quotes=self.quotes,
            display=self.display,
            role=role,
        )


_PERIOD = re.compile(r"(?<![a-z])\.|\.(?![a-z])")
"""A full stop that does not join two parts of one word, as in ``example.org``."""


def _stripped(out: Out) -> Out:
    """The content without the full stops of abbreviations; identifiers keep theirs."""
    if isinstance(out, str):
        return _PERIOD.sub("", out)
    if out.format and out.format[0][0] == "link":
        return out
    return copy(out, [_stripped(child) for child in out.children])


def read_decoration(attributes: Mapping[str, str], locale: Locale) -> Decoration:
    """The decoration an element's attributes ask for."""
    return Decoration(attributes, turkic=locale.language[:2] in ("tr", "az"))
