"""Reads style and locale XML into `Element` trees: the only module that sees style XML.

Knows CSL's namespace, which elements a style needs, and the bounds that keep hostile XML out:
no document types, no entities, bounded nesting, no macro that calls itself or grows without end.
Refuses to know what the elements mean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from citeworks.csl.style import Area, Element, Style
from citeworks.errors import Location, StyleError

_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_MAX_DEPTH = 200
_MAX_SIZE = 8_000_000
_MAX_EXPANDED = 2_000_000
_TEXT_ELEMENTS = frozenset("single multiple term".split())
_SKIPPED = frozenset("info".split())


_REFERENCE = re.compile(r"&#(\d{1,7}|x[0-9a-fA-F]{1,6});")


def _decoded(text: str) -> str:
    """The text with character references that were escaped once too often resolved."""
    return _REFERENCE.sub(_character, text) if "&#" in text else text


def _character(match: re.Match[str]) -> str:
    digits = match.group(1)
    code = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return chr(code) if code < 0x110000 else match.group()


class _Open:
    """An element under construction."""

    __slots__ = ("attributes", "children", "kind", "line", "pieces")

    def __init__(self, kind: str, attributes: dict[str, str], line: int) -> None:
        self.kind, self.attributes, self.line = kind, attributes, line
        self.children: list[Element] = []
        self.pieces: list[str] = []

    def close(self) -> Element:
        text = _decoded("".join(self.pieces)) if self.pieces else ""
        return Element(self.kind, self.attributes, tuple(self.children), text, self.line)


class _TreeBuilder:
    """Collects expat's events into one `Element`."""

    def __init__(self) -> None:
        self.stack: list[_Open] = []
        self.root: Element | None = None
        self.skipping = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise _error("document types and entities are not allowed", self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, kind = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        if self.skipping or namespace not in (_NAMESPACE, "") or kind in _SKIPPED:
            self.skipping += 1
            return
        if len(self.stack) >= _MAX_DEPTH:
            raise _error(f"<{kind}> is nested too deeply", line)
        if any(" " in key for key in attributes):
            attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if any("&#" in value for value in attributes.values()):
            attributes = {key: _decoded(value) for key, value in attributes.items()}
        self.stack.append(_Open(kind, attributes, line))

    def _end(self, _name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        element = self.stack.pop().close()
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element

    def _characters(self, text: str) -> None:
        if self.stack and not self.skipping and self.stack[-1].kind in _TEXT_ELEMENTS:
            self.stack[-1].pieces.append(text)


def parse_style(xml: str) -> Style:
    """Read a whole independent style; `StyleError` names the line and element at fault."""
    root = parse_tree(xml, "style")
    macros = {child.get("name"): child for child in root.children if child.kind == "macro"}
    citation = _area(root, "citation")
    if citation is None:
        link = " (is it a dependent style?)" if not macros else ""
        raise _error(f"<style> has no <citation>{link}", root.line)
    bibliography = _area(root, "bibliography")
    locales = tuple(child for child in root.children if child.kind == "locale")
    areas = [area for area in (citation, bibliography) if area]
    _check_macros(macros, [part for area in areas for part in (area.layout, *area.keys)])
    return Style(root.attributes, macros, locales, citation, bibliography)


def parse_tree(xml: str, kind: str) -> Element:
    """The root element of an XML text, which must be of that kind."""
    if len(xml) > _MAX_SIZE:
        raise _error("the text is too large for a style or locale", 0)
    builder = _TreeBuilder()
    try:
        builder.parser.Parse(_as_bytes(xml), True)
    except expat.ExpatError as error:
        raise _error(str(expat.ErrorString(error.code)), error.lineno, error.offset + 1) from error
    root = builder.root
    if root is None or root.kind != kind:
        found = root.kind if root else "nothing"
        raise _error(f"expected a CSL <{kind}>, found <{found}>", root.line if root else 1)
    return root


def _as_bytes(xml: str) -> bytes:
    text = xml.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        # The declared encoding was used up when the bytes became text; the line count stays.
        declaration, closed, rest = text.partition("?>")
        text = " " * closed.count("?>") + "\n" * declaration.count("\n") + rest
    return text.encode("utf-8", "replace")


def _area(root: Element, kind: str) -> Area | None:
    element = root.find(kind)
    if element is None:
        return None
    layout = element.find("layout")
    if layout is None:
        raise _error(f"<{kind}> has no <layout>", element.line)
    sort = element.find("sort")
    return Area(kind, element.attributes, layout, sort.children if sort else ())


def _check_macros(macros: Mapping[str, Element], roots: list[Element]) -> None:
    """Refuse unknown macros, recursion, and expansion beyond reason."""
    sizes: dict[str, int] = {}
    active: set[str] = set()

    def macro_size(element: Element, name: str) -> int:
        if name in active:
            raise _error(f'macro "{name}" calls itself', element.line)
        if name not in macros:
            raise _error(f'<{element.kind}> calls the unknown macro "{name}"', element.line)
        if name not in sizes:
            if len(active) >= _MAX_DEPTH:
                raise _error("macros call each other too deeply", element.line)
            active.add(name)
            sizes[name] = size(macros[name])
            active.discard(name)
        return sizes[name]

    def size(element: Element) -> int:
        total = 1 + sum(size(child) for child in element.children)
        name = element.attributes.get("macro")
        if name is not None:
            total += macro_size(element, name)
        if total > _MAX_EXPANDED:
            raise _error("macros expand beyond reason", element.line)
        return total

    for root in roots:
        size(root)


def _error(message: str, line: int, column: int = 0) -> StyleError:
    return StyleError(message, location=Location("", line, column))
