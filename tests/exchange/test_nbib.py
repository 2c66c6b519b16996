"""MEDLINE records as PubMed gives them."""

from __future__ import annotations

import pytest

from citeworks.exchange.nbib import dump, load, read_date
from citeworks.model import Date, Name

TEXT = """
PMID- 31452104
OWN - NLM
IS  - 1476-4687 (Electronic)
IS  - 0028-0836 (Linking)
VI  - 585
IP  - 7825
DP  - 2020 Sep
TI  - A long title that goes on over the end of its
      line.
PG  - 357-362
LID - 10.1038/s41586-020-2649-2 [doi]
AB  - An abstract.
FAU - Harris, Charles R
AU  - Harris CR
AUID- ORCID: 0000-0001
FAU - van der Walt, Stefan J
AU  - van der Walt SJ
CN  - NumPy Developers
LA  - eng
PT  - Journal Article
PT  - Review
JT  - Nature
TA  - Nature
OT  - arrays
OT  - computing

PMID- 2
AU  - Smith JR
TI  - Second
JT  - X
"""


def test_a_record_is_read() -> None:
    reading = load(TEXT, file="a.nbib")
    assert reading.issues == []
    first, second = reading.records
    assert first.type == "article-journal"
    assert first.names() == (
        Name("Harris", "Charles R"),
        Name("Walt", "Stefan J", non_dropping_particle="van der"),
        Name(literal="NumPy Developers"),
    )
    assert first.text("title") == "A long title that goes on over the end of its line."
    assert first.text("DOI") == "10.1038/s41586-020-2649-2"
    assert first.text("ISSN") == "1476-4687"
    assert first.text("language") == "en"
    assert first.text("keyword") == "arrays; computing"
    assert first.date() == Date((2020, 9))
    assert first.custom["nbib"] == {
        "OWN": ["NLM"],
        "IS": ["0028-0836 (Linking)"],
        "AUID": ["ORCID: 0000-0001"],
        "PT": ["Review"],
    }
    assert second.names() == (Name("Smith", "J. R."),)
    assert (first.provenance["title"].locator, second.text("PMID")) == ("a.nbib:2-26", "2")


def test_long_lines_are_folded_and_come_back() -> None:
    first = load(TEXT).records[0].with_key("a")
    text = dump([first])
    assert max(map(len, text.splitlines())) <= 86
    [again] = load(text).records
    assert again.variables == first.variables


def test_lines_outside_of_records_are_reported() -> None:
    reading = load("nothing of the kind\n\nPMID- 1\nTI  - A\n")
    assert [(issue.code, issue.location.line) for issue in reading.issues] == [("X102", 1)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", Date((2020,))),
        ("2020 Sep 3", Date((2020, 9, 3))),
        ("2020 Jan-Feb", Date((2020, 1), (2020, 2))),
        ("2019 Dec-2020 Jan", Date((2019, 12), (2020, 1))),
        ("2020 Dec 24-31", Date((2020, 12, 24), (2020, 12, 31))),
        ("2020 Spring", Date((2020, 21))),
        ("1998-1999", Date((1998,), (1999,))),
        ("2020 Nonember", Date(literal="2020 Nonember")),
    ],
)
def test_dates(text: str, date: Date) -> None:
    assert read_date(text) == date
