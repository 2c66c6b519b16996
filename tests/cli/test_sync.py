"""``cite sync`` end to end: the installed program, a real socket, two clones, another person."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from servers.zotero import ZoteroServer, dropped, rate_limited, unavailable, web_page
from servers.zotero.client import Api, item
from servers.zotero.values import Refused
from tests_support import Cite

GROUP = 42


class Clone:
    """A folder bound to the group, and the program run in it."""

    def __init__(self, folder: Path, cite: Cite, env: dict[str, str]) -> None:
        self.folder, self._cite, self.env = folder, cite, env
        self.path = folder / "bib" / "library.json"
        folder.mkdir()
        (folder / "cite.toml").write_text(f"[sync]\ngroup = {GROUP}\n", encoding="utf-8")

    def run(self, *arguments: str, code: int | None = 0, **env: str | None) -> str:
        """``cite sync``; its output, once its exit code is as expected."""
        done: subprocess.CompletedProcess[str] = self._cite(
            "sync", *arguments, cwd=self.folder, env=self.env | env
        )
        output = done.stdout + done.stderr
        assert "Traceback" not in output
        assert self.env["CITE_ZOTERO_API_KEY"] not in output
        assert code is None or done.returncode == code, output
        return output

    def write(self, *items: dict[str, Any]) -> None:
        """Make these the library."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(items), encoding="utf-8")

    def items(self) -> dict[str, dict[str, Any]]:
        """The library by citation key, without provenance."""
        found = json.loads(self.path.read_text(encoding="utf-8"))
        for each in found:
            each.get("custom", {}).pop("provenance", None)
        return {each["id"]: each for each in found}

    def edit(self, key: str, **values: Any) -> None:
        """Change variables of a record."""
        self.write(*(self.items() | {key: self.items()[key] | values}).values())

    def conflicts(self) -> list[dict[str, Any]]:
        """What ``bib/conflicts.json`` says."""
        text = (self.path.parent / "conflicts.json").read_text(encoding="utf-8")
        found: list[dict[str, Any]] = json.loads(text)
        return found


class Lab:
    """A server with a group, its member's key, and somebody who edits in the group."""

    def __init__(self, server: ZoteroServer, root: Path, cite: Cite) -> None:
        self.server, self.root, self.cite = server, root, cite
        self.key = server.add_user(1, "ada")
        self.group = server.add_group(GROUP, owner=1, name="Lab")
        self.other = Api(server.url, f"groups/{GROUP}", server.add_user(1, "ada"))

    def clone(self, name: str = "a", *items: dict[str, Any]) -> Clone:
        """A folder that is bound to the group, with a library if there are items."""
        env = {"CITE_ZOTERO_URL": self.server.url, "CITE_ZOTERO_API_KEY": self.key}
        env["XDG_STATE_HOME"] = str(self.root / "state")
        clone = Clone(self.root / name, self.cite, env)
        if items:
            clone.write(*items)
        return clone

    def live(self) -> dict[str, dict[str, Any]]:
        """What the group has outside its trash, by citation key."""
        found = [each["data"] for each in self.other.json("items", limit=100)]
        return {each["citationKey"]: each for each in found if "citationKey" in each}

    def change(self, key: str, **fields: Any) -> None:
        """Edit an item as somebody in the group does."""
        data = self.live()[key]
        self.other.post({"key": data["key"], "version": data["version"], **fields})


@pytest.fixture
def lab(tmp_path: Path, cite: Cite, home: Mapping[str, str]) -> Iterator[Lab]:
    with ZoteroServer() as server:
        yield Lab(server, tmp_path, cite)


def record(key: str, **values: Any) -> dict[str, Any]:
    """An article for a library."""
    return {
        "id": key,
        "type": "article-journal",
        "title": f"On {key}",
        "author": [{"family": "Lovelace", "given": "Ada"}],
        "issued": {"date-parts": [[1843, 9]]},
    } | values


def records(count: int) -> list[dict[str, Any]]:
    """Some articles."""
    return [record(f"key{number:04d}", volume=str(number)) for number in range(count)]


