"""The output formats, by name: one class each, no other module knows them."""

from __future__ import annotations

from citeworks.csl.formats.html import HtmlFormat
from citeworks.csl.formats.latex import LatexFormat
from citeworks.csl.formats.markdown import MarkdownFormat
from citeworks.csl.formats.rtf import RtfFormat
from citeworks.csl.formats.text import TextFormat

FORMATS: dict[str, type[TextFormat]] = {
    kind.name: kind for kind in (TextFormat, HtmlFormat, MarkdownFormat, LatexFormat, RtfFormat)
}
"""Every output format by its name."""

__all__ = ["FORMATS", "HtmlFormat", "LatexFormat", "MarkdownFormat", "RtfFormat", "TextFormat"]
