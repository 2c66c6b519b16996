"""Settings: the environment, then the project's ``cite.toml`` or ``[tool.cite]``, then the user's.

Knows names, kinds and origins of settings. Refuses secrets: keys come from the environment or the
keyring only.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citeworks.errors import InputError, Location
from citeworks.nearest import did_you_mean

FILE_NAME = "cite.toml"
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value, and where it was found (``default``, a file, or the environment)."""

    value: str
    origin: str


SETTINGS: dict[str, tuple[str, str]] = {
    "library": ("", "the library file, relative to the file that names it"),
    "citation-key": ("{family}{year}{word}", "the pattern of new citation keys"),
    "style": ("apa", "the CSL style of `cite export`"),
    "locale": ("", "the locale of bibliographies; empty means the style's own"),
}
"""Every setting with its default and its meaning."""


def load_settings(start: Path, environment: Mapping[str, str]) -> dict[str, Setting]:
    """All settings as they hold in the folder `start`.

    Raises InputError for a broken file, an unknown name or a value of the wrong kind.
    """
    settings = {name: Setting(default, "default") for name, (default, _) in SETTINGS.items()}
    for path, table in (_user_table(environment), _project_table(start)):
        for name, value in table.items():
            settings[name] = Setting(_checked(name, value, path), str(path))
    for name in SETTINGS:
        variable = "CITE_" + name.upper().replace("-", "_")
        if environment.get(variable):
            settings[name] = Setting(environment[variable], variable)
    return settings


def _project_table(start: Path) -> tuple[Path, Mapping[str, Any]]:
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME, _read_toml(folder / FILE_NAME)
        project = folder / "pyproject.toml"
        if project.is_file():
            tools = _read_toml(project).get("tool")
            table = tools.get("cite") if isinstance(tools, Mapping) else None
            if isinstance(table, Mapping):
                return project, table
    return start, {}


def _user_table(environment: Mapping[str, str]) -> tuple[Path, Mapping[str, Any]]:
    base = environment.get("XDG_CONFIG_HOME") or (
        f"{environment['HOME']}/.config" if environment.get("HOME") else ""
    )
    path = Path(base) / "citeworks" / FILE_NAME
    return (path, _read_toml(path)) if base and path.is_file() else (path, {})


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _unusable(path, *_place(str(error))) from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "not UTF-8 text") from error
    except RecursionError as error:
        raise _unusable(path, "nested too deeply") from error
    except OSError as error:
        raise _unusable(path, f"cannot be read: {(error.strerror or '').lower()}", 0) from error


def _place(message: str) -> tuple[str, int, int]:
    """What tomllib says, and the place that it says it of."""
    place = _AT.search(message)
    text = f"not valid TOML: {_AT.sub('', message).rstrip()}"
    return (text, int(place[1]), int(place[2])) if place else (text, 1, 0)


def _unusable(path: Path, message: str, line: int = 1, column: int = 0) -> InputError:
    return InputError(message, location=Location(str(path), line, column), code="C001")


def _checked(name: str, value: Any, path: Path) -> str:
    if name not in SETTINGS:
        raise InputError(
            f"unknown setting {name!r}",
            location=Location(str(path), 1),
            hint=did_you_mean(name, SETTINGS) or "settings are " + ", ".join(SETTINGS),
            code="C002",
        )
    if not isinstance(value, str):
        raise InputError(
            f"the setting {name!r} must be a text", location=Location(str(path), 1), code="C003"
        )
    if name == "library" and value:
        return os.fspath(path.parent / value)
    return value
