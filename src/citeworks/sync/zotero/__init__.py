"""Zotero's Web API and the local API of its desktop app as storages; `connect` gives either."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from citeworks.errors import InputError, PermissionRefused
from citeworks.sync.interface import LibraryId
from citeworks.sync.zotero.libraries import LocalLibrary, ZoteroLibrary
from citeworks.sync.zotero.pauses import Patience
from citeworks.sync.zotero.session import Session, is_loopback

if TYPE_CHECKING:
    from citeworks.sync.zotero.consent import Permissions

__all__ = ["DESKTOP", "WEB", "LocalLibrary", "Patience", "ZoteroLibrary", "connect"]

WEB = "https://api.zotero.org"
DESKTOP = "http://127.0.0.1:23119/api"

_KEY = re.compile(r"[!-~]{1,200}")


def connect(
    library: LibraryId,
    *,
    url: str = "",
    key: str = "",
    patience: Patience | None = None,
    notice: Callable[[float], None] | None = None,
    timeout: float | None = None,
    permissions: Permissions | None = None,
) -> ZoteroLibrary:
    """The library at `url`: a desktop app's if that is this machine's own and ends in ``/api``.

    `url` is Zotero's own server if empty. `notice` is told of pauses longer than a second, in
    seconds. `timeout` in seconds takes the place of our own ones. `permissions` keeps what the
    desktop app's user allowed for always. Nothing is sent yet. Raises
    InputError for an address that is none, PermissionRefused for a key that cannot be one.
    """
    address = _checked_address(url or WEB)
    if key and not _KEY.fullmatch(key.strip()):
        raise PermissionRefused(
            "the Zotero API key holds characters that no key has",
            hint="set CITE_ZOTERO_API_KEY to the key alone, without quotes or line ends",
        )
    is_local = is_loopback(address) and urlsplit(address).path.endswith("/api")
    session = Session(library, address, key.strip(), is_local, patience, notice, timeout)
    if is_local:
        return LocalLibrary(library, session, permissions)
    return ZoteroLibrary(library, session)


def _checked_address(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        is_usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        is_usable = is_usable and not (parts.username or parts.password)
        is_usable = is_usable and not (parts.query or parts.fragment)
    except ValueError:
        is_usable = False
    if not is_usable:
        raise InputError(
            "not the address of a Zotero server",
            hint="CITE_ZOTERO_URL is an http or https address without user, password or query",
        )
    return url.strip().rstrip("/")
