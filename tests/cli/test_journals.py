"""`cite export --abbreviate` and `--expand` as real commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests_support import Cite

BIB = """@article{a, author = {A, B}, title = {X}, journal = {Journal of Machine Learning Research},
  year = 2020}
@article{b, author = {A, C}, title = {Y}, journal = {Wumpus Gazeboids}, year = 2020}
@article{c, author = {A, D}, title = {Z}, journal = {Nature}, year = 2020}
"""


@pytest.fixture
def refs(folder: Path) -> Path:
    (folder / "refs.bib").write_text(BIB)
    return folder / "refs.bib"


def journals_of(text: str) -> list[str]:
    return [line.split("{")[1][:-2] for line in text.splitlines() if line.startswith("  journal ")]


def test_journals_are_abbreviated_and_unknown_ones_named_on_request(cite: Cite, refs: Path) -> None:
    done = cite("export", refs, "--format", "bibtex", "--abbreviate")
    assert (done.returncode, done.stderr) == (0, "")
    assert journals_of(done.stdout) == ["J. Mach. Learn. Res.", "Wumpus Gazeboids", "Nature"]
    done = cite("export", refs, "--format", "bibtex", "--abbreviate", "--verbose")
    assert "b: note[A101]: no abbreviation of 'Wumpus Gazeboids' is known" in done.stderr


def test_a_list_of_ones_own_works_both_ways(cite: Cite, folder: Path, refs: Path) -> None:
    (folder / "mine.csv").write_text("Wumpus Gazeboids;W. Gaz.\n")
    (folder / "cite.toml").write_text('journals = "mine.csv"\n')
    done = cite("export", refs, "--format", "bibtex", "--abbreviate", "-o", "short.bib")
    assert done.returncode == 0
    assert journals_of((folder / "short.bib").read_text())[1] == "W. Gaz."
    done = cite("export", "short.bib", "--format", "bibtex", "--expand")
    assert journals_of(done.stdout)[1] == "Wumpus Gazeboids"


def test_the_library_is_not_changed(cite: Cite, folder: Path, refs: Path) -> None:
    cite("add", refs)
    before = (folder / "bib/library.json").read_bytes()
    assert cite("export", "--format", "ris", "--abbreviate").returncode == 0
    assert (folder / "bib/library.json").read_bytes() == before


def test_contradictions_and_missing_lists_are_refused(cite: Cite, refs: Path) -> None:
    assert cite("export", refs, "--abbreviate", "--expand").returncode == 2
    done = cite("export", refs, "--abbreviate", "--journals", "no.csv")
    assert done.returncode == 2
    assert "no.csv" in done.stderr
