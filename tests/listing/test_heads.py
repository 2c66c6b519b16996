"""Heads of entries: on their own line, joined to other text, and what only looks like one."""

from __future__ import annotations

import pytest

from citeworks.listing.heads import find_heads, match_head, strip_marker


@pytest.mark.parametrize(
    "text",
    [
        "CLJun 28, 2023Code",
        "CL Jun 28, 2023 Code",
        "AIMay 28",
        "AIMay 28Code",
        "CYAICLCRLGDec 18, 2024",
        "cond-mat.mtrl-sciJan 3, 2020",
        "stat.MLcs.LGJan 3, 2020",
        "12. CLJune 28, 2023",
        "[3] - CLJun 28, 2023",
        "CL28 juin 2023",
        "XQJan 3, 2020",
        "foo.XXJan 3, 2020",
        "softJan 3, 2020",
        "CLJun 32, 2023",
        "ＣＬＪｕｎ 28, 2023",
    ],
)
def test_a_head_on_its_own_line_is_found(text: str) -> None:
    head = match_head(text)
    assert head
    assert not head.is_joined
    assert head.end == len(text)
    assert head.has_code == text.endswith("Code")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May 28, 2023",
        "XQMay 28",
        "the AIMay 28 data set",
        "AIMay 28 is the name of a data set.",
        "It is called AIMay 28 Large, after its date.",
        "On CLMay 2023 we met.",
        "Wed, 28 Jun 2023 17:31:53 GMT",
        "In Jan 3, 2020 words",
        "soft Jan 3, 2020",
        "softJan 3",
    ],
)
def test_text_that_looks_like_a_head_opens_nothing(text: str) -> None:
    assert find_heads(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It ends.LGNov 5, 2019", "LGNov 5, 2019"),
        ("It ends. LGNov 5", "LGNov 5"),
        ("using BERTCLNov 5, 2019", "CLNov 5, 2019"),
        ("CYFeb 11, 20253D Ponds and Their Depth", "CYFeb 11, 2025"),
        ("LGOct 26, 2023CodeCodebook Features: Sparse", "LGOct 26, 2023Code"),
        ("LGOct 26, 2023Codebook Features: Sparse", "LGOct 26, 2023"),
        ("AIMay 28Scaling Ponds: Deep Features", "AIMay 28"),
        ("AIMay 28 Scaling PondsAda Fjord, Carl Moss et al.", "AIMay 28"),
    ],
)
def test_a_joined_head_is_found_at_its_place(text: str, found: str) -> None:
    (head,) = find_heads(text)
    assert head.is_joined
    assert text[head.start : head.end] == found


def test_a_head_without_year_in_a_line_is_believed_beside_another() -> None:
    text = "One ends. AIMay 28 Scaling Ponds. CLJun 28, 2023Code Towards Measuring Them"
    assert [text[head.start : head.end] for head in find_heads(text)] == [
        "AIMay 28",
        "CLJun 28, 2023Code",
    ]
    assert find_heads(text[:33]) == []


def test_list_markers_are_stripped_and_numbers_in_text_are_not() -> None:
    assert strip_marker("1. - • CLMay 28") == "CLMay 28"
    assert strip_marker("2020 was a year") == "2020 was a year"
    assert strip_marker("-dash") == "-dash"
