"""Requests to one Zotero server, until they are answered.

Here are the headers, the pauses that the server asks for, which hold for all requests; the repeats
of what may be repeated (any read, and a write that was certainly refused: 429, 503, a locked
library, no connection); what each status means. A write whose answer is lost raises `Unavailable`;
it is never sent again from here.

The key stands in a header only. It is in no address, message, log line or `repr`, redirects are
not followed with it, and what a server says is shown without it.
"""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlencode, urlsplit

from citeworks import __version__
from citeworks.errors import (
    BadResponse,
    NotFound,
    PermissionRefused,
    RateLimited,
    Unavailable,
)
from citeworks.sync.interface import Json, LibraryId
from citeworks.sync.zotero.answers import SOURCE, Answer
from citeworks.sync.zotero.pauses import Patience, Pause, asked_pause
from citeworks.sync.zotero.wire import NoAnswerError, NotSentError, Seconds, Wire

if TYPE_CHECKING:
    from citeworks.sync.zotero.consent import Permissions

ZIP_FROM = 1_000
CONNECT_SECONDS, READ_SECONDS, WRITE_SECONDS, CONSENT_SECONDS = 4.0, 20.0, 60.0, 120.0
API_VERSION = "3"
REPEATABLE = frozenset({409, 429, 503})
"""Statuses of a request that had no effect: the library is locked, wait, maintenance."""

LATER = "run the same command again later; nothing is lost"


class ConsentNeeded(PermissionRefused):
    """The desktop app wants its user to allow the change."""


