"""``cite render`` as a person runs it: Markdown in, four formats out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import lxml.html
import pytest

from citeworks.csl_json import dump
from site_support import HOSTILE, record
from tests_support import Cite

ROE = [{"family": "Roe", "given": "Zoe"}]
DOCUMENT = """\
---
title: "Nets & more"
lang: en-US
---

# Start

Nets learn [see @smith2020, pp. 3-5; also @roe2021]. @roe2021 [p. 7] says *so*.[^1]
Not `@code`. Unknown [@nope2020].

[^1]: As said [@smith2020].
"""


@pytest.fixture
def paper(folder: Path) -> Path:
    (folder / "bib").mkdir()
    records = [
        record("smith2020", title="Deep <i>Nets</i>", container_title="Journal"),
        record("roe2021", type="book", title="Trees", author=ROE),
    ]
    (folder / "bib/library.json").write_text(dump(records), encoding="utf-8")
    path = folder / "paper.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


@pytest.mark.usefixtures("paper")
def test_markdown_keeps_the_document_and_formats_its_citations(cite: Cite) -> None:
    done = cite("render", "paper.md")
    assert done.returncode == 1
    assert done.stderr == (
        "paper.md:9:23: warning[K001]: no record 'nope2020'\n  hint: did you mean roe2021?\n"
    )
    assert done.stdout == DOCUMENT.replace(
        "[see @smith2020, pp. 3-5; also @roe2021]",
        "(see Smith & Doe, 2020, pp. 3–5; also Roe, 2020)",
    ).replace("@roe2021 [p. 7]", "Roe (2020, p. 7)").replace("[@nope2020]", "nope2020?").replace(
        "[@smith2020]", "(Smith & Doe, 2020)"
    ) + ("\nRoe, Z. (2020). *Trees*.\n\nSmith, A. B., & Doe, J. (2020). Deep *Nets*. *Journal*.\n")


@pytest.mark.usefixtures("paper")
def test_html_is_a_page_with_the_bibliography_before_the_notes(cite: Cite, folder: Path) -> None:
    assert cite("render", "paper.md", "-o", "paper.html").returncode == 1
    page = lxml.html.parse(folder / "paper.html").getroot()
    assert page.findtext(".//title") == "Nets & more"
    assert [node.get("id") for node in page.find_class("csl-entry")] == [
        "ref-roe2021",
        "ref-smith2020",
    ]
    assert "(see Smith & Doe, 2020, pp. 3–5; also Roe, 2020)" in page.text_content()
    assert page.xpath("//section[@class='footnotes']/preceding-sibling::div/@id") == ["refs"]


@pytest.mark.usefixtures("paper")
def test_note_style_makes_notes_and_uses_those_there_are(cite: Cite) -> None:
    text = cite("render", "paper.md", "--style", "chicago-notes-bibliography").stdout
    assert (
        "Nets learn.[^cite-1] Zoe Roe[^cite-2] says *so*.[^1]" not in text
    )  # Roe was cited before
    assert "Nets learn.[^cite-1] Roe[^cite-2] says *so*.[^1]" in text
    assert "[^cite-1]: See Ann B. Smith and Joe Doe" in text
    assert "[^1]: As said Smith and Doe, “Deep *Nets*.”\n" in text


@pytest.mark.usefixtures("paper")
def test_bibliography_goes_where_the_document_wants_it(cite: Cite, folder: Path) -> None:
    (folder / "x.md").write_text("A [@roe2021].\n\n::: {#refs}\n:::\n\n# After\n", encoding="utf-8")
    text = cite("render", "x.md").stdout
    assert text == "A (Roe, 2020).\n\nRoe, Z. (2020). *Trees*.\n\n# After\n"


@pytest.mark.usefixtures("paper")
def test_records_may_come_from_a_file_and_uncited_ones_be_listed(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(
        "@book{k, title={A Book}, author={Poe, Al}, year={1999}}\n@book{l, title={B}, year={2000}}",
        encoding="utf-8",
    )
    (folder / "x.md").write_text('---\nnocite: "@*"\n---\nA [@k].\n', encoding="utf-8")
    done = cite("render", "x.md", "--from", "refs.bib", "--format", "text")
    assert done.returncode == 0
    assert "A (Poe, 1999)." in done.stdout
    assert "B. (2000)." in done.stdout


@pytest.mark.usefixtures("paper")
def test_former_key_still_cites_its_record(cite: Cite, folder: Path) -> None:
    cite("keys", "roe2021", "--to", "roe2021trees", "--write")
    (folder / "x.md").write_text("A [@roe2021].\n", encoding="utf-8")
    done = cite("render", "x.md")
    assert done.returncode == 0
    assert "A (Roe, 2020)." in done.stdout


FORBIDDEN = {
    "html": ("<script", "<img", "<b>alert"),
    "latex": ("\\input", "\\write18", " % $x$"),
}


@pytest.mark.parametrize("output", sorted(FORBIDDEN))
def test_hostile_records_do_nothing(cite: Cite, folder: Path, output: str) -> None:
    (folder / "bib").mkdir()
    title = HOSTILE + r" \input{/etc/passwd} % $x$ \write18{id}"
    (folder / "bib/library.json").write_text(dump([record("a", title=title)]), encoding="utf-8")
    (folder / "x.md").write_text("A [@a] \ue0000\ue001 \ue002.\n", encoding="utf-8")
    text = cite("render", "x.md", "--format", output).stdout
    assert "etc/passwd" in text
    assert [each for each in FORBIDDEN[output] if each in text] == []


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["paper.md", "--format", "htm"], "did you mean html"),
        (["no.md"], "no file no.md"),
        (["paper.md", "--style", "apaa"], "did you mean apa"),
        (["paper.md", "--check"], "compare with a file"),
    ],
)
def test_wrong_wishes_are_explained(cite: Cite, arguments: list[str], message: str) -> None:
    done = cite("render", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize("style", ["apa", "ieee", "chicago-notes-bibliography"])
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_latex_compiles_and_says_the_same(
    cite: Cite, folder: Path, style: str, engine: str
) -> None:
    lists = "\n1. one\n2. two\n\n```\n\\end{verbatim} & %\n```\n"
    more = lists + "\n| a | b |\n|---|---|\n| 1 | @roe2021 |\n"
    (folder / "y.md").write_text(DOCUMENT + more, encoding="utf-8")
    cite("render", "y.md", "--style", style, "-o", "y.tex")
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "y.tex"],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:].decode("utf-8", "replace")
    text = subprocess.run(
        ["pdftotext", "-layout", "y.pdf", "-"], cwd=folder, capture_output=True, check=True
    ).stdout.decode()
    assert "Nets & more" in text
    assert "Trees" in text
    assert "\\end{verbatim} & %" in text.replace("”", '"')
