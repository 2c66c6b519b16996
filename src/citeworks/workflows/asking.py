"""The sources that are asked about records, as names and settings choose them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from citeworks.config import Setting, sendable_secret
from citeworks.errors import InputError
from citeworks.folders import cache_folder
from citeworks.nearest import did_you_mean
from citeworks.resolve.catalogue import Catalogue, catalogue_path
from citeworks.resolve.inquiry import Inquiry, Progress
from citeworks.resolve.plan import CATALOGUE, NAMES
from citeworks.resolve.sources import SOURCES, Sources

GIVES_UP_AFTER = 3
"""Faults in a row after which a source is asked nothing more; offline nothing is a fault."""


@contextlib.contextmanager
def opened_inquiry(
    settings: Mapping[str, Setting],
    names: Sequence[str] = (),
    catalogue: str | None = None,
    *,
    offline: bool = False,
    report: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[Inquiry]:
    """The sources of these names, ready to be asked; closed in the end.

    Without names these are all but the optional ones whose address nobody has set. Raises
    InputError for an unknown name, and for one that needs a contact address where there is none.
    """
    wanted = frozenset(_known(name, NAMES) for name in names) or _usual(settings)
    if "unpaywall" in names and not settings["contact"].value:
        hint = "set CITE_CONTACT to your e-mail address"
        raise InputError("unpaywall answers only those who give an e-mail address", hint=hint)
    local = Path(catalogue) if catalogue else catalogue_path(os.environ)
    secret = partial(sendable_secret, settings=settings, environment=os.environ)
    values = {name: setting.value for name, setting in settings.items()}
    with contextlib.ExitStack() as stack:
        remote = stack.enter_context(
            Sources(values, secret=secret, folder=cache_folder(), offline=offline)
        )
        sources = {name: remote[name] for name in NAMES if name in wanted and name in remote}
        if CATALOGUE in wanted and (catalogue or local.exists() or names):
            sources[CATALOGUE] = stack.enter_context(contextlib.closing(Catalogue(local)))
        yield Inquiry(
            sources,
            gives_up_after=sys.maxsize if offline else GIVES_UP_AFTER,
            budget=remote.client.budget,
            report=report,
        )


def _usual(settings: Mapping[str, Setting]) -> frozenset[str]:
    """All sources but those that are optional and not configured."""
    left_out = {
        name
        for name, source in SOURCES.items()
        if source.optional and settings[f"sources.{name}.url"].origin == "default"
    }
    return frozenset(NAMES) - left_out


def _known(name: str, names: Sequence[str]) -> str:
    if name in names:
        return name
    hint = did_you_mean(name, names) or "sources are " + ", ".join(sorted(names))
    raise InputError(f"unknown source {name!r}", hint=hint)
