"""Title words, names and closed classes must not contradict each other."""

from __future__ import annotations

import pytest

from citeworks.listing import lexicon, names
from citeworks.listing.vocabulary import WORDS, ends_title, is_title_word


@pytest.mark.parametrize("word", ["Networks", "query", "Queries", "Classification", "ANALYSIS"])
def test_title_words_in_any_case_and_number(word: str) -> None:
    assert is_title_word(word)


@pytest.mark.parametrize("word", ["Fleming", "Olsen", "Keramati", "Tan", "Clement", "Lawrence"])
def test_names_are_no_title_words(word: str) -> None:
    assert not is_title_word(word)


@pytest.mark.parametrize("word", ["resampling", "allowances", "Lecturers", "networks"])
def test_endings_of_titles_are_recognised_loosely(word: str) -> None:
    assert ends_title(word)


def test_no_frequent_name_is_a_title_word() -> None:
    assert [name for name in names.GIVEN | names.FAMILY if name.lower() in WORDS] == []


def test_words_are_lower_case_and_single() -> None:
    assert all(word == word.lower() for word in WORDS)
    assert not any(" " in word for word in lexicon.BODIES)
