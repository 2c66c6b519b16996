"""The source's citations are those that real LaTeX wrote down while it ran."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from citeworks.workflows.project import read_project

BIBLATEX = r"""\documentclass{article}
\usepackage[backend=biber]{biblatex}\addbibresource{refs.bib}
\begin{document}\cites[1]{a}{b}\textcite{c}\nocite{d}\volcite{2}[3]{e}\notecite{f}% \cite{no}
\verb|\cite{no}|\parencite*[see][p.~3]{g,h}\footcite{i}\include{part}\end{document}
"""
OWN_COMMANDS = r"""\documentclass{article}
\usepackage[backend=biber]{biblatex}\addbibresource{refs.bib}
\newcommand{\see}[1]{(see \parencite{#1})}\NewDocumentCommand{\two}{O{}m}{\textcite[#1]{#2}}
\newcommand{\pcite}[2]{\cite[#1]{#2}}\def\short#1{\autocite{#1}}\let\mc\textcite
\newif\ifdraft\begin{document}\see{a}\two[3]{b}\two{c}\pcite{no}{d}\short{e}\mc[1]{f}
\iffalse\cite{no}\ifdraft\cite{no}\else\cite{no}\fi\cite{no}\else\cite{g}\fi
\iftrue\cite{h}\else\cite{no}\fi\include{part}\end{document}
"""
NATBIB = r"""\documentclass{article}\usepackage{natbib}
\begin{document}\citet*{a}\citep[see][]{b,c}\nocite{d}\citealp{e}\Citet{f}\citeyearpar{g}%\cite{no}
\iffalse\cite{no}\fi\include{part}\bibliographystyle{plainnat}\bibliography{refs}\end{document}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "written"),
    [(BIBLATEX, "x.bcf"), (BIBLATEX, "x.aux"), (OWN_COMMANDS, "x.bcf"), (NATBIB, "x.aux")],
)
def test_source_and_auxiliary_files_say_the_same(source: str, written: str, tmp_path: Path) -> None:
    if not shutil.which("pdflatex"):
        pytest.skip("pdflatex is not installed (see .ci/run for the Debian packages)")
    (tmp_path / "x.tex").write_text(source)
    (tmp_path / "part.tex").write_text(r"\cite{part1}")
    (tmp_path / "refs.bib").write_text("")
    command = ["pdflatex", "-interaction=batchmode", "x"]
    subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, timeout=120, check=True)
    ours, theirs = (
        {citation.key for _, citation in read_project([tmp_path / name]).cited()}
        for name in ("x.tex", written)
    )
    assert ours == theirs
    assert "part1" in ours


@pytest.mark.slow
@pytest.mark.parametrize("package", ["[backend=biber]{biblatex}", "{natbib}"])
def test_every_file_of_a_run_says_that_all_entries_are_wanted(package: str, tmp_path: Path) -> None:
    if not shutil.which("pdflatex"):
        pytest.skip("pdflatex is not installed (see .ci/run for the Debian packages)")
    (tmp_path / "x.tex").write_text(
        rf"\documentclass{{article}}\usepackage{package}\begin{{document}}\nocite{{*}}\end{{document}}"
    )
    command = ["pdflatex", "-interaction=batchmode", "x"]
    subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, timeout=120, check=True)
    written = [tmp_path / name for name in ("x.tex", "x.aux", "x.bcf")]
    assert all(read_project([path]).cites_everything for path in written if path.exists())
