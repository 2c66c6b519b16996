"""Texts of tagged lines, which RIS and MEDLINE share: ``TAG - value``, one record after another.

Knows lines, continuations and places. Every line belongs to an entry or is handed back as stray.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from citeworks.bibtex.lexer import decode_bytes

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


def decode(data: bytes | str) -> str:
    """The text of a file in whatever encoding."""
    text = decode_bytes(data)[0] if isinstance(data, bytes) else data
    return text.removeprefix("\ufeff")


def entries(text: str, shape: Shape) -> Iterator[Entry | Stray]:
    """Every record of the text, and every line that is in none."""
    tags: list[Tag] = []
    first = last = 0
    for number, line in enumerate(_LINE.split(text), 1):
        match = shape.line.match(line)
        if match is None:
            if tags and (line.strip() or not shape.blank_ends):
                if line.strip():
                    tags[-1] = _continued(tags[-1], line, shape.joiner)
                    last = number
            elif tags:
                yield Entry(tags, first, last, True)
                tags = []
            elif line.strip():
                yield Stray(number, line)
            continue
        tag = match["tag"].upper()
        if shape.ends(tag):
            if tags:
                yield Entry(tags, first, number, True)
            tags = []
            continue
        if shape.begins(tag) and tags:
            yield Entry(tags, first, last, False)
            tags = []
        if not tags:
            first = number
        tags.append(Tag(tag, (match["value"] or "").strip(), number))
        last = number
    if tags:
        yield Entry(tags, first, last, shape.blank_ends)


def _continued(tag: Tag, line: str, joiner: str) -> Tag:
    value = tag.value + joiner + line.strip() if tag.value else line.strip()
    return tag._replace(value=value)


def one_line(value: str) -> str:
    """The value without line breaks, which would begin another tag."""
    return " ".join(re.split(r"\s*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+\s*", value)).strip()
