"""``cite site`` of libraries of growing size: CPU seconds, and the size of the page."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.measure import cost, layout, our_program
from benchmarks.search_speed import made_up_items

SIZES = (500, 5_000)


def table() -> str:
    """CPU seconds, peak memory and bytes of the page for each size."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            library, site = Path(folder) / f"{size}.json", Path(folder) / str(size)
            library.write_text(json.dumps(made_up_items(size)), encoding="utf-8")
            spent = cost([our_program(), "site", "-o", site, "--library", library])
            page = (site / "index.html").stat().st_size / 2**20
            rows.append(
                [f"{size:,}", f"{spent.seconds:.1f}", f"{spent.mebibytes:.0f}", f"{page:.1f}"]
            )
    return layout(["records", "cite site: CPU s", "peak MiB", "page MiB"], rows)
