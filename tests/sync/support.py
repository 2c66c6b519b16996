"""Two clones and a library between them, for tests of the whole synchronization."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from citeworks import csl_json, store
from citeworks.model import Library, Record
from citeworks.sync.apply import Report
from citeworks.sync.interface import Storage
from citeworks.sync.merge import Direction
from citeworks.sync.plan import Plan
from citeworks.sync.state import State, state_path
from citeworks.workflows.sync import Setup, Wishes, preview, synchronize


class Clone:
    """One working copy: a library file and the state of its synchronization."""

    def __init__(self, folder: Path, storage: Storage, **limits: Any) -> None:
        self.folder, self.storage, self.limits = folder, storage, limits
        self.path = folder / "bib" / "library.json"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.report = Report()

    @property
    def state_file(self) -> Path:
        """The SQLite file of the state."""
        folder = self.folder / "state"
        return state_path(folder, self.storage.server, str(self.storage.library), self.path)

    def sync(self, command: str = "run", **wishes: Any) -> Plan:
        """Run once, as the command does; the report is kept."""
        direction = {"pull": Direction.PULL, "push": Direction.PUSH}.get(command, Direction.BOTH)
        self.report = Report()
        with State(self.state_file) as state:
            setup = Setup(self.storage, state, self.path, **self.limits)
            return synchronize(setup, Wishes(command, direction, **wishes), self.report)

    def preview(self) -> Plan:
        """What a run would do."""
        with State(self.state_file, is_dry=True) as state:
            return preview(Setup(self.storage, state, self.path, **self.limits), Wishes())

    def records(self) -> Library:
        """The library as it is on disk."""
        return store.read(self.path).library

    def write(self, *records: Record) -> None:
        """Put these records in the place of the library."""
        self.path.write_text(csl_json.dump(records), encoding="utf-8")

    def items(self) -> list[dict[str, Any]]:
        """The library as CSL-JSON items without provenance."""
        items: list[dict[str, Any]] = json.loads(self.path.read_text(encoding="utf-8"))
        for item in items:
            item.get("custom", {}).pop("provenance", None)
        return items

    def edit(self, key: str, **values: Any) -> None:
        """Change variables of a record, as a person with an editor would; None removes one."""
        items = json.loads(self.path.read_text(encoding="utf-8"))
        for item in items:
            if item["id"] == key:
                custom = values.pop("custom", None)
                if custom is not None:
                    item.setdefault("custom", {}).update(custom)
                for name, value in values.items():
                    variable = name.replace("_", "-") if name.islower() else name
                    if value is None:
                        item.pop(variable, None)
                    else:
                        item[variable] = value
        self.path.write_text(csl_json.dump_json(items), encoding="utf-8")

    def remove(self, *keys: str) -> None:
        """Remove records."""
        self.write(*self.records().without(keys).values())


def comparable(clone: Clone) -> list[dict[str, Any]]:
    """What two clones must agree about."""
    return clone.items()
