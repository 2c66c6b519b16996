"""``cite bib`` as a program: minimal .bib files, missing keys, unused ones, and watching."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests_support import AS_OF, Cite

REFS = r"""@string{acm = "ACM"}
@string{other = "X"}
@inproceedings{smith2020, title={T}, crossref={Conf}, publisher=acm}
@article{jones1999, title={Old},
  year=1999}
@article{unused, title={U}}
@misc{renamed, title={D}, ids={old, older}}
@proceedings{conf, title={Conf}, year=2020}
"""

PARENTS_FIRST = """@proceedings{conf, title={Meeting}, booktitle={Proceedings of X}, year=2020}
@book{agrand, title={Grand}, publisher={P}, year=1990}
@book{mid, title={Mid}, booktitle={Mid}, publisher={P}, crossref={agrand}, year=1991}
@inproceedings{zoe, author={Doe, Zoe}, title={A paper}, crossref={Conf}}
@incollection{zed, author={Zed, Z}, title={A part}, crossref={mid}}
"""


@pytest.fixture
def paper(folder: Path) -> Path:
    (folder / "refs.bib").write_text(REFS)
    (folder / "sub").mkdir()
    (folder / "sub" / "one.tex").write_text("\\textcite{jones1999}\\input{sub/one}\\input{paper}")
    path = folder / "paper.tex"
    path.write_text("\\cite{smith2020}\n% \\cite{unused}\n\\input{sub/one}\n")
    return path


def test_entries_come_to_the_letter_with_their_macros_and_parents(cite: Cite, paper: Path) -> None:
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert (done.returncode, done.stderr) == (0, "")
    expected = [
        line
        for line in REFS.splitlines()
        if not any(w in line for w in ("other", "unused", "renamed"))
    ]
    assert [line for line in done.stdout.splitlines() if line] == expected


def test_missing_keys_have_their_place_and_the_nearest_key(
    cite: Cite, paper: Path, folder: Path
) -> None:
    paper.write_text("x\n \\cite{smiht2020,old}\n")
    done = cite("bib", "paper.tex", "--from", "refs.bib", "-o", "out.bib")
    assert done.returncode == 1
    assert "paper.tex:2:8: error[K001]: no entry for 'smiht2020'" in done.stderr
    assert "did you mean smith2020?" in done.stderr
    assert "@misc{renamed" in (folder / "out.bib").read_text()


@pytest.mark.parametrize("command", ["bib", "export", "fmt"])
def test_bibtex_finds_a_parent_that_stood_before_its_child(
    cite: Cite, folder: Path, command: str
) -> None:
    if not shutil.which("bibtex"):
        pytest.skip("bibtex is not installed (Debian: texlive-binaries)")
    (folder / "all.bib").write_text(PARENTS_FIRST)
    aux = "\\citation{zoe}\n\\citation{zed}\n\\bibstyle{plain}\n\\bibdata{refs}\n"
    (folder / "x.aux").write_text(aux)
    if command == "bib":
        done = cite("bib", "x.aux", "--from", "all.bib", "-o", "refs.bib")
    elif command == "export":
        done = cite("export", "all.bib", "--format", "bibtex", "-o", "refs.bib")
    else:
        shutil.copy(folder / "all.bib", folder / "refs.bib")
        done = cite("fmt", "--sort", "key", "refs.bib")
    assert done.returncode == 0
    bibtex = subprocess.run(
        ["bibtex", "x"], cwd=folder, capture_output=True, text=True, check=False
    )
    told = [line for line in bibtex.stdout.splitlines() if line.startswith(("Warning", "A bad"))]
    assert told == ['Warning--you\'ve nested cross references--entry "zed"']
    assert "Proceedings of" in (folder / "x.bbl").read_text()


@pytest.mark.parametrize(
    ("target", "watch"),
    [
        ("refs.bib", ()),
        ("paper.tex", ("--watch",)),
        ("sub/../sub/one.tex", ()),
        ("link.bib", ("--watch",)),
    ],
)
def test_no_file_that_is_read_is_written(
    cite: Cite, paper: Path, folder: Path, target: str, watch: tuple[str, ...]
) -> None:
    (folder / "link.bib").symlink_to(folder / "refs.bib")
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    done = cite("bib", "paper.tex", "--from", "refs.bib", "-o", target, *watch)
    assert done.returncode == 2
    assert "it would lose what is not cited" in done.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


def test_unused_keys(cite: Cite, paper: Path) -> None:
    done = cite("bib", "paper.tex", "--from", "refs.bib", "--unused")
    assert (done.returncode, done.stdout) == (0, "unused\nrenamed\n")


def test_everything_is_asked_for(cite: Cite, paper: Path) -> None:
    paper.write_text("\\nocite{*}")
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert done.stdout.count("@") == REFS.count("@") - 1


def test_parts_outside_the_folder_are_not_followed(cite: Cite, paper: Path, folder: Path) -> None:
    (folder.parent / "secret.tex").write_text("\\cite{unused}")
    (folder / "link.tex").symlink_to(folder.parent / "secret.tex")
    paper.write_text("\\input{../secret}\\input{link}\\input{|ls}\\cite{jones1999}")
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert done.returncode == 0
    assert done.stderr.count("warning[K003]") == 2
    assert "unused" not in done.stdout


def test_commands_of_one_part_hold_in_the_others(cite: Cite, paper: Path, folder: Path) -> None:
    (folder / "macros.tex").write_text(
        "\\newcommand{\\see}[2]{\\cite[#1]{#2}}\\lstnewenvironment{code}{}{}"
    )
    (folder / "text.tex").write_text("\\see{unused}{jones1999}\\begin{code}\\cite{x}\\end{code}")
    paper.write_text("\\input{text}\\input{macros}")
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert (done.returncode, done.stderr, done.stdout.count("@")) == (0, "", 1)
    assert "jones1999" in done.stdout


def test_a_part_that_is_not_there_is_reported_unless_tex_may_bring_it(
    cite: Cite, paper: Path, folder: Path
) -> None:
    paper.write_text("\\cite{jones1999}\n\\input{glyphtounicode}\\input{plot.pgf}\n \\include{two}")
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "paper.tex:3:2: warning[K004]: no file two in the document's folder: "
        "its citations are missing"
    ]
    assert cite("bib", "paper.tex", "--from", "refs.bib", "--verbose").stderr.count("K004") == 3


def test_tex_takes_the_file_with_its_ending_first(cite: Cite, paper: Path, folder: Path) -> None:
    (folder / "two").write_text("\\cite{unused}")
    (folder / "two.tex").write_text("\\cite{jones1999}")
    paper.write_text("\\input{two}")
    assert "jones1999" in cite("bib", "paper.tex", "--from", "refs.bib").stdout


def test_bibtex_tells_no_capitals_apart_and_biber_does(
    cite: Cite, paper: Path, folder: Path
) -> None:
    paper.write_text("\\cite{Jones1999}")
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert (done.returncode, done.stderr) == (0, "")
    assert "@article{jones1999" in done.stdout
    assert "jones1999" not in cite("bib", "paper.tex", "--from", "refs.bib", "--unused").stdout
    paper.write_text("\\addbibresource{x}\\cite{Jones1999}")
    done = cite("bib", "paper.tex", "--from", "refs.bib")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean jones1999?" in done.stderr


def test_the_library_is_the_source_and_the_dialect_is_guessed(
    cite: Cite, folder: Path, listing: Path
) -> None:
    assert cite("bib", "none.tex").returncode == 2
    assert cite("add", listing, *AS_OF).returncode == 0
    first, second = cite("list", "--keys").stdout.splitlines()[:2]
    (folder / "a.tex").write_text(f"\\cite{{{first}}}")
    (folder / "a.md").write_text(f"see [@{second}]")
    bibtex, biblatex = cite("bib", "a.tex"), cite("bib", "a.md")
    assert ("year = " in bibtex.stdout, bibtex.stdout.count("@")) == (True, 1)
    assert ("date = " in biblatex.stdout, first in biblatex.stdout) == (True, False)
    assert "date = " in cite("bib", "a.tex", "--format", "biblatex").stdout
    both = cite("bib", "a.tex", "a.md", "-o", "refs.bib")
    assert (both.returncode, both.stderr) == (0, "wrote refs.bib\n")
    assert cite("bib", "a.tex", "a.md", "-o", "refs.bib", "--check").returncode == 0


def test_broken_sources_need_keep_going(cite: Cite, paper: Path, folder: Path) -> None:
    (folder / "refs.bib").write_text(REFS + "@misc{broken, title = {\n")
    done = cite("bib", "paper.tex", "--from", "refs.bib", "-o", "out.bib")
    assert (done.returncode, (folder / "out.bib").exists()) == (2, False)
    assert "error[B003]" in done.stderr
    assert (
        cite("bib", "paper.tex", "--from", "refs.bib", "-o", "out.bib", "--keep-going").returncode
        == 3
    )
    assert "@article{jones1999" in (folder / "out.bib").read_text()


def test_watching_writes_again_after_every_change_and_stops_at_once(
    paper: Path, folder: Path, home: Mapping[str, str]
) -> None:
    program = Path(sys.executable).with_name("cite")
    command = [str(program), "bib", "paper.tex", "--from", "refs.bib", "-o", "out.bib", "--watch"]
    process = subprocess.Popen(command, cwd=folder, env=home, stderr=subprocess.PIPE, text=True)
    out = folder / "out.bib"
    try:
        wait_until(lambda: out.exists() and "smith2020" in out.read_text())
        held = out.open()
        paper.write_text("\\cite{renamed}\\cite{nobody}")
        wait_until(lambda: "renamed" in out.read_text())
        assert "smith2020" in held.read()
        held.close()
        replacement = folder / "new.bib"
        replacement.write_text(REFS.replace("{D}", "{Changed}"))
        replacement.replace(folder / "refs.bib")
        wait_until(lambda: "Changed" in out.read_text())
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    lines = said.splitlines()
    assert lines[0].endswith("out.bib: 3 entries")
    assert any(
        line.endswith("out.bib: 1 entry, no entry for nobody (paper.tex:1:21)") for line in lines
    )


def test_a_document_that_is_being_written_is_not_taken_for_its_half(
    paper: Path, folder: Path, home: Mapping[str, str]
) -> None:
    program = Path(sys.executable).with_name("cite")
    command = [str(program), "bib", "paper.tex", "--from", "refs.bib", "-o", "out.bib", "--watch"]
    process = subprocess.Popen(command, cwd=folder, env=home, stderr=subprocess.PIPE, text=True)
    out = folder / "out.bib"
    try:
        wait_until(lambda: out.exists() and "smith2020" in out.read_text())
        for key in ("renamed", "unused", "jones1999", "smith2020") * 3:
            with paper.open("w") as file:
                file.flush()
                time.sleep(0.05)
                file.write(f"\\cite{{{key}}}")
            wait_until(lambda key=key: f"{{{key}," in out.read_text())  # type: ignore[misc]
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert " 0 entries" not in said


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("nothing happened within 20 s")


@pytest.fixture
def renamed(cite: Cite, folder: Path) -> Path:
    """A paper, and a library in which a record that it cites has another key by now."""
    item = {"id": "new2020", "type": "book", "title": "T", "custom": {"aliases": ["old2020"]}}
    other = {"id": "other", "type": "book", "title": "O"}
    (folder / "library.json").write_text(json.dumps([item, other]))
    path = folder / "paper.tex"
    path.write_text("\\cite{old2020,other}")
    return path


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        (r"\cite{old2020}", "bibtex", ["@book{old2020,"]),
        (r"\cite{new2020}\cite{old2020}", "bibtex", ["@book{new2020,", "@book{old2020,"]),
        (r"\nocite{*}\cite{old2020}", "bibtex", ["@book{old2020,", "@book{other,"]),
        (r"\cite{old2020}", "biblatex", ["@book{new2020,", "  ids = {old2020}"]),
    ],
)
def test_a_former_key_still_finds_the_record(
    cite: Cite, renamed: Path, text: str, dialect: str, expected: list[str]
) -> None:
    renamed.write_text(text)
    done = cite("bib", renamed.name, "--library", "library.json", "--format", dialect)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith(("@", "  ids"))] == expected


def test_a_record_cited_by_its_former_key_is_used(cite: Cite, renamed: Path) -> None:
    done = cite("bib", renamed.name, "--library", "library.json", "--unused")
    assert (done.returncode, done.stdout) == (0, "")


def test_without_a_library_the_advice_is_to_name_a_bib_file(cite: Cite, paper: Path) -> None:
    done = cite("bib", "paper.tex")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no library found here or above" in done.stderr
    assert "--from FILE" in done.stderr
