"""Our table of types and fields beside what a server says that it knows."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.sync.schema import unknown_to
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


def test_a_newer_schema_knows_all_of_ours() -> None:
    assert unknown_to(schema()) == []


def test_a_type_or_field_that_the_server_lacks_is_named() -> None:
    assert unknown_to(schema(kind="preprint", book="citationKey")) == [
        "book.citationKey",
        "preprint",
    ]


@pytest.mark.parametrize("answer", [{}, {"itemTypes": None}, {"itemTypes": ["book"]}])
def test_an_answer_that_is_no_schema_says_nothing(answer: dict[str, Any]) -> None:
    assert unknown_to(answer) == []
