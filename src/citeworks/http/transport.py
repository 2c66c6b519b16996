"""One exchange on the wire: connect, send, follow redirects, read what is allowed.

The only module that sees requests and urllib3. Knows time and size limits, also of what a body
unpacks to; says in its own words what went wrong, because foreign messages hold addresses with
keys in them. Refuses to retry.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from citeworks.http.guard import Guard, Refused, is_loopback
from citeworks.http.interface import Failure, Limits, Request

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_CHUNK = _LEAST = 1 << 10
"""Bytes that are read at once: as few as must come while they are waited for."""

_POLL_SECONDS = 0.25
Waits = tuple[float, float]
_NO_PROXIES: Any = {"http": None, "https": None, "all": None}


@dataclass(frozen=True, slots=True)
class Raw:
    """A whole answer: status, headers in lower case, body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Connections of one run, to allowed addresses only."""

    def __init__(self, guard: Guard, limits: Limits, user_agent: str) -> None:
        self._guard, self._limits = guard, limits
        self._session = requests.Session()
        self._session.headers.clear()
        self._session.headers.update(
            {
                "User-Agent": user_agent,
                "Accept-Encoding": "gzip, deflate",
                "Connection": "keep-alive",
            }
        )
        self._session.auth = _no_credentials
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._watched = threading.local()
        adapter = _Adapter(guard, self._watched)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        _hide_addresses_from_logs()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def send(
        self, request: Request, headers: Mapping[str, str], deadline: float, waits: Waits
    ) -> Raw:
        """Exchange, following redirects to allowed hosts. Raises Failure.

        `waits` are the seconds for a connection, and for an answer to begin and to go on.
        """
        url, body = request.private_url, request.body
        sent = {**headers, **request.service.headers, "Accept": request.accept}
        home = _place(url)
        for _ in range(_MOST_REDIRECTS):
            raw = self._exchange(url, body, sent, deadline, waits)
            target = raw.headers.get("location", "") if raw.status in _REDIRECTS else ""
            if not target:
                return raw
            url = _joined_url(url, target)
            if not self._guard.allows(url):
                raise Failure(
                    f"a redirect to {_shown_host(url)}, which is no configured source", again=False
                )
            if _place(url) != home:
                sent = {k: v for k, v in sent.items() if k not in request.service.headers}
            if raw.status == 303:
                body = ""
        raise Failure(f"more than {_MOST_REDIRECTS} redirects", again=False)

    def _exchange(
        self, url: str, body: str, headers: Mapping[str, str], deadline: float, waits: Waits
    ) -> Raw:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Failure("no time left", again=False)
        connect, read = (min(each, left) for each in waits)
        watch = _Watch(deadline, read + _POLL_SECONDS)  # the socket's own limit tells more
        self._watched.watch = watch
        try:
            with watch, self._send(url, body, headers, (connect, read)) as got:
                names = {name.lower(): value for name, value in got.headers.items()}
                return Raw(got.status_code, names, self._body(got.raw, names, watch))
        except _ERRORS as error:
            if watch.stopped:
                ended = time.monotonic() >= deadline
                raise Failure("took too long", slow=True, again=not ended) from None
            raise _explained(error) from None
        finally:
            self._watched.watch = None

    def _send(
        self, url: str, body: str, headers: Mapping[str, str], timeout: tuple[float, float]
    ) -> requests.Response:
        typed = {**headers, "Content-Type": "application/json"} if body else headers
        return self._session.request(
            "POST" if body else "GET",
            url,
            data=body.encode() if body else None,
            headers=dict(typed),
            timeout=timeout,
            proxies=_NO_PROXIES if is_loopback(urlsplit(url).hostname or "") else None,
            stream=True,
            allow_redirects=False,
        )

    def _body(self, raw: Any, headers: Mapping[str, str], watch: _Watch) -> bytes:
        """The unpacked body. Raises Failure if it is cut off, broken or too large."""
        packed = 0

        def chunks() -> Iterator[bytes]:
            nonlocal packed
            for chunk in raw.stream(_CHUNK, decode_content=False):
                packed += len(chunk)
                watch.heard(len(chunk))
                yield chunk

        body = _unpack(chunks(), headers.get("content-encoding", ""), self._limits.size)
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and packed < int(length):
            raise Failure("the answer was cut off")
        return body


class _Watch:
    """Shuts the socket of an exchange down when its time is over, or while it only drips.

    While an answer is waited for, `_LEAST` bytes must come within each `patience` seconds.
    """

    def __init__(self, deadline: float, patience: float) -> None:
        self.socket: socket.socket | None = None
        self.stopped = False
        self._deadline, self._patience = deadline, patience
        self._due, self._heard = deadline, 0
        self._over = threading.Event()

    def __enter__(self) -> _Watch:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def waits(self) -> None:
        """An answer is waited for from now on."""
        self._due = min(self._deadline, time.monotonic() + self._patience)

    def heard(self, size: int) -> None:
        """So many bytes of the body have come."""
        self._heard += size
        if self._heard >= _LEAST:
            self._heard = 0
            self.waits()

    def _watch(self) -> None:
        while (left := self._due - time.monotonic()) > 0:
            if self._over.wait(min(left, _POLL_SECONDS)):  # what is due may come to be due sooner
                return
        self.stopped = True
        if self.socket is not None:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.socket.close()


class _Adapter(HTTPAdapter):
    """An adapter with connections that ask the guard; a proxy of the user is asked plainly."""

    def __init__(self, guard: Guard, watched: threading.local) -> None:
        self._classes = _pool_classes(guard, watched)
        super().__init__(max_retries=0, pool_connections=16, pool_maxsize=8)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self._classes


def _pool_classes(guard: Guard, watched: threading.local) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with sockets that the guard opens and the watch knows."""

    def watch(connection: socket.socket | None, *, is_sent: bool = False) -> None:
        if (current := getattr(watched, "watch", None)) is not None:
            current.socket = connection
            if is_sent:
                current.waits()

    def open_socket(connection: HTTPConnection) -> socket.socket:
        seconds = connection.timeout if isinstance(connection.timeout, float | int) else 4.0
        try:
            opened = guard.connect(connection.host, connection.port or 0, seconds)
        except Refused:
            what = "its host is a private address that is no configured source"
            raise Failure(what, again=False) from None
        except OSError as error:
            raise Failure(_unreached(error), connected=False) from None
        watch(opened)
        return opened

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return open_socket(self)

        def getresponse(self) -> Any:
            watch(self.sock, is_sent=True)
            return super().getresponse()

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return open_socket(self)

        def getresponse(self) -> Any:
            watch(self.sock, is_sent=True)
            return super().getresponse()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)


