"""Records beside items: what an item says to the library, and what a record's edit does to it.

The library's side is a *snapshot*: a flat JSON mapping of CSL variables, ``id``, ``type``,
``custom.tags``, ``custom.collections`` and ``custom.arxiv``. An item is never rebuilt from one; the
names in which two snapshots differ are patched into it, field by field, and the rest of it is not
touched. `note` is the Extra field verbatim; a variable that has no field is edited there if a line
states it already, and is otherwise kept by the library alone (`citeworks.sync.losses`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from citeworks import csl_json
from citeworks.model import Date, Name, Provenance, Record
from citeworks.model.identifier import parse_arxiv
from citeworks.model.variables import DATE_VARIABLES, NAME_VARIABLES, TYPES
from citeworks.sync.interface import Json
from citeworks.sync.merge import replace_creators, role_of
from citeworks.sync.normal import is_blank, normal_text, tags_of
from citeworks.sync.paths import Paths, clean_path
from citeworks.zotero_json import parse_item
from citeworks.zotero_json.dates import format_date
from citeworks.zotero_json.extra import edit_lines, has_line, parse_extra
from citeworks.zotero_json.read import creator_variable, parse_creator
from citeworks.zotero_json.tables import (
    CREATORS,
    DATE_FIELDS,
    FIELDS,
    ITEM_CREATORS,
    ITEM_FIELDS,
    ITEM_TYPES,
    VARIABLE_OF_DATE_FIELD,
    VARIABLE_OF_FIELD,
)
from citeworks.zotero_json.write import extra_name, field_of, item_type_for, name_fields

Snapshot = Mapping[str, Any]
TAGS, COLLECTIONS, ARXIV = "custom.tags", "custom.collections", "custom.arxiv"
SOURCE = "zotero"
"""The provenance of values that came from the group."""

OTHERS = "others"
"""The last creator of a list that was cut short with *et al.*, as BibTeX and Zotero users write."""

_CUT_SHORT = frozenset(("others", "et al.", "et al"))
_NOT_RECORDS = frozenset(("attachment", "note", "annotation"))
_FIRST = ("type", "note")
_UNMAPPED = frozenset(("citation-key",))
_FIELDS_OF = {variable: names.split() for variable, names in {**DATE_FIELDS, **FIELDS}.items()}
"""The fields of any item type that state a variable."""


def is_record(item: Json) -> bool:
    """True for items that have a record; notes, attachments and annotations have none."""
    return item.get("itemType") not in _NOT_RECORDS and not item.get("parentItem")


def citation_key_of(item: Json) -> str:
    """The native citation key, else the one in the legacy line of Extra, else ``""``."""
    native = normal_text(item.get("citationKey"))
    if native or not item.get("extra"):
        return native
    return parse_extra(str(item["extra"])).variables.get("citation-key", "")


def record_of(item: Json, paths: Paths) -> Record:
    """The record that an item says; its key is empty where the item has none."""
    parsed = parse_item(item)
    variables = {
        name: value for name, value in parsed.variables.items() if name not in ("keyword", "note")
    }
    custom = {
        name: parsed.custom[name] for name in ("arxiv", "arxiv-class") if name in parsed.custom
    }
    if "arxiv" in custom and parse_arxiv(str(variables.get("number"))) == custom["arxiv"]:
        del variables["number"]  # the archive id of a preprint is that number, and no other
    if item.get("extra"):
        variables["note"] = str(item["extra"])
    cut = [name for name in variables if _is_cut(variables[name])]
    for name in cut:
        variables[name] = variables[name][:-1]  # type: ignore[index]
    custom |= {"et-al": cut} if cut else {}
    tags = list(tags_of(item))
    custom |= {"tags": tags} if tags else {}
    collections = paths.of(item.get("collections") or ())
    custom |= {"collections": collections} if collections else {}
    origin = Provenance(SOURCE, str(item.get("key") or ""))
    return Record(
        citation_key_of(item), parsed.type, variables, dict.fromkeys(variables, origin), custom
    )


def _is_cut(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) > 1 and value[-1].literal.lower() in _CUT_SHORT


def snapshot(record: Record) -> dict[str, Any]:
    """What of a record is compared with its earlier self and with the group."""
    taken = csl_json.item_from_record(Record(record.key, record.type, record.variables))
    for name in NAME_VARIABLES & taken.keys():
        if record.is_truncated(name):
            taken[name] = [*taken[name], {"literal": OTHERS}]
    for name in ("tags", "collections"):
        words = record.custom.get(name)
        if isinstance(words, list) and words:
            taken[f"custom.{name}"] = [str(word) for word in words]
    arxiv, classes = record.custom.get("arxiv"), record.custom.get("arxiv-class")
    if arxiv:
        taken[ARXIV] = f"{arxiv} [{classes}]" if classes else str(arxiv)
    return taken


def said(item: Json, paths: Paths) -> dict[str, Any]:
    """What an item says, as a snapshot."""
    return snapshot(record_of(item, paths))


def changed_names(old: Snapshot, new: Snapshot) -> list[str]:
    """The names in which two snapshots differ."""
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def patch(item: Json, old: Snapshot, new: Snapshot, paths: Paths) -> dict[str, Any]:
    """The item after a record changed from one snapshot to another."""
    edited = dict(item)
    names = changed_names(old, new)
    for name in sorted(names, key=lambda name: (name not in _FIRST, name != "type")):
        if name in _UNMAPPED:
            continue
        if name in ("keyword", TAGS):
            continue
        _editor(name)(edited, name, old.get(name), new.get(name), paths)
    if "type" in names:
        _state_type(edited, str(new.get("type") or "document"))
    if "keyword" in names or TAGS in names:
        _edit_tags(edited, old, new)
    return edited


Editor = Callable[[dict[str, Any], str, Any, Any, Paths], None]


def _editor(name: str) -> Editor:
    if name in _EDITORS:
        return _EDITORS[name]
    return _edit_names if name in NAME_VARIABLES else _edit_text


def _edit_key(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    if "citationKey" in item or "citationKey" in ITEM_FIELDS.get(item["itemType"], ()):
        item["citationKey"] = new
    if has_line(str(item.get("extra") or ""), "citation-key"):
        item["extra"] = edit_lines(str(item["extra"]), "citation-key", [new])


def _edit_type(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    target = item_type_for(str(new or "document"), str(item.get("itemType") or ""))
    edited = retype(item, target)
    item.clear()
    item.update(edited)


def _state_type(item: dict[str, Any], csl_type: str) -> None:
    """A line of Extra names the type that Zotero does not have; another type has no such line."""
    extra = str(item.get("extra") or "")
    stated = parse_extra(extra).variables.get("type", "") if extra else ""
    if ITEM_TYPES.get(item["itemType"]) != csl_type:
        item["extra"] = edit_lines(extra, "type", [csl_type], label="Type")
    elif stated in TYPES:
        item["extra"] = edit_lines(extra, "type", [])


def _edit_note(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    item["extra"] = new or ""


def _edit_collections(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    before, after = ({clean_path(path) for path in part or ()} for part in (old, new))
    gone = before - after
    keys = [key for key in item.get("collections") or () if paths.names.get(key) not in gone]
    keys += [paths.key_of(path) for path in sorted(after - before) if path]
    item["collections"] = list(dict.fromkeys(keys))


def _edit_tags(item: dict[str, Any], old: Snapshot, new: Snapshot) -> None:
    tags = tags_of(item)
    for read in (_tags_in, _keywords_in):
        before, after = read(old), read(new)
        for word in before - after:
            tags.pop(word, None)
        for word in sorted(after - before):
            tags.setdefault(word, {"tag": word})
    item["tags"] = [dict(tags[word]) for word in sorted(tags)]


def _tags_in(taken: Snapshot) -> set[str]:
    return {normal_text(tag) for tag in taken.get(TAGS) or ()} - {""}


def _keywords_in(taken: Snapshot) -> set[str]:
    return {word.strip() for word in str(taken.get("keyword") or "").split(",")} - {""}


def _edit_arxiv(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    extra = str(item.get("extra") or "")
    if "archiveID" in ITEM_FIELDS.get(item["itemType"], ()):
        number, _, classes = str(new or "").partition(" ")
        if normal_text(item.get("archiveID")) in ("", f"arXiv:{str(old).split(' ')[0]}"):
            item["archiveID"] = f"arXiv:{number}" if number else ""
        is_said = not number or parse_item(item).custom.get("arxiv") == number
        if is_said and not classes and not has_line(extra, "arxiv"):
            return
    item["extra"] = edit_lines(extra, "arxiv", [str(new)] if new else [], label="arXiv")


def _edit_text(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    text = _field_text(name, new)
    place = field_in(item, name)
    extra = str(item.get("extra") or "")
    if old and has_line(extra, name) and (not text or not item.get(place)):
        item["extra"] = edit_lines(extra, name, [text] if text else [])
        if text:
            return
    if place and (text or item.get(place)):
        item[place] = text


def _field_text(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name not in DATE_VARIABLES:
        return str(value)
    date = csl_json.load_date(value) or Date()
    if name == "accessed" and (
        len(date.start) != 3 or date.end is not None or not 1 <= date.start[0] <= 9999
    ):
        return ""
    return format_date(date)


def field_in(item: Json, variable: str) -> str:
    """The field of this item that states the variable, or would; ``""`` if there is none."""
    named = [name for name in _FIELDS_OF.get(variable, ()) if name in item]
    if not named:
        return field_of(variable, str(item.get("itemType")))
    if len(named) > 1:
        named.sort(key=list(item).index)
    filled = next((name for name in named if item[name]), "")
    return filled or field_of(variable, str(item.get("itemType"))) or named[0]


def _edit_names(item: dict[str, Any], name: str, old: Any, new: Any, paths: Paths) -> None:
    names = [
        found
        for each in new or ()
        if (found := csl_json.load_name(each)) is not None and not is_blank(name_fields(found))
    ]
    creators = list(item.get("creators") or ())
    item_type = str(item.get("itemType"))

    def is_meant(creator: Json) -> bool:
        return creator_variable(role_of(creator), item_type) == name

    present = [creator for creator in creators if is_meant(creator)]
    role = role_of(present[0]) if present else role_for(name, item_type)
    extra = str(item.get("extra") or "")
    if old and not present and has_line(extra, name):
        item["extra"] = edit_lines(extra, name, [extra_name(each) for each in names])
    elif role:
        written = _creators(names, present, role)
        item["creators"] = replace_creators(creators, is_meant, written)


def role_for(variable: str, item_type: str) -> str:
    """The creator type of that item type for a name variable, ``""`` if it has none."""
    allowed = ITEM_CREATORS.get(item_type, ())
    return next((role for role in CREATORS.get(variable, "").split() if role in allowed), "")


def _creators(names: list[Name], present: list[Json], role: str) -> list[Json]:
    """Creators for the names; one whose name is there already stays as it is."""
    waiting = list(present)
    written: list[Json] = []
    for index, name in enumerate(names):
        same = next((each for each in waiting if parse_creator(each) == name), None)
        if same is not None:
            waiting.remove(same)
            written.append(same)
            continue
        kind = role_of(present[index]) if index < len(present) else role
        written.append({"creatorType": kind, **name_fields(name)})
    return written


_EDITORS: dict[str, Editor] = {
    "id": _edit_key,
    "type": _edit_type,
    "note": _edit_note,
    COLLECTIONS: _edit_collections,
    ARXIV: _edit_arxiv,
}


def retype(item: Json, item_type: str) -> dict[str, Any]:
    """The item as another type: values move to the fields and creator types that it has.

    A value that the new type has no field for goes away, as it does on the server.
    """
    old = str(item.get("itemType") or "")
    allowed = ITEM_FIELDS.get(item_type)
    if old == item_type or allowed is None:
        return {**item, "itemType": item_type}
    moved: dict[str, Any] = {}
    for name, value in item.items():
        variable = VARIABLE_OF_FIELD.get(name) or VARIABLE_OF_DATE_FIELD.get(name)
        if name in allowed or variable is None:
            moved[name] = value
        elif value and (place := field_of(variable, item_type)):
            moved[place] = moved.get(place) or value
    moved["itemType"] = item_type
    if item.get("creators"):
        moved["creators"] = [_recast(each, old, item_type) for each in item["creators"]]
    return moved


def _recast(creator: Json, old: str, new: str) -> Json:
    allowed = ITEM_CREATORS.get(new, ())
    if role_of(creator) in allowed:
        return creator
    role = role_for(creator_variable(role_of(creator), old), new)
    return {**creator, "creatorType": role or "contributor"}


def updated(record: Record, old: Snapshot, new: Snapshot, origin: Provenance) -> Record:
    """The record after what the item says changed from one snapshot to another."""
    names = [name for name in changed_names(old, new) if not name.startswith("custom.")]
    plain = {name: value for name, value in new.items() if not name.startswith("custom.")}
    fresh = csl_json.record_from_item({**plain, "id": new.get("id") or record.key})
    variables, provenance = dict(record.variables), dict(record.provenance)
    custom = dict(record.custom)
    for name in names:
        if name in ("id", "type"):
            continue
        variables.pop(name, None)
        provenance.pop(name, None)
        if name in fresh.variables:
            variables[name], provenance[name] = fresh.variables[name], origin
        if name in NAME_VARIABLES:
            _mark_cut(custom, variables, name)
    key = str(new["id"]) if "id" in names and new.get("id") else record.key
    kind = str(new["type"]) if "type" in names else record.type
    _update_custom(custom, variables, provenance, old, new)
    return replace(
        record, key=key, type=kind, variables=variables, provenance=provenance, custom=custom
    )


def _mark_cut(custom: dict[str, Any], variables: dict[str, Any], name: str) -> None:
    """Keep ``et-al`` true for a name list that was replaced."""
    cut = [each for each in custom.pop("et-al", ()) if each != name]
    if _is_cut(variables.get(name)):
        variables[name] = variables[name][:-1]
        cut.append(name)
    if cut:
        custom["et-al"] = sorted(cut)


def _update_custom(
    custom: dict[str, Any],
    variables: dict[str, Any],
    provenance: dict[str, Any],
    old: Snapshot,
    new: Snapshot,
) -> None:
    before, after = _tags_in(old), _tags_in(new)
    if before != after:
        kept = [tag for tag in custom.get("tags") or () if tag not in before - after]
        _set(custom, "tags", [*kept, *sorted(after - set(kept))])
        if "keyword" in variables:
            words = [word for word in _keywords(variables) if word not in before - after]
            words += sorted(after - before - set(words))
            _set(variables, "keyword", ", ".join(words))
            if not words:
                provenance.pop("keyword", None)
    if old.get(COLLECTIONS) != new.get(COLLECTIONS):
        _set(custom, "collections", list(new.get(COLLECTIONS) or ()))
    if old.get(ARXIV) != new.get(ARXIV):
        arxiv, _, classes = str(new.get(ARXIV) or "").partition(" ")
        _set(custom, "arxiv", arxiv)
        _set(custom, "arxiv-class", classes.strip("[]"))


def _keywords(variables: Mapping[str, Any]) -> list[str]:
    words = str(variables.get("keyword") or "").split(",")
    return [word.strip() for word in words if word.strip()]


def _set(target: dict[str, Any], name: str, value: Any) -> None:
    if value:
        target[name] = value
    else:
        target.pop(name, None)
