"""Parts as JSON objects, one for each line of ``cite parse``: schema 1.

Knows the names of the members. Refuses to know streams; `dumps` writes ASCII only, so that text
which no encoding can hold travels too.
"""

from __future__ import annotations

import json
from typing import Any

from citeworks.listing.interface import Entry, Part
from citeworks.model.date import format_edtf

SCHEMA = 1


def file_json(encoding: str, name: str) -> dict[str, Any]:
    """The first object of all: the file and the encoding that gives its bytes back."""
    return {"schema": SCHEMA, "kind": "file", "name": name, "encoding": encoding}


def part_to_json(part: Part) -> dict[str, Any]:
    """One part; a record has what was read of it besides its raw text."""
    common = {"schema": SCHEMA, "kind": part.kind, "lines": list(part.lines), "raw": part.raw}
    return common | _entry_members(part.entry) if part.entry else common


def dumps(value: dict[str, Any]) -> str:
    """The object on one line."""
    return json.dumps(value, ensure_ascii=True)


def _entry_members(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "authors": list(entry.authors),
        "et_al": entry.et_al,
        "date": format_edtf(entry.date) if entry.date else None,
        "identifiers": [
            {"scheme": identifier.scheme, "value": identifier.value}
            for identifier in entry.identifiers
        ],
        "confidence": entry.confidence,
        "problems": list(entry.problems),
    }
