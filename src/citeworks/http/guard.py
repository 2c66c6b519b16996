"""Where we may connect to: configured services, and public addresses.

Knows addresses, and looks names up with a time limit. Refuses to know HTTP.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from citeworks.http.interface import Service

_LOOPBACK = re.compile(r"localhost\Z|127(\.\d{1,3}){3}\Z|\[?::1\]?\Z", re.I)
_PORTS = {"http": 80, "https": 443}
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64, RFC 6052
Address = tuple[int, str]
"""An address family and an IP address as text."""


class Refused(Exception):
    """An address to which no record and no redirect may lead us."""


class Guard:
    """Which addresses may be asked, given the services that are configured."""

    def __init__(self, services: Iterable[Service]) -> None:
        services = tuple(services)
        self._configured = {origin for each in services if (origin := _origin(each.base))}
        self._hosts = {host for host, _ in self._configured}
        self._hosts |= {host for service in services for host in service.also}

    def allows(self, url: str) -> bool:
        """True if a redirect may lead there: a configured service, or its host over https."""
        origin = _origin(url)
        if origin is None or "@" in urlsplit(url).netloc:
            return False
        if origin in self._configured:
            return True
        return url.lower().startswith("https:") and origin[1] == 443 and origin[0] in self._hosts

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connection to a host whose every tried address is public, or that is configured.

        Raises Refused, or OSError: `TimeoutError` when nobody answers in time.
        """
        deadline = time.monotonic() + seconds
        addresses = resolve(host, port, seconds)
        if (host.lower().strip("[]"), port) not in self._configured:
            addresses = [each for each in addresses if is_public(each[1])]
            if not addresses:
                raise Refused(f"{host} is a private address")
        return _first_open(addresses, port, deadline)


def is_loopback(host: str) -> bool:
    """True if the host, a name or an address, is this machine."""
    return bool(_LOOPBACK.match(host))


def is_public(address: str) -> bool:
    """True if the IP address is one of the public Internet, also inside an IPv6 wrapping."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int, seconds: float) -> list[Address]:
    """The addresses of a host; TimeoutError where the look-up hangs, OSError where it fails."""
    answers: queue.SimpleQueue[list[Address] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
            answers.put([(family, str(place[0])) for family, _, _, _, place in found])
        except OSError as error:
            answers.put(error)
        except UnicodeError:
            answers.put(OSError("no host name"))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise TimeoutError("no answer to the look-up of the name") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _first_open(addresses: list[Address], port: int, deadline: float) -> socket.socket:
    last: OSError = TimeoutError("no time left")
    for index, (family, address) in enumerate(addresses):
        left = (deadline - time.monotonic()) / (len(addresses) - index)
        if left <= 0:
            break
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(left)
        try:
            connection.connect((address, port))
        except OSError as error:
            connection.close()
            last = error
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise last


def _origin(url: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port and parts.scheme in _PORTS else None
