"""The conditions of `cs:if` and `cs:else-if`, as closures.

Knows every test of CSL 1.0.2; refuses to know how positions and ambiguity are found.
"""

from __future__ import annotations

from collections.abc import Callable

from citeworks.csl.context import Context
from citeworks.csl.numbers import is_numeric
from citeworks.csl.style import Element

Condition = Callable[[Context], bool]
_ALTERNATIVES = frozenset(("type", "locator"))
FIRST, SUBSEQUENT, IBID, IBID_WITH_LOCATOR = 0, 1, 2, 3


def compile_condition(element: Element, area: str) -> Condition:
    """All tests of one branch, joined as `match` says."""
    tests: list[Condition] = []
    for name, words in element.attributes.items():
        if name not in _TESTS:
            continue
        found = [_TESTS[name](value, area) for value in words.split()]
        # A cite has one type and one locator: several values are alternatives.
        tests += [_any(found)] if name in _ALTERNATIVES and len(found) > 1 else found
    match = element.get("match", "all")
    if len(tests) == 1 and match != "none":
        return tests[0]
    if match == "any":
        return lambda ctx: any(test(ctx) for test in tests)
    if match == "none":
        return lambda ctx: not any(test(ctx) for test in tests)
    return lambda ctx: all(test(ctx) for test in tests)


def _any(tests: list[Condition]) -> Condition:
    return lambda ctx: any(test(ctx) for test in tests)


def has_variable(ctx: Context, variable: str) -> bool:
    """True if the variable holds anything that could be printed."""
    if ctx.text(variable).strip():
        return True
    return bool(ctx.item.names(variable)) or _has_date(ctx, variable)


def _has_date(ctx: Context, variable: str) -> bool:
    value = ctx.item.data.get(variable)
    return isinstance(value, dict) and ctx.item.date(variable) is not None


def _variable(name: str, _area: str) -> Condition:
    return lambda ctx: has_variable(ctx, name)


def _type(name: str, _area: str) -> Condition:
    return lambda ctx: ctx.item.type == name


def _is_numeric(name: str, _area: str) -> Condition:
    return lambda ctx: is_numeric(ctx.text(name))


def _is_uncertain(name: str, _area: str) -> Condition:
    def test(ctx: Context) -> bool:
        date = ctx.item.date(name)
        return date is not None and date.circa

    return test


def _locator(name: str, _area: str) -> Condition:
    wanted = name.replace("-", " ")
    return lambda ctx: bool(ctx.locator) and (ctx.label or "page").replace("-", " ") == wanted


def _position(name: str, area: str) -> Condition:
    if area != "citation":
        return lambda ctx: False
    if name == "near-note":
        return lambda ctx: ctx.near_note
    if name == "first":
        return lambda ctx: ctx.position == FIRST
    least = {"subsequent": SUBSEQUENT, "ibid": IBID, "ibid-with-locator": IBID_WITH_LOCATOR}
    level = least.get(name, 99)
    return lambda ctx: ctx.position >= level


def _disambiguate(value: str, _area: str) -> Condition:
    def test(ctx: Context) -> bool:
        ctx.conditions_met += 1
        if ctx.conditions_left > 0:
            ctx.conditions_left -= 1
            return True
        return False

    return test if value == "true" else lambda ctx: not test(ctx)


_TESTS: dict[str, Callable[[str, str], Condition]] = {
    "variable": _variable,
    "type": _type,
    "is-numeric": _is_numeric,
    "is-uncertain-date": _is_uncertain,
    "locator": _locator,
    "position": _position,
    "disambiguate": _disambiguate,
}
