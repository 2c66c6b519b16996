"""``cite verify``: offline with the catalogue alone, and with sources that answer or are down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from servers import Corpus, MetadataServer, sample_items
from tests_support import Cite

ROOT = Path(__file__).parents[2]
RIGHT = """@article{oolong,
  title = {Oolong: Investigating What Makes Transfer Learning Hard with Controlled Studies},
  author = {Wu, Zhengxuan and Tamkin, Alex and Papadimitriou, Isabel},
  journal = {arXiv}, year = {2022}, eprint = {2202.12312}, archiveprefix = {arXiv}
}
"""
WRONG = """@inproceedings{collective,
  title = {Collective Constitutional {AI}: Aligning a Language Model with Public Input},
  author = {Invented, Anna and Madeup, Bert},
  booktitle = {ICML}, year = {2024}
}
"""
SERVICES = (
    "ARXIV ARXIV_OAI CROSSREF DATACITE DOI OPENALEX SEMANTICSCHOLAR DBLP ACL PUBMED OPENREVIEW "
    "UNPAYWALL"
).split()
UNKNOWN = """@article{nobody,
  title = {A Paper That Nobody Has Ever Heard of Before},
  author = {Body, No}, journal = {Journal of Gaps}, year = {2020}
}
"""


@pytest.fixture
def known(cite: Cite) -> None:
    """A catalogue of the sample's papers."""
    assert cite("catalogue", "build", ROOT / "bib/catalogue.jsonl").returncode == 0


def references(output: str) -> dict[str, dict[str, Any]]:
    return {each["key"]: each for each in json.loads(output)["references"]}


@pytest.mark.usefixtures("known")
def test_verdicts_offline(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(RIGHT + WRONG + UNKNOWN, encoding="utf-8")
    done = cite("verify", "refs.bib", "--offline", "--output-format", "json")
    assert done.returncode == 1
    told = references(done.stdout)
    assert {key: each["verdict"] for key, each in told.items()} == {
        "oolong": "verified",
        "collective": "mismatch",
        "nobody": "not found",
    }
    assert [each["variable"] for each in told["collective"]["mismatches"]] == [
        "author",
        "container-title",
    ]
    assert told["collective"]["mismatches"][0]["ours"] == "Anna Invented, Bert Madeup"
    assert told["collective"]["line"] == 6
    assert told["nobody"]["asked"] == ["catalogue"]
    assert "3 references: 1 verified, 1 mismatch, 1 not found" in done.stderr


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("content", "options", "code"),
    [(RIGHT, (), 0), (UNKNOWN, (), 0), (UNKNOWN, ("--strict",), 1), (WRONG, (), 1)],
)
def test_exit_codes(
    cite: Cite, folder: Path, content: str, options: tuple[str, ...], code: int
) -> None:
    (folder / "refs.bib").write_text(content, encoding="utf-8")
    assert cite("verify", "refs.bib", "--offline", *options).returncode == code


