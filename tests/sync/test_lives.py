"""A group that lives: all that people do in Zotero, beside two clones, with faults.

The truth is kept apart from the program: every word that anybody writes is new, and who removes or
replaces a word has seen it. A word that nobody gave up must stand somewhere; what the program has
no business with (notes, attachments, fields and lines that it does not know) must stand as it was
written; and in the end all sides say the same.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import SourceError, SyncError
from citeworks.sync.interface import LibraryId
from citeworks.sync.merge import Side
from citeworks.sync.zotero import Patience, connect
from servers.zotero import ZoteroServer
from servers.zotero.client import new_key
from servers.zotero.faults import EVERY_KIND
from sync.support import Clone

GROUP = LibraryId("groups", 42)
QUICK = Patience(first=0.002, total=30)
TYPES = {
    "journalArticle": "article-journal",
    "book": "book",
    "report": "report",
    "preprint": "article",
    "conferencePaper": "paper-conference",
}
FIELDS = {"title": "title", "abstract": "abstractNote", "language": "language", "publisher": ""}


class World:
    """The group and the clones, and what was said in them and never given up."""

    def __init__(self, server: ZoteroServer, clones: list[Clone], seed: int) -> None:
        self.server, self.clones = server, clones
        self.group = server.library("groups", GROUP.number)
        self.chance = random.Random(seed)
        self.lock = threading.RLock()
        self.count = 0
        self.alive: dict[str, str] = {}
        self.children: dict[str, dict[str, Any]] = {}
        self.history: list[str] = []

    def word(self, why: str) -> str:
        """A new word, which is alive."""
        self.count += 1
        text = f"Word{self.count:05d}"
        self.alive[text] = why
        return text

    def drop(self, *texts: Any) -> None:
        """Give up the words of these texts."""
        for text in texts:
            for each in [word for word in self.alive if word in str(text)]:
                del self.alive[each]

    # -- what is there, read without the program -------------------------------------------------

    def items(self) -> dict[str, dict[str, Any]]:
        """The records' items outside the trash, by key."""
        return {
            key: each.data | {"key": key, "version": each.version}
            for key, each in self.group.objects["items"].items()
            if not each.data.get("deleted") and not self.is_child(each.data)
        }

    @staticmethod
    def is_child(data: dict[str, Any]) -> bool:
        """Notes and attachments, standing alone or not."""
        return data["itemType"] in ("note", "attachment")

    def path(self, key: str) -> str:
        """The path of a collection."""
        parts: list[str] = []
        while key:
            data = self.group.objects["collections"][key].data
            if data.get("deleted"):
                return ""
            parts.insert(0, data["name"])
            key = data["parentCollection"] or ""
        return "/".join(parts)

    def paths_of(self, data: dict[str, Any]) -> list[str]:
        """The paths of an item's collections."""
        known = self.group.objects["collections"]
        return sorted(filter(None, {self.path(key) for key in data["collections"] if key in known}))

    def everything(self) -> str:
        """All that stands anywhere, as one text."""
        parts: list[Any] = [list(self.items().values())]
        parts += [sorted(self.path(key) for key in self.group.objects["collections"])]
        parts += [clone.items() for clone in self.clones if clone.path.exists()]
        return json.dumps(parts)

    # -- what people do in the group -------------------------------------------------------------

    def post(self, *sent: dict[str, Any], kind: str = "items") -> bool:
        """Write, past all faults; true if all of it was taken."""
        return not self.group.write_many(kind, list(sent), None).failed

    def pick(self) -> dict[str, Any]:
        """Some item, as it is now."""
        return self.chance.choice(sorted(self.items().values(), key=lambda each: str(each["key"])))

    def change(self, data: dict[str, Any], **fields: Any) -> None:
        """Change an item that was seen so."""
        assert self.post({"key": data["key"], "version": data["version"], **fields})

    def there_field(self) -> None:
        data = self.pick()
        field = self.chance.choice([each for each in FIELDS.values() if each])
        self.drop(data.get(field))
        self.change(data, **{field: self.word(f"{field} there")})

    def there_extra(self) -> None:
        data = self.pick()
        lines = data.get("extra", "").split("\n") if data.get("extra") else []
        if lines and self.chance.random() < 0.4:
            self.drop(lines.pop(self.chance.randrange(len(lines))))
        place = self.chance.randint(0, len(lines))
        lines.insert(
            place, self.chance.choice(("tex.x: {}", "{}", "Unknown: {}")).format(self.word("extra"))
        )
        self.change(data, extra="\n".join(lines))

    def there_creators(self) -> None:
        data = self.pick()
        creators = list(data["creators"])
        if creators and self.chance.random() < 0.3:
            gone = creators.pop(self.chance.randrange(len(creators)))
            self.drop(gone.get("lastName"), gone.get("name"))
        elif len(creators) > 1 and self.chance.random() < 0.3:
            self.chance.shuffle(creators)
        else:
            fresh = {"creatorType": "author", "firstName": "A.", "lastName": self.word("creator")}
            creators.insert(self.chance.randint(0, len(creators)), fresh)
        self.change(data, creators=creators)

    def there_tag(self) -> None:
        data = self.pick()
        tags = list(data["tags"])
        if tags and self.chance.random() < 0.4:
            self.drop(tags.pop(self.chance.randrange(len(tags)))["tag"])
        tags.append(
            {"tag": self.word("tag"), **({"type": 1} if self.chance.random() < 0.3 else {})}
        )
        self.change(data, tags=tags)

    def there_type(self) -> None:
        data = self.pick()
        self.change(data, itemType=self.chance.choice(sorted(TYPES)))

    def there_trash(self) -> None:
        if len(self.items()) < 8:
            return
        data = self.pick()
        self.drop(json.dumps(self.named(data)))
        self.change(data, deleted=1)

    def there_erase(self) -> None:
        if len(self.items()) < 8:
            return
        data = self.pick()
        self.drop(json.dumps(self.named(data)))
        for key, child in list(self.children.items()):
            if child.get("parentItem") == data["key"]:
                del self.children[key]
        self.group.delete_many("items", [data["key"]], None)

    @staticmethod
    def named(data: dict[str, Any]) -> dict[str, Any]:
        """What of an item is its own: its collections stay."""
        return {name: value for name, value in data.items() if name != "collections"}

    def there_restore(self) -> None:
        gone = [
            (key, each)
            for key, each in self.group.objects["items"].items()
            if each.data.get("deleted") and not self.is_child(each.data)
        ]
        if gone:
            key, each = self.chance.choice(gone)
            self.change({"key": key, "version": each.version}, deleted=0)

    def there_add(self) -> None:
        key = self.word("key there") if self.chance.random() < 0.5 else ""
        creators = [{"creatorType": "author", "name": self.word("creator there")}]
        self.post(
            {
                "itemType": self.chance.choice(sorted(TYPES)),
                "title": self.word("title there"),
                "creators": creators,
                **({"citationKey": key} if key else {}),
            }
        )

    def there_child(self) -> None:
        """A note or an attachment, of an item or alone, new or edited."""
        key = new_key()
        parent = {"parentItem": self.pick()["key"]} if self.chance.random() < 0.7 else {}
        note = {"itemType": "note", "note": f"<p>{self.chance.random()}</p>"}
        link = {
            "itemType": "attachment",
            "linkMode": "linked_url",
            "title": "L",
            "url": "http://a.b",
        }
        sent = {"key": key, "version": 0, **self.chance.choice((note, link)), **parent}
        if self.children and self.chance.random() < 0.3:
            key = self.chance.choice(sorted(self.children))
            stored = self.group.objects["items"][key]
            sent = {"key": key, "version": stored.version, "tags": [{"tag": str(self.count)}]}
        assert self.post(sent)
        self.children[key] = dict(self.group.objects["items"][key].data)

    def there_collection(self) -> None:
        """Make, fill, empty, rename, move, trash or delete a collection."""
        known = self.group.objects["collections"]
        keys = sorted(known)
        what = self.chance.random()
        if not keys or what < 0.25:
            parent = self.chance.choice([False, *keys])
            self.post(
                {"name": self.word("collection"), "parentCollection": parent}, kind="collections"
            )
        elif what < 0.6:
            data, key = self.pick(), self.chance.choice(keys)
            members = set(data["collections"]) ^ {key}
            self.change(data, collections=sorted(members & known.keys()))
        elif what < 0.75:
            key = self.chance.choice(keys)
            self.drop(known[key].data["name"])
            sent = {"key": key, "version": known[key].version, "name": self.word("renamed")}
            self.post(sent, kind="collections")
        elif what < 0.85:
            key = self.chance.choice(keys)
            sent = {"key": key, "version": known[key].version, "parentCollection": False}
            self.post(sent, kind="collections")
        else:
            key = self.chance.choice(keys)
            for each in keys:
                if key == each or f"/{self.path(each)}/".startswith(f"/{self.path(key)}/"):
                    self.drop(known[each].data["name"])
            self.group.delete_many("collections", [key], None)

    def something_there(self, chance: random.Random) -> None:
        """One deed of somebody in the group."""
        with self.lock:
            self.chance, kept = chance, self.chance
            deeds = [
                getattr(self, name)
                for name in dir(self)
                if name.startswith("there_") and name not in RARE
            ]
            deed: Callable[[], None] = self.chance.choice(
                deeds * 3 + [getattr(self, n) for n in RARE]
            )
            self.history.append(deed.__name__)
            deed()
            self.chance = kept

    # -- what people do in a clone ---------------------------------------------------------------

    def something_here(self, clone: Clone) -> None:
        """One edit of the library file, as with an editor."""
        with self.lock:
            items = json.loads(clone.path.read_text(encoding="utf-8"))
            item = self.chance.choice(items)
            deeds: dict[str, Callable[[], None]] = {
                "field": lambda: self.here_field(item),
                "author": lambda: self.here_author(item),
                "tags": lambda: self.here_list(item, "tags"),
                "collections": lambda: self.here_list(item, "collections"),
                "note": lambda: self.here_note(item),
                "type": lambda: item.update(type=self.chance.choice(sorted(TYPES.values()))),
                "add": lambda: self.here_add(items),
                "remove": lambda: self.here_remove(items, item),
            }
            name = self.chance.choice([*deeds, "field", "field", "author", "tags", "note"])
            self.history.append(f"{clone.folder.name} {name} {item['id']}")
            deeds[name]()
            clone.path.write_text(json.dumps(items), encoding="utf-8")

    def here_field(self, item: dict[str, Any]) -> None:
        name = self.chance.choice(sorted(FIELDS))
        self.drop(item.get(name))
        item[name] = self.word(f"{name} here")

    def here_author(self, item: dict[str, Any]) -> None:
        names = item.setdefault("author", [])
        if names and self.chance.random() < 0.3:
            gone = names.pop(self.chance.randrange(len(names)))
            self.drop(gone.get("family"), gone.get("literal"))
        elif len(names) > 1 and self.chance.random() < 0.3:
            self.chance.shuffle(names)
        else:
            names.insert(
                self.chance.randint(0, len(names)), {"family": self.word("author"), "given": "B."}
            )

    def here_list(self, item: dict[str, Any], name: str) -> None:
        words = item.setdefault("custom", {}).setdefault(name, [])
        if words and self.chance.random() < 0.4:
            gone = words.pop(self.chance.randrange(len(words)))
            self.drop(gone if name == "tags" else self.unfiled([gone]))
        fresh = self.word(f"{name} here")
        words.append(self.chance.choice((fresh, f"{fresh}/In")) if name == "collections" else fresh)

    def unfiled(self, paths: list[str]) -> list[str]:
        """Those of the collections that the group does not have, and now never will."""
        known = [self.path(key) for key in self.group.objects["collections"]]
        return [path for path in paths if path not in known]

    def here_note(self, item: dict[str, Any]) -> None:
        lines = item["note"].split("\n") if item.get("note") else []
        if lines and self.chance.random() < 0.4:
            self.drop(lines.pop(self.chance.randrange(len(lines))))
        lines.insert(self.chance.randint(0, len(lines)), f"Line: {self.word('note here')}")
        item["note"] = "\n".join(lines)

    def here_add(self, items: list[dict[str, Any]]) -> None:
        author = [{"literal": self.word("author new")}]
        fresh = {"id": self.word("id new"), "type": "book", "title": self.word("title new")}
        items.append({**fresh, "author": author})

    def here_remove(self, items: list[dict[str, Any]], item: dict[str, Any]) -> None:
        if len(items) > 8:
            custom = {**item.get("custom", {})}
            custom["collections"] = self.unfiled(custom.get("collections", []))
            self.drop(json.dumps({**item, "custom": custom}))
            items.remove(item)

    # -- what must hold --------------------------------------------------------------------------

    def check(self) -> None:
        """Nothing is lost, and what is none of the program's business was left alone."""
        with self.lock:
            text = self.everything()
            lost = {word: why for word, why in self.alive.items() if word not in text}
            assert lost == {}, (lost, self.history[-60:])
            for key, data in self.children.items():
                assert self.group.objects["items"][key].data == data

    def sync(self, clone: Clone, **wishes: Any) -> None:
        """A run; a server that fails or never holds still is no fault of the clone."""
        try:
            clone.sync(allow_mass_delete=True, **wishes)
        except (SourceError, SyncError) as error:
            self.history.append(f"{clone.folder.name} {type(error).__name__} {error}")
        assert clone.report.failures == {}, (clone.report.failures, self.history[-40:])
        self.history.append(f"{clone.folder.name} sync")


