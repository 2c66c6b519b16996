"""Versions and preconditions of the Web API, clause by clause."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .client import Api, item, new_key, version
from .conftest import GROUP, OWNER
from .server import ZoteroServer


def failure(api: Api, *objects: Any, **options: Any) -> dict[str, Any]:
    """The failure of the last object of a write."""
    answer = api.post(*objects, **options)
    assert answer.status_code == 200
    failed: dict[str, Any] = answer.json()["failed"][str(len(objects) - 1)]
    return failed


def test_each_object_of_a_write_gets_its_own_version(api: Api) -> None:
    before = api.version
    answer = api.post(*(item(f"Part {each}") for each in range(50)))
    entries = answer.json()["successful"]
    versions = [entries[str(each)]["version"] for each in range(50)]
    assert versions == list(range(before + 1, before + 51))
    assert version(answer) == before + 50


def test_older_servers_give_all_objects_of_a_write_one_version(old_server: ZoteroServer) -> None:
    old_server.add_group(GROUP, owner=OWNER)
    with Api(old_server.url, f"groups/{GROUP}", old_server.add_user(OWNER)) as api:
        answer = api.post(item("A"), item("B"))
        assert [each["version"] for each in answer.json()["successful"].values()] == [1, 1]
        assert version(answer) == 1


def test_a_single_object_answers_with_its_own_version(api: Api) -> None:
    first, second = api.created(item("A"), item("B"))
    assert version(api.get(f"items/{first['key']}")) == first["version"] < second["version"]
    assert version(api.get("items")) == second["version"]


def test_unchanged_data_moves_the_library_and_is_a_bare_key(api: Api) -> None:
    (old,) = api.created(item())
    answer = api.post({"key": old["key"], "version": old["version"], "title": "Atlas"})
    assert answer.json()["unchanged"] == {"0": old["key"]}
    assert version(answer) == old["version"] + 1
    assert api.data(old["key"])["version"] == old["version"]


def test_a_patch_that_changes_nothing_gives_the_old_version(api: Api) -> None:
    (old,) = api.created(item())
    answer = api.call(
        "PATCH", f"items/{old['key']}", json={"title": "Atlas"}, unmodified=old["version"]
    )
    assert answer.status_code == 204
    assert version(answer) == old["version"]
    assert api.version == old["version"] + 1
    stale = api.post(item("B"), unmodified=version(answer))
    assert stale.status_code == 412


def test_deleting_a_missing_key_moves_the_library(api: Api) -> None:
    before = api.version
    answer = api.call("DELETE", "items", params={"itemKey": new_key()}, unmodified=before)
    assert (answer.status_code, version(answer)) == (204, before + 1)


def test_a_write_of_which_all_fail_does_not_move_the_library(api: Api) -> None:
    before = api.version
    assert failure(api, item(itemType="poem"))["code"] == 400
    assert api.version == before


def test_since_is_strict(api: Api) -> None:
    first, second = api.created(item("A"), item("B"))
    assert api.json("items", format="versions", since=first["version"]) == {
        second["key"]: second["version"]
    }


@pytest.mark.parametrize(
    "path", ["items", "items/top", "collections", "searches", "tags", "settings"]
)
def test_an_unmodified_library_is_304(api: Api, path: str) -> None:
    api.created(item())
    headers = {"If-Modified-Since-Version": str(api.version)}
    assert api.call("GET", path, headers=headers).status_code == 304
    older = {"If-Modified-Since-Version": str(api.version - 1)}
    assert api.call("GET", path, headers=older).status_code == 200


def test_an_answer_without_an_object_does_not_tell_the_version(
    server: ZoteroServer, api: Api
) -> None:
    """So a library that went back looks as if nothing had happened."""
    api.created(item("A"), item("B"))
    newer = api.call("GET", "items", headers={"If-Modified-Since-Version": str(api.version + 9)})
    stale = api.post(item("C"), unmodified=1)
    assert [each.status_code for each in (newer, stale)] == [304, 412]
    assert not any("Last-Modified-Version" in each.headers for each in (newer, stale))


def test_deleted_and_single_objects_are_never_304(api: Api) -> None:
    (data,) = api.created(item())
    headers = {"If-Modified-Since-Version": str(api.version)}
    for path in ("deleted?since=1", f"items/{data['key']}"):
        assert api.call("GET", path, headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_one_object_needs_a_version_and_the_right_one(api: Api, method: str) -> None:
    (old,) = api.created(item())
    path, sent = f"items/{old['key']}", {k: v for k, v in item("New").items() if k != "version"}
    sent["key"] = old["key"]
    assert api.call(method, path, json=sent).status_code == 428
    both = api.call(method, path, json=sent | {"version": old["version"] + 1}, unmodified=1)
    assert both.status_code == 400
    stale = api.call(method, path, json=sent | {"version": old["version"] - 1})
    assert (stale.status_code, version(stale)) == (412, old["version"])
    greater = api.call(method, path, json=sent, unmodified=old["version"] + 100)
    assert (greater.status_code, version(greater)) == (204, old["version"] + 1)


def test_deleting_one_object_needs_its_version(api: Api) -> None:
    (old,) = api.created(item())
    path = f"items/{old['key']}"
    assert api.call("DELETE", path).status_code == 428
    assert api.call("DELETE", path, unmodified=old["version"] - 1).status_code == 412
    assert api.call("DELETE", path, unmodified=old["version"]).status_code == 204
    assert api.call("DELETE", path, unmodified=old["version"]).status_code == 412


def test_deleting_several_without_a_version_is_unconditional(api: Api) -> None:
    first, second = api.created(item("A"), item("B"))
    both = {"itemKey": f"{first['key']},{second['key']}"}
    assert api.call("DELETE", "items", params=both, unmodified=1).status_code == 412
    assert api.call("DELETE", "items", params=both).status_code == 204
    assert api.json("items") == []


def test_a_stale_library_version_stops_the_whole_write(api: Api) -> None:
    (old,) = api.created(item())
    answer = api.post(item("B"), unmodified=old["version"] - 1)
    assert answer.status_code == 412
    assert len(api.json("items")) == 1


def test_the_library_version_is_enforced_for_parallel_writers(api: Api) -> None:
    before = api.version
    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(lambda each: api.post(item(each), unmodified=before), "ABCDEF")
    assert sorted(each.status_code for each in answers) == [200, *[412] * 5]


def test_a_key_without_any_version_is_428(api: Api) -> None:
    (old,) = api.created(item())
    assert failure(api, {"key": old["key"], "title": "New"})["code"] == 428


def test_a_stale_object_version_is_412_also_under_the_right_library_version(api: Api) -> None:
    (old,) = api.created(item())
    sent = {"key": old["key"], "version": old["version"] - 1, "title": "New"}
    assert failure(api, sent)["code"] == 412
    assert failure(api, sent, unmodified=api.version)["code"] == 412


def test_version_0_on_an_existing_key_is_412(api: Api) -> None:
    sent = item()
    api.created(sent)
    assert failure(api, sent)["code"] == 412
    assert len(api.json("items")) == 1


def test_a_version_for_a_missing_key_is_404(api: Api) -> None:
    missing = item(version=3)
    failed = failure(api, missing)
    assert failed["code"] == 404
    assert "use 0 instead" in failed["message"]
    path = f"items/{missing['key']}"
    assert api.call("PATCH", path, json={"title": "A"}, unmodified=3).status_code == 412
    assert api.call("PATCH", path, json={"title": "A"}).status_code == 404


def test_a_deleted_key_can_be_created_again_and_is_deleted_no_more(api: Api) -> None:
    sent = item()
    (old,) = api.created(sent)
    api.call("DELETE", f"items/{old['key']}", unmodified=old["version"])
    assert api.json("deleted", since=old["version"])["items"] == [old["key"]]
    api.created(sent)
    assert api.json("deleted", since=old["version"])["items"] == []


def test_the_same_key_twice_in_a_write_fails_the_second_time(api: Api) -> None:
    sent = item()
    assert failure(api, sent, sent)["code"] == 412


def test_a_write_token_holds_once(api: Api) -> None:
    headers = {"Zotero-Write-Token": "a" * 16}
    assert api.post(item("A"), headers=headers, unmodified=api.version).status_code == 200
    again = api.post(item("B"), headers=headers)
    assert (again.status_code, again.text) == (412, "Write token already used")
    assert api.post(item("B"), headers={"Zotero-Write-Token": "abcd"}).status_code == 400


def test_a_write_token_holds_for_deletions_too(api: Api) -> None:
    (old,) = api.created(item())
    token, params = {"Zotero-Write-Token": new_key()}, {"itemKey": old["key"]}
    for status in (204, 412):
        answer = api.call("DELETE", "items", params=params, headers=token)
        assert answer.status_code == status


def test_a_write_token_is_forgotten_when_the_last_object_failed(api: Api) -> None:
    good, bad = {"itemType": "book", "title": "A"}, {"itemType": "poem"}
    forgotten, kept = {"Zotero-Write-Token": "b" * 16}, {"Zotero-Write-Token": "c" * 16}
    for _ in range(2):
        assert api.post(good, bad, headers=forgotten).status_code == 200
    assert len(api.json("items")) == 2
    assert api.post(bad, good, headers=kept).status_code == 200
    assert api.post(bad, good, headers=kept).status_code == 412


def test_a_restored_library_has_a_smaller_version(server: ZoteroServer) -> None:
    server.add_group(GROUP, owner=OWNER)
    with Api(server.url, f"groups/{GROUP}", server.add_user(OWNER)) as api:
        api.created(item("A"), item("B"), item("C"))
        server.library("groups", GROUP).version = 1
        assert api.version == 1
