"""What a rule, a finding and a fix are. Values only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from citeworks.model import Location, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked; `fixable` says that `--fix` can put it right without loss."""

    code: str
    name: str
    severity: Severity
    summary: str
    fixable: bool = False


class Edit(NamedTuple):
    """A stretch of a text, by its offsets, and what stands there instead."""

    start: int
    end: int
    text: str


class Replacement(NamedTuple):
    """An edit by lines and columns, which count from 1; the end is behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Hit(NamedTuple):
    """What a check found: rule, sentence, offsets in the text, and the edits that put it right."""

    code: str
    message: str
    start: int
    end: int
    edits: tuple[Edit, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule and its place; `length` counts the characters it is about.

    `is_fixable` says that `--fix` puts it right; in a .bib file by its `edits`.
    """

    rule: Rule
    message: str
    location: Location
    length: int = 0
    key: str = ""
    edits: tuple[Edit, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    is_fixable: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of an entry: its value and where that stands in the text.

    An `exact` value is the text itself from `start` on; another one was put together from macros
    and pieces, and `start` is the place of the whole value.
    """

    name: str
    value: str
    start: int
    end: int
    exact: bool
    kind: str

    def unwrapped(self) -> Slot:
        """The same without further braces round the whole value."""
        value, first = self.value, self.start
        while self.exact and value.startswith("{") and value.endswith("}") and value[1:-1]:
            value, first = value[1:-1], first + 1
        if first == self.start:
            return self
        return replace(self, value=value, start=first, end=first + len(value))

    def hit(self, code: str, message: str, first: int = 0, last: int = -1) -> Hit:
        """A hit on the whole value, or on a stretch of it."""
        if not self.exact or last < 0:
            return Hit(code, message, self.start, self.end)
        return Hit(code, message, self.start + first, self.start + last)

    def fix(self, code: str, message: str, first: int, last: int, text: str) -> Hit:
        """A hit on a stretch of the value, with what is to stand there."""
        found = self.hit(code, message, first, last)
        if not self.exact or self.kind not in '{"':
            return found
        return found._replace(edits=(Edit(self.start + first, self.start + last, text),))

    def insert(self, code: str, message: str, places: list[int], text: str) -> Hit:
        """A hit at the first of these places, at each of which `text` is missing."""
        found = self.hit(code, message, places[0], places[0])
        if not self.exact or self.kind not in '{"':
            return found
        edits = tuple(Edit(self.start + place, self.start + place, text) for place in places)
        return found._replace(edits=edits)


Check = Callable[[Slot], Iterable[Hit]]
"""Looks at one field by itself."""
