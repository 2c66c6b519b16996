"""Dates as CSL prints them: parts, ranges, seasons, eras and the locale's forms.

Knows `cs:date` and `cs:date-part`; refuses to know how a date was written in the source.
"""

from __future__ import annotations

from dataclasses import dataclass

from citeworks.csl.decorate import Decoration, read_decoration
from citeworks.csl.locale import Locale
from citeworks.csl.markup import parse_markup
from citeworks.csl.numbers import ordinal
from citeworks.csl.output import Node, Out
from citeworks.csl.style import Element
from citeworks.model.date import Date

_ORDER = ("year", "month", "day")
_SHOWN = {"year": ("year",), "year-month": ("year", "month")}
_OVERRIDES = frozenset(
    """font-style font-variant font-weight text-decoration vertical-align text-case strip-periods
    prefix suffix form range-delimiter""".split()
)
_SEASON = 20
_FIRST_YEAR = 100_000
"""What is added to years that are compared, so that those before the era come first."""


@dataclass(frozen=True, slots=True)
class Part:
    """One `cs:date-part`, ready to be rendered."""

    name: str
    form: str
    range_delimiter: str
    decoration: Decoration


@dataclass(frozen=True, slots=True)
class DateFormat:
    """The parts of one `cs:date` and the text between them."""

    parts: tuple[Part, ...]
    delimiter: str


def read_format(element: Element, locale: Locale) -> DateFormat:
    """The format of a `cs:date`: its own parts, or its locale's with its overrides."""
    form = element.get("form")
    if not form:
        parts = [_read_part(child.attributes, locale) for child in _parts(element)]
        return DateFormat(tuple(parts), element.get("delimiter"))
    base = locale.dates.get(form)
    if base is None:
        return DateFormat((), "")
    shown = _SHOWN.get(element.get("date-parts"), _ORDER)
    overrides = {child.get("name"): child.attributes for child in _parts(element)}
    found = []
    for child in _parts(base):
        if child.get("name") in shown:
            attributes = dict(child.attributes)
            changed = overrides.get(child.get("name"), {})
            attributes.update((key, changed[key]) for key in changed if key in _OVERRIDES)
            found.append(_read_part(attributes, locale))
    return DateFormat(tuple(found), base.get("delimiter"))


def _parts(element: Element) -> list[Element]:
    return [child for child in element.children if child.kind == "date-part"]


def _read_part(attributes: object, locale: Locale) -> Part:
    given = dict(attributes)  # type: ignore[call-overload]
    name = given.get("name", "year")
    default = {"day": "numeric", "month": "long", "year": "long"}.get(name, "long")
    decoration = read_decoration(given, locale)
    return Part(name, given.get("form", default), given.get("range-delimiter") or "–", decoration)


def render_date(date: Date, format: DateFormat, locale: Locale, suffix: Out | None) -> Out | None:
    """The date in that format; `suffix` is printed after the first year."""
    parts = list(format.parts)
    if not date.start:
        return None
    if date.end is None:
        return _sequence([_render_part(date.start, part, locale, suffix) for part in parts], format)
    return _render_range(date, parts, format, locale, suffix)


def _render_range(
    date: Date, parts: list[Part], format: DateFormat, locale: Locale, suffix: Out | None
) -> Out | None:
    end = date.end or ()
    if not end:
        return _open_range(date, parts, format, locale, suffix)
    differing = _differing(date.start, end, {part.name for part in parts})
    if not differing:
        return _sequence([_render_part(date.start, part, locale, suffix) for part in parts], format)
    inside = [index for index, part in enumerate(parts) if part.name in differing]
    first, last = inside[0], inside[-1]
    largest = min((part for part in parts if part.name in differing), key=_rank)
    head = [_render_part(date.start, part, locale, suffix) for part in parts[:first]]
    left = [_render_part(date.start, part, locale, None) for part in parts[first : last + 1]]
    right = [_render_part(end, part, locale, suffix) for part in parts[first : last + 1]]
    tail = [_render_part(date.start, part, locale, suffix) for part in parts[last + 1 :]]
    _strip_edge(left, "suffix", -1)
    _strip_edge(right, "prefix", 0)
    start, stop = _sequence(left, format), _sequence(right, format)
    both = [part for part in (start, stop) if part]
    middle: Out = Node(both, delimiter=largest.range_delimiter)
    return _sequence([*head, middle, *tail], format)


