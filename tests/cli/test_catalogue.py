"""``cite catalogue`` as a user meets it."""

from __future__ import annotations

from pathlib import Path

from tests_support import Cite

ROOT = Path(__file__).parents[2]


def test_build_and_info(cite: Cite) -> None:
    built = cite("catalogue", "build", ROOT / "bib/catalogue.jsonl")
    assert built.returncode == 0
    assert built.stdout == ""
    assert "49 works, 18 links" in built.stderr
    told = cite("catalogue", "info")
    assert told.returncode == 0
    assert "works:   49\n" in told.stdout


def test_without_a_catalogue_info_advises(cite: Cite) -> None:
    told = cite("catalogue", "info")
    assert (told.returncode, told.stdout) == (2, "")
    assert "cite catalogue build" in told.stderr


def test_a_file_that_is_no_dump_is_unusable_and_leaves_the_old_one(
    cite: Cite, folder: Path
) -> None:
    cite("catalogue", "build", ROOT / "bib/catalogue.jsonl")
    (folder / "notes.txt").write_text("Some notes.\n", encoding="utf-8")
    refused = cite("catalogue", "build", ROOT / "bib/catalogue.jsonl", "notes.txt")
    assert refused.returncode == 2
    assert "notes.txt:1" in refused.stderr
    assert "works:   49\n" in cite("catalogue", "info").stdout


def test_a_file_in_which_nothing_is_a_work_is_named(cite: Cite, folder: Path) -> None:
    (folder / "empty.json").write_text('[{"type": "book"}]', encoding="utf-8")
    done = cite("catalogue", "build", ROOT / "bib/catalogue.jsonl", "empty.json")
    assert done.returncode == 3
    assert "empty.json: CSL-JSON, 0 works, 1 left out" in done.stderr


def test_a_missing_file_is_unusable(cite: Cite) -> None:
    assert cite("catalogue", "build", "nothing.json").returncode == 2