RARE = ("there_trash", "there_erase", "there_type", "there_restore", "there_add")


def live(folder: Path, rounds: int, seed: int, *, faults: float = 0.2, busy: bool = True) -> None:
    """Let the world go round, then let everybody agree."""
    with ZoteroServer(shared_versions=seed % 3 == 2) as server:
        key = server.add_user(1)
        server.add_group(GROUP.number, owner=1)
        with (
            closing(connect(GROUP, url=server.url, key=key, patience=QUICK)) as first,
            closing(connect(GROUP, url=server.url, key=key, patience=QUICK)) as second,
        ):
            clones = [Clone(folder / "a", first), Clone(folder / "b", second)]
            world = World(server, clones, seed)
            items: list[dict[str, Any]] = []
            for _ in range(14):
                world.here_add(items)
            clones[0].path.write_text(json.dumps(items), encoding="utf-8")
            for clone in clones:
                clone.sync()
            stop, failures = threading.Event(), list[BaseException]()
            writer = threading.Thread(target=_writing(world, stop, failures, seed))
            server.faults.by_chance(faults, seed, EVERY_KIND)
            if busy:
                writer.start()
            try:
                _rounds(world, rounds)
            finally:
                stop.set()
                if busy:
                    writer.join()
            assert failures == []
            world.check()
            server.faults.clear()
            _agree(world)


