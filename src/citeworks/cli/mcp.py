"""``cite mcp``: the library as tools for an assistant, over the Model Context Protocol."""

from __future__ import annotations

import sys

import click

from citeworks.cli.library import library_option, library_path_or_new
from citeworks.cli.library import library_path as existing
from citeworks.cli.messages import say
from citeworks.cli.settings import global_options
from citeworks.errors import InputError

EPILOG = """\b
Examples:
  cite mcp --library ~/papers/bib/library.json
  cite mcp --allow-writes
  cite mcp --offline
"""


@click.command(epilog=EPILOG)
@library_option
@click.option("--allow-writes", is_flag=True, help="Let the assistant add references and tags.")
@click.option("--offline", is_flag=True, help="Verify by the catalogue and the cache only.")
@global_options
def command(library_path: str | None, allow_writes: bool, offline: bool) -> int:
    """Serve the library to an assistant over the Model Context Protocol (standard input, output).

    The tools are search, get, format and verify, and with --allow-writes add and tag. Needs
    citeworks[mcp]. The assistant's program starts it; it ends with its input.
    """
    from citeworks.mcp_server.tools import Tools

    try:
        from citeworks.mcp_server.server import serve
    except ImportError as error:
        raise InputError(
            "serving an assistant needs the package mcp", hint="install citeworks[mcp]"
        ) from error
    path = library_path_or_new(library_path) if allow_writes else existing(library_path)
    if sys.stdin.isatty():
        say("speaking the Model Context Protocol with whoever writes to standard input")
    serve(Tools(path.absolute(), offline=offline), allow_writes=allow_writes)
    return 0
