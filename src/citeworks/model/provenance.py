"""Who said what a variable says, where, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

USER = "user"
"""The source that no machine ever overrides: a person typed the value."""

INFERRED = "inferred"
"""The source of values that were worked out rather than read (a year that the listing left out)."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The origin of one value.

    `source` is a short name (``listing``, ``arxiv``, ``crossref``, ``user``, …), `locator` says
    where within it (``listing.txt:4-6``, a URL, an identifier), `retrieved` when it was fetched
    (aware, UTC); values that were read from a local file carry no time, so that reading the same
    file twice gives the same record.
    """

    source: str
    locator: str = ""
    retrieved: datetime | None = None
