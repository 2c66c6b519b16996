"""Dates that people write as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.model import Date
from citeworks.normalize.dates import normalize_date, parse_date


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023-06-28", (2023, 6, 28)),
        ("28 June 2023", (2023, 6, 28)),
        ("28th June, 2023", (2023, 6, 28)),
        ("28. Jun 2023", (2023, 6, 28)),
        ("June 28, 2023", (2023, 6, 28)),
        ("Jun. 28 2023", (2023, 6, 28)),
        ("SEPT 1st, 2023", (2023, 9, 1)),
        ("June 2023", (2023, 6)),
        ("May, 2023", (2023, 5)),
        ("2023/6/28", (2023, 6, 28)),
        ("2023.06", (2023, 6)),
        ("Spring 2023", (2023, 21)),
        ("Fall 2023", (2023, 23)),
        (" 2023 ", (2023,)),
    ],
)
def test_written_dates(text: str, parts: tuple[int, ...]) -> None:
    assert parse_date(text) == Date(parts)


@pytest.mark.parametrize(
    "text",
    [
        "in press",
        "31 June 2023",
        "June 0, 2023",
        "28 Juni 2023",
        "28 Spring 2023",
        "2023/13",
        "12/2023",
        "June 28–30, 2023",
        "",
    ],
)
def test_what_is_no_date_of_the_calendar_stays_text(text: str) -> None:
    assert parse_date(text) == Date(literal=text)


def test_a_literal_that_is_a_date_becomes_one_and_stays_circa() -> None:
    assert normalize_date(Date(literal="28 June 2023")) == Date((2023, 6, 28))
    assert normalize_date(Date(literal="1850", qualifier="~")) == Date((1850,), qualifier="~")
    assert normalize_date(Date(literal="c. 1850", qualifier="~")) == Date(
        literal="c. 1850", qualifier="~"
    )


def test_parts_that_the_calendar_lacks_become_text_with_both_ends() -> None:
    assert normalize_date(Date((2023, 2, 30))) == Date(literal="2023-2-30")
    assert normalize_date(Date((2023, 13), (2024, 1))) == Date(literal="2023-13/2024-1")
    assert normalize_date(Date((2023, 1), (2024, 99), "~")) == Date(
        literal="2023-1/2024-99", qualifier="~"
    )


def test_good_dates_are_left_alone() -> None:
    for date in (Date((2023,)), Date((), (2023,)), Date((2023,), ()), Date((2023, 21))):
        assert normalize_date(date) == date


PARTS = st.lists(st.integers(-3, 32) | st.integers(1900, 2100), max_size=4).map(tuple)


@given(
    st.builds(Date, PARTS, st.none() | PARTS, st.sampled_from(["", "~", "?", "%"]))
    | st.builds(lambda literal: Date(literal=literal), st.text(max_size=20))
)
def test_normalizing_again_changes_nothing(date: Date) -> None:
    once = normalize_date(date)
    assert normalize_date(once) == once
