"""The engines by name; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from citeworks.errors import InputError
from citeworks.nearest import did_you_mean
from citeworks.render.interface import Renderer
from citeworks.render.styles import Style

ENGINES = {
    "builtin": ("citeworks.render.builtin", "BuiltinRenderer"),
    "citeproc-py": ("citeworks.render.citeproc_py", "CiteprocPyRenderer"),
}
"""Every engine, with the module and the class behind it; the first is the default."""


def load_renderer(
    engine: str, style: Style, locale: str, output: str, *, links: bool = False
) -> Renderer:
    """The engine of this name, made for a style.

    Raises InputError when there is none, or when it does not write this format or make links.
    """
    name = engine or next(iter(ENGINES))
    if name not in ENGINES:
        raise InputError(
            f"unknown engine {name!r}",
            hint=did_you_mean(name, ENGINES) or "engines are " + ", ".join(ENGINES),
        )
    module, attribute = ENGINES[name]
    kind = getattr(import_module(module), attribute)
    if output not in kind.formats:
        raise InputError(
            f"the engine {name} does not write {output}",
            hint=f"it writes {', '.join(kind.formats)}",
        )
    if links and not kind.makes_links:
        raise InputError(f"the engine {name} makes no links", hint="leave out --links")
    renderer: Renderer = kind(style, locale, output, **({"links": True} if links else {}))
    return renderer
