"""Which objects a GET selects, in which order, on which page and in which form.

Pure over a `Library` and the query of a request; the headers of paging are made here too.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from .library import KEY, KINDS, Library, Stored
from .values import Refused

DEFAULT_LIMIT, MAX_LIMIT, KEYS_LIMIT = 25, 100, 100
KEY_PARAMETERS = {"items": "itemKey", "collections": "collectionKey", "searches": "searchKey"}
VERSIONS_LIMIT = sys.maxsize
"""Versions and keys come in one page; a test may lower this to see a client turn pages."""

Query = Mapping[str, Sequence[str]]
Found = list[tuple[str, Stored]]


@dataclass
class Page:
    """One page of an answer: the JSON, and the headers that go with it."""

    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def one(query: Query, name: str, default: str = "") -> str:
    """The last value of a parameter."""
    return query[name][-1] if query.get(name) else default


def number(query: Query, name: str, default: int) -> int:
    """A parameter that is a number; 400 if it is not one."""
    text = one(query, name)
    if not text:
        return default
    if not text.isdigit():
        raise Refused(400, f"Invalid value '{text}' for parameter '{name}'")
    return int(text)


def select(library: Library, kind: str, query: Query, scope: str = "") -> Found:
    """The objects that a query asks for; `scope` is "top", "trash", or "in:<collection key>"."""
    trashed = scope == "trash" or one(query, "includeTrashed") == "1"
    since, keys = number(query, "since", 0), one(query, KEY_PARAMETERS[kind])
    wanted = set(keys.strip(",").split(",")) if keys else None
    if any(not KEY.fullmatch(key) for key in wanted or ()):
        raise Refused(400, f"Invalid '{KEY_PARAMETERS[kind]}' value '{keys}'")
    found = [
        (key, stored)
        for key, stored in library.objects[kind].items()
        if (wanted is None or key in wanted)
        and (not since or stored.version > since)
        and (trashed or not stored.data.get("deleted"))
        and _in_scope(stored, scope)
        and (kind != "items" or _matches(stored, query))
    ]
    return _ordered(found, query)


def _in_scope(stored: Stored, scope: str) -> bool:
    name, _, key = scope.partition(":")
    if name == "trash":
        return bool(stored.data.get("deleted"))
    if name == "top":
        return not (stored.data.get("parentItem") or stored.data.get("parentCollection"))
    if name == "in":
        return key in stored.data["collections"]
    if name == "below":
        return key in (stored.data.get("parentCollection"), stored.data.get("parentItem"))
    return True


def _matches(stored: Stored, query: Query) -> bool:
    data = stored.data
    tags = {each["tag"] for each in data["tags"]}
    return (
        all(_either(each, tags) for each in query.get("tag", ()))
        and all(_either(each, {data["itemType"]}) for each in query.get("itemType", ()))
        and (not one(query, "q") or one(query, "q").lower() in _searched(stored, query))
    )


def _either(wanted: str, has: set[str]) -> bool:
    """`a || b` is either, `-a` is not; as for tags and item types."""
    words = [each.strip() for each in wanted.split("||")]
    return any((each[1:] not in has) if each.startswith("-") else each in has for each in words)


def _searched(stored: Stored, query: Query) -> str:
    """The text that a quick search looks at: title, creators and year, or every field."""
    data = stored.data
    names = [text for each in data["creators"] for text in list(each.values())[1:]]
    texts = [data.get("title", ""), *names, data.get("date", "")[:4]]
    if one(query, "qmode") == "everything":
        texts += [str(text) for name, text in data.items() if name != "citationKey"]
    return " ".join(texts).lower()


def _ordered(found: Found, query: Query) -> Found:
    """Last changed first, as the server does where nothing is said."""
    sort = one(query, "sort", "dateModified")
    backwards = one(query, "direction", "desc" if sort.startswith("date") else "asc") == "desc"
    return sorted(
        found,
        key=lambda each: (str(each[1].data.get(sort, "")), each[1].version, each[0]),
        reverse=backwards,
    )


def page(library: Library, kind: str, found: Found, query: Query, path: str) -> Page:
    """The page of the objects that `limit`, `start` and `format` ask for."""
    form, keys = one(query, "format", "json"), one(query, KEY_PARAMETERS[kind])
    limited = form in ("json", "csljson", "bib") and not library.local
    default = KEYS_LIMIT if keys else DEFAULT_LIMIT
    limit = number(query, "limit", default if limited else len(found) or 1)
    limit = min(limit, MAX_LIMIT if limited else VERSIONS_LIMIT)
    start = number(query, "start", 0)
    shown = found[start : start + limit]
    headers = {
        "Total-Results": str(len(found)),
        "Link": links(query, path, len(found), limit, start),
    }
    if form == "versions":
        return Page({key: stored.version for key, stored in shown}, headers)
    if form == "keys":
        return Page("".join(f"{key}\n" for key, _ in shown), headers)
    if form != "json":
        raise Refused(400, f"Invalid 'format' value '{form}'")
    return Page([entry(library, kind, key) for key, _ in shown], headers)


def links(query: Query, path: str, total: int, limit: int, start: int) -> str:
    """The `Link` header: first, prev, next and last where there are any, and alternate."""
    last = (max(total - 1, 0) // limit) * limit if limit else 0
    places = {
        "first": 0 if start else None,
        "prev": max(start - limit, 0) if start else None,
        "next": start + limit if start + limit < total else None,
        "last": last if start + limit < total else None,
    }
    base = {name: values[-1] for name, values in query.items() if name not in ("start", "key")}
    parts = [
        f'<{path}?{urlencode(base | ({"start": str(place)} if place else {}))}>; rel="{rel}"'
        for rel, place in places.items()
        if place is not None
    ]
    return ", ".join([*parts, '<https://www.zotero.org/>; rel="alternate"'])


def entry(library: Library, kind: str, key: str) -> dict[str, Any]:
    """One object as JSON: key, version, library, links, meta and data."""
    data = library.data(kind, key)
    scope, _, library_id = library.path.strip("/").partition("/")
    meta: dict[str, Any] = {}
    if kind == "items" and not data.get("parentItem"):
        meta["numChildren"] = len(library.children(key))
    if kind == "collections":
        meta["numItems"] = len(select(library, "items", {}, f"in:{key}"))
        meta["numCollections"] = len(select(library, "collections", {}, f"below:{key}"))
    return {
        "key": key,
        "version": data["version"],
        "library": {"type": scope.removesuffix("s"), "id": int(library_id or 0), "links": {}},
        "links": {},
        "meta": meta,
        "data": data,
    }


def report_json(library: Library, kind: str, report: Any) -> dict[str, Any]:
    """The answer to a multi-write: the whole objects, the keys, the unchanged and the failed."""
    assert kind in KINDS
    return {
        "successful": {
            place: entry(library, kind, key) for place, key in report.successful.items()
        },
        "success": report.successful,
        "unchanged": report.unchanged,
        "failed": report.failed,
    }
