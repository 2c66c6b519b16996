"""What a run does when the server says something else of an object than it said before.

A listing may leave out what changed, a database may fail on one object or on the whole request, a
library may be put back to an older state while its answers look as if nothing had happened.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import Unavailable
from citeworks.model import Record
from citeworks.sync.interface import LibraryId
from citeworks.sync.zotero import Patience, connect
from servers.zotero import Library, ZoteroServer
from servers.zotero.application import Answer
from servers.zotero.values import Refused
from sync.support import Clone

GROUP = LibraryId("groups", 42)
QUICK = Patience(first=0.01, total=30)


class Scene:
    """A group with a clone that is in agreement with it."""

    def __init__(self, server: ZoteroServer, clone: Clone) -> None:
        self.server, self.clone = server, clone
        self.group: Library = server.library("groups", GROUP.number)

    def key(self, name: str) -> str:
        """The Zotero key of a record."""
        key: str = self.clone.records()[name].custom["zotero"]["key"]
        return key

    def stored(self, name: str) -> Any:
        """The item of a record in the group, with its version."""
        return self.group.objects["items"][self.key(name)]

    def titles(self) -> list[str]:
        """The titles of all items that are not in the trash."""
        items = self.group.objects["items"].values()
        return sorted(each.data["title"] for each in items if not each.data.get("deleted"))

    def is_idle(self) -> bool:
        """True if another run sends nothing and asks once."""
        self.server.forget_requests()
        self.clone.sync()
        return [(each.method, each.status) for each in self.server.requests] == [("GET", 304)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ZoteroServer() as server:
        key = server.add_user(1)
        server.add_group(GROUP.number, owner=1)
        with closing(connect(GROUP, url=server.url, key=key, patience=QUICK)) as storage:
            clone = Clone(tmp_path, storage)
            clone.write(*(Record(f"key{n}", "book", {"title": f"T {n}"}) for n in range(30)))
            clone.sync()
            yield Scene(server, clone)


def test_a_change_that_no_listing_shows_is_found_when_it_is_in_the_way(scene: Scene) -> None:
    """As when two items are related: the other one gets a version that was read already."""
    stored = scene.stored("key3")
    stored.data, stored.version = {**stored.data, "volume": "7"}, stored.version + 1
    scene.clone.edit("key3", title="Mine")
    scene.clone.sync()
    assert scene.clone.report.failures == {}
    assert scene.stored("key3").data["title"] == "Mine"
    assert scene.clone.records()["key3"].text("volume") == "7"
    assert scene.is_idle()


def test_an_item_that_vanished_without_a_word_comes_back_with_the_edit(scene: Scene) -> None:
    del scene.group.objects["items"][scene.key("key3")]
    scene.clone.edit("key3", title="Mine")
    scene.clone.sync()
    assert (scene.clone.report.failures, scene.stored("key3").data["title"]) == ({}, "Mine")
    assert len(scene.clone.records()) == 30
    assert scene.is_idle()


def test_what_was_deleted_by_somebody_stays_deleted_in_a_full_comparison(scene: Scene) -> None:
    del scene.group.objects["items"][scene.key("key3")]
    scene.group.delete_many("items", [scene.key("key4")], None)
    scene.clone.edit("key3", title="Mine")
    scene.clone.sync()
    assert "key4" not in scene.clone.records()
    assert scene.titles() == sorted(["Mine", *(f"T {n}" for n in range(30) if n not in (3, 4))])


def failing(
    times: int, title: str, say: Callable[[], Refused]
) -> Callable[[dict[str, Any]], Refused | None]:
    """A trouble of the server with one title, so often."""
    left = [times]

    def trouble(sent: dict[str, Any]) -> Refused | None:
        if sent.get("title") != title or not left[0]:
            return None
        left[0] -= 1
        return say()

    return trouble


def test_an_object_on_which_the_server_failed_is_sent_again(scene: Scene) -> None:
    scene.group.trouble = failing(2, "Mine", lambda: Refused(500, "Deadlock found"))
    scene.clone.edit("key3", title="Mine")
    scene.clone.edit("key4", title="Also mine")
    scene.clone.sync()
    assert scene.clone.report.failures == {}
    assert {"Mine", "Also mine"} <= set(scene.titles())


def test_an_object_on_which_the_server_always_fails_is_named_and_the_rest_goes_on(
    scene: Scene,
) -> None:
    scene.group.trouble = failing(1_000, "Mine", lambda: Refused(500, "An error occurred"))
    for number in range(10):
        scene.clone.edit(f"key{number}", title="Mine" if number == 3 else f"New {number}")
    scene.clone.sync()
    (failure,) = scene.clone.report.failures.values()
    assert (failure.key, failure.code) == ("key3", 500)
    assert sum(title.startswith("New") for title in scene.titles()) == 9
    assert scene.clone.records()["key3"].text("title") == "Mine"


def poisoned(scene: Scene, word: bytes) -> None:
    """Let the server fail on every request that holds a word."""
    answer = scene.server.application.answer

    def deadly(request: Any) -> Answer:
        if request.method == "POST" and word in request.body:
            return Answer(500, "An error occurred")
        return answer(request)

    scene.server.application.answer = deadly  # type: ignore[method-assign]


def test_an_object_that_breaks_the_whole_request_is_found_and_named(scene: Scene) -> None:
    poisoned(scene, b"Poison")
    for number in range(30):
        scene.clone.edit(f"key{number}", title="Poison" if number == 17 else f"New {number}")
    scene.clone.sync()
    (failure,) = scene.clone.report.failures.values()
    assert (failure.key, failure.code) == ("key17", 500)
    assert sum(title.startswith("New") for title in scene.titles()) == 29


def test_a_server_that_fails_on_every_write_is_said_to_fail(scene: Scene) -> None:
    poisoned(scene, b"")
    for number in range(30):
        scene.clone.edit(f"key{number}", title=f"New {number}")
    with pytest.raises(Unavailable, match="status 500"):
        scene.clone.sync()


def test_what_the_server_makes_of_a_value_is_what_the_library_says(scene: Scene) -> None:
    """It takes off a date what looks like the form in which it sorts dates itself."""
    scene.clone.edit("key3", issued={"literal": "2006-11-03 November 3rd, 2006"})
    scene.clone.sync()
    assert scene.stored("key3").data["date"] == "November 3rd, 2006"
    assert str(scene.clone.records()["key3"].date("issued")) == "2006-11-03"
    assert scene.is_idle()


def test_a_name_that_is_none_is_not_sent(scene: Scene) -> None:
    names = [{}, {"literal": " "}, {"family": "\u00a0"}, {"family": "Byron", "given": "Ada"}]
    scene.clone.edit("key3", author=names)
    scene.clone.sync()
    (post,) = [each for each in scene.server.requests if each.method == "POST"][1:]
    assert json.loads(post.body)[0]["creators"] == [
        {"creatorType": "author", "lastName": "Byron", "firstName": "Ada"}
    ]


def test_a_library_that_went_back_unseen_is_compared_in_full(scene: Scene) -> None:
    """The conditional reading says that nothing is newer, and names no version."""
    old = scene.group.version
    scene.clone.edit("key5", title="Later")
    scene.clone.sync()
    stored = scene.stored("key5")
    stored.data, stored.version = {**stored.data, "title": "T 5"}, 1
    scene.group.version = old - 10
    scene.clone.edit("key6", title="Mine")
    scene.clone.sync()
    assert scene.stored("key6").data["title"] == "Mine"
    assert len(scene.clone.records()) == len(scene.titles()) == 30
    assert scene.clone.records()["key5"].text("title") == scene.stored("key5").data["title"]
    assert scene.is_idle()