def test_init_binds_writes_no_key_and_keeps_the_other_settings(lab: Lab) -> None:
    clone = lab.clone()
    (clone.folder / "cite.toml").write_text(
        'style = "ieee"\n\n[sync]\nuser = 3\n\n[site]\ntitle = "T"\n'
    )
    output = clone.run("init", "--group", str(GROUP), "--collection", "Papers/2026", "--tag", "lab")
    assert "bound to groups/42 (Lab)" in output
    assert "does not know" not in output
    assert (clone.folder / "cite.toml").read_text() == (
        'style = "ieee"\n\n[sync]\ngroup = 42\ncollection = "Papers/2026"\ntag = "lab"\n\n'
        '[site]\ntitle = "T"\n'
    )
    written = [path for path in lab.root.rglob("*") if path.is_file()]
    assert not any(lab.key in path.read_bytes().decode("latin-1") for path in written)


def test_init_names_what_an_older_server_does_not_know(lab: Lab) -> None:
    schema = lab.server.application.schema
    del schema.fields["book"]["citationKey"]
    schema.add_field("book", "binding")
    output = lab.clone().run("init", "--group", str(GROUP))
    assert "this server does not know, and is not sent: book.citationKey" in output


def test_what_an_older_server_does_not_know_is_held_back_and_the_rest_is_sent(lab: Lab) -> None:
    schema = lab.server.application.schema
    del schema.fields["journalArticle"]["citationKey"]
    schema.add_field("journalArticle", "binding")
    clone = lab.clone("a", *records(3))
    said = clone.run("run", "--dry-run", code=1)
    assert "does not know journalArticle.citationKey: it is not sent" in said
    lab.server.forget_requests()
    assert "does not know journalArticle.citationKey" in clone.run("run", "--verbose")
    assert [each.path for each in lab.server.requests].count("/schema") == 1
    assert lab.server.reads == 5
    before = clone.path.read_bytes()
    lab.server.forget_requests()
    clone.run("run")
    assert (lab.server.reads, lab.server.writes) == (1, 0)
    assert "agree on 3 records" in clone.run("run", "--dry-run")
    assert clone.path.read_bytes() == before
    assert len(lab.other.json("items")) == 3
    clone.edit("key0001", title="New", volume="7")
    lab.server.forget_requests()
    clone.run("run")
    assert lab.server.writes == 1
    assert "/schema" not in {each.path for each in lab.server.requests}
    schema.add_field("journalArticle", "citationKey")
    assert not any(lab.live())
    clone.edit("key0001", volume="8")
    clone.run("run")
    assert {key: each["title"] for key, each in lab.live().items()} == {
        "key0000": "On key0000",
        "key0001": "New",
        "key0002": "On key0002",
    }


def test_a_server_that_does_not_say_its_schemas_version_is_asked_for_what_changed(lab: Lab) -> None:
    lab.server.hides_schema_version = True
    clone = lab.clone("a", *records(2))
    clone.run("run")
    asked = [each for each in lab.server.requests if each.path == "/schema"]
    assert [each.status for each in asked] == [200]
    clone.edit("key0001", title="New")
    lab.server.forget_requests()
    clone.run("run")
    asked = [each for each in lab.server.requests if each.path == "/schema"]
    assert [each.status for each in asked] == [304]
    lab.server.forget_requests()
    clone.run("run")
    assert [each.status for each in lab.server.requests] == [304]


def test_a_push_an_idle_run_and_a_pull_into_an_empty_clone(lab: Lab) -> None:
    sent = records(60)
    sent[0] |= {
        "note": "OCLC: 7\nfree line",
        "custom": {"tags": ["b", "a"], "collections": ["P/Q"]},
    }
    first, second = lab.clone("a", *sent), lab.clone("b")
    said = first.run("status", code=1)
    assert said.startswith("group    create   60 records\n")
    assert said.count("\n") == 22
    assert first.run("status", "--verbose", code=1).count("group    create") == 61
    assert lab.server.writes == 0
    assert "60 created" in first.run("run")
    assert lab.server.writes == 1 + 2
    version = lab.other.version
    lab.server.forget_requests()
    assert "nothing to do" in first.run("run")
    assert [each.status for each in lab.server.requests] == [304]
    assert lab.other.version == version
    second.run("pull")
    assert second.items()["key0000"]["note"] == "OCLC: 7\nfree line"
    ours, theirs = first.items(), second.items()
    assert ours["key0000"]["custom"].pop("tags") == ["b", "a"]
    assert theirs["key0000"]["custom"].pop("tags") == ["a", "b"]
    assert ours == theirs
    second.run("status")


