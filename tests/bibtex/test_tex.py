"""The compile gate: what we write goes through real TeX without an error or a warning."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from citeworks.bibtex import dump
from citeworks.bibtex.fields import TYPES, Dialect
from citeworks.bibtex.latex import character_rules, encode_character
from citeworks.model import Date, Issue, Library, Name, Record, Value
from citeworks.workflows.add import add
from citeworks.workflows.read import read_file

pytestmark = pytest.mark.slow

HARD = (
    "Plain title in sentence case",
    '100% of $5 & #1 under_scored ~tilde ^caret \\backslash {braces} | < > "quotes"',
    "Unbalanced } brace",
    "Unbalanced { brace",
    r"Neutralised \input{/etc/passwd} and \write18{touch x}",
    r"Sketching $\ell_p$ norms in $O(n \log n)$ time over $\mathbb{R}^d$",
    "H<sub>2</sub>O, x<sup>2</sup>, <i>E. coli</i> and <b>bold</b>",
    'The <span class="nocase">de Finetti</span> theorem',
    "Naïve Übermut, Łódź, Škoda, Ærø, Þór, Đorđe, ﬁne ligatures",
    "Nguyễn Hồ ọ ḍ ș ț ẹ ş",
    "α-decay, β, Γ, ∞, ≤, ≥, →, ×, ±, ½, °, ′, −, ς, ∂, √",
    "“Quoted” ‘single’ – dash — long … ellipsis · dot • bullet",
    "x²⁺ CO₂ 10⁻³",
    "soft\u00adhyphen zero\u200bwidth no\u00a0break thin\u2009space",
    "£10 €20 ¥30 ©2020 ®, ™, §3, ¶, †, ‡, «guillemets»",
    "What is it? Does $x$ cost $5?",
    "ʻOkina and ʼapostrophe",
    "AT&T_Labs #hashtag 50%",
    "-- double -- dashes --- and '' quotes `` back",
    "A̧ g̃ combining marks q̄",
)
NAMES = (
    Name("Durmus", "Esin"),
    Name("Vallée Poussin", "Charles", non_dropping_particle="de la"),
    Name("García de la Torre", "José", suffix="Jr."),
    Name(literal="Barnes & Noble and Friends"),
    Name("Nguyễn", "Văn"),
    Name("Ōtani", "Ryūichi"),
)


def hard_records() -> list[Record]:
    """200 entries: every type, every hard title, dates and names of all kinds."""
    dates = [Date((2019, 7, 12)), Date((2001,), (2003,)), Date((1990,), qualifier="~")]
    records = []
    for number in range(200):
        variables: dict[str, Value] = {
            "title": f"{HARD[number % len(HARD)]} mark{number}mark",
            "author": (NAMES[number % len(NAMES)],),
            "issued": dates[number % len(dates)],
            "container-title": f"Journal of {HARD[(number * 7) % len(HARD)]}",
            "publisher": "Simon and Schuster",
            "note": HARD[(number * 3) % len(HARD)],
            "abstract": HARD[(number * 5) % len(HARD)],
            "page": "15-20",
            "volume": "3",
            "DOI": "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O",
            "URL": "http://example.org/a%20b_c~d#e",
        }
        kind = TYPES[number % len(TYPES)].csl
        records.append(Record(f"key{number}", kind, variables))
    return records


def need(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed (see .ci/run for the Debian packages)")


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    output = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, output[-3000:]
    return output


def check_log(folder: Path) -> None:
    """No error, no warning, no character without a glyph."""
    log = (folder / "x.log").read_text("utf-8", "replace")
    assert not re.findall(r"^(?:!|Missing character).*", log, re.M)
    # The standard styles print BibLaTeX's own types video, legislation … as misc, and say so.
    told = re.findall(r"^(?:LaTeX|Package) (?!Font).*Warning.*", log, re.M)
    assert not [line for line in told if "No driver for '" not in line]


def pdf_text(folder: Path) -> str:
    need("pdftotext")
    run(folder, "pdftotext", "-layout", "x.pdf", "x.txt")
    return (folder / "x.txt").read_text("utf-8")


def write(folder: Path, records: list[Record], dialect: Dialect, document: str) -> None:
    (folder / "x.bib").write_text(dump(records, dialect=dialect), "utf-8")
    (folder / "x.tex").write_text(document, "utf-8")


def sample_records() -> list[Record]:
    """The library that comes of the project's own listing."""
    listing = Path(__file__).parents[2] / "bib" / "listing.txt"
    with listing.open("rb") as file:
        reading = read_file(file, name=listing.name, as_of=datetime.date(2026, 6, 30))
    return list(add(Library(), reading.records).library.values())


