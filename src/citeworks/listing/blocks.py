"""Entries made of several lines: collecting them, and reading their ``Label: value`` fields.

Knows how a block begins and ends when a layout says which line opens one. Refuses to know any
layout's labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from citeworks.listing.harvest import harvest_line
from citeworks.listing.interface import (
    RECORD,
    SEPARATOR,
    Entry,
    Line,
    Part,
    line_problems,
    make_part,
)

_LABEL = re.compile(r"([A-Za-z][A-Za-z -]{1,20}?)\s?:\s*(.*)\Z", re.S)
_BLOCK_LINES = 400
_BLOCK_CHARACTERS = 1 << 22


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A line of a block: the canonical `label` (empty if it has none) and the text behind it."""

    label: str
    text: str


def read_blocks(
    lines: Iterable[Line],
    opens: Callable[[Line], bool],
    takes: Callable[[Sequence[Line], Line], bool],
    read: Callable[[Sequence[Line]], Entry],
    layout: str,
) -> Iterator[Part]:
    """The parts of a file whose entries begin with the lines that `opens` accepts.

    `takes` says whether a further line belongs to the block, and `read` makes its entry; blank
    lines behind a block are a separator, foreign lines are searched for identifiers.
    """
    block: list[Line] = []
    size = 0
    for line in lines:
        if opens(line):
            yield from _finish(block, read, layout)
            block, size = [line], len(line.raw)
        elif block and _has_room(block, size) and (line.is_blank or takes(block, line)):
            block.append(line)
            size += len(line.raw)
        else:
            yield from _finish(block, read, layout)
            block = []
            yield from harvest_line(line, within_layout=True)
    yield from _finish(block, read, layout)


def read_fields(lines: Iterable[Line], labels: Mapping[str, str]) -> list[FieldLine]:
    """The lines that are not blank, with the labels that `labels` translates."""
    return [_read_field(line.text, labels) for line in lines if not line.is_blank]


def label_of(text: str, labels: Mapping[str, str]) -> str:
    """The canonical label at the start of the text, or the empty string."""
    return _read_field(text, labels).label


def join_label(fields: Iterable[FieldLine], label: str) -> str:
    """The texts under this label, joined."""
    return " ".join(field.text for field in fields if field.label == label and field.text)


def carry_labels(fields: Iterable[FieldLine]) -> list[FieldLine]:
    """The fields, every line without a label given the label before it."""
    label = ""
    carried = []
    for line in fields:
        label = line.label or label
        carried.append(FieldLine(label, line.text))
    return carried


def _read_field(text: str, labels: Mapping[str, str]) -> FieldLine:
    match = _LABEL.match(text)
    label = labels.get(match[1].casefold(), "") if match else ""
    return FieldLine(label, match[2]) if match and label else FieldLine("", text)


def _has_room(block: Sequence[Line], size: int) -> bool:
    return len(block) < _BLOCK_LINES and size < _BLOCK_CHARACTERS


def _finish(
    block: Sequence[Line], read: Callable[[Sequence[Line]], Entry], layout: str
) -> Iterator[Part]:
    if not block:
        return
    end = len(block)
    while block[end - 1].is_blank:
        end -= 1
    entry = read(block[:end])
    problems = tuple(dict.fromkeys((*entry.problems, *line_problems(block[:end]))))
    yield make_part(RECORD, block[:end], replace(entry, problems=problems), layout)
    if end < len(block):
        yield make_part(SEPARATOR, block[end:])
