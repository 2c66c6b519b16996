"""Tests of how changes are shown: a replacement never looks as if nothing had been replaced."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.cli.changes import change_line
from citeworks.model import Name
from citeworks.model.change import Change

LONG = "Dark energy and neutrino model in SUSY -- Remarks on active and sterile neutrinos"
NAMES = tuple(Name(family=family) for family in ("Abe", "Bo", "Cai", "Dee", "Eck", "Fry"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("short", "shorter", "~ x  short → shorter"),
        (LONG, LONG + " mixing", "~ x  …nd sterile neutrinos → …nd sterile neutrinos mixing"),
        (
            NAMES,
            (*NAMES[:3], Name(family="Dahl"), *NAMES[4:]),
            "~ x  …Abe; Bo; Cai; Dee; Eck; Fry → …Abe; Bo; Cai; Dahl; Eck; Fry",
        ),
    ],
    ids=["short", "a long title, to its end", "one of many names"],
)
def test_a_replacement_shows_where_both_sides_differ(before: Any, after: Any, told: str) -> None:
    assert change_line(Change("x", before, after), 1) == told
