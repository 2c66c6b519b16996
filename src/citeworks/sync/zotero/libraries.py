"""The Web API and the desktop app's local API as storages: the requests that each method takes.

It knows addresses, parameters and preconditions. How a request is sent and repeated is the
session's, what an answer says is `answers`'; nothing is decided here, and nothing kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

from citeworks.errors import (
    NotFound,
    PermissionRefused,
    RequestTooLarge,
    Unavailable,
    VersionMismatch,
)
from citeworks.sync.interface import (
    Access,
    Deleted,
    Fetched,
    Json,
    Kind,
    LibraryId,
    Listing,
    Schema,
    WriteReport,
)
from citeworks.sync.zotero.answers import (
    SOURCE,
    Answer,
    data_by_key,
    data_of,
    group_access,
    outcomes,
    user_access,
    versions,
)
from citeworks.sync.zotero.session import ConsentNeeded, Session, advice
from citeworks.sync.zotero.wire import READERS

if TYPE_CHECKING:
    from citeworks.sync.zotero.consent import Permissions

BATCH = 50
KEYS_AT_ONCE = {False: 100, True: 50}
"""Objects fetched by key in one request, from a server and from the desktop app."""

RESTARTS = 5
KEYS_TRIED = 2
"""Keys of the desktop app that may be out of date: the one given, and the one kept."""

_OBJECT_KEY = re.compile(r"[23456789A-NP-Z]{8}")
_KEY_PARAMETER = {Kind.ITEM: "itemKey", Kind.COLLECTION: "collectionKey"}


class ZoteroLibrary:
    """A library on Zotero's server: `citeworks.sync.interface.Storage` over the Web API."""

    lists_deleted = True
    is_concurrent = True
    batch_size = BATCH

    @property
    def versions_edits(self) -> bool:
        """See `Storage`."""
        return True

    def __init__(self, library: LibraryId, session: Session) -> None:
        self._library, self._session = library, session

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._library} at {self._session.address}>"

    def __enter__(self) -> ZoteroLibrary:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    @property
    def library(self) -> LibraryId:
        """The library that this storage gives access to."""
        return self._library

    @property
    def server(self) -> str:
        """The server's address."""
        return self._session.address

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, by HTTP method, repeats included."""
        return dict(self._session.requests)

    def access(self) -> Access:
        """The scopes of the key, and the group's own rules: two requests (one for a user).

        One after the other: Zotero counts the requests with a key that it does not know.
        """
        info = self._key_info() if self._session.key else None
        if self._library.is_group:
            answer = self._ask("GET", str(self._library))
            return group_access(info, answer.object().get("data", {}), self._library)
        if info is None:
            raise PermissionRefused(
                "a user's library needs an API key", hint=advice("API key is required", False)
            )
        return user_access(info, self._library)

    def _key_info(self) -> Json:
        try:
            return self._session("GET", "keys/current").object()
        except NotFound as error:
            raise PermissionRefused(
                "Zotero does not know the API key", hint=advice("Invalid key", False)
            ) from error

    @property
    def schema_version(self) -> int:
        """The version of the server's schema, as its last answer said."""
        return self._session.schema_version

    def schema(self, tag: str = "") -> Schema:
        """The server's schema, unless it is still the one with the tag."""
        answer = self._session("GET", "schema", headers={"If-None-Match": tag} if tag else {})
        if answer.status == 304:
            return Schema(None, tag)
        return Schema(answer.object(), answer.headers.get("etag", ""))

    def is_unmodified(self, since: int) -> bool:
        """True when the library still has this version; one request, answered 304 if so."""
        answer = self._read(
            "items",
            {"format": "versions", "limit": 1},
            {"If-Modified-Since-Version": str(since)},
        )
        if answer.status == 304:
            return answer.version in (None, since)
        return answer.library_version == since

    def listing(self, kind: Kind, since: int = 0) -> Listing:
        """Versions of all objects of the kind, trash included, changed after `since`."""
        for _ in range(RESTARTS):
            asked: dict[str, str | int] = {"format": "versions"}
            pages = list(self._pages(kind, asked | ({"since": since} if since else {})))
            if len({page.version for page in pages}) == 1:
                found = {key: number for page in pages for key, number in versions(page).items()}
                return Listing(pages[0].library_version, found, is_complete=since == 0)
        raise Unavailable(
            "the Zotero library changes faster than it can be read",
            source=SOURCE,
            hint="run the same command again later",
        )

    def objects(self, kind: Kind, keys: Collection[str]) -> Fetched:
        """The data of these objects, trash included; a few requests at a time."""
        wanted = list(dict.fromkeys(key for key in keys if _OBJECT_KEY.fullmatch(key)))
        size = KEYS_AT_ONCE[self._session.is_local]
        parts = [wanted[start : start + size] for start in range(0, len(wanted), size)]
        with ThreadPoolExecutor(min(READERS, len(parts)) or 1) as pool:
            fetched = list(pool.map(lambda part: self._some_objects(kind, part), parts))
        found = {key: data for part in fetched for key, data in part.objects.items()}
        return Fetched(max((part.version for part in fetched), default=0), found)

    def _some_objects(self, kind: Kind, keys: Sequence[str]) -> Fetched:
        asked: dict[str, str | int] = {_KEY_PARAMETER[kind]: ",".join(keys), "limit": len(keys)}
        version, found = 0, dict[str, Json]()
        for page in self._pages(kind, asked | {"format": "json"}):
            version = max(version, page.library_version)
            found |= data_by_key(page)
        return Fetched(version, found)

    def deleted(self, since: int) -> Deleted:
        """What was deleted for good after `since`."""
        answer = self._read("deleted", {"since": since})
        found = answer.object()
        return Deleted(
            answer.library_version,
            frozenset(found.get("items", ())),
            frozenset(found.get("collections", ())),
        )

    def write(
        self, kind: Kind, objects: Sequence[Json], *, library_version: int | None = None
    ) -> WriteReport:
        """Write up to 50 objects; one outcome for each."""
        headers = {} if library_version is None else _unmodified_since(library_version)
        answer = self._change("POST", kind, headers=headers, objects=objects)
        done = outcomes(answer, objects)
        return WriteReport(answer.library_version, done)

    def delete(self, kind: Kind, keys: Sequence[str], *, library_version: int) -> int:
        """Delete for good, and return the library version afterwards."""
        answer = self._change(
            "DELETE",
            kind,
            headers=_unmodified_since(library_version),
            params={_KEY_PARAMETER[kind]: ",".join(keys)},
        )
        return answer.library_version

    def _change(self, method: str, kind: Kind, **options: Any) -> Answer:
        answer = self._ask(method, f"{self._library}/{kind}", **options)
        if answer.status == 412:
            raise VersionMismatch(
                "the Zotero library was changed by someone else", version=answer.version
            )
        if answer.status == 413:
            raise RequestTooLarge("Zotero takes only fewer objects in one request")
        return answer

    def _read(
        self,
        path: str,
        params: Mapping[str, str | int],
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return self._ask("GET", f"{self._library}/{path}", params=params, headers=headers)

    def _ask(self, method: str, path: str, **options: Any) -> Answer:
        """Ask for something that the library has, if it is there."""
        try:
            return self._session(method, path, **options)
        except NotFound as error:
            raise NotFound(
                f"there is no {self._library} at {self.server}; it may have been deleted",
                source=SOURCE,
                hint="a group's number is in the address of its page at zotero.org/groups",
            ) from error

    def _pages(self, kind: Kind, params: Mapping[str, str | int]) -> Iterator[Answer]:
        """The answer and, where the server gives it in pages, those that follow."""
        start, shown = 0, {"includeTrashed": 1, **params}
        while True:
            answer = self._read(kind, shown | ({"start": start} if start else {}))
            yield answer
            if not answer.has_next or not answer.size:
                return
            start += answer.size


class LocalLibrary(ZoteroLibrary):
    """A library in the desktop app on this machine: the same over its local API.

    The app's versions are its own, so `server` is its id. It names no deletions, and asks the
    person in front of it before the first change.
    """

    lists_deleted = False

    def __init__(
        self, library: LibraryId, session: Session, permissions: Permissions | None = None
    ) -> None:
        super().__init__(library, session)
        self._permissions = permissions

    @property
    def server(self) -> str:
        """The id of the app's database; its address where it gives none (before Zotero 10)."""
        if not self._session.local_server:
            self._session("GET", "")
        return self._session.local_server or self._session.address

    @property
    def versions_edits(self) -> bool:
        """False before Zotero 10, whose versions are those of the last synchronization."""
        return not self._is_old

    @cached_property
    def _is_old(self) -> bool:
        return self.server == self._session.address

    def access(self) -> Access:
        """Reading if the library is there; writing if the app is one that offers it."""
        answer = self._read("items", {"format": "versions", "limit": 1})
        write = "zotero-server-id" in answer.headers
        reason = "" if write else "this Zotero app only lets others read; Zotero 10 accepts changes"
        return Access(True, write, reason=reason)

    def _some_objects(self, kind: Kind, keys: Sequence[str]) -> Fetched:
        """The objects of these keys alone; the app before Zotero 10 gives trash one by one only."""
        fetched = super()._some_objects(kind, keys)
        found = {key: data for key, data in fetched.objects.items() if key in keys}
        for key in keys:
            if kind is Kind.ITEM and key not in found and (data := self._one_item(key)):
                found[key] = data
        return Fetched(fetched.version, found)

    def _one_item(self, key: str) -> Json | None:
        try:
            return data_of(self._session("GET", f"{self._library}/items/{key}").object())
        except NotFound:
            return None

    def deleted(self, since: int) -> Deleted:
        """Not offered: deletions show in complete listings only."""
        raise NotFound("the Zotero app does not list what was deleted", source=SOURCE)

    def _change(self, method: str, kind: Kind, **options: Any) -> Answer:
        """Ask for consent where the app wants it; a key may be good for one change only."""
        if self.server and not self._session.local_key:
            self._session.ask_consent(self._permissions)
        for _ in range(KEYS_TRIED):
            try:
                return super()._change(method, kind, **options)
            except ConsentNeeded:
                self._session.ask_consent(self._permissions)
        return super()._change(method, kind, **options)


def _unmodified_since(version: int) -> dict[str, str]:
    return {"If-Unmodified-Since-Version": str(version)}
