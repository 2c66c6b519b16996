"""What is wrong in a document: keys that nothing has, and in a .bib what `cite lint` finds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from citeworks.config import load_settings
from citeworks.documents import Scan
from citeworks.errors import CiteError, InputError
from citeworks.language_server.positions import Span, span_of
from citeworks.lint.rules import choose
from citeworks.model import Severity
from citeworks.nearest import did_you_mean
from citeworks.workflows.lint import lint

_MOST = 1_000
_MOST_HINTS = 20


class Problem(NamedTuple):
    """One finding: where it stands (`key` is the text there), how bad it is, and what it is."""

    span: Span
    severity: Severity
    code: str
    message: str


def missing_keys(
    found: Scan, lines: Sequence[str], known: Iterable[str], elsewhere: Mapping[str, str]
) -> Iterator[Problem]:
    """Citations of what is in no source; of what is `elsewhere` it is said where."""
    keys = frozenset(known)
    hints: dict[str, str] = {}
    for citation in found.citations[: _MOST * 10]:
        key = citation.key
        if citation.kind not in ("cite", "nocite") or key in keys or key in found.labels:
            continue
        if key in elsewhere:
            message = f"{key!r} is in {elsewhere[key]}, and in no .bib file of this document"
            yield Problem(span_of(citation, lines), Severity.WARNING, "K006", message)
            continue
        if key not in hints:
            near = did_you_mean(key, keys) if len(hints) < _MOST_HINTS else ""
            hints[key] = f": {near}" if near else ""
        message = f"no entry for {key!r}{hints[key]}"
        yield Problem(span_of(citation, lines), Severity.ERROR, "K001", message)


def bib_problems(text: str, path: Path) -> Iterator[Problem]:
    """What the rules of `cite lint` find in a .bib text, as the settings of its folder choose."""
    try:
        settings = {k: v.value for k, v in load_settings(path.parent, os.environ).items()}
        chosen = choose(
            settings["lint.select"].split(), settings["lint.ignore"].split(), notes=False
        )
        data = text.encode("utf-8", "surrogatepass")
        findings = lint(data, str(path), chosen, dialect=settings["lint.dialect"]).findings
    except InputError as error:
        line = max(error.location.line - 1, 0)
        yield Problem(Span("", line, 0, 1), Severity.ERROR, error.code, error.message)
        return
    except CiteError as error:
        yield Problem(Span("", 0, 0, 1), Severity.ERROR, "", error.message)
        return
    for each in findings[:_MOST]:
        line, start = max(each.location.line - 1, 0), max(each.location.column - 1, 0)
        span = Span(each.key, line, start, start + max(each.length, 1))
        yield Problem(span, each.rule.severity, each.rule.code, each.message)
