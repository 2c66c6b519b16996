"""One setting in the text of a ``cite.toml``: put in, replaced or taken out.

Knows TOML's layout: comments, order and spaces stay to the letter. Refuses to know which
settings there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from citeworks.errors import InputError, Location


def with_setting(text: str, path: Sequence[str], value: Any, *, file: str = "") -> str:
    """The text in which the setting at `path` (tables, then key) has the value; None takes it out.

    Raises InputError when the text is not TOML or a table's name is taken by a value.
    """
    try:
        document = tomlkit.parse(text)
        _put(document, path, value)
    except (TOMLKitError, TypeError, AttributeError) as error:
        raise InputError(
            f"the setting {'.'.join(path)} cannot be put there: {error}",
            location=Location(file, 1),
            code="C001",
        ) from error
    return tomlkit.dumps(document)


def _put(document: Any, path: Sequence[str], value: Any) -> None:
    *tables, key = path
    table = document
    for name in tables:
        if name not in table:
            if value is None:
                return
            table[name] = tomlkit.table()
        table = table[name]
    if value is not None:
        table[key] = value
    elif key in table:
        del table[key]
