"""What the stand-in makes of a written object: it checks each value and stores a changed one.

Pure: an object's JSON and what is stored go in, the new JSON or a `Refused` comes out. Versions,
keys and other objects are not its business.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from .schema import ANNOTATION_PROPERTIES, ATTACHMENT_PROPERTIES, Schema

Data = dict[str, Any]
FIELD_LENGTH, TAG_LENGTH, NAME_LENGTH, NOTE_LENGTH = 65_535, 255, 255, 250_000
PREDICATE = re.compile(r"dc:relation|owl:sameAs|dc:replaces|mendeleyDB:\w+")
URI = re.compile(r"https?://zotero\.org/(users|groups)/\d+/items/([23456789A-Z]{8})")
NOT_FIELDS = frozenset(
    "key version itemType creators tags collections relations parentItem deleted dateAdded "
    "dateModified inPublications".split()
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SPACES = " \t\n\r\0\x0b"
MULTIPART = re.compile(r"(\d{4})-(?:0\d|1[0-2])-(?:[0-2]\d|3[01]) (.*)", re.DOTALL)
DATES = frozenset(
    "date issueDate dateDecided dateEnacted filingDate priorityDate originalDate".split()
)
LINK_MODES = frozenset("imported_file imported_url linked_file linked_url embedded_image".split())


class Refused(Exception):
    """One object or one request that is not taken: an HTTP status, a message and its data."""

    def __init__(self, code: int, message: str, **data: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


def now() -> str:
    """The time as Zotero writes it, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cleaned(value: object) -> str:
    """A scalar as it is stored: text, trimmed, without carriage returns or control characters."""
    if value is None or value is False:
        return ""
    if isinstance(value, list | dict):
        raise Refused(400, "Value must be a string")
    return CONTROL.sub("", str(value).replace("\r", "")).strip(SPACES)


def trimmed_name(value: object) -> str:
    """A part of a name as it is stored: spaces and format characters of any kind go outside."""
    text = cleaned(value)
    while text and unicodedata.category(text[0])[0] in "ZC":
        text = text[1:]
    while text and unicodedata.category(text[-1])[0] in "ZC":
        text = text[:-1]
    return text


def date_text(value: object) -> str:
    """A date as it is shown: what looks like the sortable form kept before it is taken off."""
    text = cleaned(value)
    found = MULTIPART.match(text)
    if found and (found[1] == "0000" or found[1] in found[2]):
        return found[2]
    return "" if text == "0" else text


def sanitised(note: object) -> str:
    """A note's HTML without scripts, with `strong` and `em` for `b` and `i`."""
    text = re.sub(r"(?is)<script\b.*?(</script>|$)", "", cleaned(note))
    text = re.sub(r"(?i)<(/?)b(?=[\s>])", r"<\1strong", text)
    return re.sub(r"(?i)<(/?)i(?=[\s>])", r"<\1em", text)


