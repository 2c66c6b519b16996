"""CSL-JSON, the library's own format: text to records and back.

Knows the CSL-JSON schema (CSL 1.0.2), and that ``custom`` is reserved for what CSL has no variable
for: provenance, listing facts, unknown properties. Refuses to know files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from citeworks.errors import CslJsonError, Location
from citeworks.model import Date, Name, Provenance, Record, Value
from citeworks.model.date import is_valid_parts, parse_edtf
from citeworks.model.variables import DATE_VARIABLES, NAME_VARIABLES, VARIABLES

SOURCE = "csl-json"
"""The source of values that a CSL-JSON text brings without saying where they are from."""

LEGACY_NAMES = {"shortTitle": "title-short", "journalAbbreviation": "container-title-short"}
"""Property names of older CSL-JSON, and the variables they became."""

_HEAD = ("id", "type", "title", "author", "issued")
_OWN = frozenset({"id", "type", "custom"})
_STRUCTURED = NAME_VARIABLES | DATE_VARIABLES
"""The variables whose values are no texts; no property of `LEGACY_NAMES` is one of them."""
_ESCAPED = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\r\n]*")
_SHOWN = 500
_NAME_PARTS = {
    "family": "family",
    "given": "given",
    "dropping-particle": "dropping_particle",
    "non-dropping-particle": "non_dropping_particle",
    "suffix": "suffix",
    "literal": "literal",
}
_NAME_FLAGS = {"comma-suffix": "comma_suffix", "static-ordering": "static_ordering"}


def load(text: str, *, file: str = "") -> list[Record]:
    """Read a CSL-JSON array (or one object).

    Every record keeps its ``id`` as the citation key. Raises CslJsonError, with the place, for
    text that is no JSON, for an item without an ``id``, and for two items with the same one.
    """
    records: list[Record] = []
    lines: dict[str, int] = {}
    for item, line in load_items(text, file=file):
        location = Location(file, line)
        record = record_from_item(item, location)
        if record.key in lines:
            raise CslJsonError(
                f"the citation key {record.key!r} stands twice",
                location=location,
                hint=f"the first one is on line {lines[record.key]}; rename or remove one of them",
                code="J003",
            )
        lines[record.key] = location.line
        records.append(record)
    return records


def load_items(text: str, *, file: str = "") -> Iterator[tuple[Mapping[str, Any], int]]:
    """The items of a CSL-JSON array as they stand, each with its line; nothing in them is checked.

    Raises CslJsonError, with the place, for text that is no JSON.
    """
    text = text.removeprefix("\ufeff")
    line, counted = 1, 0
    for item, offset in _items(text, file):
        line, counted = line + text.count("\n", counted, offset), offset
        yield item, line


def dump(records: Iterable[Record]) -> str:
    """Write a CSL-JSON array, sorted by citation key, the same bytes for the same records."""
    items = [item_from_record(record) for record in sorted(records, key=lambda record: record.key)]
    return dump_json(items)


FRAME = ("[\n  ", ",\n  ", "\n]\n")
"""What stands before, between and after the items in the text that `dump` makes of some."""


def dump_entry(record: Record) -> str:
    """One item as it stands in the text that `dump` makes."""
    before, _, after = FRAME
    return dump_json([item_from_record(record)])[len(before) : -len(after)]


def dump_json(value: Any) -> str:
    """JSON as this project writes it: two spaces, UTF-8 as it is, a newline at the end.

    What is no character, or would steer a terminal, is escaped.
    """
    try:
        text = _laid_out(value, "\n")
    except RecursionError as error:
        raise CslJsonError("a value is nested too deeply for JSON", code="J007") from error
    if not text.isascii() or "\x7f" in text:
        text = _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text + "\n"


def _laid_out(value: Any, margin: str) -> str:
    """What ``json.dumps(value, ensure_ascii=False, indent=2)`` gives, in half of its time.

    With `indent` the standard library leaves its C encoder aside. `margin` is a line break and the
    indentation of what stands around the value.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    inner = margin + "  "
    if isinstance(value, dict) and value:
        parts = [
            f"{_name(name)}: "
            + (encode_basestring(each) if type(each) is str else _laid_out(each, inner))
            for name, each in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(parts)}{margin}}}"
    if isinstance(value, list | tuple) and value:
        parts = [_laid_out(each, inner) for each in value]
        return f"[{inner}{f',{inner}'.join(parts)}{margin}]"
    return json.dumps(value)


