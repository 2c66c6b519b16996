"""Pandoc's document tree in JSON (pandoc-types 1.22 and later): its citations, and ours put in.

Knows the shapes of ``Cite``, ``Note`` and inlines. Refuses to know styles; formatted texts come in
as the processor's HTML, whose few tags become Pandoc's inlines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from citeworks.documents.locators import read_locator
from citeworks.documents.pandoc import Cite, Group

Element = dict[str, Any]

_TAGS = {
    "i": "Emph", "em": "Emph", "b": "Strong", "strong": "Strong", "sup": "Superscript",
    "sub": "Subscript",
}  # fmt: skip
_PUNCTUATION = frozenset(".,;:!?")
_NOTHING = ({"t": "Str", "c": ""},)
_SPACES = ("Space", "SoftBreak")
_ENDS_SENTENCE = re.compile(r"\.[”’»\"'*]*\Z")


@dataclass(slots=True)
class Found:
    """A ``Cite`` of the tree: the citation, and the number of the footnote it stands in (or 0)."""

    element: Element
    group: Group
    footnote: int


def find_citations(document: Element) -> list[Found]:
    """The citations in the order of the tree; the footnotes are numbered from 1."""
    found: list[Found] = []
    count = 0

    def walk(node: Any, note: int) -> None:
        nonlocal count
        if isinstance(node, list):
            for each in node:
                walk(each, note)
        elif isinstance(node, dict):
            kind, content = node.get("t"), node.get("c")
            if kind == "Cite" and isinstance(content, list):
                found.append(Found(node, _group(content[0]), note))
                return
            if kind == "Note":
                count += 1
                note = count
            walk(content, note)

    walk(document.get("blocks", []), 0)
    return found


def _group(citations: list[Element]) -> Group:
    modes = [citation["citationMode"]["t"] for citation in citations]
    cites = tuple(_cite(citation, mode) for citation, mode in zip(citations, modes, strict=True))
    return Group(0, 0, cites, bool(modes) and modes[0] == "AuthorInText")


def _cite(citation: Element, mode: str) -> Cite:
    after = rich_text(citation["citationSuffix"])
    located = read_locator(after if after[:1] in (",", " ", "\u00a0", "") else f" {after}")
    suffix = located.rest if located.locator else after
    return Cite(
        citation["citationId"],
        rich_text(citation["citationPrefix"]),
        located.locator,
        located.label,
        suffix,
        mode == "SuppressAuthor",
    )


def rich_text(inlines: list[Element]) -> str:
    """Inlines as text with Markdown's emphasis."""
    return "".join(_inline_text(inline) for inline in inlines)


def _inline_text(inline: Element) -> str:
    kind, content = inline["t"], inline.get("c")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind == "Str":
        return str(content)
    if kind in ("Emph", "Strong") and isinstance(content, list):
        mark = "*" if kind == "Emph" else "**"
        return f"{mark}{rich_text(content)}{mark}"
    if kind in ("Code", "Math", "RawInline") and isinstance(content, list):
        return str(content[-1])
    if kind in ("Span", "Link", "Quoted", "Cite") and isinstance(content, list):
        inside = rich_text(content[1])
        return f'"{inside}"' if kind == "Quoted" else inside
    return rich_text(content) if isinstance(content, list) else ""


def meta_text(document: Element, name: str) -> str:
    """A value of the metadata as text; the items of a list stand on lines of their own."""
    return "\n".join(_meta_texts(document.get("meta", {}).get(name)))


