"""Records without the characters that no document can hold.

Knows what XML 1.0, TeX and terminals refuse: control characters, lone surrogates, non-characters.
The library keeps them, since it keeps whatever it was given; what is made of it leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from citeworks.model import Date, Name, Record

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(records: Iterable[Record]) -> list[Record]:
    """The records, in the same order; one that is legible is given as it is."""
    return [_legible(record) for record in records]


def _legible(record: Record) -> Record:
    if not _FORBIDDEN.search(record.key + record.type + _text_of(record)):
        return record
    return replace(
        record,
        key=_cleaned(record.key),
        type=_cleaned(record.type),
        variables=_cleaned(record.variables),
        custom=_cleaned(record.custom),
    )


def _text_of(record: Record) -> str:
    """All texts of the record, one after the other."""
    return "".join(_texts(record.variables)) + "".join(_texts(record.custom))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(name)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Name):
        yield value.family + value.given + value.literal + value.suffix
        yield value.dropping_particle + value.non_dropping_particle
    elif isinstance(value, Date):
        yield value.literal


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, Mapping):
        return {_cleaned(name): _cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_cleaned, value))
    if isinstance(value, Name):
        parts = {each.name: _cleaned(getattr(value, each.name)) for each in fields(value)}
        return replace(value, **parts)
    return replace(value, literal=_cleaned(value.literal)) if isinstance(value, Date) else value
