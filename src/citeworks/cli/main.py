"""The entry point: the command group, its lazily loaded commands, and the last word on errors."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import click

from citeworks import __version__
from citeworks.cli.pages import PageContext, with_pages
from citeworks.cli.settings import Settings, global_options
from citeworks.cli.terminal import shown_on_terminal

COMMANDS = {
    "add": "Put a listing, a file or identifiers into the library.",
    "bib": "Write the .bib of a document: just the entries that it cites.",
    "catalogue": "Make and describe the local catalogue of works.",
    "cite": "Print a formatted citation of one or more records.",
    "completion": "Print the completion script of a shell.",
    "config": "Show, read and change the settings.",
    "dedupe": "Show records that may be the same work, and merge them.",
    "doctor": "Look whether everything is well.",
    "edit": "Change a record in your editor.",
    "export": "Write a bibliography in any CSL style, or the library in an exchange format.",
    "enrich": "Complete records from metadata sources, and find published versions.",
    "fmt": "Format .bib files in place, losing nothing.",
    "help": "Show the help of a command or of a topic.",
    "init": "Make an empty library and a settings file.",
    "keys": "Show what a pattern makes of the citation keys, and rename.",
    "lint": "Look for mistakes in .bib files or the library.",
    "list": "List the records of the library.",
    "lock": "Keep machines from changing variables of a record.",
    "log": "Show who said each value of a record, when, and what stood there before.",
    "lsp": "Serve an editor: keys, references, mistakes (Language Server Protocol).",
    "man": "Print the manual pages.",
    "mcp": "Serve the library to an assistant (Model Context Protocol).",
    "parse": "Show how each line of a listing is read, as JSON lines.",
    "render": "Format the citations of a Markdown document.",
    "rm": "Remove records from the library.",
    "search": "Find records by words, fields and years.",
    "serve": "Show the publication page in a browser on this machine.",
    "show": "Show a record and where each value came from.",
    "site": "Make a publication page of the library.",
    "stats": "Count records by year, type and venue, and what they lack.",
    "styles": "List and describe the CSL styles at hand.",
    "sync": "Keep the library and a Zotero group library the same.",
    "tag": "List, give and take tags.",
    "undo": "Take the last change of the library back.",
    "verify": "Check that references exist and agree with the sources.",
}
"""Every command with its summary; a command's module is imported when it runs."""

SECTIONS = {
    "Build a library": "init add enrich parse catalogue",
    "Look after it": "list show search stats edit rm tag keys dedupe lock log undo lint verify",
    "Write with it": "export cite render bib fmt styles site serve",
    "Share it": "sync",
    "Around it": "config doctor help completion man lsp mcp",
}
"""The commands as `cite --help` groups them."""

EPILOG = """\b
Examples:
  cite add listing.txt
  cite export --style apa
  cite export --format bibtex -o refs.bib
"""


class LazyGroup(click.Group):
    """A group whose commands live in one module each, named like the command."""

    context_class = PageContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command by its name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"citeworks.cli.{cmd_name}").command
        return with_pages(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The summaries, without importing any command."""
        widest = max(map(len, COMMANDS))
        for heading, names in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(widest), COMMANDS[name]) for name in names.split()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one names the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from citeworks.errors import InputError
            from citeworks.nearest import did_you_mean

            raise InputError(
                f"unknown command {args[0]!r}",
                hint=did_you_mean(args[0], COMMANDS) or "`cite --help` lists the commands",
            )
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="cite", message="%(prog)s %(version)s")
@global_options
def command() -> None:
    """Turn pasted listings into checked libraries, .bib files and bibliographies."""


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error ends here as one message."""
    settings = Settings()
    _prepare_streams()
    return _guarded(lambda: _invoke(arguments, settings), settings)


def _invoke(arguments: Sequence[str], settings: Settings) -> int:
    """Run the command without click's own last word, which would hide a closed pipe."""
    if instruction := os.environ.get("_CITE_COMPLETE"):
        from citeworks.cli.shells import answer

        click.echo(answer(instruction, command), color=False)
        return 0
    try:
        with command.make_context("cite", list(arguments), obj=settings) as context:
            result: Any = command.invoke(context)
    except click.exceptions.Exit as exit_:
        result = exit_.exit_code
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _guarded(action: Callable[[], int], settings: Settings) -> int:
    try:
        return action()
    except BaseException as error:  # the last word on every error
        from citeworks.cli.messages import report_failure

        if settings.debug and not isinstance(error, SystemExit | BrokenPipeError):
            import traceback

            traceback.print_exception(error)

        return report_failure(error, settings)


def _prepare_streams() -> None:
    """Data is UTF-8 whatever the locale says; what a stream cannot show is escaped.

    A standard stream that the caller closed is as good as an empty one.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    if sys.stdout.isatty():
        sys.stdout = shown_on_terminal(sys.stdout)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
