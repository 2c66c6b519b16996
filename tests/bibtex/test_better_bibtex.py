"""Zotero items through our record to .bib, beside what Better BibTeX makes of them.

A ratchet: the numbers may only get better. The known differences of taste are listed in
`TASTE`, with their reasons; they are counted against us all the same.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Literal

import pytest

from citeworks.bibtex import dump, loads
from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.inherit import flatten
from citeworks.bibtex.macros import string_values
from citeworks.zotero_json import parse_item

TASTE = {
    "annotation": "Zotero's Extra is CSL's note, so it is written as note in both dialects",
    "options": "a name with a particle of its own asks biblatex to use it",
    "note": "the reverse of annotation",
    "pmid": "kept under its own name as well as in eprint",
    "urldate": "written only beside the url that was visited",
}
Entry = tuple[str, dict[str, str]]


def plain(value: str) -> str:
    """The letters and digits of a value, without LaTeX, markup and case."""
    text = re.sub(r"<[^>]*>", "", decode_latex(value.replace("{{", "{").replace("}}", "}")))
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", text))


def entries(text: str) -> list[Entry]:
    document = loads(text)
    macros = string_values(document)
    flats = [flatten(block, macros) for block in document.entries]
    return [
        (flat.block.type.lower(), {name: plain(value) for name, value in flat.fields.items()})
        for flat in flats
    ]


def pairs(theirs: list[Entry], ours: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Entries of one work: the most alike first, each used once."""
    left = list(ours)
    found = []
    for entry in theirs:
        best = max(left, key=lambda other: len(entry[1].items() & other[1].items()))
        left.remove(best)
        found.append((entry, best))
    return found


def measure(folder: Path) -> tuple[Counter[str], Counter[str]]:
    totals: Counter[str] = Counter()
    misses: Counter[str] = Counter()
    dialects: tuple[Literal["bibtex", "biblatex"], ...] = ("bibtex", "biblatex")
    for source in sorted(folder.glob("*.json")):
        items = json.loads(source.read_text("utf-8"))["items"]
        for dialect in dialects:
            expected = source.with_suffix(f".{dialect}")
            if not expected.exists() or not expected.stat().st_size:
                continue
            records = [parse_item(item) for item in items]
            found = entries(dump(records, dialect=dialect))
            for theirs, ours in pairs(entries(expected.read_text("utf-8")), found):
                count(totals, misses, theirs, ours)
    return totals, misses


def count(totals: Counter[str], misses: Counter[str], theirs: Entry, ours: Entry) -> None:
    totals["entries"] += 1
    totals["types"] += theirs[0] == ours[0]
    misses[f"type {theirs[0]} {ours[0]}"] += theirs[0] != ours[0]
    common = theirs[1].items() & ours[1].items()
    totals["common"] += len(common)
    totals["theirs"] += len(theirs[1])
    totals["ours"] += len(ours[1])
    for name in {name for name, _ in (theirs[1].items() - common)}:
        misses[f"lacks {name}"] += 1
    for name in {name for name, _ in (ours[1].items() - common)}:
        misses[f"beyond {name}"] += 1


def test_our_entries_are_like_those_of_better_bibtex(bibtex_data: Path) -> None:
    folder = bibtex_data / "bbt-dev"
    if not folder.is_dir():
        pytest.skip(f"no Better BibTeX exports at {folder}")
    totals, misses = measure(folder)
    kind = totals["types"] / totals["entries"]
    recall = totals["common"] / totals["theirs"]
    precision = totals["common"] / totals["ours"]
    print(f"{totals['entries']} entries: type {kind:.1%} recall {recall:.1%} {precision:.1%}")
    print("\n".join(f"{number:4} {what}" for what, number in misses.most_common(60) if number))
    assert kind >= 0.97
    assert recall >= 0.85
    assert precision >= 0.85
