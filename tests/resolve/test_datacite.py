"""DataCite: arXiv's DOIs as preprints, and noisy links to published versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Date, Identifier, Name
from citeworks.resolve.datacite import parse, parse_doi_answer
from citeworks.resolve.interface import PUBLISHED, Found
from citeworks.resolve.sources import Sources
from sources_support import response


def preprint(**attributes: Any) -> Found:
    return parse({"doi": "10.48550/arXiv.2306.16388", "titles": [{"title": "T"}], **attributes})


def related(*dois: str) -> tuple[str, ...]:
    found = preprint(
        relatedIdentifiers=[
            {
                "relationType": "IsVersionOf",
                "relatedIdentifier": each,
                "relatedIdentifierType": "DOI",
            }
            for each in dois
        ]
    )
    return tuple(each.value for each in found.linked(PUBLISHED))


@pytest.mark.parametrize(
    "identifier",
    [Identifier("arxiv", "2406.07814"), Identifier("doi", "10.48550/arxiv.2406.07814")],
)
def test_an_arxiv_paper_is_found_by_its_identifier_and_by_its_doi(
    sources: Sources, identifier: Identifier
) -> None:
    assert sources["datacite"].supports(identifier)
    found = sources["datacite"].resolve([identifier])[identifier]
    assert isinstance(found, Found)
    assert found.record.names()[0] == Name("Huang", "Saffron")
    assert found.record.date() == Date((2024, 6, 12))
    assert found.record.custom["arxiv-class"] == "cs.AI"
    assert found.linked(PUBLISHED) == (Identifier("doi", "10.1145/3630106.3658979"),)


def test_a_404_is_an_answer(sources: Sources) -> None:
    identifier = Identifier("arxiv", "2401.00001")
    assert isinstance(sources["datacite"].resolve([identifier])[identifier], NotFound)


@pytest.mark.parametrize("prefix", ["10.1145/1.2", "10.18653/v1/x"])
def test_publishers_dois_are_asked_for_elsewhere(sources: Sources, prefix: str) -> None:
    assert not sources["datacite"].supports(Identifier("doi", prefix))


@pytest.mark.parametrize(
    ("written", "dois"),
    [
        ("10.1145/3630106.3658979.", ["10.1145/3630106.3658979"]),
        ("https://doi.org/10.1145/ABC", ["10.1145/abc"]),
        ('"10.1/a, 10.1/b"', []),
        ('"10.1001/a, 10.1001/b"', ["10.1001/a", "10.1001/b"]),
        ("10.1001/a;10.1001/b", ["10.1001/a", "10.1001/b"]),
        ("doi: 10.1001/a", ["10.1001/a"]),
        ("not a doi", []),
        ("10.48550/arXiv.2306.16388", []),
        ("", []),
    ],
)
def test_what_authors_typed_as_the_published_doi(written: str, dois: list[str]) -> None:
    assert related(written) == tuple(dois)


def test_the_day_is_that_of_the_first_version_and_never_the_months_of_the_identifier() -> None:
    dates = [
        {"date": "2025-03-01T00:00:00Z", "dateType": "Updated", "dateInformation": "v2"},
        {"date": "2025-03", "dateType": "Available", "dateInformation": "v1"},
        {"date": "2025-02-11T16:58:38Z", "dateType": "Submitted", "dateInformation": "v1"},
    ]
    assert preprint(dates=dates).record.date() == Date((2025, 2, 11))


def test_another_repositorys_doi_keeps_its_type_and_links_to_no_published_version() -> None:
    found = parse(
        {
            "doi": "10.5281/ZENODO.1",
            "titles": [{"title": "Some <i>data</i>"}],
            "creators": [{"name": "An Institute", "nameType": "Organizational"}, {"name": "B, A."}],
            "types": {"resourceTypeGeneral": "Dataset"},
            "publisher": {"name": "Zenodo"},
            "publicationYear": 2020,
            "relatedIdentifiers": [
                {"relationType": "IsVersionOf", "relatedIdentifier": "10.5281/zenodo.0"}
            ],
        }
    )
    assert (found.record.type, found.record.text("publisher")) == ("dataset", "Zenodo")
    assert found.record.names() == (Name(literal="An Institute"), Name("B", "A."))
    assert found.links == ()
    assert found.record.date() == Date((2020,))


@pytest.mark.parametrize("body", ["<html>", {}, {"data": None}, {"data": {"attributes": {}}}])
def test_what_is_no_record_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_doi_answer(response("datacite", body))


def test_recorded_and_real_records_are_read(shared_data: Path) -> None:
    path = shared_data / "http/recorded/datacite/dc_dois.json"
    for answer in json.loads(path.read_text(encoding="utf-8")):
        for each in json.loads(answer["body"])["data"]:
            found = parse(each["attributes"])
            assert found.record.text("DOI") == each["id"].lower()
            assert found.record.text("title")


def test_links_of_real_arxiv_records_are_well_formed(shared_data: Path) -> None:
    path = shared_data / "catalogue/20250425_arxiv_sample_1.jsonl"
    linked = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        found = parse(json.loads(line)["attributes"])
        assert found.record.custom["arxiv"]
        assert found.record.names()
        assert found.record.date()
        for identifier in found.linked(PUBLISHED):
            linked += 1
            assert identifier.value == identifier.value.strip(" .,;\"'").lower()
    assert linked > 900
