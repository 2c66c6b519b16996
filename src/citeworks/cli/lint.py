"""``cite lint``: what is wrong with .bib files and libraries, and what can be put right safely."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.stretches import slices_of
from citeworks.cli.completing import complete_rule, one_of
from citeworks.cli.library import (
    change_library,
    configuration,
    has_library,
    library_option,
    open_library,
)
from citeworks.cli.library import library_path as library_file
from citeworks.cli.messages import FINDINGS, UNUSABLE, report_error, say
from citeworks.cli.progress import Count, counting, waiting
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, display_name, open_input, replace_file
from citeworks.errors import ChangedOnDisk, InputError
from citeworks.lint import Finding, fix_records
from citeworks.lint.reports import FORMATS, rules_table
from citeworks.lint.rules import choose
from citeworks.model import Library
from citeworks.nearest import did_you_mean
from citeworks.store import read_bytes
from citeworks.workflows.lint import Linted, find, lint, macros_defined_in

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
@click.option("--fix", is_flag=True, help="Put right, in .bib files and the library, what is safe.")
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
    checked_dialect = _checked(chosen_dialect, _DIALECTS, "dialect") if chosen_dialect else ""
    names = files or (str(open_library(library_path).path),)
    look: Callable[..., Iterator[Finding | int]] = _look
    if fix or diff:
        library = library_file(library_path) if has_library(library_path) else None
        look = partial(_put_right, diff=diff, library=library)
    tally = _Tally(choose(wanted, unwanted, notes=False))
    defined = _macros(names) if len(names) > 1 else frozenset()
    findings = tally.all(partial(look, name, shown, checked_dialect, defined) for name in names)
    _write(report(findings), sys.stdout.write if not diff else len)
    if not diff and (tally.count or tally.code != UNUSABLE):
        _summarize(tally, len(names))
    return tally.code


@without_collector
def _write(parts: Iterable[str], write: Callable[[str], object]) -> None:
    """Have the findings found one after the other, and write them meanwhile."""
    for part in parts:
        write(part)
    sys.stdout.flush()


@dataclass(slots=True)
class _Tally:
    """What is said of the findings once they have passed by, and the exit code."""

    counted: frozenset[str]
    count: int = 0
    fixable: int = 0
    code: int = 0

    def all(self, looks: Iterable[Callable[[], Iterator[Finding | int]]]) -> Iterator[Finding]:
        """The findings of all files; one that cannot be read is reported, others are read."""
        for look in looks:
            try:
                yield from self._of(look())
            except InputError as error:
                report_error(error)
                self._worsen(UNUSABLE)

    def _of(self, found: Iterable[Finding | int]) -> Iterator[Finding]:
        for each in found:
            if isinstance(each, int):
                self._worsen(each)
                continue
            self.count += 1
            self.fixable += each.is_fixable
            if each.rule.code in self.counted:
                self._worsen(FINDINGS)
            yield each

    def _worsen(self, code: int) -> None:
        self.code = max(self.code, code)


def _macros(names: Iterable[str]) -> frozenset[str]:
    """What several files define for each other."""
    found: set[str] = set()
    for name in names:
        if name.endswith(".bib") and Path(name).is_file():
            with contextlib.suppress(OSError), Path(name).open("rb") as file:
                found |= macros_defined_in(file)
    return frozenset(found)


def _look(
    name: str, chosen: frozenset[str], dialect: str, defined: frozenset[str]
) -> Iterator[Finding]:
    shown = display_name(name)
    with open_input(name) as file, counting(shown) as watch:
        data = slices_of(file, watch.tell)
        findings = find(data, shown, chosen, dialect=dialect, defined=defined, watch=watch)
        if isinstance(data, bytes):
            findings = iter(list(findings))
        else:
            yield from _below(watch, findings)
    yield from findings  # nothing is said of a small file that was changed meanwhile


def _below(progress: Count, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings; on a terminal they stand where the progress was."""
    for each in findings:
        if sys.stdout.isatty():
            progress.pause()
        yield each


def _put_right(
    name: str,
    chosen: frozenset[str],
    dialect: str,
    defined: frozenset[str],
    *,
    diff: bool,
    library: Path | None,
) -> Iterator[Finding | int]:
    """Write what can be put right, or show it; 1 among the findings when it was only shown."""
    if name == STANDARD:
        raise InputError("--fix and --diff need a file, not standard input")
    if library and Path(name).resolve() == library.resolve():
        yield from _put_library_right(Path(name), chosen, dialect, defined, diff=diff)
        return
    with open_input(name) as file:
        data = file.read()
    with waiting(f"{display_name(name)}: looking for mistakes"):
        linted = lint(data, display_name(name), chosen, dialect=dialect, defined=defined, fix=True)
    if linted.fixes:
        yield _replace(name, data, linted, diff=diff)
    yield from linted.findings


def _put_library_right(
    path: Path, chosen: frozenset[str], dialect: str, defined: frozenset[str], *, diff: bool
) -> Iterator[Finding | int]:
    """The same for a library: the change is remembered, so that `cite undo` takes it back."""
    count = 0

    def change(library: Library) -> Library:
        nonlocal count
        records, count = fix_records(library.values(), chosen)
        return library.with_records(records)

    changed = change_library(path, change, "lint", diff=diff)
    if changed:
        _say_fixes(str(path), count, diff=diff, hint="" if diff else "; `cite undo` takes it back")
    yield int(changed and diff)
    yield from _look(str(path), chosen, dialect, defined)


def _replace(name: str, data: bytes, linted: Linted, *, diff: bool) -> int:
    """Write what was put right, or show it; 1 when it was only shown."""
    if read_bytes(Path(name)) != data:
        raise ChangedOnDisk(f"{name} was changed while it was read", hint="run it again")
    code = replace_file(Path(name), linted.fixed, diff=diff)
    _say_fixes(name, linted.fixes, diff=diff)
    return code


def _say_fixes(name: str, count: int, *, diff: bool, hint: str = "") -> None:
    what = "1 finding" if count == 1 else f"{count} findings"
    say(f"{name}: {what} {'would be ' if diff else ''}put right{hint}")


def _summarize(tally: _Tally, files: int) -> None:
    count = tally.count
    what = "no findings" if not count else "1 finding" if count == 1 else f"{count} findings"
    where = "" if files == 1 else f" in {files} files"
    say(what + where + (f"; {tally.fixable} can be put right with --fix" if tally.fixable else ""))


def _words(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for each in given for word in each.replace(",", " ").split())


def _checked(word: str, known: Collection[str], noun: str) -> str:
    if word not in known:
        hint = did_you_mean(word, known) or f"{noun}s are {', '.join(known)}"
        raise InputError(f"unknown {noun} {word!r}", hint=hint)
    return word
