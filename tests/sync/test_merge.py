from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.sync.merge import Direction, Merge, Side, merge_items
from citeworks.sync.sequence import merge_sequence


def person(last: str, first: str = "A", role: str = "author") -> dict[str, str]:
    return {"creatorType": role, "lastName": last, "firstName": first}


def merged(base: Any, ours: Any, theirs: Any, field: str = "title", **options: Any) -> Merge:
    first, second, third = (
        {"itemType": "book", "title": "T", field: value} for value in (base, ours, theirs)
    )
    return merge_items(first, second, third, **options)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "result"),
    [
        ("a", "a", "a", "a"),
        ("a", "b", "a", "b"),
        ("a", "a", "c", "c"),
        ("a", "b", "b", "b"),
        ("a", "", "a", ""),
        ("", "", "c", "c"),
    ],
)
def test_a_field_that_one_side_changed_is_taken_from_it(
    base: str, ours: str, theirs: str, result: str
) -> None:
    merge = merged(base, ours, theirs)
    assert merge.conflicts == []
    assert [state["title"] for state in (merge.ours, merge.theirs, merge.base)] == [result] * 3


def test_different_changes_are_a_conflict_and_each_side_keeps_its_own() -> None:
    merge = merged("a", "b", "c")
    assert merge.conflicts == ["title"]
    assert [merge.ours["title"], merge.theirs["title"], merge.base["title"]] == ["b", "c", "a"]


def test_a_conflict_is_found_again_until_it_is_settled() -> None:
    first = merged("a", "b", "c")
    second = merge_items(first.base, first.ours, first.theirs)
    assert (second.conflicts, second.base["title"]) == (["title"], "a")
    for side, winner in ((Side.OURS, "b"), (Side.THEIRS, "c")):
        settled = merged("a", "b", "c", prefer=lambda name, side=side: side)
        assert settled.conflicts == []
        assert {settled.ours["title"], settled.theirs["title"]} == {winner}


def test_an_edit_against_a_removed_value_is_a_conflict() -> None:
    assert merged("a", "", "c").conflicts == ["title"]


@pytest.mark.parametrize(
    ("field", "stored", "typed"),
    [
        ("title", "T x", "  T x "),
        ("title", "a\nb", "a\r\nb"),
        ("volume", "5", 5),
        ("volume", "", None),
        ("accessDate", "2021-03-01T09:00:00Z", "2021-03-01T10:00:00+01:00"),
        (
            "tags",
            [{"tag": "a"}, {"tag": "b"}],
            [{"tag": "b "}, {"tag": "a", "type": 0}, {"tag": ""}],
        ),
        ("creators", [person("X")], [person(" X "), {"creatorType": "author", "name": ""}]),
        ("relations", {"dc:relation": ["u"]}, {"dc:relation": "u"}),
        ("extra", "a\nb", "a\r\nb "),
    ],
)
def test_what_the_server_normalizes_is_no_edit(field: str, stored: Any, typed: Any) -> None:
    merge = merged(typed, typed, stored, field)
    assert merge.conflicts == []
    merge = merged(stored, typed, stored, field)
    assert merge.theirs[field] == stored


def test_tags_merge_one_by_one() -> None:
    old, mine, his = (
        [{"tag": tag} for tag in tags.split()] for tags in ("a b c", "a c d", "a b e")
    )
    assert [tag["tag"] for tag in merged(old, mine, his, "tags").theirs["tags"]] == ["a", "d", "e"]


def test_the_type_of_a_tag_is_kept() -> None:
    tags = [{"tag": "a", "type": 1}]
    merge = merged(tags, [*tags, {"tag": "b"}], [*tags, {"tag": "c"}], "tags")
    assert merge.theirs["tags"][0] == {"tag": "a", "type": 1}


def test_collections_and_relations_merge_member_by_member() -> None:
    merge = merged(["A", "B"], ["B", "C"], ["A", "B", "D"], "collections")
    assert set(merge.theirs["collections"]) == {"B", "C", "D"}
    merge = merged({"p": ["1"]}, {"p": ["1", "2"]}, {"p": ["1"], "q": ["3"]}, "relations")
    assert merge.theirs["relations"] == {"p": ["1", "2"], "q": ["3"]}


