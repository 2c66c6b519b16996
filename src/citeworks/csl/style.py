"""What a CSL style is once its XML is gone: frozen elements, areas and options.

Knows the shape of a style (CSL 1.0.2); refuses to know XML, locales' texts and how anything is
rendered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """One rendering element (`cs:text`, `cs:names`, `cs:choose` …), named by `kind`."""

    kind: str
    attributes: Mapping[str, str]
    children: tuple[Element, ...] = ()
    text: str = ""
    line: int = 0

    def get(self, name: str, default: str = "") -> str:
        """The attribute `name`, or `default`."""
        return self.attributes.get(name, default)

    def find(self, kind: str) -> Element | None:
        """The first child of that kind."""
        return next((child for child in self.children if child.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Area:
    """`cs:citation` or `cs:bibliography`: options, sort keys and layout."""

    kind: str
    attributes: Mapping[str, str]
    layout: Element
    keys: tuple[Element, ...] = ()

    def flag(self, name: str) -> bool:
        """True if the option is set to "true"."""
        return self.attributes.get(name) == "true"

    def number(self, name: str, default: int) -> int:
        """The option as a whole number."""
        value = self.attributes.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 9 else default


@dataclass(frozen=True, slots=True)
class Style:
    """A whole independent style."""

    attributes: Mapping[str, str]
    macros: Mapping[str, Element]
    locales: tuple[Element, ...]
    citation: Area
    bibliography: Area | None

    @property
    def is_note(self) -> bool:
        """True for styles whose citations stand in notes."""
        return self.attributes.get("class") == "note"

    @property
    def default_locale(self) -> str:
        """The locale the style asks for, empty if none."""
        return self.attributes.get("default-locale", "")
