"""Parse and write 11,000 synthetic entries (about 5 MB), beside the peers that are installed.

    python benchmarks/bibtex_speed.py [ENTRIES]

Each reader runs in a process of its own, so that start-up and imports count for everyone.
`bibtexparser 2` and `bibtex-tidy` are measured when `BIBTEXPARSER2_PYTHON` names an interpreter
that has the former, and when the latter is on the PATH.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_WORDS = (
    "adaptive analysis of robust learning for graphs with sparse priors in DNA models under noise "
    'a general theory {Bayesian} estimation na{\\"\\i}ve \\emph{vivo} large scale $k$-means'
).split()
_NAMES = "Smith, Anna|M{\\\"u}ller, Jan|de la Cruz, Mar{\\'\\i}a|Nguyen, Linh|{CERN Group}".split(
    "|"
)

_OURS_SYNTAX = """
import sys; from citeworks.bibtex.lexer import loads; from citeworks.bibtex.layout import *
d = loads(open(sys.argv[1], 'rb').read()); open(sys.argv[2], 'w').write(format_document(d))
"""
_OURS_RECORDS = """
import sys; from citeworks.bibtex import read_records, dump
r = read_records(open(sys.argv[1], 'rb').read())
if sys.argv[3:] != ['read']: open(sys.argv[2], 'w').write(dump(r.records))
"""
_PARSER_2 = """
import sys, bibtexparser
l = bibtexparser.parse_string(open(sys.argv[1]).read(), parse_stack=[])
open(sys.argv[2], 'w').write(bibtexparser.write_string(l, unparse_stack=[]))
"""


def synthetic(entries: int) -> str:
    """A .bib text of that many articles, always the same for the same number."""
    rng = random.Random(entries)
    out = ['@string{jml = "Journal of Machine Learning"}\n']
    for number in range(entries):
        title = " ".join(rng.choices(_WORDS, k=9))
        abstract = " ".join(rng.choices(_WORDS, k=24))
        names = " and ".join(rng.choices(_NAMES, k=3))
        out.append(
            f"@article{{key{number},\n  author = {{{names}}},\n  title = {{{title}}},\n"
            f"  journal = jml,\n  year = {{{1950 + number % 75}}},\n  month = jan,\n"
            f"  volume = {{{number % 90}}},\n  pages = {{{number}--{number + 9}}},\n"
            f"  doi = {{10.1000/x{number}}},\n  abstract = {{{abstract}}},\n}}\n"
        )
    return "\n".join(out)


def commands() -> dict[str, list[str]]:
    """What is measured: name and command line, the file names to follow."""
    found = {
        "citeworks, syntactic round trip": [sys.executable, "-c", _OURS_SYNTAX],
        "citeworks, records read": [sys.executable, "-c", _OURS_RECORDS],
        "citeworks, records read and written": [sys.executable, "-c", _OURS_RECORDS],
    }
    other = os.environ.get("BIBTEXPARSER2_PYTHON")
    if other:
        found["bibtexparser 2, syntactic round trip"] = [other, "-c", _PARSER_2]
    tidy = shutil.which("bibtex-tidy")
    if tidy:
        found["bibtex-tidy"] = [tidy]
    return found


def measure(name: str, command: list[str], source: Path, target: Path) -> float:
    """Seconds of the whole process, the best of three."""
    tail = [str(source), str(target), *(["read"] if name.endswith(" read") else [])]
    if name == "bibtex-tidy":
        tail = [str(source), f"--output={target}", "--quiet"]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*command, *tail], check=True, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 11_000
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.bib"), Path(folder, "out.bib")
        text = synthetic(entries)
        source.write_text(text, "utf-8")
        print(f"{entries} entries, {len(text) / 1e6:.1f} MB")
        for name, command in commands().items():
            print(f"{measure(name, command, source, target):8.2f} s  {name}")


if __name__ == "__main__":
    main()
