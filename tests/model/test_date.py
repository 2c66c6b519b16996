"""Dates: EDTF texts to values and back, and the calendar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.model import Date
from citeworks.model.date import OPEN, format_edtf, is_valid_parts, parse_edtf

YEARS = st.integers(-9999, 9999) | st.integers(-999_999_999, 999_999_999)
PARTS = st.one_of(
    st.tuples(YEARS),
    st.tuples(YEARS, st.integers(1, 12) | st.integers(21, 24)),
    st.tuples(YEARS, st.integers(1, 12), st.integers(1, 28)),
)
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])
SINGLES = st.builds(lambda start, mark: Date(start, None, mark), PARTS, QUALIFIERS)
RANGES = st.builds(Date, PARTS, PARTS | st.just(OPEN), QUALIFIERS)
UNBEGUN = st.builds(lambda end, mark: Date((), end, mark), PARTS, QUALIFIERS)


@given(SINGLES | RANGES | UNBEGUN)
def test_what_is_formatted_is_read_back_the_same(date: Date) -> None:
    assert parse_edtf(format_edtf(date)) == date


@given(st.text(max_size=30) | st.text("0123456789-/X?~%Y.", max_size=24))
def test_any_text_is_read_or_refused_and_reading_its_format_again_changes_nothing(
    text: str,
) -> None:
    date = parse_edtf(text)
    if date is not None:
        assert parse_edtf(format_edtf(date)) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023-06-28", Date((2023, 6, 28))),
        ("2023-06", Date((2023, 6))),
        ("2023", Date((2023,))),
        (" 2023 ", Date((2023,))),
        ("2023-21", Date((2023, 21))),
        ("-0044-03-15", Date((-44, 3, 15))),
        ("0000", Date((0,))),
        ("Y17000", Date((17000,))),
        ("Y-17000", Date((-17000,))),
        ("1984?", Date((1984,), qualifier="?")),
        ("2004-06~", Date((2004, 6), qualifier="~")),
        ("2004-06-11%", Date((2004, 6, 11), qualifier="%")),
        ("2019/2021", Date((2019,), (2021,))),
        ("2019-03/2019-05", Date((2019, 3), (2019, 5))),
        ("2019/..", Date((2019,), OPEN)),
        ("2019/", Date((2019,), OPEN)),
        ("../2019", Date((), (2019,))),
        ("1984?/2004~", Date((1984,), (2004,), "%")),
        ("2004-XX", Date((2004,))),
        ("2004-06-XX", Date((2004, 6))),
        ("2023-06-28T12:30:00Z", Date((2023, 6, 28))),
        ("2023-06-28T12:30:00.123+02:00", Date((2023, 6, 28))),
        ("199X", Date(literal="199X")),
        ("19XX", Date(literal="19XX")),
    ],
)
def test_edtf_level_1(text: str, date: Date) -> None:
    assert parse_edtf(text) == date


@pytest.mark.parametrize(
    "text",
    [
        "",
        "June 2023",
        "2023-13",
        "2023-02-30",
        "2023-00",
        "2023-06-00",
        "2023-6-28",
        "23",
        "20233",
        "/",
        "../..",
        "2019/x",
        "2019/2020/2021",
        "２０２３",
        "2023-21-05",
        "2023-06T12:30",
        "2023-02-30T12:30",
    ],
)
def test_no_edtf_is_no_date(text: str) -> None:
    assert parse_edtf(text) is None


@pytest.mark.parametrize(
    ("parts", "valid"),
    [
        ((2024, 2, 29), True),
        ((2023, 2, 29), False),
        ((1900, 2, 29), False),
        ((2000, 2, 29), True),
        ((-4, 2, 29), True),
        ((10100, 2, 29), False),
        ((10400, 2, 29), True),
        ((2023, 24), True),
        ((2023, 25), False),
        ((2023, 12, 32), False),
        ((), False),
        ((2023, 1, 1, 1), False),
        ((10**12,), False),
    ],
)
def test_the_calendar(parts: tuple[int, ...], valid: bool) -> None:
    assert is_valid_parts(parts) is valid


def test_the_year_is_of_the_start_or_else_of_the_end() -> None:
    assert Date((2019, 5), (2021,)).year == 2019
    assert Date((), (2021,)).year == 2021
    assert Date(literal="in press").year is None


def test_a_qualified_date_is_circa() -> None:
    assert Date((1850,), qualifier="~").circa
    assert not Date((1850,)).circa


def test_a_literal_is_written_as_it_is() -> None:
    assert str(Date(literal="in press")) == "in press"
