"""The client of a run: cache first, then in turn, again after a fault, and not for ever.

Knows which faults pass, how long to wait between attempts (full jitter, or what ``Retry-After``
says); ``health`` knows when a service is given up. What an answer means is known to the `parse`
function that comes with each request. Refuses to know the wire.
"""

from __future__ import annotations

import contextlib
import logging
import math
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from citeworks import __version__
from citeworks.errors import BadResponse, RateLimited, SourceError, Unavailable
from citeworks.http.cache import Cache, Entry
from citeworks.http.guard import Guard
from citeworks.http.health import Health
from citeworks.http.interface import Failure, Limits, Request, Response, Service
from citeworks.http.pace import LONGEST_WAIT, Busy, Turns, file_name

if TYPE_CHECKING:
    from citeworks.http.transport import Raw, Transport

T = TypeVar("T")
_log = logging.getLogger("citeworks.http")
_budget: ContextVar[float | None] = ContextVar("budget", default=None)

_SHORT_PAUSE = 6.0
"""Seconds; waiting so long for a turn is no fault of the service."""

_STUMBLES = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 531)})
_ANSWERS = frozenset({*range(200, 300), 400, 404, 410, 422})


class Client:
    """Asks services. Safe to share between threads; a context manager that closes itself.

    `folder` holds the cache and the pace of all our processes (None: neither outlives the client).
    With `offline` only the cache answers, fresh or not. `contact` is an e-mail address.
    """

    def __init__(
        self,
        services: Iterable[Service],
        *,
        folder: Path | None = None,
        contact: str = "",
        offline: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.offline = offline
        self._guard = Guard(services)
        self._contact = contact
        self._folder = folder
        self._cache = Cache(folder / "http.sqlite3" if folder else None)
        self._turns: dict[str, Turns] = {}
        self._health = Health()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._transport_: Transport | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Wake whoever waits, and close connections and cache."""
        self._closed.set()
        with self._lock:
            if self._transport_ is not None:
                self._transport_.close()
        self._cache.close()

    @contextlib.contextmanager
    def budget(self, seconds: float) -> Iterator[None]:
        """All that is fetched inside, in this thread, takes at most so long together."""
        outer = _budget.get()
        end = time.monotonic() + seconds
        token = _budget.set(end if outer is None else min(end, outer))
        try:
            yield
        finally:
            _budget.reset(token)

    def fetch(self, request: Request, parse: Callable[[Response], T], *, keep: bool = True) -> T:
        """What `parse` makes of the answer, from the cache where that is fresh.

        `parse` sees statuses 2xx, 400, 404, 410 and 422. If it raises BadResponse the answer is not
        kept and asked for again, as after any fault that may pass; a false value (nothing found)
        and a 404 are kept for the shorter time. Without `keep` the cache is left out. Raises
        SourceError: RateLimited, Unavailable or BadResponse.
        """
        entry = self._cache.get([request.key]).get(request.key) if keep else None
        if entry is not None and (entry.is_fresh or self.offline):
            with contextlib.suppress(BadResponse):
                return read(parse, _response(request.service, entry))
            entry = None
        self._require_network(request.service)
        return self._asked(request, parse, entry, keep)

    def recall(self, service: Service, names: Sequence[str]) -> dict[str, Response]:
        """What was remembered of single things that a service was asked for in batches."""
        keys = {_item_key(service, name): name for name in names}
        return {
            keys[key]: _response(service, entry)
            for key, entry in self._cache.get(keys).items()
            if entry.is_fresh or self.offline
        }

    def remember(self, service: Service, answers: Mapping[str, str], retrieved: datetime) -> None:
        """Keep one text for each single thing; an empty one says that there is no such thing."""
        now = time.time()
        self._cache.put(
            {
                _item_key(service, name): Entry(
                    200 if text else 404,
                    {},
                    text.encode(),
                    retrieved,
                    now + (service.lifetime if text else service.negative_lifetime),
                )
                for name, text in answers.items()
            }
        )

    def _require_network(self, service: Service) -> None:
        if self.offline:
            raise Unavailable(f"{service.name}: not in the cache", source=service.name)
        self._health.check(service)

    def _asked(
        self, request: Request, parse: Callable[[Response], T], entry: Entry | None, keep: bool
    ) -> T:
        service = request.service
        try:
            result, kept = self._attempts(request, parse, entry)
        except _NoTurn as error:
            if (error.retry_after or 0.0) > _SHORT_PAUSE:
                self._health.failed(service, error)
            raise
        except SourceError as error:
            self._health.failed(service, error)
            raise
        self._health.answered(service)
        if keep and kept.status not in (400, 422):
            lasting = bool(result) and kept.status < 400
            life = service.lifetime if lasting else service.negative_lifetime
            expires = time.time() + life
            self._cache.put(
                {request.key: Entry(kept.status, kept.headers, kept.body, kept.retrieved, expires)}
            )
        return result

    def _attempts(
        self, request: Request, parse: Callable[[Response], T], entry: Entry | None
    ) -> tuple[T, Response]:
        self._transport()  # made before the first turn, whose beginning counts
        outer = _budget.get() or math.inf
        deadline = min(outer, time.monotonic() + LONGEST_WAIT)
        last: SourceError = Unavailable(f"{request.service.name}: not asked", source="http")
        for attempt in range(self._health.attempts(request.service, self.limits.attempts)):
            if attempt and not self._wait(last, attempt, deadline):
                break
            try:
                with self._turn(request.service, deadline):
                    if not attempt:  # waiting for the first turn is not the service's fault
                        deadline = min(deadline, time.monotonic() + self.limits.total)
                    raw = self._exchange(request, entry, deadline)
                response = self._answer(request, raw, entry)
                return read(parse, response), response
            except BadResponse as bad:
                last, entry = bad, None
            except _Passing as passing:
                last = passing.error
        raise last

    @contextlib.contextmanager
    def _turn(self, service: Service, deadline: float) -> Iterator[None]:
        try:
            with self._turns_of(service).turn(deadline, self._sleep):
                self._health.check(service)
                yield
        except Busy as busy:
            raise _NoTurn(
                f"{service.name}: no turn in time", source=service.name, retry_after=busy.seconds
            ) from None

    def _exchange(self, request: Request, entry: Entry | None, deadline: float) -> Raw:
        """One exchange. Raises Unavailable, or _Passing if it is worth another attempt."""
        service = request.service
        headers = entry.validators if entry else {}
        connect = self._health.connect_seconds(self.limits.connect)
        patience = self._health.answer_seconds(service, self.limits.read)
        _log.debug("%s %s", "POST" if request.body else "GET", request.url)
        started = time.monotonic()
        try:
            raw = self._transport().send(request, headers, deadline, (connect, patience))
        except Failure as failure:
            _log.debug("%s: %s", service.name, failure.what)
            hopeless = self._health.is_hopeless(service, failure, time.monotonic() - started)
            error = Unavailable(f"{service.name}: {failure.what}", source=service.name)
            raise _Passing(error) if failure.again and not hopeless else error from None
        self._health.reached(service)
        turns = self._turns_of(service)
        turns.interval, turns.concurrency = _limits_said(raw.headers, service, turns.concurrency)
        return raw

    def _answer(self, request: Request, raw: Raw, entry: Entry | None) -> Response:
        """The answer as `parse` may see it. Raises SourceError or _Passing for any other."""
        service, status = request.service, raw.status
        if status == 304 and entry is not None:
            return _response(service, entry, retrieved=_now())
        if status in _ANSWERS:
            return Response(service.name, status, raw.headers, raw.body, _now())
        said = f"{service.name} answered HTTP {status}"
        after = _retry_after(raw.headers.get("retry-after", ""))
        if status == 429 or (after is not None and status in _PASSING):
            if after is not None:
                self._turns_of(service).postpone(after)
            raise _Passing(RateLimited(said, source=service.name, retry_after=after))
        if status in _PASSING:
            raise _Passing(Unavailable(said, source=service.name))
        hint = "it may want a key" if status in (401, 402, 403) else ""
        raise Unavailable(said, source=service.name, hint=hint)

    def _wait(self, error: SourceError, attempt: int, deadline: float) -> bool:
        """Sleep before another attempt; False if there is no time for it."""
        after = error.retry_after if isinstance(error, RateLimited) else None
        longest = min(self.limits.longest_backoff, self.limits.backoff * 2**attempt)
        pause = random.uniform(0, longest)  # noqa: S311 (full jitter, no secret)
        if after is not None:
            pause = after + pause / 10
        if time.monotonic() + pause >= deadline:
            return False
        self._sleep(pause)
        return True

    def _sleep(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise Unavailable("the client was closed", source="http")

    def _turns_of(self, service: Service) -> Turns:
        name = file_name(service.pace or service.name)
        with self._lock:
            if name not in self._turns:
                path = self._pace_file(name)
                self._turns[name] = Turns(path, service.interval, service.concurrency)
            return self._turns[name]

    def _pace_file(self, name: str) -> Path | None:
        if self._folder is None:
            return None
        folder = self._folder / "pace"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return None
        return folder / name

    def _transport(self) -> Transport:
        from citeworks.http.transport import Transport

        with self._lock:
            if self._transport_ is None:
                agent = f"citeworks/{__version__}"
                contact = "".join(each for each in self._contact if each.isprintable())
                agent += f" (mailto:{contact})" if contact.isascii() and contact else ""
                self._transport_ = Transport(self._guard, self.limits, agent)
            return self._transport_


def read(parse: Callable[[Response], T], response: Response) -> T:
    """What `parse` makes of an answer. Raises BadResponse, too, where it stumbles over nonsense."""
    try:
        return parse(response)
    except _STUMBLES as error:
        _log.debug("%s: unreadable", response.source, exc_info=True)
        raise response.bad("what makes no sense") from error


class _NoTurn(RateLimited):
    """Others of us had the turns at a service, or it has asked for a pause."""


class _Passing(Exception):
    """A fault that may pass; `error` is what it is if it does not."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(error.message)
        self.error = error


def _response(service: Service, entry: Entry, retrieved: datetime | None = None) -> Response:
    return Response(
        service.name, entry.status, entry.headers, entry.body, retrieved or entry.retrieved
    )


def _item_key(service: Service, name: str) -> str:
    return sha256(f"{service.name}\n{service.base}\n{name}".encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _retry_after(text: str) -> float | None:
    """Seconds, from a count or an HTTP date (RFC 9110, section 10.2.3)."""
    text = text.strip()
    try:
        seconds = (
            float(text)
            if text[:1].isdigit()
            else (parsedate_to_datetime(text).timestamp() - time.time())
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), 86_400.0)


def _limits_said(
    headers: Mapping[str, str], service: Service, concurrency: int
) -> tuple[float, int]:
    """The interval and the concurrency that an answer allows, else those that hold.

    Crossref's words: ``x-rate-limit-limit`` requests per ``x-rate-limit-interval`` (``1s``), and
    ``x-concurrency-limit``. A configured interval is never undercut.
    """
    try:
        count = int(headers.get("x-rate-limit-limit", "0"))
        seconds = float(headers.get("x-rate-limit-interval", "1s").rstrip("s"))
        allowed = int(headers.get("x-concurrency-limit", "0"))
    except ValueError:
        return service.interval, concurrency
    interval = seconds / count if count > 0 and 0 < seconds <= 60 else 0.0
    return max(interval, service.interval), allowed if 0 < allowed <= 32 else concurrency
