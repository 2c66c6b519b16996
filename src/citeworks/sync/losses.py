"""What does not survive Zotero: found by trying, so that it is true of the mapping. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from citeworks.model import Record
from citeworks.model.variables import DATE_VARIABLES, NAME_VARIABLES, TYPES, VARIABLES
from citeworks.sync.mapping import patch, said, snapshot
from citeworks.sync.normal import normal_text
from citeworks.sync.paths import Paths

_NAMES = [{"family": "Lovelace", "given": "Ada"}]
_DATE = {"date-parts": [[1843, 9, 5]]}
_SOME_VALUES = {"dates without a day": ({"date-parts": [[1843, 9]]}, {"date-parts": [[1843]]})}
"""What else the value of a variable can be, and is lost where the usual value is not."""


def losses() -> list[tuple[str, str]]:
    """Pairs of CSL type and variable that a record loses on the way to Zotero and back."""
    return [
        (csl_type, variable)
        for csl_type in sorted(TYPES)
        for variable in sorted(VARIABLES)
        if not survives(csl_type, variable)
    ]


def losses_of_some() -> list[tuple[str, str, str]]:
    """CSL type, variable, and in words which values of it a record loses; it keeps the others."""
    return [
        (csl_type, variable, words)
        for csl_type in sorted(TYPES)
        for variable in sorted(DATE_VARIABLES)
        for words, values in _SOME_VALUES.items()
        if survives(csl_type, variable)
        and not all(survives(csl_type, variable, value) for value in values)
    ]


def survives(csl_type: str, variable: str, value: Any = None) -> bool:
    """True if the variable of a record of that type comes back as it was; some usual value of it.

    `value` is CSL-JSON, where it matters which one.
    """
    if value is None:
        value = f"{variable} 1"
        value = _NAMES if variable in NAME_VARIABLES else value
        value = _DATE if variable in DATE_VARIABLES else value
    sent = {"id": "key", "type": csl_type, variable: value}
    paths = Paths({})
    return bool(
        said(patch({"itemType": "document"}, {}, sent, paths), paths).get(variable) == value
    )


def lost_in(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Pairs of citation key and variable whose values another clone does not get as they are."""
    return [(record.key, name) for record in records for name in _lost_of(record)]


def _lost_of(record: Record) -> list[str]:
    """The variables that an item made of the record says otherwise, or says without the record.

    A number that comes back as the text of it is the same; so is what only lost outer spaces.
    """
    paths, here = Paths({}), snapshot(record)
    there = said(patch({"itemType": "document"}, {}, here, paths), paths)
    names = (VARIABLES & (here.keys() | there.keys())) - {"keyword"}
    return [name for name in sorted(names) if _text(here.get(name)) != _text(there.get(name))]


def _text(value: Any) -> Any:
    return normal_text(value) if isinstance(value, str | int) else value
