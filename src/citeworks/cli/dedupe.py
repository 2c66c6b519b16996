"""``cite dedupe``: records that may be the same work, and their merge."""

from __future__ import annotations

import click

from citeworks.cli.completing import complete_key
from citeworks.cli.library import (
    change_library,
    library_option,
    open_library,
    record_of,
)
from citeworks.cli.list import authors, year
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.progress import waiting
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.errors import InputError
from citeworks.model import Library, Record
from citeworks.workflows.dedupe import Group, find_groups, merge

EPILOG = """\b
Examples:
  cite dedupe
  cite dedupe --merge smith2020deep smith2020deep2
  cite dedupe --merge smith2020deep smith2020deep2 --take page=smith2020deep2 --diff
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY...]", shell_complete=complete_key)
@library_option
@click.option("--merge", "do_merge", is_flag=True, help="Merge the KEYs into the first of them.")
@click.option("--take", multiple=True, metavar="VARIABLE=KEY", help="Whose value is right.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@global_options
def command(
    keys: tuple[str, ...],
    library_path: str | None,
    do_merge: bool,
    take: tuple[str, ...],
    check: bool,
    diff: bool,
) -> int:
    """Show groups of records that may be the same work, and why; exit 1 if there are any.

    Nothing is merged unless you name the records. The first stays and gets what it lacks from the
    others, whose keys become aliases. Different DOIs, editions, volumes or pages are no duplicates
    until --take says which is right.
    """
    snapshot = open_library(library_path)
    chosen = tuple(dict.fromkeys(record_of(snapshot.library, key).key for key in keys))
    if not do_merge:
        return _show(snapshot.library, chosen)
    if len(chosen) < 2:
        raise InputError("--merge needs two records", hint="name the one to keep first")
    wishes = dict(_wish(each, chosen) for each in take)
    changed = change_library(
        snapshot.path,
        lambda library: merge(library, chosen, wishes),
        "dedupe",
        check=check,
        diff=diff,
    )
    if check or diff:
        return FINDINGS if changed else 0
    say(f"merged {', '.join(chosen[1:])} into {chosen[0]}")
    return 0


def _wish(text: str, chosen: tuple[str, ...]) -> tuple[str, str]:
    variable, separator, key = text.partition("=")
    if not separator or key not in chosen:
        raise InputError(f"--take {text}: no VARIABLE=KEY", hint=f"keys are {', '.join(chosen)}")
    return variable, key


def _show(library: Library, chosen: tuple[str, ...]) -> int:
    with waiting(f"comparing {len(library)} records"):
        found = find_groups(library)
    groups = [each for each in found if not chosen or any(key in each.keys for key in chosen)]
    for group in groups:
        put(_described(library, group))
    say(f"{len(groups)} groups of records that may be one work" if groups else "no duplicates")
    return FINDINGS if groups else 0


def _described(library: Library, group: Group) -> str:
    records = [library[key] for key in group.keys]
    rows = [f"{', '.join(group.keys)}: {'; '.join(group.evidence)}"]
    rows += [f"  {_line(record)}" for record in records]
    names = sorted({name for record in records for name in record.variables} - {"abstract", "note"})
    for name in names:
        texts = [_text(record, name) for record in records]
        if len(set(texts)) > 1:
            rows.append(f"    {name}: {' | '.join(text or '(none)' for text in texts)}")
    return "\n".join(rows)


def _line(record: Record) -> str:
    return f"{record.key}: {authors(record)} ({year(record)}), {record.type}"


def _text(record: Record, name: str) -> str:
    value = record.variables.get(name, "")
    text = "; ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