def marks(records: list[Record]) -> list[str]:
    """A word of each title that TeX prints as it is: in its first line, and not at its end."""
    plain = (
        re.findall(r"(?<!\S)[A-Z]?[a-z]{5,9}(?=\s)", record.text("title")) for record in records
    )
    return [words[0] for words in plain if words]


def test_the_sample_library_through_pdflatex_and_bibtex(tmp_path: Path) -> None:
    through_bibtex(tmp_path, sample_records())


def test_the_sample_library_through_lualatex_and_biber(tmp_path: Path) -> None:
    through_biber(tmp_path, sample_records())


def test_two_hundred_hard_entries_through_pdflatex_and_bibtex(tmp_path: Path) -> None:
    text = through_bibtex(tmp_path, hard_records())
    assert all(f"mark{number}mark" in text for number in range(200))
    assert "Sketching" in text


def test_two_hundred_hard_entries_through_lualatex_and_biber(tmp_path: Path) -> None:
    text = through_biber(tmp_path, hard_records())
    assert all(f"mark{number}mark" in text for number in range(200))


def through_bibtex(tmp_path: Path, records: list[Record]) -> str:
    """The text of the PDF, after a run without error or warning and with as many items."""
    need("pdflatex", "bibtex")
    document = (
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern,amsmath,amssymb,url}\n"
        "\\begin{document}\\nocite{*}\\bibliographystyle{plain}\\bibliography{x}\\end{document}\n"
    )
    write(tmp_path, records, "bibtex", document)
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "x")
    bibtex = run(tmp_path, "bibtex", "x")
    assert "error" not in bibtex.lower()
    assert "Warning--" not in (tmp_path / "x.blg").read_text("utf-8")
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "x")
    run(tmp_path, "pdflatex", "-interaction=nonstopmode", "x")
    check_log(tmp_path)
    bbl = (tmp_path / "x.bbl").read_text("utf-8")
    assert bbl.count("\\bibitem") == len(records)
    return checked_text(tmp_path, records)


def through_biber(tmp_path: Path, records: list[Record]) -> str:
    """The same with BibLaTeX."""
    need("lualatex", "biber", "fc-list")
    if "DejaVu Serif" not in run(tmp_path, "fc-list"):
        pytest.skip("the font DejaVu Serif is not installed (Debian: fonts-dejavu-core)")
    document = (
        "\\documentclass{article}\\usepackage{fontspec}\\setmainfont{DejaVu Serif}\n"
        "\\usepackage{amsmath,amssymb}\n"
        "\\usepackage[backend=biber,maxnames=9]{biblatex}\\addbibresource{x.bib}\n"
        "\\begin{document}\\nocite{*}\\printbibliography\\end{document}\n"
    )
    write(tmp_path, records, "biblatex", document)
    run(tmp_path, "lualatex", "-interaction=nonstopmode", "x")
    biber = run(tmp_path, "biber", "x")
    assert not re.findall(r"(?:WARN|ERROR) -.*", biber)
    run(tmp_path, "lualatex", "-interaction=nonstopmode", "x")
    run(tmp_path, "lualatex", "-interaction=nonstopmode", "x")
    check_log(tmp_path)
    bbl = (tmp_path / "x.bbl").read_text("utf-8")
    assert bbl.count("\\entry{") == len(records)
    return checked_text(tmp_path, records)


def checked_text(folder: Path, records: list[Record]) -> str:
    """The text of the PDF, in which every title is found."""
    text = pdf_text(folder)
    whole = re.sub(r"[-\u00ad\u2010]\s*\n\s*", "", unicodedata.normalize("NFKC", text))
    folded = whole.casefold()
    assert not [word for word in marks(records) if word.casefold() not in folded]
    return text


def test_every_character_we_have_latex_for_compiles(tmp_path: Path) -> None:
    need("pdflatex")
    commands = {chr(code): encode_character(chr(code)) for code in character_rules() if code > 127}
    lines = [f"\\typeout{{char {ord(char):x}}}{latex}" for char, latex in commands.items() if latex]
    document = (
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{amsmath,amssymb}\n"
        "\\begin{document}\n" + "\n\n".join(lines) + "\n\\end{document}\n"
    )
    (tmp_path / "x.tex").write_text(document, "utf-8")
    subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "x"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    log = (tmp_path / "x.log").read_text("utf-8", "replace")
    failed = re.findall(r"^char (\w+)\n(?:(?!char ).*\n)*?!(.*)", log, re.M)
    assert len(lines) > 600
    assert not failed


def test_nothing_is_reported_for_what_latex_can_write() -> None:
    told: list[Issue] = []
    dump(hard_records(), report=told.append)
    assert {issue.code for issue in told} <= {"B301"}
