"""The manual is true: every command in it runs and prints what the page says.

In a ```` ```console ```` block a line that begins with ``$`` is a command, ``>`` continues it, and
the lines after it are its output on both streams; ``...`` stands for any text. The blocks of a page
share one folder, which holds the sample listing as ``bib/listing.txt`` and the catalogue of its
papers as ``bib/catalogue.jsonl``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import click
import pytest
from tools.settings import page as settings_page

from citeworks.cli.main import COMMANDS
from citeworks.cli.main import command as program
from citeworks.export.interface import EXPORTERS
from citeworks.listing.interface import PROBLEMS
from servers.zotero import ZoteroServer

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)")
HEADING = re.compile(r"^## `cite (\w+)", re.MULTILINE)
ANYTHING = "..."

by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@dataclass(slots=True)
class Step:
    """One command of a page, its first line there, and the output that the page shows."""

    line: int
    command: str
    output: list[str] = field(default_factory=list)


def steps(page: Path) -> Iterator[Step]:
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        yield from _steps_of_block(block[1].splitlines(), first)


def _steps_of_block(lines: list[str], first: int) -> Iterator[Step]:
    step: Step | None = None
    for number, line in enumerate(lines, first):
        if line.startswith("$ "):
            if step:
                yield step
            step = Step(number, line[2:])
        elif step is None:
            pytest.fail(f"line {number}: output before any command")
        elif (line.startswith("> ") or line == ">") and not step.output:
            step.command += "\n" + line[2:]
        else:
            step.output.append(line)
    if step:
        yield step


def as_pattern(expected: list[str]) -> str:
    """A regular expression of the output; a line of only ``...`` stands for any lines."""
    parts = []
    for line in expected:
        if line.strip() == ANYTHING:
            parts.append(r"(?:.*\n)*?")
        else:
            pieces = (re.escape(piece) for piece in line.rstrip().split(ANYTHING))
            parts.append(".*?".join(pieces) + r"[ \t]*\n")
    return "".join(parts) + r"\Z"


def environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {
        name: os.environ[name]
        for name in ("TMPDIR", "COVERAGE_PROCESS_START")
        if name in os.environ
    }
    return kept | {
        "PATH": path,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "100",
    }


@contextmanager
def services(page: Path) -> Iterator[dict[str, str]]:
    """What the pages that speak to a server need in the environment: a stand-in for it."""
    if page.name not in ("zotero.md", "howto-lab-library.md"):
        yield {}
        return
    with ZoteroServer() as server:
        key = server.add_user(1, "someone")
        server.add_group(42, owner=1)
        yield {"CITE_ZOTERO_URL": server.url, "CITE_ZOTERO_API_KEY": key}


def run(
    command: str, folder: Path, home: Path, previous: int, extra: dict[str, str]
) -> tuple[int, str]:
    """Run one command as a shell does after one that ended with `previous`."""
    done = subprocess.run(
        ["bash", "-c", f"(exit {previous})\n{command}"],
        cwd=folder,
        env=environment(home) | extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.decode("utf-8", "surrogateescape")


@by_page
def test_page_is_true(page: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "papers", tmp_path / "home"
    home.mkdir()
    (folder / "bib").mkdir(parents=True)
    shutil.copy(ROOT / "bib/listing.txt", folder / "bib")
    shutil.copy(ROOT / "bib/catalogue.jsonl", folder / "bib")
    with services(page) as extra:
        _check_page(page, folder, home, extra)


def _check_page(page: Path, folder: Path, home: Path, extra: dict[str, str]) -> None:
    code = 0
    for step in steps(page):
        code, output = run(step.command, folder, home, code, extra)
        output += "" if not output or output.endswith("\n") else "\n"
        where = f"{page.name}:{step.line}: $ {step.command}"
        shown = "\n".join(step.output)
        fits = re.match(as_pattern(step.output), output)
        assert fits, f"{where}\nthe page says:\n{shown}\nit prints:\n{output}"


@by_page
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_index_leads_to_every_page() -> None:
    linked = set(LINK.findall((ROOT / "docs/index.md").read_text(encoding="utf-8")))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"} <= linked


def sections() -> dict[str, str]:
    """The text under each command's heading on the commands page."""
    _, *parts = HEADING.split((ROOT / "docs/commands.md").read_text(encoding="utf-8"))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_commands_page_has_every_command() -> None:
    assert sorted(sections()) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_commands_page_has_every_option(name: str) -> None:
    command: click.Command = import_module(f"citeworks.cli.{name}").command
    common = {option for parameter in program.params for option in parameter.opts}
    own = {option for parameter in command.params for option in parameter.opts if "--" in option}
    missing = {each for each in own - common if f"`{each}" not in sections()[name]}
    assert missing == set()


def test_commands_page_has_no_option_that_is_gone() -> None:
    known = {
        name
        for command in COMMANDS
        for parameter in _parameters(import_module(f"citeworks.cli.{command}").command)
        for name in [*parameter.opts, *parameter.secondary_opts]
    }
    known |= {option for parameter in program.params for option in parameter.opts}
    tables = re.findall(
        r"^\| (`-.*?) \|", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE
    )
    named = {each for cell in tables for each in re.findall(r"`(--?[a-z][a-z-]*)", cell)}
    assert named - known == set()


def _parameters(command: click.Command) -> Iterator[click.Parameter]:
    yield from command.params
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _parameters(inner)


def test_settings_page_is_made_of_the_settings() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert text == settings_page(), "`make settings`"


def test_formats_page_has_every_format_and_nothing_else() -> None:
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| (yes|no) \| yes \|$", text, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(EXPORTERS)


def test_listings_page_has_every_problem_and_nothing_else() -> None:
    text = (ROOT / "docs/listing-formats.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", text, re.MULTILINE))
    assert rows == PROBLEMS


@pytest.mark.parametrize(
    ("expected", "printed", "fits"),
    [
        (["a"], "a\n", True),
        (["a"], "a\nb\n", False),
        (["a", "..."], "a\nb\nc\n", True),
        (["a ... c"], "a b c\n", True),
        (["a ... c"], "a b\nc\n", False),
        ([], "a\n", False),
    ],
)
def test_output_is_compared_in_full(expected: list[str], printed: str, fits: bool) -> None:
    assert bool(re.match(as_pattern(expected), printed)) is fits
