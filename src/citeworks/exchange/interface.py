"""What a codec gives back, and how a record is put together from the slots of a format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from citeworks.errors import InputError, Location
from citeworks.model import Issue, Provenance, Record, Severity, Value


class Reading(NamedTuple):
    """The records of a text, doubts about single ones, and what could not be read at all."""

    records: list[Record]
    issues: list[Issue]
    errors: list[InputError]


@dataclass(slots=True)
class Draft:
    """One record while it is being read; `rest` is what no variable holds, by its slot."""

    type: str = "document"
    key: str = ""
    variables: dict[str, Value] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    rest: dict[str, list[str]] = field(default_factory=dict)

    def put(self, variable: str, value: Value | None) -> bool:
        """Set a variable unless it is set already; True if the value now stands there."""
        if not value:
            return True
        return self.variables.setdefault(variable, value) == value

    def keep(self, slot: str, value: str) -> None:
        """Keep what no variable holds."""
        if value:
            self.rest.setdefault(slot, []).append(value)

    def _is_cut_short(self, variable: str, value: Value) -> bool:
        """True if a list of names ends in ``et al.``, which is taken off it."""
        if not isinstance(value, tuple) or len(value) < 2:
            return False
        last = str(value[-1]).lower().strip(" .,")
        if last not in ("et al", "others"):
            return False
        self.variables[variable] = value[:-1]
        return True

    def record(self, source: str, file: str, first: int, last: int) -> Record:
        """The record, every value from these lines."""
        cut = [name for name, value in self.variables.items() if self._is_cut_short(name, value)]
        if cut:
            self.custom["et-al"] = cut
        origin = Provenance(source, f"{file or '-'}:{first}-{last}")
        custom = {**self.custom, **({source: dict(self.rest)} if self.rest else {})}
        return Record(
            self.key, self.type, self.variables, dict.fromkeys(self.variables, origin), custom
        )


def doubt(code: str, message: str, file: str, line: int, key: str = "") -> Issue:
    """A warning about a line."""
    return Issue(code, message, Severity.WARNING, Location(file, line), key)


def kept(record: Record, source: str) -> dict[str, list[str]]:
    """What a format's reader kept in the record, if it is of the right shape."""
    found = record.custom.get(source)
    if not isinstance(found, dict):
        return {}
    return {
        str(slot): [str(value) for value in values]
        for slot, values in found.items()
        if isinstance(values, list)
    }
