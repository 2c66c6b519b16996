"""Turns the elements of a style into closures, once for each area.

Knows what every rendering element asks of a `Context` and what it puts into the output tree;
refuses to know clusters, sorting, disambiguation and output formats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from citeworks.csl.citation_label import citation_label
from citeworks.csl.conditions import compile_condition
from citeworks.csl.context import Context
from citeworks.csl.dates import read_format, render_date
from citeworks.csl.dates import sort_text as date_sort_text
from citeworks.csl.decorate import Decoration, read_decoration
from citeworks.csl.labels import compile_label
from citeworks.csl.locale import Locale
from citeworks.csl.markup import parse_markup
from citeworks.csl.numbers import format_number, format_ranges, is_numeric
from citeworks.csl.output import Node, Out, find_all
from citeworks.csl.style import Element, Style
from citeworks.model.date import Date

Render = Callable[[Context], "Out | None"]
_LINKED = {"DOI": "https://doi.org/", "URL": "", "PMID": "https://www.ncbi.nlm.nih.gov/pubmed/",
           "PMCID": "https://www.ncbi.nlm.nih.gov/pmc/articles/"}  # fmt: skip
_RANGED = frozenset(
    """chapter-number collection-number edition issue locator number number-of-pages
    number-of-volumes page page-first volume""".split()
)
"""The number variables in which a hyphen between numbers is printed as a range."""
_PAGED = frozenset("locator page page-first".split())
_NAME_ATTRIBUTES = {"name-form": "form", "name-delimiter": "delimiter"}


class Compiler:
    """Compiles elements in the light of one style, locale and area."""

    def __init__(self, style: Style, locale: Locale, area: Mapping[str, str], kind: str) -> None:
        self.style = style
        self.locale = locale
        self.kind = kind
        self.name_defaults = {**style.attributes, **area}
        for attribute, name in _NAME_ATTRIBUTES.items():
            self.name_defaults.pop(name, None)
            if attribute in self.name_defaults:
                self.name_defaults[name] = self.name_defaults[attribute]
        self.macros: dict[str, Render] = {}
        self.explicit_suffix = False
        self.names_parent: Any = None
        """The `cs:names` in whose substitute the elements stand that are being compiled."""

    def compile(self, element: Element) -> Render:
        """The closure of one element."""
        factory = _FACTORIES.get(element.kind)
        return factory(self, element) if factory else _nothing

    def children(self, element: Element) -> list[Render]:
        """The closures of the children that render anything."""
        return [self.compile(child) for child in element.children if child.kind in _FACTORIES]

    def macro(self, name: str) -> Render:
        """The closure of a macro, compiled when it is first called."""
        found = self.macros.get(name)
        if found is None:
            parent, self.names_parent = self.names_parent, None
            element = self.style.macros[name]
            found = sequence(self.children(element))
            if _has_date(element):
                found = _dates_when_sorting(found)
            self.macros[name] = found
            self.names_parent = parent
        return found

    def decoration(self, element: Element) -> Decoration:
        """The element's own decoration."""
        return read_decoration(element.attributes, self.locale)


def _nothing(_ctx: Context) -> Out | None:
    return None


def sequence(renders: list[Render], delimiter: str | None = "") -> Render:
    """The closures one after the other; None for the delimiter of what is around them."""
    if len(renders) == 1:
        return renders[0]

    def render(ctx: Context) -> Out | None:
        parts = [out for each in renders if (out := each(ctx))]
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else Node(parts, delimiter=delimiter)

    return render


def _has_date(element: Element) -> bool:
    return any(child.kind == "date" or _has_date(child) for child in element.children)


def _dates_when_sorting(render: Render) -> Render:
    """A macro that prints a date sorts by the date alone, and last where there is none."""

    def dates(ctx: Context) -> Out | None:
        out = render(ctx)
        if not ctx.sorting:
            return out
        found: list[Out] = list(find_all(out, "date"))
        return Node(found, delimiter="–") if found else None

    return dates