def _meta_texts(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    kind, content = value.get("t"), value.get("c")
    if kind == "MetaString":
        yield str(content)
    elif kind == "MetaBool":
        yield "true" if content else "false"
    elif kind == "MetaInlines" and isinstance(content, list):
        yield rich_text(content)
    elif kind in ("MetaList", "MetaBlocks") and isinstance(content, list):
        for each in content:
            if each.get("t") in ("Para", "Plain"):
                yield rich_text(each["c"])
            else:
                yield from _meta_texts(each)


def put_citation(found: Found, inlines: list[Element]) -> None:
    """Make a ``Cite`` show these inlines."""
    found.element["c"][1] = inlines


def move_notes(document: Element) -> None:
    """Footnotes that citations make go behind the punctuation that follows, and take no space.

    A citation that ends a sentence by itself takes the full stop that follows.
    """

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            walk(node.get("c"))
        elif isinstance(node, list):
            _move_in(node)
            for each in node:
                walk(each)

    walk(document.get("blocks", []))


def _move_in(inlines: list[Any]) -> None:
    for at, cite in enumerate(inlines):
        if not (isinstance(cite, dict) and cite.get("t") == "Cite" and cite["c"][1]):
            continue
        after: Any = inlines[at + 1] if at + 1 < len(inlines) else None
        sign = _sign_of(after)
        shown = cite["c"][1]
        if shown[-1].get("t") != "Note":
            if sign == "." and _ENDS_SENTENCE.search(rich_text(shown)):
                after["c"] = after["c"][1:]
            if shown[0] in _NOTHING or shown[0].get("t") == "Superscript":
                _take_space(inlines, at)
            continue
        if sign:
            after["c"] = after["c"][1:]
            shown.insert(len(shown) - 1, {"t": "Str", "c": sign})
        if len(shown) <= 1 + bool(sign):
            _take_space(inlines, at)


def _take_space(inlines: list[Any], at: int) -> None:
    """Let nothing stand between the inline at a place and what comes before."""
    if at and inlines[at - 1].get("t") in _SPACES:
        inlines[at - 1] = {"t": "Str", "c": ""}


def _sign_of(node: Any) -> str:
    """The punctuation that an inline begins with."""
    is_text = isinstance(node, dict) and node.get("t") == "Str"
    return node["c"][0] if is_text and node["c"][:1] in _PUNCTUATION and node["c"] else ""


def note_of(inlines: list[Element]) -> Element:
    """A footnote that holds the inlines."""
    return {"t": "Note", "c": [{"t": "Para", "c": inlines}]}


def bibliography_block(entries: list[tuple[str, str]], hanging: bool) -> Element:
    """The bibliography as Pandoc itself makes it: a block ``refs`` with a block for each entry."""
    classes = ["references", "csl-bib-body", *(["hanging-indent"] if hanging else [])]
    rows = [
        _div(f"ref-{key}", ["csl-entry"], [{"t": "Para", "c": inlines_of(html)}])
        for key, html in entries
    ]
    return _div("refs", classes, rows)


def put_bibliography(document: Element, block: Element) -> None:
    """Into the block that is called ``refs``, or at the end."""
    for node in _blocks(document.get("blocks", [])):
        if node.get("t") == "Div" and node["c"][0][0] == "refs":
            node["c"] = [[node["c"][0][0], block["c"][0][1], node["c"][0][2]], block["c"][1]]
            return
    document["blocks"].append(block)


def _blocks(blocks: list[Element]) -> Iterator[Element]:
    for block in blocks:
        yield block
        if block.get("t") == "Div":
            yield from _blocks(block["c"][1])


def _div(name: str, classes: list[str], blocks: list[Element]) -> Element:
    return {"t": "Div", "c": [[name, classes, []], blocks]}


@dataclass(slots=True)
class _Open:
    make: Any
    inlines: list[Element] = field(default_factory=list)


class _Reader(HTMLParser):
    """The processor's HTML as inlines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [_Open(None)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an inline element."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            target = [given.get("href", ""), ""]
            make = lambda inside: {"t": "Link", "c": [["", [], []], inside, target]}  # noqa: E731
        elif "small-caps" in given.get("style", ""):
            make = lambda inside: {"t": "SmallCaps", "c": inside}  # noqa: E731
        elif tag in _TAGS:
            make = lambda inside: {"t": _TAGS[tag], "c": inside}  # noqa: E731
        else:
            classes = given.get("class", "").split()
            make = lambda inside: {"t": "Span", "c": [["", classes, []], inside]}  # noqa: E731
        self.stack.append(_Open(make))

    def handle_endtag(self, tag: str) -> None:
        """Close it and put it into the one around it."""
        if len(self.stack) > 1:
            done = self.stack.pop()
            made = done.make(done.inlines)
            self.stack[-1].inlines.append(made)
            if made["t"] == "Span" and "csl-left-margin" in made["c"][0][1]:
                self.stack[-1].inlines.append({"t": "Space"})

    def handle_data(self, data: str) -> None:
        """Words, with the spaces between them."""
        words = data.replace("\n", " ").split(" ")
        for at, word in enumerate(words):
            if at:
                self.stack[-1].inlines.append({"t": "Space"})
            if word:
                self.stack[-1].inlines.append({"t": "Str", "c": word})


def inlines_of(html: str) -> list[Element]:
    """The processor's HTML as Pandoc's inlines; the block around an entry is left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    while len(reader.stack) > 1:
        reader.handle_endtag("")
    inlines = reader.stack[0].inlines
    if len(inlines) == 1 and inlines[0]["t"] == "Span" and "csl-entry" in inlines[0]["c"][0][1]:
        inlines = inlines[0]["c"][1]
    return [each for each in inlines if each not in _NOTHING] or list(_NOTHING)
