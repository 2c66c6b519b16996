"""Our table of types and fields beside what a server says that it knows."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.sync.schema import Known, known_of, load_known, unknown_to, unsendable
from citeworks.zotero_json.tables import ITEM_CREATORS, ITEM_FIELDS


def schema(**without: str) -> dict[str, Any]:
    """A schema like our table, without some things, and with something newer."""
    return {
        "version": 99,
        "itemTypes": [
            {
                "itemType": kind,
                "fields": [{"field": name} for name in sorted(fields) if name != without.get(kind)],
                "creatorTypes": [{"creatorType": role} for role in ITEM_CREATORS.get(kind, ())],
            }
            for kind, fields in ITEM_FIELDS.items()
            if kind != without.get("kind")
        ]
        + [{"itemType": "poem", "fields": [{"field": "metre"}], "creatorTypes": []}],
    }


def unknown_of(document: dict[str, Any]) -> list[str]:
    return unknown_to(known_of(document, "").types)


def test_a_newer_schema_knows_all_of_ours() -> None:
    assert unknown_of(schema()) == []


def test_a_type_or_field_that_the_server_lacks_is_named() -> None:
    assert unknown_of(schema(kind="preprint", book="citationKey")) == [
        "book.citationKey",
        "preprint",
    ]


@pytest.mark.parametrize("answer", [{}, {"itemTypes": None}, {"itemTypes": ["book"]}])
def test_an_answer_that_is_no_schema_says_nothing(answer: dict[str, Any]) -> None:
    assert unknown_of(answer) == []


def test_what_is_known_is_kept_as_text_and_nothing_is_made_of_another_text() -> None:
    known = known_of(schema(), '"a"')
    assert load_known(known.dump()) == known
    assert known.holds(99)
    assert not known.holds(100)
    for text in ("", "{", "[]", '{"size": 1}'):
        assert load_known(text) == Known()
    assert Known().holds(41)
    assert not Known().holds(0)


def test_fields_and_creators_that_would_be_refused_are_found() -> None:
    item = {"itemType": "book", "title": "T", "DOI": "10.1/a", "creators": [{"creatorType": "x"}]}
    unknown = frozenset(("book.DOI", "book:x", "film.title"))
    names = ["title", "DOI", "creators"]
    assert unsendable(item, names, unknown) == {"DOI": "book.DOI", "creators": "book:x"}
    assert unsendable(item, ["title"], unknown) == {}
