"""Where a title may end: candidates, their odds, and brackets left open."""

from __future__ import annotations

import pytest

from citeworks.listing.boundaries import balance, boundary_odds, candidates


def starts(text: str) -> list[str]:
    return [text[i:] for i in candidates(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Notes on Dams",
        "Self-Supervised",
        "the (Old) [New] “Way”",
        "notes and nothing more",
        "A B C",
    ],
)
def test_no_candidate_after_white_space_hyphens_and_opening_brackets(text: str) -> None:
    assert starts(text) == []


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Notes on DamsAda Hall", "Ada Hall"),
        ("Why dams?ada", "ada"),
        ("Notes on damsvan den Berg", "van den Berg"),
        ("Notes on damsj. Hall", "j. Hall"),
        ("On the Web王明", "王明"),
        ("写作方法王明", "王明"),
        ("Notes on Dams100 Rivers Project", "100 Rivers Project"),
    ],
)
def test_candidates(text: str, start: str) -> None:
    assert start in starts(text)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("Notes on Dams|Ada Hall", "Notes on D|Ams Hall"),
        ("Notes on Dams|Miles McCall", "Notes on DamsMiles Mc|Call"),
        ("Reading fMRI|J.D. Hall", "Reading fMRIJ.|D. Hall"),
        ("Dams in 3D|Ada Hall", "Dams in 3|D Point Hall"),
        ("A Study of Dams|Tube Hall", "A Study of You|Tube"),
        ("The state law|Ada Hall", "The state of|Ada Hall"),
        ("Is It Dams?|Ada Hall", "Is It Dams?Ada|Lee Hall"),
    ],
)
def test_better_boundaries_have_better_odds(good: str, bad: str) -> None:
    def odds(marked: str) -> float:
        text = marked.replace("|", "")
        return boundary_odds(text, marked.index("|"), len(text))

    assert odds(good) > odds(bad)


def test_balance_punishes_prefixes_that_leave_something_open() -> None:
    text = 'a (b) "c" $d$ x'
    penalties = balance(text)
    assert len(penalties) == len(text) + 1
    open_at = [i for i, penalty in enumerate(penalties) if penalty < 0]
    assert open_at == [3, 4, 7, 8, 11, 12]


def test_gershayim_are_no_quotation_marks() -> None:
    assert balance('מארה"ב של אז')[-1] == 0.0