def test_a_dry_run_says_all_and_changes_nothing(lab: Lab) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    clone.edit("key0003", title="New title")
    lab.change("key0004", volume="99")
    before = clone.path.read_bytes(), lab.other.version
    output = clone.run("run", "--dry-run", code=1)
    assert 'title: "On key0003" -> "New title"' in output
    assert 'volume: "4" -> "99"' in output
    assert "POST groups/42/items (1 objects)" in output
    assert (clone.path.read_bytes(), lab.other.version) == before
    clone.run("run")
    assert lab.live()["key0003"]["title"] == "New title"
    assert clone.items()["key0004"]["volume"] == "99"


def asked_for(output: str) -> list[str]:
    """The requests that a dry run names, in their order."""
    return [line for line in output.splitlines() if line.startswith(("GET ", "POST "))]


def sent(lab: Lab) -> list[str]:
    """The requests that were made, as a dry run names them, without the reading of the library."""
    found = []
    for each in lab.server.requests:
        text = f"{each.method} {each.path.strip('/')}"
        if each.method == "POST":
            text += f" ({len(json.loads(each.body))} objects)"
        elif each.path.count("/") > 2 or each.path.startswith("/users"):
            continue
        found.append(text)
    return found


def test_a_dry_run_names_the_requests_that_are_sent_then(lab: Lab) -> None:
    filed = [record(f"new{n}", custom={"collections": ["A/B", "C"]}) for n in range(130)]
    clone = lab.clone("a", *records(3))
    for wanted in ([*records(3), *filed], filed[:125]):
        clone.write(*wanted)
        planned = asked_for(clone.run("run", "--dry-run", "--allow-mass-delete", code=1))
        lab.server.forget_requests()
        clone.run("run", "--allow-mass-delete")
        assert sent(lab) == planned
    assert planned == ["GET keys/current", "GET groups/42", "POST groups/42/items (8 objects)"]


def test_a_conflict_is_shown_stays_open_and_is_settled(lab: Lab) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    clone.edit("key0001", title="Ours", volume="7")
    lab.change("key0001", title="Theirs", pages="1-2")
    clone.run("run", code=4)
    key = lab.live()["key0001"]["key"]
    shown = {"id": "key0001", "zotero_key": key, "variable": "title", "kind": "edit"}
    sides = {"base": "On key0001", "ours": "Ours", "theirs": "Theirs"}
    assert clone.conflicts() == [shown | sides]
    assert (clone.items()["key0001"]["title"], clone.items()["key0001"]["page"]) == ("Ours", "1-2")
    assert (lab.live()["key0001"]["title"], lab.live()["key0001"]["volume"]) == ("Theirs", "7")
    lab.server.forget_requests()
    clone.run("run", code=4)
    assert lab.server.writes == 0
    assert "key0001 title" in clone.run("conflicts", code=4)
    output = clone.run("conflicts", "show", "key0001", code=4)
    assert all(value in output for value in sides.values())
    clone.run("conflicts", "resolve", "key0001", "title", "--prefer", "ours")
    assert clone.conflicts() == []
    clone.run("run")
    assert lab.live()["key0001"]["title"] == "Ours"
    clone.run("conflicts")


@pytest.mark.parametrize(
    ("side", "title"), [("ours", "Ours"), ("theirs", "Theirs"), ("newest", "Theirs")]
)
def test_a_preference_settles_conflicts_in_the_run(lab: Lab, side: str, title: str) -> None:
    clone = lab.clone("a", *records(2))
    clone.run("run")
    clone.edit("key0001", title="Ours")
    os.utime(clone.path, (1_000_000_000, 1_000_000_000))
    lab.change("key0001", title="Theirs")
    clone.run("run", "--prefer", side)
    assert clone.items()["key0001"]["title"] == lab.live()["key0001"]["title"] == title


