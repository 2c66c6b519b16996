"""What is well and what is not: the environment, the settings, the library, the sources, the cache.

Every check gives one line and never raises: what is broken is what a person wants to hear about.
"""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from pathlib import Path

from citeworks import __version__, store
from citeworks.config import Setting
from citeworks.errors import BadResponse, CiteError, RateLimited
from citeworks.folders import cache_folder
from citeworks.workflows.stats import COMPLETENESS, statistics

PROGRAMS = {
    "bibtex": "checks .bib files against BibTeX itself",
    "biber": "checks .bib files against biblatex",
    "pandoc": "turns documents with citations into others",
}
"""Programs that citeworks works with and does not need."""

_OF_DEVELOPERS = frozenset({"dev", "docs"})
_EXTRA = re.compile(r"([A-Za-z0-9._-]+)[^;]*;.*\bextra\s*==\s*[\"']([a-z0-9]+)[\"']")

_SECONDS = 6.0


class State(Enum):
    """What a check found."""

    GOOD = "ok"
    DOUBTFUL = "note"
    UNREACHED = "unreached"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, what was found, and what to do about it."""

    area: str
    name: str
    state: State
    text: str
    hint: str = ""


def environment() -> Iterator[Check]:
    """Python, the optional packages, and programs beside."""
    yield Check("environment", "citeworks", State.GOOD, __version__)
    yield Check("environment", "python", State.GOOD, platform.python_version())
    for package, extra in sorted(extras().items()):
        version = _version(package)
        text = version or f"not installed (extra {extra!r})"
        yield Check("environment", package, State.GOOD if version else State.DOUBTFUL, text)
    for program, use in PROGRAMS.items():
        where = shutil.which(program)
        text = where or f"not on the PATH; {use}"
        yield Check("environment", program, State.GOOD if where else State.DOUBTFUL, text)


def extras() -> dict[str, str]:
    """The packages of the extras that users may want, and the extra that brings each."""
    requirements = metadata.requires("citeworks") or []
    found = [each.groups() for one in requirements if (each := _EXTRA.match(one))]
    return {package: extra for package, extra in found if extra not in _OF_DEVELOPERS}


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def settings(found: Mapping[str, Setting]) -> Iterator[Check]:
    """The settings that somebody set, with their origins."""
    for name, setting in sorted(found.items()):
        if setting.origin != "default":
            yield Check("settings", name, State.GOOD, f"{setting.value!r} from {setting.origin}")
    if not found["contact"].value:
        yield Check(
            "settings",
            "contact",
            State.DOUBTFUL,
            "no contact address; metadata services serve those better who say who they are",
            "cite config set contact me@example.org --user",
        )


def library(path: Path | None) -> Iterator[Check]:
    """Whether there is a library, whether it can be read, and how complete it is."""
    if path is None or not path.exists():
        yield Check("library", "file", State.DOUBTFUL, "none here or above", "cite add FILE")
        return
    try:
        records = list(store.read(path).library.values())
    except CiteError as error:
        yield Check("library", str(path), State.BROKEN, error.message, error.hint)
        return
    found = statistics(records)
    yield Check("library", str(path), State.GOOD, f"{found.records} records")
    for name in ("title", "full-authors", "issued", "identifier"):
        missing = found.records - found.has[name]
        if missing:
            text = f"{missing} records without {COMPLETENESS[name]}"
            yield Check("library", name, State.DOUBTFUL, text, "cite enrich")


def sources(values: Mapping[str, str], secret: Callable[[str], str]) -> Iterator[Check]:
    """Which metadata sources answer; each is asked once, all at the same time."""
    from citeworks.http import Limits, Request
    from citeworks.resolve.sources import Sources

    limits = Limits(connect=_SECONDS / 2, read=_SECONDS, total=_SECONDS, attempts=1)
    with Sources(values, secret=secret, limits=limits) as asked:

        def ask(name: str) -> Check:
            service = asked.services[name]
            try:
                asked.client.fetch(
                    Request(service, "/"), lambda response: response.status, keep=False
                )
            except (BadResponse, RateLimited):
                return Check("sources", name, State.GOOD, f"{service.base} answers")
            except CiteError as error:
                text = error.message.removeprefix(f"{name}: ")
                state = State.DOUBTFUL if error.hint else State.UNREACHED  # it wants a key
                return Check("sources", name, state, text, error.hint)
            return Check("sources", name, State.GOOD, f"{service.base} answers")

        with ThreadPoolExecutor(max(1, len(asked.services))) as pool:
            yield from pool.map(ask, asked.services)


def cache() -> Iterator[Check]:
    """What the cache folder holds; all of it can be made again."""
    folder = cache_folder()
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    size = sum(path.stat().st_size for path in files)
    yield Check("cache", str(folder), State.GOOD, f"{len(files)} files, {size / 2**20:.1f} MiB")
