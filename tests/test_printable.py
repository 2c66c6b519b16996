"""Nothing that is shown steers the terminal."""

from __future__ import annotations

import pytest

from citeworks.printable import one_line, visible

STEERING = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u202a\u202e\u2066\u2069"]


@pytest.mark.parametrize("character", STEERING)
def test_every_steering_character_becomes_one_visible_sign(character: str) -> None:
    shown = one_line(f"a{character}b")
    assert len(shown) == 3
    assert character not in shown
    if character not in "\t\n":
        assert visible(f"a{character}b") == shown


def test_lines_and_tabs_stay_and_line_ends_on_request() -> None:
    assert visible("a\tb\nc") == "a\tb\nc"
    assert visible("a\r\nb\rc", line_ends=True) == "a\r\nb␍c"
    assert visible("a\r\nb") == "a␍\nb"


def test_other_scripts_stay_as_they_are() -> None:
    text = "שלום \u200f ключ é 😀"
    assert visible(text) == one_line(text) == text
