"""Accents in arXiv's mailings; the layout itself is tested by its golden files."""

from __future__ import annotations

import pytest

from citeworks.listing.arxiv_fields import date_of_number
from citeworks.listing.arxiv_mail import ArxivMail, read_accents
from citeworks.listing.interface import NO_ABSTRACT, NO_AUTHORS, YEAR_INFERRED
from citeworks.model import Date
from listing_support import lines_of, read_entry


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (r"Fr\"anken", "Fränken"),
        (r"Fr{\"a}nken and Fr\"{a}nken", "Fränken and Fränken"),
        (r"Andr\'e, Ho\v{r}ava, Gar\c{c}on, Erd\H{o}s", "André, Hořava, Garçon, Erdős"),
        (r"\O{}rsted, \L ukasz, Stra\ss{}e, S{\o}ren", "Ørsted, Łukasz, Straße, Søren"),
        (r"a bound of $\ell_p$ and \omega", r"a bound of $\ell_p$ and \omega"),
        (r"no such letter: \=x", r"no such letter: \=x"),
    ],
)
def test_tex_accents_become_letters(text: str, letters: str) -> None:
    assert read_accents(text) == letters


@pytest.mark.parametrize(
    ("number", "date"),
    [("2306.16388", (2023, 6)), ("hep-th/9901001", (1999, 1)), ("math/0309136", (2003, 9))],
)
def test_an_arxiv_number_tells_year_and_month(number: str, date: tuple[int, int]) -> None:
    assert date_of_number(number) == Date(date)


def test_an_entry_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    entry = read_entry("\\\\\narXiv:2306.16388\nTitle: Deep Ponds\n  Are Wide\n\\\\\n")
    assert entry.title == "Deep Ponds Are Wide"
    assert set(entry.problems) == {NO_AUTHORS, NO_ABSTRACT, YEAR_INFERRED}


def test_an_identifier_alone_is_no_mailing() -> None:
    assert ArxivMail().accepts(lines_of("arXiv:2306.16388\nTitle: x")) == 0
