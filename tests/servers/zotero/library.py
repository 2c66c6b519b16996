"""One library of the stand-in: its counter, its objects, what was deleted from it, and how writes
change all that.

It knows no HTTP and no permissions. Every public method takes the lock, so that the rules hold
with any number of threads. `Refused` carries the status of a refusal; where Zotero gives a version
with it, its `data` has `version`.
"""

from __future__ import annotations

import html
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .schema import Schema
from .values import (
    URI,
    Data,
    Refused,
    merged_collection,
    merged_item,
    merged_search,
    now,
)

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
KEY = re.compile(f"[{ALPHABET}]{{8}}")
KINDS = ("items", "collections", "searches")
NAMES = {"items": "Item", "collections": "Collection", "searches": "Search"}
TOKEN_SECONDS = 12 * 3600
WRITE_LIMIT, SETTINGS_LIMIT, LOCAL_DELETE_LIMIT = 50, 270, 50


@dataclass
class Stored:
    """An object as it is kept: its version, and its data without key and version."""

    version: int
    data: Data


@dataclass
class Report:
    """The outcome of each object of a multi-write, by its place in the request."""

    successful: dict[str, str] = field(default_factory=dict)
    unchanged: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Data] = field(default_factory=dict)


class Library:
    """`shared_versions` gives all objects of a request one version, as servers did before 2026;
    `local` has the rules of the desktop client's database."""

    def __init__(
        self,
        path: str,
        schema: Schema,
        *,
        shared_versions: bool = False,
        local: bool = False,
        file_editing: bool = True,
    ) -> None:
        self.path, self.schema, self.local = path, schema, local
        self.shared_versions, self.file_editing = shared_versions or local, file_editing
        self.lock = threading.RLock()
        self.version = 0
        self.objects: dict[str, dict[str, Stored]] = {kind: {} for kind in KINDS}
        self.deleted: dict[str, dict[str, int]] = {
            kind: {} for kind in (*KINDS, "tags", "settings")
        }
        self.settings: dict[str, Stored] = {}
        self.trouble: Callable[[Data], Refused | None] = lambda sent: None
        """What the server itself fails with on an object, such as a deadlock of its database."""
        self._tokens: dict[str, float] = {}

    # -- multi-object writes ------------------------------------------------------------------

    def write_many(
        self, kind: str, sent: list[Any], unmodified_since: int | None, token: str | None = None
    ) -> Report:
        """Write each object in its turn; one that is refused does not stop the others."""
        with self.lock:
            if len(sent) > WRITE_LIMIT:
                raise Refused(413, f"Cannot add more than {WRITE_LIMIT} {kind} at a time")
            self._claim(token)
            self._need_version(unmodified_since)
            report = Report()
            shared = self.version + 1 if self.shared_versions else None
            for place, each in enumerate(sent):
                self._write_in_turn(report, str(place), kind, each, unmodified_since, shared)
            if token and str(len(sent) - 1) not in report.failed:
                self._tokens[token] = time.monotonic()
            if shared and (report.successful or report.unchanged):
                self.version = shared
            return report

    def single(self, token: str | None, change: Callable[[], int]) -> int:
        """A change of another kind under a write token, which is kept if the change is made."""
        with self.lock:
            self._claim(token)
            version = change()
            if token:
                self._tokens[token] = time.monotonic()
            return version

    def _claim(self, token: str | None) -> None:
        if token is None:
            return
        if not 5 <= len(token) <= 32:
            raise Refused(400, "Write token must be 5-32 characters in length")
        if time.monotonic() - self._tokens.get(token, -TOKEN_SECONDS) < TOKEN_SECONDS:
            raise Refused(412, "Write token already used")

    def _need_version(self, unmodified_since: int | None) -> None:
        if unmodified_since is not None and self.version > unmodified_since:
            raise Refused(
                412,
                "Library has been modified since specified version "
                f"(expected {unmodified_since}, found {self.version})",
            )

    def _write_in_turn(
        self,
        report: Report,
        place: str,
        kind: str,
        sent: Any,
        unmodified_since: int | None,
        shared: int | None,
    ) -> None:
        try:
            if not isinstance(sent, dict):
                raise Refused(400, "Invalid value for index: expected an object")  # noqa: TRY301
            if (trouble := self.trouble(sent)) is not None:
                raise trouble
            key = self._own_key(sent)
            self._need_object_version(kind, key, sent, unmodified_since)
            version = shared or self.version + 1
            changed = self._store(kind, key, sent, version)
        except Refused as refused:
            report.failed[place] = _failure(sent, refused)
            return
        self.version = max(self.version, version if not shared else self.version)
        (report.successful if changed else report.unchanged)[place] = key

    def _own_key(self, sent: Data) -> str:
        key = sent.get("key")
        if key is None:
            if sent.get("version"):
                raise Refused(400, "'version' property without a key")
            return "".join(secrets.choice(ALPHABET) for _ in range(8))
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise Refused(400, f"'{key}' is not a valid key")
        return key

    def _need_object_version(
        self, kind: str, key: str, sent: Data, unmodified_since: int | None
    ) -> None:
        stored, version = self.objects[kind].get(key), sent.get("version")
        if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
            raise Refused(400, f"'version' must be an integer, not '{version}'")
        if version is None:
            if "key" in sent and unmodified_since is None:
                raise Refused(
                    428,
                    "Either If-Unmodified-Since-Version or 'version' property must be provided "
                    "for key-based writes",
                )
        elif stored is None:
            if version > 0:
                raise Refused(
                    404, f"{NAMES[kind]} doesn't exist (expected version {version}; use 0 instead)"
                )
        elif stored.version != version if self.local else stored.version > version:
            raise Refused(
                412,
                f"{NAMES[kind]} has been modified since specified version "
                f"(expected {version}, found {stored.version})",
            )

    # -- single-object writes -----------------------------------------------------------------

    def write_one(
        self, kind: str, key: str, sent: Data, unmodified_since: int | None, *, whole: bool
    ) -> int:
        """PUT (`whole`) or PATCH one object; gives the version of the answer's header.

        A write that changes nothing gives the old version although the library moved.
        """
        with self.lock:
            stored, version = self.objects[kind].get(key), sent.get("version")
            if None not in (version, unmodified_since) and version != unmodified_since:
                raise Refused(400, "If-Unmodified-Since-Version does not match 'version' property")
            expected = version if unmodified_since is None else unmodified_since
            self._need_single(kind, stored, expected)
            if whole and kind == "items":
                for name in ("itemType", "tags", "collections", "relations"):
                    if name not in sent:
                        raise Refused(400, f"'{name}' property not provided")
            changed = self._store(kind, key, sent, self.version + 1)
            self.version += 1
            return self.version if changed or stored is None else stored.version

    def _need_single(self, kind: str, stored: Stored | None, expected: int | None) -> None:
        if stored is None:
            if expected is None:
                raise Refused(404, f"{NAMES[kind]} does not exist")
            if expected:
                raise Refused(412, f"{NAMES[kind]} doesn't exist (expected version {expected})")
        elif expected is None:
            raise Refused(428, "If-Unmodified-Since-Version or 'version' property must be provided")
        elif stored.version != expected if self.local else stored.version > expected:
            raise Refused(
                412,
                f"{NAMES[kind]} has been modified since specified version "
                f"(expected {expected}, found {stored.version})",
                version=stored.version,
            )

    # -- storing ------------------------------------------------------------------------------

    def _store(self, kind: str, key: str, sent: Data, version: int) -> bool:
        """Check and keep one object; false if that changes nothing."""
        stored = self.objects[kind].get(key)
        old = stored.data if stored else None
        new = self._merged(kind, old, sent)
        if kind == "items":
            self._check_item(key, new)
        elif kind == "collections":
            self._check_collection(key, new["parentCollection"])
        if new == old:
            return False
        self.objects[kind][key] = Stored(version, new)
        self.deleted[kind].pop(key, None)
        if kind == "items":
            self._relate_back(key, new, version if old else None)
        return True

    def _merged(self, kind: str, old: Data | None, sent: Data) -> Data:
        if kind == "items":
            return merged_item(self.schema, old, sent)
        return merged_collection(old, sent) if kind == "collections" else merged_search(old, sent)

    def _check_item(self, key: str, new: Data) -> None:
        parent = new.get("parentItem")
        if parent is not None:
            if new["itemType"] not in ("note", "attachment", "annotation"):
                raise Refused(400, "Only notes and attachments can have a parent item")
            if parent not in self.objects["items"]:
                raise Refused(409, f"Parent item {parent} doesn't exist", parentItem=parent)
            if new["collections"]:
                raise Refused(400, "Child items cannot be assigned to collections")
        for each in new["collections"]:
            if each not in self.objects["collections"]:
                raise Refused(409, f"Collection {each} doesn't exist", collection=each)
        if self.path.startswith("/groups") and new["itemType"] == "attachment":
            mode = new["linkMode"]
            if mode == "linked_file":
                raise Refused(400, "Linked files can only be added to user libraries")
            if mode != "linked_url" and not self.file_editing:
                raise Refused(403, "File editing access denied")

    def _check_collection(self, key: str, parent: str | bool) -> None:
        if parent and (parent not in self.objects["collections"] or parent == key):
            raise Refused(409, f"Parent collection {parent} doesn't exist", collection=parent)

    def _relate_back(self, key: str, new: Data, version: int | None) -> None:
        """`dc:relation` holds both ways: the item at the other end gets it too.

        It gets a new version only if this item is not a new one.
        """
        uri = f"http://zotero.org{self.path}/items/{key}"
        target = new["relations"].get("dc:relation", [])
        for each in target if isinstance(target, list) else [target]:
            found = URI.fullmatch(each)
            other = self.objects["items"].get(found[2]) if found else None
            if other is None or f"http://zotero.org{self.path}/items/{found and found[2]}" != each:
                continue
            old = other.data["relations"].get("dc:relation", [])
            back = old if isinstance(old, list) else [old]
            if uri not in back:
                joined = [*back, uri]
                value = joined[0] if len(joined) == 1 else joined
                relations = {**other.data["relations"], "dc:relation": value}
                other.data = {**other.data, "relations": relations}
                other.version = version or other.version

    # -- removing -----------------------------------------------------------------------------

    def delete_one(self, kind: str, key: str, unmodified_since: int | None) -> int:
        """Delete one object for good."""
        with self.lock:
            stored = self.objects[kind].get(key)
            if unmodified_since is None:
                raise Refused(428, "If-Unmodified-Since-Version not provided")
            if stored is None:
                raise Refused(412, f"{NAMES[kind]} not found", version=self.version)
            self._need_single(kind, stored, unmodified_since)
            self.version += 1
            self._remove(kind, key)
            return self.version

    def delete_many(self, kind: str, keys: list[str], unmodified_since: int | None) -> int:
        """Delete objects for good; without a version nothing is checked (but by `local`)."""
        with self.lock:
            if self.local and unmodified_since is None:
                raise Refused(428, "If-Unmodified-Since-Version not provided")
            if self.local and len(keys) > LOCAL_DELETE_LIMIT:
                raise Refused(413, f"Cannot delete more than {LOCAL_DELETE_LIMIT} at a time")
            self._need_version(unmodified_since)
            self.version += 1
            for key in keys:
                if key in self.objects[kind]:
                    self._remove(kind, key)
            return self.version

    def _remove(self, kind: str, key: str) -> None:
        del self.objects[kind][key]
        self.deleted[kind][key] = self.version
        if kind == "items":
            for child in self.children(key):
                self._remove("items", child)
        elif kind == "collections":
            self._strip(key)

    def _strip(self, key: str) -> None:
        """Memberships go without a new version, sub-collections without an entry anywhere."""
        for stored in self.objects["items"].values():
            if key in stored.data["collections"]:
                rest = [each for each in stored.data["collections"] if each != key]
                stored.data = {**stored.data, "collections": rest}
        below = [
            each
            for each, stored in self.objects["collections"].items()
            if stored.data["parentCollection"] == key
        ]
        for each in below:
            del self.objects["collections"][each]
            self._strip(each)

    def delete_tags(self, names: list[str], unmodified_since: int | None) -> int:
        """Take tags off every item; the items change, and the names are listed as deleted."""
        with self.lock:
            if unmodified_since is None:
                raise Refused(428, "If-Unmodified-Since-Version not provided")
            self._need_version(unmodified_since)
            self.version += 1
            for stored in self.objects["items"].values():
                rest = [each for each in stored.data["tags"] if each["tag"] not in names]
                if len(rest) != len(stored.data["tags"]):
                    stored.data = {**stored.data, "tags": rest, "dateModified": now()}
                    stored.version = self.version
            self.deleted["tags"] |= dict.fromkeys(names, self.version)
            return self.version

    def write_settings(self, sent: Data, unmodified_since: int | None) -> int:
        """Keep settings by name: `{"name": {"value": …}}`."""
        with self.lock:
            if len(sent) > SETTINGS_LIMIT:
                raise Refused(413, f"Cannot add more than {SETTINGS_LIMIT} settings at a time")
            self._need_version(unmodified_since)
            self.version += 1
            for name, each in sent.items():
                self.settings[name] = Stored(self.version, {"value": each.get("value")})
            return self.version

    # -- reading ------------------------------------------------------------------------------

    def children(self, key: str) -> list[str]:
        """The keys of the notes and attachments of an item."""
        items = self.objects["items"].items()
        return [each for each, stored in items if stored.data.get("parentItem") == key]

    def deleted_since(self, since: int) -> dict[str, list[str]]:
        """What was deleted for good after a version, by kind."""
        with self.lock:
            return {
                kind: sorted(key for key, version in log.items() if version > since)
                for kind, log in self.deleted.items()
            }

    def tag_counts(self, since: int) -> Iterator[tuple[str, int, int]]:
        """Each tag of items changed after a version, with its type and how often it is used."""
        counts: dict[tuple[str, int], int] = {}
        for stored in self.objects["items"].values():
            if stored.version > since:
                for each in stored.data["tags"]:
                    tag = each["tag"], each.get("type", 0)
                    counts[tag] = counts.get(tag, 0) + 1
        yield from ((tag, kind, counts[tag, kind]) for tag, kind in sorted(counts))

    def data(self, kind: str, key: str) -> Data:
        """The data of one object as it is served: an item has all fields of its type."""
        stored = self.objects[kind][key]
        data: Data = {"key": key, "version": stored.version}
        if kind == "items":
            item_type = stored.data["itemType"]
            data |= {"itemType": item_type}
            data |= dict.fromkeys(self.schema.fields[item_type], "")
            if item_type == "note":
                data["note"] = ""
        hidden = {"creators"} if not self.schema.creators.get(data.get("itemType", "")) else set()
        hidden |= {"collections"} if stored.data.get("parentItem") else set()
        return data | {name: each for name, each in stored.data.items() if name not in hidden}


def _failure(sent: Any, refused: Refused) -> Data:
    failure: Data = {"code": refused.code, "message": html.escape(refused.message)}
    if isinstance(sent, dict) and sent.get("key"):
        failure["key"] = sent["key"]
    if refused.data:
        failure["data"] = refused.data
    return failure
