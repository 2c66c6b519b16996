"""Citation keys: patterns, words, scripts, suffixes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.errors import InputError
from citeworks.model import Date, Name, Record
from citeworks.normalize.citation_key import (
    DEFAULT_PATTERN,
    MAX_LENGTH,
    check_pattern,
    make_key,
    to_ascii,
    unique_key,
)


def paper(
    title: str = "Towards Measuring the Representation of Subjective Global Opinions",
    *authors: Name,
    year: int | None = 2023,
) -> Record:
    names = authors or (Name("Durmus", "Esin"), Name("Nguyen", "Karina"))
    issued = {"issued": Date((year, 6, 28))} if year is not None else {}
    return Record("", "article", {"title": title, "author": names, **issued})


def test_family_year_and_first_significant_word() -> None:
    assert make_key(paper()) == "durmus2023towards"


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("On the Opportunities and Risks of Foundation Models", "opportunities"),
        ("The AI", "ai"),
        ("How Does AI Impact Skill Formation", "ai"),
        ("Der Prozess", "prozess"),
        ("<i>Oolong</i>: Investigating", "oolong"),
        ("$\\ell_p$ norms", "norms"),
        ("“DABS”: A Benchmark", "dabs"),
        ("C5T5: Controllable", "c5t5"),
        ("Don't Stop", "dont"),
        ("2023 in Review", "2023"),
        ("On the", "on"),
        ("über Gödel", "uber"),
        ("", ""),
        ("???", ""),
    ],
)
def test_the_word_of_a_title(title: str, word: str) -> None:
    assert make_key(paper(title)) == f"durmus2023{word}"


@pytest.mark.parametrize(
    ("name", "family"),
    [
        (Name("Fränken", "Jan-Philipp"), "franken"),
        (Name("Hatfield-Dodds", "Zac"), "hatfielddodds"),
        (Name("Rossum", "Guido", non_dropping_particle="van"), "vanrossum"),
        (Name("O'Neil", "Cathy"), "oneil"),
        (Name("王", "小明"), "wang"),
        (Name("Łukasiewicz", "Jan"), "lukasiewicz"),
        (Name(literal="BigScience Workshop"), "bigscience"),
        (Name(literal="The White House"), "white"),
        (Name(literal="???"), "anon"),
    ],
)
def test_families_in_any_script(name: Name, family: str) -> None:
    assert make_key(paper("Towards X", name)) == f"{family}2023towards"


def test_what_is_missing_is_said() -> None:
    record = Record("", "book", {"title": "Towards X"})
    assert make_key(record) == "anonndtowards"
    assert make_key(paper(year=-44)) == "durmus44towards"


def test_an_editor_stands_in_for_a_missing_author() -> None:
    record = Record("", "book", {"title": "Towards X", "editor": (Name("Li", "Belinda"),)})
    assert make_key(record) == "lindtowards"


def test_a_bare_identifier_names_its_record() -> None:
    assert make_key(Record("", "article").with_custom(arxiv="2306.16388")) == "arxiv-2306.16388"
    assert make_key(Record("", "article", {"DOI": "10.1/A(b)"})) == "doi-10.1-a-b"
    assert make_key(Record("", "article")) == "anonnd"
    assert make_key(Record("", "article"), "{word}") == "record"


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("{family}:{year}", "durmus:2023"),
        ("{families}{year}", "durmusnguyen2023"),
        ("{title}", "towardsx"),
        ("{type}/{word}-{year}", "article/towards-2023"),
        (DEFAULT_PATTERN, "durmus2023towards"),
    ],
)
def test_patterns(pattern: str, key: str) -> None:
    assert make_key(paper("Towards X"), pattern) == key


@pytest.mark.parametrize(
    "pattern",
    ["", "durmus", "{author}", "{family} {year}", "{family}{", "{family},", "{family}é", "{}"],
)
def test_bad_patterns_are_refused_with_advice(pattern: str) -> None:
    with pytest.raises(InputError) as refused:
        check_pattern(pattern)
    assert "{family}" in refused.value.hint


def test_suffixes_run_from_a_to_z_and_on() -> None:
    taken: set[str] = set()
    given_keys = []
    for _ in range(26 + 26 * 26 + 3):
        key = unique_key("li2023", taken)
        taken.add(key)
        given_keys.append(key)
    assert len(taken) == len(given_keys)
    assert given_keys[:3] == ["li2023", "li2023a", "li2023b"]
    assert given_keys[26:29] == ["li2023z", "li2023aa", "li2023ab"]
    assert given_keys[702:704] == ["li2023zz", "li2023aaa"]


def test_a_suffix_that_was_given_up_is_found_again() -> None:
    assert unique_key("li2023", {"li2023", "li2023a", "li2023c"}) == "li2023b"


class Counted(set[str]):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


def test_thousands_of_records_with_one_key_do_not_cost_the_square() -> None:
    taken = Counted()
    for _ in range(5_000):
        taken.add(unique_key("anonnd", taken))
    assert len(taken) == 5_000
    assert taken.asked < 5_000 * 60


def test_a_key_has_a_longest_length() -> None:
    assert len(make_key(paper("word" * 10_000), "{title}")) == MAX_LENGTH
    assert len(make_key(Record("", "webpage", {"URL": "https://a/" + "b" * 9_999}))) == MAX_LENGTH


@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=30))
def test_every_key_is_one_that_bibtex_can_read(title: str, family: str) -> None:
    key = make_key(paper(title, Name(family, "A")))
    assert re.fullmatch(r"[a-z0-9]+", key)
    assert re.fullmatch(r"[a-z0-9]*", to_ascii(title))


@pytest.mark.parametrize("unit", ["<i ", "$", "</span ", "a' "])
def test_a_megabyte_title_gets_a_key(unit: str) -> None:
    assert make_key(paper(unit * (1_000_000 // len(unit)))).startswith("durmus2023")