def _unreached(error: OSError) -> str:
    for kind, what in (
        (socket.gaierror, "its host is not known (is there a network?)"),
        (TimeoutError, "it cannot be reached: no answer"),
        (ConnectionRefusedError, "it cannot be reached: the connection was refused"),
    ):
        if isinstance(error, kind):
            return what
    return "it cannot be reached"


def _explained(error: BaseException) -> Failure:
    """What happened, in words that hold nothing of the foreign message."""
    chain = list(_chain(error))
    if any(isinstance(each, requests.exceptions.Timeout | TimeoutError) for each in chain):
        return Failure("no answer in time", slow=True)
    for kind, what, again in _EXPLANATIONS:
        if any(isinstance(each, kind) for each in chain):
            return Failure(what, again=again)
    return Failure("the connection broke")


_EXPLANATIONS: tuple[tuple[type[BaseException], str, bool], ...] = (
    (requests.exceptions.SSLError, "its certificate cannot be trusted", False),
    (requests.exceptions.ProxyError, "the proxy cannot be reached", True),
    (ValueError, "a broken address or redirect", False),
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        reason = getattr(error, "reason", None)
        inner = next((each for each in error.args if isinstance(each, BaseException)), None)
        if isinstance(inner, urllib3.exceptions.MaxRetryError):
            inner = inner.reason
        error = (
            reason
            if isinstance(reason, BaseException)
            else inner or error.__cause__ or (error.__context__)
        )


def _unpack(chunks: Iterator[bytes], encoding: str, limit: int) -> bytes:
    """Join the chunks and undo gzip or deflate, never holding more than `limit` bytes."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _joined(chunks, limit)
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Failure(f"an encoding that nobody asked for: {encoding[:20]}")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        body = _joined(_unpacked(chunks, unpacker, limit), limit)
    except zlib.error:
        raise Failure("a body that cannot be unpacked") from None
    if body and not unpacker.eof:
        raise Failure("the answer was cut off")
    return body


def _unpacked(chunks: Iterator[bytes], unpacker: Any, limit: int) -> Iterator[bytes]:
    for chunk in chunks:
        waiting = chunk
        while waiting and not unpacker.eof:
            yield unpacker.decompress(waiting, limit + 1)
            waiting = unpacker.unconsumed_tail


def _joined(chunks: Iterator[bytes], limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise Failure(f"more than {limit >> 20} MB", again=False)
        pieces.append(chunk)
    return b"".join(pieces)


def _joined_url(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return ""


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _shown_host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "nowhere")[:100]
    except ValueError:
        return "nowhere"


def _no_credentials(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials of ~/.netrc are sent to metadata services."""
    return prepared


def _is_told(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def _hide_addresses_from_logs() -> None:
    """urllib3 logs every address with its parameters, keys included, at the level of debugging."""
    logger = logging.getLogger("urllib3.connectionpool")
    if _is_told not in logger.filters:
        logger.addFilter(_is_told)
