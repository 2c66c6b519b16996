"""Pandoc's citations in a Markdown text, with their places (https://pandoc.org/MANUAL.html#citations).

Knows ``[see @a, pp. 3-5; -@b]``, ``@a says``, ``@a [p. 3]``, and the footnotes that a text has.
Refuses to know styles: what a citation looks like is not its business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citeworks.documents.locators import read_locator
from citeworks.documents.markdown import KEY, visible

_BRACKET = re.compile(r"[\[\]]")
_DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.M)
_REFERENCE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_INLINE_NOTE = re.compile(r"(?<!\\)\^\[")
_MINUS = re.compile(r"(?<!\w)-\Z")


@dataclass(frozen=True, slots=True)
class Cite:
    """One reference in a citation: the key, and the texts around it as they are written."""

    key: str
    prefix: str = ""
    locator: str = ""
    label: str = ""
    suffix: str = ""
    suppresses_author: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A citation between two offsets; `is_in_text` when its author is part of the sentence."""

    start: int
    end: int
    cites: tuple[Cite, ...]
    is_in_text: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: where it is called, and the offsets between which its text stands."""

    call: int
    start: int
    end: int


def groups(text: str) -> list[Group]:
    """The citations of a text in the order of their places."""
    shown = visible(text)
    found: list[Group] = []
    end = 0
    for match in KEY.finditer(shown):
        if match.start() < end or match["all"]:
            continue
        group = _bracketed(text, shown, match.start()) or _in_text(text, shown, match)
        found.append(group)
        end = group.end
    return found


def notes(text: str) -> list[Note]:
    """The footnotes of a text in the order in which they are called."""
    shown = visible(text)
    spans = dict(_definitions(shown))
    found = [
        Note(match.start(), match.end(), end)
        for match in _INLINE_NOTE.finditer(shown)
        if (end := _closing(shown, match.end() - 1)) >= match.end()
    ]
    called: set[str] = set()
    for match in _REFERENCE.finditer(shown):
        if match[1] in spans and match[1] not in called:
            called.add(match[1])
            found.append(Note(match.start(), *spans[match[1]]))
    return sorted(found, key=lambda note: note.call)


def _bracketed(text: str, shown: str, at: int) -> Group | None:
    """The brackets around a key, if every part of what they hold is a cite."""
    start = _opening(shown, at)
    if start is None or shown.startswith("[^", start) or shown[start - 1 : start] == "^":
        return None
    end = _closing(shown, start)
    if end == start or text[end : end + 1] in ("(", "{", "["):
        return None
    parts = list(_parts(shown, start + 1, end - 1))
    cites = [_cite(text, shown, *part) for part in parts]
    known = tuple(cite for cite in cites if cite is not None)
    return Group(start, end, known) if len(known) == len(parts) else None


def _in_text(text: str, shown: str, match: re.Match[str]) -> Group:
    """A key in a sentence, with the brackets that may follow it."""
    start = match.start()
    suppresses = bool(_MINUS.search(shown[:start]))
    cite = Cite(_key(match), suppresses_author=suppresses)
    end, cites = match.end(), [cite]
    gap = re.compile(r" ?\n?\[").match(shown, end)
    if gap:
        inner, close = gap.end(), _closing(shown, gap.end() - 1)
        if close > inner and text[close : close + 1] not in ("(", "{", "[", ":"):
            first, *rest = _parts(shown, inner, close - 1)
            others = [_cite(text, shown, *part) for part in rest]
            located = read_locator(" " + text[slice(*first)])
            if None not in others and "@" not in shown[slice(*first)]:
                cites = [
                    Cite(cite.key, "", located.locator, located.label, located.rest, suppresses),
                    *(other for other in others if other is not None),
                ]
                end = close
    return Group(start - suppresses, end, tuple(cites), not suppresses)


def _cite(text: str, shown: str, start: int, end: int) -> Cite | None:
    match = KEY.search(shown, start, end)
    if not match or match["all"]:
        return None
    before = text[start : match.start()]
    suppresses = bool(_MINUS.search(before))
    located = read_locator(text[match.end() : end])
    prefix = (before[:-1] if suppresses else before).strip()
    return Cite(
        _key(match), prefix, located.locator, located.label, located.rest.rstrip(), suppresses
    )


def _key(match: re.Match[str]) -> str:
    return match["braced"] or match["plain"]


def _parts(shown: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches between the semicolons of brackets, those of deeper brackets apart."""
    depth, begin = 0, start
    for at in range(start, end):
        depth += (shown[at] in "[{") - (shown[at] in "]}")
        if shown[at] == ";" and depth <= 0:
            yield begin, at
            begin = at + 1
    yield begin, end


_FARTHEST = 4_000
"""Characters of a citation, at the most."""


def _opening(shown: str, at: int) -> int | None:
    """The bracket that is open at an offset, within its paragraph."""
    first = max(shown.rfind("\n\n", 0, at), at - _FARTHEST, -1) + 1
    open_ones: list[int] = []
    for match in _BRACKET.finditer(shown, first, at):
        if match[0] == "[":
            open_ones.append(match.start())
        elif open_ones:
            open_ones.pop()
    return open_ones[-1] if open_ones else None


def _closing(shown: str, start: int) -> int:
    """The offset behind the bracket that closes the one at `start`; `start` itself if none does."""
    depth = 0
    for match in _BRACKET.finditer(shown, start, start + _FARTHEST):
        depth += 1 if match[0] == "[" else -1
        if not depth:
            return match.end()
    return start


def _definitions(shown: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Names of footnotes and the offsets of their texts: up to a line that is not indented."""
    for match in _DEFINITION.finditer(shown):
        end = match.end()
        is_after_blank = False
        for line in re.compile(r"[^\n]*(?:\n|\Z)").finditer(shown, match.end()):
            bare = line[0].strip()
            is_indented = line[0][:1] in (" ", "\t")
            starts_anew = line.start() != match.end() and bool(_DEFINITION.match(line[0]))
            if not line[0] or starts_anew or (bare and is_after_blank and not is_indented):
                break
            is_after_blank = not bare
            end = line.end()
        yield match[1], (match.end(), end)
