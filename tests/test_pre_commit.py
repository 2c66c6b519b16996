"""The hooks for pre-commit: what they start is there."""

from __future__ import annotations

import re
from pathlib import Path

from citeworks.cli.main import COMMANDS

HOOKS = Path(__file__).parents[1] / ".pre-commit-hooks.yaml"


def test_every_hook_starts_a_command_that_is_there() -> None:
    text = HOOKS.read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: (\S+) (\S+)", text, re.MULTILINE)
    assert {name for _, name in entries} == {"fmt", "lint"}
    assert all(program == "cite" and name in COMMANDS for program, name in entries)
    assert re.findall(r"^- id: (\S+)", text, re.MULTILINE) == [f"cite-{n}" for _, n in entries]
