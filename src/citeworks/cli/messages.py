"""Errors into advice and exit codes; the only place that knows either.

Codes: 0 done · 1 findings · 2 usage or unusable input · 3 some sources or records failed ·
4 conflict or refusal · 130 interrupted · 141 closed pipe.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys

import click

from citeworks.cli.settings import Settings, current_settings
from citeworks.errors import CiteError, InputError, Location, SourceError, StoreError, SyncError
from citeworks.model import Issue, Severity
from citeworks.printable import one_line

FINDINGS, UNUSABLE, FAILED, REFUSED, INTERRUPTED, CLOSED_PIPE = 1, 2, 3, 4, 130, 141

_CODES: tuple[tuple[type[CiteError], int], ...] = (
    (InputError, UNUSABLE),
    (StoreError, REFUSED),
    (SourceError, FAILED),
    (SyncError, REFUSED),
)
_REFUSING = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO}
)
_COLORS = {"error": "red", "warning": "yellow", "note": "cyan", "hint": "green"}
_LONGEST = 400


def report_failure(error: BaseException, settings: Settings) -> int:
    """Say what went wrong on standard error and return the exit code."""
    with click.Context(click.Command("cite"), obj=settings):
        return _report(error)


def _report(error: BaseException) -> int:
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else UNUSABLE
    if isinstance(error, BrokenPipeError):
        return _close_pipe()
    if isinstance(error, KeyboardInterrupt | click.Abort):
        _say("cite: interrupted")
        return INTERRUPTED
    if isinstance(error, CiteError):
        report_error(error)
        return next((code for kind, code in _CODES if isinstance(error, kind)), UNUSABLE)
    if isinstance(error, click.ClickException):
        return _report_usage(error)
    if isinstance(error, OSError):
        return _report_os_error(error)
    _tell("cite", "error", f"unexpected {type(error).__name__}: {error}")
    _hint("this is a fault of cite; --debug shows where, please report it")
    return FAILED


def report_issue(issue: Issue) -> None:
    """One issue about one record, on standard error."""
    label = {Severity.NOTE: "note", Severity.WARNING: "warning", Severity.ERROR: "error"}
    word = label[issue.severity]
    _tell(str(issue.location), word, issue.message, f"[{issue.code}]")
    if issue.hint:
        _hint(issue.hint)


def say(text: str) -> None:
    """A line for the reader on standard error, unless ``--quiet``."""
    if not current_settings().quiet:
        _say(text)


def report_error(error: CiteError) -> None:
    """One error with its place, its source line and its hint, on standard error."""
    if isinstance(error, InputError) and str(error.location) != "-":
        _tell(str(error.location), "error", error.message, f"[{error.code}]")
        _show_source(error.location)
    else:
        _tell("cite", "error", error.message)
    if error.hint:
        _hint(error.hint)


def _show_source(location: Location) -> None:
    if location.source_line:
        _say(f"  {location.source_line}")
        if 0 < location.column <= len(location.source_line) + 1:
            _say("  " + " " * (location.column - 1) + "^")


def _report_usage(error: click.ClickException) -> int:
    message = _in_our_words(error.format_message())
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        message = "no command given"
    _tell("cite", "error", message)
    context = getattr(error, "ctx", None)
    if context is not None:
        _hint(f"`{context.command_path} --help` shows the options")
    return UNUSABLE


def _in_our_words(message: str) -> str:
    """What click says, as our own messages are written."""
    return message[:1].lower() + message[1:].rstrip(".").replace("%Y-%m-%d", "YYYY-MM-DD")


def _report_os_error(error: OSError) -> int:
    name = os.fsdecode(error.filename) if error.filename else ""
    reason = (error.strerror or str(error)).lower()
    _tell("cite", "error", f"{name + ': ' if name else ''}{reason}")
    return REFUSED if error.errno in _REFUSING else UNUSABLE


def _close_pipe() -> int:
    """Nobody reads any more: end silently, and keep the interpreter from flushing at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED_PIPE


def _label(word: str) -> str:
    return click.style(word, fg=_COLORS[word], bold=True) if _is_colored() else word


def _hint(text: str) -> None:
    _print(f"  {_label('hint')}: {_printable(text)}")


def _is_colored() -> bool:
    return current_settings().colors_stderr


def _printable(text: str) -> str:
    """One line of bearable length, in which the text of the input steers no terminal."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return one_line(shown)


def _tell(place: str, word: str, message: str, code: str = "") -> None:
    _print(f"{_printable(place)}: {_label(word)}{code}: {_printable(message)}")


def _say(text: str) -> None:
    _print(_printable(text))


def _print(text: str) -> None:
    """Print a message, after the data that was written before it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    try:
        print(text, file=sys.stderr)
    except (OSError, ValueError):
        return
