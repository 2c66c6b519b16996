"""``cite keys``: what a pattern would make of the citation keys, and renaming."""

from __future__ import annotations

import click

from citeworks.cli.completing import complete_key
from citeworks.cli.library import (
    change_library,
    configuration,
    library_option,
    open_library,
    record_of,
)
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.errors import InputError
from citeworks.normalize.citation_key import check_pattern
from citeworks.printable import one_line
from citeworks.workflows.keys import planned_keys, rename

EPILOG = """\b
Examples:
  cite keys --pattern '{family}{year}'
  cite keys --pattern '{family}{year}' --write
  cite keys durmus2023towards --to durmus2023opinions --write
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY...]", shell_complete=complete_key)
@library_option
@click.option("--pattern", help="The pattern [default: the configured one].")
@click.option("--to", "new", help="The new key of the one KEY.")
@click.option("--write", "do_write", is_flag=True, help="Rename; the old keys stay as aliases.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a key would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@global_options
def command(
    keys: tuple[str, ...],
    library_path: str | None,
    pattern: str | None,
    new: str | None,
    do_write: bool,
    check: bool,
    diff: bool,
) -> int:
    """Show the citation keys that a pattern would change, and change them with --write.

    A record that is renamed keeps its old key as an alias: papers that cite it still find it.
    """
    snapshot = open_library(library_path)
    chosen = [record_of(snapshot.library, key).key for key in keys] or None
    if new is not None:
        planned = _one(chosen, new)
    else:
        form = check_pattern(pattern or configuration()["citation-key"].value)
        planned = planned_keys(snapshot.library, form, chosen)
    for old, key in planned.items():
        put(one_line(f"{old} -> {key}"))
    if do_write or check or diff:
        change_library(
            snapshot.path,
            lambda library: rename(library, planned),
            "keys",
            check=not do_write,
            diff=diff,
        )
    if do_write and not (check or diff):
        say(f"{len(planned)} keys changed in {snapshot.path}")
        return 0
    return FINDINGS if planned and (check or diff) else 0


def _one(chosen: list[str] | None, new: str) -> dict[str, str]:
    if chosen is None or len(chosen) != 1:
        raise InputError("--to goes with one KEY", hint="name the record to rename")
    if not new or any(each.isspace() or each in ',{}"%#~\\' for each in new):
        raise InputError(f"{new!r} is no citation key", hint="use letters, digits and -_:./+")
    return {} if chosen[0] == new else {chosen[0]: new}
