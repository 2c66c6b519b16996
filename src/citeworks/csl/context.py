"""An item prepared for rendering, and the state of one rendering of it.

Knows CSL-JSON values however badly typed, characters XML forbids, and name particles written into
the family or given name. Never changes what it is given; refuses to know styles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from citeworks.csl.date_input import read_date
from citeworks.csl.name_input import read_names
from citeworks.csl.variables import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    NUMBER_VARIABLES,
    TEXT_VARIABLES,
)
from citeworks.model.date import Date
from citeworks.model.name import Name

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FALLBACKS = {
    "title-short": ("shortTitle",),
    "container-title-short": ("journalAbbreviation",),
    "DOI": ("doi",),
}
_LOCATOR_VARIABLES = frozenset(("locator", "citation-number", "first-reference-note-number"))


class SupportsItem(Protocol):
    """What an item must offer: CSL variables by name, like a dict."""

    def get(self, key: str, default: Any = None, /) -> Any:
        """The value of a variable, or the default."""
        ...


class Item:
    """One CSL-JSON item; values are read once."""

    __slots__ = (
        "data", "dates", "id", "is_east_asian", "is_english", "is_turkic", "markup", "name_lists",
        "texts", "truncated", "type",
    )  # fmt: skip

    def __init__(self, identifier: str, data: SupportsItem, *, english: bool = True) -> None:
        self.id = identifier
        note = data.get("note")
        self.data = _with_note(data, note) if isinstance(note, str) and ":" in note else data
        kind = data.get("type")
        self.type = kind if isinstance(kind, str) else ""
        self.texts: dict[str, str] = {}
        self.name_lists: dict[str, tuple[Name, ...]] = {}
        self.dates: dict[str, Date | None] = {}
        self.markup: dict[str, Any] = {}
        language = self.text("language").strip().lower()
        self.is_east_asian = language[:2] in ("ja", "zh")
        self.is_turkic = language[:2] in ("tr", "az")
        self.is_english = language.startswith("en") if language else english
        self.truncated = _truncated(data.get("custom"))

    def text(self, variable: str) -> str:
        """The variable as text, "" if there is none."""
        found = self.texts.get(variable)
        if found is None:
            found = clean(self.data.get(variable))
            for other in _FALLBACKS.get(variable, ()):
                found = found or clean(self.data.get(other))
            if not found and variable == "page-first":
                found = _first_page(clean(self.data.get("page")))
            self.texts[variable] = found
        return found

    def names(self, variable: str) -> tuple[Name, ...]:
        """The names of a name variable."""
        found = self.name_lists.get(variable)
        if found is None:
            found = read_names(self.data.get(variable), clean)
            if self.is_east_asian:
                # Where family names come first, those of others do too.
                found = tuple(replace(name, static_ordering=True) for name in found)
            self.name_lists[variable] = found
        return found

    def date(self, variable: str) -> Date | None:
        """The date of a date variable; None if it says nothing."""
        try:
            return self.dates[variable]
        except KeyError:
            found = self.dates[variable] = read_date(self.data.get(variable), clean)
            return found


def clean(value: object) -> str:
    """A JSON value as text without the characters XML forbids; "" for what is no text."""
    if isinstance(value, str):
        return FORBIDDEN.sub("", value) if FORBIDDEN.search(value) else value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return ""


def _first_page(pages: str) -> str:
    return re.split(r"[-–&,]", pages, maxsplit=1)[0].strip()


_NOTED = re.compile(r"(?m)^([A-Za-z_-]{3,40}): *(\S.*)$")
_NOTABLE = DATE_VARIABLES | NAME_VARIABLES | NUMBER_VARIABLES | TEXT_VARIABLES


def _with_note(data: SupportsItem, note: str) -> SupportsItem:
    """The item with the variables that lines of its note give, where it has none itself."""
    found: dict[str, Any] = {}
    for variable, value in _NOTED.findall(note):
        if variable not in _NOTABLE or data.get(variable):
            continue
        if variable in NAME_VARIABLES:
            family, _, given = value.partition("||")
            name = {"family": family.strip(), "given": given.strip()}
            found.setdefault(variable, []).append(name if given else {"literal": value})
        else:
            found[variable] = {"raw": value} if variable in DATE_VARIABLES else value
    return _Overlay(data, found) if found else data


class _Overlay:
    """An item behind the variables that its note adds."""

    __slots__ = ("added", "data")

    def __init__(self, data: SupportsItem, added: dict[str, Any]) -> None:
        self.data, self.added = data, added

    def get(self, key: str, default: Any = None, /) -> Any:
        """The item's own value, or what the note adds."""
        return self.added[key] if key in self.added else self.data.get(key, default)


def _truncated(custom: object) -> frozenset[str]:
    marked = custom.get("et-al") if isinstance(custom, Mapping) else None
    if isinstance(marked, (list, tuple)):
        return frozenset(value for value in marked if isinstance(value, str))
    return frozenset()


class Choice:
    """How one item is disambiguated: the choices that make its cites differ from others'."""

    __slots__ = ("conditions", "levels", "names", "suffix")

    def __init__(self) -> None:
        self.names = 0
        """How many names to show beyond the style's own number."""
        self.levels: dict[int, int] = {}
        """How far the name at a position is expanded."""
        self.conditions = 0
        """How many conditions on `disambiguate` are true."""
        self.suffix = 0
        """The number of the year suffix, 0 for none."""


class Context:
    """One rendering of one item: what it may see, and what it has seen so far."""

    __slots__ = (
        "called",
        "choice",
        "conditions_left",
        "conditions_met",
        "filled",
        "first_note",
        "given_shown",
        "global_levels",
        "hidden",
        "item",
        "label",
        "locator",
        "names_used",
        "near_note",
        "number",
        "people",
        "position",
        "primary_only",
        "shown",
        "sort_names",
        "sorting",
        "suffix_printed",
        "suppressed",
        "used",
    )

    def __init__(self, item: Item) -> None:
        self.item = item
        self.choice: Choice | None = None
        self.conditions_left = 0
        self.conditions_met = 0
        self.called = self.filled = False
        self.first_note = 0
        self.given_shown: dict[Name, int] | None = None
        """How much of given names an entry shows so that they tell its cites apart."""
        self.global_levels: dict[tuple[object, Name], int] | None = None
        self.label = self.locator = ""
        self.near_note = False
        self.number = 0
        self.names_used = 0
        self.people: list[tuple[object, Name, int]] | None = None
        self.position = 0
        self.primary_only = False
        self.shown = 0
        self.hidden = 0
        self.sorting = False
        self.sort_names: dict[str, str] | None = None
        self.suffix_printed = False
        self.suppressed: set[str] = set()
        self.used: list[str] | None = None

    def note_use(self, variable: str) -> None:
        """Remember that the variable was printed, if anyone asks."""
        if self.used is not None:
            self.used.append(variable)

    def is_suppressed(self, variable: str) -> bool:
        """True if the variable stands in for names, or has just been printed where it may."""
        return variable in self.suppressed or (self.used is not None and variable in self.used)

    def text(self, variable: str) -> str:
        """A standard or number variable, or what only this cite knows."""
        if variable in _LOCATOR_VARIABLES:
            if variable == "locator":
                return self.locator
            number = self.number if variable == "citation-number" else self.first_note
            return str(number) if number else ""
        return self.item.text(variable)
