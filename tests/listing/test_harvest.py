"""Records from identifiers in prose, Markdown, HTML and bare lists."""

from __future__ import annotations

import pytest

from citeworks.listing.harvest import Harvest, harvest_line
from citeworks.listing.interface import RECORD, SEPARATOR, UNPARSED
from listing_support import lines_of, read, read_entries


def identifiers(text: str) -> list[list[str]]:
    return [[str(found) for found in entry.identifiers] for entry in read_entries(text)]


def test_prose_is_unparsed_and_rules_and_blank_lines_separate() -> None:
    _, parts = read("Some prose.\n\n-----\n10.1000/5\n")
    assert [part.kind for part in parts] == [UNPARSED, SEPARATOR, SEPARATOR, RECORD]


def test_the_text_of_a_link_is_the_title() -> None:
    (entry,) = read_entries('* [**Deep *Ponds* Are Wide**](https://doi.org/10.1000/5 "x") (2020)')
    assert entry.title == "Deep *Ponds* Are Wide"
    assert identifiers("[Deep [sic] Ponds](10.1000/a(b)) x") == [["doi:10.1000/a(b)"]]


@pytest.mark.parametrize(
    "label", ["pdf", "code and data", "[1]", "https://a.b/c", "10.1000/5", "12"]
)
def test_labels_that_name_no_work_are_no_title(label: str) -> None:
    if label == "code and data":
        label = "code, data"
    (entry,) = read_entries(f"[{label}](https://doi.org/10.1000/5)")
    assert entry.title == ""


def test_bold_text_is_the_title_of_links_that_have_none() -> None:
    (entry,) = read_entries(
        "- **Deep Ponds Are Wide**, A. Fjord [[pdf](https://arxiv.org/abs/2306.16388)]"
    )
    assert entry.title == "Deep Ponds Are Wide"


def test_code_and_slides_belong_to_the_work_before_them() -> None:
    text = "[Deep Ponds](https://arxiv.org/abs/2306.16388) [[code](https://a.b/c)] [slides](https://a.b/d)"
    assert identifiers(text) == [["arxiv:2306.16388", "https://a.b/c", "https://a.b/d"]]


def test_a_reference_with_several_schemes_is_one_work() -> None:
    text = "Fjord, A. Deep Ponds. J. Ponds 3 (2001). doi:10.1000/5 PMID: 77, https://a.b/c."
    assert identifiers(text) == [["doi:10.1000/5", "pmid:77", "https://a.b/c"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10.1000/1 10.1000/2", [["doi:10.1000/1"], ["doi:10.1000/2"]]),
        ("The two works 10.1000/1 and 10.1000/2.", [["doi:10.1000/1"], ["doi:10.1000/2"]]),
        ("2306.16388, 10.1000/2", [["arxiv:2306.16388"], ["doi:10.1000/2"]]),
        ("See https://a.b/c and https://a.b/d.", [["https://a.b/c"], ["https://a.b/d"]]),
        (
            "[Deep Ponds](https://a.b/c) and [Wide Ponds](https://a.b/d)",
            [["https://a.b/c"], ["https://a.b/d"]],
        ),
    ],
)
def test_several_works_on_a_line_are_several_records(text: str, found: list[list[str]]) -> None:
    assert identifiers(text) == found


def test_the_same_work_twice_on_a_line_is_one_record() -> None:
    assert identifiers("arXiv:2306.16388 (https://arxiv.org/abs/2306.16388)") == [
        ["arxiv:2306.16388"]
    ]


def test_within_a_layout_an_address_alone_is_no_record() -> None:
    (line,) = lines_of("next page: https://example.org/page/2")
    assert [part.kind for part in harvest_line(line, within_layout=True)] == [UNPARSED]
    (line,) = lines_of("see also https://doi.org/10.1000/5")
    assert [part.kind for part in harvest_line(line, within_layout=True)] == [RECORD]


def test_pieces_of_a_cleaned_line_join_to_the_line() -> None:
    text = "a\u00a010.1000/1\u00a0\u200band\u00a010.1000/1x, caf&eacute; 10.1000/1 \n"
    (line,) = lines_of(text)
    parts = list(harvest_line(line))
    assert "".join(part.raw for part in parts) == text
    assert [str(part.entry.identifiers[0]) for part in parts if part.entry] == [
        "doi:10.1000/1",
        "doi:10.1000/1x",
        "doi:10.1000/1",
    ]


def test_a_text_is_accepted_when_it_has_an_identifier() -> None:
    assert Harvest().accepts(lines_of("x\n10.1000/5")) > 0
    assert Harvest().accepts(lines_of("x\ny")) == 0