def test_removals_go_to_the_trash_and_come_from_it(lab: Lab) -> None:
    first, second = lab.clone("a", *records(30)), lab.clone("b")
    first.run("run")
    second.run("run")
    first.write(*(each for key, each in first.items().items() if key != "key0001"))
    first.run("run")
    trash = lab.other.json("items/trash")
    assert [each["data"]["citationKey"] for each in trash] == ["key0001"]
    lab.change("key0002", deleted=1)
    data = lab.live()["key0003"]
    lab.other.call("DELETE", f"items/{data['key']}", unmodified=data["version"])
    for clone in (first, second):
        clone.run("run")
        assert not clone.items().keys() & {"key0001", "key0002", "key0003"}
        assert len(clone.items()) == 27


def test_an_edit_against_a_removal_is_a_conflict(lab: Lab) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    clone.edit("key0001", title="Ours")
    lab.change("key0001", deleted=1)
    lab.change("key0002", title="Theirs")
    clone.write(*(each for key, each in clone.items().items() if key != "key0002"))
    clone.run("run", code=4)
    found = {each["id"]: each for each in clone.conflicts()}
    assert {each["kind"] for each in found.values()} == {"delete"}
    assert (found["key0001"]["theirs"], found["key0002"]["ours"]) == (None, None)
    assert clone.items()["key0001"]["title"] == "Ours"
    assert lab.live()["key0002"]["title"] == "Theirs"
    clone.run("conflicts", "resolve", "key0001", "--prefer", "ours", code=4)
    clone.run("conflicts", "resolve", "key0002", "--prefer", "theirs")
    clone.run("run")
    assert lab.live()["key0001"]["title"] == "Ours"
    assert clone.items()["key0002"]["title"] == "Theirs"


def test_a_mass_removal_is_stopped_unless_it_is_meant(lab: Lab) -> None:
    clone = lab.clone("a", *records(30))
    clone.run("run")
    clone.write(*list(clone.items().values())[:26])
    output = clone.run("run", code=4)
    assert "--allow-mass-delete" in output
    assert len(lab.live()) == 30
    clone.run("run", "--allow-mass-delete")
    assert len(lab.live()) == 26


def test_undo_takes_back_the_last_run_on_both_sides(lab: Lab) -> None:
    clone = lab.clone("a", *records(5))
    clone.run("run")
    clone.edit("key0001", title="Ours")
    lab.change("key0002", title="Theirs")
    before = clone.path.read_bytes()
    clone.run("run")
    assert "title" in clone.run("undo", "--dry-run", code=1)
    clone.run("undo")
    assert clone.path.read_bytes() == before
    assert lab.live()["key0001"]["title"] == "On key0001"
    assert lab.live()["key0002"]["title"] == "Theirs"
    assert "(undone)" in clone.run("log")
    clone.run("run")
    assert lab.live()["key0001"]["title"] == "Ours"


def test_two_first_pushes_from_two_clones_make_no_duplicates(lab: Lab) -> None:
    items = [record(f"key{number}", DOI=f"10.1000/{number}") for number in range(5)]
    first = lab.clone("a", *items)
    second = lab.clone(
        "b", *(each | ({"id": "other"} if each["id"] == "key0" else {}) for each in items)
    )
    first.run("run")
    second.run("run", code=None)
    assert len(lab.other.json("items")) == 5


def test_what_zotero_changes_is_no_edit(lab: Lab) -> None:
    odd = record("odd", title="  Two\r\nlines ", custom={"tags": ["z ", "a"]}, note="a: 1\r\nb ")
    clone = lab.clone("a", odd)
    clone.run("run")
    assert lab.live()["odd"]["title"] == "Two\nlines"
    clone.run("status")
    lab.change("odd", volume="2")
    clone.run("run")
    clone.run("status")
    assert clone.items()["odd"]["volume"] == "2"


def test_notes_attachments_and_unknown_things_are_carried(lab: Lab) -> None:
    (data,) = lab.other.created(
        item("Atlas", citationKey="atlas", extra="zz: 1\nCitation Key: old")
    )
    lab.other.created(
        {"itemType": "note", "parentItem": data["key"], "note": "<p>x</p>"},
        {"itemType": "note", "note": "<p>alone</p>"},
        {
            "itemType": "attachment",
            "linkMode": "linked_url",
            "url": "http://x",
            "parentItem": data["key"],
        },
    )
    clone = lab.clone()
    clone.run("run")
    assert list(clone.items()) == ["atlas"]
    clone.edit("atlas", title="Globe")
    clone.run("run")
    assert lab.live()["atlas"]["extra"] == "zz: 1\nCitation Key: old"
    assert len(lab.other.json("items")) == 4


