"""Texts: characters, white space, markup that was pasted along, links."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.normalize.text import clean_text, links_in, markdown_to_rich_text, trim_url


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  a\t b\n\nc ", "a b c"),
        ("a\u00a0b\u2009c", "a b c"),
        ("Fra\u0308nken", "Fränken"),
        ("a\x00b\x1b[31mc", "a bc"),
        ("a\ud800b\ufffe", "a b"),
        ("capabilities,and", "capabilities,and"),
        ("iPhone  vs. BLASTNet", "iPhone vs. BLASTNet"),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text(st.characters()))
def test_a_clean_text_is_composed_and_has_no_characters_that_xml_forbids(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in clean)


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("**Generative** elicitation", "<b>Generative</b> elicitation"),
        ("an *active* learner", "an <i>active</i> learner"),
        ("**a *b* c**", "**a <i>b</i> c**"),
        ("(*active*), **bold**.", "(<i>active</i>), <b>bold</b>."),
        ("the O*NET tasks", "the O*NET tasks"),
        ("O*NET and P*NET", "O*NET and P*NET"),
        ("A* search", "A* search"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"attacks in $\ell_p$ balls", r"attacks in $\ell_p$ balls"),
        ("$a*b*c$ and *d*", "$a*b*c$ and <i>d</i>"),
        ("costs $5 and *more*", "costs $5 and <i>more</i>"),
        ("a footnote*", "a footnote*"),
        ("***", "***"),
    ],
)
def test_markdown_emphasis_becomes_rich_text(text: str, rich: str) -> None:
    assert markdown_to_rich_text(text) == rich


@given(st.text("*a $b\\.<>", max_size=40))
def test_emphasis_is_found_in_one_pass(text: str) -> None:
    once = markdown_to_rich_text(text)
    assert markdown_to_rich_text(once) == once


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Code at https://github.com/alextamkin/dabs.", ["https://github.com/alextamkin/dabs"]),
        (
            "See https://huggingface.co/datasets/Anthropic/llm_global_opinions. We",
            ["https://huggingface.co/datasets/Anthropic/llm_global_opinions"],
        ),
        ("(https://example.org/a).", ["https://example.org/a"]),
        ("https://en.wikipedia.org/wiki/A_(b), c", ["https://en.wikipedia.org/wiki/A_(b)"]),
        ("<https://a.org> and https://a.org", ["https://a.org"]),
        ("“https://a.org/x?y=1”!", ["https://a.org/x?y=1"]),
        ("https:// nothing http://.", []),
        ("no links", []),
    ],
)
def test_links_lose_the_punctuation_of_the_sentence(text: str, links: list[str]) -> None:
    assert links_in(text) == links


def test_a_bracket_that_was_opened_in_the_address_stays() -> None:
    assert trim_url("https://a.org/(b)") == "https://a.org/(b)"
    assert trim_url("https://a.org/(b))") == "https://a.org/(b)"
    assert trim_url("") == ""


def count_steps(function: Callable[[str], object], text: str) -> int:
    """Lines executed while `function` works on `text`."""
    steps = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal steps
        steps += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(text)
    finally:
        sys.settrace(before)
    return steps


def test_trimming_takes_steps_in_proportion_to_the_length() -> None:
    short = count_steps(trim_url, "https://a.org/" + ")" * 1_000)
    long = count_steps(trim_url, "https://a.org/" + ")" * 4_000)
    assert long < 4.5 * short


@pytest.mark.parametrize("unit", ["*a ", "**a", "$", "* ", "https://a.org/)", "<i "])
def test_a_megabyte_line_is_answered(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert len(markdown_to_rich_text(clean_text(text))) >= len(text) - len(unit)
    assert isinstance(links_in(text), list)
