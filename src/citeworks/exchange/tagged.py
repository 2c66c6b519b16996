"""Texts of tagged lines, which RIS and MEDLINE share: ``TAG - value``, one record after another.

Knows lines, continuations and places. Every line belongs to an entry or is handed back as stray.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from citeworks.bibtex.lexer import decode_bytes
from citeworks.exchange.interface import Draft, Reading, doubt
from citeworks.model import Issue

_LINE = re.compile(r"\r\n|\n|\r")


class Tag(NamedTuple):
    """One tag with its value, continuation lines joined, and its line number."""

    name: str
    value: str
    line: int


class Entry(NamedTuple):
    """The tags of one record, its first and last line, and whether it was properly ended."""

    tags: list[Tag]
    first: int
    last: int
    is_ended: bool


class Stray(NamedTuple):
    """A line outside of every record."""

    line: int
    text: str


class Shape(NamedTuple):
    """How a format writes a line, and which lines begin and end a record.

    `line` has the groups ``tag`` and ``value``; `joiner` stands between the lines of one value.
    """

    line: re.Pattern[str]
    begins: Callable[[str], bool]
    ends: Callable[[str], bool]
    joiner: str
    blank_ends: bool


ReadEntry = Callable[[Entry, str], tuple[Draft, list[Issue]]]
"""What is in the tags of an entry of a file, and the doubts about it."""


def decode(data: bytes | str) -> str:
    """The text of a file in whatever encoding."""
    text = decode_bytes(data)[0] if isinstance(data, bytes) else data
    return text.removeprefix("\ufeff")


def read(data: bytes | str, shape: Shape, source: str, file: str, read_entry: ReadEntry) -> Reading:
    """Every record of a text, with what `read_entry` makes of one; all other lines are reported."""
    reading = Reading([], [], [])
    for found in entries(decode(data), shape):
        if isinstance(found, Stray):
            shown = found.text.strip()[:60]
            reading.issues.append(doubt("X102", f"no part of a record: {shown}", file, found.line))
            continue
        draft, issues = read_entry(found, file)
        reading.issues.extend(issues)
        if draft.variables or draft.rest:
            reading.records.append(draft.record(source, file, found.first, found.last))
        else:
            reading.issues.append(doubt("X104", "a record that says nothing", file, found.first))
    return reading


def entries(text: str, shape: Shape) -> Iterator[Entry | Stray]:
    """Every record of the text, and every line that is in none."""
    found = _Open(shape.joiner)
    for number, line in enumerate(_LINE.split(text), 1):
        match = shape.line.match(line)
        if match is None:
            if not line.strip():
                if shape.blank_ends and found.tags:
                    yield found.close(ended=True)
            elif found.tags:
                found.go_on(line.strip(), number)
            else:
                yield Stray(number, line)
            continue
        tag = match["tag"].upper()
        if shape.ends(tag):
            if found.tags:
                found.last = number
                yield found.close(ended=True)
            continue
        if shape.begins(tag) and found.tags:
            yield found.close(ended=False)
        found.add(tag, (match["value"] or "").strip(), number)
    if found.tags:
        yield found.close(ended=shape.blank_ends)


class _Open:
    """A record under construction: each tag with the lines of its value."""

    def __init__(self, joiner: str) -> None:
        self.joiner = joiner
        self.tags: list[tuple[str, list[str], int]] = []
        self.last = 0

    def add(self, tag: str, value: str, line: int) -> None:
        self.tags.append((tag, [value] if value else [], line))
        self.last = line

    def go_on(self, value: str, line: int) -> None:
        self.tags[-1][1].append(value)
        self.last = line

    def close(self, *, ended: bool) -> Entry:
        tags = [Tag(name, self.joiner.join(lines), line) for name, lines, line in self.tags]
        self.tags = []
        return Entry(tags, tags[0].line, self.last, ended)


def one_line(value: str) -> str:
    """The value without line breaks, which would begin another tag."""
    return " ".join(re.split(r"\s*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+\s*", value)).strip()
