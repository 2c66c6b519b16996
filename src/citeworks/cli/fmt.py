"""``cite fmt``: .bib files in their standard form, in place."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.slices import Slices
from citeworks.bibtex.stretches import slices_of
from citeworks.cli.messages import FAILED, FINDINGS, REFUSED, UNUSABLE, report_error, say
from citeworks.cli.progress import counting
from citeworks.cli.settings import global_options
from citeworks.cli.streams import (
    STANDARD,
    display_name,
    open_input,
    print_diff_of_parts,
    replace_by_parts,
    replace_file,
)
from citeworks.difference import WINDOW
from citeworks.errors import CiteError, StoreError
from citeworks.workflows.fmt import Formatted, format_bib, sort_names

EPILOG = """\b
Examples:
  cite fmt refs.bib
  cite fmt --sort year,key --align refs.bib
  cite fmt --check *.bib
  cite fmt - < refs.bib
"""
_PART = 1 << 20
_WHOLE = sys.maxsize
"""Entries that are put in order may move from one end to the other."""

_GRAVITY = (0, FINDINGS, FAILED, REFUSED, UNUSABLE)


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE|-...")
@click.option("--sort", default="", metavar="NAMES", help="key, year, type, author, title; -year.")
@click.option("--align", is_flag=True, help="Put the equal signs of an entry in one column.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the files would change.")
@click.option("--keep-going", is_flag=True, help="Carry broken entries as they are; exit 3.")
@global_options
def command(
    files: tuple[str, ...], sort: str, align: bool, check: bool, diff: bool, keep_going: bool
) -> int:
    """Format .bib files in place: layout, case, months as macros, page ranges, DOIs.

    Comments, macros, broken entries, the encoding and the line ends stay as they are, and so does
    the order unless --sort names another.
    """
    names = sort_names(sort)
    codes = []
    for name in files:
        try:
            shown = display_name(name)
            with open_input(name) as file, counting(shown) as watch:
                data = slices_of(file, watch.tell)
                formatted = format_bib(data, file=shown, sort=names, align=align, watch=watch)
                code = _judge(formatted, keep_going=keep_going)
                if code != UNUSABLE:
                    window = _WHOLE if names else WINDOW
                    given = (
                        _show(name, data, formatted, window)
                        if diff
                        else _give(name, data, formatted, check=check)
                    )
                    code = max((code, given), key=_GRAVITY.index)
        except CiteError as error:
            report_error(error)
            code = REFUSED if isinstance(error, StoreError) else UNUSABLE
        codes.append(code)
    return max(codes, key=_GRAVITY.index)


def _judge(formatted: Formatted, *, keep_going: bool) -> int:
    """Say what is broken; the file is unusable unless it is to keep going."""
    if not formatted.errors:
        return 0
    if not keep_going:
        formatted.errors[-1].hint = "--keep-going carries broken entries as they are"
    for error in formatted.errors:
        report_error(error)
    return FAILED if keep_going else UNUSABLE


@without_collector
def _show(name: str, data: Slices, formatted: Formatted, window: int) -> int:
    path = Path("<stdin>" if name == STANDARD else name)
    old = (data[start : start + _PART] for start in range(0, len(data), _PART))
    changed = print_diff_of_parts(path, old, formatted.parts, window)
    if name != STANDARD:
        say(f"{path} would change" if changed else f"{path} unchanged")
    return FINDINGS if changed else 0


@without_collector
def _give(name: str, data: Slices, formatted: Formatted, *, check: bool) -> int:
    large = not isinstance(data, bytes)
    if large and name != STANDARD:
        return replace_by_parts(Path(name), formatted.parts, data, check=check)
    if large and not check:
        for part in formatted.parts:
            sys.stdout.buffer.write(part)
        return 0
    old, new = data[:], formatted.data
    if name != STANDARD:
        return replace_file(Path(name), new, check=check, expected=old)
    if check:
        return FINDINGS if old != new else 0
    sys.stdout.buffer.write(new)
    sys.stdout.flush()
    return 0
