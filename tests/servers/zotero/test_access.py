"""Keys, groups, limits and faults of the stand-in, and the local API of the desktop client."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from . import (
    ZoteroServer,
    backoff,
    cut_short,
    dropped,
    rate_limited,
    redirected,
    slow,
    unavailable,
    web_page,
)
from .client import Api, item, version
from .conftest import GROUP, MEMBER, OWNER, STRANGER
from .values import Refused


@pytest.fixture
def group(server: ZoteroServer) -> Iterator[Api]:
    """A group with an owner and a member."""
    server.add_group(GROUP, owner=OWNER, members=(MEMBER,))
    with Api(server.url, f"groups/{GROUP}", server.add_user(OWNER, "ada")) as api:
        yield api


def status(server: ZoteroServer, key: str, library: str = f"groups/{GROUP}") -> tuple[int, int]:
    """The statuses of a read and of a write with a key."""
    with Api(server.url, library, key) as api:
        return api.get("items").status_code, api.post(item()).status_code


def test_a_key_tells_its_scopes(server: ZoteroServer, group: Api) -> None:
    info = group.json("/keys/current")
    assert (info["userID"], info["username"]) == (OWNER, "ada")
    assert info["access"]["groups"] == {"all": {"library": True, "write": True}}


def test_a_write_needs_a_key_and_a_valid_one(server: ZoteroServer, group: Api) -> None:
    with Api(server.url, group.path) as nobody, Api(server.url, group.path, "wrong") as wrong:
        refused = nobody.post(item())
        assert (refused.status_code, refused.text) == (403, "An API key is required")
        assert (wrong.post(item()).status_code, wrong.get("items").text) == (403, "Invalid key")
        assert [wrong.get("items").status_code for _ in range(4)] == [403, 403, 403, 429]


def test_members_admins_and_strangers(server: ZoteroServer, group: Api) -> None:
    keys = {each: server.add_user(each) for each in (OWNER, MEMBER, STRANGER)}
    assert status(server, keys[MEMBER]) == (200, 200)
    assert status(server, keys[STRANGER]) == (403, 403)
    server.add_group(GROUP, owner=OWNER, members=(MEMBER,), library_editing="admins")
    assert status(server, keys[OWNER]) == (200, 200)
    assert status(server, keys[MEMBER]) == (200, 403)
    assert status(server, keys[OWNER], "groups/999") == (404, 404)
    with Api(server.url, group.path, keys[MEMBER]) as member:
        assert member.post(item()).text == "Write access denied"
        data = member.json(f"/groups/{GROUP}")["data"]
        assert (data["libraryEditing"], data["members"]) == ("admins", [MEMBER])


def test_scopes_of_a_key_bind_it(server: ZoteroServer, group: Api) -> None:
    reading = server.add_user(OWNER, groups={str(GROUP): {"library": True, "write": False}})
    assert status(server, reading) == (200, 403)
    elsewhere = server.add_user(OWNER, groups={"7": {"library": True, "write": True}})
    assert status(server, elsewhere) == (403, 403)


def test_the_scope_of_all_groups_adds_to_that_of_one(server: ZoteroServer, group: Api) -> None:
    mine, all_of_them = {"library": True, "write": False}, {"library": True, "write": True}
    groups = {str(GROUP): mine, "all": all_of_them}
    assert status(server, server.add_user(OWNER, groups=groups)) == (200, 200)


def test_a_key_comes_in_three_ways(server: ZoteroServer, group: Api) -> None:
    with Api(server.url, group.path) as nobody:
        for headers in ({"Zotero-API-Key": group.key}, {"Authorization": f"Bearer {group.key}"}):
            assert nobody.call("GET", "items", headers=headers).status_code == 200
        assert nobody.get("items", key=group.key).status_code == 200
        odd = {"Authorization": "Bearer not-a-key"}
        assert nobody.call("GET", "items", headers=odd).status_code == 400


def test_the_server_may_fail_on_one_object(server: ZoteroServer, group: Api) -> None:
    bad = item("Bad")
    library = server.library("groups", GROUP)
    library.trouble = lambda sent: (
        Refused(500, "Deadlock found") if sent["title"] == "Bad" else None
    )
    report = group.post(item("A"), bad, item("B")).json()
    assert report["failed"]["1"]["code"] == 500
    assert list(report["successful"]) == ["0", "2"]


def test_a_public_group_is_read_without_a_key(server: ZoteroServer) -> None:
    server.add_group(GROUP, owner=OWNER, kind="PublicClosed")
    assert status(server, "") == (200, 403)


def test_user_libraries_belong_to_their_user(server: ZoteroServer) -> None:
    key, other = server.add_user(5), server.add_user(6)
    assert status(server, key, "users/5") == (200, 200)
    assert status(server, other, "users/5") == (403, 403)
    blind = server.add_user(5, user={"library": True, "write": True, "notes": False})
    with Api(server.url, "users/5", key) as api, Api(server.url, "users/5", blind) as without:
        (note,) = api.created({"itemType": "note", "note": "n"})
        assert len(api.json("items")) == len(without.json("items")) + 1
        assert without.get(f"items/{note['key']}").status_code == 404


def test_files_in_groups(server: ZoteroServer, group: Api) -> None:
    server.add_group(GROUP, owner=OWNER, file_editing="none")
    modes = ("linked_file", "imported_file", "linked_url")
    sent = [{"itemType": "attachment", "linkMode": mode, "title": "x"} for mode in modes]
    report = group.post(*sent).json()
    assert [report["failed"][place]["code"] for place in "01"] == [400, 403]
    assert list(report["successful"]) == ["2"]


def test_libraries_are_apart(server: ZoteroServer, group: Api) -> None:
    server.add_group(77, owner=OWNER)
    group.created(item())
    with Api(server.url, "groups/77", group.key) as other:
        assert (other.json("items"), other.version) == ([], 0)


def test_the_schema_has_a_tag(group: Api) -> None:
    answer = group.get("/schema")
    names = {each["itemType"] for each in answer.json()["itemTypes"]}
    assert {"journalArticle", "note", "attachment"} <= names
    again = group.call("GET", "/schema", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_newer_schema_has_more(server: ZoteroServer, group: Api) -> None:
    before = group.get("/schema")
    server.application.schema.add_field("poem", "metre")
    assert group.get("/schema").json()["version"] == before.json()["version"] + 1
    assert group.created({"itemType": "poem", "metre": "iambic"})[0]["metre"] == "iambic"


def test_templates_and_types(group: Api) -> None:
    assert group.json("/items/new", itemType="book")["title"] == ""
    assert "DOI" in {each["field"] for each in group.json("/itemTypeFields", itemType="book")}
    assert group.json("/itemTypeCreatorTypes", itemType="map")[0]["creatorType"] == "cartographer"
    assert group.get("/items/new", itemType="poem").status_code == 400


def test_settings_have_versions(group: Api) -> None:
    assert group.call("POST", "settings", json={"tagColors": {"value": []}}).status_code == 204
    assert group.json("settings") == {"tagColors": {"value": [], "version": 1}}


def test_bodies_may_be_zipped_both_ways(group: Api) -> None:
    body = gzip.compress(json.dumps([item() for _ in range(50)]).encode())
    answer = group.call("POST", "items", data=body, headers={"Content-Encoding": "gzip"})
    assert len(answer.json()["successful"]) == 50
    assert group.get("items").headers["Content-Encoding"] == "gzip"


def test_expect_is_417(server: ZoteroServer) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", "/groups/1/items")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Content-Length", "2")
    connection.endheaders()
    assert connection.getresponse().status == 417
    connection.close()


@pytest.mark.parametrize("body", [b"{", b"{}", b"7"])
def test_a_body_that_is_no_array_is_400(group: Api, body: bytes) -> None:
    assert group.call("POST", "items", data=body).status_code == 400


def test_answers_that_ask_for_a_pause(server: ZoteroServer, group: Api) -> None:
    server.faults.order(rate_limited(3), rate_limited(None), unavailable(4), unavailable())
    server.faults.order(backoff(5))
    answers = [group.get("items") for _ in range(5)]
    assert [each.status_code for each in answers] == [429, 429, 503, 503, 200]
    assert [each.headers.get("Retry-After") for each in answers[:4]] == ["3", None, "4", None]
    assert answers[4].headers["Backoff"] == "5"


@pytest.mark.parametrize("applied", [False, True])
def test_connections_that_drop(server: ZoteroServer, group: Api, applied: bool) -> None:
    server.faults.order(dropped(applied=applied), match="POST")
    with pytest.raises(requests.ConnectionError):
        group.post(item())
    assert len(group.json("items")) == applied


def test_answers_that_come_late_or_broken(server: ZoteroServer, group: Api) -> None:
    server.faults.order(slow(5), cut_short(), web_page(), redirected("http://127.0.0.1:1/"))
    with pytest.raises(requests.ReadTimeout):
        group.session.post(f"{server.url}/groups/{GROUP}/items", json=[item()], timeout=0.2)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        group.post(item())
    assert group.get("items").headers["Content-Type"] == "text/html"
    assert group.call("GET", "items", allow_redirects=False).status_code == 302
    assert len(group.json("items")) == 2


def test_faults_by_chance_repeat_with_their_seed(server: ZoteroServer, group: Api) -> None:
    def run() -> list[int]:
        server.faults.by_chance(0.5, seed=3, kinds=(unavailable(), rate_limited(1)))
        return [group.get("items").status_code for _ in range(30)]

    first = run()
    assert set(first) == {200, 429, 503}
    assert run() == first


def test_maintenance_and_a_rate_limit(server: ZoteroServer, group: Api) -> None:
    server.application.maintenance = True
    assert group.get("items").status_code == 503
    server.application.maintenance = False
    server.rate_limit = (3, 0.5)
    assert [group.get("items").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_too_many_requests_at_once_are_429(server: ZoteroServer, group: Api) -> None:
    server.at_once = 1
    server.faults.order(slow(0.5), match="collections")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(group.get, "collections")
        while not server.most_at_once:
            time.sleep(0.01)
        with Api(server.url, group.path, group.key) as other:
            assert other.get("items").status_code == 429
        assert waiting.result().status_code == 200


def test_settings_are_limited(group: Api) -> None:
    many = {f"name{each}": {"value": each} for each in range(271)}
    assert group.call("POST", "settings", json=many).status_code == 413


def test_requests_are_logged_and_counted(server: ZoteroServer, group: Api) -> None:
    group.post(item())
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: group.get("items"), range(9)))
    assert (server.reads, server.writes) == (9, 1)
    assert server.requests[0].path == f"/groups/{GROUP}/items"
    assert 1 <= server.most_at_once <= 3


# -- the desktop client ---------------------------------------------------------------------------


@pytest.fixture
def local(desktop: ZoteroServer) -> Iterator[Api]:
    """The local API with a lasting key and the server's id."""
    assert desktop.application.local is not None
    desktop.application.local.keys["lasting"] = True
    with Api(desktop.url, "users/0", "lasting") as api:
        api.session.headers["Zotero-Server-ID"] = desktop.application.local.server_id
        yield api


