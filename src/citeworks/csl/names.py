"""Name lists as CSL prints them: order, initials, particles, et al., delimiters and labels.

Knows the options of `cs:name` and one list of names; refuses to know substitution and which
names must be expanded for disambiguation (it is told).
"""

from __future__ import annotations

from collections.abc import Mapping

from citeworks.csl.context import Context
from citeworks.csl.decorate import Decoration, read_decoration
from citeworks.csl.initials import initialize, normalize_initials
from citeworks.csl.locale import Locale
from citeworks.csl.markup import parse_markup
from citeworks.csl.output import Delimiter, Node, Out, plain
from citeworks.csl.style import Element
from citeworks.model.name import Name

INHERITED = frozenset(
    """and delimiter-precedes-et-al delimiter-precedes-last et-al-min et-al-use-first
    et-al-subsequent-min et-al-subsequent-use-first et-al-use-last initialize initialize-with
    name-as-sort-order sort-separator""".split()
)
_GLUED = ("'", "’", "-", "ʻ", "–")
_SPACED = frozenset("de' de’ 't ’t".split())
_LIST_SHIFT = 16


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else 0


class NameOptions:
    """All options that one `cs:name` ends up with."""

    __slots__ = (
        "and_",
        "as_sort_order",
        "cache",
        "decoration",
        "delimiter",
        "demote",
        "family",
        "form",
        "given",
        "hyphen",
        "initialize",
        "initialize_with",
        "key",
        "min",
        "precedes_et_al",
        "precedes_last",
        "separator",
        "subsequent_first",
        "subsequent_min",
        "use_first",
        "use_last",
    )  # fmt: skip

    def __init__(
        self, attributes: Mapping[str, str], name: Element | None, style: Mapping[str, str],
        locale: Locale,
    ) -> None:  # fmt: skip
        get = attributes.get
        self.and_ = _and_text(get("and"), locale)
        self.delimiter = get("delimiter", ", ")
        self.precedes_et_al = get("delimiter-precedes-et-al", "contextual")
        self.precedes_last = get("delimiter-precedes-last", "contextual")
        self.min, self.use_first = _number(get("et-al-min")), _number(get("et-al-use-first"))
        self.subsequent_min = _number(get("et-al-subsequent-min"))
        self.subsequent_first = _number(get("et-al-subsequent-use-first"))
        self.use_last = get("et-al-use-last") == "true"
        self.form = get("form", "long")
        self.initialize = get("initialize") != "false"
        self.initialize_with = get("initialize-with")
        self.as_sort_order = get("name-as-sort-order", "")
        self.separator = get("sort-separator", ", ")
        self.hyphen = style.get("initialize-with-hyphen") != "false"
        self.demote = style.get("demote-non-dropping-particle", "display-and-sort")
        own = name.attributes if name else {}
        self.decoration = read_decoration(own, locale)
        parts = {part.get("name"): part.attributes for part in name.children} if name else {}
        self.family = read_decoration(parts.get("family", {}), locale)
        self.given = read_decoration(parts.get("given", {}), locale)
        self.cache: dict[tuple[Name, int, bool], Out] = {}
        self.key = (self.form, self.initialize_with, self.initialize)

    def top_level(self, with_initials: bool) -> int:
        """How many times a name in this form can be expanded."""
        abbreviates = self._abbreviates
        if self.form == "short":
            return 2 if abbreviates and not with_initials else 1
        return 1 if abbreviates and not with_initials else 0

    @property
    def _abbreviates(self) -> bool:
        return self.initialize_with is not None and self.initialize

    def shown_at(self, level: int) -> int:
        """How much of a given name that level shows: 0 nothing, 1 initials, 2 all."""
        steps = level if self._abbreviates else 2 * level
        return steps if self.form == "short" else min(2, steps + (1 if self._abbreviates else 2))

    def level_of(self, shown: int) -> int:
        """The level that shows as much of a given name, or what this form shows at least."""
        if self.form == "short":
            return shown if self._abbreviates else min(shown, 1)
        return max(0, shown - 1) if self._abbreviates else 0


def _and_text(kind: str | None, locale: Locale) -> str:
    if kind == "text":
        return locale.term("and") or ""
    return (locale.term("and", "symbol") or "&") if kind == "symbol" else ""


def render_name(name: Name, options: NameOptions, level: int, inverted: bool) -> Out:
    """One name, expanded `level` times beyond its form, family name first if `inverted`."""
    key = (name, level, inverted)
    found = options.cache.get(key)
    if found is None:
        found = options.cache[key] = _render_name(name, options, level, inverted)
    return found


