"""What answers say, whatever a server sends: a value in our words, or BadResponse."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.errors import BadResponse
from citeworks.sync.interface import LibraryId, Result
from citeworks.sync.zotero.answers import (
    Answer,
    data_by_key,
    group_access,
    outcomes,
    user_access,
    versions,
)
from citeworks.sync.zotero.pauses import asked_pause

WORDS = st.sampled_from(
    "key data version successful success unchanged failed code message 0 1 access user groups all "
    "42 library write userID username owner admins members libraryEditing type name".split()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=8,
)
OBJECTS = st.dictionaries(WORDS, JSON, max_size=8)
GROUP = LibraryId("groups", 42)


def answer(body: Any, **headers: str) -> Answer:
    return Answer(200, headers, json.dumps(body).encode())


ENTRIES = st.lists(st.fixed_dictionaries({"key": JSON, "version": JSON, "data": OBJECTS}))
REPORTS = st.fixed_dictionaries(
    {
        name: st.dictionaries(st.sampled_from("01"), OBJECTS | JSON) | JSON
        for name in ("successful", "unchanged", "failed")
    }
)
GROUPS = st.fixed_dictionaries(dict.fromkeys(("owner", "admins", "members"), JSON))
INFOS = st.fixed_dictionaries(
    {
        "userID": JSON,
        "access": st.fixed_dictionaries(
            {"groups": st.just({"42": {"library": True, "write": True}}) | JSON}
        ),
    }
)


@given(JSON | ENTRIES)
def test_any_json_is_read_or_a_bad_response(body: Any) -> None:
    for read in (versions, data_by_key, lambda each: outcomes(each, [{"key": "A", "version": 1}])):
        with contextlib.suppress(BadResponse):
            read(answer(body))


@given(st.binary())
def test_any_bytes_are_read_or_a_bad_response(content: bytes) -> None:
    with contextlib.suppress(BadResponse):
        versions(Answer(200, {}, content))
    assert len(Answer(200, {}, content).text) <= 200


@given(OBJECTS | REPORTS)
def test_a_report_has_one_outcome_for_each_object(body: dict[str, Any]) -> None:
    sent = [{"key": "A", "version": 1}, {"key": "B", "version": 0}]
    with contextlib.suppress(BadResponse):
        assert [each.key for each in outcomes(answer(body), sent)] == ["A", "B"]


@given(OBJECTS | INFOS | st.none(), OBJECTS | GROUPS)
def test_any_key_and_group_have_a_verdict(info: dict[str, Any] | None, group: Any) -> None:
    verdict = group_access(info, group, GROUP)
    assert verdict.write <= verdict.read
    assert verdict.write or verdict.reason
    if info is not None:
        verdict = user_access(info, LibraryId("users", 1))
        assert verdict.write <= verdict.read
        assert verdict.write or verdict.reason


@given(st.dictionaries(st.sampled_from(["backoff", "retry-after"]), st.text()))
def test_any_pause_is_a_number_or_none(headers: dict[str, str]) -> None:
    seconds = asked_pause(headers)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("members", "group_scope", "is_allowed"),
    [
        ({"members": [7]}, {"all": {"library": True, "write": True}}, True),
        ({}, {"all": {"library": True, "write": True}}, False),
        ({"members": [8]}, {"all": {"library": True, "write": True}}, False),
        ({"admins": [7]}, {"42": {"library": True, "write": True}}, True),
        (
            {"members": [7]},
            {"42": {"library": True, "write": False}, "all": {"library": True, "write": True}},
            True,
        ),
        ({"members": [7]}, {"42": {"library": True, "write": False}}, False),
    ],
)
def test_members_write_with_the_scope_of_one_group_or_of_all(
    members: dict[str, Any], group_scope: dict[str, Any], is_allowed: bool
) -> None:
    info = {"userID": 7, "username": "ada", "access": {"groups": group_scope}}
    group = {"owner": 1, "type": "PublicOpen", "libraryReading": "all", **members}
    group |= {"libraryEditing": "members", "fileEditing": "members"}
    assert group_access(info, group, LibraryId("groups", 42)).write is is_allowed


def test_versions_may_be_texts() -> None:
    assert versions(answer({"ABCD2345": "12", "ABCD2346": 13})) == {"ABCD2345": 12, "ABCD2346": 13}
    with pytest.raises(BadResponse):
        versions(answer({"ABCD2345": "twelve"}))


def test_lists_stand_for_objects_with_places() -> None:
    body = {"successful": [{"version": 3, "data": {"key": "A", "version": 3}}], "failed": []}
    (outcome,) = outcomes(answer(body), [{"key": "A", "version": 0}])
    assert (outcome.result, outcome.version) == (Result.APPLIED, 3)
    assert versions(answer([])) == {}


def test_keys_alone_are_success_at_the_libraries_version() -> None:
    body = {"success": {"0": "A"}, "unchanged": {}, "failed": {}}
    report = answer(body, **{"last-modified-version": "7"})
    (outcome,) = outcomes(report, [{"key": "A", "version": 0}])
    assert (outcome.result, outcome.version, outcome.data) == (Result.APPLIED, 7, None)


def test_an_object_that_the_report_leaves_out_has_failed() -> None:
    body: dict[str, Any] = {"successful": {}, "unchanged": {}, "failed": {}}
    (outcome,) = outcomes(answer(body), [{"key": "A", "version": 0}])
    assert (outcome.result, outcome.code) == (Result.FAILED, 0)
    assert "leaves this object out" in outcome.message
