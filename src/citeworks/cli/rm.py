"""``cite rm``: records out of the library."""

from __future__ import annotations

import sys

import click

from citeworks.cli.completing import complete_key
from citeworks.cli.library import (
    change_library,
    library_option,
    open_library,
    record_of,
)
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.settings import global_options
from citeworks.model import Library

EPILOG = """\b
Examples:
  cite rm durmus2023towards
  cite rm --diff durmus2023towards
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...", shell_complete=complete_key)
@library_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@global_options
def command(
    keys: tuple[str, ...], library_path: str | None, yes: bool, check: bool, diff: bool
) -> int:
    """Remove records from the library; asks first on a terminal."""
    known = open_library(library_path)
    path = known.path
    for key in keys:
        record_of(known.library, key)
    if not (yes or check or diff) and not _agreed(keys):
        say("nothing removed")
        return 0
    change_library(path, lambda library: _without(library, keys), "rm", check=check, diff=diff)
    if check or diff:
        return FINDINGS
    say(f"removed {', '.join(keys)} from {path}")
    return 0


def _without(library: Library, keys: tuple[str, ...]) -> Library:
    return library.without(record_of(library, key).key for key in keys)


def _agreed(keys: tuple[str, ...]) -> bool:
    """Ask on a terminal, before the lock is taken: nobody is to wait for a person."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return click.confirm(f"Remove {', '.join(keys)}?", err=True)
