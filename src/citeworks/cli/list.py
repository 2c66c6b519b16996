"""``cite list``: one line per record."""

from __future__ import annotations

import click

from citeworks.cli.library import library_option, open_library
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.model import Record
from citeworks.printable import one_line

EPILOG = """\b
Examples:
  cite list
  cite list --keys
"""
_WIDEST_KEY = 40


@click.command(epilog=EPILOG)
@library_option
@click.option("--keys", is_flag=True, help="Print the citation keys only.")
@global_options
def command(library_path: str | None, keys: bool) -> int:
    """List the records of the library, sorted by citation key."""
    library = open_library(library_path).library
    width = min(_WIDEST_KEY, max((len(key) for key in library), default=0))
    for key, record in library.items():
        put(one_line(key if keys else f"{key:<{width}}  {_summary(record)}"))
    return 0


def _summary(record: Record) -> str:
    return f"{year(record):>4}  {authors(record)}: {record.text('title') or '(no title)'}"


def year(record: Record) -> str:
    """The year of publication, or *n.d.*"""
    issued = record.date("issued")
    return str(issued.year) if issued and issued.year is not None else "n.d."


def authors(record: Record) -> str:
    """Up to three families, with *et al.* when there are more or the list is truncated."""
    names = record.names("author") or record.names("editor")
    shown = [name.family or name.literal for name in names[:3]]
    more = ["et al."] if len(names) > 3 or record.is_truncated() else []
    return ", ".join([*shown, *more]) or "(no author)"
