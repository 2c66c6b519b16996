"""Shapes of tokens and classes of characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.listing.shapes import is_caseless, is_east_asian, shape


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("McCain", "UlUl"), ("J.-P.", "U.-U."), ("O’Leary", "U'Ul"), ("BLASTNet", "Xl"),
        ("GPT-4", "X-d"), ("Zoe\u0308", "Ulc"), ("Анна", "Ul"), ("王明", "c"), ("", ""),
        ("...", "..."),
    ],
)  # fmt: skip
def test_shape(token: str, expected: str) -> None:
    assert shape(token) == expected


@given(st.text(max_size=60))
def test_a_shape_is_never_longer_than_its_token(token: str) -> None:
    assert len(shape(token)) <= len(token)


def test_caseless_and_east_asian_letters() -> None:
    assert all(map(is_caseless, "王김אب"))
    assert not any(map(is_caseless, "aZéДω1("))
    assert all(map(is_east_asian, "王김カ"))
    assert not any(map(is_east_asian, "אبaZ"))
