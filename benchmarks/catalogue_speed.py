"""Catalogue speed: building and look-ups on one core, and how both grow with the works in it.

The works are made up: titles of words that are as unevenly frequent as in real ones (Zipf), authors
of the same kind. Look-ups run the whole matching rule: titles as they are, titles with a word
changed, and titles of works that the catalogue does not have.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from pathlib import Path

from benchmarks.measure import cost, layout
from citeworks.model import Name, Record, Value
from citeworks.model.date import Date
from citeworks.resolve.catalogue import Catalogue
from citeworks.resolve.match import judge

SIZES = (30_000, 300_000, 3_000_000)
LOOK_UPS = 1_000
_WORDS = 200_000
_NAMES = 50_000
_BUILD = (
    "import sys; from pathlib import Path; from citeworks.resolve.catalogue_build import build; "
)
_BUILD += "build([Path(sys.argv[1])], Path(sys.argv[2]))"


def table() -> str:
    """The table of speed at several sizes."""
    rows = [_row(size) for size in SIZES]
    head = ["works", "build CPU s", "works per CPU s", "peak MiB", "file MB"]
    head += [f"{name} per CPU s" for name in _QUESTIONS]
    return "Catalogue speed on made-up works (the largest takes five minutes)\n" + layout(
        head, rows
    )


def _row(size: int) -> list[str]:
    print(f"{size:,} works: made, built, asked ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        dump, target = Path(folder) / "works.jsonl", Path(folder) / "catalogue.sqlite"
        with dump.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(work) + "\n" for work in islice(_works(1), size))
        spent = cost([sys.executable, "-c", _BUILD, dump, target])
        dump.unlink()
        catalogue = Catalogue(target)
        try:
            speeds = [_speed(catalogue, size, ask) for ask in _QUESTIONS.values()]
        finally:
            catalogue.close()
        return [
            f"{size:,}",
            f"{spent.seconds:.1f}",
            f"{size / spent.seconds:,.0f}",
            f"{spent.mebibytes:.0f}",
            f"{target.stat().st_size / 1e6:,.0f}",
            *(f"{speed:,.0f}" for speed in speeds),
        ]


Work = dict[str, str]


def _works(seed: int) -> Iterator[Work]:
    """Works without end, the same for the same seed."""
    chance = random.Random(seed)
    words = list(accumulate(1 / rank for rank in range(1, _WORDS)))
    names = list(accumulate(1 / rank**0.7 for rank in range(1, _NAMES)))
    ranks, people = range(1, _WORDS), range(1, _NAMES)
    number = 0
    while True:
        number += 1
        chosen = chance.choices(ranks, cum_weights=words, k=chance.randrange(5, 14))
        authors = chance.choices(people, cum_weights=names, k=chance.randrange(1, 7))
        yield {
            "title": " ".join(map(_spelled, chosen)).capitalize(),
            "author": " and ".join(f"{_spelled(n * 7)} {_spelled(n)}".title() for n in authors),
            "year": str(chance.randrange(1990, 2026)),
            "key": f"DBLP:conf/made/{seed}-{number}",
            "src": "made",
        }


def _spelled(number: int) -> str:
    """A word for a number: syllables in the place of digits."""
    syllables = "ba co di fu ge ha ji ko lu me na po qui ro su te vo wi xa zo".split()
    spelled = ""
    while number:
        number, digit = divmod(number, len(syllables))
        spelled = syllables[digit] + spelled
    return spelled


def _known(size: int) -> Iterator[Work]:
    """Works that are in the catalogue, from all over it."""
    step = max(1, min(size, 300_000) // LOOK_UPS)
    return islice(_works(1), 0, None, step)


def _changed(size: int) -> Iterator[Work]:
    for number, work in enumerate(_known(size)):
        words = work["title"].split()
        words[number % len(words)] = _spelled(17 + number % 4000)
        yield work | {"title": " ".join(words)}


def _unknown(size: int) -> Iterator[Work]:
    return _works(2)


_QUESTIONS: dict[str, Callable[[int], Iterator[Work]]] = {
    "as they are": _known,
    "a word changed": _changed,
    "not in it": _unknown,
}


def _speed(catalogue: Catalogue, size: int, ask: Callable[[int], Iterator[Work]]) -> float:
    wanted = [_wanted(work) for work in islice(ask(size), LOOK_UPS)]
    start = time.process_time()
    for each in wanted:
        judge(each, catalogue.search(each))
    return LOOK_UPS / (time.process_time() - start)


def _wanted(work: Work) -> Record:
    """The work as a listing shows it."""
    names = [name.rpartition(" ") for name in work["author"].split(" and ")[:3]]
    authors = tuple(Name(family=family, given=given) for given, _, family in names)
    issued = Date((int(work["year"]),))
    variables: dict[str, Value] = {"title": work["title"], "author": authors, "issued": issued}
    return Record("", "article", variables, {}, {"et-al": ["author"]})
