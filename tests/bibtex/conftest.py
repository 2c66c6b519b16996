"""What the BibTeX tests share: the data folder, and real BibTeX as the judge of a .bib text."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
Judge = Callable[[bytes, Iterable[str]], "tuple[bool, str]"]


@pytest.fixture(scope="session")
def bibtex_data() -> Path:
    folder = Path(os.environ.get("CITEWORKS_DATA", CHECKOUT.parent / "shared")) / "bibtex"
    if not folder.is_dir():
        pytest.skip(f"no BibTeX data at {folder} (set CITEWORKS_DATA)")
    return folder


def style_text(fields: Iterable[str], types: Iterable[str]) -> str:
    """A .bst that writes type, key and the macro-expanded value of each of `fields`."""
    names = sorted({name for name in fields if re.fullmatch(r"[a-z][a-z0-9_.:+/-]*", name)})
    shows = [f'{name} missing$ {{ skip$ }} {{ "{name}=" {name} * out }} if$' for name in names]
    known = sorted({name for name in types if re.fullmatch(r"[a-z]{3,}", name)} - {"show", "out"})
    return "\n".join(
        [
            f"ENTRY {{ {' '.join(names)} }} {{}} {{}}",
            "FUNCTION {out} { write$ newline$ }",
            "FUNCTION {show} {",
            '"@" type$ * " " * cite$ * out',
            *shows,
            "}",
            "FUNCTION {default.type} { show }",
            *(f"FUNCTION {{{name}}} {{ show }}" for name in known if name not in names),
            "READ",
            "ITERATE {call.type$}",
            "",
        ]
    )


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Run BibTeX over a text: whether it accepted it, and what it saw, white space folded."""
    if not shutil.which("bibtex"):
        pytest.skip("bibtex is not installed (Debian: texlive-binaries)")

    def run(data: bytes, fields: Iterable[str]) -> tuple[bool, str]:
        types = {name.lower() for name in re.findall(r"@\s*([A-Za-z]+)", data.decode("latin-1"))}
        (tmp_path / "oracle.bst").write_text(style_text(fields, types), "ascii")
        # BibTeX drops what follows the first entry on the very last line of a file.
        (tmp_path / "x.bib").write_bytes(data + b"\n\n")
        (tmp_path / "x.aux").write_text("\\citation{*}\n\\bibdata{x}\n\\bibstyle{oracle}\n")
        (tmp_path / "x.bbl").unlink(missing_ok=True)
        try:
            done = subprocess.run(
                ["bibtex", "x"],
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=20,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False, ""
        bbl = tmp_path / "x.bbl"
        seen = bbl.read_bytes().decode("latin-1") if bbl.exists() else ""
        return done.returncode < 2, " ".join(seen.split())

    return run
