"""RIS as it is met: what databases write, and what breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest
import rispy

from citeworks.exchange.ris import dump, load, read_date
from citeworks.model import Date, Name, Record

SMITH, BERG = Name("Smith", "John"), Name("Berg", "Anna")
HEAD = "TY  - JOUR\n"


def one(body: str, head: str = HEAD) -> Record:
    reading = load(head + body + "ER  - \n")
    assert reading.issues == []
    [record] = reading.records
    return record


@pytest.mark.parametrize(
    ("body", "variables"),
    [
        ("T1  - A title\nT1  - Another\n", {"title": "A title"}),
        ("TI  - A title that\n      continues here\n", {"title": "A title that continues here"}),
        ("TI  - A title that\ncontinues here\n", {"title": "A title that continues here"}),
        ("JF  - Annals\nJO  - Ann.\n",
         {"container-title": "Annals", "container-title-short": "Ann."}),
        ("T2  - Annals\nJF  - Annals\n", {"container-title": "Annals"}),
        ("JA  - Ann.\n", {"container-title": "Ann."}),
        ("SP  - 1\nEP  - 10\n", {"page": "1-10"}),
        ("SP  - 1-10\nEP  - 10\n", {"page": "1-10"}),
        ("SP  - 7\nEP  - 7\n", {"page": "7"}),
        ("EP  - 10\n", {"page": "10"}),
        ("PY  - 2020/05/06/\n", {"issued": Date((2020, 5, 6))}),
        ("Y1  - 2020///\n", {"issued": Date((2020,))}),
        ("PY  - 2020\nDA  - 2020/05/06\n", {"issued": Date((2020, 5, 6))}),
        ("PY  - 2020\nDA  - 2020/05//\n", {"issued": Date((2020, 5))}),
        ("SN  - 0317-8471\n", {"ISSN": "0317-8471"}),
        ("SN  - 978-0-306-40615-7\n", {"ISBN": "978-0-306-40615-7"}),
        ("DO  - https://doi.org/10.1000/182\n", {"DOI": "10.1000/182"}),
        ("N1  - doi: 10.1000/182\n", {"DOI": "10.1000/182", "note": "doi: 10.1000/182"}),
        ("L3  - 10.1000/182\n", {"DOI": "10.1000/182"}),
        ("M3  - 10.1000/182\n", {"DOI": "10.1000/182", "genre": "10.1000/182"}),
        ("UR  - http://dx.doi.org/10.1000/182\n",
         {"DOI": "10.1000/182", "URL": "http://dx.doi.org/10.1000/182"}),
        ("AU  - Smith, John\nA1  - Berg, Anna\n", {"author": (SMITH, BERG)}),
        ("AU  - John Smith\n", {"author": (SMITH,)}),
        ("AU  - The Health Office,\n", {"author": (Name(literal="The Health Office"),)}),
        ("AU  - Smith, John, Jr.\n", {"author": (Name("Smith", "John", suffix="Jr."),)}),
        ("A1  - Smith,John,,Jr.\n", {"author": (Name("Smith", "John", suffix="Jr."),)}),
        ("A1  - Smith,John,M.,III\n", {"author": (Name("Smith", "John M.", suffix="III"),)}),
        ("AU  - Smith,, Jones,, Inc.,\n", {"author": (Name(literal="Smith, Jones, Inc."),)}),
        ("AU  - Smith, Jane,, Company\n", {"author": (Name(literal="Smith, Jane, Company"),)}),
        ("KW  - one\nKW  - two\n", {"keyword": "one; two"}),
        ("N1  - one\nN1  - two\n", {"note": "one\ntwo"}),
        ("VL - 3\nIS -4\n", {"volume": "3", "issue": "4"}),
    ],
)  # fmt: skip
def test_habits_of_databases_are_read(body: str, variables: dict[str, object]) -> None:
    assert dict(one(body).variables) == variables


def test_other_line_ends_marks_and_encodings_are_read() -> None:
    text = HEAD + "TI  - Größe\nER  - \n"
    for data in (
        text.encode("latin-1"),
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
        text.encode("utf-16"),
    ):
        assert [record.text("title") for record in load(data).records] == ["Größe"]


def test_a_record_without_its_end_is_kept_and_reported() -> None:
    reading = load(HEAD + "TI  - A\n" + HEAD + "TI  - B\n", file="a.ris")
    assert [record.text("title") for record in reading.records] == ["A", "B"]
    assert [(issue.code, issue.location.line) for issue in reading.issues] == [
        ("X101", 1),
        ("X101", 3),
    ]


def test_every_other_line_is_reported() -> None:
    reading = load("Provider: X\n\n" + HEAD + "TI  - A\nER  - \ntrailer\nTY  - WHAT\nER  - \n")
    assert [(issue.code, issue.location.line) for issue in reading.issues] == [
        ("X102", 1),
        ("X102", 6),
        ("X103", 7),
    ]
    assert [record.type for record in reading.records] == ["article-journal", "document"]
    assert reading.records[1].custom["ris"] == {"TY": ["WHAT"]}


def test_values_cannot_break_out_of_their_line() -> None:
    text = dump([Record("a", "book", {"title": "A\nER  - \nTY  - BOOK", "note": "x\r\nTI  - y"})])
    [record] = load(text).records
    assert record.text("title") == "A ER  - TY  - BOOK"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", Date((2020,))),
        ("2020/13/40", Date(literal="2020/13/40")),
        ("2020/05/06/Spring", Date((2020, 5, 6))),
        ("2020-05", Date((2020, 5))),
        ("June 2020", Date(literal="June 2020")),
    ],
)
def test_dates(text: str, date: Date) -> None:
    assert read_date(text) == date


def test_another_program_reads_what_we_write() -> None:
    record = Record(
        "smith2020",
        "article-journal",
        {
            "title": "On samples",
            "author": (SMITH, replace(BERG, non_dropping_particle="van der")),
            "issued": Date((2020, 5)),
            "page": "1-10",
            "DOI": "10.1000/182",
            "keyword": "one; two",
        },
    )  # fmt: skip
    [found] = rispy.loads(dump([record]))
    assert found["type_of_reference"] == "JOUR"
    assert found["title"] == "On samples"
    assert found["authors"] == ["Smith, John", "van der Berg, Anna"]
    assert (found["start_page"], found["end_page"]) == ("1", "10")
    assert (found["year"], found["doi"], found["keywords"]) == (
        "2020",
        "10.1000/182",
        ["one", "two"],
    )


def test_the_dates_and_serials_of_databases() -> None:
    text = "TY  - JOUR\nTI  - T\nPY  - {}\nSN  - 00280836 (ISSN)\nER  - \n"
    for written, date in (
        ("2019 MAR", Date((2019, 3))),
        ("2019 MAR 15", Date((2019, 3, 15))),
        ("2015///", Date((2015,))),
        ("2001/02//Spring", Date((2001, 2))),
        ("10-12 July 2019", Date(literal="10-12 July 2019")),
    ):
        (record,) = load(text.format(written)).records
        assert record.date() == date
        assert record.text("ISSN") == "00280836"
        (again,) = load(dump([record])).records
        assert (again.date(), again.custom) == (date, record.custom)
    (noted,) = load(text.format("2001/02//Spring")).records
    assert noted.custom["ris"] == {"PY": ["2001/02//Spring"]}
