"""Libraries, records and names as values."""

from __future__ import annotations

import dataclasses

import pytest

from citeworks.model import Library, Name, Provenance, Record


def test_records_are_iterated_in_the_order_of_their_keys() -> None:
    library = Library([Record("b", "book"), Record("a", "book")])
    assert list(library) == ["a", "b"]
    assert len(library) == 2
    assert library["a"].type == "book"


def test_two_records_under_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="'a'"):
        Library([Record("a", "book"), Record("a", "article")])


def test_records_are_replaced_and_removed_in_a_copy() -> None:
    library = Library([Record("a", "book")])
    assert library.with_records([Record("a", "article")])["a"].type == "article"
    assert list(library.without(["a", "unknown"])) == []
    assert library["a"].type == "book"


def test_values_come_with_their_provenance() -> None:
    origin = Provenance("listing", "listing.txt:1-3")
    record = Record("a", "book").with_values({"title": "A"}, origin)
    assert record.text("title") == "A"
    assert record.provenance == {"title": origin}


def test_absent_variables_are_empty() -> None:
    record = Record("a", "book", {"volume": 3})
    assert record.text("title") == ""
    assert record.text("volume") == "3"
    assert record.names() == ()
    assert record.date() is None


def test_a_truncated_list_is_known_by_its_variable() -> None:
    record = Record("a", "book").with_custom(et_al=["author"])
    assert record.custom == {"et-al": ["author"]}
    assert record.is_truncated("author")
    assert not record.is_truncated("editor")


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Record("a", "book").key = "b"  # type: ignore[misc]


def test_a_name_reads_in_its_order() -> None:
    name = Name("Berg", "Jan", "van", "der", "Jr.")
    assert str(name) == "Jan van der Berg Jr."
    assert str(Name(literal="BigScience Workshop")) == "BigScience Workshop"
    assert Name(literal="BigScience Workshop").is_collective
    assert not name.is_collective