def _name(name: Any) -> str:
    """A property's name; of what is no text, the text that JSON makes of it."""
    return encode_basestring(name) if isinstance(name, str) else json.dumps({name: 0})[1:-4]


def item_from_record(record: Record) -> dict[str, Any]:
    """The record as a CSL-JSON item; ``custom`` carries the rest."""
    item: dict[str, Any] = {"id": record.key, "type": record.type}
    item.update((name, dump_value(value)) for name, value in record.variables.items())
    custom = dict(record.custom)
    item.update(custom.pop("csl-json", {}))
    provenance = _dump_provenance(record.provenance)
    if provenance:
        custom["provenance"] = provenance
    ordered = {name: item.pop(name) for name in _HEAD if name in item}
    ordered.update(sorted(item.items()))
    if custom:
        ordered["custom"] = dict(sorted(custom.items()))
    return ordered


def record_from_item(item: Mapping[str, Any], location: Location | None = None) -> Record:
    """The record that a CSL-JSON item describes.

    Raises CslJsonError when the item has no usable ``id`` or a variable of the wrong shape.
    """
    location = location or Location()
    key = item.get("id")
    if not isinstance(key, str | int) or key == "" or isinstance(key, bool):
        raise CslJsonError(
            "an item without an id", location=location, hint="give it an id", code="J002"
        )
    written_type = item.get("type") or "document"
    if not isinstance(written_type, str):
        raise _wrong_shape("type", str(key), "a type is a text such as article-journal", location)
    item, custom, provenance = _open_custom(item)
    values, unknown = _load_values(item, str(key), location)
    if unknown:
        custom["csl-json"] = unknown
    structured = ((name, value) for name, value in item.items() if name in _STRUCTURED)
    if as_found := {name: value for name, value in structured if _says_more(name, value)}:
        custom["as-found"] = as_found
    default = Provenance(SOURCE, str(location) if location.line else location.file)
    return Record(
        key=str(key),
        type=written_type,
        variables=values,
        provenance={name: provenance.get(name, default) for name in values}
        | {name: provenance[name] for name in _beside_variables(custom) if name in provenance},
        custom=custom,
    )


def _beside_variables(custom: Mapping[str, Any]) -> list[str]:
    """What else than variables has an origin (`citeworks.model.change`)."""
    return ["type", *(f"custom.{name}" for name in custom)]


def load_date(value: Any) -> Date | None:
    """A CSL-JSON date variable (or an EDTF text); None when its shape is wrong."""
    if isinstance(value, str):
        return parse_edtf(value) or Date(literal=value)
    if not isinstance(value, Mapping):
        return None
    qualifier = _load_circa(value.get("circa"))
    written = value.get("date-parts")
    if written is not None:
        return _load_parts(written, value.get("season"), qualifier)
    literal = str(value.get("raw") or value.get("literal") or "")
    parsed = parse_edtf(literal) if "raw" in value else None
    if parsed is None:
        return Date(literal=literal, qualifier=qualifier)
    return replace(parsed, qualifier=parsed.qualifier or qualifier)


def dump_date(date: Date) -> dict[str, Any]:
    """The date as a CSL-JSON date variable."""
    value: dict[str, Any] = {}
    if date.literal:
        value["literal"] = date.literal
    elif date.end is None and len(date.start) == 2 and date.start[1] > 20:
        value = {"date-parts": [[date.start[0]]], "season": date.start[1] - 20}
    else:
        ends = [date.start] if date.end is None else [date.start, date.end]
        value["date-parts"] = [list(parts) for parts in ends]
    if date.qualifier:
        value["circa"] = True if date.qualifier == "~" else date.qualifier
    return value


def load_name(value: Any) -> Name | None:
    """A CSL-JSON name; None when its shape is wrong."""
    if isinstance(value, str):
        return Name(literal=value)
    if not isinstance(value, dict | Mapping):
        return None
    parts: dict[str, Any] = {}
    for theirs, part in value.items():
        if theirs in _NAME_PARTS:
            parts[_NAME_PARTS[theirs]] = str(part) if part else ""
        elif theirs in _NAME_FLAGS:
            parts[_NAME_FLAGS[theirs]] = part not in _FALSE
    return Name(**parts)


