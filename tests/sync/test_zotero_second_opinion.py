"""What our transport reads beside what pyzotero reads from the same server: a second opinion."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pyzotero.zotero import Zotero

from citeworks.sync.interface import Kind, LibraryId
from citeworks.sync.normal import tags_of
from citeworks.sync.zotero import Patience, ZoteroLibrary, connect
from citeworks.zotero_json.tables import ITEM_CREATORS, ITEM_FIELDS
from servers.zotero import ZoteroServer
from servers.zotero.client import Api, item, new_key

NUMBER, ITEMS = 42, 130


@pytest.fixture(scope="module")
def server() -> Iterator[ZoteroServer]:
    """A group with items of all kinds, some in collections, some in the trash, some deleted."""
    with ZoteroServer() as running:
        running.add_group(NUMBER, owner=1, name="Lab")
        with Api(running.url, f"groups/{NUMBER}", running.add_user()) as api:
            fill(api)
        yield running


def fill(api: Api) -> None:
    """Something of everything; more items than fit on a page."""
    chance = random.Random(4)
    outer = api.collection("Papers")
    folders = [outer, api.collection("Maps", parent=outer), api.collection("Ünïcode / slash")]
    sent = []
    for number in range(ITEMS):
        tags = [{"tag": chance.choice(("maps", "tags", "Ü"))}, {"tag": "auto", "type": 1}]
        members = chance.sample(folders, chance.randint(0, 2))
        kind = chance.choice(("book", "journalArticle", "preprint"))
        creators = [{"creatorType": "author", "lastName": "Byron", "firstName": "Ada"}]
        fields = {"itemType": kind, "creators": creators, "tags": tags, "collections": members}
        sent.append(item(f"Part {number}", **fields))
    for start in range(0, ITEMS, 50):
        api.created(*sent[start : start + 50])
    note = {"key": new_key(), "version": 0, "itemType": "note", "note": "<p>n</p>"}
    api.created(note | {"parentItem": sent[0]["key"]})
    trashed = [{"key": each["key"], "version": 0, "deleted": 1} for each in sent[1:6]]
    for each in trashed:
        api.created(each | {"version": api.data(each["key"])["version"]})
    gone = ",".join(each["key"] for each in sent[-7:])
    api.call("DELETE", "items", params={"itemKey": gone}, unmodified=api.version)
    params = {"collectionKey": folders[-1]}
    api.call("DELETE", "collections", params=params, unmodified=api.version)


@pytest.fixture(scope="module")
def ours(server: ZoteroServer) -> Iterator[ZoteroLibrary]:
    """Our transport."""
    patience = Patience(first=0.01)
    library = LibraryId("groups", NUMBER)
    with connect(library, url=server.url, key=server.add_user(), patience=patience) as opened:
        yield opened


@pytest.fixture(scope="module")
def theirs(server: ZoteroServer) -> Iterator[Zotero]:
    """Bare pyzotero."""
    with httpx2.Client(timeout=10) as client:
        bare = Zotero(NUMBER, "group", server.add_user(), client=client)
        bare.endpoint = server.url
        yield bare


def everything(ours: ZoteroLibrary, kind: Kind) -> dict[str, Any]:
    return dict(ours.objects(kind, list(ours.listing(kind).versions)).objects)


def test_the_items_are_the_same_page_by_page(ours: ZoteroLibrary, theirs: Zotero) -> None:
    read = theirs.everything(theirs.items(limit=30, includeTrashed=1))
    assert {each["key"]: each["data"] for each in read} == everything(ours, Kind.ITEM)
    assert len(read) == ITEMS + 1 - 7


def test_the_collections_are_the_same(ours: ZoteroLibrary, theirs: Zotero) -> None:
    read = theirs.everything(theirs.collections(limit=1))
    assert {each["key"]: each["data"] for each in read} == everything(ours, Kind.COLLECTION)
    assert len(read) == 2


@pytest.mark.parametrize("since", [0, 60, 10_000])
def test_the_versions_are_the_same(ours: ZoteroLibrary, theirs: Zotero, since: int) -> None:
    listed = theirs.item_versions(since=since, includeTrashed=1)
    assert listed == ours.listing(Kind.ITEM, since).versions
    assert theirs.collection_versions(since=since) == ours.listing(Kind.COLLECTION, since).versions
    assert theirs.last_modified_version() == ours.listing(Kind.ITEM).version


@pytest.mark.parametrize("since", [1, 150])
def test_the_deletions_are_the_same(ours: ZoteroLibrary, theirs: Zotero, since: int) -> None:
    read, found = theirs.deleted(since=since), ours.deleted(since)
    assert set(read["items"]) == set(found.items)
    assert set(read["collections"]) == set(found.collections)


def test_the_tags_are_those_of_the_items(ours: ZoteroLibrary, theirs: Zotero) -> None:
    read = set(theirs.everything(theirs.tags()))
    found = everything(ours, Kind.ITEM).values()
    assert read == {tag for each in found for tag in tags_of(each)}


def test_the_trash_is_what_is_marked_as_deleted(ours: ZoteroLibrary, theirs: Zotero) -> None:
    read = {each["key"] for each in theirs.everything(theirs.trash())}
    assert read == {key for key, each in everything(ours, Kind.ITEM).items() if each.get("deleted")}
    assert len(read) == 5


@pytest.mark.parametrize("kind", ["book", "journalArticle", "preprint", "case", "patent"])
def test_templates_have_the_fields_of_our_table(theirs: Zotero, kind: str) -> None:
    beside = {"itemType", "creators", "tags", "collections", "relations"}
    assert set(theirs.item_template(kind)) - beside == ITEM_FIELDS[kind]
    roles: Any = theirs.item_creator_types(kind)
    assert {each["creatorType"] for each in roles} == set(ITEM_CREATORS[kind])


def test_what_pyzotero_creates_is_read_by_ours(ours: ZoteroLibrary, theirs: Zotero) -> None:
    blank = dict(theirs.item_template("report")) | {"title": "From a template"}
    report: Any = theirs.create_items([blank])
    made = report["successful"]["0"]
    read = ours.objects(Kind.ITEM, [made["key"]]).objects[made["key"]]
    assert read == made["data"]
