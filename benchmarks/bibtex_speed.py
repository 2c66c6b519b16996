"""Parse and write 11,000 synthetic entries (about 5 MB), beside the peers that are installed.

    python benchmarks/bibtex_speed.py [ENTRIES]

Every program runs in a process of its own, so that start-up and imports count for everyone, and
what is counted are CPU seconds, the least of three runs. `make peers` installs bibtexparser 2 and
bibtex-tidy to compare with. The last lines are of nine times as many entries.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import Cost, cost, layout

PEERS = Path(__file__).resolve().parents[1] / "build" / "peers"
RUNS = 3
LARGER = 9
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
open(sys.argv[2], 'w').write(dump(r.records))
"""
_PARSER_2 = """
import sys, bibtexparser
l = bibtexparser.parse_string(open(sys.argv[1]).read(), parse_stack=[])
open(sys.argv[2], 'w').write(bibtexparser.write_string(l, unparse_stack=[]))
"""
_PARSER_2_DECODING = """
import sys, bibtexparser
from bibtexparser import middlewares as m
reading = [m.ResolveStringReferencesMiddleware(), m.RemoveEnclosingMiddleware(),
    m.LatexDecodingMiddleware(), m.SeparateCoAuthors(), m.SplitNameParts()]
writing = [m.MergeNameParts(), m.MergeCoAuthors(), m.LatexEncodingMiddleware(),
    m.AddEnclosingMiddleware(reuse_previous_enclosing=False, enclose_integers=False,
        default_enclosing="{")]
l = bibtexparser.parse_string(open(sys.argv[1]).read(), parse_stack=reading)
open(sys.argv[2], 'w').write(bibtexparser.write_string(l, unparse_stack=writing))
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


def ours() -> dict[str, list[str]]:
    """Name and command line of what we measure of our own; the file names follow."""
    return {
        "syntactic round trip": [sys.executable, "-c", _OURS_SYNTAX],
        "records read and written": [sys.executable, "-c", _OURS_RECORDS],
    }


def peers() -> dict[str, list[str]]:
    """The same of the peers that are installed, by what they are compared in."""
    found = {}
    parser = PEERS / "bibtexparser2" / "bin" / "python"
    if parser.exists():
        found["bibtexparser 2, syntactic round trip"] = [str(parser), "-c", _PARSER_2]
        found["bibtexparser 2, decoded and encoded"] = [str(parser), "-c", _PARSER_2_DECODING]
    tidy = PEERS / "node_modules" / ".bin" / "bibtex-tidy"
    if tidy.exists():
        found["bibtex-tidy, syntactic round trip"] = [str(tidy)]
    return found


def least(command: Sequence[str], source: Path, target: Path, runs: int) -> Cost:
    """The cheapest of several runs."""
    tail = [str(source), str(target)]
    if command[0].endswith("bibtex-tidy"):
        tail = [str(source), f"--output={target}", "--quiet"]
    return min((cost([*command, *tail]) for _ in range(runs)), key=lambda each: each.seconds)


def row(name: str, found: Cost, entries: int) -> tuple[str, str, str, str]:
    """One line of the table."""
    each = f"{found.seconds / entries * 1e6:.0f}"
    return name, f"{found.seconds:.2f}", each, f"{found.mebibytes:.0f}"


def table(entries: int = 11_000) -> str:
    """Everything beside everything, in one run."""
    rows = []
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.bib"), Path(folder, "out.bib")
        for count in (entries, LARGER * entries):
            source.write_text(synthetic(count), "utf-8")
            found = {name: least(command, source, target, RUNS) for name, command in ours().items()}
            rows += [row(f"citeworks, {name}, {count}", found[name], count) for name in found]
            if count > entries:
                continue
            for name, command in peers().items():
                other = least(command, source, target, 1 if "decoded" in name else RUNS)
                rows.append(row(f"{name}, {count}", other, count))
                kind = "records read and written" if "decoded" in name else "syntactic round trip"
                ratios.append(f"{found[kind].seconds / other.seconds:.2f} of {name}")
    head = ("program", "CPU seconds", "us each", "MiB")
    return "\n".join([layout(head, rows), "", *ratios])


def main() -> None:
    """Print the table."""
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 11_000))


if __name__ == "__main__":
    main()
