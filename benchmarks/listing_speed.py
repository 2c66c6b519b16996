"""Listing speed: entries per CPU second and peak memory of ``cite parse``, and how both grow.

The files are variants of the sample listing: the same layouts and bylines, with titles and dates
that differ from copy to copy, so that nothing can be remembered from one copy to the next.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from benchmarks.measure import cost, layout, our_program

SAMPLE = Path(__file__).parents[1] / "bib/listing.txt"
SIZES = (1_000, 10_000, 100_000)
AS_OF = "2026-06-30"
_HEAD = re.compile(
    r"^[A-Za-z.\-]*?(?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}\b)", re.MULTILINE
)
_WORDS = "Robust Sparse Causal Latent Modular Scalable Bayesian Neural Symbolic Adaptive".split()


def table() -> str:
    """The table of speed and memory at several sizes."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            listing, output = Path(folder) / "listing.txt", Path(folder) / "parsed.ndjson"
            listing.write_text("".join(islice(_variants(), size)), encoding="utf-8")
            spent = cost([our_program(), "parse", "--as-of", AS_OF, listing], output)
            records = _records(output)
            rows.append(
                [
                    f"{size:,}",
                    f"{records:,}",
                    f"{spent.seconds:.1f}",
                    f"{records / spent.seconds:,.0f}",
                    f"{spent.mebibytes:.0f}",
                ]
            )
    head = ["entries", "records", "CPU s", "records per CPU s", "peak MiB"]
    return "Listing speed, `cite parse` to NDJSON (100,000 entries may take 60 s)\n" + layout(
        head, rows
    )


def entries() -> list[str]:
    """The entries of the sample, each with its head, byline and abstract."""
    text = SAMPLE.read_text(encoding="utf-8")
    starts = [match.start() for match in _HEAD.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _variants() -> Iterator[str]:
    sample = entries()
    return (_variant(entry, copy) for copy in count() for entry in sample)


def _variant(entry: str, copy: int) -> str:
    head, title, *rest = entry.split("\n", 2)
    word = _WORDS[copy % len(_WORDS)]
    return "\n".join([head, f"{word} Study {copy} of {title}" if copy else title, *rest])


def _records(output: Path) -> int:
    with output.open(encoding="utf-8") as lines:
        return sum('"kind": "record"' in line for line in lines)
