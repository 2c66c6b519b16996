"""``cite site``: the library as a publication page, or as the source files of a site generator."""

from __future__ import annotations

from pathlib import Path

import click

from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.settings import current_settings, global_options
from citeworks.errors import InputError
from citeworks.workflows.publish import Publication, publish
from citeworks.workflows.site import OWN, SITE_FORMATS, Site, build, check_site_format

EPILOG = """\b
Examples:
  cite site
  cite site -o public --title "Papers of our lab" --author "Tamkin, Alex"
  cite site --format hugo -o ../website
"""


@click.command(epilog=EPILOG)
@library_option
@click.option("-o", "--output", "target", default="site", help="The folder [default: site].")
@click.option("--format", "-f", "output", default=OWN, help=", ".join(SITE_FORMATS))
@click.option("--style", "-s", help="The CSL style of the references [default: apa].")
@click.option("--locale", "-l", help="The locale of the references [default: the style's].")
@click.option("--title", default="Publications", help="The title of the page.")
@click.option("--description", default="", help="A sentence under the title.")
@click.option("--url", default="", help="The address where the page will stand.")
@click.option("--author", "own", multiple=True, help="A name to highlight; may be repeated.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@global_options
def command(
    library_path: str | None,
    target: str,
    output: str,
    style: str | None,
    locale: str | None,
    title: str,
    description: str,
    url: str,
    own: tuple[str, ...],
    check: bool,
) -> int:
    """Write a publication page of the library into a folder.

    The page works without JavaScript and asks nothing of any other server. Files that are no
    longer made are removed; files of your own in the folder stay.
    """
    check_site_format(output)
    folder = _folder(target)
    site = Site(title, description, _base(url), (locale or "en")[:2])
    files = build(
        list(open_library(library_path).library.values()),
        site,
        output=output,
        style=style or configuration()["style"].value,
        locale=locale or configuration()["locale"].value,
        own=own,
    )
    return report(publish(folder, files, check=check), folder, would=check)


def report(done: Publication, folder: Path, *, would: bool = False) -> int:
    """Say what became of the folder; returns the exit code."""
    if current_settings().verbose:
        for name in done.written:
            say(f"{'would write' if would else 'wrote'} {folder / name}")
        for name in done.removed:
            say(f"{'would remove' if would else 'removed'} {folder / name}")
    if not done.changes:
        say(f"{folder} unchanged")
        return 0
    removed = f", {len(done.removed)} removed" if done.removed else ""
    say(f"{folder}: {len(done.written)} files {'would be ' if would else ''}written{removed}")
    return FINDINGS if would else 0


def _folder(target: str) -> Path:
    folder = Path(target)
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{target} is no folder", hint="give the folder to write into")
    if not folder.absolute().parent.is_dir():
        raise InputError(f"no folder {folder.parent}", hint="make it first")
    return folder


def _base(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise InputError(f"{url!r} is no web address", hint="begin it with https://")
    return url if not url or url.endswith("/") else url + "/"
