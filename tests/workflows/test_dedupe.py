"""Duplicates: what is found, what is not, and what a merge keeps."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.errors import StoreError
from citeworks.model import Library, Provenance, Record
from citeworks.model.provenance import USER
from citeworks.workflows.dedupe import find_groups, merge
from site_support import record

TITLE = "Deep Residual Learning for Image Recognition"


def groups(*records: Record) -> list[tuple[str, ...]]:
    return [group.keys for group in find_groups(Library(records))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"DOI": "10.1/x", "title": "One"}, {"DOI": "10.1/X", "title": "Other"}),
        ({"title": TITLE}, {"title": TITLE.lower()}),
        ({"title": TITLE}, {"title": TITLE.replace("Residual", "Residuel")}),
        ({"custom": {"arxiv": "1512.03385"}}, {"DOI": "10.48550/arXiv.1512.03385"}),
        ({"title": TITLE, "DOI": "10.48550/arXiv.1512.03385"}, {"title": TITLE, "DOI": "10.1/x"}),
    ],
)
def test_same_works_are_grouped(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert groups(record("a", **first), record("b", **second)) == [("a", "b")]


@pytest.mark.parametrize(
    "second",
    [
        {"title": TITLE, "DOI": "10.1/y"},
        {"title": TITLE, "edition": "2"},
        {"title": TITLE, "page": "5-9"},
        {"title": TITLE + " 2.0"},
        {"title": TITLE, "author": [{"family": "Jones", "given": "Z."}]},
        {"title": TITLE, "issued": {"date-parts": [[1999]]}},
        {"title": "Wide Residual Networks"},
    ],
)
def test_other_works_are_not(second: dict[str, Any]) -> None:
    first = record("a", title=TITLE, DOI="10.1/x", edition="1", page="1-4")
    assert groups(first, record("b", **second)) == []


def test_group_has_every_member_and_every_reason_once() -> None:
    found = find_groups(
        Library(
            [
                record("a", title=TITLE, DOI="10.1/x"),
                record("b", title=TITLE),
                record("c", title="Else", DOI="10.1/x"),
                record("d", title="Another Work Altogether"),
            ]
        )
    )
    assert [group.keys for group in found] == [("a", "b", "c")]
    assert found[0].evidence == ("the same DOI 10.1/x", "the same title and authors")


def test_prolific_author_costs_no_square() -> None:
    many = [record(f"k{n:04d}", title=f"Study number {n} of some long matter") for n in range(600)]
    assert groups(*many, record("z", title="Study number 17 of some long matter")) == [
        ("k0017", "z")
    ]


def test_merge_fills_what_is_missing_and_keeps_former_keys() -> None:
    library = Library(
        [
            record("a", title=TITLE, custom={"tags": ["x"]}),
            record("b", title=TITLE, DOI="10.1/x", custom={"tags": ["y"], "aliases": ["old"]}),
        ]
    )
    merged = merge(library, ["a", "b"])
    assert list(merged) == ["a"]
    assert merged["a"].text("DOI") == "10.1/x"
    assert merged["a"].aliases == ("b", "old")
    assert merged["a"].custom["tags"] == ["x", "y"]


def test_merge_keeps_what_a_person_typed() -> None:
    typed = record("b", title="Typed").with_values({"title": "Typed"}, Provenance(USER))
    merged = merge(Library([record("a", title="Read"), typed]), ["a", "b"])
    assert merged["a"].text("title") == "Typed"
    assert merged["a"].provenance["title"].source == USER


def test_merge_prefers_the_full_list_of_authors_to_a_truncated_one() -> None:
    cut = record("a", author=[{"family": "Smith"}], custom={"et-al": ["author"]})
    merged = merge(Library([cut, record("b")]), ["a", "b"])["a"]
    assert [name.family for name in merged.names()] == ["Smith", "Doe"]
    assert not merged.is_truncated()


def test_contradiction_refuses_the_merge_until_it_is_settled() -> None:
    library = Library([record("a", DOI="10.1/x"), record("b", DOI="10.1/y")])
    with pytest.raises(StoreError) as caught:
        merge(library, ["a", "b"])
    assert "--take DOI=KEY" in caught.value.hint
    assert merge(library, ["a", "b"], {"DOI": "b"})["a"].text("DOI") == "10.1/y"
