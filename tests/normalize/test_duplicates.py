"""Which records speak of the same work."""

from __future__ import annotations

import pytest

from citeworks.model import Name, Record, Value
from citeworks.normalize.duplicates import DuplicateIndex, title_key

DURMUS, NGUYEN, LI = Name("Durmus", "Esin"), Name("Nguyen", "Karina"), Name("Li", "Belinda Z.")


def record(key: str, title: str = "", *authors: Name, **variables: Value) -> Record:
    values: dict[str, Value] = {"title": title} if title else {}
    values |= {"author": authors} if authors else {}
    return Record(key, "article", values | variables)


KNOWN = DuplicateIndex(
    [
        record("doi", "A", DURMUS, DOI="10.1/a"),
        record("two", "Towards Measuring X", DURMUS, NGUYEN),
        record("arxiv", "B", LI).with_custom(arxiv="2306.16388"),
        record("anon", "Anonymous work"),
        record("link", URL="https://example.org/a"),
        record("cjk", "深度学习", LI),
        record("sign", "???", LI),
    ]
)


@pytest.mark.parametrize(
    ("new", "known"),
    [
        (record("", "Other", LI, DOI="10.1/A"), "doi"),
        (record("", "Other", LI).with_custom(arxiv="2306.16388"), "arxiv"),
        (record("", "TOWARDS measuring: <i>X</i>!", NGUYEN, LI), "two"),
        (record("", "Towards Measuring X", Name(literal="Durmus")), "two"),
        (record("", "Anonymous Work"), "anon"),
        (record("", URL="https://example.org/a"), "link"),
        (record("", "深度学习", LI), "cjk"),
        (record("", "???", LI), "sign"),
        (record("", "Towards Measuring X", LI), None),
        (record("", "Towards Measuring X"), None),
        (record("", "Anonymous work", LI), None),
        (record("", "Towards Measuring Y", DURMUS), None),
        (record("", "New", DURMUS, URL="https://example.org/a"), None),
        (record("", DOI="10.1/b"), None),
        (record(""), None),
    ],
)
def test_same_identifier_or_same_title_and_an_author_in_common(
    new: Record, known: str | None
) -> None:
    assert KNOWN.find(new) == known


def test_the_chapters_of_a_book_share_its_isbn() -> None:
    book = Record("book", "book", {"title": "Whole", "ISBN": "9780262033848"})
    chapter = Record("", "chapter", {"title": "Part", "ISBN": "9780262033848"})
    again = Record("", "book", {"title": "Other", "ISBN": "9780262033848"})
    index = DuplicateIndex([book])
    assert index.find(chapter) is None
    assert index.find(again) == "book"


def test_the_first_known_record_is_named() -> None:
    index = DuplicateIndex([record("b", "T", LI), record("a", "T", DURMUS)])
    assert index.find(record("", "T", DURMUS, LI)) == "b"


def test_a_title_key_is_the_same_for_the_same_words() -> None:
    assert title_key("Zürich — <b>A</b> b") == title_key("zurich a B")


def test_many_records_under_one_title_are_looked_up_by_their_authors() -> None:
    index = DuplicateIndex(
        record(f"k{n}", "Introduction", Name(f"Author{n}")) for n in range(9_999)
    )
    for n in range(9_999):
        assert index.find(record("", "Introduction", Name(f"Author{n}"))) == f"k{n}"


@pytest.mark.parametrize("unit", ["<i ", "</sup "])
def test_a_megabyte_title_has_a_key(unit: str) -> None:
    assert title_key(unit * (1_000_000 // len(unit)))