def _compile_text(compiler: Compiler, element: Element) -> Render:
    attributes = element.attributes
    if "variable" in attributes:
        return _text_variable(compiler, element)
    if "macro" in attributes:
        return _text_macro(compiler, element)
    if "term" in attributes:
        return _text_term(compiler, element)
    fixed = compiler.decoration(element).apply(parse_markup(element.get("value")))
    return lambda ctx: fixed


def _text_macro(compiler: Compiler, element: Element) -> Render:
    decoration = compiler.decoration(element)
    name = element.get("macro")
    render_macro: list[Render] = []

    def render(ctx: Context) -> Out | None:
        if not render_macro:
            render_macro.append(compiler.macro(name))
        called, filled = ctx.called, ctx.filled
        ctx.called = ctx.filled = False
        out = render_macro[0](ctx)
        if not out or (ctx.called and not ctx.filled):
            ctx.called = called or ctx.called
            ctx.filled = filled
            return None
        ctx.called = ctx.filled = True
        if isinstance(out, Node) and out.delimiter is None:
            # What is around a macro does not reach into its conditions.
            out.delimiter = ""
        _nest(out)
        return decoration.apply(out, english=ctx.item.is_english)

    return render


def _nest(out: Out) -> None:
    """What a macro or a group holds alone does not stand among their siblings itself."""
    if isinstance(out, Node):
        out.is_leaf = False


def _text_term(compiler: Compiler, element: Element) -> Render:
    name, form = element.get("term"), element.get("form", "long")
    text = compiler.locale.term(name, form, plural=element.get("plural") == "true")
    if name == "no date" and text is None:
        text = compiler.locale.term("no-date", form)
    decoration = compiler.decoration(element)
    if text and decoration.strip:
        text = text.replace(".", "")
    fixed = decoration.apply(text)
    if not fixed:
        return _nothing
    if name == "no date":
        return _no_date(compiler, decoration, text)
    if decoration.case or (compiler.kind == "citation" and not compiler.style.is_note):
        return lambda ctx: fixed
    # A note or an entry capitalizes the term that opens it, so every one has its own.
    return lambda ctx: decoration.apply(text, role="text-term")


def _no_date(compiler: Compiler, decoration: Decoration, text: str | None) -> Render:
    """The term that stands for a date takes the year suffix that has no place of its own."""

    def render(ctx: Context) -> Out | None:
        suffix = _implicit_suffix(compiler, ctx, "issued")
        out: Out | None = Node([text, "-", suffix]) if suffix and text else text
        return decoration.apply(out, role="term" if decoration.case else "text-term")

    return render


def _text_variable(compiler: Compiler, element: Element) -> Render:
    variable, form = element.get("variable"), element.get("form")
    if variable == "year-suffix":
        return _year_suffix(compiler, element)
    if variable == "citation-number":
        return _citation_number(compiler, element)
    if variable == "citation-label":
        return _citation_label(compiler, element)
    if variable in _RANGED:
        return _pages(compiler, element)
    if variable in _LINKED:
        return _link(compiler, element)
    decoration = compiler.decoration(element)
    short = variable + "-short" if form == "short" and not variable.endswith("-short") else ""
    quotes = compiler.locale.quotes
    # Chinese and Japanese titles are not written in italics.
    is_title = "title" in variable
    upright = read_decoration({**element.attributes, "font-style": ""}, compiler.locale)

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        if ctx.is_suppressed(variable):
            return None
        used = variable
        text = ""
        if short:
            text = ctx.text(short)
            used = short if text else variable
        text = text or ctx.text(variable)
        if not text:
            return None
        ctx.filled = True
        ctx.note_use(used)
        out = ctx.item.markup.get(text)
        if out is None:
            out = ctx.item.markup[text] = parse_markup(text, quotes)
        item = ctx.item
        used_decoration = upright if item.is_east_asian and is_title else decoration
        shown = used_decoration.apply(out, english=item.is_english, turkic=item.is_turkic)
        if isinstance(shown, Node) and shown is not out:
            shown.is_leaf = True
        return shown

    return render


