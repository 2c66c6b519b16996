"""``cite doctor``: what is well and what is not, in one page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain

import click

from citeworks.cli.asking import tell_withheld
from citeworks.cli.library import configuration, library_option, library_path_or_new
from citeworks.cli.messages import FAILED, FINDINGS, say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.config import sendable_secret
from citeworks.errors import CiteError
from citeworks.workflows import doctor
from citeworks.workflows.doctor import Check, State

EPILOG = """\b
Examples:
  cite doctor
  cite doctor --offline
"""


@click.command(epilog=EPILOG)
@library_option
@click.option("--offline", is_flag=True, help="Ask no server.")
@global_options
def command(library_path: str | None, offline: bool) -> int:
    """Look at the environment, the settings, the library, the sources, Zotero and the cache.

    Exit 1 when something is broken, 3 when a server could not be reached.
    """
    states = set()
    area = ""
    for check in _checks(library_path, offline):
        if check.area != area:
            put(f"{'' if not area else chr(10)}{check.area}")
            area = check.area
        states.add(check.state)
        put(f"  {check.state.value:<9}  {check.name}: {check.text}")
        if check.hint:
            put(f"             {check.hint}")
    if State.BROKEN in states:
        say("something is broken")
        return FINDINGS
    return FAILED if State.UNREACHED in states else 0


def _checks(library_path: str | None, offline: bool) -> Iterator[Check]:
    found = configuration()
    values = {name: setting.value for name, setting in found.items()}
    yield from chain(
        doctor.environment(),
        doctor.settings(found),
        doctor.library(library_path_or_new(library_path)),
    )
    if not offline:
        tell_withheld(found)
        yield from doctor.sources(values, lambda name: sendable_secret(name, found, os.environ))
        yield from _zotero()
    yield from doctor.cache()


def _zotero() -> Iterator[Check]:
    """Whether the library is bound, and what the key may do."""
    from citeworks.cli.sync_setup import read_binding

    try:
        binding = read_binding()
    except CiteError as error:
        yield Check("zotero", "binding", State.DOUBTFUL, error.message, error.hint)
        return
    try:
        with binding.connect() as storage:
            access = storage.access()
    except CiteError as error:
        yield Check("zotero", str(binding.library), State.UNREACHED, error.message, error.hint)
        return
    if not access.read:
        state, text = State.BROKEN, access.reason
    elif not access.write:
        state, text = State.DOUBTFUL, f"may be read only: {access.reason}"
    else:
        state, text = State.GOOD, "may be read and written"
    yield Check("zotero", access.library_name or str(binding.library), state, text)