def _writing(
    world: World, stop: threading.Event, failures: list[BaseException], seed: int
) -> Callable[[], None]:
    chance = random.Random(seed * 31 + 7)

    def write() -> None:
        while not stop.wait(0.1 + chance.random() * 0.3):
            try:
                world.something_there(chance)
            except BaseException as error:
                failures.append(error)
                return

    return write


def _rounds(world: World, rounds: int) -> None:
    for number in range(rounds):
        for clone in world.clones:
            for _ in range(world.chance.randint(0, 2)):
                world.something_here(clone)
        for _ in range(world.chance.randint(0, 2)):
            world.something_there(world.chance)
        world.sync(world.chance.choice(world.clones))
        if number % 5 == 4:
            for clone in world.clones:
                world.sync(clone)
            world.check()


def _agree(world: World) -> None:
    """Settle everything; then the group and both libraries say the same, and nobody has to do."""
    for clone in world.clones * 3:
        clone.sync(allow_mass_delete=True, prefer=lambda row, name: Side.THEIRS)
        assert clone.report.failures == {}
    writes = world.server.writes
    for clone in world.clones:
        assert clone.sync(allow_mass_delete=True).conflicts == []
    assert world.server.writes == writes
    first, second = (
        {each["custom"]["zotero"]["key"]: each for each in clone.items()} for clone in world.clones
    )
    stored = world.items()
    assert first.keys() == second.keys() == stored.keys()
    for key, data in stored.items():
        for each in (first[key], second[key]):
            assert _said(each) == _told(world, data), (world.history[-40:], each, data)
    for key, data in world.children.items():
        assert world.group.objects["items"][key].data == data


