"""What a press of the tabulator key costs with a library of 5,000 records, in CPU seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from benchmarks.measure import layout, our_program, typical_seconds

RECORDS, RUNS, LIMIT = 5_000, 7, 0.3


def table() -> str:
    """The costs of completing keys (without and with an index) and styles, beside --version."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = folder / "library.json"
        library.write_text(json.dumps([item(n) for n in range(RECORDS)], indent=2), "utf-8")
        with patch.dict(os.environ, {"XDG_CACHE_HOME": str(folder / "cache")}):
            version = typical_seconds([our_program(), "--version"], RUNS)
            rows.append(["cite --version", f"{version:.2f}", ""])
            keys = f"cite show --library {library} key012"
            rows.append(row("a key, the library read", keys, version))
            searched: list[str | Path] = [
                our_program(),
                "search",
                "thing",
                "--library",
                library,
                "-n",
                "1",
            ]
            subprocess.run(searched, check=True, capture_output=True)
            rows.append(row("a key, by the index", keys, version))
            rows.append(row("a style", "cite export --style chicago-a", version))
    head = ["completion", "seconds", "more than --version"]
    title = f"Completion with {RECORDS} records, CPU (median of {RUNS}; at most {LIMIT} s)\n"
    return title + layout(head, rows)


def row(label: str, line: str, version: float) -> list[str]:
    """One line of the table."""
    with patch.dict(os.environ, {"_CITE_COMPLETE": "bash_complete", "COMP_WORDS": line}):
        seconds = typical_seconds([our_program()], RUNS)
    return [label, f"{seconds:.2f}", f"{seconds - version:.2f}"]


def item(number: int) -> dict[str, object]:
    """A record as large as those that sources give."""
    return {
        "id": f"key{number:05}",
        "type": "article-journal",
        "title": f"Thing number {number} of many, and what became of it",
        "author": [{"family": f"Family{number % 700}", "given": "Ann"}] * 4,
        "issued": {"date-parts": [[1990 + number % 35]]},
        "container-title": "Journal of Things",
        "abstract": "word " * 150,
        "DOI": f"10.1000/{number}",
    }


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
