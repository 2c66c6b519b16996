"""Lists of authors."""

from __future__ import annotations

import pytest

from citeworks.listing.author_list import split_author_list


@pytest.mark.parametrize(
    ("text", "names", "is_truncated"),
    [
        ("Ada Fjord", ("Ada Fjord",), False),
        ("Ada Fjord, Carl Moss and T. K. Rao", ("Ada Fjord", "Carl Moss", "T. K. Rao"), False),
        ("A. Fjord, and C. Moss", ("A. Fjord", "C. Moss"), False),
        ("A | B C | D & E", ("A", "B C", "D", "E"), False),
        ("Carl Moss, Jr., Ada Fjord III", ("Carl Moss, Jr.", "Ada Fjord III"), False),
        (
            "Ada Fjord (1), Carl Moss (2) ((1) Lake, (2) Marsh, Inc.)",
            ("Ada Fjord", "Carl Moss"),
            False,
        ),
        ("Ada Fjord*, Carl Moss†", ("Ada Fjord", "Carl Moss"), False),
        ("Ada Fjord et al.", ("Ada Fjord",), True),
        ("Ada Fjord, Carl Moss, and others", ("Ada Fjord", "Carl Moss"), True),
        ("Ada Fjord, Carl Moss (7 additional authors not shown)", ("Ada Fjord", "Carl Moss"), True),
        ("Ada Fjord and 14 other authors", ("Ada Fjord",), True),
        ("Ada Fjord, ...", ("Ada Fjord",), True),
        ("Sandy Anders", ("Sandy Anders",), False),
        ("", (), False),
    ],
)
def test_names_are_told_apart(text: str, names: tuple[str, ...], is_truncated: bool) -> None:
    assert split_author_list(text) == (names, is_truncated)
