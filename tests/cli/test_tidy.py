"""``search``, ``dedupe``, ``tag``, ``keys`` and ``stats`` as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from citeworks.csl_json import dump
from site_support import record
from tests_support import AS_OF, Cite


@pytest.fixture
def library(cite: Cite, listing: Path, folder: Path) -> Path:
    assert cite("add", listing, *AS_OF).returncode == 0
    return folder / "bib/library.json"


def items(library: Path) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in json.loads(library.read_text(encoding="utf-8"))}


@pytest.mark.usefixtures("library")
def test_search_prints_the_best_first(cite: Cite) -> None:
    done = cite("search", "oportunities", "author:bommasani")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "bommasani2021opportunities\n  Bommasani, Hudson, Adeli, et al. (2021): "
        "On the Opportunities and Risks of Foundation Models\n"
    )


@pytest.mark.usefixtures("library")
def test_search_tells_when_there_is_more_and_when_there_is_nothing(cite: Cite) -> None:
    some = cite("search", "models", "-n", "2", "--keys")
    assert len(some.stdout.splitlines()) == 2
    assert "--limit shows more" in some.stderr
    none = cite("search", "zzzzzz")
    assert (none.returncode, none.stdout) == (1, "")


@pytest.mark.usefixtures("library")
def test_search_sees_a_change_at_once(cite: Cite) -> None:
    assert cite("search", "skill").returncode == 0
    cite("rm", "shen2026ai")
    assert "shen2026ai" not in cite("search", "skill", "--keys").stdout


@pytest.mark.usefixtures("library")
def test_search_prints_csl_json_that_can_be_read_again(cite: Cite) -> None:
    done = cite("search", "skill", "formation", "--json")
    again = cite("export", "-", "--format", "bibtex", input=done.stdout)
    assert "Skill Formation" in again.stdout


def test_tags_are_given_counted_and_taken(cite: Cite, library: Path) -> None:
    assert cite("tag", "shen2026ai", "--add", "to  read", "--add", "labour").returncode == 0
    assert items(library)["shen2026ai"]["custom"]["tags"] == ["to read", "labour"]
    cite("tag", "durmus2023towards", "--add", "to read")
    assert cite("tag").stdout == "2  to read\n1  labour\n"
    assert cite("tag", "--remove", "to read").returncode == 0
    assert "tags" not in items(library)["durmus2023towards"]["custom"]
    unchanged = cite("tag", "--remove", "to read")
    assert "unchanged" in unchanged.stderr


def test_tag_check_and_diff_write_nothing(cite: Cite, library: Path) -> None:
    before = library.read_bytes()
    assert cite("tag", "shen2026ai", "--add", "x", "--check").returncode == 1
    shown = cite("tag", "shen2026ai", "--add", "x", "--diff")
    assert shown.returncode == 1
    assert '+        "x"' in shown.stdout
    assert library.read_bytes() == before


def test_renamed_record_is_found_by_its_old_key(cite: Cite, library: Path) -> None:
    preview = cite("keys", "shen2026ai", "--to", "shen2026skill")
    assert (preview.returncode, preview.stdout) == (0, "shen2026ai -> shen2026skill\n")
    assert "shen2026ai" in items(library)
    assert cite("keys", "shen2026ai", "--to", "shen2026skill", "--write").returncode == 0
    assert items(library)["shen2026skill"]["custom"]["aliases"] == ["shen2026ai"]
    assert cite("show", "shen2026ai").stdout.startswith("shen2026skill ")


def test_pattern_renames_all(cite: Cite, library: Path) -> None:
    assert cite("keys", "--pattern", "{family}{year}", "--check").returncode == 1
    assert cite("keys", "--pattern", "{family}{year}", "--write").returncode == 0
    assert {"shen2026", "chung2023"} <= set(items(library))
    assert cite("keys", "--pattern", "{family}{year}", "--check").returncode == 0


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["keys", "--to", "x"], "--to goes with one KEY"),
        (["keys", "shen2026ai", "--to", "a b"], "is no citation key"),
        (["keys", "shen2026ai", "--to", "durmus2023towards", "--write"], "is taken by"),
        (["keys", "--pattern", "{famly}"], "famly"),
        (["tag", "shen2026a", "--add", "x"], "did you mean shen2026ai"),
        (["tag", "--add", "x"], "--add needs a KEY"),
        (["dedupe", "--merge", "shen2026ai"], "needs two records"),
        (["dedupe", "--merge", "shen2026ai", "durmus2023towards", "--take", "x"], "VARIABLE=KEY"),
        (["stats", "--plot=x.gif"], "neither .svg nor .png"),
        (["search", "autor:x"], "did you mean author"),
    ],
)
def test_wrong_wishes_are_explained(cite: Cite, arguments: list[str], message: str) -> None:
    done = cite(*arguments)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.usefixtures("library")
def test_sample_has_no_duplicates(cite: Cite) -> None:
    done = cite("dedupe")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no duplicates\n")


@pytest.fixture
def twins(folder: Path) -> Path:
    path = folder / "bib/library.json"
    path.parent.mkdir()
    title = "A Title that is Long Enough"
    pair = [record("a", title=title, page="1-2"), record("b", title=title, DOI="10.1/x")]
    path.write_text(dump([*pair, record("c", title=title, page="3-4")]), encoding="utf-8")
    return path


def test_duplicates_are_shown_with_evidence_and_differences(cite: Cite, twins: Path) -> None:
    done = cite("dedupe")
    assert done.returncode == 1
    assert "the same title and authors" in done.stdout
    assert "DOI: (none) | 10.1/x" in done.stdout


def test_merging_is_a_person_s_word_and_leaves_an_alias(cite: Cite, twins: Path) -> None:
    assert cite("dedupe", "--merge", "a", "b", "--check").returncode == 1
    assert set(items(twins)) == {"a", "b", "c"}
    assert cite("dedupe", "--merge", "a", "b").returncode == 0
    assert set(items(twins)) == {"a", "c"}
    assert items(twins)["a"]["DOI"] == "10.1/x"


def test_merge_over_a_contradiction_is_refused(cite: Cite, twins: Path) -> None:
    before = twins.read_bytes()
    done = cite("dedupe", "--merge", "a", "c")
    assert done.returncode == 4
    assert "--take page=KEY" in done.stderr
    assert twins.read_bytes() == before
    assert cite("dedupe", "--merge", "a", "c", "--take", "page=c").returncode == 0
    assert items(twins)["a"]["page"] == "3-4"


@pytest.mark.usefixtures("library")
def test_stats_count_and_say_what_is_lacking(cite: Cite) -> None:
    told = json.loads(cite("stats", "--json").stdout)
    assert told["records"] == sum(told["years"].values()) == sum(told["types"].values()) == 31
    assert told["has"]["title"] == 31
    assert told["has"]["full-authors"] < 31
    assert "31 records" in cite("stats").stdout


@pytest.mark.usefixtures("library")
def test_stats_are_drawn_in_the_terminal_and_as_pictures(cite: Cite, folder: Path) -> None:
    bars = cite("stats", "--plot", env={"COLUMNS": "60"}).stdout.splitlines()
    assert all(len(line) <= 60 for line in bars)
    assert bars[0].startswith("2019  █")
    assert cite("stats", "--plot=x.svg").returncode == 0
    drawn = ElementTree.parse(folder / "x.svg").getroot()
    counted = [
        int((node.text or "").rpartition(" ")[2])
        for node in drawn.iter()
        if node.tag.endswith("title")
    ]
    assert sum(counted) == 31
    assert cite("stats", "--plot=x.png").returncode == 0
    assert (folder / "x.png").read_bytes().startswith(b"\x89PNG")
