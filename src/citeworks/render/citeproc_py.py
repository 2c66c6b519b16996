"""The second opinion: citeproc-py behind the `Renderer` protocol. The only door to it.

citeproc-py neither escapes its output nor knows truncated name lists, open dates and broken
styles; all of that is arranged here, around it. Formatting travels as private-use characters,
which no text-case or punctuation rule touches, and becomes tags at the very end, when everything
else has been escaped. A stand-in name marks the end of a truncated list and becomes the locale's
*et al.*
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from itertools import takewhile
from types import SimpleNamespace
from typing import Any, ClassVar

from citeworks.csl_json import item_from_record
from citeworks.errors import StyleError
from citeworks.model import Record
from citeworks.model.variables import DATE_VARIABLES, VARIABLES
from citeworks.render.locales import known_locale, nearest_locale
from citeworks.render.styles import Style

FIRST, LATER = "\ue000", "\ue001"
"""Stand-ins for *et al.* after one name, and after more than one."""

_MARKUP: dict[str, tuple[str, str, str]] = {
    "i": ("<i>", "</i>", "*"),
    "b": ("<b>", "</b>", "**"),
    "sup": ("<sup>", "</sup>", "^"),
    "sub": ("<sub>", "</sub>", "~"),
    "u": ("<u>", "</u>", ""),
    "small-caps": ('<span style="font-variant:small-caps">', "</span>", ""),
}
"""Each kind of formatting: how HTML opens and closes it, and Markdown's mark."""

_MARKS = {
    name: (chr(0xE010 + 2 * index), chr(0xE011 + 2 * index)) for index, name in enumerate(_MARKUP)
}
_OPENING = "".join(opening for opening, _ in _MARKS.values())
_HTML = {
    ord(mark): tag
    for name, marks in _MARKS.items()
    for mark, tag in zip(marks, _MARKUP[name], strict=False)
}
_MARKDOWN = {ord(mark): _MARKUP[name][2] for name, marks in _MARKS.items() for mark in marks}
_TEXT = dict.fromkeys(_HTML, "")
_STAND_IN = re.compile(f"([{FIRST}{LATER}])")
_LABEL = re.compile(r"\A(\[\d+\]|\(\d+\)|\d+[.)])(?=\S)")
"""The number in front of an entry, which citeproc-py sets without a space."""

_OUR_CHARACTERS = re.compile("[\ue000-\ue0ff]")
_RICH = re.compile(
    r"<(?:(?P<open>i|b|sup|sub)|(?P<close>/(?:i|b|sup|sub|span))"
    r"|span (?P<span>style=\"font-variant: ?small-caps;?\"|class=\"nocase\"))>"
)
_MARKDOWN_SPECIAL = re.compile(
    r"[\\`*\[\]<>~$^]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|\A(?:[#+-](?=\s)|-(?=-))"
)


