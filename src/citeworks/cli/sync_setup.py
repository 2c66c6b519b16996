"""Which Zotero library the library is bound to, and what a synchronization needs opened."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from citeworks.cli.library import configuration
from citeworks.cli.messages import say
from citeworks.config import FILE_NAME, load_secret
from citeworks.errors import InputError, NotFound, PermissionRefused
from citeworks.store import DEFAULT_PATH, find_library, read_bytes, write_atomic
from citeworks.sync.interface import LibraryId
from citeworks.sync.state import State, state_folder, state_path
from citeworks.workflows.sync import Setup

if TYPE_CHECKING:
    from citeworks.sync.zotero import ZoteroLibrary

_TABLE = re.compile(r"^\[sync\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*", re.MULTILINE)


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

        return connect(
            self.library,
            url=configuration()["zotero.url"].value,
            key=load_secret("zotero.api-key", os.environ),
            notice=lambda seconds: say(f"Zotero asks for a pause of {seconds:.0f} seconds"),
        )

    def table(self) -> str:
        """The binding as a table of cite.toml."""
        name = "group" if self.library.is_group else "user"
        lines = ["[sync]", f"{name} = {self.number}"]
        lines += [f"collection = {_toml(self.collection)}"] if self.collection else []
        lines += [f"tag = {_toml(self.tag)}"] if self.tag else []
        return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


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
    """Put the binding into the cite.toml that holds here, or a new one; the rest stays."""
    path = _settings_file() or Path(FILE_NAME)
    data = read_bytes(path)
    text = data.decode("utf-8") if data else ""
    if _TABLE.search(text):
        text = _TABLE.sub(lambda match: binding.table() + _gap(match), text, count=1)
    else:
        text = (text.rstrip("\n") + "\n\n" if text.strip() else "") + binding.table()
    new = text.encode("utf-8")
    if new != data:
        write_atomic(path, new)
    return path


def _gap(match: re.Match[str]) -> str:
    """The empty line before the next table."""
    return "\n" if match.end() < len(match.string) else ""


def _settings_file() -> Path | None:
    here = Path.cwd()
    found = (folder / FILE_NAME for folder in (here, *here.parents))
    path = next((path for path in found if path.is_file()), None)
    return Path(os.path.relpath(path)) if path else None


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
            f"{error.message} (no API key is set)",
            hint="set CITE_ZOTERO_API_KEY, or keep the key in the keyring",
        ) from error


@contextmanager
def open_setup(library_path: str | None, *, is_dry: bool = False) -> Iterator[Setup]:
    """The bound library, the storage and the state of their synchronization, opened."""
    binding = read_binding()
    path = _library_path(library_path)
    with explained(), binding.connect() as storage:
        folder = state_folder(os.environ)
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
    settings = _settings_file()
    return settings.parent / DEFAULT_PATH if settings else DEFAULT_PATH
