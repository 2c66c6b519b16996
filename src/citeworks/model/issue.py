"""What is doubtful about one record, as a value that travels with the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from citeworks.errors import Location

__all__ = ["Issue", "Location", "Severity"]


class Severity(IntEnum):
    """How much an issue matters; `--strict` turns warnings into findings."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: a stable `code`, a sentence, where it is, and what to do about it."""

    code: str
    message: str
    severity: Severity = Severity.WARNING
    location: Location = field(default_factory=Location)
    key: str = ""
    hint: str = ""