def test_items_without_a_citation_key_get_one_here_and_keep_none_there(lab: Lab) -> None:
    author = {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"}
    lab.other.created(item("Engine", date="1843", creators=[author]))
    clone = lab.clone()
    clone.run("run")
    assert list(clone.items()) == ["lovelace1843engine"]
    clone.run("status")
    assert list(lab.live()) == [""]


def test_only_the_chosen_collection_comes_in(lab: Lab) -> None:
    outer = lab.other.collection("Papers")
    inner = lab.other.collection("2026", outer)
    lab.other.created(
        item("In", citationKey="in", collections=[inner]), item("Out", citationKey="out")
    )
    clone = lab.clone()
    (clone.folder / "cite.toml").write_text('[sync]\ngroup = 42\ncollection = "Papers"\n')
    clone.run("run")
    assert list(clone.items()) == ["in"]
    assert clone.items()["in"]["custom"]["collections"] == ["Papers/2026"]
    clone.write(*clone.items().values(), record("new"))
    clone.run("run")
    assert lab.live()["new"]["collections"] == [outer]


def test_a_user_library_works_the_same_way(lab: Lab) -> None:
    clone = lab.clone("a", *records(3))
    clone.run("init", "--user", "1")
    clone.run("run")
    user = Api(lab.server.url, "users/1", lab.key)
    assert len(user.json("items")) == 3


def test_the_desktop_app_is_synchronized_over_its_local_api(lab: Lab) -> None:
    with ZoteroServer(local=True) as desktop:
        desktop.add_group(GROUP, owner=1)
        clone = lab.clone("a", *records(12))
        clone.env = clone.env | {"CITE_ZOTERO_URL": desktop.url}
        clone.run("run", CITE_ZOTERO_API_KEY=None)
        stored = desktop.library("groups", GROUP).objects["items"]
        assert len(stored) == 12
        clone.edit("key0001", title="Ours")
        gone = next(key for key, each in stored.items() if each.data["citationKey"] == "key0002")
        del stored[gone]
        desktop.library("groups", GROUP).version += 1
        clone.run("run", CITE_ZOTERO_API_KEY=None)
        assert "key0002" not in clone.items()
        assert len(clone.items()) == len(stored) == 11
        assert "Ours" in {each.data["title"] for each in stored.values()}


KEYRING = """
import json, pathlib
FILE = pathlib.Path(__file__).with_name("kept.json")
def kept():
    return json.loads(FILE.read_text()) if FILE.exists() else {}
def get_password(service, name):
    return kept().get(f"{service} {name}")
def set_password(service, name, secret):
    FILE.write_text(json.dumps({**kept(), f"{service} {name}": secret}))
"""


def test_what_the_app_allowed_for_always_is_in_the_keyring_and_in_no_file(lab: Lab) -> None:
    folder = lab.root / "keyring"
    folder.mkdir()
    with ZoteroServer(local=True) as desktop:
        app = desktop.application.local
        assert app is not None
        desktop.add_group(GROUP, owner=1)
        clone = lab.clone("a", *records(2))
        clone.env = clone.env | {"CITE_ZOTERO_URL": desktop.url}
        said = clone.run("run", CITE_ZOTERO_API_KEY=None)
        assert "there is no keyring" in said
        (folder / "keyring.py").write_text(KEYRING, encoding="utf-8")
        for title in ("One", "Two"):
            clone.edit("key0001", title=title)
            said = clone.run("run", CITE_ZOTERO_API_KEY=None, PYTHONPATH=str(folder))
            assert "keyring" not in said
        assert len(app.asked) == 2
        kept = json.loads((folder / "kept.json").read_text(encoding="utf-8"))
        assert list(kept) == [f"citeworks zotero.local-key.{app.server_id}"]
        (key,) = kept.values()
        assert key in app.keys
        files = [path for path in lab.root.rglob("*") if path.is_file() and path.parent != folder]
        assert not any(key.encode() in path.read_bytes() for path in files)


def test_two_clones_at_once_make_no_duplicates(lab: Lab) -> None:
    items = records(70)
    clones = [lab.clone("a", *items), lab.clone("b", *items)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda clone: clone.run("run", code=None), clones))
    for clone in clones:
        clone.run("run")
    assert len(lab.server.library("groups", GROUP).objects["items"]) == 70
    assert clones[0].items() == clones[1].items()


