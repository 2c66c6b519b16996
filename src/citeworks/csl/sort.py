"""`cs:sort`: keys made by running variables and macros, and the order they give.

Knows directions, empty values and what names look like in keys; refuses to know clusters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from citeworks.csl.citation_label import citation_label
from citeworks.csl.collation import collation_key
from citeworks.csl.compile import Compiler, Render
from citeworks.csl.context import Context
from citeworks.csl.dates import sort_text
from citeworks.csl.names import NameOptions, sort_name
from citeworks.csl.output import plain
from citeworks.csl.style import Element
from citeworks.csl.variables import DATE_VARIABLES, NAME_VARIABLES, NUMBER_VARIABLES

T = TypeVar("T")
_IGNORED = str.maketrans("", "", '[]“”«»"')
_NUMBER = re.compile(r"\s*[^\W\d_]{0,4}(\d+)")
KeyOf = Callable[[Context], "str | None"]


class SortKey:
    """One `cs:key`: its value for an item, and the direction."""

    __slots__ = ("descending", "value")

    def __init__(self, element: Element, compiler: Compiler) -> None:
        self.descending = element.get("sort") == "descending"
        language = compiler.locale.language
        text = (
            _macro_text(element, compiler)
            if "macro" in element.attributes
            else _variable_text(element.get("variable"), compiler)
        )

        def value(ctx: Context) -> str | None:
            found = text(ctx).translate(_IGNORED).strip(" ‘’'")
            return collation_key(found, language) if found else None

        self.value: KeyOf = value


def _macro_text(element: Element, compiler: Compiler) -> Callable[[Context], str]:
    render: list[Render] = []
    overrides = {
        name: value for name, value in element.attributes.items() if name.startswith("names-")
    }

    macro = compiler.style.macros[element.get("macro")]
    # Nobody counts as none, which comes before one.
    nothing = "0" if _counts_names(macro) else ""

    def text(ctx: Context) -> str:
        if not render:
            render.append(compiler.macro(element.get("macro")))
        ctx.sort_names = overrides or None
        ctx.called = ctx.filled = False
        out = render[0](ctx)
        ctx.sort_names = None
        # What stands in for names without saying anything about the item does not sort it.
        return (plain(out) if ctx.filled or not ctx.called else "") or nothing

    return text


def _counts_names(element: Element) -> bool:
    if element.kind == "name":
        return element.get("form") == "count"
    return any(map(_counts_names, element.children))


def _variable_text(variable: str, compiler: Compiler) -> Callable[[Context], str]:
    if variable in NAME_VARIABLES:
        options = NameOptions({}, None, compiler.style.attributes, compiler.locale)
        return lambda ctx: " ".join(
            str(sort_name(name, options)) for name in ctx.item.names(variable)
        )
    if variable in DATE_VARIABLES:
        return lambda ctx: sort_text(ctx.item.date(variable))
    if variable == "citation-label":
        return lambda ctx: citation_label(ctx.item)
    if variable in NUMBER_VARIABLES:
        return lambda ctx: _first_number(ctx.text(variable))
    return lambda ctx: ctx.text(variable)


def _first_number(text: str) -> str:
    """A number variable sorts by its first number, one that says none as text."""
    match = _NUMBER.match(text)
    return match[1] if match else text


def sort_by(
    keys: Sequence[SortKey], entries: list[T], context_of: Callable[[T], Context]
) -> list[T]:
    """The entries in the order of the keys; what has no value comes last in either direction."""
    valued = []
    for entry in entries:
        ctx = context_of(entry)
        valued.append(([_fresh(key, ctx) for key in keys], entry))
    for index in range(len(keys) - 1, -1, -1):
        full = [pair for pair in valued if pair[0][index] is not None]
        empty = [pair for pair in valued if pair[0][index] is None]
        full.sort(key=lambda pair: pair[0][index] or "", reverse=keys[index].descending)
        valued = full + empty
    return [entry for _, entry in valued]


def _fresh(key: SortKey, ctx: Context) -> str | None:
    ctx.suppressed = set()
    ctx.names_used = 0
    ctx.suffix_printed = True
    return key.value(ctx)
