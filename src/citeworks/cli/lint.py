"""``cite lint``: what is wrong with .bib files and libraries, and what can be put right safely."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path

import click

from citeworks.cli.completing import complete_rule, one_of
from citeworks.cli.library import configuration, library_option, open_library
from citeworks.cli.messages import FINDINGS, UNUSABLE, report_error, say
from citeworks.cli.progress import waiting
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, display_name, open_input, replace_file
from citeworks.errors import ChangedOnDisk, InputError
from citeworks.lint import Finding
from citeworks.lint.reports import FORMATS, rules_table
from citeworks.lint.rules import choose
from citeworks.nearest import did_you_mean
from citeworks.store import read_bytes
from citeworks.workflows.lint import Linted, lint

EPILOG = """\b
Examples:
  cite lint refs.bib
  cite lint refs.bib --fix --diff
  cite lint --select T,V109 --output-format github *.bib
"""
_DIALECTS = ("bibtex", "biblatex")


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE|-]...")
@library_option
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    shell_complete=complete_rule,
    help="Only rules that begin so, or all.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODES",
    shell_complete=complete_rule,
    help="No rules that begin so.",
)
@click.option(
    "--dialect",
    shell_complete=one_of(_DIALECTS),
    help="bibtex or biblatex [default: told by the fields].",
)
@click.option(
    "--output-format",
    "form",
    default="text",
    shell_complete=one_of(FORMATS),
    help=", ".join(FORMATS) + ".",
)
@click.option("--fix", is_flag=True, help="Put right, in .bib files, what can be without loss.")
@click.option("--diff", is_flag=True, help="Write nothing; show what --fix would change.")
@click.option("--rules", is_flag=True, help="List the rules and do nothing else.")
@global_options
def command(
    files: tuple[str, ...],
    library_path: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    dialect: str | None,
    form: str,
    fix: bool,
    diff: bool,
    rules: bool,
) -> int:
    """Look for mistakes in .bib files, in other bibliographies, or in the library.

    Exits 1 when there are findings. Notes are shown with --verbose or when they are selected.
    """
    if rules:
        click.echo(rules_table(), nl=False)
        return 0
    report = FORMATS[_checked(form, FORMATS, "format")]
    settings = configuration()
    wanted = _words(select) or _words((settings["lint.select"].value,))
    unwanted = _words((settings["lint.ignore"].value, *ignore))
    shown = choose(wanted, unwanted, notes=current_settings().verbose)
    chosen_dialect = dialect or settings["lint.dialect"].value
    look = partial(
        _lint_one,
        chosen=shown,
        dialect=_checked(chosen_dialect, _DIALECTS, "dialect") if chosen_dialect else "",
        fix=fix or diff,
        diff=diff,
    )
    names = files or (str(open_library(library_path).path),)
    findings, code = _lint_all(names, look)
    if not diff:
        sys.stdout.write(report(findings))
        sys.stdout.flush()
        _summarize(findings, len(names))
    counted = choose(wanted, unwanted, notes=False)
    return code or (FINDINGS if any(each.rule.code in counted for each in findings) else 0)


def _lint_all(
    names: Iterable[str], look: Callable[[str], tuple[list[Finding], int]]
) -> tuple[list[Finding], int]:
    """The findings of all files; one that cannot be read is reported, and the others are read."""
    findings: list[Finding] = []
    worst = 0
    for name in names:
        try:
            found, code = look(name)
        except InputError as error:
            report_error(error)
            found, code = [], UNUSABLE
        findings += found
        worst = max(worst, code)
    return findings, worst


def _lint_one(
    name: str, *, chosen: frozenset[str], dialect: str, fix: bool, diff: bool
) -> tuple[list[Finding], int]:
    if fix and name == STANDARD:
        raise InputError("--fix and --diff need a file, not standard input")
    with open_input(name) as file:
        data = file.read()
    with waiting(f"{display_name(name)}: looking for mistakes"):
        linted = lint(data, display_name(name), chosen, dialect=dialect, fix=fix)
    return linted.findings, _put_right(name, data, linted, diff=diff) if linted.fixes else 0


def _put_right(name: str, data: bytes, linted: Linted, *, diff: bool) -> int:
    """Write what was put right, or show it; 1 when it was only shown."""
    if read_bytes(Path(name)) != data:
        raise ChangedOnDisk(f"{name} was changed while it was read", hint="run it again")
    code = replace_file(Path(name), linted.fixed, diff=diff)
    count = "1 finding" if linted.fixes == 1 else f"{linted.fixes} findings"
    say(f"{name}: {count} {'would be ' if diff else ''}put right")
    return code


def _summarize(findings: list[Finding], files: int) -> None:
    fixable = sum(bool(each.edits) for each in findings)
    count = len(findings)
    what = "no findings" if not count else "1 finding" if count == 1 else f"{count} findings"
    where = "" if files == 1 else f" in {files} files"
    say(what + where + (f"; {fixable} can be put right with --fix" if fixable else ""))


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for each in given for word in each.replace(",", " ").split())


def _checked(word: str, known: Collection[str], noun: str) -> str:
    if word not in known:
        hint = did_you_mean(word, known) or f"{noun}s are {', '.join(known)}"
        raise InputError(f"unknown {noun} {word!r}", hint=hint)
    return word
