"""``cite show``: a record, and where each value came from."""

from __future__ import annotations

import click

from citeworks import csl_json
from citeworks.cli.completing import complete_key
from citeworks.cli.library import library_option, open_library, record_of
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.model import Record

EPILOG = """\b
Examples:
  cite show durmus2023towards
  cite show --json durmus2023towards
"""


@click.command(epilog=EPILOG)
@click.argument("keys", nargs=-1, required=True, metavar="KEY...", shell_complete=complete_key)
@library_option
@click.option("--json", "as_json", is_flag=True, help="Print the stored CSL-JSON.")
@global_options
def command(keys: tuple[str, ...], library_path: str | None, as_json: bool) -> int:
    """Show records with the source of every value."""
    library = open_library(library_path).library
    records = [record_of(library, key) for key in keys]
    if as_json:
        click.echo(csl_json.dump(records), nl=False, color=False)
        return 0
    put("\n\n".join(_describe(record) for record in records))
    return 0


def _describe(record: Record) -> str:
    names = sorted(record.variables)
    width = max((len(name) for name in names), default=0)
    lines = [f"{record.key} ({record.type})"]
    for name in names:
        origin = record.provenance.get(name)
        source = f"  [{origin.source} {origin.locator}".rstrip() + "]" if origin else ""
        lines.append(f"  {name:<{width}}  {_text(record, name)}{source}")
    return "\n".join(lines)


def _text(record: Record, name: str) -> str:
    value = record.variables[name]
    if isinstance(value, tuple):
        more = ["et al."] if record.is_truncated(name) else []
        return "; ".join([*(str(each) for each in value), *more])
    return " ".join(str(value).split())
