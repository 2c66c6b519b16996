"""The sources that a command asks, as its options and the settings choose them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from citeworks.cli.completing import complete_source
from citeworks.cli.library import configuration
from citeworks.cli.messages import say
from citeworks.cli.progress import telling
from citeworks.config import Setting, withheld_secrets

if TYPE_CHECKING:
    from citeworks.resolve.inquiry import Inquiry, Progress

_CATALOGUE = "catalogue"

offline_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--offline", is_flag=True, help="Ask the catalogue and the cache only."
)
source_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--source",
    "names",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_source,
    help="Ask this source only (repeatable).",
)
catalogue_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--catalogue", metavar="FILE", help="The local catalogue [default: the one in the cache]."
)


@contextlib.contextmanager
def asking(names: Sequence[str], catalogue: str | None, *, offline: bool) -> Iterator[Inquiry]:
    """The sources that are to be asked, ready to be asked; closed in the end."""
    from citeworks.workflows.asking import opened_inquiry

    settings = configuration()
    tell_withheld(settings)
    with (
        telling() as tell,
        opened_inquiry(
            settings,
            names,
            catalogue,
            offline=offline,
            report=lambda progress: tell(_progress_text(progress)),
        ) as inquiry,
    ):
        yield inquiry


def lacks_catalogue(inquiry: Inquiry) -> bool:
    """True if there is no catalogue among the sources."""
    return _CATALOGUE not in inquiry.sources


def tell_without_catalogue() -> None:
    """Say how little is found offline without a catalogue, and how to make one."""
    say("offline and without a catalogue, only what the cache knows is found;")
    say("  `cite catalogue build FILE` makes one of a .bib or of metadata dumps")


def tell_withheld(settings: Mapping[str, Setting]) -> None:
    """Say which keys are not sent, and why."""
    for name, address in withheld_secrets(settings, os.environ):
        say(f"the key {name} is not sent to {address.value}, which {address.origin} names")


def _progress_text(progress: Progress) -> str:
    return (
        f"{progress.records} records: {progress.found} found, {progress.published} published; "
        f"{progress.asked} questions answered, {progress.open} open"
    )
