"""How a change of a record is shown: to a person in one line, to a program as JSON."""

from __future__ import annotations

import json
from itertools import takewhile
from typing import Any

from citeworks.csl_json import dump_value
from citeworks.model import Name, Provenance
from citeworks.model.change import Change

_WIDTH = 60


def shown(value: Any, width: int = _WIDTH) -> str:
    """A value in one short line; of many names the first, the last and their number."""
    if isinstance(value, tuple):
        return _names(value)
    text = _whole(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def _whole(value: Any) -> str:
    """A value in one line, however long."""
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return " ".join(str(value).split())


def _names(names: tuple[Name, ...]) -> str:
    if len(names) <= 4:
        return "; ".join(map(str, names))
    return f"{names[0]}; {names[1]}; …; {names[-1]} ({len(names)} names)"


def _shown_pair(before: Any, after: Any) -> tuple[str, str]:
    """Both sides of a replacement; where they would look the same, from just before they differ."""
    pair = shown(before), shown(after)
    if pair[0] != pair[1]:
        return pair
    texts = _whole(before), _whole(after)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    start = max(alike - _WIDTH // 3, 0)
    return shown("…" + texts[0][start:]), shown("…" + texts[1][start:])


def origin_text(origin: Provenance | None) -> str:
    """Who says so, and where: ``[arxiv arXiv:2306.16388]``."""
    return f"[{origin.source} {origin.locator}".rstrip() + "]" if origin else ""


def change_line(change: Change, width: int) -> str:
    """One change: ``+`` filled, ``-`` emptied, ``~`` replaced, ``=`` said by another source too."""
    name = f"{change.slot:<{width}}"
    origin = origin_text(change.origin)
    if change.confirms:
        return f"= {name}  {shown(change.after)}  {origin}".rstrip()
    if change.after is None:
        return f"- {name}  {shown(change.before)}"
    if change.before is None:
        return f"+ {name}  {shown(change.after)}  {origin}".rstrip()
    before, after = _shown_pair(change.before, change.after)
    return f"~ {name}  {before} → {after}  {origin}".rstrip()


def change_json(change: Change) -> dict[str, Any]:
    """A change as JSON data; an empty slot is null."""
    return {
        "slot": change.slot,
        "before": dump_value(change.before),
        "after": dump_value(change.after),
        **origin_json(change.origin),
    }


def origin_json(origin: Provenance | None) -> dict[str, Any]:
    """Who said a value, where and when."""
    if origin is None:
        return {}
    time = origin.retrieved.isoformat() if origin.retrieved else ""
    said = {"source": origin.source, "locator": origin.locator, "retrieved": time}
    return {name: value for name, value in said.items() if value}