class Session:
    """Requests to one server for one library: headers, pauses, repeats, and errors of our own."""

    def __init__(
        self,
        library: LibraryId,
        address: str,
        key: str,
        is_local: bool,
        patience: Patience | None,
        notice: Callable[[float], None] | None,
        timeout: float | None,
    ) -> None:
        self.address, self.is_local = address, is_local
        self.patience = patience or Patience()
        self.pause = Pause(notice=notice, longest=self.patience.total)
        self.requests: Counter[str] = Counter()
        self.schema_version = 0
        self.key = "" if is_local else key
        self.local_key, self.local_server = key if is_local else "", ""
        self._library, self._timeout, self._recalled = library, timeout, False
        self._lock = threading.Lock()
        self._wire = Wire(address, uses_proxies=not is_loopback(address))

    def __repr__(self) -> str:
        return f"<requests to {self.address}>"

    def __call__(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        objects: Sequence[Json] | None = None,
    ) -> Answer:
        """Send one request until it is answered; the answer is any but those of `REPEATABLE`.

        Raises RateLimited, Unavailable, and whatever a status of any request means.
        """
        body, zipped = _body(objects, zip_it=not self.is_local)
        began, attempt = time.monotonic(), 0
        while True:
            self.pause.wait(SOURCE)
            waited = time.monotonic() - began
            last = attempt + 1 >= self.patience.attempts or waited >= self.patience.total
            try:
                answer = self._exchange(method, path, params, {**zipped, **(headers or {})}, body)
            except NotSentError as error:
                if last or attempt + 1 >= self.patience.unreachable:
                    self._unreachable(error)
                self.pause.ask(self.patience.delay(attempt) / 2)
            except NoAnswerError as error:
                if last or method != "GET":
                    self._no_answer(method, error)
                self.pause.ask(self.patience.delay(attempt) / 2)
            else:
                if not self._must_repeat(method, answer, attempt):
                    self._check(answer)
                    return answer
                self._hold(answer, attempt, last)
            attempt += 1

    # -- one exchange -------------------------------------------------------------------------

    def _exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Answer:
        """Send once, and take note of what the answer says to all requests."""
        with self._lock:
            self.requests[method] += 1
        url = f"{self.address}/{path}" + (f"?{urlencode(params)}" if params else "")
        seconds = self._timeout or (READ_SECONDS if method == "GET" else WRITE_SECONDS)
        limits = Seconds(min(CONNECT_SECONDS, seconds), seconds, self.patience.total)
        answer = self._wire.send(method, url, {**self._headers(method), **headers}, body, limits)
        if self.is_local and not self.local_server:
            self.local_server = answer.headers.get("zotero-server-id", "")
        if (number := answer.headers.get("zotero-schema-version", "")).isdecimal():
            self.schema_version = int(number)
        if (pause := asked_pause(answer.headers)) is not None:
            self.pause.ask(pause)
        return answer

    def _headers(self, method: str) -> dict[str, str]:
        headers = {"User-Agent": f"citeworks/{__version__}", "Zotero-API-Version": API_VERSION}
        if self.key:
            headers["Zotero-API-Key"] = self.key
        if self.local_server:
            headers["Zotero-Server-ID"] = self.local_server
        if self.local_key and method != "GET":
            headers["Zotero-API-Key"] = self.local_key
        return headers

    def _must_repeat(self, method: str, answer: Answer, attempt: int) -> bool:
        """True for what had no effect; a proxy's page in place of an answer may be gone soon."""
        if answer.status in REPEATABLE:
            return True
        if answer.is_web_page:
            return method == "GET" and attempt + 1 < self.patience.unreachable
        return method == "GET" and answer.status >= 500 and answer.status != 501

    def _hold(self, answer: Answer, attempt: int, last: bool) -> None:
        """Let everybody wait before the repeat, or give up."""
        asked = asked_pause(answer.headers)
        if last and answer.status == 429:
            raise RateLimited(
                "Zotero limits the rate of requests, and did not stop to",
                source=SOURCE,
                retry_after=asked,
                hint=LATER,
            )
        if last:
            raise Unavailable(
                f"Zotero answers with status {answer.status}: {self._said(answer)}",
                source=SOURCE,
                hint=LATER,
            )
        delay = self.patience.delay(attempt)
        self.pause.ask(delay if asked is None else max(asked, delay / 10))

    # -- what statuses mean -------------------------------------------------------------------

    def _check(self, answer: Answer) -> None:
        """Raise what any request may be refused with; 304, 412 and 413 are for the callers."""
        status = answer.status
        if status == 412 and "Zotero-Server-ID" in answer.text:
            raise BadResponse("the Zotero app has opened another database", source=SOURCE)
        if status < 300 or status in (304, 412, 413):
            return
        said = self._said(answer)
        if status < 400:
            self._redirected(answer)
        if status in (401, 403):
            refusal = ConsentNeeded if status == 401 and self.is_local else PermissionRefused
            said = said if self.key or self.is_local else f"{said} (and there is no API key)"
            what = "" if self.is_local or "key" in said else f" access to {self._library}"
            raise refusal(f"Zotero refuses{what}: {said}", hint=advice(said, self.is_local))
        if status == 404:
            raise NotFound(f"Zotero does not know this: {said}", source=SOURCE)
        if status == 501:
            raise PermissionRefused(
                "this Zotero app only lets others read",
                hint="Zotero 10 accepts changes through its local API; or use the Web API",
            )
        text = f"Zotero answers with status {status}: {said}"
        if status >= 500:
            raise Unavailable(text, source=SOURCE, hint=LATER, status=status)
        raise BadResponse(text, source=SOURCE)

    def _said(self, answer: Answer) -> str:
        """What the server says, without the key should it repeat it."""
        said = answer.text or "nothing more"
        for secret in (self.key, self.local_key):
            said = said.replace(secret, "…") if secret else said
        return said

    def _redirected(self, answer: Answer) -> NoReturn:
        host = urlsplit(answer.headers.get("location", "")).hostname or "another path"
        raise BadResponse(
            f"the Zotero server redirects to {host}, where the key is not sent",
            source=SOURCE,
            hint="set CITE_ZOTERO_URL to the final address if you trust it",
        )

    def _unreachable(self, error: Exception) -> NoReturn:
        raise Unavailable(
            f"cannot reach {self.address}",
            source=SOURCE,
            hint="is the Zotero app running, and its local API enabled in the settings?"
            if self.is_local
            else "check the network and CITE_ZOTERO_URL",
        ) from error

    def _no_answer(self, method: str, error: Exception) -> NoReturn:
        unsure = "" if method == "GET" else "; whether the change was made is not known"
        raise Unavailable(
            f"no whole answer from {self.address}{unsure}",
            source=SOURCE,
            hint="run the same command again; nothing is lost",
        ) from error

    def ask_consent(self, permissions: Permissions | None) -> None:
        """Have the desktop app ask its user; the key that it gives is used from then on.

        A key that was kept from an earlier run is tried first, once.
        """
        from citeworks.sync.zotero.consent import ask_consent

        kept = ""
        if permissions is not None and not self._recalled:
            kept, self._recalled = permissions.recall(self.local_server), True
        if kept and kept != self.local_key:
            self.local_key = kept
            return
        seconds = self._timeout or CONSENT_SECONDS
        asked = self._library, self.address, self.local_server, seconds
        self.local_key, is_for_always = ask_consent(*asked)
        if is_for_always and permissions is not None:
            permissions.keep(self.local_server, self.local_key)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()


def _body(objects: Sequence[Json] | None, *, zip_it: bool) -> tuple[bytes | None, dict[str, str]]:
    if objects is None:
        return None, {}
    body = json.dumps(list(objects), ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )
    headers = {"Content-Type": "application/json"}
    if zip_it and len(body) >= ZIP_FROM:
        return gzip.compress(body, 1), headers | {"Content-Encoding": "gzip"}
    return body, headers


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")


def advice(said: str, is_local: bool) -> str:
    """What to do about a refusal."""
    if is_local:
        return "enable the local API in the app's settings, and allow citeworks to change things"
    if "Invalid key" in said or "API key" in said:
        return "set CITE_ZOTERO_API_KEY to a key from https://www.zotero.org/settings/keys"
    return "is the key's user a member of the group, and may the key use it? see its settings"
