"""What a command costs, as the kernel counts it: CPU seconds and peak memory of one process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """User and system seconds, and the largest resident size in MiB."""

    seconds: float
    mebibytes: float


_WATCHED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
sys.stderr.write(f"{process.returncode} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}")
"""
"""A process is born with the peak of the one that starts it: this one is small."""


def cost(
    command: Sequence[str | Path], output: Path | None = None, *, codes: Sequence[int] = (0,)
) -> Cost:
    """Run a command once; its output goes to a file or nowhere. Raises OSError if it fails."""
    watched = [sys.executable, "-I", "-S", "-c", _WATCHED, *map(str, command)]
    with Path(output or os.devnull).open("wb") as sink:
        done = subprocess.run(watched, stdout=sink, stderr=subprocess.PIPE, check=True)
    code, seconds, kibibytes = done.stderr.split()
    if int(code) not in codes:
        raise OSError(f"{' '.join(map(str, command))} ended with {int(code)}")
    return Cost(float(seconds), int(kibibytes) / 1024)


def typical_seconds(command: Sequence[str | Path], runs: int) -> float:
    """The median CPU seconds of several runs, after one that warms the disk."""
    cost(command)
    return median(cost(command).seconds for _ in range(runs))


def our_program() -> Path:
    """The `cite` of the Python that runs this."""
    return Path(sys.executable).parent / "cite"


def layout(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns, the first to the left and the others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