def dump_name(name: Name) -> dict[str, Any]:
    """The name as a CSL-JSON name."""
    value: dict[str, Any] = {}
    for theirs, ours in _NAME_PARTS.items():
        if part := getattr(name, ours):
            value[theirs] = part
    for theirs, ours in _NAME_FLAGS.items():
        if getattr(name, ours):
            value[theirs] = True
    return value


_FALSE = (None, False, 0, "", "0", "false")


def _items(text: str, file: str) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each object of the array with the offset at which it begins."""
    try:
        for value, offset in _values(text):
            yield _mapping(value, text, offset, file), offset
    except json.JSONDecodeError as error:
        raise CslJsonError(
            f"not valid JSON: {error.msg[0].lower()}{error.msg[1:]}",
            location=Location(file, error.lineno, error.colno, _line(error.doc, error.lineno)),
            hint="the file may be cut off or edited by hand; restore it from version control",
        ) from error
    except RecursionError as error:
        raise CslJsonError(
            "the JSON is nested too deeply", location=Location(file, 1), code="J007"
        ) from error


def _values(text: str) -> Iterator[tuple[Any, int]]:
    decoder = json.JSONDecoder(parse_constant=_refuse_constant)
    offset = _skip(text, 0)
    if text[offset : offset + 1] != "[":
        value, end = _decode(decoder, text, offset)
        yield value, offset
        _expect_end(text, end)
        return
    offset = _skip(text, offset + 1)
    if text[offset : offset + 1] == "]":
        _expect_end(text, offset + 1)
        return
    while True:
        value, end = _decode(decoder, text, offset)
        yield value, offset
        end = _skip(text, end)
        if text[end : end + 1] == "]":
            _expect_end(text, end + 1)
            return
        if text[end : end + 1] != ",":
            raise _syntax_error("Expecting ',' delimiter", text, end)
        offset = _skip(text, end + 1)


def _decode(decoder: json.JSONDecoder, text: str, offset: int) -> tuple[Any, int]:
    """One value; numbers that JSON or Python cannot hold are syntax errors of their item."""
    try:
        return decoder.raw_decode(text, offset)
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise _syntax_error("Expecting a number of reasonable size", text, offset) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _skip(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() if match else offset


def _expect_end(text: str, end: int) -> None:
    if _skip(text, end) != len(text):
        raise _syntax_error("Extra data", text, _skip(text, end))


def _syntax_error(message: str, text: str, offset: int) -> json.JSONDecodeError:
    return json.JSONDecodeError(message, text, offset)


def _mapping(value: Any, text: str, offset: int, file: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    line = text.count("\n", 0, offset) + 1
    raise CslJsonError(
        "an item that is no JSON object", location=Location(file, line, 0, _line(text, line))
    )


def _line(text: str, line: int) -> str:
    """The source line, unless it is too long to show."""
    lines = text.split("\n", line)
    found = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return found if len(found) <= _SHOWN else ""


def _open_custom(
    item: Mapping[str, Any],
) -> tuple[Mapping[str, Any], dict[str, Any], dict[str, Provenance]]:
    """The item with the unknown properties put back, ``custom`` without our own parts, origins."""
    custom = item.get("custom")
    custom = dict(custom) if isinstance(custom, Mapping) else {"custom": custom} if custom else {}
    written = custom.pop("provenance", [])
    provenance = _load_provenance(written)
    if written and not provenance:
        custom["provenance-as-found"] = written
    inner = custom.pop("csl-json", {})
    if not isinstance(inner, Mapping):
        inner = {"csl-json": inner}
    return {**{name: inner[name] for name in inner if name not in _OWN}, **item}, custom, provenance


def _wrong_shape(name: str, key: str, hint: str, location: Location) -> CslJsonError:
    return CslJsonError(
        f"the variable {name!r} of {key!r} has the wrong shape",
        location=location,
        hint=hint,
        code="J004",
    )


def _load_values(
    item: Mapping[str, Any], key: str, location: Location
) -> tuple[dict[str, Value], dict[str, Any]]:
    values: dict[str, Value] = {}
    unknown: dict[str, Any] = {}
    for written, value in item.items():
        name = LEGACY_NAMES.get(written, written)
        if written in _OWN or value is None or (not value and value in ("", [], {})):
            continue
        if name not in VARIABLES or (name != written and item.get(name)):
            unknown[written] = value
            continue
        loaded = _load_value(name, value)
        if loaded is None:
            raise _wrong_shape(written, key, _SHAPES[_kind(name)], location)
        values[name] = loaded
    return values, unknown


_SHAPES = {
    "names": "names are a list of objects with family and given, or literal",
    "date": 'a date is an object such as {"date-parts": [[2023, 6, 28]]}',
    "text": "it should be a text or a whole number",
}


def _kind(name: str) -> str:
    return "names" if name in NAME_VARIABLES else "date" if name in DATE_VARIABLES else "text"


def _load_value(name: str, value: Any) -> Value | None:
    if isinstance(value, str) and name not in _STRUCTURED:
        return value
    if name in NAME_VARIABLES:
        names = [load_name(each) for each in value] if isinstance(value, list) else [None]
        return None if None in names else tuple(name for name in names if name)
    if name in DATE_VARIABLES:
        return load_date(value)
    if isinstance(value, float):
        return str(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_SEASONS = {
    **{"1": 1, "2": 2, "3": 3, "4": 4},
    **{"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4},
}


def _says_more(name: str, value: Any) -> bool:
    """True if a date or a list of names says something that our own values have no place for."""
    if name in NAME_VARIABLES and isinstance(value, list):
        return any(isinstance(each, Mapping) and not each.keys() <= _NAME_KEYS for each in value)
    if name not in DATE_VARIABLES or not isinstance(value, Mapping):
        return False
    keys = value.keys() - {"circa"}
    if "season" in keys and str(value["season"]).strip().lower() in _SEASONS:
        keys = keys - {"season"}
    return len(keys) > 1 or not keys <= {"date-parts", "raw", "literal"}


_NAME_KEYS = {*_NAME_PARTS, *_NAME_FLAGS, "parse-names"}


def _load_circa(value: Any) -> str:
    if value in _FALSE:
        return ""
    return value if value in ("?", "%") else "~"


def _load_parts(written: Any, season: Any, qualifier: str) -> Date | None:
    try:
        ends = [tuple(int(part) for part in parts if part not in (None, "")) for parts in written]
    except (TypeError, ValueError, OverflowError):
        return None
    if not ends or not any(ends):
        return Date(qualifier=qualifier)
    number = _SEASONS.get(str(season).strip().lower())
    if len(ends[0]) == 1 and number:
        ends[0] = (ends[0][0], 20 + number)
    if len(ends) > 2 or any(parts and not is_valid_parts(parts) for parts in ends):
        return Date(literal="/".join("-".join(map(str, parts)) for parts in ends))
    return Date(ends[0], ends[1] if len(ends) == 2 else None, qualifier)


def dump_value(value: Any) -> Any:
    """A value of a variable as JSON; what is JSON already stays."""
    if isinstance(value, tuple):
        return [dump_name(name) for name in value]
    return dump_date(value) if isinstance(value, Date) else value


def _dump_provenance(provenance: Mapping[str, Provenance]) -> list[dict[str, Any]]:
    """Origins with the variables that share them, so that a record states each origin once."""
    variables: dict[Provenance, list[str]] = {}
    for name in sorted(provenance):
        variables.setdefault(provenance[name], []).append(name)
    return [_dump_origin(origin) | {"variables": names} for origin, names in variables.items()]


def _dump_origin(origin: Provenance) -> dict[str, Any]:
    retrieved = origin.retrieved.isoformat() if origin.retrieved else ""
    fields = {"source": origin.source, "locator": origin.locator, "retrieved": retrieved}
    return {name: value for name, value in fields.items() if value}


def _load_provenance(written: Any) -> dict[str, Provenance]:
    found: dict[str, Provenance] = {}
    for origin in written if isinstance(written, list) else ():
        if not isinstance(origin, Mapping):
            continue
        retrieved = _load_time(origin.get("retrieved"))
        value = Provenance(str(origin.get("source", "")), str(origin.get("locator", "")), retrieved)
        variables = origin.get("variables")
        if isinstance(variables, list):
            found.update((str(name), value) for name in variables)
    return found


def _load_time(written: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if written else None
    except (TypeError, ValueError):
        return None
