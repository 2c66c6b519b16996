"""A site shown on this machine alone, and shown anew when its library changes; nothing is written.

Listens on the loopback address and answers requests that name it (so that no page elsewhere can
read along by a name of its own), with the files that it was given and no others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from citeworks.errors import CiteError

LOOPBACK = "127.0.0.1"
EVENTS = "/~events"
_POLL_SECONDS = 0.4
_BEAT_SECONDS = 10.0
_TYPES = {
    "html": "text/html", "xml": "application/atom+xml", "json": "application/json",
    "bib": "application/x-bibtex",
}  # fmt: skip

Make = Callable[[], Mapping[str, str]]


class Preview:
    """The files of a site as they are now; `version` counts how often they were made."""

    def __init__(self, make: Make, watched: Path, report: Callable[[CiteError], None]) -> None:
        self._make, self._watched, self._report = make, watched, report
        self.files, self.version = make(), 1
        self._stamp = self._look()
        self.changed = threading.Condition()

    def refresh(self) -> bool:
        """Make the files anew if the library changed; a broken library leaves them as they are."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            files = self._make()
        except CiteError as error:
            self._report(error)
            return False
        with self.changed:
            self.files, self.version = files, self.version + 1
            self.changed.notify_all()
        return True

    def _look(self) -> tuple[int, int]:
        try:
            found = self._watched.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)


class PreviewServer(ThreadingHTTPServer):
    """Serves a preview; ``server_address`` tells the port that was given."""

    daemon_threads = True

    def __init__(self, preview: Preview, port: int) -> None:
        self.preview = preview
        super().__init__((LOOPBACK, port), _Handler)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{LOOPBACK}:{self.server_port}/"

    def watch(self, on_change: Callable[[], None], stop: threading.Event) -> None:
        """Look for changes until `stop` is set."""
        while not stop.wait(_POLL_SECONDS):
            if self.preview.refresh():
                on_change()


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60
    _hosts: ClassVar[tuple[str, ...]] = (LOOPBACK, "localhost")

    def do_GET(self) -> None:
        """A file of the site, or the stream of its versions."""
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        path = unquote(urlsplit(self.path).path)
        if host not in self._hosts:
            self._answer(HTTPStatus.FORBIDDEN, b"not for this host\n", "text/plain")
        elif path == EVENTS:
            self._stream()
        else:
            self._file(path.lstrip("/") or "index.html")

    def do_HEAD(self) -> None:
        """The same without its body."""
        self.do_GET()

    def _file(self, name: str) -> None:
        text = self.server.preview.files.get(name)
        if text is None:
            self._answer(HTTPStatus.NOT_FOUND, b"no such page\n", "text/plain")
            return
        kind = _TYPES.get(name.rpartition(".")[2], "text/plain")
        self._answer(HTTPStatus.OK, text.encode("utf-8", "backslashreplace"), kind)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self) -> None:
        """Server-sent events (HTML Standard, section 9.2): the version, and each new one."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        preview = self.server.preview
        try:
            while True:
                self.wfile.write(f"event: version\ndata: {preview.version}\n\n".encode())
                self.wfile.flush()
                with preview.changed:
                    preview.changed.wait(_BEAT_SECONDS)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the command tells what matters."""
