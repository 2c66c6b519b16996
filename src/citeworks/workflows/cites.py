"""A cite as a person types it, ``KEY:LOCATOR``, as the processor takes it."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from citeworks.documents.locators import CSL_LABELS, csl_label
from citeworks.errors import InputError
from citeworks.nearest import did_you_mean

_LOCATOR = re.compile(r"([A-Za-z][A-Za-z-]*)\.?\s+(\S.*)\Z")


def parse_cite(text: str, keys: Container[str]) -> dict[str, Any]:
    """A cite as the processor takes it; a key may itself contain colons."""
    key, colon, locator = text, "", ""
    while key not in keys and ":" in key:
        key, colon, tail = key.rpartition(":")
        locator = f"{tail}:{locator}" if locator else tail
    if key not in keys:
        key, colon, locator = text.partition(":")
    if not colon:
        return {"id": key}
    match = _LOCATOR.match(locator.strip())
    if not match:
        return {"id": key, "locator": locator.strip(), "label": "page"}
    label = csl_label(match[1])
    if not label:
        raise InputError(
            f"unknown locator label {match[1]!r}",
            hint=did_you_mean(match[1].lower(), CSL_LABELS)
            or "labels are page, chapter, section, figure …",
        )
    return {"id": key, "locator": match[2], "label": label}
