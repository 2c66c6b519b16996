"""Sources that ask the test server, quickly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from citeworks.http import Limits
from citeworks.resolve.sources import Sources
from servers import MetadataServer
from sources_support import make_sources


@pytest.fixture
def sources(metadata_server: MetadataServer, tmp_path: Path) -> Iterator[Sources]:
    limits = Limits(backoff=0.01, total=5, attempts=3)
    with make_sources(
        metadata_server, contact="me@lab.org", folder=tmp_path, limits=limits
    ) as made:
        yield made
