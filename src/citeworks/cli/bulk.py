"""`cite export` of a large .bib file: what is said of it, and where the text goes."""

from __future__ import annotations

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.shelf import Shelf
from citeworks.bibtex.stretches import is_large, loads_lazily, slices_of
from citeworks.cli.messages import FAILED, FINDINGS, report_error, report_issue
from citeworks.cli.progress import Count, counting, waiting
from citeworks.cli.settings import current_settings
from citeworks.cli.streams import display_name, open_input, write_parts
from citeworks.errors import BibtexSyntaxError
from citeworks.model import Issue, Severity
from citeworks.workflows.bulk import bulk_export, is_by_entry
from citeworks.workflows.export import BibOptions
from citeworks.workflows.recognise import SAMPLE_BYTES, recognise


def is_bulk(name: str, output: str) -> bool:
    """True for a large .bib file (of a pipe nobody knows how large it is) and a fitting format."""
    with open_input(name) as file:
        if not is_large(file):
            return False
        start = file.tell()
        sample = file.read(SAMPLE_BYTES)
        file.seek(start)
    return recognise(sample) == "bibtex" and is_by_entry(output)


@without_collector
def export_bulk(
    name: str,
    output: str,
    target: str | None,
    *,
    bib: BibOptions,
    pattern: str,
    check: bool,
    diff: bool,
    strict: bool,
    keep_going: bool,
) -> int:
    """Write the records of a large .bib file in another format; returns the exit code."""
    shown = display_name(name)
    with Shelf() as shelf:
        with open_input(name) as file, counting(shown) as progress:
            heard = _Heard(progress)
            texts = bulk_export(
                loads_lazily(slices_of(file, progress.tell), file=shown),
                output,
                shelf,
                bib=bib,
                pattern=pattern,
                watch=progress,
                listener=heard,
            )
        heard.judge(keep_going=keep_going)
        with waiting(f"writing {len(shelf)} records"):
            code = write_parts(texts, target, check=check, diff=diff)
    if heard.last:
        return FAILED
    return code or (FINDINGS if strict and heard.doubtful else 0)


class _Heard:
    """Says at once what is doubtful or broken; the last error waits for the verdict."""

    def __init__(self, progress: Count) -> None:
        settings = current_settings()
        self.doubtful = False
        self.last: BibtexSyntaxError | None = None
        self._progress = progress
        self._quiet = settings.quiet
        self._shown = Severity.NOTE if settings.verbose else Severity.WARNING

    def read(self, issue: Issue) -> None:
        self.doubtful |= issue.severity >= Severity.WARNING
        self.written(issue)

    def written(self, issue: Issue) -> None:
        if issue.severity >= self._shown:
            self.duplicate(issue)

    def duplicate(self, issue: Issue) -> None:
        if not self._quiet:
            self._progress.pause()
            report_issue(issue)

    def broken(self, error: BibtexSyntaxError) -> None:
        if self.last:
            self._progress.pause()
            report_error(self.last)
        self.last = error

    def judge(self, *, keep_going: bool) -> None:
        """Raise the last error unless the command is to keep going."""
        if self.last and not keep_going:
            self.last.hint = self.last.hint or "--keep-going leaves broken entries out"
            raise self.last
        if self.last:
            report_error(self.last)
