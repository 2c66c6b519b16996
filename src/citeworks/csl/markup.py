"""Rich text in fields: HTML-like tags and quotation marks become nodes of the output tree.

Knows CSL's few tags, straight and curly quotes, and apostrophes; what is not well formed stays
text. Refuses to know any output format.
"""

from __future__ import annotations

import re

from citeworks.csl.output import Format, Node, Out

_MARKUP = re.compile(r"</?(?:i|b|sup|sub|sc)>|<span\s[^<>]*>|</span>|[\"'“”„‘’‚«»‹›]")
_NEEDS_PARSING = re.compile(r"[<\"'“”„‘’‚«»‹›]")
_LONGEST = 50_000
"""Longer fields are printed as they are, tags and all."""
_SIMPLE: dict[str, Format] = {
    "i": (("font-style", "italic"),),
    "b": (("font-weight", "bold"),),
    "sup": (("vertical-align", "sup"),),
    "sub": (("vertical-align", "sub"),),
    "sc": (("font-variant", "small-caps"),),
}
_SMALL_CAPS = re.compile(r"style=[\"']font-variant:\s*small-caps;?[\"']")
_NOCASE = re.compile(r"class=[\"']nocase[\"']")
_NODECOR = re.compile(r"class=[\"']nodecor[\"']")
_BEFORE_OPENING = frozenset(" \t\n\u00a0\u202f([{<-–—/:“‘„«\"'")


class _Frame:
    """An open tag or quote and what stands in it so far."""

    __slots__ = ("children", "closer", "literal", "start")

    def __init__(self, literal: str, closer: str, start: int = 0) -> None:
        self.literal, self.closer, self.start = literal, closer, start
        self.children: list[Out] = []


def parse_markup(text: str, quotes: tuple[str, str, str, str] = ("“", "”", "‘", "’")) -> Out:
    """Rich text in a field as a tree; what is not well formed stays text."""
    if len(text) > _LONGEST or not _NEEDS_PARSING.search(text):
        return text
    return _MarkupParser(text, quotes).parse()


class _MarkupParser:
    """One pass over one field."""

    def __init__(self, text: str, quotes: tuple[str, str, str, str]) -> None:
        self.text = text
        self.stack = [_Frame("", "")]
        self.quoted: list[tuple[int, str, Node]] = []
        self.closing = {mark for mark in (quotes[1], quotes[3]) if len(mark) == 1}
        self.inner = quotes[2]
        pairs = {quotes[2]: quotes[3], quotes[0]: quotes[1]}
        self.pairs = {
            opener: closer
            for opener, closer in pairs.items()
            if len(opener) == 1 and (opener not in self.closing or opener == closer)
        }

    def parse(self) -> Out:
        position = 0
        for match in _MARKUP.finditer(self.text):
            self._add(self.text[position : match.start()])
            position = match.end()
            token = match.group()
            if len(token) == 1:
                self._quote(token, match.start(), position)
            elif token.startswith("</"):
                self._close(token, token)
            else:
                self._open_tag(token)
        self._add(self.text[position:])
        while len(self.stack) > 1:
            self._demote()
        self._tell_quotes_apart()
        children = _merged(self.stack[0].children)
        if len(children) == 1:
            return children[0]
        return Node(children, is_markup=True)

    def _tell_quotes_apart(self) -> None:
        """The kind of straight quotes that comes first is the outer one."""
        if self.quoted:
            outer = min(self.quoted, key=lambda found: found[0])[1]
            for _, literal, node in self.quoted:
                node.data = None if literal == outer else "inner"
                node.role = "" if literal == outer else "inner"

    def _add(self, out: Out) -> None:
        if out:
            self.stack[-1].children.append(out)

    def _open_tag(self, token: str) -> None:
        name = token[1:-1]
        if name not in _SIMPLE and not _span_format(token):
            name = ""
        closer = "</span>" if token.startswith("<span") else f"</{name}>"
        if len(self.stack) < 100:
            self.stack.append(_Frame(token, closer))
        else:
            self._add(token)

    def _close(self, closer: str, literal: str) -> None:
        if not any(frame.closer == closer for frame in self.stack[1:]):
            self._add(literal)
            return
        while self.stack[-1].closer != closer:
            self._demote()
        frame = self.stack.pop()
        frame.children = _merged(frame.children)
        if len(frame.literal) == 1 and not frame.children:
            self._add("’" if frame.literal == "'" else frame.literal)
            self._add(literal)
        elif len(frame.literal) == 1:
            node = Node(frame.children, quotes=True, is_markup=True)
            if frame.literal in ("'", '"'):
                self.quoted.append((frame.start, frame.literal, node))
            elif frame.literal == self.inner:
                node.data = "inner"
            self._add(node)
        else:
            self._add(_wrap(frame))

    def _demote(self) -> None:
        frame = self.stack.pop()
        self._add("’" if frame.literal == "'" else frame.literal)
        for child in frame.children:
            self._add(child)

    def _quote(self, mark: str, start: int, end: int) -> None:
        before = self.text[start - 1 : start]
        after = self.text[end : end + 1]
        if before == ">" and not self.stack[-1].children and len(self.stack) > 1:
            before = ""
        opens = (before == "" or before in _BEFORE_OPENING) and not (after == "" or after.isspace())
        is_open = any(frame.closer == mark for frame in self.stack[1:])
        if mark in "'\"":
            self._straight(mark, opens, is_open, before, after, start)
        elif mark in self.pairs and not (mark in self.closing and is_open):
            self.stack.append(_Frame(mark, self.pairs[mark], start))
        elif mark == "’" and after.isalnum() and before.isalnum():
            self._add(mark)
        elif is_open:
            self._close(mark, mark)
        else:
            self._add(mark)

    def _straight(
        self, mark: str, opens: bool, is_open: bool, before: str, after: str, start: int
    ) -> None:
        literal = "’" if mark == "'" else mark
        if is_open and before and not before.isspace() and not (after.isalnum() and mark == "'"):
            self._close(mark, literal)
        elif opens and not is_open and len(self.stack) < 100:
            self.stack.append(_Frame(mark, mark, start))
        else:
            self._add(literal)


def _merged(children: list[Out]) -> list[Out]:
    """The children with neighbouring texts as one: no seam where the field has none."""
    merged: list[Out] = []
    texts: list[str] = []
    for child in children:
        if isinstance(child, str):
            texts.append(child)
            continue
        if texts:
            merged.append("".join(texts))
            texts = []
        merged.append(child)
    if texts:
        merged.append("".join(texts))
    return merged


def _span_format(token: str) -> bool:
    return bool(_SMALL_CAPS.search(token) or _NOCASE.search(token) or _NODECOR.search(token))


def _wrap(frame: _Frame) -> Out:
    literal, children = frame.literal, frame.children
    if not literal.startswith("<span"):
        return Node(children, format=_SIMPLE[literal[1:-1]], is_markup=True)
    if _SMALL_CAPS.search(literal):
        return Node(children, format=_SIMPLE["sc"], is_markup=True)
    if _NODECOR.search(literal):
        return Node(children, format=(("nodecor", ""),), is_markup=True, role="nocase")
    if _NOCASE.search(literal):
        return Node(children, is_markup=True, role="nocase")
    return Node(["<" + literal[1:], *children, frame.closer], is_markup=True)
