"""The Web API (and the local API of the desktop client) over libraries and accounts.

A `Request` goes in, an `Answer` comes out; sockets, faults and the log are the server's. The
paths and their methods are one table at the end.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .accounts import Accounts, ApiKey
from .library import KINDS, Library
from .reading import (
    KEY_PARAMETERS,
    Found,
    Query,
    entry,
    number,
    one,
    page,
    report_json,
    select,
)
from .schema import Schema, load_schema
from .values import Data, Refused

AUTHORIZATIONS_A_MINUTE = 5


@dataclass
class Request:
    """One request, with header names in lower case and the body as sent (unzipped)."""

    method: str
    path: str
    query: Query
    headers: Mapping[str, str]
    body: bytes = b""

    def version(self, name: str) -> int | None:
        """A version header; 400 if it is not a number."""
        text = self.headers.get(name)
        if text is None:
            return None
        if not text.isdigit():
            raise Refused(400, f"Invalid {name} value '{text}'")
        return int(text)

    def json(self) -> Any:
        """The body as JSON; 400 if it is not."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refused(400, "Uploaded data must be valid JSON") from None

    @property
    def token(self) -> str | None:
        """The write token."""
        return self.headers.get("zotero-write-token")

    @property
    def key(self) -> str | None:
        """The key, from either header or the query."""
        bearer = self.headers.get("authorization", "")
        if bearer.lower().startswith("bearer"):
            found = re.fullmatch(r"bearer +([a-z0-9]+)", bearer, re.IGNORECASE)
            if found is None:
                raise Refused(400, "Invalid Authorization header format")
            bearer = found[1]
        else:
            bearer = ""
        return self.headers.get("zotero-api-key") or bearer or one(self.query, "key") or None


@dataclass
class Answer:
    """What is sent back; a `body` that is not text is JSON."""

    status: int = 200
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class LocalMode:
    """The desktop client: `consent` is what the person answers ("once", "always", "deny").

    `read_only` is a client before version 10, which has no server id either.
    """

    server_id: str = field(default_factory=lambda: secrets.token_hex(8))
    consent: str = "always"
    read_only: bool = False
    enabled: bool = True
    keys: dict[str, bool] = field(default_factory=dict)
    asked: list[float] = field(default_factory=list)


