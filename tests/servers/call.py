"""A request as a service sees it, and its reply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request; `path` is decoded and begins below the service, `server` is the whole address.

    `quirk` is the kind of a fault that the service itself has to act out, or empty.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    server: str
    quirk: str = ""

    def number(self, name: str, default: int) -> int:
        """A parameter as a number."""
        value = self.query.get(name, "")
        return int(value) if value.isdigit() else default


@dataclass(frozen=True)
class Reply:
    """What the service answers."""

    body: bytes = b""
    status: int = 200
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON answer; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): each for name, each in headers.items()}
    return Reply(json.dumps(value, ensure_ascii=False).encode(), status, headers=named)


def text_reply(text: str, status: int = 200, type_: str = "text/plain;charset=utf-8") -> Reply:
    """A text."""
    return Reply(text.encode(), status, type_)
