"""``cite stats``: a library in numbers, as text, JSON or a drawing."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator

import click

from citeworks.cli.library import library_option, open_library
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put, write_output
from citeworks.errors import InputError
from citeworks.workflows.stats import COMPLETENESS, Statistics, statistics

EPILOG = """\b
Examples:
  cite stats
  cite stats --plot
  cite stats --plot=papers.svg
"""
_TERMINAL = "-"
_MOST_VENUES = 10


@click.command(epilog=EPILOG)
@library_option
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@click.option(
    "--plot",
    is_flag=False,
    flag_value=_TERMINAL,
    metavar="[FILE]",
    help="Draw the papers per year: in the terminal, or into an .svg or .png file.",
)
@global_options
def command(library_path: str | None, as_json: bool, plot: str | None) -> int:
    """Count the records per year, type and venue, and say what they have and lack."""
    records = list(open_library(library_path).library.values())
    found = statistics(records)
    if as_json:
        click.echo(_json(found), color=False)
    elif plot is None:
        put("\n".join(_lines(found)))
    elif plot == _TERMINAL:
        put("\n".join(_bars(_by_name(found.years))))
    else:
        return _draw(found, plot)
    return 0


def _draw(found: Statistics, target: str) -> int:
    from citeworks.workflows.plot import png, svg

    if target.endswith(".svg"):
        return write_output(svg(found), target)
    if target.endswith(".png"):
        return write_output(png(found), target)
    raise InputError(f"{target}: neither .svg nor .png", hint="name the file by its kind")


def _json(found: Statistics) -> str:
    return json.dumps(
        {
            "records": found.records,
            "years": dict(sorted(found.years.items())),
            "types": dict(found.types.most_common()),
            "venues": dict(found.venues.most_common()),
            "has": {name: found.has[name] for name in COMPLETENESS},
        },
        ensure_ascii=False,
        indent=2,
    )


def _lines(found: Statistics) -> Iterator[str]:
    yield f"{found.records} records"
    yield from ("", "per year")
    yield from _rows(_by_name(found.years))
    yield from ("", "per type")
    yield from _rows(found.types.most_common())
    yield from ("", "per venue")
    yield from _rows(found.venues.most_common(_MOST_VENUES))
    if len(found.venues) > _MOST_VENUES:
        yield f"  and {len(found.venues) - _MOST_VENUES} more"
    yield from ("", "of them have")
    for name, words in COMPLETENESS.items():
        share = found.has[name] / found.records if found.records else 0
        yield f"  {found.has[name]:>5}  {share:>4.0%}  {words}"


def _by_name(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items())


def _rows(counts: Iterable[tuple[str, int]]) -> Iterator[str]:
    yield from (f"  {count:>5}  {name}" for name, count in counts)


def _bars(counts: list[tuple[str, int]]) -> Iterator[str]:
    """A bar of characters for every name, as wide as the terminal allows."""
    label = max((len(name) for name, _ in counts), default=0)
    most = max((count for _, count in counts), default=1)
    room = max(10, shutil.get_terminal_size().columns - label - len(str(most)) - 4)
    for name, count in counts:
        yield f"{name:>{label}}  {'█' * max(1, round(count / most * room))} {count}"
