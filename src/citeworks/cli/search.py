"""``cite search``: records by words in their titles, names, venues and abstracts."""

from __future__ import annotations

import click

from citeworks.cli.library import library_path
from citeworks.cli.list import authors, year
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.progress import counting
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.csl_json import dump, record_from_item
from citeworks.model import Record
from citeworks.printable import one_line

EPILOG = """\b
Examples:
  cite search scaling laws
  cite search author:tamkin year:2021..2023
  cite search '"foundation models" -survey' --keys
"""


@click.command(epilog=EPILOG)
@click.argument("query", nargs=-1, required=True, metavar="QUERY...")
@click.option("--library", "path", metavar="FILE", help="The library file [default: found upward].")
@click.option(
    "--limit", "-n", type=click.IntRange(1), default=20, help="How many to print [default: 20]."
)
@click.option("--keys", is_flag=True, help="Print the citation keys only.")
@click.option("--json", "as_json", is_flag=True, help="Print the records as CSL-JSON.")
@global_options
def command(query: tuple[str, ...], path: str | None, limit: int, keys: bool, as_json: bool) -> int:
    """Find records, the best first; exit 1 when there is none.

    All words must be found. A word also finds longer ones, and one that is nowhere finds what is
    spelled nearly so. FIELD:WORD looks in one place: title, author, venue, abstract, tag, key,
    type, doi, year (2020, 2019..2023). "Several words" are a phrase, -WORD excludes.
    """
    from citeworks.workflows.search import search

    library = library_path(path)
    with counting(str(library)) as watch:
        hits, total = search(library, " ".join(query), limit, watch)
    records = [record_from_item(hit.item) for hit in hits]
    if as_json:
        click.echo(dump(records), nl=False, color=False)
    else:
        for record in records:
            put(one_line(record.key) if keys else _line(record))
    if not hits:
        say("no record fits")
    if total > len(hits):
        say(f"{len(hits)} of {total} records; --limit shows more")
    return 0 if hits else FINDINGS


def _line(record: Record) -> str:
    title = record.text("title") or "(no title)"
    work = one_line(f"{authors(record)} ({year(record)}): {title}")
    return f"{one_line(record.key)}\n  {work}"