# --- bad input ------------------------------------------------------------------------------


def test_no_key(lab: Lab) -> None:
    clone = lab.clone("a", *records(1))
    assert "API key" in clone.run("run", code=4, CITE_ZOTERO_API_KEY="")


def test_a_bad_key_is_refused_and_never_shown(lab: Lab) -> None:
    clone = lab.clone("a", *records(1))
    output = clone.run("run", code=4, CITE_ZOTERO_API_KEY="wrongwrongwrongwrong")
    assert "wrongwrong" not in output
    assert "key" in output


def test_a_key_that_may_only_read_pulls_and_sends_nothing(lab: Lab) -> None:
    lab.other.created(item("Theirs", citationKey="theirs"))
    reader = lab.server.add_user(1, groups={"all": {"library": True, "write": False}})
    clone = lab.clone("a", record("ours"))
    assert "pulled" in clone.run("init", "--group", str(GROUP), CITE_ZOTERO_API_KEY=reader)
    output = clone.run("run", code=4, CITE_ZOTERO_API_KEY=reader)
    assert "nothing was sent" in output
    assert set(clone.items()) == {"ours", "theirs"}
    assert list(lab.live()) == ["theirs"]
    clone.write(clone.items()["theirs"])
    lab.change("theirs", title="Changed")
    clone.run("run", CITE_ZOTERO_API_KEY=reader)
    assert clone.items()["theirs"]["title"] == "Changed"


def test_a_group_that_takes_no_files_is_synchronized_all_the_same(lab: Lab) -> None:
    lab.group.file_editing = "none"
    (data,) = lab.other.created(item("Atlas", citationKey="atlas"))
    link = {"itemType": "attachment", "linkMode": "linked_url", "url": "http://x"}
    lab.other.created(link | {"parentItem": data["key"]})
    clone = lab.clone()
    clone.run("run")
    clone.edit("atlas", title="Globe")
    clone.run("run")
    assert lab.live()["atlas"]["title"] == "Globe"


def test_a_group_that_was_deleted_meanwhile(lab: Lab) -> None:
    clone = lab.clone("a", *records(3))
    clone.run("run")
    del lab.server.application.accounts.groups[GROUP]
    for command in ("run", "status", "pull"):
        output = clone.run(command, code=2)
        assert f"there is no groups/{GROUP} at {lab.server.url}; it may have been deleted" in output
    assert len(clone.items()) == 3


def test_a_key_that_is_revoked_in_the_middle_of_a_push(lab: Lab) -> None:
    clone = lab.clone("a", *records(120))

    def revoke(logged: Any) -> None:
        if logged.method == "POST":
            lab.server.application.accounts.keys.pop(lab.key, None)

    lab.server.between = revoke
    output = clone.run("run", code=4)
    assert "Invalid key" in output
    assert "CITE_ZOTERO_API_KEY" in output
    lab.server.between = None
    clone.run("run", CITE_ZOTERO_API_KEY=lab.other.key)
    assert len(lab.server.library("groups", GROUP).objects["items"]) == 120


def test_a_person_who_is_no_member_of_an_open_group(lab: Lab) -> None:
    lab.server.add_group(GROUP, owner=9, name="Lab", kind="PublicOpen")
    clone = lab.clone("a", *records(1))
    output = clone.run("run", code=4)
    assert "nothing was sent: the key's user is not a member of the group" in output


def test_an_object_that_may_not_be_written_is_a_refusal(lab: Lab) -> None:
    clone = lab.clone("a", *records(3))
    library = lab.server.library("groups", GROUP)
    library.trouble = lambda sent: Refused(403, "Cannot edit item")
    output = clone.run("run", code=4)
    assert output.count("403 Cannot edit item") == 3


def test_an_unknown_group(lab: Lab) -> None:
    clone = lab.clone("a", *records(1))
    output = clone.run("init", "--group", "77", code=2)
    assert "groups/77" in output
    assert "group = 42" in (clone.folder / "cite.toml").read_text()