@pytest.mark.usefixtures("known")
def test_text_and_annotations_name_the_place_and_both_values(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(RIGHT + WRONG, encoding="utf-8")
    text = cite("verify", "refs.bib", "--offline").stdout
    assert text.startswith("refs.bib:6:1: error[R101]: collective: mismatch: author is 'Anna")
    assert "'ICML' here, 'Proceedings of the 2024 ACM Conference" in text
    github = cite("verify", "refs.bib", "--offline", "--output-format", "github").stdout
    assert github.startswith("::error file=refs.bib,line=6,")
    log = json.loads(cite("verify", "refs.bib", "--offline", "--output-format", "sarif").stdout)
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"] == "cite verify"
    assert [each["ruleId"] for each in run["results"]] == ["R101"]


@pytest.mark.usefixtures("known")
def test_the_library_is_verified_by_default_and_by_key(cite: Cite) -> None:
    cite("add", ROOT / "bib/listing.txt", "--as-of", "2026-06-30")
    done = cite("verify", "--offline")
    assert done.returncode == 0
    assert "31 references: 31 verified" in done.stderr
    one = cite("verify", "durmus2023towards", "--offline", "--verbose")
    assert one.stdout.startswith("bib/listing.txt:1:1: note[R100]: ") or "verified" in one.stdout


def test_with_nobody_to_ask_the_advice_is_to_build_a_catalogue(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(RIGHT, encoding="utf-8")
    off = {f"CITE_{name}_URL": "off" for name in SERVICES}
    done = cite("verify", "refs.bib", env=off)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cite catalogue build" in done.stderr


def test_offline_without_a_catalogue_one_message_stands_for_all(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(RIGHT + WRONG, encoding="utf-8")
    done = cite("verify", "refs.bib", "--offline")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 2)
    assert "cite catalogue build" in done.stderr


@pytest.mark.usefixtures("known")
def test_prose_that_cites_nothing_is_no_listing(cite: Cite, folder: Path) -> None:
    prose = "# Methods\n\nWe follow Smith et al. (2019).\nSee [the manual](https://example.org).\n"
    (folder / "prose.md").write_text(prose, encoding="utf-8")
    (folder / "paper.tex").write_text("Nothing here.\n", encoding="utf-8")
    for name in ("prose.md", "paper.tex"):
        done = cite("verify", name, "--offline")
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"{name}: nothing is cited\n0 references\n"


def test_a_retraction_is_told(cite: Cite, folder: Path) -> None:
    items = [dict(each) for each in sample_items()]
    for item in items:
        if item.get("DOI") == "10.1145/3630106.3658979":
            notice = {
                "DOI": "10.1145/notice",
                "type": "retraction",
                "updated": {"date-parts": [[2025, 2, 3]]},
            }
            item["custom"] = {**item["custom"], "updated-by": [notice]}
    (folder / "refs.bib").write_text(
        WRONG.replace("Invented, Anna and Madeup, Bert", "Huang, Saffron and others").replace(
            "booktitle = {ICML}", "doi = {10.1145/3630106.3658979}"
        ),
        encoding="utf-8",
    )
    with MetadataServer(Corpus(items)) as server:
        done = cite("verify", "refs.bib", "--source", "crossref", env=server.environment)
    assert done.returncode == 1
    assert "retracted: retraction doi:10.1145/notice 2025-02-03" in done.stdout


@pytest.mark.usefixtures("known")
def test_a_retraction_that_was_heard_of_before_is_told_offline(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(RIGHT, encoding="utf-8")
    assert cite("add", "refs.bib").returncode == 0
    library = folder / "bib/library.json"
    items = json.loads(library.read_text(encoding="utf-8"))
    heard = {"kind": "retraction", "notice": "doi:10.1000/notice", "source": "crossref"}
    items[0].setdefault("custom", {})["status"] = [heard]
    library.write_text(json.dumps(items), encoding="utf-8")
    done = cite("verify", "--offline")
    assert done.returncode == 1
    assert "retracted: retraction doi:10.1000/notice" in done.stdout


def test_a_source_that_is_down_leaves_references_unchecked(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(UNKNOWN, encoding="utf-8")
    with MetadataServer(Corpus(sample_items())) as server:
        server.fault("crossref", "down")
        done = cite("verify", "refs.bib", "--source", "crossref", env=server.environment)
    assert done.returncode == 3
    assert "unchecked: no answer from crossref" in done.stdout
    assert "crossref" in done.stderr


LATEX = r"""\documentclass{article}
\begin{document}
It was shown \cite{oolong} and again \cite[p.~3]{collective,oolong}.
% \cite{hidden}
Nobody has \citep{gone}.
\end{document}
"""
MARKDOWN = """---
title: A paper
bibliography: refs.bib
---

It was shown [@oolong] and again [see @collective, p. 3; @oolong]. Nobody has [@gone].
"""
TYPST = """= A paper

It was shown @oolong and again @collective and @oolong. Nobody has #cite(<gone>).

#bibliography("refs.bib")
"""


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("name", "text", "options", "line"),
    [
        ("paper.tex", LATEX, ("--from", "refs.bib"), 3),
        ("paper.md", MARKDOWN, (), 6),
        ("paper.qmd", MARKDOWN, (), 6),
        ("paper.typ", TYPST, (), 3),
    ],
)
def test_of_a_document_what_it_cites_is_verified_where_it_is_cited(
    cite: Cite, folder: Path, name: str, text: str, options: tuple[str, ...], line: int
) -> None:
    (folder / "refs.bib").write_text(RIGHT + WRONG + UNKNOWN, encoding="utf-8")
    (folder / name).write_text(text, encoding="utf-8")
    done = cite("verify", name, *options, "--offline")
    assert done.returncode == 1
    assert done.stderr.endswith("2 references: 1 verified, 1 mismatch; 1 cited without a record\n")
    wrong, gone = done.stdout.splitlines()
    assert wrong.startswith(f"{name}:{line}:")
    assert "error[R101]: collective: mismatch: author is 'Anna Invented" in wrong
    assert "error[K001]: no entry for 'gone'" in gone
    assert "L002" not in done.stdout + done.stderr


@pytest.mark.usefixtures("known")
def test_reports_hold_every_place_of_a_citation_and_the_missing_keys(
    cite: Cite, folder: Path
) -> None:
    (folder / "refs.bib").write_text(RIGHT + WRONG, encoding="utf-8")
    (folder / "paper.tex").write_text(LATEX, encoding="utf-8")

    def report(form: str) -> str:
        asked = ("verify", "paper.tex", "--from", "refs.bib", "--offline", "--output-format", form)
        return cite(*asked).stdout

    told = json.loads(report("json"))
    assert told["missing"] == [{"key": "gone", "file": "paper.tex", "line": 5, "column": 19}]
    places = references(report("json"))["oolong"]["citations"]
    assert [(each["line"], each["column"]) for each in places] == [(3, 20), (3, 61)]
    github = report("github").splitlines()
    assert github[0].startswith("::error file=paper.tex,line=3,col=50,")
    assert github[1].startswith("::error file=paper.tex,line=5,col=19,")
    (run,) = json.loads(report("sarif"))["runs"]
    assert [each["ruleId"] for each in run["results"]] == ["R101", "K001"]
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (3, 50)


@pytest.mark.usefixtures("known")
def test_a_document_is_verified_with_the_records_of_the_library(cite: Cite, folder: Path) -> None:
    cite("add", ROOT / "bib/listing.txt", "--as-of", "2026-06-30")
    (folder / "paper.tex").write_text(r"As \cite{durmus2023towards} says.", encoding="utf-8")
    done = cite("verify", "paper.tex", "--offline")
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 reference: 1 verified" in done.stderr


@pytest.mark.usefixtures("known")
def test_a_listing_in_markdown_stays_a_listing(cite: Cite, folder: Path) -> None:
    listing = (ROOT / "bib/listing.txt").read_text(encoding="utf-8")
    (folder / "listing.md").write_text(listing + "\nWrite to @somebody.\n", encoding="utf-8")
    done = cite("verify", "listing.md", "--as-of", "2026-06-30", "--offline")
    assert "31 references: 31 verified" in done.stderr


def test_records_from_a_file_go_with_a_document(cite: Cite, folder: Path) -> None:
    (folder / "refs.bib").write_text(RIGHT, encoding="utf-8")
    done = cite("verify", "refs.bib", "--from", "refs.bib", "--offline")
    assert done.returncode == 2
    assert "--from goes with a document" in done.stderr