A, B, C = person("Abel"), person("Bohr"), person("Curie")


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ([A, person("Bohr", "Niels")], [A, B, C], [A, person("Bohr", "Niels"), C]),
        ([B], [A, B, C], [B, C]),
        (
            [A, person("Bor")],
            [person("Abel", "Niels"), B],
            [person("Abel", "Niels"), person("Bor")],
        ),
        ([C, A, B], [A, B, person("Dirac")], [C, A, B, person("Dirac")]),
        ([A, B, C], [A, B, C], [A, B, C]),
        ([A, B, person("Noether")], [A, B, C], [A, B, person("Noether"), C]),
        ([A, B, person("E", role="editor")], [A, B, C], [A, B, C, person("E", role="editor")]),
    ],
)
def test_creators_merge_one_by_one(ours: list[Any], theirs: list[Any], result: list[Any]) -> None:
    merge = merged([A, B], ours, theirs, "creators")
    assert merge.conflicts == []
    assert sorted(map(str, merge.theirs["creators"])) == sorted(map(str, result))
    authors = [each for each in merge.theirs["creators"] if each["creatorType"] == "author"]
    assert authors == [each for each in result if each["creatorType"] == "author"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([A, person("Bohr", "Niels")], [A, person("Bohr", "N.")]),
        ([A], [A, person("Bohr", "Niels")]),
        ([B, A], [A, B, C]),
        ([A, B, person("Curie", "M.")], [A, B, person("Curie", "Marie")]),
    ],
)
def test_creators_that_disagree_are_a_conflict_of_their_role(
    ours: list[Any], theirs: list[Any]
) -> None:
    merge = merged([A, B], ours, theirs, "creators")
    assert merge.conflicts == ["creators:author"]
    again = merge_items(merge.base, merge.ours, merge.theirs)
    assert again.conflicts == ["creators:author"]


def test_without_a_base_two_author_lists_are_a_conflict() -> None:
    assert merge_items({}, {"creators": [A]}, {"creators": [B]}).conflicts == ["creators:author"]


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ("a: 1\nfree\nb: 2", "a: 1\nfree\nb: 3", "a: 1\nfree\nb: 3"),
        ("a: 9\nfree\nb: 2", "a: 1\nfree\nb: 3", "a: 9\nfree\nb: 3"),
        ("a: 1\nfree\nb: 2\nc: 4", "x\na: 1\nfree\nb: 2", "x\na: 1\nfree\nb: 2\nc: 4"),
        ("free\nb: 2", "a: 1\nfree", "free"),
    ],
)
def test_extra_merges_line_by_line(ours: str, theirs: str, result: str) -> None:
    merge = merged("a: 1\nfree\nb: 2", ours, theirs, "extra")
    assert (merge.conflicts, merge.theirs["extra"]) == ([], result)


def test_one_line_in_conflict_leaves_the_other_lines_free() -> None:
    merge = merged("PMID: 1\nfree", "PMID: 2\nfree", "PMID: 3\nfree\nnew", "extra")
    assert merge.conflicts == ["extra"]
    assert merge.ours["extra"] == "PMID: 2\nfree\nnew"
    assert merge.theirs["extra"] == "PMID: 3\nfree\nnew"
    assert merge.base["extra"] == "PMID: 1\nfree\nnew"


def test_pulling_leaves_the_group_alone_and_keeps_our_edit_open() -> None:
    merge = merged("a", "b", "a", direction=Direction.PULL)
    assert [merge.ours["title"], merge.theirs["title"], merge.base["title"]] == ["b", "a", "a"]


def test_pushing_leaves_the_library_alone_and_keeps_their_edit_open() -> None:
    merge = merged("a", "a", "c", direction=Direction.PUSH)
    assert [merge.ours["title"], merge.theirs["title"], merge.base["title"]] == ["a", "c", "a"]


def test_fields_that_nobody_here_knows_survive() -> None:
    theirs = {"itemType": "hologram", "title": "T", "novelField": "new", "weight": {"kg": 1}}
    merge = merge_items({"title": "T"}, {"title": "U"}, theirs)
    assert merge.theirs == {**theirs, "title": "U"}


words = st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True)


@given(words, words, words)
def test_merging_sequences_loses_no_addition_and_keeps_no_agreed_removal(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    result = merge_sequence(base, ours, theirs, str, str)
    added = (set(ours) | set(theirs)) - set(base)
    removed = set(base) - set(ours) - set(theirs)
    for part in (result.ours, result.theirs):
        assert not removed & set(part)
    assert added <= set(result.ours) | set(result.theirs)
    if not result.conflict:
        assert set(result.ours) == (set(base) & set(ours) & set(theirs)) | added


@given(words, words)
def test_merging_sequences_takes_the_only_change_whole(base: list[str], new: list[str]) -> None:
    for result in (
        merge_sequence(base, new, base, str, str),
        merge_sequence(base, base, new, str, str),
        merge_sequence(base, new, new, str, str),
    ):
        assert not result.conflict
        assert result.ours == result.theirs == new
