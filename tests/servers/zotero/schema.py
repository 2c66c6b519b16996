"""Item types with their fields and creators: what the stand-in accepts, and nothing it stores.

The facts come from Zotero's own `schema.json` where shared data is at hand, else from the tables
that citeworks keeps of it. A test can add a type or a field, as a newer server would.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from citeworks.zotero_json.tables import (
    ITEM_CREATORS,
    ITEM_FIELDS,
    VARIABLE_OF_DATE_FIELD,
    VARIABLE_OF_FIELD,
)

SHARED = Path(__file__).parents[4] / "shared"
ATTACHMENT_FIELDS = ("title", "accessDate", "url")
ANNOTATION_PROPERTIES = frozenset(
    "annotationType annotationText annotationComment annotationColor annotationPageLabel "
    "annotationSortIndex annotationPosition annotationAuthorName".split()
)
ATTACHMENT_PROPERTIES = frozenset("linkMode contentType charset filename path md5 mtime".split())


@dataclass
class Schema:
    """`fields` of each item type with their base field ("" if none), and its creator types."""

    fields: dict[str, dict[str, str]]
    creators: dict[str, tuple[str, ...]]
    document: dict[str, Any] = field(default_factory=dict)

    @property
    def all_fields(self) -> set[str]:
        """Every field that some type has."""
        return {name for fields in self.fields.values() for name in fields}

    def served(self) -> tuple[bytes, str]:
        """The body and the entity tag of `GET /schema`."""
        body = json.dumps(self.document).encode()
        return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def add_field(self, item_type: str, name: str, base: str = "") -> None:
        """Let a type have one more field (and be a new type, if it is unknown)."""
        self.fields.setdefault(item_type, {})[name] = base
        self.creators.setdefault(item_type, ("author", "contributor"))
        self.document = _document(self.fields, self.creators, self.document["version"] + 1)

    def carried(self, name: str, old_type: str, new_type: str) -> str:
        """The field of the new type that takes over a value of the old one; "" if none does."""
        if name in self.fields[new_type]:
            return name
        base = self.fields[old_type].get(name) or name
        named = [each for each, of in self.fields[new_type].items() if base in (each, of)]
        return named[0] if named else ""


def load_schema() -> Schema:
    """The schema of the shared data, or the one of citeworks' tables where there is none."""
    path = Path(os.environ.get("CITEWORKS_DATA", SHARED)) / "zotero/schema.json"
    if path.is_file():
        return _of_document(json.loads(path.read_text(encoding="utf-8")))
    fields = {name: _with_bases(sorted(words)) for name, words in ITEM_FIELDS.items()}
    fields |= {
        "note": {},
        "annotation": {},
        "attachment": dict.fromkeys(ATTACHMENT_FIELDS, ""),
    }
    creators = {name: ITEM_CREATORS.get(name, ()) for name in fields}
    return Schema(fields, creators, _document(fields, creators, 41))


def _of_document(document: dict[str, Any]) -> Schema:
    fields, creators = {}, {}
    for each in document["itemTypes"]:
        name = each["itemType"]
        fields[name] = {one["field"]: one.get("baseField", "") for one in each["fields"]}
        creators[name] = tuple(one["creatorType"] for one in each["creatorTypes"])
    return Schema(fields, creators, document | {"locales": {}})


def _with_bases(names: list[str]) -> dict[str, str]:
    words = {**VARIABLE_OF_FIELD, **VARIABLE_OF_DATE_FIELD}
    bases = {
        "title": "title",
        "container-title": "publicationTitle",
        "volume": "volume",
        "page": "pages",
        "number": "number",
        "publisher": "publisher",
        "authority": "authority",
        "genre": "type",
        "medium": "medium",
        "issued": "date",
        "status": "status",
    }
    found = {name: bases.get(words.get(name, ""), "") for name in names}
    return {name: "" if base == name else base for name, base in found.items()}


def _document(
    fields: dict[str, dict[str, str]], creators: dict[str, tuple[str, ...]], version: int
) -> dict[str, Any]:
    return {
        "version": version,
        "itemTypes": [
            {
                "itemType": name,
                "fields": [
                    {"field": each} | ({"baseField": base} if base else {})
                    for each, base in fields[name].items()
                ],
                "creatorTypes": [
                    {"creatorType": each} | ({} if place else {"primary": True})
                    for place, each in enumerate(creators[name])
                ],
            }
            for name in sorted(fields)
        ],
        "meta": {"fields": {"date": {"type": "date"}, "filingDate": {"type": "date"}}},
        "csl": {"types": {}, "fields": {"text": {}, "date": {}}, "names": {}},
        "locales": {},
    }
