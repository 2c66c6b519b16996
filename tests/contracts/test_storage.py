"""What every storage keeps: one suite for the memory, the Web API and the desktop app's API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from citeworks.errors import NotFound, RequestTooLarge, VersionMismatch
from citeworks.sync.interface import Kind, LibraryId, Result, Storage
from citeworks.sync.memory import MemoryStorage
from citeworks.sync.paths import new_key
from citeworks.sync.zotero import Patience, connect
from servers.zotero import ZoteroServer

GROUP = LibraryId("groups", 42)
QUICK = Patience(first=0.01, total=5)


@pytest.fixture(params=["memory", "memory-local", "web", "web-shared-versions", "local"])
def storage(request: pytest.FixtureRequest) -> Iterator[Storage]:
    """An empty library that may be written to."""
    kind = request.param
    if kind.startswith("memory"):
        yield MemoryStorage(GROUP, lists_deleted=kind == "memory")
        return
    is_local = kind == "local"
    with ZoteroServer(local=is_local, shared_versions=kind == "web-shared-versions") as server:
        key = server.add_user(1)
        server.add_group(GROUP.number, owner=1)
        with closing(
            connect(GROUP, url=server.url, key="" if is_local else key, patience=QUICK)
        ) as web:
            yield web


def article(**fields: Any) -> dict[str, Any]:
    """An item to be created."""
    return {"key": new_key(), "version": 0, "itemType": "journalArticle", "title": "Atlas"} | fields


def put(storage: Storage, *objects: dict[str, Any], kind: Kind = Kind.ITEM) -> list[Any]:
    """Write objects, all of which must be taken; gives their data."""
    report = storage.write(kind, list(objects))
    assert [outcome.result for outcome in report.outcomes] == [Result.APPLIED] * len(objects)
    return [outcome.data for outcome in report.outcomes]


def test_a_created_object_is_listed_and_read_with_its_version(storage: Storage) -> None:
    sent = article(tags=[{"tag": "maps"}])
    (data,) = put(storage, sent)
    listing = storage.listing(Kind.ITEM)
    assert listing.is_complete
    assert listing.versions == {sent["key"]: data["version"]}
    fetched = storage.objects(Kind.ITEM, [sent["key"], "ABCDEFGH"])
    assert fetched.version == listing.version
    assert list(fetched.objects) == [sent["key"]]
    assert fetched.objects[sent["key"]]["title"] == "Atlas"
    assert fetched.objects[sent["key"]]["tags"] == [{"tag": "maps"}]


def test_versions_only_grow(storage: Storage) -> None:
    versions = []
    for _ in range(3):
        put(storage, article())
        versions.append(storage.listing(Kind.ITEM).version)
    assert versions == sorted(set(versions))


def test_unmodified_is_true_of_the_version_that_the_library_has(storage: Storage) -> None:
    put(storage, article())
    version = storage.listing(Kind.ITEM).version
    assert storage.is_unmodified(version)
    put(storage, article())
    assert not storage.is_unmodified(version)


def test_since_leaves_out_what_did_not_change(storage: Storage) -> None:
    old, new = article(), article()
    put(storage, old)
    version = storage.listing(Kind.ITEM).version
    put(storage, new)
    changed = storage.listing(Kind.ITEM, version)
    assert list(changed.versions) == [new["key"]]
    assert not changed.is_complete


def test_a_change_leaves_what_it_does_not_mention(storage: Storage) -> None:
    sent = article(volume="3")
    (data,) = put(storage, sent)
    (changed,) = put(storage, {"key": sent["key"], "version": data["version"], "title": "Globe"})
    assert (changed["title"], changed["volume"]) == ("Globe", "3")
    (cleared,) = put(storage, {"key": sent["key"], "version": changed["version"], "volume": ""})
    assert cleared.get("volume", "") == ""


def test_creating_twice_is_a_conflict_and_makes_no_second_object(storage: Storage) -> None:
    sent = article()
    put(storage, sent)
    report = storage.write(Kind.ITEM, [sent])
    assert [(each.result, each.code) for each in report.outcomes] == [(Result.CONFLICT, 412)]
    assert list(storage.listing(Kind.ITEM).versions) == [sent["key"]]


def test_a_stale_version_is_a_conflict_and_the_rest_is_written(storage: Storage) -> None:
    first, second = article(), article()
    (data, _) = put(storage, first, second)
    put(storage, {"key": first["key"], "version": data["version"], "title": "Globe"})
    versions = storage.listing(Kind.ITEM).versions
    report = storage.write(
        Kind.ITEM,
        [
            {"key": first["key"], "version": data["version"], "title": "Stale"},
            {"key": second["key"], "version": versions[second["key"]], "title": "Fresh"},
        ],
    )
    assert [each.result for each in report.outcomes] == [Result.CONFLICT, Result.APPLIED]
    titles = storage.objects(Kind.ITEM, versions).objects
    assert titles[first["key"]]["title"] == "Globe"
    assert titles[second["key"]]["title"] == "Fresh"


def test_a_library_version_that_has_passed_stops_the_whole_write(storage: Storage) -> None:
    put(storage, article())
    version = storage.listing(Kind.ITEM).version
    put(storage, article())
    with pytest.raises(VersionMismatch):
        storage.write(Kind.ITEM, [article()], library_version=version)
    assert len(storage.listing(Kind.ITEM).versions) == 2


def test_a_change_of_what_is_gone_fails_with_404(storage: Storage) -> None:
    report = storage.write(Kind.ITEM, [{"key": new_key(), "version": 5, "title": "X"}])
    assert [(each.result, each.code) for each in report.outcomes] == [(Result.FAILED, 404)]


def test_refusals_have_a_code_and_a_message(storage: Storage) -> None:
    report = storage.write(
        Kind.ITEM,
        [
            article(title="x" * 70_000),
            article(nonsense="x"),
            article(collections=["ABCD2345"]),
            article(),
        ],
    )
    assert [each.code for each in report.outcomes] == [413, 400, 409, 0]
    assert all(each.message for each in report.outcomes[:3])
    assert report.outcomes[3].result is Result.APPLIED


def test_the_trash_is_listed_and_can_be_left(storage: Storage) -> None:
    sent = article()
    (data,) = put(storage, sent)
    (trashed,) = put(storage, {"key": sent["key"], "version": data["version"], "deleted": 1})
    assert trashed["deleted"]
    assert list(storage.listing(Kind.ITEM).versions) == [sent["key"]]
    assert storage.objects(Kind.ITEM, [sent["key"]]).objects[sent["key"]]["deleted"]
    (back,) = put(storage, {"key": sent["key"], "version": trashed["version"], "deleted": 0})
    assert not back.get("deleted")


def test_what_is_deleted_is_said_where_that_is_offered(storage: Storage) -> None:
    sent = article()
    put(storage, sent)
    version = storage.listing(Kind.ITEM).version
    after = storage.delete(Kind.ITEM, [sent["key"]], library_version=version)
    assert after > version
    assert storage.listing(Kind.ITEM).versions == {}
    if storage.lists_deleted:
        assert storage.deleted(version).items == {sent["key"]}
        assert storage.deleted(version).version == after
    else:
        with pytest.raises(NotFound):
            storage.deleted(version)


def test_deleting_asks_for_the_library_version(storage: Storage) -> None:
    sent = article()
    put(storage, sent)
    version = storage.listing(Kind.ITEM).version
    put(storage, article())
    with pytest.raises(VersionMismatch):
        storage.delete(Kind.ITEM, [sent["key"]], library_version=version)
    assert len(storage.listing(Kind.ITEM).versions) == 2


def test_a_deleted_collection_takes_those_in_it_along_and_leaves_the_items(
    storage: Storage,
) -> None:
    outer, inner = new_key(), new_key()
    put(
        storage,
        {"key": outer, "version": 0, "name": "A", "parentCollection": False},
        {"key": inner, "version": 0, "name": "B", "parentCollection": outer},
        kind=Kind.COLLECTION,
    )
    sent = article(collections=[inner, outer])
    put(storage, sent)
    version = storage.listing(Kind.ITEM).version
    storage.delete(Kind.COLLECTION, [outer], library_version=version)
    assert storage.listing(Kind.COLLECTION).versions == {}
    assert storage.objects(Kind.ITEM, [sent["key"]]).objects[sent["key"]]["collections"] == []


def test_more_than_a_batch_is_too_large(storage: Storage) -> None:
    with pytest.raises(RequestTooLarge):
        storage.write(Kind.ITEM, [article() for _ in range(storage.batch_size + 1)])
    assert storage.listing(Kind.ITEM).versions == {}


def test_many_objects_are_read_whole(storage: Storage) -> None:
    sent = [article(title=str(number)) for number in range(130)]
    for start in range(0, len(sent), storage.batch_size):
        put(storage, *sent[start : start + storage.batch_size])
    fetched = storage.objects(Kind.ITEM, [each["key"] for each in sent])
    assert {data["title"] for data in fetched.objects.values()} == {str(n) for n in range(130)}


def test_requests_are_counted(storage: Storage) -> None:
    put(storage, article())
    storage.listing(Kind.ITEM)
    assert storage.requests["POST"] >= 1
    assert storage.requests["GET"] >= 1


def test_the_key_may_write(storage: Storage) -> None:
    access = storage.access()
    assert access.read
    assert access.write


def test_the_schema_names_item_types(storage: Storage) -> None:
    kinds = {kind["itemType"]: kind for kind in (storage.schema().document or {})["itemTypes"]}
    assert "title" in {each["field"] for each in kinds["journalArticle"]["fields"]}
