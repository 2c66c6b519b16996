"""`cite lint` over synthetic .bib files: CPU seconds of the whole process, and how they grow.

python -m benchmarks lint_speed
"""

from __future__ import annotations

import resource
import subprocess
import tempfile
from pathlib import Path

from benchmarks.bibtex_speed import synthetic
from benchmarks.measure import layout, our_program

SIZES = (1_000, 5_000, 20_000)


def table() -> str:
    """Seconds for each size; findings make exit code 1, which is no failure here."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.bib"
            path.write_text(synthetic(size), encoding="utf-8")
            seconds = _seconds([str(our_program()), "lint", str(path), "--verbose"])
            rows.append((f"{size:,} entries", f"{seconds:.2f}", f"{1e6 * seconds / size:.0f}"))
    return layout(("cite lint", "CPU s", "µs/entry"), rows)


def _seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
