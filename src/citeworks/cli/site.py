"""``cite site``: the library as a publication page, or as the source files of a site generator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from citeworks.cli.completing import complete_style, one_of
from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.progress import waiting
from citeworks.cli.settings import current_settings, global_options
from citeworks.errors import InputError
from citeworks.workflows.publish import Publication, publish
from citeworks.workflows.site import OWN, SITE_FORMATS, Site, build, check_site_format

F = TypeVar("F", bound=Callable[..., Any])

EPILOG = """\b
Examples:
  cite site
  cite site -o public --title "Papers of our lab" --author "Tamkin, Alex"
  cite site --format hugo -o ../website
"""

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    library_option,
    click.option(
        "--style",
        "-s",
        shell_complete=complete_style,
        help="The CSL style of the references [default: apa].",
    ),
    click.option("--locale", "-l", help="The locale of the references [default: the style's]."),
    click.option("--title", help="The title of the page [default: Publications]."),
    click.option("--description", help="A sentence under the title."),
    click.option("--url", help="The address where the page will stand."),
    click.option("--author", "own", multiple=True, help="A name to highlight; may be repeated."),
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the options that all site commands share say; what they leave out is configured."""

    library_path: str | None
    style: str | None
    locale: str | None
    title: str | None
    description: str | None
    url: str | None
    own: tuple[str, ...]

    def files(self, output: str = OWN, *, is_preview: bool = False) -> Iterator[tuple[str, str]]:
        """The files of the site that is wished for."""
        locale = self.locale or configuration()["locale"].value
        site = Site(
            self._or_configured("title"),
            self._or_configured("description"),
            _base(self._or_configured("url")),
            locale or "en",
            is_preview,
        )
        own = self.own or configuration()["site.author"].value.split(";")
        return build(
            list(open_library(self.library_path).library.values()),
            site,
            output=output,
            style=self.style or configuration()["style"].value,
            locale=locale,
            own=[name for name in own if name.strip()],
        )

    def _or_configured(self, name: str) -> str:
        given = getattr(self, name)
        return configuration()[f"site.{name}"].value if given is None else str(given)


def site_options(function: F) -> F:
    """Add the options that all site commands share."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command(epilog=EPILOG)
@click.option(
    "-o", "--output", "target", default="site", metavar="FOLDER", help="The folder [default: site]."
)
@click.option(
    "--format",
    "-f",
    "output",
    default=OWN,
    shell_complete=one_of(SITE_FORMATS),
    help=", ".join(SITE_FORMATS),
)
@site_options
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@global_options
def command(target: str, output: str, check: bool, **wishes: Any) -> int:
    """Write a publication page of the library into a folder.

    The page works without JavaScript and asks nothing of any other server. Files that are no
    longer made are removed; files of your own in the folder stay.
    """
    check_site_format(output)
    folder = _folder(target)
    with waiting("making the page"):
        done = publish(folder, Wishes(**wishes).files(output), check=check)
    return _report(done, folder, would=check)


def _report(done: Publication, folder: Path, *, would: bool) -> int:
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
