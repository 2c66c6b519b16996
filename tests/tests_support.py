"""Names that several test modules need."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Cite = Callable[..., "subprocess.CompletedProcess[str]"]
CITE = Path(sys.executable).with_name("cite")
"""The installed program."""

AS_OF = ("--as-of", "2026-06-30")
"""The day the sample listing is read as of."""
