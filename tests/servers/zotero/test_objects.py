"""What objects may hold, how writes change them, and how they are listed, trashed and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from .client import Api, item, new_key, version


def failed(api: Api, sent: dict[str, Any], kind: str = "items") -> tuple[int, str]:
    """The code and message with which an object is refused."""
    report = api.post(sent, kind=kind).json()["failed"]["0"]
    return report["code"], report["message"]


def stored(api: Api, **fields: Any) -> dict[str, Any]:
    """What becomes of an article with these fields."""
    return api.created(item(**fields))[0]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_absent_fields_stay_even_with_put_and_an_empty_text_clears(api: Api, method: str) -> None:
    old = stored(api, volume="7", pages="1-2", tags=[{"tag": "kept"}])
    sent = item("New", volume="", tags=old["tags"]) | {"key": old["key"], "version": old["version"]}
    if method == "POST":
        api.created(sent)
    else:
        assert api.call(method, f"items/{old['key']}", json=sent).status_code == 204
    new = api.data(old["key"])
    assert (new["title"], new["volume"], new["pages"]) == ("New", "", "1-2")


@pytest.mark.parametrize("absent", ["tags", "collections", "relations"])
def test_put_needs_the_arrays(api: Api, absent: str) -> None:
    old = stored(api)
    sent = {name: value for name, value in old.items() if name != absent}
    assert api.call("PUT", f"items/{old['key']}", json=sent).status_code == 400


def test_arrays_and_relations_are_replaced_whole(api: Api) -> None:
    first, second = api.collection("A"), api.collection("B")
    old = stored(api, tags=["a", "b"], collections=[first])
    new = {"tags": [{"tag": "c"}], "collections": [second]}
    (data,) = api.created({"key": old["key"], "version": old["version"]} | new)
    assert (data["tags"], data["collections"]) == (new["tags"], new["collections"])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"title": "  Atlas "}, {"title": "Atlas"}),
        ({"abstractNote": "a\r\nb\rc"}, {"abstractNote": "a\nbc"}),
        ({"title": "A\x07t\x7f"}, {"title": "At"}),
        ({"title": "A\u00a0"}, {"title": "A\u00a0"}),
        ({"date": "2006-11-03 November 3rd, 2006"}, {"date": "November 3rd, 2006"}),
        ({"date": "2006-11-03"}, {"date": "2006-11-03"}),
        (
            {"creators": [{"creatorType": "author", "name": "\u2003Royal Society\u200b"}]},
            {"creators": [{"creatorType": "author", "name": "Royal Society"}]},
        ),
        (
            {"itemType": "map", "creators": [{"creatorType": "author", "name": "Blaeu"}]},
            {"creators": [{"creatorType": "cartographer", "name": "Blaeu"}]},
        ),
        ({"volume": 7}, {"volume": "7"}),
        ({"volume": None}, {"volume": ""}),
        (
            {"tags": [{"tag": " b "}, {"tag": "a", "type": 0}, {"tag": ""}, {"tag": "A"}]},
            {"tags": [{"tag": "A"}, {"tag": "a"}, {"tag": "b"}]},
        ),
        ({"tags": [{"tag": "a", "type": 1}]}, {"tags": [{"tag": "a", "type": 1}]}),
        (
            {
                "creators": [
                    {"creatorType": "author", "firstName": " Ada ", "lastName": "Byron"},
                ]
            },
            {"creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Byron"}]},
        ),
        ({"creators": [{"creatorType": "author", "name": " "}]}, {"creators": []}),
        (
            {"relations": {"owl:sameAs": ["http://a/b"]}},
            {"relations": {"owl:sameAs": "http://a/b"}},
        ),
        ({"relations": {"mendeleyDB:uuid": "a"}}, {"relations": {"mendeleyDB:uuid": "a"}}),
        ({"accessDate": "2020-01-02T03:04:05+02:00"}, {"accessDate": "2020-01-02T01:04:05Z"}),
        ({"accessDate": "2020-01-02"}, {"accessDate": "2020-01-02"}),
        ({"dateModified": "2001-01-01T00:00:00Z"}, {"dateModified": "2001-01-01T00:00:00Z"}),
        ({"title": "e\u0301 <i>x</i>\u200b"}, {"title": "e\u0301 <i>x</i>\u200b"}),
        ({"DOI": "https://doi.org/10.1/X"}, {"DOI": "https://doi.org/10.1/X"}),
        ({"date": "sometime in May"}, {"date": "sometime in May"}),
        ({"extra": "x" * 60_000}, {"extra": "x" * 60_000}),
    ],
)
def test_values_are_normalised(api: Api, sent: dict[str, Any], kept: dict[str, Any]) -> None:
    assert {name: stored(api, **sent)[name] for name in kept} == kept


def test_notes_are_sanitised(api: Api) -> None:
    note = {"itemType": "note", "note": "<b>x</b><script>alert(1)</script>"}
    assert api.created(note)[0]["note"] == "<strong>x</strong>"
    assert failed(api, {"itemType": "note", "note": "x" * 300_000})[0] == 413


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"itemType": "poem"}, 400),
        ({"metre": "iambic"}, 400),
        ({"bookTitle": "x"}, 400),
        ({"note": "x"}, 400),
        ({"creators": [{"creatorType": "castMember", "name": "x"}]}, 400),
        ({"creators": [{"creatorType": "author", "lastName": "x"}]}, 400),
        ({"creators": [{"creatorType": "author", "name": name} for name in ("x", " ")]}, 400),
        ({"accessDate": "last week"}, 400),
        ({"relations": {"dc:creator": "http://a"}}, 400),
        ({"key": "ABCDEFG0"}, 400),
        ({"version": "seven"}, 400),
        ({"title": "x" * 70_000}, 413),
        ({"title": "\u4e00" * 30_000}, 413),
        ({"creators": [{"creatorType": "author", "name": "x" * 256}]}, 413),
        ({"tags": [{"tag": "x" * 256}]}, 413),
        ({"collections": ["ABCD2345"]}, 409),
    ],
)
def test_bad_values_are_refused(api: Api, fields: dict[str, Any], code: int) -> None:
    assert failed(api, item(**fields))[0] == code


def test_messages_are_html(api: Api) -> None:
    _, message = failed(api, item(itemType="<poem>"))
    assert "&lt;poem&gt;" in message
    assert "'" not in message


def test_a_batch_is_not_atomic(api: Api) -> None:
    report = api.post(item("A"), item(itemType="poem"), item("B")).json()
    assert (list(report["successful"]), list(report["failed"])) == (["0", "2"], ["1"])


def test_parents_come_before_children(api: Api) -> None:
    parent = item()
    note = {"key": new_key(), "version": 0, "itemType": "note", "parentItem": parent["key"]}
    report = api.post(note, parent).json()
    assert report["failed"]["0"]["code"] == 409
    assert report["failed"]["0"]["data"] == {"parentItem": parent["key"]}
    before = api.data(parent["key"])["version"]
    api.created(note)
    assert api.data(parent["key"])["version"] == before
    assert [each["key"] for each in api.json(f"items/{parent['key']}/children")] == [note["key"]]
    assert [each["key"] for each in api.json("items/top")] == [parent["key"]]


def test_a_missing_collection_is_named(api: Api) -> None:
    missing = new_key()
    report = api.post(item(collections=[missing])).json()["failed"]["0"]
    assert (report["code"], report["data"]) == (409, {"collection": missing})
    below = {"name": "Below", "parentCollection": missing}
    assert failed(api, below, "collections")[0] == 409


def test_a_type_can_change_and_base_fields_go_along(api: Api) -> None:
    section = {"itemType": "bookSection", "title": "A", "bookTitle": "Whole"}
    (old,) = api.created(section)
    sent = {"key": old["key"], "version": old["version"], "itemType": "journalArticle"}
    assert api.created(sent)[0]["publicationTitle"] == "Whole"


def test_creators_that_a_type_does_not_have_become_contributors(api: Api) -> None:
    names = [{"creatorType": kind, "name": kind} for kind in ("author", "seriesEditor")]
    (old,) = api.created({"itemType": "book", "title": "A", "creators": names})
    sent = {"key": old["key"], "version": old["version"], "itemType": "thesis"}
    found = [each["creatorType"] for each in api.created(sent)[0]["creators"]]
    assert found == ["author", "contributor"]


def test_relating_an_older_item_gives_both_a_new_version(api: Api) -> None:
    first, second, third = (stored(api) for _ in range(3))
    uri = f"http://zotero.org/{api.path}/items/{first['key']}"
    stored(api, relations={"dc:relation": uri})
    assert api.data(first["key"])["version"] == first["version"]
    sent = {"key": second["key"], "version": second["version"], "relations": {"dc:relation": uri}}
    (related,) = api.created(sent)
    assert api.data(first["key"])["version"] == related["version"] > third["version"]


def test_the_citation_key_is_a_field_and_not_searched(api: Api) -> None:
    old = stored(api, citationKey="byron1843", DOI="10.1/x")
    assert old["citationKey"] == "byron1843"
    assert api.json("items", q="byron1843", qmode="everything") == []
    assert len(api.json("items", q="atlas")) == 1


def test_relations_hold_both_ways(api: Api) -> None:
    first = stored(api)
    uri = f"http://zotero.org/{api.path}/items/"
    second = stored(api, relations={"dc:relation": uri + first["key"]})
    assert api.data(first["key"])["relations"] == {"dc:relation": uri + second["key"]}


def test_more_than_50_objects_are_413(api: Api) -> None:
    answer = api.post(*(item() for _ in range(51)))
    assert (answer.status_code, answer.text) == (413, "Cannot add more than 50 items at a time")


def test_keys_are_fetched_100_at_a_time(api: Api) -> None:
    keys = []
    for _ in range(3):
        keys += [each["key"] for each in api.created(*(item() for _ in range(50)))]
    answer = api.get("items", itemKey=",".join(keys[:120]))
    assert len(answer.json()) == 100
    assert 'rel="next"' in answer.headers["Link"]
    assert len(api.json("items")) == 25
    assert len(api.json("items", limit=500)) == 100
    assert len(api.json("items", format="versions")) == 150
    assert len(api.get("items", format="keys").text.split()) == 150
    many = {"itemKey": ",".join(keys)}
    assert api.call("DELETE", "items", params=many, unmodified=api.version).status_code == 204
    assert api.json("items") == []


def test_keys_that_cannot_be_are_refused(api: Api) -> None:
    assert api.get("items", itemKey="ABCD2345,").json() == []
    assert api.get("items", itemKey="ABCD2345,nonsense").status_code == 400


def test_pages_are_linked_and_counted(api: Api) -> None:
    api.created(*(item(f"Part {each}") for each in range(7)))
    answer, seen = api.get("items", limit=3), []
    assert answer.headers["Total-Results"] == "7"
    while True:
        seen += [each["key"] for each in answer.json()]
        if "next" not in answer.links:
            break
        answer = api.session.get(answer.links["next"]["url"], timeout=30)
    assert len(set(seen)) == 7
    assert set(answer.links) >= {"first", "prev", "alternate"}


def test_pages_are_no_snapshot(api: Api) -> None:
    old = api.created(*(item(f"Part {each}") for each in range(4)))
    first = api.get("items", limit=2)
    shown = {each["key"] for each in first.json()}
    unseen = next(each for each in old if each["key"] not in shown)
    api.created({"key": unseen["key"], "version": unseen["version"], "title": "Moved"})
    second = api.get("items", limit=2, start=2)
    assert version(second) != version(first)
    assert len(shown | {each["key"] for each in second.json()}) == 3


def test_trash_hides_an_item_until_it_is_asked_for(api: Api) -> None:
    parent = stored(api)
    (note,) = api.created({"itemType": "note", "note": "n", "parentItem": parent["key"]})
    (trashed,) = api.created({"key": parent["key"], "version": parent["version"], "deleted": 1})
    assert trashed["deleted"] == 1
    assert trashed["version"] > note["version"]
    assert [each["key"] for each in api.json("items")] == [note["key"]]
    assert parent["key"] not in api.json("items", format="versions")
    assert api.json("items", itemKey=parent["key"]) == []
    assert parent["key"] in api.json("items", format="versions", includeTrashed=1)
    assert len(api.json("items", itemKey=parent["key"], includeTrashed=1)) == 1
    assert [each["key"] for each in api.json("items/trash")] == [parent["key"]]
    assert "deleted" not in api.data(note["key"])
    (back,) = api.created({"key": parent["key"], "version": trashed["version"], "deleted": 0})
    assert "deleted" not in back


def test_deleted_needs_since(api: Api) -> None:
    assert api.get("deleted").status_code == 400
    assert set(api.json("deleted", since=1)) == {
        "collections",
        "items",
        "searches",
        "tags",
        "settings",
    }


def test_deleting_a_parent_lists_its_children(api: Api) -> None:
    parent = stored(api)
    (note,) = api.created({"itemType": "note", "note": "n", "parentItem": parent["key"]})
    api.call("DELETE", f"items/{parent['key']}", unmodified=parent["version"])
    gone = api.json("deleted", since=parent["version"])["items"]
    assert sorted(gone) == sorted([parent["key"], note["key"]])
    assert api.get(f"items/{note['key']}").status_code == 404


def test_deleting_a_collection_lists_only_it_and_strips_members_silently(api: Api) -> None:
    top = api.collection("A")
    below = api.collection("B", top)
    data = stored(api, collections=[top, below])
    before = api.version
    key = {"collectionKey": top}
    assert api.call("DELETE", "collections", params=key, unmodified=before).status_code == 204
    assert api.json("deleted", since=before)["collections"] == [top]
    assert api.get(f"collections/{below}").status_code == 404
    after = api.data(data["key"])
    assert (after["collections"], after["version"]) == ([], data["version"])
    assert api.json("items", since=before, format="versions") == {}


def test_an_edit_of_tags_alone_sets_the_time(api: Api) -> None:
    old = stored(api, dateModified="2001-01-01T00:00:00Z")
    (new,) = api.created({"key": old["key"], "version": old["version"], "tags": ["a"]})
    assert new["dateModified"] > old["dateModified"]


def test_a_trashed_collection_says_true(api: Api) -> None:
    key = api.collection()
    version = api.data(key, "collections")["version"]
    sent = {"key": key, "version": version, "deleted": True}
    assert api.created(sent, kind="collections")[0]["deleted"] is True
    assert key in api.json("collections", format="versions", includeTrashed=1)


def test_deleting_a_tag_changes_its_items(api: Api) -> None:
    data = stored(api, tags=["a", "b"])
    before = api.version
    assert api.call("DELETE", "tags", params={"tag": "a"}, unmodified=before).status_code == 204
    assert api.json("deleted", since=before)["tags"] == ["a"]
    after = api.data(data["key"])
    assert (after["tags"], after["version"]) == ([{"tag": "b"}], before + 1)
    assert [each["tag"] for each in api.json("tags")] == ["b"]


def test_collections_and_searches_are_objects_too(api: Api) -> None:
    top = api.collection("A")
    below = api.collection("B", top)
    data = stored(api, collections=[below])
    assert [each["key"] for each in api.json("collections/top")] == [top]
    assert [each["key"] for each in api.json(f"collections/{top}/collections")] == [below]
    assert [each["key"] for each in api.json(f"collections/{below}/items")] == [data["key"]]
    assert failed(api, {"name": ""}, "collections")[0] == 400
    search = {"name": "S", "conditions": [{"condition": "title", "operator": "is", "value": "x"}]}
    assert api.created(search, kind="searches")[0]["name"] == "S"
    assert failed(api, {"name": "S"}, "searches")[0] == 400
