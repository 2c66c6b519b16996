"""``cite search`` in libraries of growing size: the search itself, and the making of its index."""

from __future__ import annotations

import json
import os
import random
import tempfile
from pathlib import Path

from benchmarks.measure import cost, layout, our_program, typical_seconds

SIZES = (5_000, 50_000)
QUERY = "kala author:mira"


def table() -> str:
    """CPU seconds of making the index, and of a search when it is made."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> str:
    rows = []
    for size in SIZES:
        library = folder / f"{size}.json"
        library.write_text(json.dumps(made_up_items(size)), encoding="utf-8")
        os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(dir=folder)
        command = [str(our_program()), "search", QUERY, "--keys", "--library", str(library)]
        first = cost(command)
        again = typical_seconds(command, 5)
        rows.append([f"{size:,}", f"{first.seconds:.2f}", f"{first.mebibytes:.0f}", f"{again:.2f}"])
    head = ["records", "making the index: CPU s", "MiB", "a search: CPU s"]
    return layout(head, rows)


def made_up_items(size: int) -> list[dict[str, object]]:
    """Made-up records with the word lengths and repetitions of a real library."""
    source = random.Random(7)
    syllables = "ka lo ra mi ten sor vel pra dun est qui nal".split()
    words = ["".join(source.choices(syllables, k=source.randint(1, 4))) for _ in range(20_000)]

    def text(count: int) -> str:
        return " ".join(words[int(source.random() ** 2.5 * len(words))] for _ in range(count))

    return [
        {
            "id": f"key{number:06d}",
            "type": "article-journal",
            "title": text(9).capitalize(),
            "author": [{"family": text(1).title(), "given": text(1).title()} for _ in range(4)],
            "container-title": text(3).title(),
            "abstract": text(120),
            "issued": {"date-parts": [[1980 + number % 45]]},
        }
        for number in range(size)
    ]
