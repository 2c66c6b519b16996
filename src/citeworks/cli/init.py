"""``cite init``: an empty library and a settings file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from citeworks.cli.messages import say
from citeworks.cli.settings import global_options
from citeworks.config import FILE_NAME
from citeworks.errors import InputError
from citeworks.store import DEFAULT_PATH, write_atomic

EPILOG = """\b
Examples:
  cite init
  cite init my-paper
"""
SETTINGS_TEXT = """\
# Settings of citeworks; `cite config show --all` lists every one.

# style = "apa"
# citation-key = "{family}{year}{word}"
# contact = "me@example.org"     # metadata services ask polite clients for an address

# [site]
# title = "Our papers"
# author = ["Alex Tamkin"]
"""


@click.command(epilog=EPILOG)
@click.argument("folder", default=".", type=click.Path())
@global_options
def command(folder: str) -> int:
    """Make an empty library (bib/library.json) and a cite.toml in FOLDER; what is there stays."""
    place = Path(folder)
    if place.exists() and not place.is_dir():
        raise InputError(f"{folder} is no folder")
    made = [
        path
        for path, text in ((place / DEFAULT_PATH, "[]\n"), (place / FILE_NAME, SETTINGS_TEXT))
        if _make(path, text)
    ]
    say(
        f"made {' and '.join(map(str, made))}"
        if made
        else f"{place / DEFAULT_PATH} is there already"
    )
    if made:
        say("next: `cite add FILE` puts a listing, a .bib file or identifiers into the library")
    return 0


def _make(path: Path, text: str) -> bool:
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.encode())
    return True
