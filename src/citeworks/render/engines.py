"""The engines by name; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from citeworks.errors import InputError
from citeworks.nearest import did_you_mean
from citeworks.render.interface import Renderer
from citeworks.render.styles import Style

ENGINES = {"citeproc-py": ("citeworks.render.citeproc_py", "CiteprocPyRenderer")}
"""Every engine, with the module and the class behind it; the first is the default."""


def load_renderer(engine: str, style: Style, locale: str, output: str) -> Renderer:
    """The engine of this name, made for a style; InputError when there is none."""
    name = engine or next(iter(ENGINES))
    if name not in ENGINES:
        raise InputError(
            f"unknown engine {name!r}",
            hint=did_you_mean(name, ENGINES) or "engines are " + ", ".join(ENGINES),
        )
    module, attribute = ENGINES[name]
    renderer: Renderer = getattr(import_module(module), attribute)(style, locale, output)
    return renderer
