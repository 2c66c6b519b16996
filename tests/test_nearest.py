"""The nearest names."""

from __future__ import annotations

from citeworks.nearest import did_you_mean, nearest_names

KNOWN = ["apa", "ieee", "nature", "chicago-author-date"]


def test_a_misspelt_name_finds_its_neighbour() -> None:
    assert nearest_names("natrue", KNOWN) == ["nature"]
    assert did_you_mean("natrue", KNOWN) == "did you mean nature?"


def test_case_is_no_difference_and_the_known_spelling_is_given() -> None:
    assert nearest_names("APA", KNOWN) == ["apa"]
    assert nearest_names("doi", ["DOI"]) == ["DOI"]


def test_the_beginning_of_a_name_is_enough() -> None:
    assert nearest_names("chicago", KNOWN) == ["chicago-author-date"]


def test_nothing_near_gives_no_hint() -> None:
    assert nearest_names("zzzzzz", KNOWN) == []
    assert did_you_mean("", KNOWN) == ""


def test_at_most_three_names_are_given() -> None:
    assert len(nearest_names("style", [f"style{number}" for number in range(9)])) == 3


def test_a_very_long_text_is_no_mistyped_name() -> None:
    assert nearest_names("a" * 1_000_000, KNOWN) == []


def test_among_very_many_names_the_nearest_is_found_as_among_few() -> None:
    known = [f"{name}{year}{letter}" for name in ("smith", "jones", "garcia", "mueller")
             for year in range(1500, 2025) for letter in "abcde"]  # fmt: skip
    assert len(known) > 10_000
    for wrong, right in (("simth1999c", "smith1999c"), ("garca1876e", "garcia1876e")):
        assert nearest_names(wrong, known)[0] == right
    assert nearest_names("zzzz", known) == []
