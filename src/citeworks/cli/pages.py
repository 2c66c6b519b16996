"""The order of every help page: usage, examples, what the command does, then its options.

Knows how the page of any command is put together. Refuses to know what a command says of itself.
"""

from __future__ import annotations

import click

PLACEHOLDERS = {
    "--as-of": "DATE",
    "--author": "NAME",
    "--dialect": "DIALECT",
    "--engine": "ENGINE",
    "--format": "FORMAT",
    "--library": "FILE",
    "--limit": "N",
    "--locale": "LOCALE",
    "--output": "FILE",
    "--output-format": "FORMAT",
    "--pattern": "PATTERN",
    "--port": "N",
    "--style": "STYLE",
    "--to": "KEY",
    "--url": "ADDRESS",
    "--group": "ID",
    "--user": "ID",
}
"""What stands for the value of an option, in every command, where it is not a choice."""


class PageContext(click.Context):
    """A context whose help shows the examples directly below the usage line."""

    def get_help(self) -> str:
        """The help page of the command."""
        page, command = self.make_formatter(), self.command
        command.format_usage(self, page)
        command.format_epilog(self, page)
        command.format_help_text(self, page)
        if hasattr(command, "format_arguments"):  # click 8.4 and later
            command.format_arguments(self, page)
        command.format_options(self, page)
        return page.getvalue().rstrip("\n")


def with_pages(command: click.Command) -> click.Command:
    """Give a command, and the commands within it, such a page; returns the command."""
    command.context_class = PageContext
    for parameter in command.params:
        if parameter.metavar is None and _takes_text(parameter):
            parameter.metavar = next(
                (PLACEHOLDERS[name] for name in parameter.opts if name in PLACEHOLDERS), None
            )
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            with_pages(inner)
    return command


def _takes_text(parameter: click.Parameter) -> bool:
    is_flag = isinstance(parameter, click.Option) and parameter.is_flag
    return not is_flag and not isinstance(parameter.type, click.Choice)
