"""Users, groups, keys, and who may do what; it knows no objects and no HTTP.

The rules are those of the Web API: a key has scopes, a group has its own rules, and both must
agree. `Refused` carries the status and Zotero's words.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from .values import Refused

WRONG_KEYS, WRONG_KEY_SECONDS = 5, 300


@dataclass
class ApiKey:
    """A key of a user; `access` is shaped as `GET /keys/current` gives it."""

    key: str
    user: int
    username: str = "someone"
    access: dict[str, Any] = field(
        default_factory=lambda: {
            "user": {"library": True, "files": True, "notes": True, "write": True},
            "groups": {"all": {"library": True, "write": True}},
        }
    )

    def group_scope(self, group: int) -> dict[str, bool]:
        """What the key may do in one group, if its user may do it too."""
        groups: dict[str, Any] = self.access.get("groups", {})
        scopes = [groups.get(str(group), {}), groups.get("all", {})]
        return {name: any(each.get(name) for each in scopes) for name in ("library", "write")}


@dataclass
class Group:
    """A group; `library_editing` is "members" or "admins", `kind` as Zotero spells it."""

    id: int
    owner: int
    name: str = "A group"
    admins: tuple[int, ...] = ()
    members: tuple[int, ...] = ()
    kind: str = "Private"
    library_reading: str = "all"
    library_editing: str = "members"
    file_editing: str = "members"
    version: int = 1

    def has(self, user: int) -> bool:
        """Whether a user belongs to the group."""
        return user == self.owner or user in self.admins or user in self.members

    def lets_edit(self, user: int) -> bool:
        """Whether a member may change the library."""
        manages = user == self.owner or user in self.admins
        return manages or (self.library_editing == "members" and user in self.members)

    def lets_edit_files(self, user: int) -> bool:
        """Whether a member may add files."""
        manages = user == self.owner or user in self.admins
        return self.file_editing != "none" and (
            manages or (self.file_editing == "members" and user in self.members)
        )

    def shown(self, items: int) -> dict[str, Any]:
        """The group as `GET /groups/<id>` gives it."""
        data: dict[str, Any] = {
            "id": self.id,
            "version": self.version,
            "name": self.name,
            "owner": self.owner,
            "type": self.kind,
            "description": "",
            "url": "",
            "libraryEditing": self.library_editing,
            "libraryReading": self.library_reading,
            "fileEditing": self.file_editing,
        }
        data |= {"admins": list(self.admins)} if self.admins else {}
        data |= {"members": list(self.members)} if self.members else {}
        return {
            "id": self.id,
            "version": self.version,
            "links": {},
            "meta": {"numItems": items},
            "data": data,
        }


class Accounts:
    """All keys and groups, and the counting of wrong keys."""

    def __init__(self) -> None:
        self.keys: dict[str, ApiKey] = {}
        self.groups: dict[int, Group] = {}
        self._wrong: list[float] = []

    def of(self, key: str | None) -> ApiKey | None:
        """The key's record; 403 for a wrong one, 429 after too many of them."""
        if key is None:
            return None
        if key in self.keys:
            return self.keys[key]
        recent = [each for each in self._wrong if time.monotonic() - each < WRONG_KEY_SECONDS]
        self._wrong = [*recent, time.monotonic()]
        if len(recent) >= WRONG_KEYS:
            raise Refused(429, "Too many invalid key attempts")
        raise Refused(403, "Invalid key")

    def check(self, kind: str, number: int, key: ApiKey | None, *, write: bool) -> None:
        """403 or 404 unless the key (or nobody) may read or write the library."""
        if kind == "groups":
            self._check_group(number, key, write=write)
            return
        if key is None:
            raise Refused(403, "An API key is required" if write else "Forbidden")
        scope = key.access.get("user", {})
        if key.user != number or not scope.get("library"):
            raise Refused(403, "Forbidden")
        if write and not scope.get("write"):
            raise Refused(403, "Write access denied")

    def _check_group(self, number: int, key: ApiKey | None, *, write: bool) -> None:
        group = self.groups.get(number)
        if group is None:
            raise Refused(404, "Group not found")
        scope = key.group_scope(number) if key else {}
        public = group.kind != "Private" and group.library_reading == "all"
        reads = bool(key and group.has(key.user) and scope.get("library"))
        if write and key is None:
            raise Refused(403, "An API key is required")
        if not reads and not (public and not write):
            raise Refused(403, "Forbidden")
        if write and key and not (scope.get("write") and group.lets_edit(key.user)):
            raise Refused(403, "Write access denied")
