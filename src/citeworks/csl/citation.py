"""One citation: its cites rendered, sorted, grouped, collapsed and joined.

Knows a cluster's affixes and delimiters; refuses to know positions and disambiguation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from citeworks.csl.collapse import CiteOut, arrange
from citeworks.csl.context import Context, clean
from citeworks.csl.decorate import read_decoration
from citeworks.csl.locale import Locale
from citeworks.csl.markup import parse_markup
from citeworks.csl.output import Affix, Delimiter, Node, Out, find, is_empty, opening_term, plain
from citeworks.csl.position import Found
from citeworks.csl.style import Style
from citeworks.csl.textcase import apply_case

RenderCite = Callable[[Context], "Out | None"]
SortCites = Callable[[list[Any], Callable[[Any], Context]], list[Any]]
_CONTENT = frozenset("names term text-term date citation-number citation-label".split())
NO_PRINTED_FORM = "[CSL STYLE ERROR: reference with no printed form.]"
Placed = tuple[Mapping[str, Any], Found | None]


class CitationBuilder:
    """Builds the tree of one citation after another."""

    def __init__(
        self,
        style: Style,
        locale: Locale,
        render: RenderCite,
        sort: SortCites,
        context_of: Callable[[str], Context],
    ) -> None:
        self.style, self.locale = style, locale
        self.area = style.citation
        self.render, self.sort, self.context_of = render, sort, context_of
        self.decoration = read_decoration(self.area.layout.attributes, locale)
        self.delimiter = self.area.layout.get("delimiter")

    def build(self, cites: list[Placed]) -> Out | None:
        """The citation as a tree; None if nothing is printed."""
        pairs = [(cite, self._context(cite, found)) for cite, found in cites]
        if self.area.keys and len(pairs) > 1 and not any(cite.get("unsorted") for cite, _ in cites):
            pairs = self.sort(pairs, self._sorting)
        outs = [self._cite(cite, ctx) for cite, ctx in pairs]
        if not outs:
            return None
        outs = arrange(outs, self.area, is_note=self.style.is_note)
        self._capitalize(outs)
        joined = self._join(outs)
        if not joined:
            return None
        if any(out.cite.get("author-only") for out in outs):
            return Node(joined)
        return Node(
            [Node(joined, prefix=self.decoration.prefix, suffix=self.decoration.suffix)],
            format=self.decoration.format,
        )

    def _context(self, cite: Mapping[str, Any], found: Found | None) -> Context:
        ctx = self.context_of(str(cite.get("id")))
        ctx.locator = clean(cite.get("locator")).strip()
        ctx.label = clean(cite.get("label")) if ctx.locator else ""
        if found is not None:
            ctx.position, ctx.near_note, ctx.first_note = found
        position = cite.get("position")
        if isinstance(position, int) and not isinstance(position, bool):
            ctx.position = position
        if "near-note" in cite:
            ctx.near_note = bool(cite["near-note"])
        first_note = cite.get("first-reference-note-number")
        if isinstance(first_note, int):
            ctx.first_note = first_note
        return ctx

    def _sorting(self, pair: tuple[Mapping[str, Any], Context]) -> Context:
        return self.item_context(pair[1])

    @staticmethod
    def item_context(ctx: Context) -> Context:
        """A fresh context for the same item, for its sort keys."""
        fresh = Context(ctx.item)
        fresh.sorting = True
        fresh.number = ctx.number
        return fresh

    def _cite(self, cite: Mapping[str, Any], ctx: Context) -> CiteOut:
        out = self.render(ctx)
        if cite.get("author-only"):
            out = find(out, lambda node: node.role == "names") or out
        elif cite.get("suppress-author") and not self.style.is_note:
            names = find(out, lambda node: node.role == "names")
            if names is not None and names is _first_content(out):
                names.dropped = True
        found = CiteOut(cite, out)
        found.prefix = self._affix(cite.get("prefix"))
        found.suffix = self._affix(cite.get("suffix"))
        return found

    def _affix(self, value: object) -> Out | None:
        text = clean(value)
        out = parse_markup(text, self.locale.quotes) if text else None
        if isinstance(out, Node) and isinstance(out.children[0], str):
            # Rich text joins the cite and its punctuation; plain text stays as it was written.
            out.children[0] = Affix(out.children[0])
        return out

    def _capitalize(self, outs: list[CiteOut]) -> None:
        """A term that opens a note begins with a capital."""
        if not self.style.is_note:
            return
        for index, cite in enumerate(outs):
            before = plain(cite.prefix).rstrip() if cite.prefix else ""
            opens = before.endswith((".", "!", "?")) if before else index == 0
            if opens:
                capitalize_opening(cite.out)

    def _join(self, outs: list[CiteOut]) -> list[Out]:
        joined: list[Out] = []
        delimiter: str | None = ""
        previous = outs[0]
        for cite in outs:
            if cite.dropped:
                continue
            parts = self._parts(cite, opens=not joined)
            if not parts:
                continue
            if joined:
                joined.append(Delimiter(self._delimiter(delimiter, previous, cite)))
            joined += parts
            delimiter = self.delimiter if cite.delimiter is None else cite.delimiter
            previous = cite
        return joined

    @staticmethod
    def _parts(cite: CiteOut, *, opens: bool) -> list[Out]:
        """The cite between its affixes; one that prints nothing says so where it comes first."""
        if is_empty(cite.out):
            affixes = [affix for affix in (cite.prefix, cite.suffix) if affix]
            is_bare = cite.cite.get("suppress-author") or cite.cite.get("author-only")
            return affixes or ([NO_PRINTED_FORM] if opens and not is_bare else [])
        return [part for part in (cite.prefix, cite.out, cite.suffix) if part]

    @staticmethod
    def _delimiter(delimiter: str | None, previous: CiteOut, cite: CiteOut) -> str:
        ended = plain(previous.suffix).rstrip().endswith((",", ".", ";", "?"))
        if delimiter and delimiter[0] in ",.;?" and ended:
            delimiter = delimiter[1:]
        if cite.prefix and plain(cite.prefix)[:1] in tuple(",.;?!"):
            return ""
        return delimiter or ""


def capitalize_opening(out: Out | None) -> None:
    """A capital for the term that the text opens with, if it opens with one."""
    term = opening_term(out)
    if term is not None:
        term.children = [apply_case(child, "capitalize-first") for child in term.children]


def _first_content(out: Out | None) -> Out | None:
    """What is printed first: a text, or a node that stands for one."""
    if not isinstance(out, Node):
        return out or None
    if out.dropped:
        return None
    if out.role in _CONTENT:
        return out
    return next((found for child in out.children if (found := _first_content(child))), None)
