"""Sources that ask a test server, and answers as a service would give them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from citeworks.config import load_settings
from citeworks.http import Response
from citeworks.resolve.sources import Sources
from servers import MetadataServer

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def settings(environment: dict[str, str]) -> dict[str, str]:
    """All settings with these variables set, and no file."""
    return {name: each.value for name, each in load_settings(Path("/nowhere"), environment).items()}


def make_sources(server: MetadataServer, contact: str = "", **options: Any) -> Sources:
    """All sources, asking the server."""
    environment = {**server.environment, **({"CITE_CONTACT": contact} if contact else {})}
    return Sources(settings(environment), **options)


def response(source: str, body: Any, status: int = 200, type_: str = "") -> Response:
    """An answer; what is no text becomes JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Response(source, status, {"content-type": type_} if type_ else {}, text.encode(), NOW)
