"""``cite config``: the settings, where each comes from, and changing them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from citeworks.cli.completing import complete_setting
from citeworks.cli.library import configuration
from citeworks.cli.messages import say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import put
from citeworks.config import (
    FILE_NAME,
    SECRETS,
    Setting,
    check_setting,
    environment_name,
    load_secret,
    settings_files,
)
from citeworks.errors import InputError
from citeworks.store import read_bytes, write_atomic

EPILOG = """\b
Examples:
  cite config show --origin
  cite config get style
  cite config set style ieee
  cite config set contact me@example.org --user
"""
_DEFAULT = "default"


@click.group(epilog=EPILOG)
@global_options
def command() -> None:
    """Show, read and change the settings.

    A setting comes from the environment (CITE_STYLE), else from the nearest cite.toml or the
    [tool.cite] table of a pyproject.toml, else from the user's cite.toml, else from its default.
    Keys of services come from the environment or the keyring and stand in no file.
    """


@command.command(epilog="\b\nExamples:\n  cite config show --origin --all\n")
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@click.option("--all", "everything", is_flag=True, help="Show those too that have their defaults.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@global_options
def show(origin: bool, everything: bool, as_json: bool) -> int:
    """Show the settings that are not at their defaults."""
    shown = {
        name: setting
        for name, setting in configuration().items()
        if everything or setting.origin != _DEFAULT
    }
    if as_json:
        click.echo(json.dumps(_as_data(shown), ensure_ascii=False, indent=2), color=False)
        return 0
    for name, setting in sorted(shown.items()):
        put(_line(name, setting, origin))
    for name in sorted(SECRETS):
        if load_secret(name, os.environ):
            where = environment_name(name) if environment_name(name) in os.environ else "keyring"
            put(f"{name} = (secret)" + (f"  # {where}" if origin else ""))
    return 0


def _line(name: str, setting: Setting, origin: bool) -> str:
    value = json.dumps(setting.value, ensure_ascii=False)
    return f"{name} = {value}" + (f"  # {setting.origin}" if origin else "")


def _as_data(shown: Mapping[str, Setting]) -> dict[str, Any]:
    return {
        name: {"value": setting.value, "origin": setting.origin}
        for name, setting in sorted(shown.items())
    }


@command.command(epilog="\b\nExamples:\n  cite config get style\n")
@click.argument("name", shell_complete=complete_setting)
@click.option("--origin", is_flag=True, help="Say where the value comes from.")
@global_options
def get(name: str, origin: bool) -> int:
    """Print the value of one setting."""
    check_setting(name, "")
    setting = configuration()[name]
    put(setting.value + (f"  # {setting.origin}" if origin else ""))
    return 0


@command.command(name="set", epilog="\b\nExamples:\n  cite config set style ieee\n")
@click.argument("name", shell_complete=complete_setting)
@click.argument("value")
@click.option("--user", is_flag=True, help="In the user's file, for all projects.")
@global_options
def set_(name: str, value: str, user: bool) -> int:
    """Give a setting a value, in the project's cite.toml."""
    return _change(name, check_setting(name, value), user)


@command.command(epilog="\b\nExamples:\n  cite config unset style\n")
@click.argument("name", shell_complete=complete_setting)
@click.option("--user", is_flag=True, help="In the user's file, for all projects.")
@global_options
def unset(name: str, user: bool) -> int:
    """Take a setting out of the project's cite.toml."""
    check_setting(name, "")
    return _change(name, None, user)


def _change(name: str, value: str | None, user: bool) -> int:
    path, tables = _users_file() if user else project_file()
    if not write_settings(path, tables, {name: value}):
        say(f"{path} unchanged")
        return 0
    say(f"wrote {path}")
    shadow = configuration()[name].origin
    if value is not None and shadow not in (str(path), str(path.absolute())):
        say(f"but {shadow} sets {name}, and wins")
    return 0


def write_settings(
    path: Path, tables: Sequence[str], values: Mapping[str, str | int | None]
) -> bool:
    """Put settings into a file, below `tables`; None takes one out. False if nothing changed."""
    from citeworks.settings_file import with_setting

    data = read_bytes(path) or b""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text", code="C001") from error
    for name, value in values.items():
        text = with_setting(text, [*tables, *name.split(".")], value, file=str(path))
    if text.encode() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.encode())
    return True


def project_file() -> tuple[Path, tuple[str, ...]]:
    """The project's file to write, and the tables within it that settings stand in."""
    project, _ = settings_files(Path.cwd(), os.environ)
    if project is None:
        return Path(FILE_NAME), ()
    shown = Path(os.path.relpath(project))
    return shown, () if project.name == FILE_NAME else ("tool", "cite")


def _users_file() -> tuple[Path, tuple[str, ...]]:
    _, users = settings_files(Path.cwd(), os.environ)
    if users is None:
        raise InputError("there is no home folder", hint="set HOME or XDG_CONFIG_HOME")
    return users, ()
