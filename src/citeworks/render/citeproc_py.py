"""The second opinion: citeproc-py behind the `Renderer` protocol. The only door to it.

citeproc-py neither escapes HTML nor knows truncated name lists; both are arranged here, around it:
values go in escaped, and a stand-in name marks the end of a truncated list and becomes the
locale's *et al.* afterwards. Other formats are made from the HTML.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from citeworks.csl_json import item_from_record
from citeworks.errors import StyleError
from citeworks.model import Record
from citeworks.render.locales import load_locale, locale_paths
from citeworks.render.styles import Style

FIRST, LATER = "\ue000", "\ue001"
"""Stand-ins for *et al.* after one name, and after more than one."""

_TAGS = re.compile(r"&lt;(/?(?:i|b|sup|sub|span)(?: [^&<>]*)?)&gt;")
_AND = r"(?:(?:&amp;|[^\W\d_]{1,4})\s+)?"
_STAND_IN = re.compile(rf",?\s*{_AND}({FIRST}|{LATER})\.?")
_ET_AL = re.compile(r'<term name="et-al">([^<]+)</term>')
_MARKDOWN = {"i": "*", "b": "**", "sup": "^", "sub": "~"}
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>])")


class CiteprocPyRenderer:
    """Renders with citeproc-py, one style and one output format."""

    def __init__(self, style: Style, locale: str = "", output: str = "text") -> None:
        self._style = style
        self._locale = locale or style.locale
        self._finish = {"text": _to_text, "markdown": _to_markdown, "html": _to_html}[output]
        self._et_al = _et_al_term(self._locale or "en-US")

    def bibliography(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """The entries as pairs of citation key and formatted text, in the style's order."""
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
        )
        from citeproc.source.json import CiteProcJSON
        from lxml.etree import XMLSyntaxError

        items = {str(number): _escaped_item(record) for number, record in enumerate(records)}
        source = CiteProcJSON([{**item, "id": number} for number, item in items.items()])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                style = CitationStylesStyle(
                    BytesIO(self._style.xml.encode()), locale=self._locale or None, validate=False
                )
            except (XMLSyntaxError, ValueError) as error:
                raise StyleError(f"the style {self._style.name!r} is broken: {error}") from error
            if not style.has_bibliography():
                return []
            made = CitationStylesBibliography(style, source, _FORMATTER)
            for number in items:
                made.register(Citation([CitationItem(number)]))
            made.sort()
            texts = made.bibliography()
        return [
            (records[int(number)].key, self._entry(str(text)))
            for number, text in zip(made.keys, texts, strict=True)
        ]

    def _entry(self, text: str) -> str:
        return self._finish(_STAND_IN.sub(self._end_of_list, text))

    def _end_of_list(self, match: re.Match[str]) -> str:
        return f"{' ' if match[1] == FIRST else ', '}{self._et_al}"


def _escaped_item(record: Record) -> dict[str, Any]:
    item = item_from_record(record)
    item.pop("custom", None)
    for variable in record.custom.get("et-al", ()):
        names = item.get(variable)
        if names:
            names.append({"literal": FIRST if len(names) == 1 else LATER})
    return {name: _escape(value) for name, value in item.items()}


def _escape(value: Any) -> Any:
    if isinstance(value, str):
        return _TAGS.sub(lambda match: f"<{match[1]}>", html.escape(value, quote=False))
    if isinstance(value, list):
        return [_escape(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _escape(each) for name, each in value.items()}
    return value


@cache
def _et_al_term(locale: str) -> str:
    known = locale_paths()
    language = locale.split("-")[0]
    fallback = next((tag for tag in sorted(known) if tag.split("-")[0] == language), "en-US")
    found = _ET_AL.search(load_locale(locale if locale in known else fallback) or "")
    return found[1] if found else "et al."


def _wrap(opening: str, closing: str) -> Any:
    return lambda text: f"{opening}{text}{closing}"


_FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=_wrap("<i>", "</i>"),
    Oblique=_wrap("<i>", "</i>"),
    Bold=_wrap("<b>", "</b>"),
    Light=str,
    Underline=_wrap("<u>", "</u>"),
    Superscript=_wrap("<sup>", "</sup>"),
    Subscript=_wrap("<sub>", "</sub>"),
    SmallCaps=_wrap('<span style="font-variant:small-caps">', "</span>"),
)


def _to_html(text: str) -> str:
    return f'<div class="csl-entry">{text}</div>'


def _to_text(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _to_markdown(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for tag in _TAG.finditer(text):
        pieces += [_markdown_text(text[end : tag.start()]), _MARKDOWN.get(tag[2], "")]
        end = tag.end()
    return "".join([*pieces, _markdown_text(text[end:])])


def _markdown_text(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", html.unescape(text))
