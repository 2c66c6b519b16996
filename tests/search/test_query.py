"""What a person types into a search."""

from __future__ import annotations

import pytest

from citeworks.errors import InputError
from citeworks.search.query import Query, Term, parse_query


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("deep nets", (Term("deep"), Term("nets"))),
        ('"deep nets" x', (Term("deep nets", is_phrase=True), Term("x"))),
        ("author:Smith", (Term("Smith", "authors"),)),
        ('title:"a b"', (Term("a b", "title", is_phrase=True),)),
        ("-survey", (Term("survey", is_excluded=True),)),
        ('"open', (Term("open", is_phrase=True),)),
        ("https://doi.org/10.1/x", (Term("https://doi.org/10.1/x"),)),
        ("", ()),
    ],
)
def test_terms(text: str, terms: tuple[Term, ...]) -> None:
    assert parse_query(text).terms == terms


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("year:2020", (2020, 2020)),
        ("year:2019..2021", (2019, 2021)),
        ("year:2019..", (2019, None)),
        ("year:..2021", (None, 2021)),
    ],
)
def test_years(text: str, bounds: tuple[int | None, int | None]) -> None:
    assert parse_query(text) == Query((), *bounds)


@pytest.mark.parametrize(("text", "hint"), [("autor:x", "author"), ("yaer:2020", "year")])
def test_unknown_field_is_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_query(text)
    assert hint in caught.value.hint


def test_year_that_is_none_is_refused() -> None:
    with pytest.raises(InputError):
        parse_query("year:soon")
