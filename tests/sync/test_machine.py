"""Edits on all sides, kills, lost answers and deletions at random: no edit is lost, all converge.

Every edit writes a value that was never written before. Whoever edits or removes what they see
knows what they replace; a value that nobody replaced knowingly must, at every moment, still stand
in the group or in one of the clones. In the end, once conflicts are settled, all are the same.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from citeworks import store
from citeworks.errors import Unavailable, VersionMismatch
from citeworks.model import Name, Record
from citeworks.sync.interface import Kind
from citeworks.sync.mapping import said
from citeworks.sync.memory import MemoryStorage
from citeworks.sync.merge import Side
from citeworks.sync.paths import ALPHABET, read_paths
from citeworks.sync.state import State
from sync.support import Clone

FIELDS = {"title": "title", "volume": "volume", "abstract": "abstractNote"}
VARIABLES = sorted(FIELDS)
SHRINKS = bool(os.environ.get("CITE_SYNC_SHRINK"))
"""Looking for the shortest history that fails takes minutes."""
variables = st.sampled_from(VARIABLES)
clones = st.sampled_from((0, 1))
choice = st.integers(0, 1_000)


class Killed(BaseException):
    """The process died here."""


class Machine(RuleBasedStateMachine):
    """Two clones, a group, and somebody with a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.count = self.keys = 0
        self.alive: dict[str, str] = {}
        """Every value that nobody replaced knowingly, and what it is."""
        self.is_over = False

    @initialize(
        records=st.integers(1, 4), lists_deleted=st.booleans(), size=st.sampled_from((2, 50))
    )
    def begin(self, records: int, lists_deleted: bool, size: int) -> None:
        self.group = MemoryStorage(lists_deleted=lists_deleted, batch_size=size)
        root = Path(self.folder.name)
        self.clones = [Clone(root / name, self.group, make_key=self.key) for name in ("a", "b")]
        shared = [self.new_record() for _ in range(records)]
        self.clones[0].write(*shared, self.new_record())
        self.clones[1].write(*shared, self.new_record())

    def teardown(self) -> None:
        self.folder.cleanup()

    # --- values -----------------------------------------------------------------------------

    def fresh(self, what: str) -> str:
        self.count += 1
        value = f"{what} {self.count}"
        self.alive[value] = what
        return value

    def key(self) -> str:
        """An object key, the same one in the same history."""
        self.keys += 1
        number, text = self.keys * 7_919, ""
        for _ in range(8):
            number, place = divmod(number, len(ALPHABET))
            text += ALPHABET[place]
        return text

    def forget(self, *values: Any) -> None:
        for value in values:
            self.alive.pop(str(value), None)

    def new_record(self) -> Record:
        title, tag = self.fresh("title"), self.fresh("tag")
        return Record(
            f"key{self.count}",
            "article-journal",
            {"title": title, "author": (Name("Fermat", "P."),)},
            custom={"tags": [tag]},
        )

    def items(self) -> dict[str, Any]:
        return self.group.objects_of()

    def present(self) -> set[str]:
        """All values that stand anywhere."""
        found: set[str] = set()
        for item in self.items().values():
            if not item.get("deleted"):
                found |= {str(item.get(field) or "") for field in FIELDS.values()}
                found |= {tag["tag"] for tag in item["tags"]}
        for clone in self.clones:
            for record in clone.records().values():
                found |= {record.text(variable) for variable in VARIABLES}
                found |= set(record.custom.get("tags") or ())
        return found

    # --- edits ------------------------------------------------------------------------------

    @rule(clone=clones, pick=choice, variable=variables)
    def edit_here(self, clone: int, pick: int, variable: str) -> None:
        keys = list(self.clones[clone].records())
        if keys:
            key = keys[pick % len(keys)]
            self.forget(self.clones[clone].records()[key].text(variable))
            self.clones[clone].edit(key, **{variable: self.fresh(variable)})

    @rule(clone=clones, pick=choice)
    def tag_here(self, clone: int, pick: int) -> None:
        records = self.clones[clone].records()
        if records:
            record = list(records.values())[pick % len(records)]
            tags = [*(record.custom.get("tags") or ()), self.fresh("tag")]
            self.clones[clone].edit(record.key, custom={"tags": tags})

    @rule(clone=clones)
    def add_here(self, clone: int) -> None:
        records = self.clones[clone].records()
        self.clones[clone].write(*records.values(), self.new_record())

    @rule(clone=clones, pick=choice)
    def remove_here(self, clone: int, pick: int) -> None:
        records = self.clones[clone].records()
        if len(records) > 1:
            record = list(records.values())[pick % len(records)]
            self.forget(*(record.text(variable) for variable in VARIABLES))
            self.forget(*(record.custom.get("tags") or ()))
            self.clones[clone].remove(record.key)

    def live(self) -> list[str]:
        return sorted(key for key, item in self.items().items() if not item.get("deleted"))

    @rule(pick=choice, variable=variables)
    def edit_there(self, pick: int, variable: str) -> None:
        keys = self.live()
        if keys:
            key, field = keys[pick % len(keys)], FIELDS[variable]
            self.forget(self.items()[key].get(field))
            self.group.put(Kind.ITEM, key, **{field: self.fresh(variable)})

    @rule(pick=choice)
    def untag_there(self, pick: int) -> None:
        keys = self.live()
        if keys:
            key = keys[pick % len(keys)]
            tags = self.items()[key]["tags"]
            if tags:
                self.forget(tags[0]["tag"])
                self.group.put(Kind.ITEM, key, tags=tags[1:])

    @rule()
    def add_there(self) -> None:
        self.group.put(
            Kind.ITEM, self.key(), itemType="book", title=self.fresh("title"), creators=[], tags=[]
        )

    @rule(pick=choice, for_good=st.booleans())
    def remove_there(self, pick: int, for_good: bool) -> None:
        keys = self.live()
        if keys:
            key = keys[pick % len(keys)]
            item = self.items()[key]
            self.forget(*(item.get(field) for field in FIELDS.values()))
            self.forget(*(tag["tag"] for tag in item["tags"]))
            if for_good:
                self.group.remove(Kind.ITEM, [key])
            else:
                self.group.put(Kind.ITEM, key, deleted=1)

    # --- runs -------------------------------------------------------------------------------

    @rule(clone=clones, command=st.sampled_from(("run", "run", "pull", "push")))
    def run(self, clone: int, command: str) -> None:
        self.clones[clone].sync(command, allow_mass_delete=True)

    @rule(clone=clones, at=st.integers(1, 12), when=st.sampled_from(("before", "after", "state")))
    def run_and_die(self, clone: int, at: int, when: str) -> None:
        with self.dying(at, when):
            self.clones[clone].sync(allow_mass_delete=True)

    @rule(clone=clones, at=st.integers(1, 6), is_applied=st.booleans())
    def run_with_a_lost_answer(self, clone: int, at: int, is_applied: bool) -> None:
        left = [at]

        def lose(name: str) -> None:
            left[0] -= name == "write"
            if not left[0]:
                left[0] = -1
                raise Unavailable("no answer", source="group")

        self.group.before, self.group.after = (_nothing, lose) if is_applied else (lose, _nothing)
        try:
            self.clones[clone].sync(allow_mass_delete=True)
        except Unavailable:
            pass
        finally:
            self.group.before = self.group.after = _nothing

    @rule(clone=clones, picks=st.lists(choice, min_size=1, max_size=4), variable=variables)
    def run_while_somebody_edits(self, clone: int, picks: list[int], variable: str) -> None:
        waiting = list(picks)

        def meddle(name: str) -> None:
            if waiting:
                self.edit_there(waiting.pop(), variable)

        self.group.before = meddle
        try:
            self.clones[clone].sync(allow_mass_delete=True)
        except VersionMismatch:
            pass
        finally:
            self.group.before = _nothing

    @rule(clone=clones)
    def lose_the_state(self, clone: int) -> None:
        """Without state a removal cannot be told from a record that was never here."""
        self.clones[clone].state_file.unlink(missing_ok=True)

    @contextmanager
    def dying(self, at: int, when: str) -> Iterator[None]:
        left = [at]

        def die(*ignored: object) -> None:
            left[0] -= 1
            if not left[0]:
                raise Killed

        patch = pytest.MonkeyPatch()
        if when == "state":
            real_save, real_write = State.save, store.write
            patch.setattr(State, "save", _around(real_save, die))
            patch.setattr(store, "write", _around(real_write, die))
        elif when == "before":
            self.group.before = die
        else:
            self.group.after = die
        try:
            yield
        except Killed:
            pass
        finally:
            patch.undo()
            self.group.before = self.group.after = _nothing

    # --- what holds -------------------------------------------------------------------------

    @invariant()
    def no_edit_is_lost(self) -> None:
        if not self.is_over and hasattr(self, "clones"):
            assert set(self.alive) - self.present() == set()

    @precondition(lambda self: self.count > 4)
    @rule(side=st.sampled_from(Side))
    def all_converge(self, side: Side) -> None:
        """Settle everything, and look whether all have the same, once."""
        self.is_over = True
        for clone in self.clones * 3:
            clone.sync(prefer=lambda row, name: side, allow_mass_delete=True)
        writes = self.group.count["POST"]
        for clone in self.clones:
            plan = clone.sync(allow_mass_delete=True)
            assert plan.conflicts == []
        assert self.group.count["POST"] == writes
        first, second = (clone.items() for clone in self.clones)
        assert _content(first) == _content(second)
        live = {key: item for key, item in self.items().items() if not item.get("deleted")}
        assert {item["custom"]["zotero"]["key"] for item in first} == live.keys()
        paths = read_paths({})
        for item in first:
            there = said(live[item["custom"]["zotero"]["key"]], paths)
            assert {name: there.get(name, "") for name in VARIABLES} == {
                name: item.get(name, "") for name in VARIABLES
            }
        titles = [item["title"] for item in live.values()]
        assert len(titles) == len(set(titles))
        names = [item["citationKey"] for item in live.values() if item.get("citationKey")]
        assert len(names) == len(set(names))
        self.alive = {value: value for value in self.present() if value}
        self.is_over = False


def _content(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records without the order of their tags, and without keys that only this clone knows."""
    found = []
    for item in items:
        custom = {**item["custom"], "tags": sorted(item["custom"].get("tags") or ())}
        found.append({**item, "id": "", "custom": custom})
    return sorted(found, key=lambda item: str(item["custom"]["zotero"]))


def _around(function: Callable[..., Any], hook: Callable[[], None]) -> Callable[..., Any]:
    """The function, with the hook called before and after it."""

    def called(*arguments: Any, **options: Any) -> Any:
        hook()
        result = function(*arguments, **options)
        hook()
        return result

    return called


def _nothing(name: str) -> None:
    return None


def _check(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=[phase for phase in Phase if SHRINKS or phase is not Phase.shrink],
        ),
    )


def test_no_edit_is_lost_and_all_sides_converge() -> None:
    _check(int(os.environ.get("CITE_SYNC_EXAMPLES", "15")), 20)


@pytest.mark.slow
def test_no_edit_is_lost_in_long_histories() -> None:
    _check(int(os.environ.get("CITE_SYNC_EXAMPLES", "100")), 60)
