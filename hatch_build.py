"""Puts the manual pages into the wheel, made from the commands as they are built."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Manual(BuildHookInterface):  # type: ignore[type-arg]
    """A build hook of hatchling; an editable installation has no manual pages."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the pages, and name each with its place under the installation's prefix."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        try:
            from citeworks.cli.manual import pages
        finally:
            sys.path.pop(0)
        self._folder = tempfile.TemporaryDirectory()
        for name, text in pages().items():
            file = Path(self._folder.name) / name
            file.write_text(text, encoding="utf-8")
            build_data["shared_data"][str(file)] = f"share/man/man1/{name}"