def test_a_server_that_cannot_be_reached(lab: Lab) -> None:
    clone = lab.clone("a", *records(1))
    output = clone.run("run", code=3, CITE_ZOTERO_URL="http://127.0.0.1:1")
    assert "127.0.0.1" in output
    assert clone.items().keys() == {"key0000"}


def test_a_web_page_in_place_of_an_answer(lab: Lab) -> None:
    clone = lab.clone("a", *records(1))
    lab.server.faults.order(*[web_page()] * 20)
    assert "error" in clone.run("run", code=3)
    lab.server.faults.clear()
    clone.run("run")


def test_a_write_that_a_web_page_answers_is_looked_up(lab: Lab) -> None:
    clone = lab.clone("a", *records(3))
    for applied in (True, False):
        lab.server.faults.order(web_page(applied=applied), match="POST")
        clone.edit("key0001", title=f"New {applied}")
        clone.run("run")
        assert lab.live()["key0001"]["title"] == f"New {applied}"
    lab.server.faults.always(web_page(), match="POST")
    clone.edit("key0002", title="Mine")
    assert "not JSON but text/html" in clone.run("run", code=3)


def test_a_run_that_was_broken_off_can_be_taken_back_once_it_is_finished(lab: Lab) -> None:
    clone = lab.clone("a", *records(3))
    lab.server.faults.order(dropped(applied=True), match="POST")

    def break_off(logged: Any) -> None:
        if logged.method == "POST":
            lab.server.faults.always(web_page(), match="GET")

    lab.server.between = break_off
    clone.run("run", code=3)
    lab.server.between = None
    lab.server.faults.clear()
    assert "broken off" in clone.run("log")
    clone.run("undo", code=4)
    assert "groups/42: 3 created" in clone.run("run")
    assert "finished" in clone.run("log")
    clone.run("undo")
    assert lab.live() == {}
    assert len(clone.items()) == 3


def test_a_library_file_that_is_missing_unreadable_or_emptied_is_refused(lab: Lab) -> None:
    clone = lab.clone("a", *records(3))
    clone.run("run")
    for text, command in (
        (None, "run"),
        ("", "push"),
        ("[]", "run"),
        ("[]", "push"),
        ("[{", "pull"),
        ("\xff", "status"),
    ):
        clone.path.unlink(missing_ok=True)
        if text is not None:
            clone.path.write_text(text, encoding="latin-1")
        clone.run(command, code=2)
    assert len(lab.live()) == 3


def test_nothing_to_push_from_is_refused(lab: Lab) -> None:
    lab.clone("a").run("push", code=2)


def test_a_library_that_is_bound_to_nothing(lab: Lab) -> None:
    clone = lab.clone("a", *records(1))
    (clone.folder / "cite.toml").unlink()
    assert "cite sync init" in clone.run("run", code=2)
    clone.run("init", code=2)
    clone.run("init", "--group", "1", "--user", "1", code=2)


def test_a_title_that_is_too_long_is_named_and_the_rest_goes_on(lab: Lab) -> None:
    clone = lab.clone("a", record("long", title="x" * 70_000), *records(3))
    output = clone.run("run", code=3)
    assert "long" in output
    assert "413" in output
    assert len(lab.live()) == 3
    assert len(clone.items()["long"]["title"]) == 70_000


def test_a_type_that_zotero_lacks_goes_on_under_the_nearest_one(lab: Lab) -> None:
    first, second = lab.clone("a", record("score", type="musical_score")), lab.clone("b")
    first.run("run")
    assert lab.live()["score"]["itemType"] == "audioRecording"
    second.run("run")
    assert second.items()["score"]["type"] == first.items()["score"]["type"] == "musical_score"


def test_a_duplicate_citation_key_from_the_group_is_kept_under_another(lab: Lab) -> None:
    lab.other.created(item("One", citationKey="same"), item("Two", citationKey="same"))
    clone = lab.clone()
    output = clone.run("run")
    assert "same" in output
    assert {each["title"] for each in clone.items().values()} == {"One", "Two"}
    clone.run("status")
    clone.run("run")


