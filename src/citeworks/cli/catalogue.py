"""``cite catalogue``: the local catalogue of works, made from metadata dumps."""

from __future__ import annotations

import os
from pathlib import Path

import click

from citeworks.cli.messages import FAILED, say
from citeworks.cli.progress import counting
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.resolve.catalogue import Catalogue, Part, catalogue_path
from citeworks.workflows.catalogue import build_catalogue

EPILOG = """\b
Examples:
  cite catalogue build arxiv-metadata-oai-snapshot.json
  cite catalogue build dblp.xml.gz anthology.bib --add
  cite catalogue info
"""


@click.group(name="catalogue", epilog=EPILOG)
@global_options
def command() -> None:
    """Make and describe the local catalogue, which is asked before any network."""


@command.command(
    epilog="\b\nExamples:\n  cite catalogue build dblp.xml.gz\n  cite catalogue build new.bib --add"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER...")
@click.option("--add", is_flag=True, help="Keep what the catalogue has.")
@global_options
def build(files: tuple[str, ...], add: bool) -> int:
    """Make the catalogue from metadata dumps, in the place of the old one.

    Known by their content: the arXiv metadata snapshot, Crossref and DataCite JSON, the XML of DBLP
    and of the ACL Anthology, .bib files, CSL-JSON, and tables of related DOIs; packed with gzip or
    tar or not. A folder stands for the dumps in it. A build that was interrupted goes on where it
    stopped.
    """
    target = catalogue_path(os.environ)
    with counting("catalogue") as watch:
        built = build_catalogue([Path(name) for name in files], target, keep=add, watch=watch)
    if built.resumed:
        say("went on with the build that was interrupted")
    with_loss = _report(built.path)
    return FAILED if with_loss else 0


@command.command(epilog="\b\nExamples:\n  cite catalogue info")
@global_options
def info() -> int:
    """Say what the catalogue holds, and of which files it was made."""
    path = catalogue_path(os.environ)
    catalogue = Catalogue(path)
    try:
        put(f"file:    {path}")
        put(f"size:    {path.stat().st_size / 1e6:.1f} MB")
        put(f"works:   {len(catalogue):,}")
        for part in catalogue.parts():
            put(f"made of: {part.name} ({_described(part)})")
    finally:
        catalogue.close()
    return 0


def _report(path: Path) -> bool:
    """Say what came out of each file; True if a whole file gave nothing."""
    catalogue = Catalogue(path)
    try:
        parts = catalogue.parts()
        for part in parts:
            say(f"{part.name}: {_described(part)}")
        say(f"{_counted(len(catalogue), 'work')} in {path}")
    finally:
        catalogue.close()
    return any(not part.works and not part.links for part in parts)


def _described(part: Part) -> str:
    pieces = [part.format, _counted(part.works, "work")]
    pieces += [_counted(part.links, "link")] if part.links else []
    pieces += [f"{part.left_out:,} left out"] if part.left_out else []
    return ", ".join(pieces)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
