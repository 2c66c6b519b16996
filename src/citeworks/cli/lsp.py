"""``cite lsp``: keys, references and mistakes in an editor (Language Server Protocol)."""

from __future__ import annotations

import sys

import click

from citeworks.cli.messages import say
from citeworks.cli.settings import global_options
from citeworks.errors import InputError

EPILOG = """\b
Examples:
  cite lsp
"""


@click.command(epilog=EPILOG)
@global_options
def command() -> int:
    """Serve an editor over the Language Server Protocol (standard input, output).

    In .tex, .md, .qmd, .typ and .bib files: completion of citation keys, hover with the formatted
    reference, go to the entry, missing keys and the findings of `cite lint`. Needs citeworks[lsp].
    The editor starts it.
    """
    try:
        from citeworks.language_server.server import serve
    except ImportError as error:
        raise InputError(
            "serving an editor needs the package pygls", hint="install citeworks[lsp]"
        ) from error
    if sys.stdin.isatty():
        say("speaking the Language Server Protocol with whoever writes to standard input")
    serve()
    return 0
