"""Two sources that give one key to different works: both are kept, and the command says so."""

from __future__ import annotations

from pathlib import Path

from tests_support import Cite

FIRST = "@article{smith2020, author={Smith, A.}, title={Graphs without loops}, year=2020}\n"
OTHER = "@article{smith2020, author={Smith, Bo}, title={Rivers of the north}, year=2020}\n"


def test_both_works_are_kept_and_the_exit_code_is_4(cite: Cite, folder: Path) -> None:
    (folder / "a.bib").write_text(FIRST)
    (folder / "b.bib").write_text(OTHER)
    assert cite("add", "a.bib").returncode == 0
    done = cite("add", "b.bib")
    assert done.returncode == 4
    assert "b.bib:1-1: warning[D002]: the key 'smith2020' stands for another work" in done.stderr
    listed = cite("list").stdout
    assert "Graphs without loops" in listed
    assert "Rivers of the north" in listed
    again = cite("add", "b.bib", "a.bib")
    assert (again.returncode, cite("list").stdout) == (0, listed)


def test_two_files_at_once(cite: Cite, folder: Path) -> None:
    (folder / "a.bib").write_text(FIRST)
    (folder / "b.bib").write_text(OTHER)
    assert cite("add", "a.bib", "b.bib").returncode == 4
    assert len(cite("list", "--keys").stdout.split()) == 2


def test_the_same_work_again_is_no_conflict(cite: Cite, folder: Path) -> None:
    (folder / "a.bib").write_text(FIRST)
    (folder / "b.bib").write_text(FIRST)
    assert cite("add", "a.bib").returncode == 0
    assert cite("add", "b.bib").returncode == 0
    assert cite("list", "--keys").stdout.split() == ["smith2020"]