def _render_name(name: Name, options: NameOptions, level: int, inverted: bool) -> Out:
    if name.literal:
        return options.family.apply(parse_markup(name.literal), affixes=False) or ""
    if not name.family:
        return options.family.apply(parse_markup(name.given)) or ""
    short = options.form == "short" and not level
    if short and inverted and options.demote == "display-and-sort" and name.non_dropping_particle:
        parts: list[Out | None] = [_family_with("", name.family, options)]
        parts.append(options.family.apply(name.non_dropping_particle, affixes=False))
        return _join(parts, options.separator)
    if short:
        return _family_with(name.non_dropping_particle, name.family, options)
    expanded = level - 1 if options.form == "short" else level
    given = _given_text(name, options, expanded > 0)
    if is_ideographic(name.family + name.given):
        return _family_first(name, name.given, options, "")
    if name.static_ordering:
        return _family_first(name, given, options, " ")
    if inverted:
        return _inverted(name, given, options)
    return _display_order(name, given, options)


def _given_text(name: Name, options: NameOptions, full: bool) -> str:
    if options.initialize_with is None or not name.given or full:
        return name.given
    if options.initialize:
        return initialize(name.given, options.initialize_with, options.hyphen)
    return normalize_initials(name.given, options.initialize_with)


def _glue(particle: str, family: str) -> str:
    if not particle:
        return family
    return f"{particle}{_space_after(particle)}{family}"


def _space_after(particle: str) -> str:
    """Nothing after ``d'`` and ``al-``, a space after ``van`` and ``de'``."""
    if particle.endswith("-"):
        return ""
    last = particle.lower().rpartition(" ")[2]
    return "" if particle.endswith(_GLUED) and last not in _SPACED else " "


def is_ideographic(text: str) -> bool:
    """True for scripts that write the family name first, without a space."""
    return any(_is_cjk(char) for char in text) and all(
        _is_cjk(char) or not char.isalpha() for char in text
    )


def _is_cjk(char: str) -> bool:
    code = ord(char)
    return 0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF


def _family_first(name: Name, given: str, options: NameOptions, space: str) -> Out:
    family = options.family.apply(_glue(name.non_dropping_particle, name.family))
    return _join([family, options.given.apply(given)], space)


def _join(parts: list[Out | None], delimiter: str) -> Out:
    kept = [part for part in parts if part]
    if all(isinstance(part, str) for part in kept):
        return delimiter.join(str(part) for part in kept)
    return Node(kept, delimiter=delimiter)


def _display_order(name: Name, given: str, options: NameOptions) -> Out:
    first = options.given.apply(parse_markup(given))
    family = _family_with(name.non_dropping_particle, name.family, options)
    if name.dropping_particle:
        particle = options.given.apply(name.dropping_particle, affixes=False)
        glue = "" if name.dropping_particle.endswith(_GLUED) else " "
        family = _join([particle, family], glue)
    space = "" if given.endswith("\u00a0") else " "
    whole = _join([first, family], space)
    if name.suffix:
        whole = _join([whole, _suffix(name, options)], ", " if name.comma_suffix else " ")
    return whole


def _family_with(particle: str, family: str, options: NameOptions) -> Out:
    return _with_affixes([particle, family], _space_after(particle), options.family)


def _with_affixes(
    parts: list[str], space: str, decoration: Decoration, particle: Out | None = None
) -> Out:
    """Name parts formatted each on its own, inside one pair of affixes."""
    formatted = [decoration.apply(parse_markup(part), affixes=False) for part in parts if part]
    formatted.append(particle)
    out = _join(formatted, space)
    if out and (decoration.prefix or decoration.suffix):
        return Node([out], prefix=decoration.prefix, suffix=decoration.suffix)
    return out


def _inverted(name: Name, given: str, options: NameOptions) -> Out:
    demoted = options.demote == "display-and-sort"
    family = _family_with("" if demoted else name.non_dropping_particle, name.family, options)
    particle = None
    if demoted:
        particle = options.family.apply(name.non_dropping_particle, affixes=False)
    given_part = _with_affixes([given, name.dropping_particle], " ", options.given, particle)
    return _join([family, given_part, _suffix(name, options)], options.separator)


def _suffix(name: Name, options: NameOptions) -> str:
    """The suffix, without full stops where initials have none."""
    if options.initialize_with is not None and "." not in options.initialize_with:
        return name.suffix.replace(".", "")
    return name.suffix


def sort_name(name: Name, options: NameOptions) -> Out:
    """The name as it is compared."""
    if name.literal or not name.family:
        return name.literal or name.given
    kept, dropped, family = name.non_dropping_particle, name.dropping_particle, name.family
    never = options.demote == "never"
    if options.form == "short":
        parts = [kept, family] if never else [family, kept]
    else:
        given = _given_text(name, options, False)
        parts = [kept, family, dropped, given] if never else [family, given, dropped, kept]
        parts.append(name.suffix)
    return " ".join(part for part in parts if part)


class EtAl:
    """The et al. term of one `cs:names`."""

    __slots__ = ("out",)

    def __init__(self, element: Element | None, locale: Locale) -> None:
        term = element.get("term", "et-al") if element else "et-al"
        text = locale.term(term) or ""
        decoration = read_decoration(element.attributes if element else {}, locale)
        self.out = decoration.apply(text)


