"""A library to talk HTTP with: of the stand-in, or of the server that `CITE_ZOTERO_URL` names.

A real server needs `CITE_ZOTERO_API_KEY` and `CITE_ZOTERO_LIBRARY` (``groups/123``) too; that
library is emptied before each test. Tests that must reach into the server are skipped there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from .client import Api, emptied
from .server import ZoteroServer

OWNER, MEMBER, STRANGER, GROUP = 1, 2, 3, 42


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    """The stand-in, empty."""
    with ZoteroServer() as running:
        yield running


@pytest.fixture
def old_server() -> Iterator[ZoteroServer]:
    """The stand-in as servers were when all objects of a request got one version."""
    with ZoteroServer(shared_versions=True) as running:
        yield running


@pytest.fixture
def desktop() -> Iterator[ZoteroServer]:
    """The local API of the desktop client."""
    with ZoteroServer(local=True) as running:
        yield running


@pytest.fixture
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    """An empty group library with a key that may do everything."""
    if url := os.environ.get("CITE_ZOTERO_URL"):
        library = os.environ["CITE_ZOTERO_LIBRARY"]
        with Api(url, library, os.environ["CITE_ZOTERO_API_KEY"]) as real:
            yield emptied(real)
    else:
        running: ZoteroServer = request.getfixturevalue("server")
        running.add_group(GROUP, owner=OWNER)
        with Api(running.url, f"groups/{GROUP}", running.add_user(OWNER)) as ours:
            yield ours
