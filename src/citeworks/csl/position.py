"""Where in a document a cite stands: first, subsequent, ibid, near a note.

Knows clusters and note numbers; refuses to know what positions look like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from citeworks.csl.conditions import FIRST, IBID, IBID_WITH_LOCATOR, SUBSEQUENT

Cite = Mapping[str, Any]
Found = tuple[int, bool, int]
"""Position, near-note, and the note of the first reference."""


def find_positions(
    clusters: Sequence[Sequence[Cite]], notes: Sequence[int], near_distance: int
) -> list[list[Found]]:
    """The position of every cite of a document."""
    seen: dict[str, int] = {}
    last_note: dict[str, int] = {}
    # In-text clusters follow each other, and notes follow notes.
    latest: dict[bool, tuple[Sequence[Cite], int]] = {False: ((), 0), True: ((), 0)}
    found: list[list[Found]] = []
    for cluster, note in zip(clusters, notes, strict=True):
        row: list[Found] = []
        previous, previous_note = latest[note > 0]
        for index, cite in enumerate(cluster):
            key = str(cite.get("id"))
            position = FIRST
            near = False
            if key in seen:
                before = _before(cluster, index, previous, note, previous_note)
                position = _compare(before, cite)
                near = note - last_note[key] <= near_distance
            else:
                seen[key] = note
            last_note[key] = note
            # Only a preceding note is referred to, not the note the cite stands in.
            row.append((position, near, seen[key] if position and seen[key] != note else 0))
        found.append(row)
        latest[note > 0] = (cluster, note)
    return found


def _before(
    cluster: Sequence[Cite], index: int, previous: Sequence[Cite], note: int, previous_note: int
) -> Cite | None:
    if index:
        return cluster[index - 1]
    if note and previous_note and note - previous_note > 1:
        return None
    return previous[0] if len(previous) == 1 else None


def _compare(before: Cite | None, cite: Cite) -> int:
    if before is None or str(before.get("id")) != str(cite.get("id")):
        return SUBSEQUENT
    old, new = _locator(before), _locator(cite)
    if old == new:
        return IBID
    if new is None:
        return SUBSEQUENT
    return IBID_WITH_LOCATOR


def _locator(cite: Cite) -> tuple[str, str] | None:
    locator = cite.get("locator")
    if locator in (None, ""):
        return None
    return str(cite.get("label") or "page"), str(locator).strip()