def access_date(value: object) -> str:
    """A date alone is kept, a time with an offset becomes UTC, free text is refused."""
    text = cleaned(value)
    if not text or re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    if text == "CURRENT_TIMESTAMP":
        return now()
    try:
        moment = datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        raise Refused(
            400, f"'accessDate' must be in ISO 8601 or UTC 'YYYY-MM-DD[ hh:mm:ss]' format ({text})"
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _listed(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Refused(400, f"'{name}' property must be an array")
    return value


def tags(value: object) -> list[Data]:
    """Tags trimmed, sorted and without the empty ones; `type` 0 is left out."""
    kept: dict[str, Data] = {}
    for each in _listed(value, "tags"):
        tag, kind = (each.get("tag"), each.get("type", 0)) if isinstance(each, dict) else (each, 0)
        name = cleaned(tag)
        if len(name) > TAG_LENGTH:
            raise Refused(413, f"Tag '{name[:50]}…' is too long to sync", tag=name)
        if name:
            kept[name] = {"tag": name} | ({"type": 1} if kind == 1 else {})
    return [kept[name] for name in sorted(kept)]


def creators(value: object, allowed: tuple[str, ...], item_type: str) -> list[Data]:
    """Creators trimmed, the empty ones dropped; each in one or in two fields."""
    return [
        kept
        for each in _listed(value, "creators")
        if (kept := _creator(each, allowed, item_type)) is not None
    ]


def _creator(each: Data, allowed: tuple[str, ...], item_type: str) -> Data | None:
    kind = each.get("creatorType")
    kind = allowed[0] if kind == "author" and allowed else kind
    if kind not in allowed:
        raise Refused(400, f"'{kind}' is not a valid creator type for item type '{item_type}'")
    if extra := set(each) - {"creatorType", "name", "firstName", "lastName"}:
        raise Refused(400, f"Invalid creator property '{sorted(extra)[0]}'")
    if "name" in each:
        if "firstName" in each or "lastName" in each:
            raise Refused(400, "'firstName' and 'lastName' creator fields cannot be used with name")
        name = _short_enough(trimmed_name(each["name"]))
        return {"creatorType": kind, "name": name} if name else None
    if ("firstName" in each) != ("lastName" in each):
        missing = "firstName" if "lastName" in each else "lastName"
        raise Refused(400, f"'{missing}' creator field must be set with the other one")
    first, last = (
        _short_enough(trimmed_name(each.get(name))) for name in ("firstName", "lastName")
    )
    if not first and not last:
        return None
    return {"creatorType": kind, "firstName": first, "lastName": last}


def _short_enough(name: str) -> str:
    if len(name) > NAME_LENGTH:
        raise Refused(
            413,
            f"The creator name '{name[:50]}…' is too long to sync. Shorten it and sync again.",
            field="creator",
            value=f"{name[:50]}…",
        )
    return name


def relations(value: object) -> Data:
    """Relations of the known predicates; an array of one is the one."""
    if value in ([], {}):
        return {}
    if not isinstance(value, dict):
        raise Refused(400, "'relations' property must be an object")
    kept: Data = {}
    for predicate, target in value.items():
        if not PREDICATE.fullmatch(predicate):
            raise Refused(400, f"Unsupported predicate '{predicate}'")
        targets = target if isinstance(target, list) else [target]
        for each in targets:
            if predicate in ("dc:relation", "dc:replaces") and not URI.fullmatch(str(each)):
                raise Refused(400, f"'relations' values must be Zotero item URIs, not '{each}'")
        if targets:
            kept[predicate] = targets[0] if len(targets) == 1 else targets
    return kept


def merged_item(schema: Schema, stored: Data | None, sent: Data) -> Data:
    """The item after a write: what is absent from `sent` stays as it is.

    Raises `Refused` with 400 for a bad type, field or creator, 413 for what is too long.
    """
    item_type = sent.get("itemType", (stored or {}).get("itemType"))
    if item_type is None:
        raise Refused(400, "'itemType' property not provided")
    if item_type not in schema.fields:
        raise Refused(400, f"'{item_type}' is not a valid itemType")
    new = _retyped(schema, stored, item_type) if stored else _blank(item_type)
    _need_names(sent.get("creators"), is_new=stored is None)
    for name, value in sent.items():
        if name not in ("itemType", "key", "version"):
            _set(schema, new, name, value)
    if item_type == "attachment" and new.get("linkMode") not in LINK_MODES:
        raise Refused(400, "'linkMode' property not provided or not known")
    _stamp(stored, new, sent)
    return new


def _need_names(sent: object, *, is_new: bool) -> None:
    """A creator without a name is refused, but for the one that comes with an item's template."""
    listed = sent if isinstance(sent, list) else []
    names = ("name", "firstName", "lastName")
    blank = [
        each
        for each in listed
        if isinstance(each, dict) and not any(cleaned(each.get(name)) for name in names)
    ]
    if blank and not (is_new and len(listed) == 1):
        raise Refused(400, "creator object must contain 'firstName'/'lastName' or 'name'")


def _blank(item_type: str) -> Data:
    blank: Data = {"itemType": item_type, "creators": [], "tags": [], "collections": []}
    return blank | {"relations": {}, "dateAdded": now()}


def _retyped(schema: Schema, stored: Data, item_type: str) -> Data:
    """A copy of what is stored; with another type, base fields carry their values over."""
    old_type = stored["itemType"]
    if old_type == item_type:
        return dict(stored)
    new: Data = {}
    for name, value in stored.items():
        if name in schema.fields[old_type]:
            if carried := schema.carried(name, old_type, item_type):
                new.setdefault(carried, value)
        else:
            new[name] = value
    allowed = schema.creators[item_type]
    new["creators"] = [
        each if each["creatorType"] in allowed else {**each, "creatorType": "contributor"}
        for each in stored["creators"]
        if allowed
    ]
    return new | {"itemType": item_type}


def _set(schema: Schema, new: Data, name: str, value: object) -> None:
    item_type = new["itemType"]
    if name in SETTERS:
        new[name] = SETTERS[name](schema, item_type, value)
    elif name in NOT_FIELDS:
        _set_state(new, name, value)
    elif name in schema.fields[item_type] or name in _properties(item_type):
        text = access_date(value) if name == "accessDate" else cleaned(value)
        text = date_text(text) if name in DATES else text
        if len(text.encode()) > FIELD_LENGTH:
            raise Refused(413, f"'{name}' field value '{text[:50]}…' too long", field=name)
        new[name] = text
        if not text:
            del new[name]
    elif name in schema.all_fields:
        raise Refused(400, f"'{name}' is not a valid field for type '{item_type}'")
    else:
        raise Refused(400, f"Invalid property '{name}'")


def _properties(item_type: str) -> frozenset[str]:
    """What a type has that the schema does not list as a field."""
    return {
        "note": frozenset({"note"}),
        "attachment": ATTACHMENT_PROPERTIES | {"note"},
        "annotation": ANNOTATION_PROPERTIES,
    }.get(item_type, frozenset())


def _note(value: object) -> str:
    text = sanitised(value)
    if len(text) > NOTE_LENGTH:
        raise Refused(413, f"Note '{text[:50]}…' too long")
    return text


SETTERS: Mapping[str, Callable[[Schema, str, object], Any]] = {
    "tags": lambda schema, kind, value: tags(value),
    "creators": lambda schema, kind, value: creators(value, schema.creators[kind], kind),
    "collections": lambda schema, kind, value: list(dict.fromkeys(_listed(value, "collections"))),
    "relations": lambda schema, kind, value: relations(value),
    "note": lambda schema, kind, value: (
        _note(value) if kind in ("note", "attachment") else _refuse_note(kind)
    ),
}


def _refuse_note(kind: str) -> str:
    raise Refused(400, f"'note' property is valid only for note and attachment items, not '{kind}'")


def _set_state(new: Data, name: str, value: object) -> None:
    if name == "deleted":
        new.pop("deleted", None)
        if value:
            new["deleted"] = 1
    elif name == "parentItem":
        new.pop("parentItem", None)
        if value:
            new["parentItem"] = value
    elif name in ("dateAdded", "dateModified"):
        if text := cleaned(value):
            new[name] = access_date(text)
    elif value:
        new[name] = value


def _stamp(stored: Data | None, new: Data, sent: Data) -> None:
    """`dateModified` is what was sent, else the time of a change."""
    if not sent.get("dateModified") and new != stored:
        new["dateModified"] = now()


def merged_collection(stored: Data | None, sent: Data) -> Data:
    """A collection after a write; `name` is required, `parentCollection` is a key or false."""
    new = dict(stored or {"parentCollection": False, "relations": {}}) | {
        name: value
        for name, value in sent.items()
        if name in ("parentCollection", "relations", "name")
    }
    if unknown := set(sent) - {
        "key",
        "version",
        "name",
        "parentCollection",
        "relations",
        "deleted",
    }:
        raise Refused(400, f"Invalid property '{sorted(unknown)[0]}'")
    new["name"] = cleaned(new.get("name"))
    new["parentCollection"] = new["parentCollection"] or False
    if not new["name"]:
        raise Refused(400, "Collection name cannot be empty")
    if len(new["name"]) > NAME_LENGTH:
        raise Refused(413, f"Collection name '{new['name'][:50]}…' too long")
    new["relations"] = relations(new["relations"])
    return _with_trash(new, sent)


def merged_search(stored: Data | None, sent: Data) -> Data:
    """A saved search after a write: a name and its conditions."""
    new = dict(stored or {}) | {k: v for k, v in sent.items() if k in ("name", "conditions")}
    if not new.get("name") or not new.get("conditions"):
        raise Refused(400, "'name' and 'conditions' properties must be provided")
    return _with_trash(new, sent)


def _with_trash(new: Data, sent: Data) -> Data:
    if "deleted" in sent:
        new.pop("deleted", None)
        if sent["deleted"]:
            new["deleted"] = True
    return new
