"""``cite styles``: which CSL styles are at hand."""

from __future__ import annotations

import click

from citeworks.cli.completing import complete_style
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.errors import InputError
from citeworks.nearest import did_you_mean
from citeworks.render.styles import RENAMED, describe_style, style_names

EPILOG = """\b
Examples:
  cite styles list chicago
  cite styles show apa
"""


@click.group(name="styles", epilog=EPILOG)
@global_options
def command() -> None:
    """List and describe the CSL styles that --style takes."""


@command.command(name="list", epilog="\b\nExamples:\n  cite styles list\n  cite styles list nature")
@click.argument("word", required=False)
@global_options
def list_styles(word: str | None) -> int:
    """Print the names of all styles, or of those that contain WORD."""
    names = sorted({*style_names(), *RENAMED})
    found = [name for name in names if not word or word.lower() in name]
    if not found:
        raise InputError(f"no style has {word!r} in its name", hint=did_you_mean(word or "", names))
    for name in found:
        renamed = f" = {RENAMED[name]}" if name in RENAMED else ""
        put(name + renamed)
    return 0


@command.command(epilog="\b\nExamples:\n  cite styles show vancouver")
@click.argument("name", shell_complete=complete_style)
@global_options
def show(name: str) -> int:
    """Describe one style: title, kind, locale, and the style it depends on."""
    for label, text in describe_style(name).items():
        if text:
            put(f"{label + ':':<10} {text}")
    return 0