def _open_range(
    date: Date, parts: list[Part], format: DateFormat, locale: Locale, suffix: Out | None
) -> Out | None:
    shown = [_render_part(date.start, part, locale, suffix) for part in parts]
    _strip_edge(shown, "suffix", -1)
    largest = min(parts, key=_rank, default=None)
    body = _sequence(shown, format)
    return Node([body, largest.range_delimiter]) if body and largest else body


def _rank(part: Part) -> int:
    return _ORDER.index(part.name) if part.name in _ORDER else 3


def _differing(start: tuple[int, ...], end: tuple[int, ...], shown: set[str]) -> set[str]:
    for index in range(len(_ORDER)):
        if start[index : index + 1] != end[index : index + 1]:
            return {part for part in _ORDER[index:] if part in shown}
    return set()


def _strip_edge(parts: list[Out | None], side: str, index: int) -> None:
    """The outer affix next to the range's delimiter is not printed."""
    shown = [part for part in parts if part]
    node = shown[index] if shown else None
    if isinstance(node, Node):
        setattr(node, side, "")


def _sequence(parts: list[Out | None], format: DateFormat) -> Out | None:
    shown = [part for part in parts if part]
    if not shown:
        return None
    return Node(shown, delimiter=format.delimiter)


def _render_part(
    date: tuple[int, ...], part: Part, locale: Locale, suffix: Out | None
) -> Out | None:
    text = _PART_TEXT[part.name](date, part.form, locale) if part.name in _PART_TEXT else ""
    if not text:
        return None
    if part.name == "year" and suffix:
        inner = part.decoration.apply(text, affixes=False)
        if inner is None:
            return None
        return Node([inner, suffix], prefix=part.decoration.prefix, suffix=part.decoration.suffix)
    return part.decoration.apply(parse_markup(text))


def _year(date: tuple[int, ...], form: str, locale: Locale) -> str:
    year = date[0]
    if form == "short":
        return f"{abs(year) % 100:02d}"
    if year < 0:
        return f"{-year}{locale.term('bc') or ''}"
    if year < 1000:
        return f"{year}{locale.term('ad') or ''}"
    return str(year)


def _month(date: tuple[int, ...], form: str, locale: Locale) -> str:
    if len(date) < 2:
        return ""
    month = date[1]
    if month > 12:
        season = month - _SEASON if month > _SEASON else month - 12
        return locale.term(f"season-{season:02d}") or "" if 1 <= season <= 4 else ""
    if form == "numeric":
        return str(month)
    if form == "numeric-leading-zeros":
        return f"{month:02d}"
    return locale.term(f"month-{month:02d}", form) or ""


def _day(date: tuple[int, ...], form: str, locale: Locale) -> str:
    if len(date) < 3:
        return ""
    day = date[2]
    if form == "numeric-leading-zeros":
        return f"{day:02d}"
    if form == "ordinal":
        limited = locale.options.get("limit-day-ordinals-to-day-1") == "true"
        if not limited or day == 1:
            return ordinal(day, locale, locale.gender(f"month-{date[1]:02d}"))
    return str(day)


_PART_TEXT = {"year": _year, "month": _month, "day": _day}


def sort_text(date: Date | None, shown: tuple[str, ...] = _ORDER) -> str:
    """The date as digits that sort in time order; "" where it says no year."""
    if date is None or not date.start:
        return ""
    texts = [_sort_parts(date.start, shown)]
    if date.end is not None:
        texts.append(_sort_parts(date.end, shown))
    return "–".join(texts)


def _sort_parts(parts: tuple[int, ...], shown: tuple[str, ...]) -> str:
    year = parts[0] if parts and "year" in shown else 0
    month = parts[1] if len(parts) > 1 and "month" in shown else 0
    if month > _SEASON:
        # A season is no later than its year.
        month = 0
    day = parts[2] if len(parts) > 2 and "day" in shown else 0
    return f"{max(year + _FIRST_YEAR, 0):07d}{month:02d}{day:02d}"
