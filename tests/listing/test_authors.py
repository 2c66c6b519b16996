"""Author lists as text: where they are cut and what scores as a name."""

from __future__ import annotations

import pytest

from citeworks.listing.authors import author_spans, looks_east_asian, name_odds, name_style


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in author_spans(text)]


def test_lists_are_cut_at_commas_semicolons_and_conjunctions() -> None:
    assert cut("Ada Hall, Bo Lund; Cy Day and Di Ek, and Ed Fox & Gil Ho") == [
        "Ada Hall", "Bo Lund", "Cy Day", "Di Ek", "Ed Fox", "Gil Ho",
    ]  # fmt: skip


def test_commas_inside_brackets_do_not_cut() -> None:
    assert cut("Ada Hall (Ghent, Belgium), Bo Lund") == ["Ada Hall (Ghent, Belgium)", "Bo Lund"]


def test_numbers_with_thousands_commas_are_not_cut() -> None:
    assert cut("1,000 Genomes Group, Bo Lund") == ["1,000 Genomes Group", "Bo Lund"]


def test_suffixes_rejoin_their_name() -> None:
    assert cut("Bob Hall, Jr., Bo Lund, III") == ["Bob Hall, Jr.", "Bo Lund, III"]


def test_and_inside_a_ministry_does_not_cut_but_a_person_after_it_does() -> None:
    assert cut("Ministry of Health and Welfare") == ["Ministry of Health and Welfare"]
    assert cut("Ministry of Health and Ida Holm") == ["Ministry of Health", "Ida Holm"]


def test_inverted_names_between_semicolons_keep_their_comma() -> None:
    assert cut("Hall, Ada; van Dyk, Bo") == ["Hall, Ada", "van Dyk, Bo"]


@pytest.mark.parametrize(
    ("name", "not_a_name"),
    [
        ("Ada Hall", "Neural Networks"),
        ("T. B. Larsen", "T. cruzi infection"),
        ("Miles McAllister", "Miles TextRanker"),
        ("Jan van Dyk", "Jan of the"),
        ("The Event Horizon Collaboration", "The Event Horizon"),
        ("XuanLong Tran", "GraphNet Tran"),
        ("Robert Hall, Jr.", "Robert Hall:"),
        ("王小明", "学习方法论"),
        ("김철수", "개념을"),
        ("N. C. (wed C. Streek) Brink", "N. C. (wed C. Streek Brink"),
    ],
)
def test_names_score_above_what_only_looks_like_one(name: str, not_a_name: str) -> None:
    assert name_odds(name) > name_odds(not_a_name)


@pytest.mark.parametrize("text", ["", " ", "a" * 200, "of the", "?!"])
def test_what_cannot_be_a_name_scores_low(text: str) -> None:
    assert name_odds(text) < -3.0


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("A Hall", "U"),
        ("A. Hall", "U."),
        ("a. Hall", "U."),
        ("AB Hall", "X"),
        ("Ada Hall", "N"),
        ("Plato", "M"),
    ],
)
def test_style_of_the_given_name(name: str, style: str) -> None:
    assert name_style(name) == style


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王明", True),
        ("明德 曹", True),
        ("김철수", True),
        ("结构表征", False),
        ("개념 설계", False),
    ],
)
def test_east_asian_names_have_a_size_and_a_surname(text: str, expected: bool) -> None:
    assert looks_east_asian(text) is expected
