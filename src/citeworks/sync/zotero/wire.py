"""One exchange with a Zotero server on the wire: connections, trust, proxies, bounds.

It knows urllib3 and what its errors mean for a caller: whether the request can have had an effect.
Nothing is repeated here, no redirect is followed, and no status means anything.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3 import exceptions

from citeworks.errors import BadResponse
from citeworks.sync.zotero.answers import SOURCE, Answer

READERS = 2
"""Requests at the same time; Zotero allows one user five, of all their programs together."""

LARGEST_ANSWER = 256 * 1024 * 1024
KEEP_SECONDS = 4.0
"""A connection that was idle for longer may be closed by the server at any moment."""

_CHUNK = 1 << 18


class NotSentError(Exception):
    """There was no connection, so the request had no effect."""


class NoAnswerError(Exception):
    """The connection broke or took too long; whether the request had an effect is not known."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long an exchange may take: to connect, to wait for more of the answer, and in all."""

    connect: float
    read: float
    total: float


class Wire:
    """The connections to one server, `READERS` at most at a time; for several threads."""

    def __init__(self, address: str, *, uses_proxies: bool) -> None:
        self._address, self._uses_proxies = address, uses_proxies
        self._lock = threading.Lock()
        self._pool: urllib3.PoolManager | None = None
        self._used = time.monotonic()

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        seconds: Seconds,
    ) -> Answer:
        """Send once, and read the whole answer. Raises NotSentError, NoAnswerError, BadResponse."""
        deadline = time.monotonic() + seconds.total
        timeout = urllib3.Timeout(connect=seconds.connect, read=seconds.read)
        try:
            with self._ready().request(
                method,
                url,
                body=body,
                headers={"Accept-Encoding": "gzip, deflate", **headers},
                timeout=timeout,
                redirect=False,
                retries=False,
                preload_content=False,
            ) as response:
                content = _whole(response, deadline)
        except exceptions.HTTPError as error:
            raise _meaning(error, method) from error
        self._used = time.monotonic()
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, names, content)

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.clear()

    def _ready(self) -> urllib3.PoolManager:
        with self._lock:
            if self._pool is None:
                self._pool = _pool(self._address, uses_proxies=self._uses_proxies)
            elif time.monotonic() - self._used > KEEP_SECONDS:
                self._pool.clear()
            return self._pool


def _whole(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    """The body, unpacked; BadResponse if it is too large or drips for too long."""
    chunks, size = [], 0
    while chunk := response.read1(_CHUNK, decode_content=True):
        size += len(chunk)
        if size > LARGEST_ANSWER or time.monotonic() > deadline:
            raise BadResponse("Zotero's answer does not end", source=SOURCE)
        chunks.append(chunk)
    return b"".join(chunks)


_NOT_SENT = (exceptions.ConnectTimeoutError, exceptions.NewConnectionError, exceptions.ProxyError)


def _meaning(error: exceptions.HTTPError, method: str) -> NotSentError | NoAnswerError:
    is_unsent = isinstance(error, (*_NOT_SENT, exceptions.LocationValueError))
    is_unsent |= method == "GET" and isinstance(error, exceptions.SSLError)
    return NotSentError() if is_unsent else NoAnswerError()


def _pool(address: str, *, uses_proxies: bool) -> urllib3.PoolManager:
    parts = urlsplit(address)
    trust = _trust() if parts.scheme == "https" else None
    host = parts.hostname or ""
    proxy = getproxies().get(parts.scheme) if uses_proxies and not proxy_bypass(host) else None
    if not proxy:
        return urllib3.PoolManager(ssl_context=trust, maxsize=READERS, block=True)
    user = urlsplit(proxy)
    pair = f"{unquote(user.username or '')}:{unquote(user.password or '')}"
    headers = urllib3.make_headers(proxy_basic_auth=pair) if user.username else None
    return urllib3.ProxyManager(
        proxy, proxy_headers=headers, ssl_context=trust, maxsize=READERS, block=True
    )


def _trust() -> ssl.SSLContext:
    """The authorities of this machine, and those that every browser knows."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
