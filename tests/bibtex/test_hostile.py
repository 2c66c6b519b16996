"""Texts made to exhaust the program: nothing fails, and nothing takes more than it should.

Each would need minutes, or more memory than there is, if one step went through the whole text for
each of its parts; a limit of memory and a second process make a regression a failure.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

N = 20_000
_TENFOLD = "@string{{a{0} = " + " # ".join(["a{1}"] * 10) + "}}\n"
_BOMB = '@string{a0="lol"}\n' + "".join(_TENFOLD.format(each, each - 1) for each in range(1, 20))
_ALL = ",".join(f"x{each}" for each in range(30))
_FAMILY = "".join(f"@xdata{{x{each}, xdata={{{_ALL}}}, title={{t}}}}\n" for each in range(30))
TEXTS = {
    "deep braces": "@misc{k, title={" + "{" * N + "x" + "}" * N + "}}",
    "deep commands": "@misc{k, title={" + r"\emph{" * N + "x" + "}" * N + "}}",
    "accents upon accents": "@misc{k, title={" + r"{\'" * N + "x" + "}" * N + "}}",
    "protected words": "@misc{k, title={" + "Lorem {DNA} Ipsum {{Dolor}} " * N + "}}",
    "one protected title": "@misc{k, title={{" + "DNA Ipsum " * N + "} x}}",
    "spaces": "@misc{k, title={a" + " " * 10 * N + "b}, pages={1" + " " * 10 * N + "2}}",
    "at signs": "@" * 10 * N,
    "combining marks": "@misc{k, title={a" + "\u0301" * 4 * N + "}}",
    "macros that grow": _BOMB + "@misc{k, note=a19}",
    "entries that name each other": _FAMILY + "@misc{k, xdata={x0}}",
    "unclosed values": "@misc{k, note={\n" * N,
    "unclosed quotes": '@misc{k, note="\n' * N,
    "unclosed formulas": "@misc{k, note={" + "$a" * 4 * N + "}}",
    "unclosed tags": "@misc{k, title={" + "<i>" * N + "}}",
}
PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from citeworks.bibtex import dump, loads, read_records, tidy
text = open(sys.argv[1], encoding="utf-8").read()
reading = read_records(text)
for dialect in ("bibtex", "biblatex"):
    written = loads(dump(reading.records, dialect=dialect))
    assert len(written.entries) == len(reading.records) and not written.errors
tidy(loads(text))
print(len(reading.records))
"""


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_read_and_written(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_text(TEXTS[name], "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
