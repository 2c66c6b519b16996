"""The command line as one thing: help, streams, colours, start-up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from citeworks.cli.main import COMMANDS
from tests_support import AS_OF, Cite

HEAVY = ("requests", "rich", "lxml", "pyzotero", "citeproc", "bibtexparser", "pylatexenc", "yaml")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_help_shows_examples_and_needs_no_configuration(
    cite: Cite, folder: Path, name: str
) -> None:
    (folder / "cite.toml").write_text("broken = [")
    done = cite(name, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout
    assert f"cite {name}" in done.stdout


def test_help_lists_every_command_with_its_summary(cite: Cite) -> None:
    done = cite("--help")
    assert all(name in done.stdout for name in COMMANDS)


def test_version_imports_nothing_heavy() -> None:
    code = (
        "import sys; from citeworks.cli.main import main; main(['--version']);"
        "print(sorted(set(sys.modules) & set(sys.argv[1:])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True
    )
    assert done.stdout == "cite 0.1.0\n[]\n"


def test_data_is_never_coloured_and_messages_only_on_request(cite: Cite, listing: Path) -> None:
    forced = cite("export", listing, "-f", "csl-json", *AS_OF, env={"FORCE_COLOR": "1"})
    assert "\x1b" not in forced.stdout
    assert "\x1b" not in cite("list").stderr
    assert "\x1b" in cite("list", env={"FORCE_COLOR": "1"}).stderr
    assert "\x1b" not in cite("list", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stderr
    assert "\x1b" in cite("--color", "always", "list").stderr


def test_quiet_says_nothing_but_errors(cite: Cite, listing: Path) -> None:
    done = cite("add", listing, "--quiet", *AS_OF)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert cite("--quiet", "show", "nobody").stderr != ""


def test_strict_turns_doubt_into_exit_1(cite: Cite, folder: Path) -> None:
    (folder / "in.txt").write_text("a line that says nothing\narXiv:2306.16388\n")
    assert cite("add", "in.txt", "--check").returncode == 1
    assert cite("add", "in.txt").returncode == 0
    assert cite("add", "in.txt", "--strict").returncode == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(cite: Cite, shell: str) -> None:
    assert "_CITE_COMPLETE" in cite("completion", shell).stdout


def test_settings_come_from_the_environment_then_the_project(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text(
        '[{"id": "a", "type": "book", "title": "T & <U>", "author": [{"family": "Li"}]}]'
    )
    (folder / "cite.toml").write_text('style = "ieee"\nlibrary = "lib.json"\n')
    assert cite("add", "in.json").returncode == 0
    assert (folder / "lib.json").exists()
    assert cite("export").stdout.startswith("[1] Li")
    assert cite("export", env={"CITE_STYLE": "apa"}).stdout.startswith("Li")
    assert "T &#38; &#60;U&#62;" in cite("export", "--format", "html").stdout


ITEMS = """[
  {"id": "li:2020", "type": "article-journal", "title": "T & <U>", "author": [{"family": "Li"}],
   "issued": {"date-parts": [[2020]]}},
  {"id": "wu2021", "type": "book", "title": "B", "author": [{"family": "Wu"}],
   "issued": {"date-parts": [[2021]]}}
]"""


@pytest.mark.parametrize(
    ("cites", "text"),
    [
        (["wu2021"], "(Wu, 2021)"),
        (["li:2020"], "(Li, 2020)"),
        (["li:2020:12-14"], "(Li, 2020, pp. 12–14)"),
        (["wu2021:chapter 3", "li:2020:fig. 2"], "(Li, 2020, Figure 2; Wu, 2021, Chapter 3)"),
    ],
)
def test_a_citation_is_printed_with_its_locators(
    cite: Cite, folder: Path, cites: list[str], text: str
) -> None:
    (folder / "in.json").write_text(ITEMS)
    done = cite("cite", *cites, "--from", "in.json")
    assert done.stdout == text + "\n", done.stderr


def test_a_citation_of_an_unknown_key_or_label_names_the_nearest(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text(ITEMS)
    done = cite("cite", "wu2012", "--from", "in.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "wu2021" in done.stderr
    done = cite("cite", "wu2021:chpter 3", "--from", "in.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "chapter" in done.stderr


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("text", "T & <U>"),
        ("html", "T &#38; &#60;U&#62;"),
        ("markdown", "T & \\<U\\>"),
        ("latex", r"T \& <U>"),
        ("rtf", "T & <U>"),
    ],
)
def test_every_format_escapes_what_it_must(
    cite: Cite, folder: Path, output: str, text: str
) -> None:
    (folder / "in.json").write_text(ITEMS)
    assert text in cite("export", "in.json", "--format", output).stdout


def test_the_second_opinion_is_a_choice_and_writes_fewer_formats(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text(ITEMS)
    own = cite("export", "in.json")
    other = cite("export", "in.json", "--engine", "citeproc-py")
    assert own.stdout == other.stdout
    done = cite("export", "in.json", "--engine", "citeproc-py", "--format", "rtf")
    assert (done.returncode, done.stdout) == (2, "")


def test_styles_are_listed_and_described(cite: Cite) -> None:
    assert "chicago-author-date" in cite("styles", "list", "chicago").stdout.split()
    assert "citeworks-cv" in cite("styles", "list").stdout.split()
    shown = cite("styles", "show", "vancouver").stdout
    assert "nlm-citation-sequence" in shown
    assert "numeric" in shown
    assert "nature" in cite("styles", "show", "nature-medicine").stdout
    assert cite("styles", "show", "natrue").returncode == 2


def test_a_locale_overrides_the_style(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text(ITEMS.replace('"issued": {"date-parts": [[2020]]}', '"x": 1'))
    assert "n.d." in cite("export", "in.json").stdout
    assert "o.\u00a0J." in cite("export", "in.json", "--locale", "de-DE").stdout


def test_links_are_made_on_request(cite: Cite, folder: Path) -> None:
    linked = ITEMS.replace('"title": "B"', '"title": "B", "DOI": "10.1000/182"')
    (folder / "in.json").write_text(linked)
    assert "<a href" not in cite("export", "in.json", "-f", "html").stdout
    done = cite("export", "in.json", "-f", "html", "--links")
    assert '<a href="https://doi.org/10.1000/182">' in done.stdout
    assert (
        cite("export", "in.json", "-f", "html", "--links", "--engine", "citeproc-py").returncode
        == 2
    )


def test_records_for_which_a_style_prints_nothing_are_named(cite: Cite, folder: Path) -> None:
    (folder / "in.json").write_text(ITEMS.replace('"book"', '"dataset"'))
    done = cite("export", "in.json", "--style", "neue-juristische-wochenschrift")
    assert done.returncode == 0
    assert "wu2021: warning[R001]" in done.stderr
    assert len(done.stdout.splitlines()) == 1
