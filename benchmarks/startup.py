"""Start-up: the CPU that ``--version`` costs above a bare interpreter, beside the peers.

Peers are looked for in ``build/peers`` (`make peers` makes it) and on the PATH.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.measure import layout, our_program, typical_seconds

RUNS = 15
LIMIT_MS = 60
PEERS = Path(__file__).parents[1] / "build/peers/bin"
BARE = "python -c pass"


def table() -> str:
    """The table of start-up costs."""
    bare = typical_seconds([sys.executable, "-c", "pass"], RUNS)
    costs = {"cite --version": typical_seconds([our_program(), "--version"], RUNS)}
    missing = []
    for label, command in _peers().items():
        if command:
            costs[label] = typical_seconds(command, RUNS)
        else:
            missing.append(label.split()[0])
    ours = costs["cite --version"] - bare
    rows = [[BARE, _ms(bare), "", ""]]
    rows += [
        [label, _ms(s), _ms(s - bare), f"{(s - bare) / ours:.1f}"] for label, s in costs.items()
    ]
    text = f"Start-up, CPU ms (median of {RUNS}; ours may cost {LIMIT_MS} more than bare)\n"
    text += layout(["command", "ms", "more than bare", "ratio"], rows)
    return text + (
        f"\nnot found: {', '.join(missing)} (`make peers` installs them)" if missing else ""
    )


def _peers() -> dict[str, list[str] | None]:
    python = str(PEERS / "python") if (PEERS / "python").exists() else sys.executable
    return {
        "papis --version": _program("papis"),
        "pybtex --version": _program("pybtex"),
        "citeproc-py (import citeproc)": [python, "-c", "import citeproc"],
    }


def _program(name: str) -> list[str] | None:
    found = shutil.which(name, path=str(PEERS)) or shutil.which(name)
    return [found, "--version"] if found else None


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"
