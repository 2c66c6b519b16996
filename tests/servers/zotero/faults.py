"""Faults on demand: what goes wrong with which request, by order or by chance with a seed.

A fault says what to do with one request; the HTTP handler does it. Which requests it hits is
decided here, under a lock, so that a run with one client and one seed is repeatable.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """What happens to a request.

    `status` is answered in place of the real answer; `headers` are added; `applied` lets the
    request have its effect first; `drop` closes the connection without an answer; `delay` waits
    that many seconds first; `body` stands in for the real one; `cut` ends the body half way.
    """

    name: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    applied: bool = False
    drop: bool = False
    delay: float = 0
    body: str = ""
    cut: bool = False


HTML = "<!DOCTYPE html><html><body><h1>Welcome to the library's proxy</h1></body></html>"


def rate_limited(seconds: int | None = 1) -> Fault:
    """429, with `Retry-After` unless `seconds` is None."""
    return Fault("429", 429, _retry(seconds), body="Rate limit exceeded")


def unavailable(seconds: int | None = None, status: int = 503) -> Fault:
    """503 (or another status), with `Retry-After` if `seconds` is given."""
    return Fault(str(status), status, _retry(seconds), body="Service unavailable")


def backoff(seconds: int = 1) -> Fault:
    """The real answer, which asks for a pause."""
    return Fault("backoff", headers=(("Backoff", str(seconds)),), applied=True)


def slow(seconds: float, *, applied: bool = True) -> Fault:
    """No answer for a while; the request has its effect, or not."""
    return Fault("slow", None if applied else 503, applied=applied, delay=seconds)


def dropped(*, applied: bool) -> Fault:
    """The connection closes without an answer, after or before the request had its effect."""
    return Fault("dropped after" if applied else "dropped before", applied=applied, drop=True)


def web_page(*, applied: bool = False) -> Fault:
    """200 with a web page, as a captive portal gives."""
    return Fault("html", 200, (("Content-Type", "text/html"),), applied=applied, body=HTML)


def cut_short() -> Fault:
    """The effect, and half of the answer."""
    return Fault("cut", applied=True, cut=True)


def redirected(target: str) -> Fault:
    """302 to somewhere else."""
    return Fault("redirect", 302, (("Location", target),))


def _retry(seconds: int | None) -> tuple[tuple[str, str], ...]:
    return () if seconds is None else (("Retry-After", str(seconds)),)


TWENTY_PERCENT_KINDS = (
    rate_limited(0),
    rate_limited(None),
    unavailable(0),
    unavailable(None),
    dropped(applied=False),
    dropped(applied=True),
    cut_short(),
)

EVERY_KIND = (
    *TWENTY_PERCENT_KINDS,
    web_page(),
    web_page(applied=True),
    unavailable(status=502),
    unavailable(status=500),
)
"""A status of 500 or 502 does not say whether the request had its effect; here it had none."""


@dataclass
class Faults:
    """The faults in wait: those ordered, then those of chance."""

    _ordered: list[tuple[re.Pattern[str], Fault]] = field(default_factory=list)
    _always: list[tuple[re.Pattern[str], Fault]] = field(default_factory=list)
    _kinds: Sequence[Fault] = ()
    _probability: float = 0
    _chance: random.Random = field(default_factory=random.Random)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, *faults: Fault, match: str = "") -> None:
        """Let the next requests have these faults, one each.

        `match` is searched in "METHOD /path?query"; other requests go by unharmed.
        """
        with self._lock:
            self._ordered += [(re.compile(match), each) for each in faults]

    def always(self, fault: Fault, match: str = "") -> None:
        """Let all requests that match have this fault, unless another was ordered for them."""
        with self._lock:
            self._always.append((re.compile(match), fault))

    def by_chance(
        self, probability: float, seed: int, kinds: Sequence[Fault] = TWENTY_PERCENT_KINDS
    ) -> None:
        """Let each request have one of the faults with a probability from 0 to 1."""
        with self._lock:
            self._kinds, self._probability = kinds, probability
            self._chance = random.Random(seed)

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._ordered, self._always, self._probability = [], [], 0

    def next(self, line: str) -> Fault | None:
        """The fault of this request, if it has one."""
        with self._lock:
            for place, (pattern, fault) in enumerate(self._ordered):
                if pattern.search(line):
                    del self._ordered[place]
                    return fault
            if self._probability and self._chance.random() < self._probability:
                return self._chance.choice(self._kinds)
            return next((fault for pattern, fault in self._always if pattern.search(line)), None)
