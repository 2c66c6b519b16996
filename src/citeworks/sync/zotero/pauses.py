"""When to send the next request: the pause that a server asked for, and how long we are patient.

One `Pause` is shared by all requests to a server, from any thread: what one of them is told holds
for all. It knows the headers ``Retry-After`` and ``Backoff`` and the clock; requests and their
answers are another module's.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from citeworks.errors import RateLimited


@dataclass(frozen=True, slots=True)
class Patience:
    """Bounds of one request, repeats included.

    `attempts` are how often it is sent, `unreachable` how often when there is no connection at
    all. A wait that no one told us the length of is `first` seconds, then twice as long each time,
    at most `longest`. `total` seconds of waiting are never exceeded.
    """

    attempts: int = 6
    unreachable: int = 3
    first: float = 1.0
    longest: float = 60.0
    total: float = 300.0

    def delay(self, attempt: int) -> float:
        """Seconds before the repeat after attempt number `attempt`, counted from 0."""
        return min(self.first * 2.0**attempt, self.longest)


class Pause:
    """The moment before which nothing is sent to one server."""

    def __init__(
        self, *, notice: Callable[[float], None] | None = None, longest: float = 300.0
    ) -> None:
        self._until = 0.0
        self._lock = threading.Lock()
        self._notice = notice
        self._longest = longest

    def ask(self, seconds: float) -> None:
        """Let nobody send anything for so many seconds from now."""
        with self._lock:
            self._until = max(self._until, time.monotonic() + seconds)

    def wait(self, source: str) -> float:
        """Wait until sending is allowed, and tell how long that took, in seconds.

        Raises RateLimited at once when that is further away than we are patient.
        """
        left = self._left()
        if left > self._longest:
            raise RateLimited(
                f"{source} asks for a pause of {left:.0f} seconds",
                source=source,
                retry_after=left,
                hint="run the same command again later; nothing is lost",
            )
        if left > 1 and self._notice:
            self._notice(left)
        began = time.monotonic()
        while (left := self._left()) > 0:
            time.sleep(left)
        return time.monotonic() - began

    def _left(self) -> float:
        with self._lock:
            return self._until - time.monotonic()


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Backoff`` or ``Retry-After`` ask for, the longer of both; None if neither.

    ``Retry-After`` is a number of seconds or a date (RFC 9110, section 10.2.3).
    """
    asked = [_seconds(headers[name]) for name in ("backoff", "retry-after") if name in headers]
    return max((each for each in asked if each is not None), default=None)


def _seconds(text: str) -> float | None:
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d*)?", text, re.ASCII):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
