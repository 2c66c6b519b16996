"""Every help page, to the letter, and what all of them have in common.

``CITEWORKS_RENEW=1 python -m pytest tests/cli/test_help_pages.py`` writes the pages anew; look at
the difference before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from citeworks.cli.main import COMMANDS, SECTIONS
from citeworks.cli.main import command as program

PAGES = Path(__file__).parents[1] / "golden" / "help"
RENEW = "CITEWORKS_RENEW=1 python -m pytest tests/cli/test_help_pages.py"


def contexts(context: click.Context) -> Iterator[click.Context]:
    """The context of a command, and those of all commands within it."""
    yield context
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            inner = group.get_command(context, name)
            assert inner is not None
            yield from contexts(inner.context_class(inner, info_name=name, parent=context))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The help page of every command, as a terminal of 80 columns shows it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        root = program.context_class(program, info_name="cite", **program.context_settings)
        return {each.command_path: each.get_help() + "\n" for each in contexts(root)}


def file_of(path: str) -> Path:
    return PAGES / f"{path.replace(' ', '-')}.txt"


def test_every_command_has_a_page(pages: dict[str, str]) -> None:
    assert {f"cite {name}" for name in COMMANDS} < set(pages)


def test_every_command_stands_in_one_section_of_the_first_page() -> None:
    names = [name for names in SECTIONS.values() for name in names.split()]
    assert sorted(names) == sorted(COMMANDS)


def test_help_pages_are_those_that_were_agreed_on(pages: dict[str, str]) -> None:
    if os.environ.get("CITEWORKS_RENEW"):
        for old in PAGES.glob("*.txt"):
            old.unlink()
        for path, text in pages.items():
            file_of(path).write_text(text, encoding="utf-8")
    agreed = {each.name: each.read_text(encoding="utf-8") for each in PAGES.glob("*.txt")}
    now = {file_of(path).name: text for path, text in pages.items()}
    differing = sorted(name for name in {*agreed, *now} if agreed.get(name) != now.get(name))
    assert differing == [], f"if this is meant: {RENEW}"


def test_examples_come_first_on_every_page(pages: dict[str, str]) -> None:
    without = [
        path
        for path, text in pages.items()
        if text.split("\n\n")[1].splitlines()[0] != "  Examples:"
    ]
    assert without == []


def test_examples_are_of_the_command_they_stand_with(pages: dict[str, str]) -> None:
    strange = []
    for path, text in pages.items():
        examples = text.split("\n\n")[1].splitlines()[1:]
        strange += [line for line in examples if path not in line]
    assert strange == []


FREE = ("title", "description")
"""Options whose value is just text."""


def test_every_option_says_what_it_does_and_what_it_takes(pages: dict[str, str]) -> None:
    root = program.context_class(program, info_name="cite")
    silent = []
    for context in contexts(root):
        for option in context.command.params:
            if isinstance(option, click.Option):
                shown = option.make_metavar(context)
                if not option.help or "%" in shown or (shown == "TEXT" and option.name not in FREE):
                    silent.append(f"{context.command_path} {option.opts[-1]} {shown}")
    assert "\n".join(silent) == ""


MEANINGS = {
    "-f": {"--format"},
    "-h": {"--help"},
    "-l": {"--locale"},
    "-n": {"--limit"},
    "-o": {"--output"},
    "-q": {"--quiet"},
    "-s": {"--style"},
    "-v": {"--verbose"},
    "-y": {"--yes"},
}


def test_a_letter_means_the_same_everywhere() -> None:
    root = program.context_class(program, info_name="cite")
    strange = []
    for context in contexts(root):
        for option in context.command.get_params(context):
            letters = [name for name in option.opts if len(name) == 2]
            names = {name for name in option.opts if name.startswith("--")}
            strange += [
                f"{context.command_path} {letter}"
                for letter in letters
                if MEANINGS.get(letter, set()) != names
            ]
    assert strange == []


def test_what_writes_to_a_file_takes_the_short_option_too() -> None:
    root = program.context_class(program, info_name="cite")
    partners = {"--output": "-o", "--format": "-f", "--style": "-s", "--locale": "-l"}
    lacking = [
        f"{context.command_path} {name}"
        for context in contexts(root)
        for option in context.command.params
        for name, letter in partners.items()
        if name in option.opts and letter not in option.opts
    ]
    assert lacking == []
