"""Which Zotero library the library is bound to, and what a synchronization needs opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from citeworks.cli.config import project_file, write_settings
from citeworks.cli.library import configuration
from citeworks.cli.messages import say
from citeworks.config import keep_secret, load_secret, recall_secret
from citeworks.errors import InputError, NotFound, PermissionRefused
from citeworks.folders import state_folder
from citeworks.store import DEFAULT_PATH, find_library
from citeworks.sync.interface import LibraryId
from citeworks.sync.state import State, state_path
from citeworks.workflows.sync import Setup

if TYPE_CHECKING:
    from citeworks.sync.zotero import ZoteroLibrary

_LOCAL_KEY = "zotero.local-key.{}"


def _teller() -> Callable[[str], None]:
    """`say` for any thread: who waits for the server is often not the one who was called."""
    context = click.get_current_context()

    def tell(text: str) -> None:
        with context.scope(cleanup=False):
            say(text)

    return tell


class _Permissions:
    """What the user of Zotero's desktop app allowed for always: in the keyring, never in a file."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def recall(self, server: str) -> str:
        """The key that was kept for the app with that id."""
        return recall_secret(_LOCAL_KEY.format(server))

    def keep(self, server: str, key: str) -> None:
        """Keep the key, or say that it holds for this run only."""
        if not keep_secret(_LOCAL_KEY.format(server), key):
            self._tell("there is no keyring for the app's permission: the next run asks again")


@dataclass(frozen=True, slots=True)
class Binding:
    """A Zotero library, and the collection and tag that the synchronization is limited to."""

    scope: str
    number: int
    collection: str = ""
    tag: str = ""

    @property
    def library(self) -> LibraryId:
        """The Zotero library."""
        return LibraryId(self.scope, self.number)

    def connect(self) -> ZoteroLibrary:
        """The library at the configured address, with the key of the environment or keyring."""
        from citeworks.sync.zotero import connect

        tell = _teller()
        return connect(
            self.library,
            url=configuration()["zotero.url"].value,
            key=load_secret("zotero.api-key", os.environ),
            notice=lambda seconds: tell(f"Zotero asks for a pause of {seconds:.0f} seconds"),
            permissions=_Permissions(tell),
        )

    def settings(self) -> dict[str, str | int | None]:
        """The binding as settings; those that it does not need are None."""
        return {
            "sync.group": self.number if self.library.is_group else None,
            "sync.user": None if self.library.is_group else self.number,
            "sync.collection": self.collection or None,
            "sync.tag": self.tag or None,
        }


def read_binding() -> Binding:
    """The binding that the settings hold. Raises InputError when there is none."""
    settings = configuration()
    group, user = settings["sync.group"].value, settings["sync.user"].value
    if not group and not user:
        raise InputError(
            "the library is not bound to a Zotero library",
            hint="cite sync init --group ID",
        )
    number = group or user
    if not number.isascii() or not number.isdigit():
        raise InputError(f"{number!r} is not the number of a Zotero library")
    collection, tag = settings["sync.collection"].value, settings["sync.tag"].value
    return Binding("groups" if group else "users", int(number), collection, tag)


def write_binding(binding: Binding) -> Path:
    """Put the binding into the project's settings file, or a new one; the rest stays."""
    path, tables = project_file()
    write_settings(path, tables, binding.settings())
    return path


@contextmanager
def explained() -> Iterator[None]:
    """Say of a refusal that there is no key, if that is why; a library that is not is bad input."""
    try:
        yield
    except NotFound as error:
        raise InputError(error.message, hint=error.hint or "cite sync init --group ID") from error
    except PermissionRefused as error:
        if load_secret("zotero.api-key", os.environ):
            raise
        raise PermissionRefused(
            error.message,
            hint="set CITE_ZOTERO_API_KEY, or keep the key in the keyring",
        ) from error


@contextmanager
def open_setup(library_path: str | None, *, is_dry: bool = False) -> Iterator[Setup]:
    """The bound library, the storage and the state of their synchronization, opened."""
    binding = read_binding()
    path = _library_path(library_path)
    with explained(), binding.connect() as storage:
        folder = state_folder(os.environ) / "sync"
        file = state_path(folder, storage.server, str(storage.library), path)
        with State(file, is_dry=is_dry) as state:
            yield Setup(
                storage,
                state,
                path,
                binding.collection,
                binding.tag,
                configuration()["citation-key"].value,
            )


def _library_path(given: str | None) -> Path:
    """The library: given, configured, found upward, or to be made beside the binding."""
    chosen = given or configuration()["library"].value
    if chosen:
        return Path(chosen)
    found = find_library(Path.cwd())
    if found:
        return Path(os.path.relpath(found))
    return project_file()[0].parent / DEFAULT_PATH
