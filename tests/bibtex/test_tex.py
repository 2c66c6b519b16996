"""The compile gate: what we write goes through real TeX without an error or a warning."""

from __future__ import annotations

import datetime
import random
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from citeworks.bibtex import dump
from citeworks.bibtex.fields import TYPES, Dialect
from citeworks.bibtex.latex import character_rules, encode_character
from citeworks.bibtex.mathematics import encode_formula, is_typeset
from citeworks.model import Date, Issue, Library, Name, Record, Value
from citeworks.model.variables import NUMBER_VARIABLES, TEXT_VARIABLES
from citeworks.workflows.add import add
from citeworks.workflows.legible import legible
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


def latin_records() -> list[Record]:
    """The hard records without the letters that `inputenc` does not know."""

    def latin(value: Value) -> Value:
        if isinstance(value, str):
            return "".join(sign for sign in value if sign < "\u0180")
        return value

    found: list[Record] = []
    for record in hard_records():
        variables = {name: latin(value) for name, value in record.variables.items()}
        variables["author"] = (NAMES[len(found) % 4],)
        found.append(Record(record.key, record.type, variables))
    return found


HOSTILE = (
    r"\input{/etc/passwd} \write18{x} \csname end\endcsname ^^5cinput ^^M ^^00 % \n } { }{ {{ }} \\"
    r" \} \{ ~ & # #1 \" \"\" ` `` '' , ,, and others et\ al = @ @misc{x, @comment{ < > <i> </i>"
    r" <b>a</i></b> <sup>2 <span> | \verb|x| \begin{document} \end{document} \par \relax \hbox{"
    r" \def\x{y} \newcommand -- --- ?` !` $ $$ $x x$ $a_b a_b a^b $\frac{1}$ $\left(x$ $x^2^3$"
    r" $x_a_b$ $x^2'$ $\sqrt$ $_$ $\hat$ $\text{a_b}$ $a&b$ $\input{x}$ $}$ $é$ $α_i$ $\mathbb{R}$"
    r" $x\over y$ $x^\mathrm{T}$ $\sum\limits_i$ http://x.y/a%20b#c_d~e&f{g} 10.1/a_b<c> C:\a\b"
    r" family=x given=y \& \% \LaTeX é ﬁ ı CO₂ x² “q” "
    "a\u0301\u0323 \u0301 \u200b \u00ad \u00a0 \u2028 ĳ ẽ ½ ± Nguyễn"
).split(" ")
WORDS = "Finite atlases of the Lorem DNA iPhone étude naïve maps".split()


def hostile_records(number: int) -> list[Record]:
    """All fields of all types, full of what could end a value, start a command or a comment."""
    chance = random.Random(number)
    unlike_text = {"ISBN", "citation-key", "issue", "page"}
    text_variables = sorted((TEXT_VARIABLES | NUMBER_VARIABLES) - unlike_text)

    def text() -> str:
        parts = (chance.choice(chance.choice((HOSTILE, WORDS))) for _ in range(3))
        return chance.choice(("", " ")).join(parts)

    def name() -> Name:
        given, von, suffix = (chance.choice(("", text())) for _ in range(3))
        return chance.choice(
            (Name(literal=text()), Name(text(), given, non_dropping_particle=von, suffix=suffix))
        )

    records = []
    for index in range(number):
        chosen = chance.sample(text_variables, 8)
        variables: dict[str, Value] = {variable: text() for variable in chosen}
        variables |= {
            "title": f"{text()} mark{index}mark {text()}",
            "author": (name(), name(), Name("Lastone", "Given")),
            "issued": Date((2001, 2, 3)),
            "accessed": Date(literal=text()),
            "container-title": f"Journal {text()}",
            "publisher": f"Press {text()}",
            "note": f"Note {text()}",
        }
        kind = TYPES[index % len(TYPES)].csl
        records.append(Record(f"k{index}{chance.choice(HOSTILE)}", kind, variables))
    return legible(records)


def need(*programs: str) -> None:
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed (see .ci/run for the Debian packages)")


def run_anyway(folder: Path, *command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )


def run(folder: Path, *command: str) -> str:
    done = run_anyway(folder, *command)
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