def test_every_local_answer_has_the_server_id(desktop: ZoteroServer, local: Api) -> None:
    assert desktop.application.local is not None
    for path in ("items", "items/ABCD2345", "deleted?since=1"):
        answer = local.get(path)
        assert answer.headers["Zotero-Server-ID"] == desktop.application.local.server_id
    assert answer.status_code == 404


def test_local_writes_need_the_server_id_and_a_key(desktop: ZoteroServer) -> None:
    with Api(desktop.url, "users/0") as api:
        assert api.post(item()).status_code == 428
        assert api.post(item(), headers={"Zotero-Server-ID": "other"}).status_code == 412
        server_id = api.get("items").headers["Zotero-Server-ID"]
        assert api.post(item(), headers={"Zotero-Server-ID": server_id}).status_code == 401


def test_local_keys_are_for_once_or_for_always(desktop: ZoteroServer, local: Api) -> None:
    assert desktop.application.local is not None
    desktop.application.local.consent = "once"
    granted = local.call("POST", "/local/authorize", json={"appName": "cite"}).json()
    once = {"Zotero-API-Key": granted["key"]}
    assert granted["remember"] is False
    assert [local.post(item(), headers=once).status_code for _ in range(2)] == [200, 401]
    desktop.application.local.consent = "deny"
    asked = [local.call("POST", "/local/authorize", json={"appName": "x"}) for _ in range(5)]
    assert [each.status_code for each in asked] == [403, 403, 403, 403, 429]


