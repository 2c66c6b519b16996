"""``cite lint`` as people and CI run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests_support import AS_OF, Cite

BAD = """@article{a,
  author = {Smith, J.R.},
  title = {Using BERT for small samples},
  journal = {Annals},
  year = 2020,
  pages = {1-10},
}
"""
FIXED = BAD.replace("J.R.", "J. R.").replace("BERT", "{BERT}").replace("1-10", "1--10")


def test_findings_are_data_and_give_exit_1(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(BAD)
    done = cite("lint", "refs.bib")
    assert done.returncode == 1
    assert [line.split(": ")[:2] for line in done.stdout.splitlines()] == [
        ["refs.bib:2:22", "warning[N103]"],
        ["refs.bib:3:18", "warning[T101]"],
        ["refs.bib:6:13", "warning[V107]"],
    ]
    assert done.stderr == "3 findings; 3 can be put right with --fix\n"


def test_clean_file_gives_exit_0(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(FIXED)
    done = cite("lint", "refs.bib")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "no findings\n")
    (folder / "empty.bib").write_text("% nothing here yet\n")
    assert cite("lint", "empty.bib").returncode == 0


def test_fix_writes_once_and_keeps_every_other_byte(cite: Cite, folder: Path) -> None:
    odd = "% Encoding: cp1252\r\n" + BAD.replace("\n", "\r\n").replace("Annals", "Annalen f\xfcr X")
    path = folder / "refs.bib"
    path.write_bytes(odd.encode("cp1252"))
    assert cite("lint", "refs.bib", "--fix").returncode == 0
    wanted = odd.replace("J.R.", "J. R.").replace("BERT", "{BERT}").replace("1-10", "1--10")
    assert path.read_bytes() == wanted.encode("cp1252")
    before = path.stat().st_mtime_ns
    assert cite("lint", "refs.bib", "--fix").returncode == 0
    assert path.stat().st_mtime_ns == before


def test_diff_shows_and_writes_nothing(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(BAD)
    done = cite("lint", "refs.bib", "--diff")
    assert done.returncode == 1
    assert "+  pages = {1--10}," in done.stdout
    assert (folder / "refs.bib").read_text() == BAD


def test_select_and_ignore_from_options_and_configuration(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(BAD)
    assert cite("lint", "refs.bib", "--select", "T,V").stdout.count("\n") == 2
    assert cite("lint", "refs.bib", "--ignore", "page-dash").stdout.count("\n") == 2
    (folder / "cite.toml").write_text('[lint]\nselect = ["T", "V"]\nignore = ["V107"]\n')
    assert cite("lint", "refs.bib").stdout.count("\n") == 1
    assert cite("lint", "refs.bib", "--select", "N").stdout.count("\n") == 1
    unknown = cite("lint", "refs.bib", "--select", "Q")
    assert unknown.returncode == 2
    assert "no rule begins with 'Q'" in unknown.stderr
    (folder / "cite.toml").write_text("[lint]\nselekt = []\n")
    assert "lint.select" in cite("lint", "refs.bib").stderr


def test_notes_are_shown_on_request_and_do_not_fail(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(FIXED.replace("year", "oddity = {x},\n  year"))
    assert cite("lint", "refs.bib").stdout == ""
    done = cite("lint", "refs.bib", "--verbose")
    assert (done.returncode, "note[F110]" in done.stdout) == (0, True)
    assert cite("lint", "refs.bib", "--select", "F110").returncode == 1


def test_broken_grammar_is_a_finding_at_its_place(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(FIXED + "@book{b, title = {x\n")
    done = cite("lint", "refs.bib")
    assert done.returncode == 1
    assert "refs.bib:8:1: error[B003]" in done.stdout


def test_a_file_that_is_not_there_does_not_hide_the_others(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(BAD)
    done = cite("lint", "nothing.bib", "refs.bib")
    assert done.returncode == 2
    assert "no file nothing.bib" in done.stderr
    assert done.stdout.count("\n") == 3


def test_standard_input_can_be_looked_at_and_not_fixed(cite: Cite) -> None:
    done = cite("lint", "-", input=BAD)
    assert done.returncode == 1
    assert done.stdout.startswith("<stdin>:2:22: ")
    assert cite("lint", "-", "--fix", input=BAD).returncode == 2


def test_library_is_looked_at_where_its_variables_stand(
    cite: Cite, folder: Path, listing: Path
) -> None:
    cite("add", listing, *AS_OF)
    assert cite("lint").returncode in (0, 1)
    items = [
        {"id": "a", "type": "book", "title": "X", "author": [{"family": "B"}],
         "issued": {"date-parts": [[2020]]}, "ISBN": "978-0-306-40615-8"},
    ]  # fmt: skip
    (folder / "lib.json").write_text(json.dumps(items, indent=2))
    done = cite("lint", "--library", "lib.json", "--output-format", "json")
    [found] = json.loads(done.stdout)["findings"]
    line = (folder / "lib.json").read_text().splitlines()[found["line"] - 1]
    assert line[found["column"] - 1 :].startswith('"ISBN"')
    assert (found["code"], found["key"], found["file"]) == ("V103", "a", "lib.json")


def test_unknown_format_and_dialect_name_the_nearest(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(BAD)
    assert "sarif" in cite("lint", "refs.bib", "--output-format", "sarrif").stderr
    assert "biblatex" in cite("lint", "refs.bib", "--dialect", "bibltex").stderr


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_programs_get_their_format_on_standard_output(cite: Cite, folder: Path, form: str) -> None:
    (folder / "refs.bib").write_text(BAD)
    done = cite("lint", "refs.bib", "--output-format", form, "--quiet")
    assert (done.returncode, done.stderr) == (1, "")
    if form == "github":
        assert done.stdout.count("::warning file=refs.bib,") == 3
    else:
        json.loads(done.stdout)


def test_files_that_are_looked_at_together_share_their_macros(cite: Cite, folder: Path) -> None:
    (folder / "strings.bib").write_text("@string{acm = {ACM}}\n@STRING( Other = {X} )\n")
    entry = "@misc{a, title={T}, author={A Smith}, publisher=acm, note=other}\n"
    (folder / "refs.bib").write_text(entry)
    assert cite("lint", "refs.bib").stdout.count("B203") == 2
    done = cite("lint", "refs.bib", "strings.bib")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_library_is_put_right_and_the_change_can_be_taken_back(cite: Cite, folder: Path) -> None:
    item = {"id": "a", "type": "book", "title": "Salt &amp; water.",
            "author": [{"family": "Smith"}], "issued": {"date-parts": [[2020]]},
            "DOI": "10.1000/182",
            "URL": "https://doi.org/10.1000/182"}  # fmt: skip
    (folder / "bib").mkdir()
    path = folder / "bib" / "library.json"
    path.write_text(json.dumps([item]))
    assert cite("tag", "a", "--add", "x").returncode == 0
    before = path.read_bytes()
    found = cite("lint")
    assert (found.returncode, found.stdout.count("[*]")) == (1, 3)
    shown = cite("lint", "--diff")
    assert (shown.returncode, path.read_bytes()) == (1, before)
    assert '+    "title": "Salt & water"' in shown.stdout
    done = cite("lint", "--fix")
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 findings put right; `cite undo` takes it back" in done.stderr
    assert "URL" not in json.loads(path.read_text())[0]
    after = path.read_bytes()
    assert cite("lint", "bib/library.json", "--fix").returncode == 0
    assert path.read_bytes() == after
    assert cite("undo").returncode == 0
    assert path.read_bytes() == before


def test_of_a_file_that_cannot_be_read_nothing_is_said(cite: Cite) -> None:
    done = cite("lint", "nothing.bib")
    assert (done.returncode, done.stdout, "findings" in done.stderr) == (2, "", False)
