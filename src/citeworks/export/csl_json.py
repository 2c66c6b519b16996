"""CSL-JSON: what every citation processor reads."""

from __future__ import annotations

from collections.abc import Iterable

from citeworks import csl_json
from citeworks.csl_json import FRAME, dump_entry
from citeworks.model import Record

__all__ = ["FRAME", "dump", "dump_entry"]


def dump(records: Iterable[Record]) -> str:
    """The records as a CSL-JSON array, sorted by citation key."""
    return csl_json.dump(records)
