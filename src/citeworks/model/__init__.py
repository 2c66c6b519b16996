"""Values only: records and what they are made of. Standard library only, no effects."""

from citeworks.model.date import Date
from citeworks.model.identifier import Identifier
from citeworks.model.issue import Issue, Location, Severity
from citeworks.model.library import Library
from citeworks.model.name import Name
from citeworks.model.provenance import Provenance
from citeworks.model.record import Record, Value

__all__ = [
    "Date",
    "Identifier",
    "Issue",
    "Library",
    "Location",
    "Name",
    "Provenance",
    "Record",
    "Severity",
    "Value",
]
