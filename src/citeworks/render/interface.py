"""What a rendering engine is: records and a style in, formatted text out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from citeworks.model import Record

FORMATS = ("text", "html", "markdown", "latex", "rtf")
"""The output formats of bibliographies; an engine may lack some."""


class Renderer(Protocol):
    """An engine that was made for one style, locale and output format.

    Entries come in the order of the style. A truncated name list ends in the locale's *et al.*
    """

    formats: ClassVar[tuple[str, ...]]
    makes_links: ClassVar[bool]

    def bibliography(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """The entries as pairs of citation key and formatted text."""
        ...
