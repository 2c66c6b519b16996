"""Rounds of edits on two clones and in the group, over HTTP, with a writer who never stops.

What each side wrote is unique. After the last round every value that nobody replaced knowingly
stands in the group or in a clone, nothing stands twice, and once conflicts are settled all agree.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citeworks.model import Name, Record
from citeworks.sync.interface import LibraryId
from citeworks.sync.merge import Side
from citeworks.sync.zotero import Patience, connect
from servers.zotero import ZoteroServer
from servers.zotero.client import Api
from sync.support import Clone

GROUP = LibraryId("groups", 42)
RECORDS = 30
FIELDS = {"title": "title", "volume": "volume", "abstract": "abstractNote", "page": "pages"}
QUICK = Patience(first=0.01, total=30)


class Rounds:
    """Two clones, the group, and what was written where and not replaced since."""

    def __init__(self, server: ZoteroServer, clones: list[Clone], api: Api, seed: int) -> None:
        self.server, self.clones, self.api = server, clones, api
        self.chance = random.Random(seed)
        self.lock = threading.RLock()
        self.count = 0
        self.alive: set[str] = set()

    def fresh(self, old: str) -> str:
        with self.lock:
            self.count += 1
            self.alive.discard(old)
            value = f"Value{self.count}"
            self.alive.add(value)
            return value

    def edit_here(self, clone: Clone) -> None:
        record = self.chance.choice(list(clone.records().values()))
        name = self.chance.choice(list(FIELDS))
        if self.chance.random() < 0.2:
            names = [{"family": each.family, "given": each.given} for each in record.names()]
            family = self.fresh("")
            clone.edit(record.key, author=[*names, {"family": family, "given": "N."}])
        else:
            clone.edit(record.key, **{name: self.fresh(record.text(name))})

    def edit_there(self, chance: random.Random) -> None:
        """As another client does: read, change one field, write with the version read."""
        with self.lock:
            item = chance.choice(self.api.json("items", limit=100))["data"]
            field = chance.choice(list(FIELDS.values()))
            value = self.fresh("")
            sent = {"key": item["key"], "version": item["version"], field: value}
            report = self.api.post(sent).json()
            self.alive.discard(value if report["failed"] else item[field])

    def check(self) -> None:
        """No value is gone; nobody is half way through an edit meanwhile."""
        with self.lock:
            assert self.alive - self.present() == set()

    def present(self) -> set[str]:
        stored = self.server.library("groups", GROUP.number).objects["items"].values()
        found = {str(each.data.get(field)) for each in stored for field in FIELDS.values()}
        found |= {name["lastName"] for each in stored for name in each.data["creators"]}
        for clone in self.clones:
            for record in clone.records().values():
                found |= {record.text(name) for name in FIELDS}
                found |= {name.family for name in record.names()}
        return found

    def play(self, rounds: int) -> None:
        for number in range(rounds):
            for clone in self.clones:
                for _ in range(self.chance.randint(0, 2)):
                    self.edit_here(clone)
            if number % 2:
                self.edit_there(self.chance)
            self.chance.choice(self.clones).sync()
            if number % 10 == 9:
                for clone in self.clones:
                    clone.sync()
                self.check()


def writing(rounds: Rounds, stop: threading.Event, failures: list[Exception]) -> Callable[[], None]:
    """Somebody in the group who edits all the time."""
    chance = random.Random(7)

    def write() -> None:
        while not stop.wait(0.15):
            try:
                rounds.edit_there(chance)
            except Exception as error:  # shown by the test
                failures.append(error)

    return write


def play(folder: Path, rounds: int, seed: int) -> None:
    """Play rounds, look that nothing was lost, settle, and look that all agree."""
    with ZoteroServer() as server:
        key = server.add_user(1)
        server.add_group(GROUP.number, owner=1)
        api = Api(server.url, str(GROUP), key)
        with (
            closing(connect(GROUP, url=server.url, key=key, patience=QUICK)) as first,
            closing(connect(GROUP, url=server.url, key=key, patience=QUICK)) as second,
        ):
            clones = [Clone(folder / "a", first), Clone(folder / "b", second)]
            clones[0].write(*(_record(number) for number in range(RECORDS)))
            for clone in clones:
                clone.sync()
            game = Rounds(server, clones, api, seed)
            stop, failures = threading.Event(), list[Exception]()
            writer = threading.Thread(target=writing(game, stop, failures))
            writer.start()
            try:
                game.play(rounds)
            finally:
                stop.set()
                writer.join()
            assert failures == []
            game.check()
            _agree(server, clones)


def _record(number: int) -> Record:
    author = (Name("Fermat", "P."),)
    return Record(f"key{number}", "article-journal", {"title": f"T {number}", "author": author})


def _agree(server: ZoteroServer, clones: list[Clone]) -> None:
    for clone in clones * 2:
        clone.sync(prefer=lambda row, name: Side.THEIRS)
    assert clones[0].items() == clones[1].items()
    stored = server.library("groups", GROUP.number).objects["items"]
    assert len(stored) == len(clones[0].items()) == RECORDS
    for item in clones[0].items():
        data: dict[str, Any] = stored[item["custom"]["zotero"]["key"]].data
        assert {name: item.get(name, "") for name in FIELDS} == {
            name: data.get(field, "") for name, field in FIELDS.items()
        }
    writes = server.writes
    for clone in clones:
        clone.sync()
    assert server.writes == writes


def test_nothing_is_lost_between_two_clones_and_a_busy_group(tmp_path: Path) -> None:
    play(tmp_path, 10, seed=3)


@pytest.mark.slow
def test_nothing_is_lost_in_many_rounds(tmp_path: Path) -> None:
    play(tmp_path, int(os.environ.get("CITE_SYNC_ROUNDS", "200")), seed=4)