def _said(item: dict[str, Any]) -> dict[str, Any]:
    """What a record says, in plain words."""
    custom = item["custom"]
    return {
        "title": item.get("title", ""),
        "abstract": item.get("abstract", ""),
        "language": item.get("language", ""),
        "note": item.get("note", ""),
        "type": item["type"],
        "authors": [each.get("family") or each.get("literal") for each in item.get("author", [])],
        "tags": sorted(custom.get("tags", [])),
        "collections": sorted(custom.get("collections", [])),
    }


def _told(world: World, data: dict[str, Any]) -> dict[str, Any]:
    """What an item says, in plain words, found without the program."""
    return {
        "title": data.get("title", ""),
        "abstract": data.get("abstractNote", ""),
        "language": data.get("language", ""),
        "note": data.get("extra", ""),
        "type": TYPES[data["itemType"]],
        "authors": [
            each.get("lastName") or each.get("name")
            for each in data["creators"]
            if each["creatorType"] == "author"
        ],
        "tags": sorted(each["tag"] for each in data["tags"]),
        "collections": world.paths_of(data),
    }


def test_nothing_is_lost_in_a_group_that_lives(tmp_path: Path) -> None:
    live(tmp_path, 8, seed=2)


@pytest.mark.slow
def test_nothing_is_lost_in_many_rounds_of_a_group_that_lives(tmp_path: Path) -> None:
    for seed in (100, 101):
        live(tmp_path / str(seed), 40, seed)