class Application:
    """All libraries of one server. `local` makes it the desktop client's API, under `/api`."""

    def __init__(
        self, schema: Schema | None = None, *, shared_versions: bool = False, local: bool = False
    ) -> None:
        self.schema = schema or load_schema()
        self.shared_versions = shared_versions
        self.local = LocalMode() if local else None
        self.accounts = Accounts()
        self.libraries: dict[str, Library] = {}
        self.maintenance = False

    def library(self, scope: str, library_id: int) -> Library:
        """The library of a user or a group; it begins empty."""
        path = f"/{scope}/{library_id}"
        group = self.accounts.groups.get(library_id) if scope == "groups" else None
        return self.libraries.setdefault(
            path,
            Library(
                path,
                self.schema,
                shared_versions=self.shared_versions,
                local=self.local is not None,
                file_editing=group is None or group.file_editing != "none",
            ),
        )

    def answer(self, request: Request) -> Answer:
        """The answer to any request; nothing is raised."""
        try:
            if self.maintenance:
                raise Refused(503, "Zotero is down for maintenance")  # noqa: TRY301
            return self._local_answer(request) if self.local else self._answer(request)
        except Refused as refused:
            headers = {}
            if version := refused.data.get("version"):
                headers["Last-Modified-Version"] = str(version)
            return Answer(refused.code, refused.message, headers)

    def _answer(self, request: Request) -> Answer:
        for pattern, methods in ROUTES:
            if found := pattern.fullmatch(request.path):
                if request.method not in methods:
                    raise Refused(405, "Method not allowed")
                return methods[request.method](self, request, **found.groupdict())
        raise Refused(404, "Not found")

    # -- the local API ------------------------------------------------------------------------

    def _local_answer(self, request: Request) -> Answer:
        assert self.local is not None
        local = self.local
        try:
            answer = self._answer_locally(request, local)
        except Refused as refused:
            version = refused.data.get("version")
            answer = Answer(refused.code, refused.message)
            if version:
                answer.headers["Last-Modified-Version"] = str(version)
        if not local.read_only:
            answer.headers["Zotero-Server-ID"] = local.server_id
        return answer

    def _answer_locally(self, request: Request, local: LocalMode) -> Answer:
        if not local.enabled:
            raise Refused(403, "Local API is not enabled")
        if not request.path.startswith("/api/"):
            raise Refused(404, "No endpoint found")
        path = request.path.removeprefix("/api")
        sent = request.headers.get("zotero-server-id")
        if sent not in (None, local.server_id):
            raise Refused(412, "Zotero-Server-ID does not match")
        if path == "/":
            return Answer(200, "Nothing to see here.")
        if request.method != "GET":
            self._check_local_write(request, local, path, sent)
        if path == "/local/authorize":
            return self._authorize(local)
        if re.search(r"/deleted$|^/items/new$|^/keys/", path):
            raise Refused(404, "Not found")
        answer = self._answer(
            Request(request.method, path, request.query, request.headers, request.body)
        )
        if request.method != "GET" and not local.keys.get(request.key or "", True):
            del local.keys[request.key or ""]
        return answer

    def _check_local_write(
        self, request: Request, local: LocalMode, path: str, sent: str | None
    ) -> None:
        if local.read_only:
            raise Refused(501, "Method not implemented")
        if sent is None:
            raise Refused(428, "Zotero-Server-ID not provided")
        if path == "/local/authorize":
            return
        if request.key is None:
            raise Refused(401, "API key required")
        if request.key not in local.keys:
            raise Refused(401, "Invalid or expired API key")

    def _authorize(self, local: LocalMode) -> Answer:
        now = time.monotonic()
        local.asked = [each for each in local.asked if now - each < 60]
        if len(local.asked) >= AUTHORIZATIONS_A_MINUTE:
            raise Refused(429, "Too many authorization requests")
        local.asked.append(now)
        if local.consent == "deny":
            raise Refused(403, "Denied")
        key = secrets.token_hex(12)
        local.keys[key] = local.consent == "always"
        return Answer(200, {"key": key, "remember": local.keys[key]})

    # -- what is not in a library -------------------------------------------------------------

    def keys_current(self, request: Request) -> Answer:
        """`GET /keys/current`."""
        key = self.accounts.of(request.key)
        if key is None:
            raise Refused(403, "An API key is required")
        return Answer(
            200,
            {
                "key": key.key,
                "userID": key.user,
                "username": key.username,
                "displayName": "",
                "access": key.access,
            },
        )

    def group(self, request: Request, number: str) -> Answer:
        """`GET /groups/<id>`."""
        if not self.local:
            self.accounts.check("groups", int(number), self.accounts.of(request.key), write=False)
        if (found := self.accounts.groups.get(int(number))) is None:
            raise Refused(404, "Group not found")
        items = len(self.library("groups", int(number)).objects["items"])
        return Answer(200, found.shown(items), {"Last-Modified-Version": str(found.version)})

    def groups(self, request: Request, number: str) -> Answer:
        """`GET /users/<id>/groups`."""
        key = self.accounts.of(request.key) if not self.local else None
        groups = [
            each
            for each in self.accounts.groups.values()
            if self.local or (key and each.has(int(number)) and key.user == int(number))
        ]
        if one(request.query, "format") == "versions":
            return Answer(200, {str(each.id): each.version for each in groups})
        return Answer(200, [each.shown(0) for each in groups])

    def served_schema(self, request: Request) -> Answer:
        """`GET /schema`, 304 for the same entity tag."""
        body, tag = self.schema.served()
        if request.headers.get("if-none-match") == tag:
            return Answer(304, headers={"ETag": tag})
        return Answer(200, body, {"ETag": tag, "Content-Type": "application/json"})

    @property
    def schema_version(self) -> str:
        """What every answer says in ``Zotero-Schema-Version``."""
        return str(self.schema.document["version"])

    def item_types(self, request: Request) -> Answer:
        """`GET /itemTypes`."""
        return Answer(
            200, [{"itemType": each, "localized": each} for each in sorted(self.schema.fields)]
        )

    def item_fields(self, request: Request) -> Answer:
        """`GET /itemFields`, or `/itemTypeFields?itemType=`."""
        name = one(request.query, "itemType")
        if name and name not in self.schema.fields:
            raise Refused(400, f"Invalid item type '{name}'")
        fields = self.schema.fields[name] if name else sorted(self.schema.all_fields)
        return Answer(200, [{"field": each, "localized": each} for each in fields])

    def creator_types(self, request: Request) -> Answer:
        """`GET /itemTypeCreatorTypes?itemType=`."""
        types = self.schema.creators.get(one(request.query, "itemType"))
        if types is None:
            raise Refused(400, "Invalid item type")
        return Answer(200, [{"creatorType": each, "localized": each} for each in types])

    def template(self, request: Request) -> Answer:
        """`GET /items/new?itemType=`."""
        name = one(request.query, "itemType")
        if name not in self.schema.fields:
            raise Refused(400, f"Invalid item type '{name}'")
        creators = self.schema.creators[name][:1]
        blank: Data = {"itemType": name} | dict.fromkeys(self.schema.fields[name], "")
        people = [{"creatorType": each, "firstName": "", "lastName": ""} for each in creators]
        arrays: Data = {"creators": people, "tags": [], "collections": [], "relations": {}}
        return Answer(200, blank | arrays)

    # -- what is in a library -----------------------------------------------------------------

    def opened(
        self, request: Request, scope: str, number: str, *, write: bool = False
    ) -> tuple[Library, ApiKey | None]:
        """The library, if the key may do this in it."""
        if self.local:
            if scope == "groups" and int(number) not in self.accounts.groups:
                raise Refused(404, "Group not found")
            return self.library(scope, int(number)), None
        key = self.accounts.of(request.key)
        self.accounts.check(scope, int(number), key, write=write)
        return self.library(scope, int(number)), key

    def read_many(
        self, request: Request, scope: str, number: str, kind: str, part: str = ""
    ) -> Answer:
        """`GET …/items`, `/items/top`, `/items/trash`, `/collections/top` and their like."""
        library, key = self.opened(request, scope, number)
        with library.lock:
            known = request.version("if-modified-since-version")
            if known is not None and library.version <= known:
                return self._unmodified(library)
            found = select(library, kind, request.query, part)
            if kind == "items" and key and not _sees_notes(key, scope):
                found = [each for each in found if each[1].data["itemType"] != "note"]
            if self.local and self.local.read_only:
                found = _as_older_apps_do(found, request.query)
            path = f"{self._base(request)}{library.path}/{kind}"
            shown = page(library, kind, found, request.query, path)
            headers = shown.headers | {"Last-Modified-Version": str(library.version)}
            return Answer(200, shown.body, headers)

    def _unmodified(self, library: Library) -> Answer:
        """304, which does not say the version; the library may well be older."""
        version = {"Last-Modified-Version": str(library.version)} if self.local else {}
        return Answer(304, headers=version)

    def _base(self, request: Request) -> str:
        prefix = "/api" if self.local else ""
        return f"http://{request.headers.get('host', 'localhost')}{prefix}"

    def read_below(
        self, request: Request, scope: str, number: str, parent: str, key: str, kind: str
    ) -> Answer:
        """The items or collections of a collection, the children of an item."""
        library, _ = self.opened(request, scope, number)
        if key not in library.objects[parent]:
            raise Refused(404, "Not found")
        inside = parent == "collections" and kind == "items"
        part = f"in:{key}" if inside else f"below:{key}"
        kind = "items" if kind == "children" else kind
        return self.read_many(request, scope, number, kind, part)

    def read_one(self, request: Request, scope: str, number: str, kind: str, key: str) -> Answer:
        """`GET …/items/<key>`; never 304."""
        library, user = self.opened(request, scope, number)
        with library.lock:
            stored = library.objects[kind].get(key)
            hidden = user and not _sees_notes(user, scope)
            if stored is None or (hidden and stored.data.get("itemType") == "note"):
                raise Refused(404, f"{kind} not found")
            headers = {"Last-Modified-Version": str(stored.version)}
            return Answer(200, entry(library, kind, key), headers)

    def write_many(self, request: Request, scope: str, number: str, kind: str) -> Answer:
        """`POST …/items`: per-object outcomes."""
        library, user = self.opened(request, scope, number, write=True)
        sent = request.json()
        if not isinstance(sent, list):
            raise Refused(400, "Uploaded data must be a JSON array")
        with library.lock:
            if user and scope == "groups":
                group = self.accounts.groups[int(number)]
                library.file_editing = group.lets_edit_files(user.user)
            report = library.write_many(
                kind,
                sent,
                request.version("if-unmodified-since-version"),
                request.token,
            )
            headers = {"Last-Modified-Version": str(library.version)}
            return Answer(200, report_json(library, kind, report), headers)

    def write_one(self, request: Request, scope: str, number: str, kind: str, key: str) -> Answer:
        """PUT or PATCH."""
        library, _ = self.opened(request, scope, number, write=True)
        sent = request.json()
        if not isinstance(sent, dict):
            raise Refused(400, "Uploaded data must be a JSON object")
        sent = sent.get("data", sent)
        unmodified = request.version("if-unmodified-since-version")
        whole = request.method == "PUT"
        version = library.single(
            request.token, lambda: library.write_one(kind, key, sent, unmodified, whole=whole)
        )
        return Answer(204, headers={"Last-Modified-Version": str(version)})

    def delete_one(self, request: Request, scope: str, number: str, kind: str, key: str) -> Answer:
        """`DELETE …/items/<key>`."""
        library, _ = self.opened(request, scope, number, write=True)
        unmodified = request.version("if-unmodified-since-version")
        version = library.single(request.token, lambda: library.delete_one(kind, key, unmodified))
        return Answer(204, headers={"Last-Modified-Version": str(version)})

    def delete_many(self, request: Request, scope: str, number: str, kind: str) -> Answer:
        """`DELETE …/items?itemKey=…`."""
        library, _ = self.opened(request, scope, number, write=True)
        keys = [each for each in one(request.query, KEY_PARAMETERS[kind]).split(",") if each]
        if not keys:
            raise Refused(400, f"{KEY_PARAMETERS[kind]} not provided")
        unmodified = request.version("if-unmodified-since-version")
        version = library.single(request.token, lambda: library.delete_many(kind, keys, unmodified))
        return Answer(204, headers={"Last-Modified-Version": str(version)})

    def deleted(self, request: Request, scope: str, number: str) -> Answer:
        """`GET …/deleted?since=`; `since` is required, and there is no 304."""
        library, _ = self.opened(request, scope, number)
        if "since" not in request.query:
            raise Refused(400, "'since' parameter must be provided")
        with library.lock:
            headers = {"Last-Modified-Version": str(library.version)}
            return Answer(200, library.deleted_since(_since(request)), headers)

    def tags(self, request: Request, scope: str, number: str) -> Answer:
        """`GET …/tags`."""
        library, _ = self.opened(request, scope, number)
        with library.lock:
            known = request.version("if-modified-since-version")
            headers = {"Last-Modified-Version": str(library.version)}
            if known is not None and library.version <= known:
                return self._unmodified(library)
            shown = [
                {"tag": tag, "links": {}, "meta": {"type": kind, "numItems": count}}
                for tag, kind, count in library.tag_counts(_since(request))
            ]
            start, limit = number_of(request, "start", 0), number_of(request, "limit", 25)
            headers["Total-Results"] = str(len(shown))
            return Answer(200, shown[start : start + min(limit, 100)], headers)

    def delete_tags(self, request: Request, scope: str, number: str) -> Answer:
        """`DELETE …/tags?tag=a || b`."""
        library, _ = self.opened(request, scope, number, write=True)
        names = [each.strip() for each in one(request.query, "tag").split("||")]
        version = library.delete_tags(names, request.version("if-unmodified-since-version"))
        return Answer(204, headers={"Last-Modified-Version": str(version)})

    def settings(self, request: Request, scope: str, number: str) -> Answer:
        """`GET …/settings`."""
        library, _ = self.opened(request, scope, number)
        with library.lock:
            known = request.version("if-modified-since-version")
            headers = {"Last-Modified-Version": str(library.version)}
            if known is not None and library.version <= known:
                return self._unmodified(library)
            since = _since(request)
            shown = {
                name: each.data | {"version": each.version}
                for name, each in library.settings.items()
                if each.version > since
            }
            return Answer(200, shown, headers)

    def write_settings(self, request: Request, scope: str, number: str) -> Answer:
        """`POST …/settings`."""
        library, _ = self.opened(request, scope, number, write=True)
        sent = request.json()
        version = library.write_settings(sent, request.version("if-unmodified-since-version"))
        return Answer(204, headers={"Last-Modified-Version": str(version)})


