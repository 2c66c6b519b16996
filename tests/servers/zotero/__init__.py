"""A stand-in for Zotero's server (and for the desktop client's local API), for tests and by hand.

By hand: ``python -m tests.servers.zotero --port 8098``. The contract is that of Zotero's own server
as observed, not that of its documentation where the two differ. Layers, downwards: `server`
(sockets, faults, log), `application` (paths, permissions, headers), `reading` and `library` (what a
request selects, what a write changes), `values` and `schema` (what one object may hold).
"""

from .accounts import Group
from .faults import (
    Fault,
    backoff,
    cut_short,
    dropped,
    rate_limited,
    redirected,
    slow,
    unavailable,
    web_page,
)
from .library import Library
from .schema import load_schema
from .server import ZoteroServer

__all__ = [
    "Fault",
    "Group",
    "Library",
    "ZoteroServer",
    "backoff",
    "cut_short",
    "dropped",
    "load_schema",
    "rate_limited",
    "redirected",
    "slow",
    "unavailable",
    "web_page",
]
