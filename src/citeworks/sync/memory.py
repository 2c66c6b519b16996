"""A Zotero library in memory, for tests: what `interface.Storage` says, and nothing of HTTP.

Keeps the server's traps: each written object gets a version of its own, deleting a collection takes
those below it along unsaid and strips the items without a new version, values are normalized, a
write that changes nothing still moves the library. `before` and `after` are called around each
request with its name; what they raise happens at that moment, as a broken connection would.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from citeworks.errors import NotFound, PermissionRefused, RequestTooLarge, VersionMismatch
from citeworks.sync.interface import (
    Access,
    Deleted,
    Fetched,
    Json,
    Kind,
    LibraryId,
    Listing,
    Outcome,
    Result,
    Schema,
    WriteReport,
)
from citeworks.sync.normal import changed_fields, normal_creators, normal_field, tags_of
from citeworks.sync.paths import below
from citeworks.zotero_json.tables import ITEM_CREATORS, ITEM_FIELDS, SCHEMA_VERSION

Hook = Callable[[str], None]
LONGEST = 65_535
_WHOLE = frozenset("tags collections creators relations".split())


def _nothing(name: str) -> None:
    return None


class MemoryStorage:
    """One library; `objects_of` and `put` look at it and change it as another client would."""

    def __init__(
        self,
        library: LibraryId | None = None,
        *,
        server: str = "memory",
        lists_deleted: bool = True,
        versions_edits: bool = True,
        batch_size: int = 50,
        may_write: bool = True,
    ) -> None:
        self._library = library or LibraryId("groups", 1)
        self._server, self._lists_deleted, self._batch = server, lists_deleted, batch_size
        self._versions_edits = versions_edits
        self.may_write = may_write
        self.version = 0
        self.largest = batch_size
        """The most objects that one write may have before it is too large."""
        self.stored: dict[Kind, dict[str, dict[str, Any]]] = {kind: {} for kind in Kind}
        self.gone: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        self.count: Counter[str] = Counter()
        self.before: Hook = _nothing
        self.after: Hook = _nothing

    @property
    def library(self) -> LibraryId:
        """See `Storage`."""
        return self._library

    @property
    def server(self) -> str:
        """See `Storage`."""
        return self._server

    @property
    def batch_size(self) -> int:
        """See `Storage`."""
        return self._batch

    @property
    def lists_deleted(self) -> bool:
        """See `Storage`."""
        return self._lists_deleted

    @property
    def versions_edits(self) -> bool:
        """See `Storage`."""
        return self._versions_edits

    @property
    def is_concurrent(self) -> bool:
        """See `Storage`."""
        return False

    @property
    def requests(self) -> Mapping[str, int]:
        """See `Storage`."""
        return dict(self.count)

    def access(self) -> Access:
        """See `Storage`."""
        self._request("access")
        reason = "" if self.may_write else "the key may only read"
        return Access(True, self.may_write, user="tester", reason=reason)

    @property
    def schema_version(self) -> int:
        """See `Storage`."""
        return SCHEMA_VERSION

    def schema(self, tag: str = "") -> Schema:
        """See `Storage`."""
        self._request("schema")
        kinds = [
            {
                "itemType": name,
                "fields": [{"field": each} for each in sorted(fields)],
                "creatorTypes": [{"creatorType": each} for each in ITEM_CREATORS.get(name, ())],
            }
            for name, fields in ITEM_FIELDS.items()
        ]
        return Schema({"version": SCHEMA_VERSION, "itemTypes": kinds})

    def is_unmodified(self, since: int) -> bool:
        """See `Storage`."""
        self._request("is_unmodified")
        return since == self.version

    def listing(self, kind: Kind, since: int = 0) -> Listing:
        """See `Storage`."""
        self._request("listing")
        found = {
            key: data["version"]
            for key, data in self.stored[kind].items()
            if data["version"] > since
        }
        listing = Listing(self.version, found, is_complete=since == 0)
        self.after("listing")
        return listing

    def objects(self, kind: Kind, keys: Collection[str]) -> Fetched:
        """See `Storage`."""
        self._request("objects")
        stored = self.stored[kind]
        found = {key: copy.deepcopy(stored[key]) for key in keys if key in stored}
        return Fetched(self.version, found)

    def deleted(self, since: int) -> Deleted:
        """See `Storage`."""
        self._request("deleted")
        if not self._lists_deleted:
            raise NotFound("deletions are not listed here", source=self._server)
        items, collections = (
            frozenset(key for key, version in self.gone[kind].items() if version > since)
            for kind in (Kind.ITEM, Kind.COLLECTION)
        )
        return Deleted(self.version, items, collections)

    def write(
        self, kind: Kind, objects: Sequence[Json], *, library_version: int | None = None
    ) -> WriteReport:
        """See `Storage`."""
        self._request("write")
        if not self.may_write:
            raise PermissionRefused("write access denied")
        self._check_version(library_version)
        if len(objects) > min(self._batch, self.largest):
            raise RequestTooLarge("too many objects at a time")
        outcomes = tuple(self._write_one(kind, dict(data)) for data in objects)
        report = WriteReport(self.version, outcomes)
        self.after("write")
        return report

    def delete(self, kind: Kind, keys: Sequence[str], *, library_version: int) -> int:
        """See `Storage`."""
        self._request("delete")
        if not self.may_write:
            raise PermissionRefused("write access denied")
        self._check_version(library_version)
        self.remove(kind, keys)
        return self.version

    # --- what another client does ---

    def objects_of(self, kind: Kind = Kind.ITEM) -> dict[str, Json]:
        """The data of all objects."""
        return copy.deepcopy(dict(self.stored[kind]))

    def put(self, kind: Kind, key: str, **data: Any) -> None:
        """Create or change an object, with no question asked."""
        old = self.stored[kind].get(key, {"key": key})
        self._store(kind, key, {**old, **data})

    def remove(self, kind: Kind, keys: Collection[str]) -> None:
        """Delete for good, as the server does: sub-collections and memberships go unsaid."""
        self.version += 1
        for key in keys:
            if self.stored[kind].pop(key, None) is not None:
                self.gone[kind][key] = self.version
        if kind is Kind.COLLECTION:
            lost = below(self.stored[kind], keys)
            for key in lost:
                self.stored[kind].pop(key, None)
            for item in self.stored[Kind.ITEM].values():
                members = item.get("collections") or []
                item["collections"] = [key for key in members if key not in lost]
            return
        children = [
            key for key, item in self.stored[kind].items() if item.get("parentItem") in keys
        ]
        if children:
            self.remove(kind, children)

    def restore(self, version: int) -> None:
        """Set the library back to an older version, as a restored server does."""
        self.version = version

    # --- inside ---

    def _request(self, name: str) -> None:
        self.count["POST" if name == "write" else "DELETE" if name == "delete" else "GET"] += 1
        self.before(name)

    def _check_version(self, library_version: int | None) -> None:
        if library_version is not None and library_version < self.version:
            raise VersionMismatch("the library has moved", version=self.version)

    def _write_one(self, kind: Kind, data: dict[str, Any]) -> Outcome:
        key, version = str(data.pop("key")), data.pop("version")
        old = self.stored[kind].get(key)
        code, message = self._refusal(kind, old, version, data)
        if code:
            result = Result.CONFLICT if code == 412 else Result.FAILED
            return Outcome(key, result, code=code, message=message)
        new = {**(old or {"key": key}), **data}
        if old is not None and not changed_fields(old, new) and "deleted" not in data:
            self.version += 1
            return Outcome(key, Result.UNCHANGED)
        self._store(kind, key, new)
        stored = copy.deepcopy(self.stored[kind][key])
        return Outcome(key, Result.APPLIED, stored["version"], stored)

    def _refusal(self, kind: Kind, old: Json | None, version: int, data: Json) -> tuple[int, str]:
        if old is None and version:
            return 404, "it does not exist; use version 0 instead"
        if old is not None and version < old["version"]:
            return 412, "it has been modified since"
        lost = [
            key for key in data.get("collections") or () if key not in self.stored[Kind.COLLECTION]
        ]
        if lost:
            return 409, f"collection {lost[0]} does not exist"
        parent = data.get("parentCollection")
        if kind is Kind.COLLECTION and parent and parent not in self.stored[kind]:
            return 409, f"parent collection {parent} does not exist"
        if any(isinstance(value, str) and len(value) > LONGEST for value in data.values()):
            return 413, "a field value is too long"
        item_type = str(data.get("itemType") or (old or {}).get("itemType") or "")
        allowed = ITEM_FIELDS.get(item_type)
        known = (
            allowed | _WHOLE | {"itemType", "deleted", "dateAdded", "dateModified"}
            if allowed
            else None
        )
        bad = [name for name in data if known is not None and name not in known and data[name]]
        if kind is Kind.ITEM and bad:
            return 400, f"'{bad[0]}' is not a valid field for type '{item_type}'"
        return 0, ""

    def _store(self, kind: Kind, key: str, data: dict[str, Any]) -> None:
        self.version += 1
        self.gone[kind].pop(key, None)
        stored = {name: _normal(name, value, data) for name, value in data.items()}
        if not stored.get("deleted"):
            stored.pop("deleted", None)
        if kind is Kind.ITEM:
            allowed = ITEM_FIELDS.get(str(stored.get("itemType")), frozenset(stored))
            present = stored.keys() & (
                allowed | _WHOLE | {"itemType", "deleted", "parentItem", "note"}
            )
            stored = {name: stored[name] for name in stored if name in present}
            for name in sorted(allowed):
                stored.setdefault(name, "")
            for name in ("creators", "tags", "collections"):
                stored.setdefault(name, [])
            stored.setdefault("relations", {})
        self.stored[kind][key] = {**stored, "key": key, "version": self.version}


def _normal(name: str, value: Any, data: Json) -> Any:
    if name == "creators":
        return [_creator(*creator) for creator in normal_creators(value)]
    if name == "tags":
        return [
            {"tag": tag, **({"type": 1} if each.get("type") else {})}
            for tag, each in tags_of(data).items()
        ]
    return value if name in ("deleted", "parentCollection") else normal_field(name, value)


def _creator(role: str, name: str, last: str, first: str) -> dict[str, str]:
    if name:
        return {"creatorType": role, "name": name}
    return {"creatorType": role, "firstName": first, "lastName": last}
