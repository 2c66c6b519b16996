"""`cite lint` and `cite fmt` over .bib files: CPU seconds of the whole process, and their growth.

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
            for command in (["lint", "--verbose"], ["fmt", "--check"]):
                seconds = _seconds([str(our_program()), *command, str(path)])
                each = f"{1e6 * seconds / size:.0f}"
                rows.append((f"cite {command[0]}", f"{size:,}", f"{seconds:.2f}", each))
    return layout(("command", "entries", "CPU s", "µs/entry"), rows)


def _seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, check=False)
    if b"Traceback" in done.stderr:
        raise OSError(done.stderr.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
