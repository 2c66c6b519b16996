"""Sockets, faults and a log: every service below its own path on one port."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import socket
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from . import (
    acl,
    arxiv,
    arxiv_oai,
    crossref,
    datacite,
    dblp,
    doi,
    openalex,
    openreview,
    pubmed,
    semanticscholar,
    unpaywall,
)
from .call import Call, Reply, json_reply
from .corpus import Corpus

SERVICES = {
    "arxiv": arxiv.answer,
    "arxiv-oai": arxiv_oai.answer,
    "crossref": crossref.answer,
    "datacite": datacite.answer,
    "doi": doi.answer,
    "openalex": openalex.answer,
    "semanticscholar": semanticscholar.answer,
    "dblp": dblp.answer,
    "acl": acl.answer,
    "pubmed": pubmed.answer,
    "openreview": openreview.answer,
    "unpaywall": unpaywall.answer,
}

KINDS = {
    "429": "too many requests; `retry_after` seconds, or without the header",
    "500": "a fault of the service; also any other status from 400 to 599",
    "slow": "the right answer after `seconds`",
    "hang": "no answer for `seconds`",
    "drip": "the right answer, a byte at a time every `seconds`",
    "truncated": "the right answer, cut off in the middle",
    "html": "an HTML error page with status 200",
    "bomb": "a small gzip body that unpacks to a quarter of a gigabyte",
    "entities": "XML that declares entities which grow",
    "loop": "a redirect to itself",
    "elsewhere": "a redirect to `to`",
    "down": "the connection is closed without an answer",
    "empty": "arXiv: an empty page of a result that is not empty",
    "poison": "arXiv: HTTP 400 for every batch that holds the identifier `to`, which it names",
    "silent-poison": "arXiv: the same without naming it",
}
"""What can go wrong on demand."""

_ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><feed>&i;</feed>"
)
_PAGE = "<!DOCTYPE html><html><body><h1>Service temporarily unavailable</h1></body></html>"
_PLAIN_TEXTS = {"entities": ("application/xml", _ENTITIES), "html": ("text/html", _PAGE)}


@dataclass
class Fault:
    """What happens to the next `times` requests whose address holds `where` (None: to all)."""

    kind: str
    times: int | None = None
    where: str = ""
    retry_after: float | str | None = None
    seconds: float = 1.0
    to: str = ""


@dataclass(frozen=True)
class Asked:
    """One request as it was answered; status 0 is a closed connection."""

    service: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    started: float
    status: int
    body: bytes = b""


class MetadataServer:
    """A running server of all services; a context manager."""

    def __init__(self, corpus: Corpus, *, port: int = 0) -> None:
        self.corpus = corpus
        self.log: list[Asked] = []
        self._faults: dict[str, list[Fault]] = {}
        self._lock = threading.Lock()
        self._sockets = _Sockets(("127.0.0.1", port), _Handler)
        self._sockets.owner = self
        self.url = f"http://127.0.0.1:{self._sockets.server_address[1]}"
        self._thread = threading.Thread(
            target=self._sockets.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> MetadataServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._sockets.shutdown()
        self._sockets.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point `cite` here, without arXiv's interval."""
        urls = {
            f"CITE_{name.replace('-', '_').upper()}_URL": f"{self.url}/{name}" for name in SERVICES
        }
        return {**urls, "CITE_ARXIV_INTERVAL": "0", "CITE_ARXIV_OAI_INTERVAL": "0"}

    @property
    def counts(self) -> Counter[str]:
        """How often each service was asked."""
        with self._lock:
            return Counter(each.service for each in self.log)

    def asked(self, service: str) -> list[Asked]:
        """The requests to one service, in order."""
        with self._lock:
            return [each for each in self.log if each.service == service]

    def fault(self, service: str, kind: str, times: int | None = None, **options: Any) -> None:
        """Let a service fail, after the faults that it has already."""
        if service not in SERVICES or not (kind in KINDS or kind.isdigit()):
            raise ValueError(f"no such fault: {service} {kind}")
        with self._lock:
            self._faults.setdefault(service, []).append(Fault(kind, times, **options))

    def heal(self, service: str = "") -> None:
        """Take all faults away, of one service or of all."""
        with self._lock:
            if service:
                self._faults.pop(service, None)
            else:
                self._faults.clear()

    def has_faults(self, service: str) -> bool:
        """True while a fault of a service is still to come."""
        with self._lock:
            return bool(self._faults.get(service))

    def forget(self) -> None:
        """Forget what was asked."""
        with self._lock:
            self.log.clear()

    def take_fault(self, service: str, address: str) -> Fault | None:
        """The fault for this request, counted."""
        with self._lock:
            for fault in self._faults.get(service, ()):
                if fault.where in address and fault.times != 0:
                    fault.times = fault.times - 1 if fault.times else None
                    if fault.times == 0:
                        self._faults[service].remove(fault)
                    return fault
        return None

    def note(self, asked: Asked) -> None:
        """Remember a request, before it is answered: whoever has an answer finds it here."""
        with self._lock:
            self.log.append(asked)


