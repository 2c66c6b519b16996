"""``cite export`` to .bib files: letters, fields, order, keys, and what cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests_support import Cite

REFS = """@article{zeta, author={M{\\"u}ller, Jan}, title={On {Bayes}}, journal={J}, year=2001,
  keywords={k}, custom={kept}}
@article{alpha, author={Li, Wei}, title={李伟的工作}, journal={J}, year=2002}
"""


@pytest.fixture
def refs(folder: Path) -> Path:
    (folder / "refs.bib").write_text(REFS)
    return folder / "refs.bib"


def test_letters_by_dialect_and_by_option(cite: Cite, refs: Path) -> None:
    for options, expected in (
        (("bibtex",), 'M{\\"u}ller'),
        (("bibtex", "--unicode"), "Müller"),
        (("biblatex",), "Müller"),
        (("biblatex", "--ascii"), 'M{\\"u}ller'),
    ):
        assert expected in cite("export", "refs.bib", "-f", *options).stdout


def test_scripts_without_latex_stay_and_are_reported(cite: Cite, refs: Path) -> None:
    done = cite("export", "refs.bib", "-f", "bibtex")
    assert done.returncode == 0
    assert "李伟的工作" in done.stdout
    assert "alpha: warning[B301]: no LaTeX command for" in done.stderr
    assert cite("export", "refs.bib", "-f", "bibtex", "--unicode").stderr == ""


def test_minimal_fields(cite: Cite, refs: Path) -> None:
    full = cite("export", "refs.bib", "-f", "bibtex").stdout
    minimal = cite("export", "refs.bib", "-f", "bibtex", "--fields", "minimal").stdout
    assert ("keywords" in full, "custom" in full) == (True, True)
    assert ("keywords" in minimal, "custom" in minimal, "journal" in minimal) == (
        False,
        False,
        True,
    )


def test_keys_and_order_are_kept(cite: Cite, refs: Path, folder: Path) -> None:
    plain = cite("export", "refs.bib", "-f", "bibtex").stdout
    kept = cite("export", "refs.bib", "-f", "bibtex", "--keep-order").stdout
    assert plain.index("{alpha") < plain.index("{zeta")
    assert kept.index("{zeta") < kept.index("{alpha")
    assert "On {Bayes}" in kept
    assert cite("add", "refs.bib").returncode == 0
    cite("export", "-f", "biblatex", "-o", "refs.bib", "--keep-order")
    text = refs.read_text()
    assert text.index("{zeta") < text.index("{alpha")
    again = cite("export", "-f", "biblatex", "-o", "refs.bib", "--keep-order")
    assert again.stderr == "refs.bib unchanged\n"


def test_what_is_no_legal_key_is_written_as_one_and_reported(cite: Cite, folder: Path) -> None:
    (folder / "a.json").write_text('[{"id": "a key, {odd}", "type": "book", "title": "T"}]')
    done = cite("export", "a.json", "-f", "bibtex")
    assert "@book{a_key_odd," in done.stdout
    assert "warning[B302]" in done.stderr


def test_options_of_bib_files_go_with_no_other_format(cite: Cite, refs: Path) -> None:
    assert cite("export", "refs.bib", "--ascii").returncode == 2
    assert cite("export", "refs.bib", "-f", "csl-json", "--keep-order").returncode == 2
