"""How services are doing in this run: which are given up, and how much patience is left for whom.

Knows that a service which just failed deserves fewer attempts, that one which keeps silent deserves
less time, and that where nobody at all has answered there may be no network. Refuses to know what
was asked, and forgets everything with the run.
"""

from __future__ import annotations

import math
import threading
import time

from citeworks.errors import RateLimited, SourceError, Unavailable
from citeworks.http.interface import Failure, Service

_OPEN_AFTER, _OPEN_SECONDS = 3, 60.0
"""Failed requests in a row after which a service is given up, and for how long."""

_NO_NETWORK_HOSTS, _PATIENCE, _IMPATIENT_CONNECT = 3, 6.0, 1.0
_FIRST_ANSWER, _NEXT_ANSWER, _ANSWER_AFTER_SILENCE = 7.0, 2.0, 4.0
"""Seconds for an answer: the first of a run, the next while nobody has answered and somebody kept
silent, and of a service that kept silent while others answer."""

_ATTEMPTS_IN_DOUBT = 2
"""Attempts at a service while another has failed and nobody has answered well."""


class Health:
    """What is known of all services; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, int] = {}
        self._given_up: dict[str, tuple[float, SourceError]] = {}
        self._unreached: dict[str, float] = {}
        self._silent: set[str] = set()
        self._anybody = self._anybody_well = False
        self._first_failure = math.inf

    def check(self, service: Service) -> None:
        """Raise what the service was given up for, while it is."""
        until, last = self._given_up.get(service.name, (0.0, None))
        left = until - time.monotonic()
        if isinstance(last, RateLimited) and left > 0:
            raise RateLimited(last.message, source=service.name, retry_after=left, hint=last.hint)
        if last is not None and left > 0:
            raise type(last)(last.message, source=service.name, hint=last.hint)
        if self._is_impatient() and self._slowly_unreached() >= _NO_NETWORK_HOSTS:
            raise Unavailable(f"{service.name}: there seems to be no network", source=service.name)

    def attempts(self, service: Service, usual: int) -> int:
        """How often a request may be sent: once where the last one failed after all attempts."""
        if service.name in self._faults:
            return 1
        if self._faults and not self._anybody_well:
            return min(usual, _ATTEMPTS_IN_DOUBT)
        return usual

    def answered(self, service: Service) -> None:
        """Note a good answer, which makes up for the faults of the service."""
        self._anybody_well = True
        with self._lock:
            self._faults.pop(service.name, None)

    def failed(self, service: Service, error: SourceError) -> None:
        """Count a request that failed after all its attempts; give the service up after some.

        At once where it was silent, cannot be reached, or asks for a pause again and again.
        """
        silent = service.host in self._unreached or service.name in self._silent
        after = error.retry_after if isinstance(error, RateLimited) else None
        with self._lock:
            faults = self._faults.get(service.name, 0) + 1
            self._faults[service.name] = faults
            if silent or after or faults >= _OPEN_AFTER:
                until = time.monotonic() + max(after or 0.0, _OPEN_SECONDS)
                self._given_up[service.name] = until, error

    def reached(self, service: Service) -> None:
        """Note that the service answered, whatever it said.

        The first answer of a run shows that there is a network after all: those who had less time
        because nobody had answered get another chance.
        """
        with self._lock:
            if not self._anybody:
                for name in self._silent:
                    self._given_up.pop(name, None)
            self._anybody = True
            self._unreached.pop(service.host, None)
            self._silent.discard(service.name)

    def is_hopeless(self, service: Service, failure: Failure, seconds: float) -> bool:
        """Note a failure after so many seconds; True if another attempt would be in vain.

        That is so when a service could not be reached or kept silent for the second time, and when
        nobody has answered at all.
        """
        with self._lock:
            if failure.slow:
                again = service.name in self._silent or not self._anybody
                self._silent.add(service.name)
                return again
            if failure.connected:
                return False
            self._first_failure = min(self._first_failure, time.monotonic() - seconds)
            again = service.host in self._unreached
            self._unreached[service.host] = seconds
        return again or self._is_impatient()

    def connect_seconds(self, usual: float) -> float:
        """How long to wait for a connection: less where nobody has been reached for a while."""
        return min(usual, _IMPATIENT_CONNECT) if self._is_impatient() else usual

    def answer_seconds(self, service: Service, usual: float) -> float:
        """How long to wait for an answer to begin, or to go on."""
        if not self._anybody:
            return min(usual, _NEXT_ANSWER if self._silent else _FIRST_ANSWER)
        return min(usual, _ANSWER_AFTER_SILENCE) if service.name in self._silent else usual

    def _is_impatient(self) -> bool:
        return not self._anybody and time.monotonic() - self._first_failure > _PATIENCE

    def _slowly_unreached(self) -> int:
        """Hosts that took their time; those that are refused at once cost none."""
        return sum(seconds > _IMPATIENT_CONNECT / 2 for seconds in list(self._unreached.values()))
