"""Synchronization beside pyzotero: 1,000 new records to the same server, in the same run.

The server is the tests' stand-in, in a process of its own, and fresh for each round. It answers a
write at once, or after a while as a real server does, which stores each object in a transaction of
its own. The bare loop is what a script would do: `create_items` of 50 at a time, no state, no
report read. Both take turns in going first, and find their modules compiled. Then what follows
a first push: a run with nothing to do, the status, and a pull into an empty clone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import layout, our_program

ROOT = Path(__file__).parents[1]
COUNT, ROUNDS = 1_000, 3
DELAYS = (0.0, 0.3, 1.0)
"""Seconds that the server takes for a write of 50 objects."""
TARGET = 1.1

_LOOP = """
import json, os, sys
from pyzotero import Zotero
client = Zotero("42", "group", os.environ["CITE_ZOTERO_API_KEY"])
client.endpoint = os.environ["CITE_ZOTERO_URL"]
items = json.load(open(sys.argv[1]))
for start in range(0, len(items), 50):
    client.create_items(items[start : start + 50])
"""


def table() -> str:
    """Wall time of both, and how many requests ours needed."""
    rows, ratios = [], []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        _warm(root)
        for delay in DELAYS:
            rounds = [_round(root / f"{delay}-{number}", delay, number) for number in range(ROUNDS)]
            ours, loop = median(each[0] for each in rounds), median(each[1] for each in rounds)
            ratio = median(each[0] / each[1] for each in rounds)
            ratios.append(f"{ratio:.2f}")
            what = f"push, {delay} s a write"
            rows.append([what, f"{ours:.2f}", f"{loop:.2f}", f"{ratio:.2f}", rounds[0][2]])
        rows += _afterwards(root)
    title = f"Synchronization of {COUNT:,} records, wall seconds, median of {ROUNDS}"
    said = f"ratio of a first push to the bare loop: {', '.join(ratios)} (may be {TARGET})"
    head = ["", "cite sync", "bare pyzotero loop", "ratio", "requests"]
    return f"{title}; {said}\n" + layout(head, rows)


def _round(folder: Path, delay: float, number: int) -> tuple[float, float, str]:
    """Seconds of ours and of the loop against one server, and our requests."""
    with _server(delay) as environment:
        if number % 2:
            push, loop = _push(folder, environment), _loop(folder, environment)
        else:
            loop, push = _loop(folder, environment), _push(folder, environment)
    return push[0], loop, push[1]


def _afterwards(root: Path) -> list[list[str]]:
    """What comes after a first push."""
    with _server() as environment:
        _push(root / "after", environment)
        folder, status = root / "after" / "a", (our_program(), "sync", "status", "--verbose")
        idle, checked = _seconds([our_program(), *_RUN], folder, environment)
        looked, _ = _seconds([*status], folder, environment)
        pull, read = _seconds([our_program(), *_RUN], _clone(root / "b", ""), environment)
    return [
        ["idle run", f"{idle:.2f}", "", "", checked],
        ["status", f"{looked:.2f}", "", "", "1 GET"],
        ["first pull", f"{pull:.2f}", "", "", read],
    ]


def _warm(root: Path) -> None:
    """Compile the modules of both, as an installed program has them."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(root / "bytecode")
    _round(root / "warm", 0, 0)


def _loop(folder: Path, environment: Mapping[str, str]) -> float:
    folder.mkdir(exist_ok=True)
    items = folder / "items.json"
    items.write_text(json.dumps([_item("loop", number) for number in range(COUNT)]))
    return _seconds([sys.executable, "-c", _LOOP, items], folder, environment)[0]


def _push(folder: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    return _seconds([our_program(), *_RUN], _clone(folder / "a", "ours"), environment)


_RUN = ("sync", "run", "--verbose")


@contextmanager
def _server(delay: float = 0) -> Iterator[Mapping[str, str]]:
    """A fresh server, and the environment in which programs find it."""
    command = [sys.executable, "-m", "tests.servers.zotero", "--port", "0", "--delay", str(delay)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline() if process.stdout else ""
        try:
            yield {**os.environ, **dict(re.findall(r"(\w+)=(\S+)", line))}
        finally:
            process.terminate()


def _clone(folder: Path, prefix: str) -> Path:
    """A folder bound to the user's library, with records if there is a prefix for their keys."""
    (folder / "bib").mkdir(parents=True)
    (folder / "cite.toml").write_text("[sync]\nuser = 1\n")
    if prefix:
        records = [_record(prefix, number) for number in range(COUNT)]
        (folder / "bib" / "library.json").write_text(json.dumps(records))
    return folder


def _seconds(command: list[Any], folder: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    """Wall seconds of one command, and the requests that it says it sent."""
    local = {**environment, "XDG_STATE_HOME": str(folder / "state")}
    began = time.perf_counter()
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=local, capture_output=True, text=True, check=False
    )
    spent = time.perf_counter() - began
    if done.returncode:
        raise OSError(f"{command[:3]} ended with {done.returncode}: {done.stderr[-500:]}")
    said = re.search(r"requests: (.*)", done.stderr)
    return spent, said[1] if said else ""


def _record(prefix: str, number: int) -> dict[str, Any]:
    return {
        "id": f"{prefix}-{number}",
        "type": "article-journal",
        "title": f"Finite atlases of the {number}th kind and their covers",
        "author": [
            {"family": f"Writer{number}", "given": "Anna B."},
            {"family": "Co", "given": "C."},
        ],
        "container-title": "Journal of Atlases",
        "volume": str(number % 40),
        "page": f"{number}-{number + 12}",
        "issued": {"date-parts": [[1990 + number % 30, 1 + number % 12]]},
        "DOI": f"10.1000/{prefix}.{number}",
        "abstract": "A cover is finite if it is small. " * 20,
    }


def _item(prefix: str, number: int) -> dict[str, Any]:
    """The same as an item, as a script that makes items by hand has it."""
    record = _record(prefix, number)
    creators = [
        {"creatorType": "author", "lastName": name["family"], "firstName": name["given"]}
        for name in record["author"]
    ]
    return {
        "itemType": "journalArticle",
        "citationKey": record["id"],
        "title": record["title"],
        "creators": creators,
        "publicationTitle": record["container-title"],
        "volume": record["volume"],
        "pages": record["page"],
        "date": "-".join(f"{part:02}" for part in record["issued"]["date-parts"][0]),
        "DOI": record["DOI"],
        "abstractNote": record["abstract"],
        "tags": [],
        "collections": [],
        "relations": {},
    }


if __name__ == "__main__":
    print(table())
