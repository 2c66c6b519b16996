"""The stand-in for Zotero's server on a real socket: threads, gzip, faults, and a log of requests.

::

    with ZoteroServer() as server:
        key = server.add_user(7, "ada")
        server.add_group(42, owner=7)
        requests.get(f"{server.url}/groups/42/items", headers={"Zotero-API-Key": key})
"""

from __future__ import annotations

import contextlib
import gzip
import json
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .accounts import ApiKey, Group
from .application import Answer, Application, Request
from .faults import Fault, Faults
from .library import Library
from .schema import Schema

ZIP_FROM = 1_000


@dataclass(frozen=True)
class Logged:
    """One request as it was answered; `status` 0 is a dropped connection."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    status: int
    fault: str
    started: float


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Sockets

    def handle_expect_100(self) -> bool:
        self.close_connection = True
        self.send_error(417)
        return False

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the log is the server's `requests`."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def _exchange(self) -> None:
        started = time.monotonic()
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        query = parse_qs(parts.query, keep_blank_values=True)
        request = Request(self.command, unquote(parts.path), query, headers, body)
        owner = self.server.owner
        with owner.counted():
            fault = owner.fault_of(f"{self.command} {self.path}")
            answer = _reaction(owner, request, fault)
        drop = fault is not None and fault.drop
        status, name = 0 if drop else answer.status, fault.name if fault else ""
        logged = Logged(
            self.command, request.path, parts.query, headers, body, status, name, started
        )
        owner.requests.append(logged)
        if owner.between:
            owner.between(logged)
        if drop:
            self._hang_up()
        else:
            self._send(answer, request, cut=fault is not None and fault.cut)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _exchange  # noqa: N815

    def _hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, answer: Answer, request: Request, *, cut: bool) -> None:
        body, headers = _encoded(answer, request, self.server.owner)
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()
        if cut:
            self._hang_up()

    def version_string(self) -> str:
        return "stand-in"


def _reaction(owner: ZoteroServer, request: Request, fault: Fault | None) -> Answer:
    """The answer of the application, or what a fault makes of it."""
    if fault is None:
        return owner.application.answer(request)
    answer = owner.application.answer(request) if fault.applied else Answer(500)
    if fault.delay:
        owner.stopping.wait(fault.delay)
    if fault.status is not None:
        answer = Answer(fault.status, fault.body, {})
    answer.headers |= dict(fault.headers)
    return answer


def _encoded(answer: Answer, request: Request, owner: ZoteroServer) -> tuple[bytes, dict[str, str]]:
    headers = {"Zotero-API-Version": "3"} | answer.headers
    if not owner.hides_schema_version:
        headers["Zotero-Schema-Version"] = owner.application.schema_version
    if isinstance(answer.body, bytes):
        body = answer.body
    elif isinstance(answer.body, str):
        body = answer.body.encode()
        headers.setdefault("Content-Type", "text/plain; charset=utf-8")
    else:
        body = json.dumps(answer.body).encode()
        headers.setdefault("Content-Type", "application/json")
    if answer.status in (204, 304):
        return b"", headers
    if len(body) > ZIP_FROM and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1)
        headers["Content-Encoding"] = "gzip"
    return body, headers | {"Content-Length": str(len(body))}


class _Sockets(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: ZoteroServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error; anything else is shown by the tests' own failure."""
        self.owner.broken += 1


class ZoteroServer:
    """A server on a free port (or `port`) of 127.0.0.1, running inside a `with`.

    `between` is called after the effect of every request and before its answer: a place for what
    someone else does meanwhile. `rate_limit` is the size of a bucket and its refill a second,
    `at_once` the number of requests beyond which there is 429.
    """

    def __init__(
        self,
        schema: Schema | None = None,
        *,
        port: int = 0,
        shared_versions: bool = False,
        local: bool = False,
    ) -> None:
        self.application = Application(schema, shared_versions=shared_versions, local=local)
        self.faults = Faults()
        self.requests: list[Logged] = []
        self.stopping = threading.Event()
        self.broken = 0
        self.most_at_once = 0
        self.between: Callable[[Logged], object] | None = None
        self.hides_schema_version = False
        self.at_once: int | None = None
        self.rate_limit: tuple[float, float] | None = None
        self._bucket, self._filled = 0.0, time.monotonic()
        self._running = 0
        self._lock = threading.Lock()
        self._sockets = _Sockets(("127.0.0.1", port), _Handler)
        self._sockets.owner = self
        prefix = "/api" if local else ""
        self.url = f"http://127.0.0.1:{self._sockets.server_address[1]}{prefix}"

    def __enter__(self) -> ZoteroServer:
        self._thread = threading.Thread(
            target=self._sockets.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._sockets.shutdown()
        self._thread.join()
        self._sockets.server_close()

    # -- people and libraries -----------------------------------------------------------------

    def add_user(self, number: int = 1, name: str = "someone", **access: Any) -> str:
        """A key of a user; `access` as in `GET /keys/current`, all rights where not given."""
        key = ApiKey(secrets.token_hex(12), number, name)
        key.access = key.access | access
        self.application.accounts.keys[key.key] = key
        return key.key

    def add_group(self, number: int, owner: int = 1, **options: Any) -> Group:
        """A group; `options` are the fields of `Group`."""
        group = Group(number, owner, **options)
        self.application.accounts.groups[number] = group
        return group

    def library(self, scope: str, number: int) -> Library:
        """A library, to look into or to edit from the other side."""
        return self.application.library(scope, number)

    # -- what tests ask -----------------------------------------------------------------------

    @property
    def reads(self) -> int:
        """How many GET requests there were."""
        return Counter(each.method for each in self.requests)["GET"]

    @property
    def writes(self) -> int:
        """How many requests of another method there were."""
        return len(self.requests) - self.reads

    def forget_requests(self) -> None:
        """Begin the log anew."""
        self.requests.clear()
        self.most_at_once = 0

    # -- what the handler asks ----------------------------------------------------------------

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Count the requests that run at the same time."""
        with self._lock:
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def fault_of(self, line: str) -> Fault | None:
        """The fault of a request; an exhausted `rate_limit` (bucket, refill a second) is one."""
        fault = self.faults.next(line)
        if self.at_once is not None and self._running > self.at_once:
            return Fault("429", 429, (("Retry-After", "1"),), body="Too many concurrent requests")
        if fault is None and self.rate_limit is not None:
            with self._lock:
                size, refill = self.rate_limit
                now = time.monotonic()
                self._bucket = max(self._bucket - (now - self._filled) * refill, 0)
                self._filled = now
                if self._bucket + 1 > size:
                    wait = max(int((self._bucket + 1 - size) / refill + 0.999), 1)
                    return Fault("429", 429, (("Retry-After", str(wait)),), body="Rate limit")
                self._bucket += 1
        return fault