def write(
    folder: Path, records: list[Record], dialect: Dialect, document: str, ascii: bool | None
) -> None:
    (folder / "x.bib").write_text(dump(records, dialect=dialect, ascii=ascii), "utf-8")
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


def test_hard_entries_in_unicode_through_pdflatex_and_bibtex(tmp_path: Path) -> None:
    text = through_bibtex(tmp_path, latin_records(), ascii=False)
    assert all(f"mark{number}mark" in text for number in range(200))
    assert "Naïve Übermut, Łódź" in (tmp_path / "x.bib").read_text("utf-8")


def test_hard_entries_in_ascii_through_lualatex_and_biber(tmp_path: Path) -> None:
    text = through_biber(tmp_path, hard_records()[:120], ascii=True)
    assert all(f"mark{number}mark" in text for number in range(120))
    assert {sign for sign in (tmp_path / "x.bib").read_text("utf-8") if sign > "~"} == {"ș", "ț"}


def test_hostile_entries_through_pdflatex_and_bibtex(tmp_path: Path) -> None:
    text = "".join(through_bibtex(tmp_path, hostile_records(150)).split())
    assert all(f"mark{number}mark" in text for number in range(150))


def test_hostile_entries_through_lualatex_and_biber(tmp_path: Path) -> None:
    text = "".join(through_biber(tmp_path, hostile_records(151)).split())
    assert all(f"mark{number}mark" in text for number in range(151))


def test_every_formula_that_is_kept_compiles(tmp_path: Path) -> None:
    need("pdflatex")
    chance = random.Random(7)
    pieces = (
        r"x|y|2|^|_|'|{|}|\frac|\sqrt|\sqrt[3]|\hat|\mathbb|\mathrm|\text{if}|\left(|\right)|\sum"
        r"|\log|\int|\limits|\alpha|\to|\circ|\not|\big|(|)|+|=|,|\,|\ |\{|\}|\rm|\bmod|\overset"
        r"|é|α|≤|\prime"
        r"|[|]|*|/|<|\%"
    ).split("|")
    formulas = {"".join(chance.choices(pieces, k=chance.randint(1, 6))) for _ in range(30_000)}
    kept = sorted(filter(is_typeset, formulas))
    lines = [f"\\typeout{{formula {at}}}${encode_formula(kept[at])}$" for at in range(len(kept))]
    document = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{amsmath,amssymb}\n"
    body = "\n\n".join(lines)
    (tmp_path / "x.tex").write_text(
        f"{document}\\begin{{document}}\n{body}\n\\end{{document}}\n", "utf-8"
    )
    run_anyway(tmp_path, "pdflatex", "-interaction=nonstopmode", "x")
    log = (tmp_path / "x.log").read_text("utf-8", "replace")
    failed = re.findall(
        r"^formula (\d+)\n(?:(?!formula ).*\n)*?(!.*|.*invalid in math.*)", log, re.M
    )
    assert len(kept) > 3000
    assert not [(kept[int(at)], why) for at, why in failed]


def through_bibtex(tmp_path: Path, records: list[Record], ascii: bool | None = None) -> str:
    """The text of the PDF, after a run without error or warning and with as many items."""
    need("pdflatex", "bibtex")
    document = (
        "\\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\n"
        "\\usepackage{lmodern,amsmath,amssymb,url}\n"
        "\\begin{document}\\nocite{*}\\bibliographystyle{plain}\\bibliography{x}\\end{document}\n"
    )
    write(tmp_path, records, "bibtex", document, ascii)
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


def through_biber(tmp_path: Path, records: list[Record], ascii: bool | None = None) -> str:
    """The same with BibLaTeX."""
    need("lualatex", "biber", "fc-list")
    if "DejaVu Serif" not in run(tmp_path, "fc-list"):
        pytest.skip("the font DejaVu Serif is not installed (Debian: fonts-dejavu-core)")
    document = (
        "\\documentclass{article}\\usepackage{fontspec}\n"
        "\\setmainfont{DejaVu Serif}\\setmonofont{DejaVu Sans Mono}\n"
        "\\usepackage{amsmath,amssymb}\n"
        "\\usepackage[backend=biber,maxnames=9]{biblatex}\\addbibresource{x.bib}\n"
        "\\begin{document}\\nocite{*}\\printbibliography\\end{document}\n"
    )
    write(tmp_path, records, "biblatex", document, ascii)
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
