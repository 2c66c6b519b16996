"""``cite undo``: the last change of the library, taken back."""

from __future__ import annotations

import click

from citeworks import history
from citeworks.cli.library import library_option, open_library
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import print_diff
from citeworks.csl_json import dump
from citeworks.store import earlier, last_change, locked, read, write

EPILOG = """\b
Examples:
  cite undo --diff
  cite undo
"""


@click.command(epilog=EPILOG)
@library_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if there is a change to undo.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@global_options
def command(library_path: str | None, check: bool, diff: bool) -> int:
    """Take back what the last command wrote to the library.

    Again, it takes back the change before that. Refused when the library was changed since by
    something else than `cite`.
    """
    path = open_library(library_path).path
    with locked(path):
        snapshot = read(path)
        entry = last_change(snapshot)
        library = earlier(snapshot, entry)
        if diff:
            old, new = dump(snapshot.library.values()), dump(library.values())
            print_diff(path, old.encode(), new.encode())
        if not (check or diff):
            write(snapshot, library)
            history.forget(entry)
    count = f"{len(entry.items)} record" + ("" if len(entry.items) == 1 else "s")
    verb = "would take back" if check or diff else "took back"
    say(f"{verb} `cite {entry.command}` of {entry.time:%Y-%m-%d %H:%M} UTC, {count}, in {path}")
    return FINDINGS if check or diff else 0