def limits(options: NameOptions, ctx: Context) -> tuple[int, int]:
    """From how many names on a list is cut, and to how many."""
    least, first = options.min, options.use_first
    if ctx.sort_names:
        least = _number(ctx.sort_names.get("names-min")) or least
        first = _number(ctx.sort_names.get("names-use-first")) or first
    elif ctx.position:
        least = options.subsequent_min or least
        first = options.subsequent_first or first
    return least, first


def render_list(
    names: tuple[Name, ...], options: NameOptions, et_al: EtAl, ctx: Context, *, truncated: bool
) -> Out | None:
    """One list of names, cut as the options and the disambiguation say."""
    count, (least, first) = len(names), limits(options, ctx)
    shown = count
    if least and first and count >= least and first < count:
        if _uses_last(options, ctx):
            # An ellipsis stands for one name at least.
            first = max(min(first, least - 2), 1)
        shown = min(count, first + (ctx.choice.names if ctx.choice else 0))
        ctx.hidden = max(ctx.hidden, count - shown)
    cut = shown < count
    use_last = cut and _uses_last(options, ctx)
    if ctx.sorting:
        compared = [*names[:shown], *(names[-1:] if use_last else ())]
        return " ".join(str(sort_name(name, options)) for name in compared)
    rendered = [_one(name, index, options, ctx) for index, name in enumerate(names[:shown])]
    ctx.names_used += 1
    if not rendered:
        return None
    if use_last:
        last = _one(names[-1], count - 1, options, ctx)
        children = _interleave(rendered, options.delimiter)
        before = options.delimiter if len(rendered) > 1 else " "
        children += [Delimiter(before + "… "), last]
        return _list_node(children, names, len(rendered) + 1)
    if cut or truncated:
        inverted_last = _is_inverted(shown - 1, options, names[shown - 1])
        return _with_et_al(rendered, names, options, et_al, inverted_last)
    return _list_node(_with_and(rendered, options, names), names, shown)


def _uses_last(options: NameOptions, ctx: Context) -> bool:
    if ctx.sort_names and "names-use-last" in ctx.sort_names:
        return ctx.sort_names["names-use-last"] == "true"
    return options.use_last


def _list_node(children: list[Out], names: tuple[Name, ...], persons: int) -> Out:
    places = range(0, 2 * persons, 2)
    return Node(children, role="name-list", data=(names, tuple(places)))


def _is_inverted(index: int, options: NameOptions, name: Name) -> bool:
    if name.literal or not name.family:
        return False
    return options.as_sort_order == "all" or (options.as_sort_order == "first" and index == 0)


def _one(name: Name, index: int, options: NameOptions, ctx: Context) -> Out:
    level = 0
    if ctx.given_shown is not None:
        level = options.level_of(ctx.given_shown.get(name, 0))
    elif ctx.choice is not None or ctx.global_levels is not None or ctx.people is not None:
        level = _level(name, index, options, ctx)
    out = render_name(name, options, level, _is_inverted(index, options, name))
    # The affixes of `cs:name` are for persons.
    return options.decoration.apply(out, affixes=not name.literal) or ""


def _level(name: Name, index: int, options: NameOptions, ctx: Context) -> int:
    level, place = 0, ctx.names_used << _LIST_SHIFT | index
    if ctx.global_levels and (place == 0 or not ctx.primary_only):
        level = ctx.global_levels.get((options.key, name), 0)
    if ctx.choice is not None and ctx.choice.levels:
        level = max(level, ctx.choice.levels.get(place, 0))
    if ctx.people is not None:
        ctx.people.append((options, name, place))
    return level


def _interleave(rendered: list[Out], delimiter: str) -> list[Out]:
    children: list[Out] = []
    for index, out in enumerate(rendered):
        if index:
            children.append(Delimiter(delimiter))
        children.append(out)
    return children


def _with_et_al(
    rendered: list[Out], names: tuple[Name, ...], options: NameOptions, et_al: EtAl, inverted: bool
) -> Out:
    children = _interleave(rendered, options.delimiter)
    if et_al.out:
        rule = options.precedes_et_al
        delimited = (
            rule == "always"
            or (rule == "contextual" and len(rendered) > 1)
            or (rule == "after-inverted-name" and inverted)
        )
        space = "" if is_ideographic(plain(et_al.out)) else " "
        children += [Delimiter(options.delimiter if delimited else space), et_al.out]
    return _list_node(children, names, len(rendered))


def _with_and(rendered: list[Out], options: NameOptions, names: tuple[Name, ...]) -> list[Out]:
    if len(rendered) == 1 or not options.and_:
        return _interleave(rendered, options.delimiter)
    rule, count = options.precedes_last, len(rendered)
    delimited = (
        rule == "always"
        or (rule == "contextual" and count > 2)
        or (rule == "after-inverted-name" and _is_inverted(count - 2, options, names[count - 2]))
    )
    children = _interleave(rendered[:-1], options.delimiter)
    before = options.delimiter if delimited else "" if options.and_.endswith("\u2008") else " "
    after = "" if options.and_.endswith((" ", "\u2008")) else " "
    children += [Delimiter(f"{before}{options.and_}{after}"), rendered[-1]]
    return children
