"""Which library a command works on, and the option and look-ups that commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from citeworks.cli.streams import print_diff
from citeworks.config import Setting, load_settings
from citeworks.csl_json import dump
from citeworks.errors import InputError
from citeworks.model import Library
from citeworks.store import DEFAULT_PATH, Snapshot, find_library, locked, read, write
from citeworks.workflows.lookup import record_of as record_of

library_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--library", "library_path", metavar="FILE", help="The library file [default: found upward]."
)


def configuration() -> Mapping[str, Setting]:
    """The settings as they hold here."""
    return load_settings(_here(), os.environ)


def library_path_or_new(given: str | None) -> Path:
    """The library to write: given, configured, found upward, or the one to be made here."""
    return _given_path(given) or _found_path() or DEFAULT_PATH


def library_path(given: str | None) -> Path:
    """Where the library is. Raises InputError when there is none."""
    path = _given_path(given) or _found_path()
    if path is None or not path.exists():
        raise InputError(
            f"no library {path}" if path else "no library found here or above",
            hint="`cite add FILE` makes ./bib/library.json",
        )
    return path


def has_library(given: str | None) -> bool:
    """True if a library is given, even one that is not there, or found."""
    path = _given_path(given) or _found_path()
    return path is not None and (bool(given) or path.exists())


def open_library(given: str | None) -> Snapshot:
    """Read the library. Raises InputError when there is none."""
    return read(library_path(given))


def change_library(
    path: Path,
    change: Callable[[Library], Library],
    command: str,
    *,
    check: bool = False,
    diff: bool = False,
) -> bool:
    """Change the library under its lock; False when nothing changes.

    The change is remembered as that of the `command`, so that it can be taken back. With `check`
    or `diff` nothing is written; `diff` shows the change on standard output.
    """
    with locked(path):
        snapshot = read(path)
        changed = change(snapshot.library)
        if diff:
            old, new = dump(snapshot.library.values()), dump(changed.values())
            print_diff(path, old.encode(), new.encode())
        if check or diff:
            return changed != snapshot.library
        return write(snapshot, changed, command)


def _given_path(given: str | None) -> Path | None:
    chosen = given or configuration()["library"].value
    return Path(chosen) if chosen else None


def _found_path() -> Path | None:
    """The library found upward, named as shortly as it can be."""
    found = find_library(_here())
    return Path(os.path.relpath(found)) if found else None


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise InputError("the current folder no longer exists") from error
