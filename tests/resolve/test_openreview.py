"""OpenReview: what was accepted, and what only says that it wants to be."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Date, Identifier
from citeworks.resolve.openreview import (
    forum_identifier,
    is_accepted,
    parse,
    parse_notes,
    venue_name,
)
from citeworks.resolve.sources import Sources
from resolve_support import record
from sources_support import response


@pytest.mark.parametrize(
    ("venue", "accepted"),
    [
        ("ICLR 2026 Poster", True),
        ("NeurIPS 2022 Datasets and Benchmarks", True),
        ("COLM 2024", True),
        ("Submitted to ICLR 2023", False),
        ("ICLR 2022 Submitted", False),
        ("ICLR 2024 Conference Withdrawn Submission", False),
        ("ICML 2024 Rejected", False),
        ("ICLR 2023 Conference Desk Rejected Submission", False),
        ("CoRR 2020", False),
        ("ACL ARR 2024 February", False),
        ("", False),
    ],
)
def test_only_a_venue_accepts(venue: str, accepted: bool) -> None:
    assert is_accepted(venue) == accepted


@pytest.mark.parametrize(
    ("venue", "name"),
    [("ICLR 2026 Poster", "ICLR 2026"), ("ICLR (Poster) 2015", "ICLR 2015"),
     ("ICLR 2023 notable top 5%", "ICLR 2023"), ("COLM 2024", "COLM 2024")],
)  # fmt: skip
def test_how_a_paper_was_presented_is_no_venue(venue: str, name: str) -> None:
    assert venue_name(venue) == name


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("listed", [True, False])
def test_notes_of_both_versions_of_the_api_are_read(wrapped: bool, listed: bool) -> None:
    venue: Any = ["ICLR 2025 Oral"] if listed else "ICLR 2025 Oral"
    values = {"title": "T", "authors": ["Ada B. C.", "D. E."], "venue": venue, "venueid": "x"}
    content = {k: {"value": v} for k, v in values.items()} if wrapped else values
    found = parse({"id": "note", "forum": "VZ5A0LPbnc", "content": content})
    assert found.record.type == "paper-conference"
    assert found.record.text("container-title") == "ICLR 2025"
    assert found.record.date() == Date((2025,))
    assert len(found.record.names()) == 2
    assert found.identifiers == (Identifier("openreview", "VZ5A0LPbnc"),)


def test_a_rejected_twin_comes_after_the_accepted_paper_and_is_a_manuscript(
    sources: Sources,
) -> None:
    wanted = record("Codebook Features: Sparse and Discrete Interpretability for Neural Networks",
                    "Alex Tamkin", "2023")  # fmt: skip
    found = sources["openreview"].search(wanted)
    kinds = {each.identifiers[0].value: each.record.type for each in found}
    assert kinds["VZ5A0LPbnc"] == "paper-conference"
    assert kinds["LfhG5znxzR"] == "manuscript"
    assert found[0].identifiers[0].value == "VZ5A0LPbnc"
    twin = next(each for each in found if each.identifiers[0].value == "LfhG5znxzR")
    assert "container-title" not in twin.record.variables
    assert twin.record.custom["venue"] == "Submitted to ICLR 2024"


def test_a_forum_is_found_by_its_identifier(sources: Sources) -> None:
    known, unknown = Identifier("openreview", "zl16jLb91v"), Identifier("openreview", "aaaaaaaa")
    answers = sources["openreview"].resolve([known, unknown])
    assert answers[known].record.text("URL") == "https://openreview.net/forum?id=zl16jLb91v"
    assert isinstance(answers[unknown], NotFound)


def test_an_address_names_a_forum() -> None:
    found = forum_identifier("https://openreview.net/forum?id=VZ5A0LPbnc&noteId=x")
    assert found == Identifier("openreview", "VZ5A0LPbnc")
    assert forum_identifier("https://example.org/forum?id=VZ5A0LPbnc") is None


@pytest.mark.parametrize("body", ["<html>", {}, [], {"notes": None}])
def test_what_is_no_list_of_notes_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_notes(response("openreview", body))
    assert parse_notes(response("openreview", body, 404)) == []
