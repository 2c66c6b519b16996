"""CSL-YAML, Hayagriva and CITATION.cff, and YAML that must not be let in."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import InputError
from citeworks.exchange import citation_cff, csl_yaml, hayagriva
from citeworks.exchange.yaml_text import dump_yaml, load_yaml
from citeworks.model import Date, Name, Record

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "&a [*a]",
        "[" * 200 + "]" * 200,
        "!!python/object/apply:os.system ['true']",
        "a: 1\na: 2",
        "a: [1",
        "a: *b",
        "\ta: 1",
        "a: \x00",
    ],
)
def test_hostile_and_broken_yaml_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        load_yaml(text, "a.yaml")
    assert caught.value.location.file == "a.yaml"
    assert caught.value.location.line >= 1


def test_only_numbers_and_booleans_are_more_than_text() -> None:
    value = load_yaml("a: 2020-01-01\nb: 1.10\nc: no\nd: 12\ne: true\nf: 0x1F\ng: 012\nh:\n1: x")
    assert value == {"a": "2020-01-01", "b": "1.10", "c": "no", "d": 12, "e": True, "f": "0x1F",
                     "g": "012", "h": None, "1": "x"}  # fmt: skip
    assert load_yaml(dump_yaml(value)) == value


def test_what_pandoc_takes_as_csl_yaml_is_read() -> None:
    text = """---
references:
- id: smith2020
  type: article-journal
  title: "On samples: a *review*"
  author:
  - family: Smith
    given: John
  - literal: The Lab
  issued: 2020-05-06
  volume: 3
  language: no
- id: b2021
  type: book
  issued:
    date-parts: [[2021, 4]]
- title: without an id
...
"""
    reading = csl_yaml.load(text, file="refs.yaml")
    first, second = reading.records
    assert first.date() == Date((2020, 5, 6))
    assert (first.variables["volume"], first.text("language")) == (3, "no")
    assert second.date() == Date((2021, 4))
    assert [error.code for error in reading.errors] == ["J002"]
    assert csl_yaml.load("just: text").errors[0].code == "J002"
    with pytest.raises(InputError):
        csl_yaml.load("just text")
    assert csl_yaml.load("- id: a\n  type: book\n- id: a\n").errors[0].code == "J003"


CFF = """cff-version: 1.2.0
message: Please cite both.
title: Sampler
type: software
version: 2.1.0
doi: 10.5281/zenodo.1234
date-released: 2021-08-11
license: MIT
repository-code: https://example.org/sampler
authors:
  - family-names: Berg
    given-names: Anna
    name-particle: van der
    orcid: https://orcid.org/0000-0002-1825-0097
  - name: The Lab
preferred-citation:
  type: article
  title: On samples
  authors: [{family-names: Smith, given-names: John}]
  journal: Annals
  year: 2020
  month: 6
  start: 1
  end: 10
references:
  - type: conference-paper
    title: Proceedings of samples
    authors: [{family-names: Doe}]
    collection-title: Proc. Samples
    publisher: {name: ACM, city: New York}
"""


def test_a_citation_file_gives_all_its_works() -> None:
    software, article, paper = citation_cff.load(CFF, file="CITATION.cff").records
    assert (software.type, software.text("version"), software.text("URL")) == (
        "software",
        "2.1.0",
        "https://example.org/sampler",
    )
    assert software.names()[0] == Name("Berg", "Anna", non_dropping_particle="van der")
    assert software.date() == Date((2021, 8, 11))
    assert (article.type, article.date(), article.text("page")) == (
        "article-journal",
        Date((2020, 6)),
        "1-10",
    )
    assert (paper.text("container-title"), paper.text("publisher-place")) == (
        "Proc. Samples",
        "New York",
    )


def test_a_citation_file_has_what_the_format_demands() -> None:
    article = Record("a", "article-journal", {"title": "On samples"})
    for records in ([article], [article, Record("b", "software", {"title": "Sampler"})]):
        value = load_yaml(citation_cff.dump(records))
        assert {"cff-version", "message", "title", "authors"} <= value.keys()
        for reference in [value.get("preferred-citation"), *value.get("references", [])]:
            assert reference is None or {"type", "title", "authors"} <= reference.keys()


def test_a_citation_file_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="cff-version"):
        citation_cff.load("title: x")
    reading = citation_cff.load("cff-version: 1.2.0\ntitle: A\nreferences: [1]\n")
    assert [issue.code for issue in reading.issues] == ["X104"]


HARD = Record(
    "smith2020",
    "article-journal",
    {
        "title": "On <i>E. coli</i> & $x_1$: *all* #of @it [1] \\{~\"'",
        "author": (
            Name("Berg", "Anna", non_dropping_particle="van der", suffix="Jr."),
            Name(literal="The Lab"),
        ),
        "container-title": "Annals: of Samples",
        "container-title-short": "Ann.",
        "issued": Date((2020, 5, 6), qualifier="~"),
        "volume": "3",
        "issue": "2-3",
        "page": "1-10",
        "DOI": "10.1000/182",
        "URL": "https://example.org/a#b",
        "accessed": Date((2021, 1, 2)),
        "publisher": "No",
        "publisher-place": "Oslo",
    },
)


def test_hayagriva_puts_journal_and_volume_into_the_parent() -> None:
    entry: Any = load_yaml(hayagriva.dump([HARD]))["smith2020"]
    assert entry["type"] == "article"
    assert entry["parent"] == {
        "type": "periodical",
        "title": {"value": "Annals: of Samples", "short": "Ann."},
        "volume": 3,
        "issue": "2-3",
    }
    assert entry["author"] == [
        {"name": "Berg", "given-name": "Anna", "prefix": "van der", "suffix": "Jr."},
        {"name": "The Lab"},
    ]
    assert entry["date"] == "~2020-05-06"
    assert entry["url"] == {"value": "https://example.org/a#b", "date": "2021-01-02"}
    assert entry["publisher"] == {"name": "No", "location": "Oslo"}
    assert entry["serial-number"] == {"doi": "10.1000/182"}


@pytest.mark.slow
def test_typst_prints_what_the_records_say(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst")
    (tmp_path / "refs.yml").write_text(hayagriva.dump([HARD]), encoding="utf-8")
    main = tmp_path / "main.typ"
    main.write_text('#bibliography("refs.yml", full: true, style: "apa")\n')
    typst.compile(str(main), str(tmp_path / "main.pdf"))
    done = subprocess.run(
        ["pdftotext", "main.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    printed = " ".join(done.stdout.split())
    assert "Berg, A. van der, Jr., & The Lab. (ca. 2020)." in printed
    assert "On E. coli & $x_1$: *all* #of @it [1] \\{~" in printed
    assert "3(2–3), 1–10. https://doi.org/10.1000/182" in printed


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ("{year: 2020, month: 3}", Date((2020, 3))),
        ("[{year: 2020, month: 3, day: 1}]", Date((2020, 3, 1))),
        ("[{year: 2020}, {year: 2021}]", Date((2020,), (2021,))),
    ],
)
def test_the_dates_of_older_pandocs(issued: str, date: Date) -> None:
    text = f"references:\n- id: a\n  type: book\n  title: T\n  issued: {issued}\n"
    (record,) = csl_yaml.load(text).records
    assert (record.date(), record.custom) == (date, {})


def test_a_date_with_a_gap_is_kept_as_found() -> None:
    text = "references:\n- id: a\n  type: book\n  title: T\n  issued: {year: 2020, day: 3}\n"
    (record,) = csl_yaml.load(text).records
    assert record.custom["as-found"] == {"issued": {"year": 2020, "day": 3}}
