"""Typst sources: ``@key``, ``#cite(<key>)``, and labels, which look the same and cite nothing.

Knows comments, raw text, escapes, addresses, and where a source is code: a string there cites
nothing. Runs no code: a key that a function builds is not seen.
"""

from __future__ import annotations

import re

from citeworks.documents.interface import Citation, Kind, Places, Reference, Scan, blank

_NAME = r"[\w](?:[\w:.-]*[\w-])?"
_TOKEN = re.compile(
    r"(?P<hidden>\\[^\s]"
    r"|(?P<ticks>`{3,})(?:.*?(?P=ticks)|.*)"
    r"|``|`[^`]*`"
    r"|//[^\n]*"
    r"|/\*(?:[^*/]++|\*(?!/)|/(?!\*)|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))*+(?:\*/|\Z))"
    r"|(?P<address>https?://[^\s\[\](){}<>\"`]+)"
    r"|(?P<string>\"(?:[^\"\\]|\\.)*+\")"
    rf"|#(?P<statement>(?:let|set|show|import|include|return|context|if|for|while)\b)"
    rf"|(?P<hash>#)(?P<call>{_NAME})?"
    rf"|<(?P<label>{_NAME})>"
    r"|[\[({\])}$;\n]",
    re.S,
)
_CLOSERS = {"[": "]", "(": ")", "{": "}"}
_CHAIN = re.compile(rf"\.{_NAME}")
_ELSE = re.compile(r"\s*else\b")
_BRANCHING = frozenset({"if", "for", "while", "context"})
_REFERENCE = re.compile(rf"@(?P<key>{_NAME})")
_GIVEN = rf"(?:<{_NAME}>|\"[^\"\n]+\"|label\s*\(\s*\"[^\"\n]+\"\s*\))"
_CITE = re.compile(rf"\b(?P<call>cite|ref)\s*\(\s*(?P<keys>(?:{_GIVEN}\s*,?\s*)+)")
_CITED = re.compile(rf"<(?P<label>{_NAME})>|\"(?P<text>[^\"\n]+)\"")
_PART = re.compile(r"(?:#|\b)(?:include|import)\s*\(?\s*\"(?P<path>[^\"\n]+\.typ)\"")
_BIBLIOGRAPHY = re.compile(r"\bbibliography\s*\(\s*(?P<files>\(?(?:\s*\"[^\"\n]+\"\s*,?)+)")
_FULL = re.compile(r"\bbibliography\s*\((?:[^()]|\([^()]*\))*\bfull\s*:\s*true")
_STRING = re.compile(r"\"([^\"\n]+)\"")


def scan(text: str, _: bool = False) -> Scan:
    """Scan a Typst source, or a part of one."""
    reader = _Reader(text)
    places = Places(text)
    found = Scan(dialect="biblatex")
    found.labels.update(reader.labels)
    given: set[int] = set()
    for call in _CITE.finditer(reader.code):
        for key in _CITED.finditer(reader.code, *call.span("keys")):
            name = key["label"] or key["text"]
            given.add(key.start() + 1)
            kind: Kind = "crossref" if call["call"] == "ref" and name in found.labels else "cite"
            found.citations.append(Citation(name, *places.of(key.start() + 1), kind))
    for place, name in reader.uses:
        if place not in given:
            found.citations.append(Citation(name, *places.of(place), "perhaps"))
    for match in _REFERENCE.finditer(reader.shown):
        kind = "crossref" if match["key"] in found.labels else "cite"
        found.citations.append(Citation(match["key"], *places.of(match.start()), kind))
    for match in _FULL.finditer(reader.code):
        found.citations.append(Citation("*", *places.of(match.start()), "all"))
    found.citations.sort(key=lambda citation: (citation.line, citation.column))
    _add_files(found, reader.code, places)
    return found


