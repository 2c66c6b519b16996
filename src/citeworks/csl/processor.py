"""The citation processor: a style, items, and what is asked of them.

The pipeline on a page: parse and compile once, order and number the items, disambiguate the
whole list, then render citations and the bibliography. Knows no file and no network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from citeworks.csl.author_substitute import AuthorSubstitute
from citeworks.csl.citation import NO_PRINTED_FORM, CitationBuilder, capitalize_opening
from citeworks.csl.compile import Compiler, sequence
from citeworks.csl.context import Choice, Context, Item, SupportsItem
from citeworks.csl.disambiguate import Disambiguator, Entry
from citeworks.csl.formats import FORMATS
from citeworks.csl.locale import load_locale_for
from citeworks.csl.output import CLOSE, Node, Out, Token, find, flatten, is_empty, plain
from citeworks.csl.parse_style import parse_style
from citeworks.csl.position import find_positions
from citeworks.csl.punctuation import settle
from citeworks.csl.sort import SortKey, sort_by
from citeworks.csl.style import Area
from citeworks.model.name import Name


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The entries in order, and how the style wants them laid out."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    hanging_indent: bool = False
    second_field_align: str = ""
    entry_spacing: int = 1
    line_spacing: int = 1

    def __str__(self) -> str:
        return "\n".join(entry for _, entry in self.entries)


class Processor:
    """Renders citations and bibliographies of `items` in one style.

    `items` maps identifiers to CSL-JSON dicts; all of them are registered in the mapping's order.
    `load_locale` gives the XML text of a locale by name, or None.
    """

    def __init__(
        self,
        style_xml: str,
        items: Mapping[str, SupportsItem],
        *,
        locale: str | None = None,
        output: str = "html",
        load_locale: Callable[[str], str | None] = lambda name: None,
        links: bool = False,
    ) -> None:
        if output not in FORMATS:
            raise ValueError(f"unknown output {output!r}; one of {', '.join(FORMATS)}")
        self.style = parse_style(style_xml)
        self.locale = load_locale_for(self.style, locale, load_locale)
        self.format = FORMATS[output](links=links)
        english = self.locale.is_english
        self.items = {
            str(key): Item(str(key), data, english=english) for key, data in items.items()
        }
        self.order = list(self.items)
        self._citation_compiler = self._compiler(self.style.citation)
        self._cite_layout = sequence(self._citation_compiler.children(self.style.citation.layout))
        self._ready = False
        self.numbers: dict[str, int] = {}
        self.choices: dict[str, Choice] = {}
        self.sorted_order: list[str] = []
        self._bibliography_compiler: Compiler | None = None
        if self.style.bibliography:
            self._bibliography_compiler = self._compiler(self.style.bibliography)
        self._given_shown: dict[str, dict[Name, int]] = {}
        self._global_levels: dict[tuple[object, Any], int] = {}
        self._sort_keys: list[SortKey] = []
        rule = self.style.citation.attributes.get("givenname-disambiguation-rule", "")
        self._compares_subsequent = (
            self.style.is_note or "et-al-subsequent-min" in self._citation_compiler.name_defaults
        )
        self._is_numbered = self._calls("citation-number")
        self._primary_only = rule.startswith("primary-name")

    def _compiler(self, area: Area) -> Compiler:
        compiler = Compiler(self.style, self.locale, area.attributes, area.kind)
        compiler.explicit_suffix = self._calls("year-suffix")
        return compiler

    def _calls(self, variable: str) -> bool:
        """True if a layout prints the variable."""
        areas = (self.style.citation, self.style.bibliography)
        macros = self.style.macros
        return any(_calls_variable(macros, each.layout, variable) for each in areas if each)

    def citations(
        self, clusters: Sequence[Sequence[Mapping[str, Any]]],
        note_numbers: Sequence[int] | None = None,
    ) -> list[str]:  # fmt: skip
        """One text for each cluster of cites; with note numbers, of one whole document."""
        positions = None
        if note_numbers is not None:
            self._order_by_citation(clusters)
            distance = self.style.citation.number("near-note-distance", 5)
            positions = find_positions(clusters, note_numbers, distance)
        self._prepare()
        builder = CitationBuilder(
            self.style, self.locale, self._render_cite, self._sort_cites, self._cite_context
        )
        found = []
        for index, cluster in enumerate(clusters):
            row = positions[index] if positions else None
            placed = [
                (cite, row[at] if row else None)
                for at, cite in enumerate(cluster)
                if str(cite.get("id")) in self.items
            ]
            out = builder.build(placed)
            found.append(self._write(out, strip=True) if out is not None else NO_PRINTED_FORM)
        return found

    def bibliography(self) -> Bibliography:
        """All items as the style's bibliography prints them."""
        area = self.style.bibliography
        if area is None or self._bibliography_compiler is None:
            return Bibliography()
        self._prepare()
        get = area.attributes.get
        return Bibliography(
            entries=self._entries(area, self._bibliography_compiler),
            hanging_indent=get("hanging-indent") == "true",
            second_field_align=get("second-field-align", ""),
            entry_spacing=area.number("entry-spacing", 1),
            line_spacing=area.number("line-spacing", 1),
        )

    def _entries(self, area: Area, compiler: Compiler) -> list[tuple[str, str]]:
        renders = compiler.children(area.layout)
        decoration = compiler.decoration(area.layout)
        align = bool(area.attributes.get("second-field-align")) and len(renders) > 1
        text = area.attributes.get("subsequent-author-substitute")
        rule = area.attributes.get("subsequent-author-substitute-rule", "")
        substitute = AuthorSubstitute(text, rule) if text is not None else None
        body = sequence(renders) if renders else None
        entries: list[tuple[str, str]] = []
        for key in self.sorted_order:
            ctx = self._context(key)
            if align:
                out = _aligned(ctx, renders[0], sequence(renders[1:]), decoration)
            else:
                out = _in_block(decoration.apply(body(ctx))) if body else None
            if out is not None and not is_empty(out):
                if substitute:
                    substitute.apply(out)
                capitalize_opening(out)
                entries.append((key, self.format.entry(self._write(out))))
            elif self._is_numbered:
                empty = f"{ctx.number}. {NO_PRINTED_FORM}"
                entries.append((key, self.format.entry(empty)))
        return entries

    def _context(self, key: str) -> Context:
        ctx = Context(self.items[key])
        ctx.number = self.numbers.get(key, 0)
        choice = self.choices.get(key)
        if choice is not None and (choice.suffix or choice.conditions):
            ctx.choice = Choice()
            ctx.choice.suffix = choice.suffix
            ctx.conditions_left = choice.conditions
        ctx.given_shown = self._given_shown.get(key)
        return ctx

    def _write(self, out: Out, *, strip: bool = False) -> str:
        tokens = settle(flatten(out), punctuation_in_quote=self.locale.punctuation_in_quote)
        _trim_end(tokens)
        text = self.format.write(tokens, self.locale.quotes)
        return text.strip(" ") if strip else text

    def _order_by_citation(self, clusters: Sequence[Sequence[Mapping[str, Any]]]) -> None:
        cited = dict.fromkeys(
            key
            for cluster in clusters
            for cite in cluster
            if (key := str(cite.get("id"))) in self.items
        )
        order = [*cited, *(key for key in self.items if key not in cited)]
        if order != self.order:
            self.order, self._ready = order, False

    def _prepare(self) -> None:
        """Number, sort and disambiguate the whole list, once."""
        if self._ready:
            return
        self._ready = True
        self.numbers = {key: number for number, key in enumerate(self.order, 1)}
        self.sorted_order = self._sorted()
        self.numbers = {key: number for number, key in enumerate(self.sorted_order, 1)}
        self._disambiguate()

    def _sorted(self) -> list[str]:
        area = self.style.bibliography
        if area is None or not area.keys or self._bibliography_compiler is None:
            return list(self.order)
        if not self._sort_keys:
            self._sort_keys = [SortKey(key, self._bibliography_compiler) for key in area.keys]
        return sort_by(self._sort_keys, self.order, self._sort_context)

    def _sort_context(self, key: str) -> Context:
        ctx = Context(self.items[key])
        ctx.number = self.numbers[key]
        ctx.sorting = True
        return ctx

    def _sort_cites(self, contexts: list[Any], context_of: Callable[[Any], Context]) -> list[Any]:
        keys = [SortKey(key, self._citation_compiler) for key in self.style.citation.keys]
        return sort_by(keys, contexts, context_of)

    def _disambiguate(self) -> None:
        entries = []
        for key in self.order:
            entry = Entry(key)
            entry.rank = self.numbers[key]
            entries.append(entry)
        uses_condition = _uses_disambiguate(self.style.macros, self.style.citation.layout)
        runner = Disambiguator(
            self.style.citation, entries, self._render_entry, conditions=uses_condition
        )
        self._global_levels = runner.levels
        if runner.is_needed:
            runner.run()
        self.choices = {entry.id: entry.choice for entry in entries}
        shown = ((entry.id, runner.given_shown(entry)) for entry in entries)
        self._given_shown = {key: names for key, names in shown if names}

    def _render_entry(self, entry: Entry) -> None:
        """Render a cite of the entry as it stands for comparison."""
        ctx = Context(self.items[entry.id])
        ctx.choice = entry.choice
        ctx.conditions_left = entry.choice.conditions
        ctx.global_levels = self._global_levels or None
        ctx.primary_only = self._primary_only
        ctx.people = []
        if self._compares_subsequent:
            ctx.position = 1
        out = self._cite_layout(ctx)
        entry.key = plain(out)
        entry.people = ctx.people  # type: ignore[assignment]
        entry.hidden = ctx.hidden
        entry.conditions = ctx.conditions_met
        names = find(out, _is_name_list)
        entry.names = names.data[0] if names is not None else ()  # type: ignore[index]

    def _cite_context(self, key: str) -> Context:
        ctx = Context(self.items[key])
        ctx.number = self.numbers[key]
        return ctx

    def _render_cite(self, ctx: Context) -> Out | None:
        key = ctx.item.id
        ctx.choice = self.choices.get(key)
        ctx.conditions_left = ctx.choice.conditions if ctx.choice else 0
        ctx.global_levels = self._global_levels or None
        ctx.primary_only = self._primary_only
        return self._cite_layout(ctx)


