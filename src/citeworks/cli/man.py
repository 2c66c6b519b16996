"""``cite man``: the manual pages, made from the commands."""

from __future__ import annotations

from pathlib import Path

import click

from citeworks.cli.completing import complete_topic
from citeworks.cli.messages import say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import write_output
from citeworks.errors import InputError
from citeworks.nearest import did_you_mean
from citeworks.store import write_atomic

EPILOG = """\b
Examples:
  cite man search | man -l -
  cite man -o ~/.local/share/man/man1
"""


@click.command(epilog=EPILOG)
@click.argument("name", required=False, metavar="[COMMAND]", shell_complete=complete_topic)
@click.option("-o", "--output", "target", metavar="FOLDER", help="Write all pages into a folder.")
@global_options
def command(name: str | None, target: str | None) -> int:
    """Print a manual page, of `cite` itself without COMMAND, or write all of them.

    The pages are roff, for man(1). A wheel brings them, and pip puts them into share/man.
    """
    from citeworks.cli.manual import pages

    found = pages()
    file = f"cite-{name}.1" if name else "cite.1"
    if file not in found:
        known = [each.removeprefix("cite-").removesuffix(".1") for each in found]
        raise InputError(
            f"no manual page of {name!r}",
            hint=did_you_mean(name or "", known) or "`cite --help` lists the commands",
        )
    if target is None:
        return write_output(found[file], None)
    if name:
        raise InputError("-o writes all pages", hint="leave out the COMMAND")
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    for page, text in found.items():
        write_atomic(folder / page, text.encode(), durable=False)
    say(f"wrote {len(found)} pages into {folder}")
    return 0
