"""The manual pages: what groff says of them, and whether anything is left out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from citeworks.cli.main import COMMANDS
from citeworks.cli.main import command as program
from citeworks.cli.manual import pages, quoted
from tests_support import Cite

PAGES = pages()
needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="no groff here")


def printed(roff: str) -> str:
    """The page as a terminal shows it, in one line."""
    groff = ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=200n"]
    done = subprocess.run(groff, input=roff, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def commands(command: click.Command) -> list[click.Command]:
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *(each for one in inner for each in commands(one))]


def test_there_is_a_page_of_every_command() -> None:
    assert set(PAGES) == {"cite.1", *(f"cite-{name}.1" for name in COMMANDS)}


@needs_groff
@pytest.mark.parametrize("name", sorted(PAGES))
def test_groff_has_nothing_to_say_and_every_option_is_there(name: str) -> None:
    text = printed(PAGES[name])
    context = click.Context(program)
    if name == "cite.1":
        options = {each for parameter in program.params for each in parameter.opts}
        assert [each for each in COMMANDS if f"cite-{each}(1)" not in text] == []
    else:
        command = program.get_command(context, name.removeprefix("cite-").removesuffix(".1"))
        assert command is not None
        options = {
            option
            for each in commands(command)
            for parameter in each.params
            if isinstance(parameter, click.Option)
            for option in [*parameter.opts, *parameter.secondary_opts]
        }
    assert [each for each in options if each.startswith("-") and each not in text] == []


@needs_groff
@pytest.mark.skipif(shutil.which("man") is None, reason="no man here")
def test_man_shows_a_page(cite: Cite, folder: Path) -> None:
    done = cite("man", "-o", "man1")
    assert (done.returncode, done.stdout) == (0, "")
    assert {each.name for each in (folder / "man1").iterdir()} == set(PAGES)
    command = ["man", "--warnings", "-E", "UTF-8", "-l", str(folder / "man1" / "cite-search.1")]
    shown = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Find records by words, fields and years" in shown.stdout


@needs_groff
@pytest.mark.parametrize(
    "text", [".SH owned", "'br", "a\\fBb\\*c", "-o ~ ^ ` '", "é – “…” 😀", "one\n.two", "%s \\&"]
)
def test_text_is_printed_as_it_is(text: str) -> None:
    page = f'.TH "A" "1" "" "" ""\n.SH NAME\na \\- b\n.PP\n.nf\n{quoted(text)}\n.fi\n'
    lines = [line.strip() for line in printed(page).splitlines()]
    assert [line for line in text.splitlines() if line not in lines] == []


def test_one_page_is_printed_and_an_unknown_one_names_the_nearest(cite: Cite) -> None:
    assert cite("man", "search").stdout == PAGES["cite-search.1"]
    assert cite("man").stdout == PAGES["cite.1"]
    done = cite("man", "serch")
    assert done.returncode == 2
    assert "search" in done.stderr


def test_pages_are_made_with_what_a_build_has() -> None:
    """A build knows click and rapidfuzz and no other dependency (pyproject.toml, build-system)."""
    program_text = """
import sys
allowed = {"citeworks", "click", "rapidfuzz", "typing_extensions", *sys.stdlib_module_names}
class Only:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in allowed and not top.startswith("_") and top != "org":
            raise ImportError(f"a build does not have {top}")
sys.meta_path.insert(0, Only())
from citeworks.cli.manual import pages
print(len(pages()))
"""
    done = subprocess.run([sys.executable, "-c", program_text], capture_output=True, text=True)
    assert done.stdout == f"{len(PAGES)}\n", done.stderr
