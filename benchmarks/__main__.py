"""Print the tables of every benchmark, or of those named."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = ("startup", "listing_speed")


def main(names: list[str]) -> int:
    """Run benchmarks by name, all of them when none is named."""
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    for name in names or ALL:
        print(import_module(f"benchmarks.{name}").table(), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
