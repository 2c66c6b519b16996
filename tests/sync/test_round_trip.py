"""All types and variables to the group and into an empty clone: equal but for what is declared."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from citeworks import csl_json
from citeworks.model.variables import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    NUMBER_VARIABLES,
    TYPES,
    VARIABLES,
)
from citeworks.sync.interface import LibraryId
from citeworks.sync.losses import lost_in
from citeworks.sync.zotero import connect
from servers.zotero import ZoteroServer

from .support import Clone

GROUP, COUNT = 42, 164
FAMILIES = [
    "Gogh",
    "Ångström",
    "O'Brien",
    "王",
    "da Vinci",
    "de la Cruz",
    "al-Khwārizmī",
    "St. John",
]
GIVEN = ["Vincent", "Ada B.", "J.-P.", "小明", "Robert Jr.", ""]
PARTS: dict[str, list[Any]] = {
    "non-dropping-particle": ["van", "von der", "al-"],
    "dropping-particle": ["de", "d'", "von"],
    "suffix": ["Jr.", "III", "PhD", "né Foo"],
    "comma-suffix": [True],
    "static-ordering": [True],
}
LITERALS = ["World Health Organization", "ACM, Inc.", "国家标准", "Li, Wei"]
DATES: list[dict[str, Any]] = [
    {"date-parts": [[1999]]},
    {"date-parts": [[2020, 11]]},
    {"date-parts": [[-44, 3, 15]]},
    {"date-parts": [[2001, 2, 3], [2001, 2, 9]]},
    {"date-parts": [[2020]], "season": 3},
    {"date-parts": [[476]], "circa": True},
    {"date-parts": [[10000, 1, 1]]},
    {"literal": "in press"},
    {"literal": "12/13/14"},
]
TEXTS = [
    "Plain",
    "Über <i>E. coli</i> & more",
    "  spaced  ",
    "a\nb",
    "DOI: 10.1/x",
    "Type: book",
    "%",
]
NOTES = ["free", "OCLC: 7\nfree", "Original Date: 1900", "Publisher: inside", "a\n\nb"]
NUMBERS = ["12-15", "IV", "1a", "vol. 3", 473]


class Writer:
    """Records at random, the same ones each time."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def record(self, number: int) -> dict[str, Any]:
        """A record of some type with some of the variables."""
        record: dict[str, Any] = {"id": f"k{number}", "type": sorted(TYPES)[number % len(TYPES)]}
        for variable in self.chance.sample(sorted(VARIABLES - {"citation-key"}), 14):
            record[variable] = self.value(variable)
        return record

    def value(self, variable: str) -> Any:
        """A value of a variable."""
        if variable in NAME_VARIABLES:
            return [self.name() for _ in range(self.chance.randint(1, 3))]
        if variable in DATE_VARIABLES:
            return self.chance.choice(DATES)
        kinds: dict[str, list[Any]] = {
            "note": NOTES,
            "keyword": ["b, a"],
            **dict.fromkeys(NUMBER_VARIABLES, NUMBERS),
        }
        return self.chance.choice(kinds.get(variable, TEXTS))

    def name(self) -> dict[str, Any]:
        """A name, often an odd one."""
        if self.chance.random() < 0.2:
            return {"literal": self.chance.choice(LITERALS)}
        name = {"family": self.chance.choice(FAMILIES), "given": self.chance.choice(GIVEN)}
        odd = {part: self.chance.choice(PARTS[part]) for part in self.chance.sample(list(PARTS), 2)}
        return name | (odd if self.chance.random() < 0.5 else {})


def plain(value: Any) -> Any:
    """Without what is the same to Zotero: outer spaces, and whether a number is a text."""
    return str(value).strip() if isinstance(value, str | int) else value


def test_what_is_not_listed_as_lost_comes_into_an_empty_clone_as_it_was(tmp_path: Path) -> None:
    writer = Writer(7)
    sent = [writer.record(number) for number in range(COUNT)]
    library = LibraryId("groups", GROUP)
    with ZoteroServer() as server:
        server.add_group(GROUP, owner=1)
        with connect(library, url=server.url, key=server.add_user()) as storage:
            first, second = Clone(tmp_path / "a", storage), Clone(tmp_path / "b", storage)
            first.path.write_text(json.dumps(sent), encoding="utf-8")
            first.sync()
            assert first.report.failures == {}
            server.forget_requests()
            first.sync()
            assert (server.reads, server.writes) == (1, 0)
            second.sync()
    before = csl_json.load(first.path.read_text(encoding="utf-8"))
    lost = set(lost_in(csl_json.load(json.dumps(sent))))
    after = {record.key: record for record in second.records().values()}
    assert len(before) == len(after) == COUNT
    for record in before:
        pair = [csl_json.item_from_record(each) for each in (record, after[record.key])]
        names = set(pair[0]) | set(pair[1])
        unequal = {name for name in names if plain(pair[0].get(name)) != plain(pair[1].get(name))}
        declared = {name for key, name in lost if key == record.key}
        assert unequal - declared <= {"custom", "keyword"}, record
