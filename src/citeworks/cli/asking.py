"""The sources that a command asks, as its options and the settings choose them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from citeworks.cli.completing import complete_source
from citeworks.cli.library import configuration
from citeworks.cli.progress import telling
from citeworks.errors import InputError
from citeworks.nearest import did_you_mean

if TYPE_CHECKING:
    from citeworks.resolve.inquiry import Inquiry, Progress

GIVES_UP_AFTER = 3
"""Faults in a row after which a source is asked nothing more; offline nothing is a fault."""

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
    from citeworks.config import load_secret
    from citeworks.resolve.catalogue import Catalogue, catalogue_path
    from citeworks.resolve.inquiry import Inquiry
    from citeworks.resolve.plan import CATALOGUE, NAMES
    from citeworks.resolve.sources import Sources

    wanted = frozenset(_known(name, NAMES) for name in names) or frozenset(NAMES)
    settings = {name: setting.value for name, setting in configuration().items()}
    local = Path(catalogue) if catalogue else catalogue_path(os.environ)
    secret = partial(load_secret, environment=os.environ)
    folder = catalogue_path(os.environ).parent
    with contextlib.ExitStack() as stack:
        remote = stack.enter_context(
            Sources(settings, secret=secret, folder=folder, offline=offline)
        )
        tell = stack.enter_context(telling())
        sources = {name: remote[name] for name in NAMES if name in wanted and name in remote}
        if CATALOGUE in wanted and (catalogue or local.exists() or names):
            sources[CATALOGUE] = stack.enter_context(contextlib.closing(Catalogue(local)))
        yield Inquiry(
            sources,
            gives_up_after=sys.maxsize if offline else GIVES_UP_AFTER,
            budget=remote.client.budget,
            report=lambda progress: tell(_progress_text(progress)),
        )


def _known(name: str, names: Sequence[str]) -> str:
    if name in names:
        return name
    hint = did_you_mean(name, names) or "sources are " + ", ".join(sorted(names))
    raise InputError(f"unknown source {name!r}", hint=hint)


def _progress_text(progress: Progress) -> str:
    return (
        f"{progress.records} records: {progress.found} found, {progress.published} published; "
        f"{progress.asked} questions answered, {progress.open} open"
    )
