"""Subject codes, glued and bare."""

from __future__ import annotations

import pytest

from citeworks.listing.subjects import (
    FULL_CODES,
    full_code,
    known_run_start,
    read_codes,
    split_codes,
)


@pytest.mark.parametrize(
    ("code", "full"),
    [
        ("CL", "cs.CL"),
        ("CV", "cs.CV"),
        ("ML", "stat.ML"),
        ("OC", "math.OC"),
        ("NC", "q-bio.NC"),
        ("IV", "eess.IV"),
        ("QM", "q-bio.QM"),
        ("hep-ph", "hep-ph"),
        ("cond-mat.mtrl-sci", "cond-mat.mtrl-sci"),
        *((code, "") for code in ("AP", "CO", "ST", "NA", "SY", "XQ", "cs.XX", "")),
    ],
)
def test_a_bare_code_gets_its_archive_unless_it_is_ambiguous(code: str, full: str) -> None:
    assert full_code(code) == full


@pytest.mark.parametrize(
    ("run", "codes"),
    [
        ("CYAICLCRLG", ("CY", "AI", "CL", "CR", "LG")),
        ("stat.MLcs.LG", ("stat.ML", "cs.LG")),
        ("hep-phhep-th", ("hep-ph", "hep-th")),
        ("math-phmath.OC", ("math-ph", "math.OC")),
        ("cs.CL, cs.AI", ("cs.CL", "cs.AI")),
        ("cond-mat.mtrl-sci", ("cond-mat.mtrl-sci",)),
    ],
)
def test_glued_codes_are_told_apart(run: str, codes: tuple[str, ...]) -> None:
    assert known_run_start(run, len(run)) == 0
    assert split_codes(run) == codes


def test_the_end_of_a_word_in_capitals_is_no_code() -> None:
    assert known_run_start("using BERTCL", 12) == 10
    assert known_run_start("using spaces", 12) == -1


def test_codes_are_read_from_the_names_of_their_subjects() -> None:
    text = (
        "Computation and Language (cs.CL); Machine Learning (stat.ML); Soft Matter (cond-mat.soft)"
    )
    assert read_codes(text) == ("cs.CL", "stat.ML", "cond-mat.soft")


@pytest.mark.parametrize("code", sorted(FULL_CODES))
def test_every_code_reads_back_as_itself(code: str) -> None:
    assert split_codes(code) == (code,)