def _add_files(found: Scan, code: str, places: Places) -> None:
    for match in _PART.finditer(code):
        found.parts.append(Reference(match["path"], *places.of(match.start("path"))))
    for match in _BIBLIOGRAPHY.finditer(code):
        for name in _STRING.finditer(code, match.start("files"), match.end("files")):
            found.bibliographies.append(Reference(name[1], *places.of(name.start(1))))


class _Reader:
    """A source in its modes: markup (``]``), mathematics (``$``), and code in its brackets.

    A statement after ``#`` is the mode ``;`` (one with a block, ``;b``), an expression ``#``.
    `code` is the text without comments, raw text and escapes; `shown` has no addresses and no
    strings of code either. `labels` are given in markup, `uses` stand in code, with their offsets.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.labels: set[str] = set()
        self.uses: list[tuple[int, str]] = []
        self._modes = ["]"]
        self._blanks: list[tuple[int, int, bool]] = []
        position = 0
        while token := _TOKEN.search(text, position):
            position = self._take(token)
        self.code = self._without(strings=False)
        self.shown = self._without(strings=True)

    def _without(self, *, strings: bool) -> str:
        out, done = [], 0
        for start, end, is_string in self._blanks:
            if strings or not is_string:
                out += [self.text[done:start], blank(self.text[start:end])]
                done = end
        return "".join(out) + self.text[done:]

    def _take(self, token: re.Match[str]) -> int:
        """Go on past a token; returns where to look for the next one."""
        mode, end = self._modes[-1], token.end()
        if token["hidden"]:
            self._blanks.append((*token.span(), False))
        elif token["address"] or token["string"]:
            if token["string"] and mode == "]":
                return token.start() + 1
            self._blanks.append((*token.span(), True))
            return self._chain(end) if mode == "#" else end
        elif token["label"]:
            if mode == "]":
                self.labels.add(token["label"])
            else:
                self.uses.append((token.start("label"), token["label"]))
        elif token["statement"]:
            self._modes.append(";b" if token["statement"] in _BRANCHING else ";")
        elif token["hash"]:
            self._modes.append("#")
            return self._begin(end) if not token["call"] else self._chain(end)
        else:
            return self._bracket(token[0], end)
        return end

    def _bracket(self, sign: str, end: int) -> int:
        mode = self._modes[-1]
        if sign == "$":
            self._modes.pop() if mode == "$" else self._modes.append("$")
        elif sign in _CLOSERS:
            if (sign == "[" and mode != "$") or mode not in ("]", "$"):
                self._modes.append(_CLOSERS[sign])
        elif sign in ";\n":
            if mode in (";", ";b"):
                self._modes.pop()
        elif sign == "]" or mode not in ("]", "$"):
            return self._close(sign, end)
        return end

    def _close(self, sign: str, end: int) -> int:
        """End a bracket, and what has no end of its own inside it."""
        while len(self._modes) > 1 and self._modes[-1] != sign:
            if sign != "]" and self._modes[-1] not in (";", ";b", "#"):
                return end
            self._modes.pop()
        if len(self._modes) > 1:
            self._modes.pop()
        if self._modes[-1] == "#":
            return self._chain(end)
        if self._modes[-1] == ";b" and sign in "]}" and not _ELSE.match(self.text, end):
            self._modes.pop()
        return end

    def _begin(self, position: int) -> int:
        """The first part of an expression that has no name: a bracket, or a string."""
        sign = self.text[position : position + 1]
        if sign and sign in _CLOSERS:
            self._modes.append(_CLOSERS[sign])
            return position + 1
        if sign == '"':
            return position
        self._modes.pop()
        return position

    def _chain(self, position: int) -> int:
        """Go on after a name or a bracket of an expression: arguments, content, a field."""
        while field := _CHAIN.match(self.text, position):
            position = field.end()
        sign = self.text[position : position + 1]
        if sign and sign in "[(":
            self._modes.append(_CLOSERS[sign])
            return position + 1
        self._modes.pop()
        return position