class CiteprocPyRenderer:
    """Renders with citeproc-py, one style and one output format.

    Raises StyleError for a locale that does not exist.
    """

    formats: ClassVar[tuple[str, ...]] = ("text", "html", "markdown")
    makes_links: ClassVar[bool] = False

    def __init__(self, style: Style, locale: str = "", output: str = "text") -> None:
        self._style = style
        self._locale = known_locale(locale) if locale else nearest_locale(style.locale)
        self._finish = {"text": _to_text, "markdown": _to_markdown, "html": _to_html}[output]

    def bibliography(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """The entries as pairs of citation key and formatted text, in the style's order.

        A style without a bibliography gives none. Raises StyleError for a broken style.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                made = self._render(records)
            except Exception as error:
                raise StyleError(
                    f"citeproc-py cannot use the style {self._style.name!r}: "
                    f"{str(error) or type(error).__name__}",
                    hint="the style may be broken; try another one, or the built-in processor",
                ) from error
        return [(records[number].key, self._finish(text)) for number, text in made]

    def _render(self, records: Sequence[Record]) -> list[tuple[int, str]]:
        from citeproc import (
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
        )
        from citeproc.source.json import CiteProcJSON

        style = CitationStylesStyle(
            BytesIO(self._style.xml.encode("utf-8", "replace")), self._locale, validate=False
        )
        if not style.has_bibliography():
            return []
        items = [{**_item(record), "id": number} for number, record in enumerate(records)]
        made = CitationStylesBibliography(style, CiteProcJSON(items), _FORMATTER)
        for number in range(len(items)):
            made.register(Citation([CitationItem(str(number))]))
        made.sort()
        term, joiners = str(style.root.get_single_term("et-al")) or "et al.", _and_words(style.root)
        align = style.root.bibliography.get("second-field-align") is not None
        texts = (_end_lists(str(text), term, joiners) for text in made.bibliography())
        return [
            (int(number), _LABEL.sub(r"\1 ", text) if align else text)
            for number, text in zip(made.keys, texts, strict=True)
        ]


def _item(record: Record) -> dict[str, Any]:
    """The record as citeproc-py takes it: marked up, truncation marked, dates it can read."""
    written = item_from_record(record)
    item = {name: _mark(written[name]) for name in VARIABLES if name in written}
    item.update((name, _date(item[name])) for name in DATE_VARIABLES & item.keys())
    for variable in record.custom.get("et-al", ()):
        if names := item.get(variable):
            names.append({"literal": FIRST if len(names) == 1 else LATER})
    return {"type": record.type, **item}


def _date(date: dict[str, Any]) -> dict[str, Any]:
    """An open end as the year 0, which is citeproc-py's way; an open beginning as text.

    citeproc-py prints nothing for a range within a year: that becomes the parts the ends share.
    """
    parts = date.get("date-parts", [])
    if len(parts) == 2 and not parts[0]:
        return {"literal": "–" + "-".join(map(str, parts[1]))}
    if len(parts) == 2 and parts[0][:1] == parts[1][:1]:
        pairs = zip(*parts, strict=False)
        parts = [[first for first, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]]
    return {**date, "date-parts": [each or [0] for each in parts]} if parts else date


def _mark(value: Any) -> Any:
    if isinstance(value, str):
        return _mark_text(value)
    if isinstance(value, list):
        return [_mark(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _mark(each) for name, each in value.items()}
    return value


def _mark_text(text: str) -> str:
    """Rich text to marks; a tag without its partner is text like any other.

    ``<span class="nocase">`` stays: citeproc-py reads it.
    """
    text = _OUR_CHARACTERS.sub("\ufffd", text)
    if "<" not in text:
        return text
    replacements: dict[int, tuple[int, str]] = {}
    opened: list[tuple[str, re.Match[str]]] = []
    for match in _RICH.finditer(text):
        if not match["close"]:
            opened.append((match["open"] or "span", match))
        elif opened and opened[-1][0] == match["close"][1:]:
            _, first = opened.pop()
            if first["span"] != 'class="nocase"':
                marks = _MARKS[first["open"] or "small-caps"]
                replacements[first.start()] = (first.end(), marks[0])
                replacements[match.start()] = (match.end(), marks[1])
    pieces: list[str] = []
    end = 0
    for start in sorted(replacements):
        pieces.append(text[end:start])
        end, mark = replacements[start]
        pieces.append(mark)
    return "".join([*pieces, text[end:]])


def _and_words(root: Any) -> list[str]:
    words = {str(root.get_single_term("and")), "and", "&"}
    return sorted(word for word in words if word)


def _end_lists(text: str, term: str, joiners: Sequence[str]) -> str:
    """The text with the term for *et al.* where a stand-in is, without the *and* before it."""
    pieces = _STAND_IN.split(text)
    for index in range(1, len(pieces), 2):
        pieces[index - 1] = _before_et_al(pieces[index - 1], pieces[index], joiners)
        pieces[index] = term
        if term.endswith("."):
            pieces[index + 1] = pieces[index + 1].removeprefix(".")
    return "".join(pieces)


def _before_et_al(text: str, stand_in: str, joiners: Sequence[str]) -> str:
    names = text.rstrip(_OPENING)
    marks = text[len(names) :]
    names = names.rstrip()
    for word in joiners:
        if names.endswith((f" {word}", f"\u00a0{word}")):
            names = names[: -len(word)].rstrip()
            break
    if stand_in == FIRST:
        names = names.rstrip(",; ")
    elif not names.endswith((",", ";")):
        names += ","
    return f"{names} {marks}"


def _wrap(name: str) -> Callable[[str], str]:
    opening, closing = _MARKS[name]
    return lambda text: f"{opening}{text}{closing}"


_FORMATTER = SimpleNamespace(
    preformat=str,
    Italic=_wrap("i"),
    Oblique=_wrap("i"),
    Bold=_wrap("b"),
    Light=str,
    Underline=_wrap("u"),
    Superscript=_wrap("sup"),
    Subscript=_wrap("sub"),
    SmallCaps=_wrap("small-caps"),
)


def _to_html(text: str) -> str:
    return f'<div class="csl-entry">{html.escape(text, quote=False).translate(_HTML)}</div>'


def _to_text(text: str) -> str:
    return text.translate(_TEXT)


def _to_markdown(text: str) -> str:
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\g<0>", text)
    return _without_nested(escaped).translate(_MARKDOWN)


def _without_nested(text: str) -> str:
    """The text without marks inside marks of the same kind: Markdown would read them as ends."""
    depth = dict.fromkeys(_HTML, 0)

    def keep(match: re.Match[str]) -> str:
        code = ord(match[0])
        opening = code & ~1
        depth[opening] += 1 if code == opening else -1
        return match[0] if depth[opening] == (code == opening) else ""

    return _OUR_CHARACTERS.sub(keep, text)
