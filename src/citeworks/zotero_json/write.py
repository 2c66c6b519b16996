"""One record as a Zotero item: every field and creator is one that the item type has.

What the type has no field for goes to Extra, one ``Label: value`` line each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import cycle
from typing import Any

from citeworks.model import Date, Name, Record
from citeworks.model.variables import NAME_VARIABLES
from citeworks.zotero_json.dates import format_date
from citeworks.zotero_json.read import split_family
from citeworks.zotero_json.tables import (
    CREATORS,
    DATE_FIELDS,
    FIELDS,
    ITEM_CREATORS,
    ITEM_FIELDS,
    ITEM_TYPES,
    NEAREST_ITEM_TYPES,
)

_OF_CSL = {csl: item for item, csl in reversed(ITEM_TYPES.items())}
_NO_FIELD = frozenset(("keyword", "note", "citation-key"))


def format_item(record: Record) -> dict[str, Any]:
    """The item's data; keys that came from Zotero and mean nothing to CSL are put back."""
    kept = record.custom.get("zotero")
    kept = kept if isinstance(kept, Mapping) else {}
    item_type = item_type_for(record.type, str(kept.get("itemType", "")))
    item: dict[str, Any] = {"itemType": item_type}
    extra = _extra_lines(record, item_type)
    for variable in record.variables:
        if variable in _NO_FIELD or variable in NAME_VARIABLES:
            continue
        text = _text(record, variable)
        name = field_of(variable, item_type)
        if name and name not in item:
            item[name] = text
        else:
            extra.append(f"{label_of(variable)}: {text}")
    item["creators"] = _creators(record, item_type, kept.get("creators") or {}, extra)
    item["tags"] = _tags(record, kept)
    note = record.text("note")
    item["extra"] = "\n".join([*extra, *([note] if note else [])])
    if record.key:
        item["citationKey"] = record.key
    for name, value in (kept.get("fields") or {}).items():
        item.setdefault(name, value)
    return item


def item_type_for(csl_type: str, original: str = "") -> str:
    """The Zotero type for a CSL type: the one it came with, if that still fits."""
    if ITEM_TYPES.get(original) == csl_type:
        return original
    return _OF_CSL.get(csl_type) or NEAREST_ITEM_TYPES.get(csl_type, "document")


@cache
def field_of(variable: str, item_type: str) -> str:
    """The field of that item type for a variable, ``""`` if it has none."""
    allowed = ITEM_FIELDS.get(item_type, frozenset())
    names = FIELDS.get(variable) or DATE_FIELDS.get(variable) or ""
    return next((name for name in names.split() if name in allowed), "")


def _text(record: Record, variable: str) -> str:
    value = record.variables[variable]
    return format_date(value) if isinstance(value, Date) else record.text(variable)


def label_of(variable: str) -> str:
    """How a line of Extra that states the variable begins."""
    if variable != variable.lower():
        return variable
    return variable.replace("-", " ").replace("_", " ").title()


def _extra_lines(record: Record, item_type: str) -> list[str]:
    lines = []
    if ITEM_TYPES.get(item_type) != record.type:
        lines.append(f"Type: {record.type}")
    if record.custom.get("arxiv"):
        classes = record.custom.get("arxiv-class")
        lines.append(f"arXiv: {record.custom['arxiv']}" + (f" [{classes}]" if classes else ""))
    kept = record.custom.get("bibtex")
    unknown = kept.get("fields") if isinstance(kept, Mapping) else None
    return lines + [f"tex.{name}: {value}" for name, value in (unknown or {}).items()]


def _creators(
    record: Record, item_type: str, kept: Mapping[str, Any], extra: list[str]
) -> list[dict[str, str]]:
    allowed = ITEM_CREATORS.get(item_type, ())
    found: list[dict[str, str]] = []
    for variable in record.variables:
        if variable not in NAME_VARIABLES:
            continue
        names = record.names(variable)
        known = kept.get(variable, "")
        kinds = known if isinstance(known, list) and len(known) == len(names) else [known]
        usual = [name for name in CREATORS.get(variable, "").split() if name in allowed]
        for name, told in zip(names, cycle(kinds)):
            kind = told if told in allowed else next(iter(usual), "")
            if kind:
                found.append({"creatorType": kind, **name_fields(name)})
            else:
                extra.append(f"{label_of(variable)}: {extra_name(name)}")
    return found


def name_fields(name: Name) -> dict[str, str]:
    """The name as a creator: two fields for a person, one for what is no person's name.

    A family name that would be read as particle and name is put in quotes, as for citeproc-js.
    """
    if name.literal:
        return {"name": name.literal}
    last = " ".join(part for part in (name.non_dropping_particle, name.family) if part)
    given = " ".join(part for part in (name.given, name.dropping_particle) if part)
    first = (",! " if name.comma_suffix else ", ").join(
        part for part in (given, name.suffix) if part
    )
    if name.dropping_particle and not name.given:
        return {"lastName": f"{given} {last}", "firstName": name.suffix}
    read_back = split_family(last, has_given=bool(first))
    if last == name.family and read_back != ("", " ".join(last.split())):
        last = f'"{last}"'
    return {"lastName": last, "firstName": first}


def extra_name(name: Name) -> str:
    """The name as a line of Extra states it: ``family || given``."""
    fields = name_fields(name)
    return fields.get("name") or f"{fields['lastName']} || {fields['firstName']}"


def _tags(record: Record, kept: Mapping[str, Any]) -> list[Any]:
    """The tags that came from Zotero while the keywords say the same, else the keywords."""
    tags = list(kept.get("tags") or ())
    words = [str(tag.get("tag") if isinstance(tag, Mapping) else tag) for tag in tags]
    keyword = record.text("keyword")
    if ", ".join(words) == keyword:
        return tags
    return [{"tag": word.strip()} for word in keyword.split(",") if word.strip()]
