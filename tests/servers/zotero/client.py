"""The least client that a test of the server needs: paths, versions and reports, no judgement."""

from __future__ import annotations

import secrets
from types import TracebackType
from typing import Any

import requests

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
TIMEOUT = 30


def new_key() -> str:
    """A random object key."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def item(title: str = "Atlas", **fields: Any) -> dict[str, Any]:
    """A journal article to send, with a key of its own."""
    return {
        "key": new_key(),
        "version": 0,
        "itemType": "journalArticle",
        "title": title,
        "creators": [],
        "tags": [],
        "collections": [],
        "relations": {},
    } | fields


class Api:
    """One library at a URL with a key ("" for none)."""

    def __init__(self, url: str, library: str, key: str = "") -> None:
        self.url, self.path, self.key = url.rstrip("/"), library, key
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Zotero-API-Version"] = "3"
        if key:
            self.session.headers["Zotero-API-Key"] = key

    def __enter__(self) -> Api:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.close()

    def call(
        self, method: str, path: str, *, unmodified: int | None = None, **options: Any
    ) -> requests.Response:
        """A request in the library, or anywhere if the path begins with a slash."""
        target = f"{self.url}{path}" if path.startswith("/") else f"{self.url}/{self.path}/{path}"
        headers = options.pop("headers", {})
        if unmodified is not None:
            headers = headers | {"If-Unmodified-Since-Version": str(unmodified)}
        return self.session.request(method, target, headers=headers, timeout=TIMEOUT, **options)

    def get(self, path: str, **params: Any) -> requests.Response:
        """GET with a query."""
        return self.call("GET", path, params=params)

    def json(self, path: str, **params: Any) -> Any:
        """The JSON of a GET."""
        return self.get(path, **params).json()

    def post(self, *objects: Any, kind: str = "items", **options: Any) -> requests.Response:
        """A multi-object write."""
        return self.call("POST", kind, json=list(objects), **options)

    def created(self, *objects: Any, kind: str = "items") -> list[dict[str, Any]]:
        """Write objects, all of which must be taken; gives their data."""
        report = self.post(*objects, kind=kind).json()
        assert report["failed"] == {}
        return [report["successful"][str(place)]["data"] for place in range(len(objects))]

    def collection(self, name: str = "Papers", parent: str | bool = False) -> str:
        """The key of a new collection."""
        sent = {"key": new_key(), "version": 0, "name": name, "parentCollection": parent}
        key: str = self.created(sent, kind="collections")[0]["key"]
        return key

    def data(self, key: str, kind: str = "items") -> dict[str, Any]:
        """The data of one object."""
        data: dict[str, Any] = self.json(f"{kind}/{key}")["data"]
        return data

    @property
    def version(self) -> int:
        """The library's version."""
        return version(self.get("items", limit=1))


def version(response: requests.Response) -> int:
    """The version header of an answer."""
    return int(response.headers["Last-Modified-Version"])


def emptied(api: Api) -> Api:
    """The library without any object."""
    for kind, name in (("items", "itemKey"), ("collections", "collectionKey")):
        keys = list(api.json(kind, format="versions", includeTrashed=1))
        for start in range(0, len(keys), 50):
            params = {name: ",".join(keys[start : start + 50])}
            api.call("DELETE", kind, params=params, unmodified=api.version)
    return api