def _is_name_list(node: Node) -> bool:
    return node.role == "name-list"


def _aligned(ctx: Context, first: Any, rest: Any, decoration: Any) -> Out | None:
    margin, body = first(ctx), rest(ctx)
    parts: list[Out] = []
    if margin:
        parts.append(Node([margin], display="left-margin", prefix=decoration.prefix))
    if body:
        prefix = "" if margin else decoration.prefix
        parts.append(Node([body], display="right-inline", prefix=prefix, suffix=decoration.suffix))
    return Node(parts, format=decoration.format) if parts else None


def _trim_end(tokens: list[Token]) -> None:
    """No space at the end of a block that ends the entry."""
    if not tokens or tokens[-1][:2] != (CLOSE, "display"):
        return
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if isinstance(token, str):
            tokens[index] = token.rstrip(" ")
            return


def _in_block(out: Out | None) -> Out | None:
    """A suffix after a last block goes inside that block."""
    if isinstance(out, Node) and out.suffix:
        last: Out = out
        while isinstance(last, Node) and not last.display and last.children:
            last = last.children[-1]
        if isinstance(last, Node) and last.display:
            last.suffix += out.suffix
            out.suffix = ""
    return out


def _calls_variable(macros: Mapping[str, Any], root: Any, variable: str) -> bool:
    return _reaches(macros, root, lambda element: element.get("variable") == variable)


def _uses_disambiguate(macros: Mapping[str, Any], root: Any) -> bool:
    return _reaches(macros, root, lambda element: bool(element.get("disambiguate")))


def _reaches(macros: Mapping[str, Any], root: Any, test: Callable[[Any], bool]) -> bool:
    seen: set[str] = set()
    work = [root]
    while work:
        element = work.pop()
        if test(element):
            return True
        name = element.attributes.get("macro")
        if name and name not in seen:
            seen.add(name)
            work.append(macros[name])
        work.extend(element.children)
    return False
