"""What synchronization asks of a storage, and the words that it uses for it.

*Object*: an item (bibliographic item, attachment, note) or a collection; it has a *key* of eight
characters, unique in its library, and *data*, Zotero's JSON of it with ``key`` and ``version``.

*Version*: of an object, the number that its last change got; of a library, a number that every
change of any object raises. Both only grow; a smaller library version than one seen before means
that the library was restored from a copy. Versions of two servers cannot be compared.

*Trash*: an object with ``deleted`` set. It still exists, can be read and restored, and every
method here that lists or reads objects includes it. *Deleted* means gone for good.

*Write*: ``data`` with ``version`` 0 creates the object, under the key that it brings; any other
version changes an existing one and must be the version that it has. Fields that are absent are
left alone; ``""`` clears a text; arrays and relations are replaced whole. A write of several
objects is not atomic: every object has its own outcome, and they are tried in the order given.

*Library version as precondition*: with it, nothing at all is written once the library has moved.

A storage makes no decision, keeps no state of the synchronization and never repeats a write whose
outcome it does not know: it raises `Unavailable`, and the caller, who chose the keys, finds out.
Pauses that the server asks for, and repeated reads, are its own business.

Every method may raise: `PermissionRefused` (no key, a bad one, or not allowed), `NotFound` (no
such library), `RateLimited`, `Unavailable` (no answer, or none in time, after the repeats),
`BadResponse` (an answer that is not the contract's). Besides these, `VersionMismatch` and
`RequestTooLarge` where a method says so. All are in `citeworks.errors`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

Json = Mapping[str, Any]
"""The data of one object, as Zotero writes it."""


class Kind(StrEnum):
    """The two kinds of objects that are synchronized."""

    ITEM = "items"
    COLLECTION = "collections"


@dataclass(frozen=True, slots=True)
class LibraryId:
    """A Zotero library: of a group or of a user; `str` gives ``groups/123`` or ``users/45``."""

    scope: str
    number: int

    def __str__(self) -> str:
        return f"{self.scope}/{self.number}"

    @property
    def is_group(self) -> bool:
        """True for the library of a group."""
        return self.scope == "groups"


@dataclass(frozen=True, slots=True)
class Access:
    """What the key may do in this library, and what the library allows anyone.

    `write` holds only if both the key and the library permit it; `reason` says in one sentence why
    it does not. `user` is the name that the key belongs to, `library_name` the group's.
    """

    read: bool
    write: bool
    files: bool = False
    user: str = ""
    library_name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The versions of the objects of one kind that changed after some library version.

    `version` is the library version at which this was true. `is_complete` when nothing was left
    out (``since`` was 0): only then does the absence of a key mean that there is no such object.
    """

    version: int
    versions: Mapping[str, int]
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """Objects by key, and the highest library version that any part of the answer reported.

    A key that was asked for and is not here does not exist (any more). When `version` is not that
    of the listing, the library moved while it was read, and the reader begins again.
    """

    version: int
    objects: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Deleted:
    """Keys of what was deleted for good after some library version.

    Incomplete by nature: collections below a deleted collection are gone without being named, and
    the items lose their membership without a new version.
    """

    version: int
    items: frozenset[str] = frozenset()
    collections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Schema:
    """A server's schema (item types, their fields and creator types), and its entity tag.

    `document` is None where the server says that it is still the one with the tag asked with.
    """

    document: Json | None
    tag: str = ""


class Result(StrEnum):
    """How the write of one object ended."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    """The object has another version than the write said (412), or exists already (version 0)."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one object of a write.

    APPLIED: `version` and `data` are the object as it is stored now (`data` None if the server did
    not say). UNCHANGED: the server had the same data already. CONFLICT and FAILED: `code` (400
    bad value, 403, 404 gone: changed but deleted meanwhile, 409 parent or collection missing, 412,
    413 too long, 428) and `message`, plain text; `details` is what else the report says.
    """

    key: str
    result: Result
    version: int = 0
    data: Json | None = None
    code: int = 0
    message: str = ""
    details: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteReport:
    """One outcome for each object sent, in that order; `version` is the library's afterwards."""

    version: int
    outcomes: tuple[Outcome, ...]


class Storage(Protocol):
    """One Zotero library, wherever it is."""

    @property
    def library(self) -> LibraryId:
        """The library that this storage gives access to."""

    @property
    def server(self) -> str:
        """What tells this server's versions from another's: its address, or its server id."""

    @property
    def batch_size(self) -> int:
        """The largest number of objects in one `write` or `delete` (50)."""

    @property
    def lists_deleted(self) -> bool:
        """False where `deleted` cannot be asked: deletions show in complete listings only."""

    @property
    def versions_edits(self) -> bool:
        """False where an edit may leave the versions as they are: everything is read each time."""

    @property
    def is_concurrent(self) -> bool:
        """True where methods may be called at the same time, and then take no longer than one."""

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, by HTTP method, repeats included."""

    def access(self) -> Access:
        """What may be done here. Asks the server each time; raises for a key it does not know."""

    @property
    def schema_version(self) -> int:
        """The version of the server's schema, as its last answer said; 0 if none did."""

    def schema(self, tag: str = "") -> Schema:
        """The server's schema, unless it is still the one with the tag."""

    def is_unmodified(self, since: int) -> bool:
        """True when the library still has this version; one request, answered 304 if so."""

    def listing(self, kind: Kind, since: int = 0) -> Listing:
        """Versions of all objects of the kind, trash included, changed after `since`."""

    def objects(self, kind: Kind, keys: Collection[str]) -> Fetched:
        """The data of these objects, trash included; any number of keys, no key asked for twice."""

    def deleted(self, since: int) -> Deleted:
        """What was deleted after `since` (at least 1). Raises NotFound unless `lists_deleted`."""

    def write(
        self, kind: Kind, objects: Sequence[Json], *, library_version: int | None = None
    ) -> WriteReport:
        """Write up to `batch_size` objects; each brings ``key`` and ``version``.

        With `library_version`, raises VersionMismatch, nothing written, when the library has moved.
        Raises RequestTooLarge, nothing written, when the server takes only fewer objects at once.
        Raises Unavailable when the outcome is not known.
        """

    def delete(self, kind: Kind, keys: Sequence[str], *, library_version: int) -> int:
        """Delete for good, and return the library version afterwards.

        Raises VersionMismatch, nothing deleted, when the library has moved.
        """
