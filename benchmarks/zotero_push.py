"""Pushing 1,000 items to Zotero: our transport beside a bare loop of pyzotero, requests and time.

Both write batches of 50 to the same server, the stand-in of the tests in its own process, in turn
and to a fresh group each time. Ours sends keys and versions of its own, reads every report and
keeps what the server stored; the bare loop calls ``create_items`` and looks at nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
from pyzotero.zotero import Zotero

from benchmarks.measure import layout
from citeworks.sync.interface import Kind, LibraryId, Result
from citeworks.sync.zotero import connect

ROOT = Path(__file__).parents[1]
ITEMS, BATCH, ROUNDS = 1_000, 50, 7
ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


def table() -> str:
    """The table of both, the medians of several rounds in turn."""
    with _server() as (url, key):
        contestants: dict[str, Callable[[str, str, int], int]] = {
            "citeworks": _ours,
            "pyzotero, bare loop": _bare,
        }
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
        requests = {}
        for round_ in range(ROUNDS + 1):
            for place, (name, push) in enumerate(contestants.items()):
                began, busy = time.perf_counter(), time.process_time()
                requests[name] = push(url, key, 100 + 2 * round_ + place)
                if round_:
                    spent[name].append((time.perf_counter() - began, time.process_time() - busy))
    wall = {name: median(each[0] for each in times) for name, times in spent.items()}
    busy_ = {name: median(each[1] for each in times) for name, times in spent.items()}
    bare = "pyzotero, bare loop"
    rows = [
        [
            name,
            str(requests[name]),
            f"{wall[name]:.2f}",
            f"{wall[name] / wall[bare]:.2f}",
            f"{busy_[name]:.2f}",
        ]
        for name in contestants
    ]
    head = ["1,000 items", "requests", "wall s", "ratio", "own CPU s"]
    return "Pushing items to Zotero (at most 25 requests and 1.1 times the bare loop)\n" + layout(
        head, rows
    )


@contextmanager
def _server() -> Iterator[tuple[str, str]]:
    groups = ",".join(str(100 + each) for each in range(2 * ROUNDS + 2))
    command = [sys.executable, "-m", "tests.servers.zotero", "--port", "0", "--groups", groups]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"URL=(\S+) CITE_ZOTERO_API_KEY=(\S+)", process.stdout.readline())
            assert found
            yield found[1], found[2]
        finally:
            process.terminate()


def _ours(url: str, key: str, group: int) -> int:
    with connect(LibraryId("groups", group), url=url, key=key) as library:
        assert library.access().write
        version = library.listing(Kind.ITEM).version
        for batch in _batches():
            report = library.write(Kind.ITEM, batch, library_version=version)
            assert {each.result for each in report.outcomes} == {Result.APPLIED}
            version = report.version
        return sum(library.requests.values())


def _bare(url: str, key: str, group: int) -> int:
    bare = Zotero(group, "group", key, client=httpx2.Client(timeout=60))
    bare.endpoint = url
    for batch in _batches():
        bare.create_items([{k: v for k, v in each.items() if k != "key"} for each in batch])
    return ITEMS // BATCH


def _batches() -> Iterator[list[dict[str, Any]]]:
    for start in range(0, ITEMS, BATCH):
        yield [_item(number) for number in range(start, start + BATCH)]


def _item(number: int) -> dict[str, Any]:
    digits = [ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(8)]
    return {
        "key": "".join(digits),
        "version": 0,
        "itemType": "journalArticle",
        "title": f"On the finite atlases of a large class of manifolds, part {number}",
        "abstractNote": "We show that every atlas of the class has a finite refinement. " * 15,
        "creators": [
            {"creatorType": "author", "firstName": f"Ada {each}.", "lastName": f"Byron{number}"}
            for each in "ABCDE"
        ],
        "publicationTitle": "Annals of Cartography",
        "date": "2024-05-17",
        "DOI": f"10.1234/atlas.{number}",
        "tags": [{"tag": "maps"}, {"tag": "topology"}],
        "collections": [],
        "relations": {},
    }
