"""`cite add` and `cite export` with every exchange format, as real commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests_support import AS_OF, Cite

IN_AND_OUT = ("csl-json", "csl-yaml", "bibtex", "biblatex", "ris", "nbib", "endnote-xml", "cff")
KEYLESS = ("nbib", "cff")


@pytest.fixture
def library(cite: Cite, folder: Path, listing: Path) -> Path:
    assert cite("add", listing, *AS_OF).returncode == 0
    return folder / "bib/library.json"


@pytest.mark.parametrize("name", IN_AND_OUT)
def test_a_library_goes_out_and_comes_back_in(
    cite: Cite, folder: Path, library: Path, name: str
) -> None:
    assert cite("export", "--format", name, "-o", "out.any").returncode == 0
    done = cite("add", "out.any", "--library", "back.json")
    assert done.returncode == 0, done.stderr
    before, after = json.loads(library.read_text()), json.loads((folder / "back.json").read_text())
    titles = {item["title"] for item in before}
    assert {item["title"] for item in after} == titles
    assert sum(len(item.get("author", [])) for item in after) == sum(
        len(item.get("author", [])) for item in before
    )
    if name not in KEYLESS:
        assert {item["id"] for item in after} == {item["id"] for item in before}
    assert cite("add", "out.any", "--library", "back.json", "--check").returncode == 0


def test_hayagriva_goes_out_sorted_by_key(cite: Cite, library: Path) -> None:
    done = cite("export", "--format", "hayagriva")
    keys = [line[:-1] for line in done.stdout.splitlines() if line[:1].isalpha()]
    assert keys == [item["id"] for item in json.loads(library.read_text())]


def test_doubts_about_a_file_are_reported_with_their_lines(cite: Cite, folder: Path) -> None:
    (folder / "refs.ris").write_text("TY  - JOUR\nTI  - A title\nAU  - Smith, J.\n")
    done = cite("add", "refs.ris", "--strict")
    assert done.returncode == 1
    assert "refs.ris:1: warning[X101]: a record without ER at its end" in done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY e 'x'>]>\n<xml/>",
            "refs.any:2: error[X001]",
        ),
        ("<?xml version='1.0'?><html/>", "refs.any:1: error[X001]"),
        ("---\nreferences:\n- id: [\n", "refs.any:4:1: error[X001]"),
        ("cff-version: 1.2.0\ntitle: a\ntitle: b\n", "refs.any:3:1: error[X001]"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(
    cite: Cite, folder: Path, text: str, place: str
) -> None:
    (folder / "refs.any").write_text(text)
    done = cite("add", "refs.any")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(place), done.stderr
    assert not (folder / "bib").exists()


def test_a_broken_item_costs_that_item(cite: Cite, folder: Path) -> None:
    (folder / "refs.yaml").write_text("references:\n- id: a\n  title: A\n- title: B\n")
    assert cite("add", "refs.yaml").returncode == 2
    done = cite("add", "refs.yaml", "--keep-going")
    assert done.returncode == 3
    assert "1 record added" in done.stderr


def test_lint_reads_them_too(cite: Cite, folder: Path) -> None:
    (folder / "refs.ris").write_text("TY  - JOUR\nTI  - A title\nDO  - nonsense\nER  - \n")
    done = cite("lint", "refs.ris", "--select", "V101")
    assert done.returncode == 1
    assert done.stdout.startswith("refs.ris:1:1: warning[V101]: 'nonsense' is no DOI")


def test_an_address_that_zotero_gives_for_an_id_is_no_citation_key(
    cite: Cite, folder: Path
) -> None:
    item = {"id": "http://zotero.org/users/1/items/AB", "type": "book", "title": "On maps"}
    other = {**item, "id": "http://zotero.org/users/1/items/AC", "title": "On ships"}
    items = [{**item, "citation-key": "doe2020"}, {**other, "author": [{"family": "Roe"}]}]
    (folder / "z.json").write_text(json.dumps(items))
    assert cite("add", "z.json").returncode == 0
    found = {each["id"]: each for each in json.loads((folder / "bib/library.json").read_text())}
    assert "doe2020" in found
    assert not [key for key in found if "://" in key]
    assert found["doe2020"]["custom"]["id"] == item["id"]
    assert cite("add", "z.json").returncode == 0
    assert len(json.loads((folder / "bib/library.json").read_text())) == 2
