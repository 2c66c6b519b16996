"""Options that every command takes, before or after its name, and the state they set."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Settings:
    """What the options common to all commands say."""

    debug: bool = False
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    @property
    def colors_stderr(self) -> bool:
        """True if messages on standard error are coloured."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()


def current_settings() -> Settings:
    """The settings of the command line that is running."""
    return click.get_current_context().ensure_object(Settings)


def global_options(function: F) -> F:
    """Add ``--debug --quiet --verbose --color`` to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def _store(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is not None and parameter.name:
        setattr(context.ensure_object(Settings), parameter.name, value)


def _flag(*names: str, text: str) -> Callable[[F], F]:
    return click.option(
        *names, is_flag=True, default=None, expose_value=False, callback=_store, help=text
    )


_OPTIONS = (
    _flag("--quiet", "-q", text="Say nothing but errors."),
    _flag("--verbose", "-v", text="Say more about what is done."),
    _flag("--debug", text="Show a traceback when something fails."),
    click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default=None,
        expose_value=False,
        callback=_store,
        help="Colour messages (never data).",
    ),
)
