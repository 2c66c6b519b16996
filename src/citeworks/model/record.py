"""The canonical unit: a CSL item in which every variable knows where its value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from citeworks.model.date import Date
from citeworks.model.name import Name
from citeworks.model.provenance import Provenance

Value = str | int | Date | tuple[Name, ...]
LOCKED = "locked"
"""The entry of `Record.custom` that lists what no machine may change."""
_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Record:
    """One work.

    `key` is the citation key, `type` a CSL type, `variables` maps CSL variable names verbatim to
    their values, `provenance` has the same keys, and ``type`` or ``custom.NAME`` where somebody is
    known to have said those. `custom` is JSON data for what CSL has no variable for (truncated name
    lists, listing facts, unknown BibTeX fields, sync identity), as CSL-JSON reserves its ``custom``
    object for it.
    """

    key: str
    type: str
    variables: Mapping[str, Value] = field(default_factory=lambda: _EMPTY)
    provenance: Mapping[str, Provenance] = field(default_factory=lambda: _EMPTY)
    custom: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)

    def text(self, variable: str) -> str:
        """The variable as text; an absent one is the empty string."""
        value = self.variables.get(variable, "")
        return value if isinstance(value, str) else str(value)

    def names(self, variable: str = "author") -> tuple[Name, ...]:
        """The names in the variable; empty when it is absent or no name variable."""
        value = self.variables.get(variable, ())
        return value if isinstance(value, tuple) else ()

    def date(self, variable: str = "issued") -> Date | None:
        """The date in the variable, or None."""
        value = self.variables.get(variable)
        return value if isinstance(value, Date) else None

    def is_truncated(self, variable: str = "author") -> bool:
        """True if the source ended this name list with *et al.*"""
        return variable in self.custom.get("et-al", ())

    @property
    def aliases(self) -> tuple[str, ...]:
        """Citation keys that the record had before, and that papers may still cite."""
        kept = self.custom.get("aliases")
        return tuple(str(key) for key in kept) if isinstance(kept, list | tuple) else ()

    def with_key(self, key: str) -> Record:
        """The same record under another citation key."""
        return replace(self, key=key)

    def with_values(self, values: Mapping[str, Value], provenance: Provenance) -> Record:
        """A copy in which `values` stand, all from one source."""
        return replace(
            self,
            variables={**self.variables, **values},
            provenance={**self.provenance, **dict.fromkeys(values, provenance)},
        )

    def with_custom(self, **entries: Any) -> Record:
        """A copy with these `custom` entries (underscores in the names become hyphens)."""
        named = {name.replace("_", "-"): value for name, value in entries.items()}
        return replace(self, custom={**self.custom, **named})

    def without_custom(self, *names: str) -> Record:
        """A copy without these `custom` entries."""
        kept = {name: value for name, value in self.custom.items() if name not in names}
        return replace(self, custom=kept)


def locked_slots(record: Record) -> tuple[str, ...]:
    """The slots (`citeworks.model.change`) that no machine may change, as a person said."""
    locked = record.custom.get(LOCKED, ())
    return tuple(map(str, locked)) if isinstance(locked, list | tuple) else ()
