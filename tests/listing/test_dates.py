"""Dates as listings write them."""

from __future__ import annotations

import datetime

import pytest

from citeworks.listing.dates import MONTHS, find_date, infer_year, is_plausible, month_number
from citeworks.model import Date

AS_OF = datetime.date(2026, 5, 28)


@pytest.mark.parametrize(
    ("month", "day", "year"),
    [(1, 28, 2026), (5, 28, 2026), (5, 29, 2025), (12, 31, 2025), (2, 29, 2024)],
)
def test_a_missing_year_is_that_of_the_latest_such_day(month: int, day: int, year: int) -> None:
    assert infer_year(month, day, AS_OF) == year


@pytest.mark.parametrize(("month", "day"), [(2, 30), (6, 31), (6, 0), (6, 32)])
def test_a_day_that_no_year_has_gets_none(month: int, day: int) -> None:
    assert infer_year(month, day, AS_OF) is None


def test_the_leap_year_before_a_century_without_one_is_found() -> None:
    assert infer_year(2, 29, datetime.date(2103, 6, 1)) == 2096


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Submitted 28 June, 2023; originally announced June 2023.", (2023, 6, 28)),
        ("Wed, 28 Jun 2023 17:31:53 GMT   (512kb)", (2023, 6, 28)),
        ("am 3. März 2021", (2021, 3, 3)),
        ("le 1 février 2020", (2020, 2, 1)),
        ("15 de agosto de 2019", (2019, 8, 15)),
        ("Sept. 5, 2020", (2020, 9, 5)),
        ("2024-02-29", (2024, 2, 29)),
    ],
)
def test_full_dates_are_found_in_several_languages(text: str, date: tuple[int, ...]) -> None:
    assert find_date(text) == Date(date)


@pytest.mark.parametrize("text", ["", "Jun 31, 2023", "2023-02-29", "2023-13-01", "May 28"])
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert find_date(text) is None


def test_every_name_of_a_month_is_known() -> None:
    assert {month_number(name) for name in MONTHS} == set(range(1, 13))
    assert month_number("DÉC.") == 12
    assert month_number("Heron") == 0


@pytest.mark.parametrize(
    ("date", "plausible"),
    [((1990, 12, 31), False), ((1991, 8), True), ((2026, 5, 29), True), ((2026, 5, 30), False)],
)
def test_dates_outside_of_arxiv_s_time_are_implausible(
    date: tuple[int, ...], plausible: bool
) -> None:
    assert is_plausible(Date(date), AS_OF) is plausible
