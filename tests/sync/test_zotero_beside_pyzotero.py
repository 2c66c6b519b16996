"""What bare pyzotero does where the transport does better: each fault beside our own answer to it.

These tests show why the write path is our own. One that fails after an upgrade of pyzotero says
that a fault was mended there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pyzotero import errors as pyzotero_errors
from pyzotero.zotero import Zotero

from citeworks.errors import Unavailable
from citeworks.sync.interface import Kind, LibraryId, Result
from citeworks.sync.zotero import Patience, ZoteroLibrary, connect
from servers.zotero import ZoteroServer, dropped, rate_limited, unavailable
from servers.zotero.client import item
from servers.zotero.server import Logged

NUMBER = 42


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    """A server with a group."""
    with ZoteroServer() as running:
        running.add_group(NUMBER, owner=1)
        yield running


@pytest.fixture
def ours(server: ZoteroServer) -> Iterator[ZoteroLibrary]:
    """Our transport."""
    library = LibraryId("groups", NUMBER)
    patience = Patience(first=0.01)
    with connect(library, url=server.url, key=server.add_user(), patience=patience) as opened:
        yield opened


@pytest.fixture
def theirs(server: ZoteroServer) -> Iterator[Zotero]:
    """Bare pyzotero."""
    with httpx2.Client(timeout=5) as client:
        bare = Zotero(NUMBER, "group", server.add_user(), client=client)
        bare.endpoint = server.url
        yield bare


def size(server: ZoteroServer) -> int:
    return len(server.library("groups", NUMBER).objects["items"])


def some(ours: ZoteroLibrary, count: int) -> list[dict[str, Any]]:
    """Items that are on the server, with their versions."""
    report = ours.write(Kind.ITEM, [item(f"Part {each}") for each in range(count)])
    return [dict(each.data or {}) for each in report.outcomes]


def test_a_refused_change_is_reported(ours: ZoteroLibrary, theirs: Zotero) -> None:
    (old,) = some(ours, 1)
    bad = {"key": old["key"], "version": old["version"], "publisher": "x" * 70_000}
    assert theirs.update_items([bad]) is True
    (outcome,) = ours.write(Kind.ITEM, [bad]).outcomes
    assert (outcome.result, outcome.code) == (Result.FAILED, 413)


def test_a_change_during_a_rate_limit_is_written(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    (old,) = some(ours, 1)
    change = {"key": old["key"], "version": old["version"], "title": "New"}
    server.faults.order(rate_limited(1), match="POST")
    assert theirs.update_items([change]) is True
    data = server.library("groups", NUMBER).objects["items"][old["key"]].data
    assert data["title"] == "Part 0"
    server.faults.order(rate_limited(1), match="POST")
    assert ours.write(Kind.ITEM, [change]).outcomes[0].result is Result.APPLIED


def test_a_creation_during_a_rate_limit_is_written(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    server.faults.order(rate_limited(0), match="POST")
    with pytest.raises(json.JSONDecodeError):
        theirs.create_items([item()])
    assert size(server) == 0
    server.faults.order(rate_limited(0), match="POST")
    some(ours, 1)
    assert size(server) == 1


def test_maintenance_is_sat_out(server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero) -> None:
    server.faults.order(unavailable())
    with pytest.raises(pyzotero_errors.PyZoteroError):
        theirs.item_versions()
    server.faults.order(unavailable())
    assert ours.listing(Kind.ITEM).versions == {}


def test_a_lost_answer_makes_no_second_copy(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    fresh = {"itemType": "book", "title": "Once"}
    server.faults.order(dropped(applied=True), match="POST")
    with pytest.raises(httpx2.RemoteProtocolError):
        theirs.create_items([fresh])
    theirs.create_items([fresh])
    assert size(server) == 2
    keyed = item("Once")
    server.faults.order(dropped(applied=True), match="POST")
    with pytest.raises(Unavailable):
        ours.write(Kind.ITEM, [keyed])
    assert ours.write(Kind.ITEM, [keyed]).outcomes[0].result is Result.CONFLICT
    assert size(server) == 3


def test_several_are_deleted_under_the_librarys_version(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    both = some(ours, 2)
    with pytest.raises(pyzotero_errors.PreConditionFailedError):
        theirs.delete_item(both)
    version = ours.listing(Kind.ITEM).version
    ours.delete(Kind.ITEM, [each["key"] for each in both], library_version=version)
    assert size(server) == 0


def test_collections_can_be_changed(ours: ZoteroLibrary, theirs: Zotero) -> None:
    sent = {"key": "ABCD2345", "version": 0, "name": "A", "parentCollection": False}
    (made,) = ours.write(Kind.COLLECTION, [sent]).outcomes
    renamed = {"key": made.key, "version": made.version, "name": "B"}
    with pytest.raises(pyzotero_errors.InvalidItemFieldsError):
        theirs.update_collections([renamed])
    assert ours.write(Kind.COLLECTION, [renamed]).outcomes[0].result is Result.APPLIED


def test_the_trash_is_listed(ours: ZoteroLibrary, theirs: Zotero) -> None:
    ours.write(Kind.ITEM, [item(deleted=1)])
    assert theirs.item_versions() == {}
    assert len(ours.listing(Kind.ITEM).versions) == 1


def test_an_idle_check_needs_no_data(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    some(ours, 3)
    theirs.items(since=3)
    assert server.requests[-1].status == 200
    assert ours.is_unmodified(3)
    assert server.requests[-1].status == 304


def test_a_subset_is_one_request(server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero) -> None:
    keys = [each["key"] for each in some(ours, 20)]
    server.forget_requests()
    theirs.get_subset(keys)
    assert server.reads == 20
    server.forget_requests()
    assert len(ours.objects(Kind.ITEM, keys).objects) == 20
    assert server.reads == 1


def test_a_query_may_speak_of_tags(ours: ZoteroLibrary, theirs: Zotero) -> None:
    ours.write(Kind.ITEM, [item("All about tags")])
    with pytest.raises(KeyError):
        theirs.items(q="about tags")
    assert len(ours.listing(Kind.ITEM).versions) == 1


def test_pages_of_a_library_that_moves_are_read_again(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    keys = [each["key"] for each in some(ours, 20)]
    stored = server.library("groups", NUMBER)

    def newest_first(logged: Logged) -> None:
        server.between = None
        data = {**stored.objects["items"][keys[0]].data, "title": "Moved to the front"}
        version = stored.objects["items"][keys[0]].version
        ours.write(Kind.ITEM, [{"key": keys[0], "version": version, "title": data["title"]}])

    server.between = newest_first
    read = theirs.everything(theirs.items(limit=10, sort="dateModified", direction="desc"))
    found = [each["key"] for each in read]
    assert len(found) == 20
    server.between = newest_first
    listing = ours.listing(Kind.ITEM)
    fetched = ours.objects(Kind.ITEM, list(listing.versions))
    assert set(fetched.objects) == set(keys)
    assert fetched.version != listing.version or listing.version == ours.listing(Kind.ITEM).version


def test_nothing_to_delete_is_no_error(
    server: ZoteroServer, ours: ZoteroLibrary, theirs: Zotero
) -> None:
    with pytest.raises(IndexError):
        theirs.delete_item([])
    assert ours.objects(Kind.ITEM, []).objects == {}


def test_deletions_are_asked_for_since_a_version(ours: ZoteroLibrary, theirs: Zotero) -> None:
    some(ours, 1)
    with pytest.raises(pyzotero_errors.PyZoteroError):
        theirs.deleted()
    assert ours.deleted(1).items == frozenset()


def test_a_field_of_another_type_is_named_for_its_object_alone(
    ours: ZoteroLibrary, theirs: Zotero
) -> None:
    wrong = item(itemType="book", title="B", publicationTitle="a journal's field")
    assert theirs.check_items([{**wrong, "creators": []}])
    good, bad = ours.write(Kind.ITEM, [item("A"), wrong]).outcomes
    assert (good.result, bad.code) == (Result.APPLIED, 400)
    assert "publicationTitle" in bad.message
