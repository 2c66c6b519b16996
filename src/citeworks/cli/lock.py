"""``cite lock``: variables of a record that no machine may change."""

from __future__ import annotations

import click

from citeworks.cli.completing import complete_key
from citeworks.cli.library import library_option, open_library, record_of
from citeworks.cli.messages import say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.errors import InputError
from citeworks.model.change import CUSTOM, TYPE, value_of
from citeworks.model.record import locked_slots
from citeworks.model.variables import VARIABLES
from citeworks.nearest import did_you_mean
from citeworks.store import locked, read, write
from citeworks.workflows.edit import locking, unlocking

EPILOG = """\b
Examples:
  cite lock durmus2023towards title author
  cite lock --unlock durmus2023towards author
  cite lock durmus2023towards
"""


@click.command(epilog=EPILOG)
@click.argument("key", metavar="KEY", shell_complete=complete_key)
@click.argument("variables", nargs=-1, metavar="[VARIABLE...]")
@library_option
@click.option("--unlock", is_flag=True, help="Let machines change these variables again.")
@global_options
def command(key: str, variables: tuple[str, ...], library_path: str | None, unlock: bool) -> int:
    """Lock variables of a record, or list the locked ones.

    What is locked stays as it is, empty if it is empty, whatever a metadata source says. `type` and
    `custom.NAME` can be locked as well.
    """
    known = open_library(library_path)
    path = known.path
    if not variables:
        for each in locked_slots(record_of(known.library, key)):
            put(each)
        return 0
    with locked(path):
        snapshot = read(path)
        record = record_of(snapshot.library, key)
        for each in variables:
            _check(each, value_of(record, each) is not None)
        changed = (unlocking if unlock else locking)(record, variables)
        written = write(snapshot, snapshot.library.with_records([changed]), "lock")
    verb = ("unlocked" if unlock else "locked") if written else "unchanged"
    say(f"{verb}: {', '.join(variables)} of {key} in {path}")
    return 0


def _check(name: str, exists: bool) -> None:
    if not (exists or name in VARIABLES or name == TYPE or name.startswith(CUSTOM)):
        raise InputError(
            f"no variable {name!r}",
            hint=did_you_mean(name, sorted(VARIABLES)) or "CSL names them, such as title or DOI",
        )