def _since(request: Request) -> int:
    return number(request.query, "since", 0)


def number_of(request: Request, name: str, default: int) -> int:
    """A number of the query, where the path's own `number` hides the function of that name."""
    return number(request.query, name, default)


def _sees_notes(key: ApiKey, scope: str) -> bool:
    return scope == "groups" or bool(key.access.get("user", {}).get("notes"))


Handler = Callable[..., Answer]
A = Application
_LIBRARY = r"/(?P<scope>users|groups)/(?P<number>\d+)"
_KIND = rf"/(?P<kind>{'|'.join(KINDS)})"
_KEY = r"/(?P<key>[0-9A-Za-z]{8})"
ROUTES: tuple[tuple[re.Pattern[str], dict[str, Handler]], ...] = tuple(
    (re.compile(path), methods)
    for path, methods in (
        ("/keys/current", {"GET": A.keys_current}),
        (r"/groups/(?P<number>\d+)", {"GET": A.group}),
        (r"/users/(?P<number>\d+)/groups", {"GET": A.groups}),
        ("/schema", {"GET": A.served_schema}),
        ("/itemTypes", {"GET": A.item_types}),
        ("/item(Type)?Fields", {"GET": A.item_fields}),
        ("/itemTypeCreatorTypes", {"GET": A.creator_types}),
        ("/items/new", {"GET": A.template}),
        (f"{_LIBRARY}/deleted", {"GET": A.deleted}),
        (f"{_LIBRARY}/tags", {"GET": A.tags, "DELETE": A.delete_tags}),
        (f"{_LIBRARY}/settings", {"GET": A.settings, "POST": A.write_settings}),
        (
            f"{_LIBRARY}{_KIND}",
            {"GET": A.read_many, "POST": A.write_many, "DELETE": A.delete_many},
        ),
        (f"{_LIBRARY}{_KIND}/(?P<part>top|trash)", {"GET": A.read_many}),
        (
            f"{_LIBRARY}{_KIND}{_KEY}",
            {
                "GET": A.read_one,
                "PUT": A.write_one,
                "PATCH": A.write_one,
                "DELETE": A.delete_one,
            },
        ),
        (
            f"{_LIBRARY}/(?P<parent>collections){_KEY}/(?P<kind>items|collections)",
            {"GET": A.read_below},
        ),
        (f"{_LIBRARY}/(?P<parent>items){_KEY}/(?P<kind>children)", {"GET": A.read_below}),
    )
)


def _as_older_apps_do(found: Found, query: Query) -> Found:
    """Zotero 7: no trash by key, and with `since`, even 0, nothing that was never uploaded."""
    by_key, since = "itemKey" in query, "since" in query
    return [
        (key, stored)
        for key, stored in found
        if not (by_key and stored.data.get("deleted")) and not (since and not stored.version)
    ]
