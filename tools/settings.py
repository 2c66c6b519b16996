"""The manual's page of settings, made from the table of settings: ``python -m tools.settings``.

``make settings`` writes it to `docs/settings.md`, and the tests compare them.
"""

from __future__ import annotations

import sys

from citeworks.config import SECRETS, SETTINGS, environment_name

HEAD = """# Settings

Settings come from `cite.toml`, or from `[tool.cite]` in `pyproject.toml`, in the current folder or
above; then from `citeworks/cite.toml` under `$XDG_CONFIG_HOME` or `~/.config`. A variable of the
environment overrides both. `cite config show --origin` says which holds and where it comes from;
`cite config set NAME VALUE` writes one. A name with a dot is a key in a table: `lint.select` is
`select` under `[lint]`.

| setting | variable | default | meaning |
|---|---|---|---|
"""
SECRET = """
## Keys

These stand in no file. They come from the environment or, with the extra `citeworks[keyring]`, from
the keyring (service `citeworks`, user the name below).

| name | variable | meaning |
|---|---|---|
"""


def page() -> str:
    """The page: a row for every setting, and one for every key."""
    rows = [
        f"| {_named(name)} | {_code(spec.default)} | {_cell(spec.meaning)} |\n"
        for name, spec in SETTINGS.items()
    ]
    keys = [f"| {_named(name)} | {_cell(text)} |\n" for name, text in SECRETS.items()]
    return HEAD + "".join(rows) + SECRET + "".join(keys)


def _named(name: str) -> str:
    return f"`{name}` | `{environment_name(name)}`"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
