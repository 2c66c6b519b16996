"""The program ``cite``, also as ``python -m citeworks``: an interrupt is heard at any moment.

Who only wants the version does not wait for the imports.

Before the command line is imported and after its last word nothing is half done, and the process
may end at once; in between an interrupt is an exception, which `citeworks.cli.main` reports.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any, NoReturn

from citeworks import __version__

INTERRUPTED = 130
_ROUND = 50_000
"""New objects between two rounds of the cyclic garbage collector; records are in no cycles."""


def run() -> None:
    """Run the command line of this process and end with its exit code."""
    if sys.argv[1:] == ["--version"] and _printed(f"cite {__version__}"):
        return
    gc.set_threshold(_ROUND)
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    try:
        if is_heard:
            signal.signal(signal.SIGINT, _end)
        from citeworks.cli.main import main

        if is_heard:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = main(sys.argv[1:])
        if is_heard:
            signal.signal(signal.SIGINT, _end)
    except KeyboardInterrupt:
        _end()
    sys.exit(code)


def _printed(text: str) -> bool:
    """Print a line; False if nobody takes it, which the command line knows how to end on."""
    try:
        print(text, flush=True)
    except (OSError, ValueError, AttributeError):
        return False
    return sys.stdout is not None


def _end(*_: Any) -> NoReturn:
    """Say that the program was interrupted, and nothing else."""
    try:
        os.write(2, b"cite: interrupted\n")
    finally:
        os._exit(INTERRUPTED)


if __name__ == "__main__":
    run()
