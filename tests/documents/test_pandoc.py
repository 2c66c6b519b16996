"""Pandoc's citations in Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.documents.locators import read_locator
from citeworks.documents.pandoc import Cite, groups, notes


def found(text: str) -> list[tuple[str, bool, tuple[Cite, ...]]]:
    return [(text[each.start : each.end], each.is_in_text, each.cites) for each in groups(text)]


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("[@a]", (Cite("a"),)),
        ("[see @a, pp. 3-5]", (Cite("a", "see", "3-5", "page"),)),
        ("[@a, chap. 2 and *passim*]", (Cite("a", "", "2", "chapter", " and *passim*"),)),
        ("[-@a]", (Cite("a", suppresses_author=True),)),
        ("[@a; also @b, 12]", (Cite("a"), Cite("b", "also", "12", "page"))),
        ("[@{a:b c}x]", ()),
        ("[@{a;b}, p. 1]", (Cite("a;b", "", "1", "page"),)),
        ("[@a{ii, A, D-Z}, for you]", (Cite("a", "", "ii, A, D-Z", "page", ", for you"),)),
        ("[@a, {pp. iv, (xv)-(xvii)} x]", (Cite("a", "", "iv, (xv)-(xvii)", "page", " x"),)),
        ("[@a, §§ 3, 4]", (Cite("a", "", "3, 4", "section"),)),
        ("[@a, and nothing]", (Cite("a", suffix=", and nothing"),)),
        ("[@a_b.c-d/e:f]", (Cite("a_b.c-d/e:f"),)),
    ],
)  # fmt: skip
def test_bracketed_citations(text: str, cites: tuple[Cite, ...]) -> None:
    expected = [(text, False, cites)] if cites else []
    assert [each for each in found(text) if each[2] and each[0] == text] == expected


@pytest.mark.parametrize(
    ("text", "shown", "cites"),
    [
        ("@a says", "@a", (Cite("a"),)),
        ("@a [p. 3] says", "@a [p. 3]", (Cite("a", "", "3", "page"),)),
        ("@a [3; @b] say", "@a [3; @b]", (Cite("a", "", "3", "page"), Cite("b"))),
        ("@a [a link](x)", "@a", (Cite("a"),)),
        ("As @a. Then", "@a", (Cite("a"),)),
    ],
)
def test_authors_in_the_sentence(text: str, shown: str, cites: tuple[Cite, ...]) -> None:
    assert found(text) == [(shown, True, cites)]


@pytest.mark.parametrize(
    "text",
    [
        "`[@a]`",
        "mail me@example.org",
        "```\n[@a]\n```",
        "    [@a]\n",
        "<!-- @a -->",
        "\\@a",
        "[x](@a)",
    ],
)
def test_what_only_looks_like_a_citation(text: str) -> None:
    assert found(text) == []


def test_brackets_with_a_part_that_cites_nothing_are_no_citation() -> None:
    assert [each[0] for each in found("[see this; @a]")] == ["@a"]


def test_footnotes_come_in_the_order_of_their_calls() -> None:
    text = "A[^b] B^[inline @k] C[^a] D[^b]\n\n[^a]: First\n    more.\n\n[^b]: Second @x.\n\nEnd.\n"
    assert [text[note.start : note.end].strip() for note in notes(text)] == [
        "Second @x.",
        "inline @k]",
        "First\n    more.",
    ]


@given(st.text(alphabet="[]{}@;,-^:*`ab1 .\n\\", max_size=60))
def test_any_text_gives_citations_that_lie_apart_and_within_it(text: str) -> None:
    end = 0
    for each in groups(text):
        assert end <= each.start < each.end <= len(text)
        assert each.cites
        end = each.end
    for note in notes(text):
        assert 0 <= note.start <= note.end <= len(text)


@pytest.mark.parametrize(
    ("text", "locator"),
    [
        (", p. 3", ("3", "page", "")),
        (" 3", ("3", "page", "")),
        (", vol. 2, no. 3", ("2", "volume", ", no. 3")),
        (", figs. 1 and 2", ("1 and 2", "figure", "")),
        (", xii-xv", ("xii-xv", "page", "")),
        (", 3, 5–7, and more", ("3, 5–7", "page", ", and more")),
        (", unknown 3", ("", "", ", unknown 3")),
        ("", ("", "", "")),
    ],
)
def test_locators(text: str, locator: tuple[str, str, str]) -> None:
    assert tuple(read_locator(text)) == locator