@pytest.mark.parametrize("damage", ["missing", "corrupt"])
def test_without_a_base_what_differs_is_a_conflict(lab: Lab, damage: str) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    clone.edit("key0001", title="Ours")
    clone.edit("key0003", volume="77")
    lab.change("key0002", title="Theirs", pages="5")
    for path in (lab.root / "state").rglob("*.sqlite3"):
        path.unlink() if damage == "missing" else path.write_bytes(b"garbage" * 99)
    clone.run("run", code=4)
    assert {(each["id"], each["variable"]) for each in clone.conflicts()} == {
        ("key0001", "title"),
        ("key0002", "title"),
        ("key0003", "volume"),
    }
    assert clone.items()["key0002"]["page"] == "5"
    assert len(lab.live()) == len(clone.items()) == 12


def test_an_older_base_overwrites_nothing(lab: Lab) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    (state,) = (lab.root / "state").rglob("*.sqlite3")
    old = state.read_bytes()
    lab.change("key0001", title="Theirs")
    clone.run("run")
    clone.edit("key0001", title="On key0001")
    state.write_bytes(old)
    clone.run("run", code=4)
    assert lab.live()["key0001"]["title"] == "Theirs"
    assert clone.items()["key0001"]["title"] == "On key0001"


def test_a_library_version_that_went_back_removes_nothing(lab: Lab) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    with sqlite3.connect(next((lab.root / "state").rglob("*.sqlite3"))) as database:
        database.execute("UPDATE meta SET value = '9999' WHERE name = 'version'")
    data = lab.live()["key0001"]
    lab.other.call("DELETE", f"items/{data['key']}", unmodified=data["version"])
    clone.edit("key0002", title="Mine")
    output = clone.run("run")
    assert "went back" in output
    assert len(clone.items()) == len(lab.live()) == 12
    assert lab.live()["key0002"]["title"] == "Mine"
    clone.run("status")


def test_a_restored_server_is_noticed_by_a_full_comparison_and_once_a_day(lab: Lab) -> None:
    clone = lab.clone("a", *records(12))
    clone.run("run")
    version, group = lab.other.version, lab.server.library("groups", GROUP)
    for stored in group.objects["items"].values():
        stored.version = 1
    group.version = 1
    lab.change("key0003", title="Theirs, after it was restored")
    assert lab.other.version < version
    assert "nothing to do" in clone.run("run")
    assert "agree" not in clone.run("status", "--full", code=1)
    said = clone.run("run", "--full")
    assert "went back" in said
    assert clone.items()["key0003"]["title"] == "Theirs, after it was restored"
    assert len(clone.items()) == len(lab.live()) == 12
    lab.server.forget_requests()
    assert "nothing to do" in clone.run("run")
    assert [each.status for each in lab.server.requests] == [304]
    with sqlite3.connect(next((lab.root / "state").rglob("*.sqlite3"))) as database:
        database.execute("UPDATE meta SET value = '0' WHERE name = 'compared'")
    assert "nothing to do" in clone.run("run")
    lab.server.forget_requests()
    assert "nothing to do" in clone.run("run")
    assert [each.status for each in lab.server.requests] == [304]


# --- faults ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_pause_is_told_whoever_waits_for_it(lab: Lab, method: str) -> None:
    lab.server.faults.order(rate_limited(2), match=f"^{method}")
    said = lab.clone("a", *records(2)).run("run")
    assert "Zotero asks for a pause of 2 seconds" in said
    assert len(lab.live()) == 2


def test_pauses_and_outages_are_sat_out(lab: Lab) -> None:
    clone = lab.clone("a", *records(60))
    lab.server.faults.order(rate_limited(0), unavailable(0), rate_limited(0))
    clone.run("run")
    assert len(lab.other.json("items", limit=100)) == 60


@pytest.mark.slow
def test_faults_in_a_fifth_of_the_requests_end_in_agreement(lab: Lab) -> None:
    clone, second = lab.clone("a", *records(120)), lab.clone("b")
    lab.server.faults.by_chance(0.2, seed=5)
    for _ in range(8):
        if "nothing to do" in clone.run("run", code=None):
            break
    lab.server.faults.clear()
    clone.run("run")
    clone.run("status")
    titles = [
        each["data"]["title"]
        for start in (0, 100)
        for each in lab.other.json("items", limit=100, start=start)
    ]
    assert sorted(titles) == sorted(each["title"] for each in records(120))
    second.run("run")
    assert first_equal(clone, second)


def first_equal(one: Clone, other: Clone) -> bool:
    return one.items() == other.items()
