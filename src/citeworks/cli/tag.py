"""``cite tag``: the tags of records."""

from __future__ import annotations

from collections import Counter

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
from citeworks.cli.streams import put
from citeworks.errors import InputError
from citeworks.model import Library
from citeworks.printable import one_line
from citeworks.workflows.tags import clean, retag, tags_of

EPILOG = """\b
Examples:
  cite tag
  cite tag durmus2023towards --add surveys --add "to read"
  cite tag --remove "to read"
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY...]", shell_complete=complete_key)
@library_option
@click.option("--add", "added", multiple=True, metavar="TAG", help="A tag to give; repeatable.")
@click.option("--remove", "removed", multiple=True, metavar="TAG", help="A tag to take away.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@global_options
def command(
    keys: tuple[str, ...],
    library_path: str | None,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    check: bool,
    diff: bool,
) -> int:
    """List tags, or give and take them.

    Without --add and --remove the tags of the records (of all without KEY) are listed with their
    numbers. A tag is removed everywhere when no KEY is named.
    """
    snapshot = open_library(library_path)
    for key in keys:
        record_of(snapshot.library, key)
    if not (added or removed):
        _list(snapshot.library, keys)
        return 0
    if added and not keys:
        raise InputError("--add needs a KEY", hint="name the records that get the tag")
    given = [clean(tag) for tag in added]
    changed = change_library(
        snapshot.path,
        lambda library: retag(library, keys, given, removed),
        "tag",
        check=check,
        diff=diff,
    )
    if check or diff:
        return FINDINGS if changed else 0
    say(f"{snapshot.path} {'changed' if changed else 'unchanged'}")
    return 0


def _list(library: Library, keys: tuple[str, ...]) -> None:
    records = [record_of(library, key) for key in keys] or list(library.values())
    counts = Counter(tag for record in records for tag in tags_of(record))
    width = max((len(str(count)) for count in counts.values()), default=0)
    for tag in sorted(counts, key=lambda tag: (-counts[tag], tag)):
        put(one_line(f"{counts[tag]:>{width}}  {tag}"))
