"""Print the tables of every benchmark, or of those named.

A benchmark is a module here that has ``table() -> str`` or prints by itself in ``main()``; one
whose ``main`` needs arguments is explained instead.
"""

from __future__ import annotations

import sys
from importlib import import_module
from inspect import signature
from pathlib import Path

NO_BENCHMARKS = frozenset({"__init__", "__main__", "measure", "references", "written_venues"})


def main(names: list[str]) -> int:
    """Run benchmarks by name, all of them when none is named."""
    known = sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - NO_BENCHMARKS)
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        run(name)
        print(flush=True)
    return 0


def run(name: str) -> None:
    """Run one benchmark as if it had been started without arguments."""
    benchmark = import_module(f"benchmarks.{name}")
    if hasattr(benchmark, "table"):
        print(benchmark.table())
    elif signature(benchmark.main).parameters:
        print(f"{name} needs files of your own:\n{benchmark.__doc__}")
    else:
        sys.argv = [name]
        benchmark.main()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