def test_local_versions_must_be_equal(local: Api) -> None:
    (old,) = local.created(item())
    sent = {"key": old["key"], "title": "New"}
    for wrong in (old["version"] - 1, old["version"] + 1):
        report = local.post(sent | {"version": wrong}).json()
        assert report["failed"]["0"]["code"] == 412
    assert version(local.post(sent | {"version": old["version"]})) == old["version"] + 1


def test_local_deletes_need_the_version_and_take_50(local: Api) -> None:
    (old,) = local.created(item())
    params = {"itemKey": old["key"]}
    assert local.call("DELETE", "items", params=params).status_code == 428
    many = {"itemKey": ",".join([old["key"]] * 51)}
    assert local.call("DELETE", "items", params=many, unmodified=1).status_code == 413
    assert local.call("DELETE", "items", params=params, unmodified=1).status_code == 204


def test_the_local_api_has_no_default_limit_and_no_templates(local: Api) -> None:
    local.created(*(item() for _ in range(40)))
    assert len(local.json("items")) == 40
    assert local.get("/items/new", itemType="book").status_code == 404
    assert local.get("/keys/current").status_code == 404


def test_older_desktops_only_read_and_it_can_be_off(desktop: ZoteroServer, local: Api) -> None:
    assert desktop.application.local is not None
    desktop.application.local.read_only = True
    assert (local.get("items").status_code, local.post(item()).status_code) == (200, 501)
    assert "Zotero-Server-ID" not in local.get("items").headers
    desktop.application.local.enabled = False
    assert local.get("items").status_code == 403
