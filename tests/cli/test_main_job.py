"""The main job through the real program: a pasted listing becomes a library and its exports."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests_support import AS_OF, Cite


@pytest.fixture
def library(cite: Cite, listing: Path, folder: Path) -> Path:
    done = cite("add", listing, *AS_OF)
    assert (done.returncode, done.stdout) == (0, "")
    return folder / "bib" / "library.json"


def test_adding_the_sample_makes_31_records(library: Path) -> None:
    items = json.loads(library.read_text(encoding="utf-8"))
    assert len(items) == 31
    assert [item["id"] for item in items] == sorted(item["id"] for item in items)
    first = next(item for item in items if item["id"] == "durmus2023towards")
    assert first["author"] == [
        {"family": "Durmus", "given": "Esin"},
        {"family": "Nguyen", "given": "Karina"},
        {"family": "Liao", "given": "Thomas I."},
    ]
    assert first["issued"] == {"date-parts": [[2023, 6, 28]]}
    assert first["custom"]["et-al"] == ["author"]
    assert first["custom"]["arxiv-class"] == "cs.CL"


def test_adding_the_same_listing_again_adds_nothing(
    cite: Cite, listing: Path, library: Path
) -> None:
    before = library.read_bytes()
    done = cite("add", listing, *AS_OF)
    assert done.returncode == 0
    assert "0 records added" in done.stderr
    assert "31 duplicates not added" in done.stderr
    assert library.read_bytes() == before


def test_a_missing_year_is_inferred_and_marked(library: Path) -> None:
    items = {item["title"]: item for item in json.loads(library.read_text(encoding="utf-8"))}
    item = next(value for title, value in items.items() if title.startswith("Scaling Mono"))
    assert item["issued"] == {"date-parts": [[2026, 5, 28]]}
    inferred = [each for each in item["custom"]["provenance"] if each["source"] == "inferred"]
    assert any("issued" in each["variables"] for each in inferred)


def test_the_apa_bibliography_never_prints_a_truncated_list_as_complete(
    cite: Cite, library: Path
) -> None:
    done = cite("export", "--style", "apa")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 31
    assert any(
        line.startswith("Durmus, E., Nguyen, K., Liao, T. I., et al. (2023)") for line in lines
    )
    items = json.loads(library.read_text(encoding="utf-8"))
    truncated = sum("et-al" in item["custom"] for item in items)
    assert sum("et al." in line for line in lines) == truncated == 24


@pytest.mark.parametrize("output", ["bibtex", "biblatex"])
def test_a_truncated_list_ends_with_and_others_in_bib_files(
    cite: Cite, library: Path, output: str
) -> None:
    done = cite("export", "--format", output)
    assert done.returncode == 0
    assert done.stdout.count("and others") == 24
    assert done.stdout.count("\n@") + done.stdout.startswith("@") == 31


def test_affiliation_slugs_and_badges_are_kept_but_never_exported_as_institutions(
    cite: Cite, library: Path
) -> None:
    stored = library.read_text(encoding="utf-8")
    assert '"openai"' in stored
    assert "institution" not in cite("export", "--format", "biblatex").stdout


def test_export_straight_from_a_file_needs_no_library(
    cite: Cite, listing: Path, folder: Path
) -> None:
    done = cite("export", listing, "--format", "csl-json", *AS_OF)
    assert done.returncode == 0
    assert len(json.loads(done.stdout)) == 31
    assert list(folder.iterdir()) == []


def test_the_library_can_be_read_back_as_csl_json(cite: Cite, library: Path, folder: Path) -> None:
    exported = cite("export", "--format", "csl-json").stdout
    assert exported.encode() == library.read_bytes()
    (folder / "copy.json").write_text(exported, encoding="utf-8")
    again = cite("export", "copy.json", "--format", "csl-json")
    assert again.stdout == exported


def test_parse_gives_every_byte_back(cite: Cite, listing: Path, folder: Path) -> None:
    data = b"\xef\xbb\xbf" + listing.read_bytes().replace(b"\n", b"\r\n") + b"\xff odd \x80"
    (folder / "odd.txt").write_bytes(data)
    done = cite("parse", "odd.txt", *AS_OF)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[0]["kind"] == "file"
    raw = "".join(line["raw"] for line in lines[1:])
    assert raw.encode(lines[0]["encoding"], "surrogateescape") == data
    assert all(line["schema"] == 1 for line in lines)


def test_records_agree_with_the_known_facts_of_the_papers(library: Path, shared_data: Path) -> None:
    facts = json.loads((shared_data / "http/seed/facts.json").read_text(encoding="utf-8"))["items"]
    listed = (
        (shared_data / "listing/seed-listing.txt").read_text(encoding="utf-8").split("\n")[1::3]
    )
    items = json.loads(library.read_text(encoding="utf-8"))
    for fact, byline in zip(facts, listed, strict=True):
        item = next(each for each in items if byline.startswith(each["title"]))
        assert item["author"][0]["family"] in byline
        first = fact["author"][0]
        assert (item["author"][0]["family"], item["author"][0]["given"].split()[0]) == (
            first["family"],
            first["given"].split()[0],
        )


def test_bare_identifiers_make_bare_records_with_a_note(cite: Cite, folder: Path) -> None:
    done = cite("add", "arXiv:2306.16388", "https://doi.org/10.1000/182")
    assert done.returncode == 0
    assert done.stderr.count("a bare record") == 2
    assert cite("list", "--keys").stdout.split() == ["arxiv-2306.16388", "doi-10.1000-182"]


def test_a_list_of_identifiers_on_standard_input_is_a_listing(cite: Cite) -> None:
    done = cite("add", "-", input="see arXiv:2306.16388 and\n10.1145/3442188.3445922\n")
    assert done.returncode == 0
    assert len(cite("list", "--keys").stdout.split()) == 2


def test_show_names_the_source_of_every_value(cite: Cite, library: Path) -> None:
    shown = cite("show", "durmus2023towards").stdout
    assert "title" in shown
    assert "listing.txt:1-3]" in shown
    assert json.loads(cite("show", "--json", "durmus2023towards").stdout)[0]["type"] == "article"


def test_an_edit_belongs_to_the_user(cite: Cite, library: Path, folder: Path) -> None:
    script = folder / "editor.py"
    script.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1])\n"
        "p.write_text(p.read_text().replace('Towards Measuring', 'Measuring'))\n"
    )
    done = cite("edit", "durmus2023towards", env={"EDITOR": f"{sys.executable} {script}"})
    assert done.returncode == 0, done.stderr
    item = json.loads(cite("show", "--json", "durmus2023towards").stdout)[0]
    assert item["title"].startswith("Measuring the")
    origins = {name: each for each in item["custom"]["provenance"] for name in each["variables"]}
    assert origins["title"]["source"] == "user"
    assert origins["author"]["source"] == "listing"


def test_rm_without_a_terminal_removes_without_asking(cite: Cite, library: Path) -> None:
    done = cite("rm", "durmus2023towards")
    assert done.returncode == 0
    assert "durmus2023towards" not in cite("list", "--keys").stdout.split()
    assert len(cite("list", "--keys").stdout.split()) == 30


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_preview_options_write_nothing_and_exit_1(
    cite: Cite, listing: Path, library: Path, folder: Path, option: str
) -> None:
    before = library.read_bytes()
    assert cite("rm", option, "durmus2023towards").returncode == 1
    assert library.read_bytes() == before
    (folder / "refs.bib").write_text("old\n")
    done = cite("export", "--format", "bibtex", "-o", "refs.bib", option)
    assert done.returncode == 1
    assert ("-old" in done.stdout) == (option == "--diff")
    assert (folder / "refs.bib").read_text() == "old\n"
    empty = folder / "other"
    empty.mkdir()
    assert cite("add", listing, option, *AS_OF, "--library", "other/l.json").returncode == 1
    assert list(empty.iterdir()) == []


def test_an_unchanged_export_is_not_written_again(cite: Cite, library: Path, folder: Path) -> None:
    assert cite("export", "--format", "bibtex", "-o", "refs.bib").returncode == 0
    before = (folder / "refs.bib").stat().st_mtime_ns
    done = cite("export", "--format", "bibtex", "-o", "refs.bib")
    assert "unchanged" in done.stderr
    assert (folder / "refs.bib").stat().st_mtime_ns == before
    assert cite("export", "--format", "bibtex", "-o", "refs.bib", "--check").returncode == 0


def test_keys_are_frozen_when_a_second_paper_would_take_the_same(cite: Cite, folder: Path) -> None:
    one = [{"id": "x", "type": "article", "title": "Deep A", "author": [{"family": "Li"}]}]
    (folder / "one.json").write_text(json.dumps(one))
    two = [{"id": "x", "type": "article", "title": "Deep B", "author": [{"family": "Wu"}]}]
    (folder / "two.json").write_text(json.dumps(two))
    assert cite("add", "one.json").returncode == 0
    assert cite("add", "two.json").returncode == 4
    assert cite("list", "--keys").stdout.split() == ["x", "xa"]


def test_the_library_in_the_repository_is_the_one_made_from_the_sample(
    cite: Cite, folder: Path
) -> None:
    root = Path(__file__).parents[2]
    (folder / "bib").mkdir()
    shutil.copy(root / "bib/listing.txt", folder / "bib/listing.txt")
    shutil.copy(root / "bib/catalogue.jsonl", folder / "bib/catalogue.jsonl")
    assert cite("add", "bib/listing.txt", *AS_OF).returncode == 0
    assert cite("catalogue", "build", "bib/catalogue.jsonl").returncode == 0
    assert cite("enrich", "--offline", "--write", "--published").returncode == 0
    assert cite("export", "--format", "bibtex", "-o", "bib/references.bib").returncode == 0
    for name in ("library.json", "references.bib"):
        assert (folder / "bib" / name).read_bytes() == (root / "bib" / name).read_bytes()


def test_python_m_citeworks_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "citeworks", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "cite 0.1.0\n"


BIB = """@string{acm = {ACM Press}}
@article{smith2020, author = {Smith, Jane and others}, title = {On {DNA}}, year = 2020}
"""
BROKEN_BIB = BIB + "@book{cut2021, title = {Never closed,\n@misc{late2022, title = {Still read}}\n"


def test_bib_files_are_read_like_any_other_input(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(BIB)
    assert cite("add", "refs.bib").returncode == 0
    item = json.loads(cite("show", "--json", "smith2020").stdout)[0]
    assert item["author"] == [{"family": "Smith", "given": "Jane"}]
    assert item["custom"]["et-al"] == ["author"]


def test_a_broken_bib_entry_stops_the_command_unless_it_is_to_keep_going(
    cite: Cite, folder: Path
) -> None:
    (folder / "refs.bib").write_text(BROKEN_BIB)
    done = cite("add", "refs.bib")
    assert done.returncode == 2
    assert "refs.bib:3:1: error[B" in done.stderr
    assert "--keep-going" in done.stderr
    assert not (folder / "bib" / "library.json").exists()
    assert cite("add", "refs.bib", "--keep-going").returncode == 3
    assert cite("list", "--keys").stdout.split() == ["late2022", "smith2020"]


@pytest.mark.parametrize("output", ["bibtex", "biblatex"])
def test_reading_a_generated_bib_file_again_changes_nothing(
    cite: Cite, library: Path, folder: Path, output: str
) -> None:
    assert cite("export", "--format", output, "-o", "refs.bib").returncode == 0
    again = cite("export", "refs.bib", "--format", output)
    assert again.stdout.encode() == (folder / "refs.bib").read_bytes()
