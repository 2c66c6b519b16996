"""The desktop app's question whether citeworks may change things: the door to pyzotero and httpx2.

Both are imported when the question is asked, and by no other run.
"""

from __future__ import annotations

from typing import Protocol

from citeworks.errors import PermissionRefused, RateLimited, Unavailable
from citeworks.sync.interface import LibraryId
from citeworks.sync.zotero.answers import SOURCE

APP = "citeworks"


class Permissions(Protocol):
    """Where a permission that was given for always is kept, by the app's server id."""

    def recall(self, server: str) -> str:
        """The key that was kept, empty if none."""

    def keep(self, server: str, key: str) -> None:
        """Keep a key for the runs to come."""


def ask_consent(library: LibraryId, address: str, server: str, seconds: float) -> tuple[str, bool]:
    """Have the app ask the person in front of it; the key for changes, and whether for always.

    `server` is the app's ``Zotero-Server-ID``. Raises PermissionRefused, RateLimited and
    Unavailable (no decision within `seconds`).
    """
    import ssl

    import httpx2
    from pyzotero import errors, zotero

    kind = library.scope.removesuffix("s")
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # of nobody: the app speaks plain http
    with httpx2.Client(timeout=seconds, trust_env=False, verify=trust) as client:
        app = zotero.Zotero(library.number, kind, None, local=True, client=client)
        app.endpoint = address
        app.server_id = server or None
        try:
            answer = app.authorize_local(APP)
        except errors.TooManyRequestsError as error:
            raise RateLimited("Zotero was asked for consent too often", source=SOURCE) from error
        except errors.PyZoteroError as error:
            raise PermissionRefused(
                "the Zotero app did not allow changes",
                hint="answer its question with Always Allow; before Zotero 10 it only reads",
            ) from error
        except httpx2.RequestError as error:
            raise Unavailable("the Zotero app gave no consent in time", source=SOURCE) from error
        return str(app.local_api_key or ""), answer.get("remember") is True
