"""Large .bib files: what is held of them grows far less than they do.

The program runs with a lower limit of what it takes for large, so that a few megabytes are.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.bib_memory import growth, measured
from benchmarks.bibtex_speed import synthetic

_RUN = """
import sys
from citeworks.bibtex import stretches
stretches.LARGE, stretches.WINDOW = 200_000, 100_000
from citeworks.__main__ import run
run()
"""
CITE = [sys.executable, "-c", _RUN]
SIZES = (1_500_000, 6_000_000)
BOUNDS = {
    "lint": 4.0,
    "fmt --check": 0.5,
    "fmt --diff": 0.5,
    "fmt --sort key": 4.0,
    "export to .bib": 1.5,
    "export to RIS": 1.5,
    "bib paper.tex": 1.5,
}
"""Bytes of memory for each further byte: a whole document takes 11, its records 6.

What is kept for an entry, its key and place, weighs more here than in a file of longer entries.
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BOUNDS)
def test_memory_grows_with_the_keys_and_not_with_the_text(name: str) -> None:
    costs = measured(CITE, [name], SIZES)[name]
    assert growth(costs, SIZES) < BOUNDS[name], costs


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "in.bib", "--verbose"],
        ["lint", "in.bib", "--output-format", "json"],
        ["fmt", "--sort", "-year", "-"],
        ["fmt", "in.bib", "--diff", "--keep-going"],
        ["fmt", "--sort", "-year", "-", "--diff", "--keep-going"],
        ["export", "in.bib", "--format", "biblatex", "--keep-going"],
        ["export", "in.bib", "--format", "bibtex", "--strict", "--keep-going"],
        ["export", "in.bib", "--format", "ris"],
        ["bib", "paper.tex", "--from", "in.bib", "--unused", "--keep-going"],
    ],
    ids=" ".join,
)
def test_a_large_file_gives_what_a_small_one_gives(
    folder: Path, home: dict[str, str], arguments: list[str]
) -> None:
    text = synthetic(500) + "@misc{broken, title={x\n@misc{key1, note={twice} # m, title={A\\odd}}"
    assert len(text) > 200_000
    (folder / "in.bib").write_text(text)
    (folder / "paper.tex").write_text("\\cite{key1,key499,nobody}")
    found = [
        subprocess.run(
            [*command, *arguments], cwd=folder, env=home, input=text.encode(),
            capture_output=True, check=False,
        )
        for command in ([CITE[0], "-m", "citeworks"], CITE)
    ]  # fmt: skip
    small, large = found
    assert large.stdout == small.stdout
    assert large.returncode == small.returncode
    assert set(large.stderr.splitlines()) >= set(small.stderr.splitlines())


@pytest.mark.parametrize("target", ["out.bib", "in.bib"])
def test_an_export_is_written_once_and_left_alone_after_that(
    folder: Path, home: dict[str, str], target: str
) -> None:
    (folder / "in.bib").write_text(synthetic(500))
    command = [*CITE, "export", "in.bib", "--format", "bibtex", "-o", target]

    def run(*options: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, *options], cwd=folder, env=home, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr

    assert run("--check") == (1, f"{target} would change\n")
    assert run() == (0, f"wrote {target}\n")
    if target == "out.bib":
        assert run() == (0, "out.bib unchanged\n")
        assert run("--check") == (0, "out.bib unchanged\n")
    assert {path.name for path in folder.iterdir()} == {"in.bib", target}
