"""What an entry of the page knows: links, anchors, groups, own authors."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.model import Name
from citeworks.site.paper import Paper, followable, highlight, is_same, papers_of, plain
from site_support import record


def paper_of(**variables: Any) -> Paper:
    (paper,) = papers_of([record(**variables)], {}, {})
    return paper


def test_links_have_each_word_and_each_address_once() -> None:
    paper = paper_of(
        DOI="10.48550/arXiv.2306.16388",
        URL="https://doi.org/10.48550/arxiv.2306.16388",
        custom={"arxiv": "2306.16388", "bibtex": {"fields": {"code": "{https://git.example/x}"}}},
    )
    assert paper.links == (
        ("DOI", "https://doi.org/10.48550/arxiv.2306.16388"),
        ("arXiv", "https://arxiv.org/abs/2306.16388"),
        ("Code", "https://git.example/x"),
        ("PDF", "https://arxiv.org/pdf/2306.16388"),
    )


def test_own_pdf_is_preferred_to_that_of_arxiv() -> None:
    paper = paper_of(
        custom={"arxiv": "2306.16388", "bibtex": {"fields": {"pdf": "{assets/pdf/a b.pdf}"}}}
    )
    assert dict(paper.links)["PDF"] == "assets/pdf/a%20b.pdf"


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)", " JaVaScript:alert(1)", "data:text/html,x", "//evil.example/x",
        "../../etc/passwd", "a/../../b", "\\\\host\\share", "vbscript:x", "",
    ],
)  # fmt: skip
def test_addresses_that_must_not_be_followed_make_no_button(target: str) -> None:
    assert followable(target) == ""


def test_papers_come_newest_first_and_undated_last() -> None:
    records = [
        record("a", issued={"date-parts": [[2019]]}),
        record("b", issued={"date-parts": [[2021, 2]]}),
        record("c", issued={"date-parts": [[2021, 11]]}),
        record("d", issued={"literal": "in press"}),
    ]
    assert [paper.record.key for paper in papers_of(records, {}, {})] == ["c", "b", "a", "d"]


def test_papers_of_a_year_come_in_the_order_of_the_headings() -> None:
    records = [record("a", type="thesis"), record("b", type="book"), record("c")]
    groups = [paper.group for paper in papers_of(records, {}, {})]
    assert groups == ["Journal articles", "Books", "Theses"]


def test_anchors_differ_even_where_case_does_not_count() -> None:
    records = [record("Smith:2020"), record("smith/2020"), record("SMITH-2020"), record("//")]
    anchors = [paper.anchor.lower() for paper in papers_of(records, {}, {})]
    assert len(set(anchors)) == 4
    assert all("/" not in anchor and ":" not in anchor for anchor in anchors)


def test_anchors_are_names_that_every_file_system_takes() -> None:
    records = [record(key) for key in ("con", "NUL.txt", "x" * 3000, "x" * 3001, "..", "-")]
    anchors = [paper.anchor for paper in papers_of(records, {}, {})]
    assert sorted(anchors)[:4] == ["paper", "paper-2", "paper-NUL.txt", "paper-con"]
    assert max(map(len, anchors)) < 110


def test_a_thousand_keys_without_a_latin_letter_have_anchors_of_their_own() -> None:
    records = [record("я" * number) for number in range(1, 1001)]
    assert len({paper.anchor for paper in papers_of(records, {}, {})}) == 1000


@pytest.mark.parametrize("value", ["{true}", "true", "{Yes}"])
def test_selected_papers_are_marked_as_al_folio_marks_them(value: str) -> None:
    assert paper_of(custom={"bibtex": {"fields": {"selected": value}}}).is_selected


def test_markup_leaves_plain_texts() -> None:
    assert plain('The <i>E. coli</i> <span class="nocase">RNA</span>  a < b') == (
        "The E. coli RNA a < b"
    )


@pytest.mark.parametrize(
    "printed",
    [
        "Smith, A. B., &#38; Doe, J. (2020)", "Ann B. Smith and Joe Doe", "A. B. Smith, J. Doe",
        "Smith AB, Doe J", "Smith, Ann B., Joe Doe", "<b>A.B. Smith</b>", "A. Smith and Smith, X.",
    ],
)  # fmt: skip
def test_own_name_is_highlighted_in_every_form(printed: str) -> None:
    own = Name(family="Smith", given="Ann")
    marked = highlight(printed, record(), [own])
    assert marked.count("<strong class='own'>") == 1
    assert marked.replace("<strong class='own'>", "").replace("</strong>", "") == printed
    assert "Doe" not in marked[marked.index("<strong") : marked.index("</strong>")]


def test_name_of_another_person_is_not_highlighted() -> None:
    assert "strong" not in highlight("Smith, A.", record(), [Name(family="Smith", given="Bob")])


def test_highlighting_looks_at_whole_words() -> None:
    assert "strong" not in highlight("Smithson, A. B.", record(), [Name(family="Smith")])


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (Name(family="Müller", given="J."), Name(family="Muller", given="Jane"), True),
        (Name(family="Müller", given="J."), Name(family="Muller", given="Karl"), False),
        (Name(family="Smith"), Name(family="Smith", given="Ann"), True),
        (Name(literal="ACME"), Name(literal="acme"), True),
    ],
)
def test_names_are_the_same_unless_a_given_name_contradicts(
    first: Name, second: Name, same: bool
) -> None:
    assert is_same(first, second) is same
