"""Cites of the same author and year in one citation."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.csl import Processor

LAYOUT = (
    '<group delimiter=", "><group delimiter=" "><names variable="author"><name form="short"/>'
    '</names><date variable="issued"><date-part name="year"/></date></group>'
    '<text variable="locator"/></group>'
)


def work(family: str, year: int) -> dict[str, Any]:
    return {"author": [{"family": family}], "issued": {"date-parts": [[year]]}}


ITEMS = {"s1": work("S", 2001), "s2": work("S", 2001), "s3": work("S", 2002), "t": work("T", 2001)}


def citation(options: str, *cites: dict[str, Any], layout: str = LAYOUT) -> str:
    xml = (
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">'
        f'<citation disambiguate-add-year-suffix="true" {options}>'
        f'<layout delimiter="; ">{layout}</layout></citation></style>'
    )
    return Processor(xml, ITEMS).citations([cites])[0]


@pytest.mark.parametrize(
    ("cites", "expected"),
    [
        ([{"id": "s1"}, {"id": "s2"}], "S 2001a; b"),
        ([{"id": "s1"}, {"id": "s2", "locator": "9"}], "S 2001a, b, 9"),
        ([{"id": "s1", "locator": "8"}, {"id": "s2", "locator": "9"}], "S 2001a, 8, b, 9"),
        ([{"id": "s1"}, {"id": "s3"}], "S 2001a, 2002"),
        ([{"id": "t"}, {"id": "t"}], "T 2001"),
        ([{"id": "t"}, {"id": "t", "locator": "9"}, {"id": "s3"}], "T 2001, 9; S 2002"),
        ([{"id": "t"}, {"id": "t", "suffix": ", too"}], "T 2001, 2001, too"),
    ],
)
def test_a_year_is_printed_once_for_one_author(cites: list[dict[str, Any]], expected: str) -> None:
    assert citation('collapse="year-suffix"', *cites) == expected


def test_years_stay_where_only_names_collapse() -> None:
    cites = {"id": "t"}, {"id": "t", "locator": "9"}
    assert citation('collapse="year"', *cites) == "T 2001, 2001, 9"


def test_a_number_with_words_after_it_ends_a_range() -> None:
    number = '<text variable="citation-number"/>'
    cites = {"id": "s1"}, {"id": "s2"}, {"id": "s3"}, {"id": "t", "suffix": ", too"}
    assert citation('collapse="citation-number"', *cites, layout=number) == "1–3; 4, too"
