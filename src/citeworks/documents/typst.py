"""Typst sources: ``@key``, ``#cite(<key>)``, and labels, which look the same and cite nothing.

Knows comments, raw text and escapes. Runs no code: a key that a function builds is not seen.
"""

from __future__ import annotations

import re

from citeworks.documents.interface import Citation, Kind, Places, Reference, Scan, blank

_HIDDEN = re.compile(
    r"\\[^\s]"
    r"|(?P<ticks>`{3,})(?:.*?(?P=ticks)|.*)"
    r"|``|`[^`]*`"
    r"|(?<!:)//[^\n]*"
    r"|/\*(?:[^*/]++|\*(?!/)|/(?!\*)|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z))*+(?:\*/|\Z)",
    re.S,
)
_NAME = r"[\w](?:[\w:.-]*[\w-])?"
_REFERENCE = re.compile(rf"(?<![\w@])@(?P<key>{_NAME})")
_CITE = re.compile(
    rf"\bcite\s*\(\s*(?P<keys>(?:(?:<{_NAME}>|\"[^\"\n]+\"|label\s*\(\s*\"[^\"\n]+\"\s*\))\s*,?\s*)+)"
)
_CITED = re.compile(rf"<(?P<label>{_NAME})>|\"(?P<text>[^\"\n]+)\"")
_REF = re.compile(rf"\b(?:ref|link|query|locate)\s*\(\s*<{_NAME}>")
_LABEL = re.compile(rf"<(?P<label>{_NAME})>")
_PART = re.compile(r"(?:#|\b)(?:include|import)\s+\"(?P<path>[^\"\n]+\.typ)\"")
_BIBLIOGRAPHY = re.compile(r"\bbibliography\s*\(\s*(?P<files>\(?(?:\s*\"[^\"\n]+\"\s*,?)+)")
_FULL = re.compile(r"\bbibliography\s*\((?:[^()]|\([^()]*\))*\bfull\s*:\s*true")
_STRING = re.compile(r"\"([^\"\n]+)\"")


def scan(text: str, _: bool = False) -> Scan:
    """Scan a Typst source, or a part of one."""
    visible = _HIDDEN.sub(lambda match: blank(match[0]), text)
    places = Places(text)
    found = Scan(dialect="biblatex")
    cited = [match.span() for match in _CITE.finditer(visible)]
    free = _REF.sub(lambda match: blank(match[0]), _CITE.sub(lambda m: blank(m[0]), visible))
    found.labels.update(match["label"] for match in _LABEL.finditer(free))
    for start, end in cited:
        for key in _CITED.finditer(visible, start, end):
            place = places.of(key.start() + 1)
            found.citations.append(Citation(key["label"] or key["text"], *place))
    for match in _REFERENCE.finditer(visible):
        kind: Kind = "crossref" if match["key"] in found.labels else "cite"
        found.citations.append(Citation(match["key"], *places.of(match.start()), kind))
    for match in _FULL.finditer(visible):
        found.citations.append(Citation("*", *places.of(match.start()), "all"))
    found.citations.sort(key=lambda citation: (citation.line, citation.column))
    _add_files(found, visible, places)
    return found


def _add_files(found: Scan, visible: str, places: Places) -> None:
    for match in _PART.finditer(visible):
        found.parts.append(Reference(match["path"], *places.of(match.start("path"))))
    for match in _BIBLIOGRAPHY.finditer(visible):
        for name in _STRING.finditer(visible, match.start("files"), match.end("files")):
            found.bibliographies.append(Reference(name[1], *places.of(name.start(1))))
