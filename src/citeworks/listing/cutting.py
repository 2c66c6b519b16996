"""Cutting one line into pieces: places found in cleaned text are found again in the raw text.

Knows what `clean` leaves out between two characters. Refuses to know why a line is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeworks.listing.interface import Line

_DROPPED = r"(?:[^\w!-~]|&[#\w]{1,10};)*?"
_ANCHOR_LENGTH = 12


def cut_line(line: Line, places: Sequence[int]) -> list[Line]:
    """The pieces of the line between these places of its text, in order.

    The raw texts of the pieces, joined, are the raw text of the line. Where a place cannot be
    found again, the raw text stays with the piece before it; the texts are cut all the same.
    """
    bounds = [0, *places, len(line.text)]
    starts = _raw_places(line, places)
    return [
        Line(
            line.number,
            line.raw[starts[index] : starts[index + 1]],
            line.text[bounds[index] : bounds[index + 1]].strip(),
            line.problems,
        )
        for index in range(len(bounds) - 1)
    ]


def _raw_places(line: Line, places: Sequence[int]) -> list[int]:
    if line.raw.startswith(line.text):
        return [0, *places, len(line.raw)]
    starts = [0]
    done = 0
    for place in places:
        starts.append(_find_raw(line, done, place, starts[-1]))
        done = place
    return [*starts, len(line.raw)]


def _find_raw(line: Line, done: int, place: int, low: int) -> int:
    """Where the text at `place` begins in the raw text, knowing that `done` begins at `low`."""
    anchor = line.text[place : place + _ANCHOR_LENGTH]
    letters = [re.escape(character) for character in anchor if not character.isspace()]
    tolerant = re.compile(_DROPPED.join(letters))
    earlier = sum(1 for _ in tolerant.finditer(line.text, done, place + len(anchor) - 1))
    for match in tolerant.finditer(line.raw, low):
        if not earlier:
            return match.start()
        earlier -= 1
    return len(line.raw)
