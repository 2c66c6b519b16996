"""``cite edit``: change a record in an editor; what changes belongs to the person from then on."""

from __future__ import annotations

import os
import shlex
import subprocess  # the editor is the user's own command, split and started without a shell
import tempfile
from pathlib import Path

import click

from citeworks.cli.completing import complete_key
from citeworks.cli.library import library_option, open_library, record_of
from citeworks.cli.messages import FINDINGS, say
from citeworks.cli.settings import global_options
from citeworks.cli.streams import print_diff
from citeworks.csl_json import dump
from citeworks.errors import InputError
from citeworks.store import locked, write
from citeworks.workflows.edit import editable, edited

EPILOG = """\b
Examples:
  cite edit durmus2023towards
  EDITOR="code --wait" cite edit durmus2023towards
"""


@click.command(epilog=EPILOG)
@click.argument("key", metavar="KEY", shell_complete=complete_key)
@library_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the library would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show how the library would change.")
@global_options
def command(key: str, library_path: str | None, check: bool, diff: bool) -> int:
    """Open a record as CSL-JSON in $VISUAL or $EDITOR.

    Every variable that changed gets the source `user`, which no machine overrides. A library that
    was changed meanwhile by someone else is left alone.
    """
    snapshot = open_library(library_path)
    record = record_of(snapshot.library, key)
    before = editable(record)
    after = _edit(before, key)
    if after == before:
        say(f"{key} unchanged")
        return 0
    larger = snapshot.library.with_records([edited(record, after)])
    if diff:
        old, new = dump(snapshot.library.values()), dump(larger.values())
        print_diff(snapshot.path, old.encode(), new.encode())
    if check or diff:
        return FINDINGS
    with locked(snapshot.path):
        write(snapshot, larger, "edit")
    say(f"changed {key} in {snapshot.path}")
    return 0


def _edit(text: str, key: str) -> str:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="cite-") as folder:
        path = Path(folder) / "record.json"
        path.write_text(text, encoding="utf-8")
        try:
            done = subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603
        except (FileNotFoundError, ValueError) as error:
            raise InputError(
                f"cannot start the editor {editor!r}", hint="set $EDITOR to your editor"
            ) from error
        if done.returncode:
            raise InputError(f"the editor ended with status {done.returncode}; nothing was changed")
        return path.read_text(encoding="utf-8")
