"""The values of HTTP as we use it: a service, a request to it, and its response.

Knows how a request is named without its secrets. Refuses to know sockets, caches and clocks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from citeworks.errors import BadResponse

DAY = 86_400.0
_PATH_SAFE = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Service:
    """How one service is to be asked.

    `base` is its address without a final slash. `interval` is in seconds and holds for all our
    processes on the machine; services that name the same `pace` share one. `lifetime` and
    `negative_lifetime` are the seconds for which an answer, and an answer that there is nothing,
    are kept. `identity` (parameters) and `headers` say who asks; they may be secrets and are part
    of no cache key, message or log. `also` are further hosts to which the service redirects.
    """

    name: str
    base: str
    interval: float = 0.0
    concurrency: int = 2
    pace: str = ""
    lifetime: float = 7 * DAY
    negative_lifetime: float = DAY
    identity: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    also: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """The host and, where it is not the scheme's own, the port."""
        return urlsplit(self.base).netloc.lower()


@dataclass(frozen=True, slots=True)
class Request:
    """A GET, or with a `body` a POST of JSON; `path` is not yet percent-encoded."""

    service: Service
    path: str
    params: tuple[tuple[str, str], ...] = ()
    accept: str = "application/json"
    body: str = ""

    @property
    def url(self) -> str:
        """The address without what says who asks."""
        return self._address(self.params)

    @property
    def private_url(self) -> str:
        """The address as it is sent; for nobody's eyes."""
        return self._address((*self.params, *self.service.identity.items()))

    @property
    def key(self) -> str:
        """The name of the request in the cache, free of secrets."""
        text = "\n".join((self.service.name, self.url, self.accept, self.body))
        return hashlib.sha256(text.encode()).hexdigest()

    def _address(self, params: tuple[tuple[str, str], ...]) -> str:
        query = urlencode(params)
        path = quote(self.path, safe=_PATH_SAFE)
        return f"{self.service.base}{path}" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: header names in lower case, the body decompressed and whole."""

    source: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    retrieved: datetime

    @property
    def is_missing(self) -> bool:
        """True if the service says that it has no such thing."""
        return self.status in (404, 410)

    @property
    def text(self) -> str:
        """The body as text, in the encoding that it names, else UTF-8."""
        name = self.headers.get("content-type", "").lower().partition("charset=")[2]
        try:
            return self.body.decode(name.split(";")[0].strip(" \"'") or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises BadResponse when it is none, whatever its label says."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise self.bad("no JSON") from error

    def bad(self, what: str) -> BadResponse:
        """The error that says that the answer is not what the service promises."""
        return BadResponse(f"{self.source} answered with {what}", source=self.source)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, attempts and bytes that bound one exchange; `total` includes retries and waits."""

    connect: float = 4.0
    read: float = 12.0
    total: float = 40.0
    attempts: int = 4
    size: int = 32 << 20
    backoff: float = 0.5
    longest_backoff: float = 8.0


class Failure(Exception):
    """An exchange failed.

    `connected` is False if nobody was reached, `slow` if nobody answered in time, `again` if it may
    pass.
    """

    def __init__(
        self, what: str, *, connected: bool = True, slow: bool = False, again: bool = True
    ) -> None:
        super().__init__(what)
        self.what, self.connected, self.slow, self.again = what, connected, slow, again
