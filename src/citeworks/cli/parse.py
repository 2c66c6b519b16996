"""``cite parse``: how each line of a listing is read, as JSON lines (plumbing)."""

from __future__ import annotations

import datetime
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from citeworks.cli.messages import FINDINGS
from citeworks.cli.progress import counting
from citeworks.cli.settings import global_options
from citeworks.cli.streams import STANDARD, display_name, open_input
from citeworks.listing.interface import UNPARSED, Part
from citeworks.listing.ndjson import dumps, file_json, part_to_json
from citeworks.workflows.interface import unwatched
from citeworks.workflows.read import as_of_date, parts_of

EPILOG = """\b
Examples:
  cite parse listing.txt
  cite parse --as-of 2026-06-30 listing.txt | jq -r 'select(.kind == "record").title'
"""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE|-")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day the listing was copied, for dates without a year [default: the file's date].",
)
@click.option("--strict", is_flag=True, help="Exit 1 when anything is doubtful or not understood.")
@global_options
def command(file: str, as_of: datetime.datetime | None, strict: bool) -> int:
    """Print one JSON object per record, separator or unparsed stretch of a listing.

    The `raw` texts joined are the file again, to the byte.
    """
    day = as_of.date() if as_of else as_of_date(None if file == STANDARD else _existing(file))
    doubtful = False
    with open_input(file) as stream, counting(display_name(file)) as watch:
        encoding, parts = parts_of(stream, name=display_name(file), as_of=day)
        _print(file_json(encoding, display_name(file)))
        with closing(parts):
            for part in unwatched(parts) if sys.stdout.isatty() else watch(parts):
                _print(part_to_json(part))
                doubtful = doubtful or _is_doubtful(part)
    return FINDINGS if strict and doubtful else 0


def _existing(file: str) -> Path | None:
    return Path(file) if Path(file).exists() else None


def _is_doubtful(part: Part) -> bool:
    return part.kind == UNPARSED or bool(part.problems)


def _print(value: dict[str, Any]) -> None:
    sys.stdout.write(dumps(value) + "\n")
