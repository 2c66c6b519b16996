"""`cs:label`: the term that goes with a number, a locator or a name list.

Knows when a label is plural; refuses to know the names' order.
"""

from __future__ import annotations

from collections.abc import Callable

from citeworks.csl.context import Context
from citeworks.csl.decorate import read_decoration
from citeworks.csl.locale import Locale
from citeworks.csl.numbers import is_plural
from citeworks.csl.output import Out
from citeworks.csl.style import Element

_TERMS = {"page-first": "page"}


def locator_term(label: str, locale: Locale) -> str:
    """The term that names a kind of locator."""
    label = label or "page"
    if locale.find(label) is None and locale.find(label.replace("-", " ")) is not None:
        return label.replace("-", " ")
    if locale.find(label) is None and locale.find(label.replace(" ", "-")) is not None:
        return label.replace(" ", "-")
    return label


def compile_label(element: Element, locale: Locale) -> Callable[[Context], Out | None]:
    """The closure of a label outside `cs:names`."""
    variable, form = element.get("variable"), element.get("form", "long")
    plural = element.get("plural", "contextual")
    decoration = read_decoration(element.attributes, locale)

    def render(ctx: Context) -> Out | None:
        text = ctx.text(variable)
        if not text or variable in ctx.suppressed:
            return None
        term = locator_term(ctx.label, locale) if variable == "locator" else variable
        many = plural == "always" or (plural == "contextual" and is_plural(variable, text))
        return decoration.apply(locale.term(_TERMS.get(term, term), form, plural=many), role="term")

    return render
