"""Names that several test modules need."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Cite = Callable[..., "subprocess.CompletedProcess[str]"]
AS_OF = ("--as-of", "2026-06-30")
"""The day the sample listing is read as of."""
