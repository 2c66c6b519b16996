"""Records from identifiers alone: bare lists, links in prose, Markdown and HTML.

Knows which identifiers on a line belong to one work, and when the text of a link is a title. Every
line without an identifier stays unparsed. Refuses to know page layouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from citeworks.listing import interface as codes
from citeworks.listing.cutting import cut_line
from citeworks.listing.heads import strip_marker
from citeworks.listing.identifiers import (
    STRONG_SCHEMES,
    find_identifiers,
    scan,
    scan_bare,
    trim,
)
from citeworks.listing.interface import Context, Entry, Line, Part, line_problems, make_part
from citeworks.model import Identifier

_LINK = re.compile(
    r"!?\[(?P<label>(?:[^\[\]]|\[[^\[\]]{0,100}\]){0,500})\]\(<?(?=https?://|10\.)"
    r"|<a\s[^<>]{0,300}?href=[\"']?(?P<href>https?://[^\"'<>\s]{1,2000})[\"']?[^<>]{0,300}>"
    r"(?P<text>[^<>]{0,500})</a>",
    re.I,
)
_BOLD = re.compile(r"\*\*([^*]{4,300})\*\*|__([^_]{4,300})__")
_AUXILIARY = frozenset(
    "abs abstract acl arxiv bib bibtex blog code dataset data demo doi fulltext github here html "
    "homepage link models model news openreview page paper pdf post poster preprint project "
    "publication slides site source supplement talk video website webpage".split()
)
_RULE = re.compile(r"(?:[-=_*~#+|:%\s]{3,}|\\\\)\Z")
_REFERENCE_MINIMUM = 20
_TITLE_LETTERS = 8


@dataclass(frozen=True, slots=True)
class _Mention:
    """One place on a line that names a work or an address."""

    start: int
    end: int
    identifiers: tuple[Identifier, ...]
    label: str = ""

    @property
    def schemes(self) -> frozenset[str]:
        return frozenset(identifier.scheme for identifier in self.identifiers)

    @property
    def is_auxiliary(self) -> bool:
        """True for a link called *pdf* or *code*: it belongs to the work named before it."""
        words = re.findall(r"[a-z]+", self.label.casefold())
        return bool(words) and all(word in _AUXILIARY for word in words)


class Harvest:
    """Lines with identifiers, whatever the text around them."""

    name = "identifiers"

    def accepts(self, sample: Sequence[Line]) -> float:
        """A little as soon as there is an identifier: every true layout comes first."""
        return 0.1 if any(_mentions(line.text) for line in sample) else 0.0

    def parse(self, lines: Iterable[Line], context: Context) -> Iterator[Part]:
        """One record for every work that a line names."""
        for line in lines:
            yield from harvest_line(line)


def harvest_line(line: Line, *, within_layout: bool = False) -> Iterator[Part]:
    """The parts of one line: records, or the whole of it unparsed.

    Between the entries of a layout an address is part of the page (a link to its next page, say),
    and only an identifier that names a work makes a record.
    """
    if line.is_blank or _RULE.match(line.text):
        yield make_part(codes.SEPARATOR, [line])
        return
    groups = _group(line.text, _mentions(line.text))
    if within_layout:
        groups = [group for group in groups if any(m.schemes & STRONG_SCHEMES for m in group)]
    if not groups:
        yield make_part(codes.UNPARSED, [line])
        return
    pieces = cut_line(line, [group[0].start for group in groups[1:]])
    for piece, group in zip(pieces, groups, strict=True):
        entry = _make_entry(piece, group)
        yield make_part(codes.RECORD, [piece], entry, Harvest.name)


def _mentions(text: str) -> list[_Mention]:
    bare = scan_bare(strip_marker(text)) if len(text) < 10_000 else []
    if bare:
        shift = len(text) - len(strip_marker(text))
        return [_Mention(f.start + shift, f.end + shift, f.identifiers) for f in bare]
    mentions: list[_Mention] = []
    position = 0
    for link in _links(text):
        mentions += _plain_mentions(text, position, link.start)
        mentions.append(link)
        position = link.end
    return mentions + _plain_mentions(text, position, len(text))


def _plain_mentions(text: str, start: int, end: int) -> list[_Mention]:
    return [
        _Mention(found.start + start, found.end + start, found.identifiers)
        for found in scan(text[start:end])
    ]


def _links(text: str) -> Iterator[_Mention]:
    """Links of Markdown and HTML, in order, whose addresses hold identifiers."""
    position = 0
    while match := _LINK.search(text, position):
        if match["href"]:
            address, position = match["href"], match.end()
        else:
            end = _destination_end(text, match.end())
            address, position = text[match.end() : end], end + 1
        identifiers = find_identifiers(trim(address.split(' "')[0]))
        if identifiers:
            label = match["label"] or match["text"] or ""
            yield _Mention(match.start(), position, identifiers, label.strip())


def _destination_end(text: str, start: int) -> int:
    """Where the address of a Markdown link ends: at the bracket that closes it."""
    depth = 0
    for index in range(start, min(len(text), start + 4000)):
        if text[index] == "(":
            depth += 1
        elif text[index] == ")":
            if not depth:
                return index
            depth -= 1
    return min(len(text), start + 4000)


def _group(text: str, mentions: Sequence[_Mention]) -> list[list[_Mention]]:
    """The mentions of each work on the line."""
    groups: list[list[_Mention]] = []
    known: set[Identifier] = set()
    is_reference = _is_reference(text, mentions)
    for mention in mentions:
        if groups and _belongs(mention, known, is_reference=is_reference):
            groups[-1].append(mention)
        else:
            groups.append([mention])
            known = set()
        known.update(mention.identifiers)
    return groups


def _is_reference(text: str, mentions: Sequence[_Mention]) -> bool:
    """True for a line about one work: text or a titled link first, no scheme named twice."""
    if not mentions:
        return False
    strong = [scheme for mention in mentions for scheme in mention.schemes & STRONG_SCHEMES]
    before = strip_marker(text[: mentions[0].start])
    is_introduced = len(before) >= _REFERENCE_MINIMUM or bool(_title(mentions[0].label))
    return is_introduced and len(strong) == len(set(strong))


def _belongs(mention: _Mention, known: set[Identifier], *, is_reference: bool) -> bool:
    """True if the mention is about the work that these identifiers name."""
    if mention.is_auxiliary or known.issuperset(mention.identifiers):
        return True
    if not is_reference or _title(mention.label):
        return False
    return any(identifier.scheme in STRONG_SCHEMES for identifier in known)


def _make_entry(piece: Line, group: Sequence[_Mention]) -> Entry:
    found = dict.fromkeys(identifier for mention in group for identifier in mention.identifiers)
    titles = (_title(mention.label) for mention in group)
    title = next(filter(None, titles), "") or _bold_title(piece.text)
    return Entry(
        title=title,
        identifiers=tuple(found),
        confidence=1.0,
        problems=line_problems([piece]),
    )


def _title(label: str) -> str:
    """The text of a link as a title; empty if it is *pdf*, an address, a number or the like."""
    text = re.sub(r"\*\*|__|`", "", label).strip(' *"“”')
    letters = sum(character.isalpha() for character in text)
    if letters < _TITLE_LETTERS or find_identifiers(text) or scan_bare(text):
        return ""
    return "" if _Mention(0, 0, (), text).is_auxiliary else text


def _bold_title(text: str) -> str:
    match = _BOLD.search(text)
    return _title(match[1] or match[2]) if match else ""
