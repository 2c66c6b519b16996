"""CSL-YAML, pandoc's form of CSL-JSON: the same items under ``references``.

Knows the frame and the habits of people who write it by hand. What an item means is known to
`citeworks.csl_json`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from citeworks.csl_json import item_from_record, record_from_item
from citeworks.errors import CslJsonError, InputError, Location
from citeworks.exchange.interface import Reading
from citeworks.exchange.tagged import decode
from citeworks.exchange.yaml_text import dump_yaml, load_yaml
from citeworks.model import Record
from citeworks.model.variables import DATE_VARIABLES

SOURCE = "csl-yaml"
_PARTS = {"year": 0, "month": 1, "day": 2}.keys()


def load(data: bytes | str, *, file: str = "") -> Reading:
    """Every item; one that cannot be read is an error of its own."""
    value = load_yaml(decode(data), file)
    items = value.get("references", value) if isinstance(value, Mapping) else value
    items = [items] if isinstance(items, Mapping) else items
    if not isinstance(items, list):
        raise InputError("no list of references", location=Location(file, 1), code="X001")
    reading = Reading([], [], [])
    keys: set[str] = set()
    for number, item in enumerate(items, 1):
        try:
            record = _record(item, number, file)
            if record.key in keys:
                message = f"the citation key {record.key!r} stands twice"
                raise CslJsonError(message, location=Location(file, 1), code="J003")
        except InputError as error:
            reading.errors.append(error)
            continue
        keys.add(record.key)
        reading.records.append(record)
    return reading


def dump(records: Iterable[Record]) -> str:
    """The records under ``references``, sorted by citation key, as one YAML document."""
    ordered = sorted(records, key=lambda record: record.key)
    return "---\n" + dump_yaml({"references": [item_from_record(each) for each in ordered]})


FRAME = ("---\nreferences:\n", "", "")
"""What stands before, between and after the items in the text that `dump` makes of some."""


def dump_entry(record: Record) -> str:
    """One item as it stands in the text that `dump` makes."""
    return dump_yaml([item_from_record(record)])


def _record(item: Any, number: int, file: str) -> Record:
    if not isinstance(item, Mapping):
        message = f"reference {number} is no map"
        raise InputError(message, location=Location(file, 1), code="X001")
    dates = {name: _old_date(item[name]) for name in DATE_VARIABLES & item.keys()}
    return record_from_item({**item, **dates}, Location(file, 1))


def _old_date(value: Any) -> Any:
    """The dates of Pandoc before 2.11, one or two maps of `year`, `month` and `day`, as CSL's."""
    ends = value if isinstance(value, list) else [value]
    if not ends or not all(isinstance(end, Mapping) and end.keys() <= _PARTS for end in ends):
        return value
    parts = [list(takewhile(bool, map(end.get, _PARTS))) for end in ends]
    exact = all(len(known) == len(end) for known, end in zip(parts, ends, strict=True))
    return {"date-parts": parts} if exact and all(parts) else value
