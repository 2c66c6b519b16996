"""``cite bib``: the minimal .bib of a document, once or whenever something changes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from citeworks.cli.completing import one_of
from citeworks.cli.library import has_library, library_option, open_library
from citeworks.cli.messages import FAILED, FINDINGS, report_error, report_issue, say
from citeworks.cli.progress import counting
from citeworks.cli.settings import current_settings, global_options
from citeworks.cli.streams import STANDARD, write_output
from citeworks.errors import CiteError, InputError
from citeworks.model import Issue, Severity
from citeworks.store import Snapshot, check_unlocked, read_bytes, write_atomic
from citeworks.workflows.bib import (
    Bibliography,
    Source,
    bib_source,
    bibliography,
    dialect_of,
    library_source,
    read_sources,
)
from citeworks.workflows.project import Project, read_project

EPILOG = """\b
Examples:
  cite bib paper.tex -o refs.bib
  cite bib paper.qmd --from all.bib -o refs.bib
  cite bib paper.aux --unused
  cite bib paper.typ -o refs.bib --watch
"""


@dataclass(slots=True)
class _Task:
    """One command line, and the files that its last run has read."""

    documents: Sequence[str]
    sources: Sequence[str]
    library: str | None
    output: str
    target: str | None
    unused: bool
    check: bool
    diff: bool
    keep_going: bool
    files: list[Path] = field(default_factory=list)


@click.command(epilog=EPILOG)
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@library_option
@click.option("--from", "sources", multiple=True, metavar="FILE", help="Take entries from a .bib.")
@click.option(
    "--format",
    "-f",
    "output",
    default="",
    shell_complete=one_of(("bibtex", "biblatex")),
    help="bibtex or biblatex [default: guessed].",
)
@click.option("-o", "--output", "target", metavar="FILE", help="Write to a file.")
@click.option("--unused", is_flag=True, help="Print the keys that no document cites.")
@click.option("--watch", is_flag=True, help="Write again whenever a file changes, until Ctrl-C.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
@click.option("--keep-going", is_flag=True, help="Leave out broken entries of a .bib; exit 3.")
@global_options
def command(
    documents: tuple[str, ...],
    library_path: str | None,
    sources: tuple[str, ...],
    output: str,
    target: str | None,
    unused: bool,
    watch: bool,
    check: bool,
    diff: bool,
    keep_going: bool,
) -> int:
    """Write the entries that a document cites: LaTeX (.tex .aux .bcf), Markdown, Quarto, Typst.

    Entries come from the library, or to the letter from the files given with --from. A key without
    an entry is reported with its place, and the exit code is 1; the rest is written all the same.
    """
    if (check or diff or watch) and target in (None, STANDARD):
        raise InputError("--check, --diff and --watch go with a file", hint="name it with -o FILE")
    if watch and (check or diff):
        raise InputError("--watch does not go with --check and --diff")
    task = _Task(documents, sources, library_path, output, target, unused, check, diff, keep_going)
    _check_target(task, (*documents, *sources))
    return _watch(task) if watch else _run(task)


def _check_target(task: _Task, read: Iterable[str | Path]) -> None:
    """Raise InputError if what is to be written is one of the files that are read."""
    if task.target in (None, STANDARD):
        return
    target = Path(str(task.target)).resolve()
    if any(Path(each).resolve() == target for each in read):
        raise InputError(
            f"{task.target} is read for this: it would lose what is not cited",
            hint="give -o another file",
        )


def _run(task: _Task) -> int:
    project, source, found = _collect(task)
    for issue in (*project.issues, *found.missing):
        _report(issue)
    code = 0
    if task.unused:
        click.echo("\n".join(found.unused) + "\n" if found.unused else "", nl=False)
    if not task.unused or task.target:
        code = write_output(found.text, task.target, check=task.check, diff=task.diff)
    if source.errors:
        return FAILED
    return FINDINGS if found.missing else code


def _collect(task: _Task) -> tuple[Project, Source, Bibliography]:
    task.files = [Path(name) for name in (*task.documents, *task.sources)]
    project = read_project([Path(name) for name in task.documents])
    task.files += project.files
    source = _source(task, project)
    _check_target(task, task.files)
    return project, source, bibliography(project, source, dialect_of(project, task.output))


def _source(task: _Task, project: Project) -> Source:
    dialect = dialect_of(project, task.output)
    if not task.sources:
        snapshot = _library(task)
        task.files.append(snapshot.path)
        return library_source(snapshot.library, dialect, _report)
    with counting(", ".join(task.sources)) as progress:
        source = bib_source(read_sources(map(Path, task.sources), progress.tell))
    if source.errors and not task.keep_going:
        *others, last = source.errors
        for error in others:
            report_error(error)
        last.hint = last.hint or "--keep-going leaves broken entries out"
        raise last
    for error in source.errors:
        report_error(error)
    return source


def _library(task: _Task) -> Snapshot:
    if not task.library and not has_library(None):
        raise InputError(
            "no library found here or above",
            hint="--from FILE takes entries from a .bib; `cite add FILE` makes ./bib/library.json",
        )
    return open_library(task.library)


def _watch(task: _Task) -> int:
    from citeworks.workflows.watch import changes

    task.files = [Path(name) for name in (*task.documents, *task.sources)]
    for is_still_so in changes(lambda: task.files):
        try:
            _, _, found = _collect(task)
            if not is_still_so():
                continue
            _renew(Path(str(task.target)), found.text.encode())
        except (CiteError, OSError) as error:
            place = str(error.location) if isinstance(error, InputError) else "-"
            say(f"{_now()} {error}" if place == "-" else f"{_now()} {place}: {error}")
            continue
        entries = "1 entry" if found.entries == 1 else f"{found.entries} entries"
        say(f"{_now()} {task.target}: {entries}{_missing(found.missing)}")
    return 0


def _missing(issues: Sequence[Issue]) -> str:
    named = "".join(f", no entry for {each.key} ({each.location})" for each in issues[:5])
    return named + (f" and {len(issues) - 5} more" if len(issues) > 5 else "")


def _renew(path: Path, data: bytes) -> None:
    if read_bytes(path) != data:
        check_unlocked(path)
        write_atomic(path, data)


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _report(issue: Issue) -> None:
    settings = current_settings()
    shown = Severity.NOTE if settings.verbose else Severity.WARNING
    if issue.severity >= shown and (not settings.quiet or issue.severity >= Severity.ERROR):
        report_issue(issue)
