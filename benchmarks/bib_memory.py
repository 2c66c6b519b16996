"""What `cite` holds of a large .bib file: peak memory and CPU seconds at two sizes of the file.

    python -m benchmarks.bib_memory [MEGABYTES]

The second file is twice as large as the first. The last column is what each further megabyte of
the file costs in memory.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bibtex_speed import synthetic
from benchmarks.measure import Cost, cost, layout, our_program

MEGABYTES = 35
COMMANDS: Mapping[str, Sequence[str]] = {
    "lint": ("lint", "in.bib"),
    "fmt --check": ("fmt", "--check", "in.bib"),
    "fmt --diff": ("fmt", "--diff", "in.bib"),
    "fmt --sort key": ("fmt", "--sort", "key", "--check", "in.bib"),
    "export to .bib": ("export", "in.bib", "--format", "bibtex", "-o", "out.bib"),
    "export to CSL-JSON": ("export", "in.bib", "--format", "csl-json", "-o", "out.json"),
    "export to RIS": ("export", "in.bib", "--format", "ris", "-o", "out.ris"),
    "bib paper.tex": ("bib", "paper.tex", "--from", "in.bib", "-o", "refs.bib"),
    "add": ("add", "in.bib", "--library", "library.json"),
}
"""What is measured, in a folder with the file and a paper that cites two of its entries."""

_BYTES_OF_AN_ENTRY = 455


def measured(
    command: Sequence[str | Path], names: Sequence[str], sizes: Sequence[int]
) -> dict[str, list[Cost]]:
    """What the commands with these names cost on files of so many bytes."""
    found: dict[str, list[Cost]] = {name: [] for name in names}
    for size in sizes:
        text = synthetic(size // _BYTES_OF_AN_ENTRY)
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                Path(folder, "in.bib").write_text(text, "utf-8")
                Path(folder, "paper.tex").write_text("\\cite{key1,key99}", "utf-8")
                arguments = [Path(folder, each) if "." in each else each for each in COMMANDS[name]]
                found[name].append(cost([*command, *arguments], codes=(0, 1)))
    return found


def growth(costs: Sequence[Cost], sizes: Sequence[int]) -> float:
    """Bytes of memory for each further byte of the file."""
    (small, large), (fewer, more) = next(pairwise(costs)), next(pairwise(sizes))
    return (large.mebibytes - small.mebibytes) * (1 << 20) / (more - fewer)


def table(megabytes: int = MEGABYTES) -> str:
    """Every command at both sizes."""
    sizes = [megabytes * 1_000_000, 2 * megabytes * 1_000_000]
    head = ["command"]
    head += [f"{size // 1_000_000} MB: {what}" for size in sizes for what in ("CPU s", "MiB")]
    rows = []
    for name, costs in measured([our_program()], list(COMMANDS), sizes).items():
        row = [f"cite {name}"]
        for each in costs:
            row += [f"{each.seconds:.1f}", f"{each.mebibytes:.0f}"]
        rows.append([*row, f"{growth(costs, sizes):.2f}"])
    return layout([*head, "MB per MB"], rows)


def main() -> None:
    """Print the table."""
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES))


if __name__ == "__main__":
    main()
