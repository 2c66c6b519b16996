"""`cs:names` with its labels and `cs:substitute`.

Knows which variable stands in for missing names and that it is not printed a second time; refuses
to know how one name looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citeworks.csl.context import Context
from citeworks.csl.decorate import Decoration, read_decoration
from citeworks.csl.names import INHERITED, EtAl, NameOptions, limits, render_list
from citeworks.csl.output import Node, Out
from citeworks.csl.style import Element
from citeworks.model.name import Name

if TYPE_CHECKING:
    from citeworks.csl.compile import Compiler, Render


class _Label:
    """The label inside a `cs:names`."""

    __slots__ = ("decoration", "form", "is_first", "plural")

    def __init__(self, element: Element, decoration: Decoration, is_first: bool) -> None:
        self.form = element.get("form", "long")
        self.plural = element.get("plural", "contextual")
        self.decoration = decoration
        self.is_first = is_first


class NamesFormat:
    """What a `cs:names` says about its lists: name, et-al and label."""

    __slots__ = ("compiler", "decoration", "delimiter", "et_al", "label", "options")

    options: NameOptions
    et_al: EtAl
    label: _Label | None
    delimiter: str
    decoration: Decoration

    def __init__(self, compiler: Compiler, element: Element, parent: NamesFormat | None) -> None:
        self.compiler = compiler
        locale = compiler.locale
        if parent is not None and not element.children:
            self.options, self.et_al, self.label = parent.options, parent.et_al, parent.label
            self.delimiter, self.decoration = parent.delimiter, parent.decoration
            return
        name = element.find("name")
        merged = {
            key: value
            for key, value in compiler.name_defaults.items()
            if key in INHERITED or key in ("form", "delimiter")
        }
        merged.update(name.attributes if name else {})
        self.options = NameOptions(merged, name, compiler.style.attributes, locale)
        self.et_al = EtAl(element.find("et-al"), locale)
        self.label = _read_label(compiler, element)
        self.delimiter = element.get("delimiter", compiler.name_defaults.get("names-delimiter", ""))
        # Names have no text-case of their own.
        own = {key: value for key, value in element.attributes.items() if key != "text-case"}
        self.decoration = read_decoration(own, locale)


def _read_label(compiler: Compiler, element: Element) -> _Label | None:
    label = element.find("label")
    if label is None:
        return None
    kinds = [child.kind for child in element.children]
    first = "name" in kinds and kinds.index("label") < kinds.index("name")
    return _Label(label, read_decoration(label.attributes, compiler.locale), first)


def compile_names(compiler: Compiler, element: Element, parent: NamesFormat | None) -> Render:
    """The closure of a `cs:names`, on its own or inside the substitute of another."""
    format = NamesFormat(compiler, element, parent)
    variables = element.get("variable").split()
    substitute = element.find("substitute")
    stand_ins = _stand_ins(compiler, substitute, format) if substitute else []

    def render(ctx: Context) -> Out | None:
        ctx.called = True
        lists = [
            (variable, names)
            for variable in variables
            if (names := ctx.item.names(variable)) and not ctx.is_suppressed(variable)
        ]
        if lists:
            return _render_lists(ctx, lists, format)
        for stand_in in stand_ins:
            out = _try(stand_in, ctx)
            if out:
                return Node([out], role="names")
        return None

    return render


def _try(stand_in: Render, ctx: Context) -> Out | None:
    used, ctx.used = ctx.used, []
    out = stand_in(ctx)
    if out:
        ctx.suppressed = ctx.suppressed.union(ctx.used)
        if used is not None:
            used.extend(ctx.used)
    ctx.used = used
    return out


def _stand_ins(compiler: Compiler, substitute: Element, format: NamesFormat) -> list[Render]:
    parent, compiler.names_parent = compiler.names_parent, format
    found = [compiler.compile(child) for child in substitute.children]
    compiler.names_parent = parent
    return found


Lists = list[tuple[str, tuple[Name, ...]]]


def _render_lists(ctx: Context, lists: Lists, format: NamesFormat) -> Out | None:
    ctx.filled = True
    decoration = format.decoration
    if format.options.form == "count":
        return decoration.apply(str(sum(_count(names, format, ctx) for _, names in lists)))
    combined = _combined(lists, format)
    if combined:
        lists = [(combined, lists[0][1])]
        ctx.note_use("editor")
        ctx.note_use("translator")
    parts: list[Out] = []
    for variable, names in lists:
        ctx.note_use(variable)
        truncated = variable in ctx.item.truncated
        out = render_list(names, format.options, format.et_al, ctx, truncated=truncated)
        if out:
            parts.append(_labelled(out, variable, len(names), format, ctx))
    if not parts:
        return None
    if ctx.sorting:
        return Node(parts, delimiter=" ")
    return decoration.apply(Node(parts, delimiter=format.delimiter), role="names")


def _count(names: tuple[Name, ...], format: NamesFormat, ctx: Context) -> int:
    least, first = limits(format.options, ctx)
    return first if least and len(names) >= least and first < len(names) else len(names)


def _combined(lists: Lists, format: NamesFormat) -> str:
    if len(lists) != 2 or {lists[0][0], lists[1][0]} != {"editor", "translator"}:
        return ""
    if lists[0][1] != lists[1][1] or format.label is None:
        return ""
    term = format.compiler.locale.find("editortranslator", format.label.form)
    return "editortranslator" if term and term.single else ""


def _labelled(out: Out, variable: str, count: int, format: NamesFormat, ctx: Context) -> Out:
    label = format.label
    if label is None or ctx.sorting:
        return out
    many = label.plural == "always" or (label.plural == "contextual" and count > 1)
    text = format.compiler.locale.term(variable, label.form, plural=many)
    shown = label.decoration.apply(text, role="term")
    if not shown:
        return out
    return Node([shown, out] if label.is_first else [out, shown])