def _year_suffix(compiler: Compiler, element: Element) -> Render:
    decoration = compiler.decoration(element)

    def render(ctx: Context) -> Out | None:
        if ctx.choice is None or not ctx.choice.suffix:
            return None
        ctx.filled = True
        return decoration.apply(suffix_node(ctx.choice.suffix))

    return render


def suffix_node(number: int) -> Node:
    """A year suffix as a node that later phases can find."""
    return Node([suffix_letters(number)], role="year-suffix", data=number)


def suffix_letters(number: int) -> str:
    """1 as ``a``, 27 as ``aa``."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters


def _citation_number(compiler: Compiler, element: Element) -> Render:
    decoration = compiler.decoration(element)

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        if not ctx.number:
            return None
        ctx.filled = True
        out = decoration.apply(str(ctx.number), role="citation-number")
        if isinstance(out, Node):
            out.data = ctx.number
        return out

    return render


def _citation_label(compiler: Compiler, element: Element) -> Render:
    decoration = compiler.decoration(element)

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        label = citation_label(ctx.item)
        ctx.filled = True
        parts: list[Out] = [label]
        if ctx.choice and ctx.choice.suffix and not compiler.explicit_suffix:
            parts.append(suffix_node(ctx.choice.suffix))
            ctx.suffix_printed = True
        return decoration.apply(Node(parts, role="citation-label"))

    return render


def _pages(compiler: Compiler, element: Element) -> Render:
    variable = element.get("variable")
    decoration = compiler.decoration(element)
    is_paged = variable in _PAGED
    style = compiler.style.attributes.get("page-range-format", "") if is_paged else ""
    delimiter = compiler.locale.term("page-range-delimiter") or "–"
    ampersand = compiler.locale.term("and", "symbol") or "&"
    cache: dict[str, Out] = {}

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        text = ctx.text(variable)
        if not text or ctx.is_suppressed(variable):
            return None
        ctx.filled = True
        ctx.note_use(variable)
        if variable == "locator" and ctx.label not in ("page", ""):
            return decoration.apply(parse_markup(format_ranges(text, "", delimiter)))
        out = cache.get(text)
        if out is None:
            shown = format_ranges(text, style, delimiter, ampersand)
            out = cache[text] = parse_markup(shown)
        return decoration.apply(out, english=ctx.item.is_english)

    return render


def _link(compiler: Compiler, element: Element) -> Render:
    variable = element.get("variable")
    decoration = compiler.decoration(element)
    base = _LINKED[variable]

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        text = ctx.text(variable)
        if not text or ctx.is_suppressed(variable):
            return None
        ctx.filled = True
        ctx.note_use(variable)
        target = text if text.startswith("http") else base + text
        out = Node([text], format=(("link", target),))
        return decoration.apply(out)

    return render


def _compile_number(compiler: Compiler, element: Element) -> Render:
    variable, form = element.get("variable"), element.get("form", "numeric")
    decoration = compiler.decoration(element)
    locale = compiler.locale
    gender = locale.gender(variable)

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        text = ctx.text(variable)
        if not text or ctx.is_suppressed(variable):
            return None
        ctx.filled = True
        ctx.note_use(variable)
        if is_numeric(text):
            # The term of an ordinal may raise itself.
            return decoration.apply(parse_markup(format_number(text, form, locale, gender)))
        return decoration.apply(text, english=ctx.item.is_english)

    return render


def _compile_date(compiler: Compiler, element: Element) -> Render:
    variable = element.get("variable")
    format = read_format(element, compiler.locale)
    decoration = compiler.decoration(element)
    has_year = any(part.name == "year" for part in format.parts)
    sort_parts = tuple(part.name for part in format.parts)

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        date = ctx.item.date(variable)
        if date is None or ctx.is_suppressed(variable):
            return None
        if variable == "accessed" and ctx.people is not None:
            # When a work was looked at does not tell it from another.
            ctx.filled = True
            return "accessed"
        if ctx.sorting:
            return _comparable(date, sort_parts, ctx)
        if date.literal:
            ctx.filled = True
            ctx.note_use(variable)
            return decoration.apply(_literal(date.literal, compiler, ctx))
        suffix = _implicit_suffix(compiler, ctx, variable) if has_year else None
        out = render_date(date, format, compiler.locale, suffix)
        if not out:
            return None
        ctx.filled = True
        ctx.note_use(variable)
        return decoration.apply(out, role="date")

    return render


def _comparable(date: Date, parts: tuple[str, ...], ctx: Context) -> Out | None:
    text = date_sort_text(date, parts)
    ctx.filled = ctx.filled or bool(text)
    return Node([text], role="date") if text else None


def _literal(text: str, compiler: Compiler, ctx: Context) -> Out:
    suffix = _implicit_suffix(compiler, ctx, "issued")
    out = parse_markup(text)
    return Node([out, suffix]) if suffix else out


def _implicit_suffix(compiler: Compiler, ctx: Context, variable: str) -> Out | None:
    """The year suffix, where the style has no place of its own for it."""
    if compiler.explicit_suffix or ctx.suffix_printed or variable == "accessed":
        return None
    if ctx.choice is None or not ctx.choice.suffix:
        return None
    ctx.suffix_printed = True
    return suffix_node(ctx.choice.suffix)


def _compile_group(compiler: Compiler, element: Element) -> Render:
    renders = compiler.children(element)
    delimiter = element.get("delimiter")
    decoration = compiler.decoration(element)
    plain = decoration.is_plain and not decoration.case and not decoration.strip

    def render(ctx: Context) -> Out | None:
        called, filled = ctx.called, ctx.filled
        ctx.called = ctx.filled = False
        parts = [out for each in renders if (out := each(ctx))]
        if not parts or (ctx.called and not ctx.filled):
            ctx.called = called or ctx.called
            ctx.filled = filled
            return None
        ctx.called = ctx.filled = True
        if plain:
            if len(parts) > 1:
                return Node(parts, delimiter=delimiter)
            only = parts[0]
            _nest(only)
            if isinstance(only, Node) and only.delimiter is None:
                only.delimiter = delimiter
            return only
        return decoration.apply(Node(parts, delimiter=delimiter), english=ctx.item.is_english)

    return render


def _first(renders: list[Render]) -> Render:
    """The first of the closures that prints anything: what stands in for names stands alone."""
    return lambda ctx: next((out for each in renders if (out := each(ctx))), None)


def _in_a_row(renders: list[Render]) -> Render:
    return sequence(renders, None)


def _compile_choose(compiler: Compiler, element: Element) -> Render:
    branches: list[tuple[Callable[[Context], bool] | None, Render]] = []
    for child in element.children:
        if child.kind not in ("if", "else-if", "else"):
            continue
        condition = None if child.kind == "else" else compile_condition(child, compiler.kind)
        stands_in = compiler.names_parent is not None and child.find("names") is not None
        join = _first if stands_in else _in_a_row
        branches.append((condition, join(compiler.children(child))))

    def render(ctx: Context) -> Out | None:
        for condition, body in branches:
            if condition is None or condition(ctx):
                return body(ctx)
        return None

    return render


def _compile_names(compiler: Compiler, element: Element) -> Render:
    from citeworks.csl.substitute import compile_names

    return compile_names(compiler, element, compiler.names_parent)


def _compile_label(compiler: Compiler, element: Element) -> Render:
    return compile_label(element, compiler.locale)


_FACTORIES: dict[str, Callable[[Compiler, Element], Render]] = {
    "text": _compile_text,
    "number": _compile_number,
    "date": _compile_date,
    "group": _compile_group,
    "choose": _compile_choose,
    "names": _compile_names,
    "label": _compile_label,
}
