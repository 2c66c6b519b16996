"""Renaming citation keys."""

from __future__ import annotations

import pytest

from citeworks.errors import InputError
from citeworks.model import Library
from citeworks.workflows.keys import planned_keys, rename
from site_support import record


def test_pattern_names_only_the_keys_that_change() -> None:
    library = Library([record("smith2020"), record("x", author=[{"family": "Roe"}])])
    assert planned_keys(library, "{family}{year}") == {"x": "roe2020"}


def test_planned_keys_avoid_each_other_and_former_keys() -> None:
    library = Library(
        [record("a"), record("b"), record("c", author=[], custom={"aliases": ["smith2020"]})]
    )
    planned = planned_keys(library, "{family}{year}", ["a", "b"])
    assert len(set(planned.values())) == 2
    assert "smith2020" not in planned.values()


def test_renaming_keeps_the_old_key_as_an_alias() -> None:
    renamed = rename(Library([record("a")]), {"a": "b"})
    assert list(renamed) == ["b"]
    assert renamed["b"].aliases == ("a",)


def test_renaming_back_drops_the_alias_that_is_the_key_again() -> None:
    twice = rename(rename(Library([record("a")]), {"a": "b"}), {"b": "a"})
    assert twice["a"].aliases == ("b",)


def test_keys_can_be_swapped() -> None:
    library = Library([record("a", title="A"), record("b", title="B")])
    swapped = rename(library, {"a": "b", "b": "a"})
    assert (swapped["a"].text("title"), swapped["b"].text("title")) == ("B", "A")


def test_key_of_another_record_is_refused() -> None:
    library = Library([record("a"), record("b", custom={"aliases": ["old"]})])
    for taken in ("b", "old"):
        with pytest.raises(InputError):
            rename(library, {"a": taken})