class _Sockets(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    owner: MetadataServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Sockets

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, *_: Any) -> None:
        """Keep quiet; the log is a list."""

    def _handle(self, body: bytes) -> int:
        parts = urlsplit(self.path)
        name, _, rest = parts.path.lstrip("/").partition("/")
        if name.startswith("_"):
            return self._send(self._control(name, dict(parse_qsl(parts.query))))
        if name not in SERVICES:
            return self._send(Reply(b"no such service", 404, "text/plain"))
        started, owner = time.time(), self.server.owner
        fault = owner.take_fault(name, unquote(self.path) + body.decode("utf-8", "replace"))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {key.lower(): value for key, value in self.headers.items()}
        quirk = fault.kind + (f" {fault.to}" if fault.to else "") if fault else ""
        call = Call(self.command, "/" + unquote(rest), query, headers, body, owner.url, quirk)
        reply = SERVICES[name](owner.corpus.seen_by(name), call)
        if fault is None:
            reply = _validated(reply, headers)
        status = _status(fault, reply)
        owner.note(Asked(name, call.path, query, headers, started, status, body))
        with contextlib.suppress(ConnectionError):  # the client may have heard enough
            self._fail(fault, reply) if fault else self._send(reply)
        return status

    def _control(self, name: str, query: dict[str, str]) -> Reply:
        owner = self.server.owner
        if name == "_fault":
            times = int(query["times"]) if query.get("times") else None
            options: dict[str, Any] = {
                k: query[k] for k in ("where", "retry_after", "to") if k in query
            }
            if "seconds" in query:
                options["seconds"] = float(query["seconds"])
            owner.fault(query.get("service", ""), query.get("kind", ""), times, **options)
        elif name == "_heal":
            owner.heal(query.get("service", ""))
        elif name == "_log":
            return json_reply(
                [f"{a.service}{a.path} {dict(a.query)} {a.status}" for a in owner.log]
            )
        return json_reply(owner.counts)

    def _fail(self, fault: Fault, reply: Reply) -> int:
        kind = fault.kind
        if kind.isdigit():
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            return self._send(Reply(b"Rate exceeded.", int(kind), "text/plain", headers))
        if kind in _PLAIN_TEXTS:
            type_, text = _PLAIN_TEXTS[kind]
            return self._send(Reply(text.encode(), 200, type_))
        if kind in ("loop", "elsewhere"):
            target = self.path if kind == "loop" else fault.to
            return self._send(Reply(b"", 302, "text/html", {"Location": target}))
        if kind == "bomb":
            return self._send(Reply(_bomb(), 200, reply.type, {"Content-Encoding": "gzip"}))
        if kind == "down":
            return self._reset()
        if kind in ("slow", "hang"):
            time.sleep(fault.seconds)
        if kind == "hang":
            return self._reset()
        if kind in ("truncated", "drip"):
            return self._in_pieces(reply, fault)
        return self._send(reply)

    def _send(self, reply: Reply) -> int:
        body, headers = reply.body, dict(reply.headers)
        if (
            len(body) > 500
            and "gzip" in self.headers.get("Accept-Encoding", "")
            and ("Content-Encoding" not in headers)
        ):
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self._start(reply, headers, len(body))
        self.wfile.write(body)
        return reply.status

    def _start(self, reply: Reply, headers: Mapping[str, str], length: int) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.type)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _in_pieces(self, reply: Reply, fault: Fault) -> int:
        self._start(reply, {}, len(reply.body))
        if fault.kind == "truncated":
            self.wfile.write(reply.body[: len(reply.body) // 2])
        else:
            for index in range(len(reply.body)):
                self.wfile.write(reply.body[index : index + 1])
                self.wfile.flush()
                time.sleep(fault.seconds)
        self.close_connection = True
        return reply.status

    def _reset(self) -> int:
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        return 0


def _status(fault: Fault | None, reply: Reply) -> int:
    """The status that will be answered, 0 for none."""
    if fault is None:
        return reply.status
    if fault.kind.isdigit():
        return int(fault.kind)
    known = {"down": 0, "hang": 0, "loop": 302, "elsewhere": 302, "html": 200, "entities": 200}
    return known.get(fault.kind, reply.status)


def _validated(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """The reply with an entity tag, or 304 when the client has it already."""
    if reply.status != 200:
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    if headers.get("if-none-match") == tag:
        return Reply(b"", 304, reply.type, {"ETag": tag})
    return Reply(reply.body, 200, reply.type, {**reply.headers, "ETag": tag})


@cache
def _bomb() -> bytes:
    """A quarter of a gigabyte of zeros, packed to a megabyte."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    return b"".join([*(packer.compress(zeros) for _ in range(256)), packer.flush()])
