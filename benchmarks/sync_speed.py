"""Synchronization beside pyzotero: 1,000 new records to the same server, in the same run.

The server is the tests' stand-in, in a process of its own, and fresh for each round. It answers a
write at once, or after a while as a real server does, which stores each object in a transaction of
its own. The bare loop is what a script would do: `create_items` of 50 at a time, no state, no
report read. Both take turns in going first, and find their modules compiled. The server's own work
is on the wall clock of both, and competes with theirs on a small machine, so that CPU seconds stand
beside: those are of the two programs alone. Then what follows a first push: a run with nothing to
do, the status, and a pull into an empty clone.
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
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import layout, our_program

ROOT = Path(__file__).parents[1]
COUNT, ROUNDS = 1_000, 3
DELAYS = (0.0, 0.1, 0.3, 1.0)
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
    """Wall time and CPU time of both, and how many requests ours needed."""
    rows, ratios = [], []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        _warm(root)
        for delay in DELAYS:
            rounds = [_round(root / f"{delay}-{number}", delay, number) for number in range(ROUNDS)]
            ratio = median(ours.wall / loop.wall for ours, loop in rounds)
            ratios.append(f"{ratio:.2f}")
            times = [
                f"{median(getattr(each[side], name) for each in rounds):.2f}"
                for name in ("wall", "cpu")
                for side in (0, 1)
            ]
            rows.append([f"push, {delay} s a write", *times, f"{ratio:.2f}", rounds[0][0].requests])
        rows += _afterwards(root)
    title = f"Synchronization of {COUNT:,} records, seconds, median of {ROUNDS}"
    said = f"wall of a first push to the bare loop's: {', '.join(ratios)} (may be {TARGET})"
    head = ["", "cite sync", "bare pyzotero loop", "CPU", "loop's CPU", "ratio", "requests"]
    return f"{title}; {said}\n" + layout(head, rows)


@dataclass(frozen=True, slots=True)
class _Cost:
    """Wall and CPU seconds of one command, and the requests that it says it sent."""

    wall: float
    cpu: float
    requests: str


def _round(folder: Path, delay: float, number: int) -> tuple[_Cost, _Cost]:
    """The cost of ours and of the loop against one server."""
    with _server(delay) as environment:
        if number % 2:
            push, loop = _push(folder, environment), _loop(folder, environment)
        else:
            loop, push = _loop(folder, environment), _push(folder, environment)
    return push, loop


def _afterwards(root: Path) -> list[list[str]]:
    """What comes after a first push."""
    with _server() as environment:
        _push(root / "after", environment)
        folder, status = root / "after" / "a", (our_program(), "sync", "status", "--verbose")
        costs = {
            "idle run": _cost([our_program(), *_RUN], folder, environment),
            "status": _cost([*status], folder, environment),
            "first pull": _cost([our_program(), *_RUN], _clone(root / "b", ""), environment),
        }
    return [
        [what, f"{cost.wall:.2f}", "", f"{cost.cpu:.2f}", "", "", cost.requests]
        for what, cost in costs.items()
    ]


def _warm(root: Path) -> None:
    """Compile the modules of both, as an installed program has them."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(root / "bytecode")
    _round(root / "warm", 0, 0)


def _loop(folder: Path, environment: Mapping[str, str]) -> _Cost:
    folder.mkdir(exist_ok=True)
    items = folder / "items.json"
    items.write_text(json.dumps([_item("loop", number) for number in range(COUNT)]))
    return _cost([sys.executable, "-c", _LOOP, items], folder, environment)


def _push(folder: Path, environment: Mapping[str, str]) -> _Cost:
    return _cost([our_program(), *_RUN], _clone(folder / "a", "ours"), environment)


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


def _cost(command: list[Any], folder: Path, environment: Mapping[str, str]) -> _Cost:
    local = {**environment, "XDG_STATE_HOME": str(folder / "state")}
    began = time.perf_counter()
    with subprocess.Popen(
        [*map(str, command)],
        cwd=folder,
        env=local,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stderr.read() if process.stderr else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if process.returncode:
        raise OSError(f"{command[:3]} ended with {process.returncode}: {said[-500:]}")
    requests = re.search(r"requests: (.*)", said)
    cpu = usage.ru_utime + usage.ru_stime
    return _Cost(wall, cpu, requests[1] if requests else "")


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
