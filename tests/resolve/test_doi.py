"""doi.org: content negotiation across a redirect, agencies, and answers of all kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound, Unavailable
from citeworks.model import Date, Identifier, Name
from citeworks.resolve.csl_payload import parse_item
from citeworks.resolve.doi import parse_agency, parse_csl
from citeworks.resolve.sources import Sources
from servers import MetadataServer
from sources_support import response


def doi(value: str) -> Identifier:
    return Identifier("doi", value)


def test_a_doi_is_found_across_the_redirect_to_its_agency(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    wanted = doi("10.1145/3630106.3658979")
    found = sources["doi"].resolve([wanted])[wanted]
    assert found.record.type == "paper-conference"
    assert found.record.text("page") == "1395-1417"
    assert [each.service for each in metadata_server.log] == ["doi", "crossref"]
    assert {each.locator for each in found.record.provenance.values()} == {str(wanted)}


def test_an_arxiv_doi_is_a_preprint(sources: Sources) -> None:
    wanted = doi("10.48550/arxiv.2406.07814")
    found = sources["doi"].resolve([wanted])[wanted]
    assert found.record.type == "article"
    assert Identifier("arxiv", "2406.07814") in found.identifiers


def test_an_html_404_is_an_answer(sources: Sources) -> None:
    wanted = doi("10.9999/none")
    assert isinstance(sources["doi"].resolve([wanted])[wanted], NotFound)


def test_a_redirect_to_a_private_address_is_refused(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    metadata_server.fault("doi", "elsewhere", to="http://169.254.169.254/latest/meta-data")
    wanted = doi("10.1145/3630106.3658979")
    assert isinstance(sources["doi"].resolve([wanted])[wanted], Unavailable)


@pytest.mark.parametrize(
    ("value", "agency"),
    [("10.1145/3630106.3658979", "Crossref"), ("10.48550/arxiv.2406.07814", "DataCite"),
     ("10.9999/none", "")],
)  # fmt: skip
def test_who_registered_a_doi(sources: Sources, value: str, agency: str) -> None:
    assert sources["doi"].agency(value) == agency


@pytest.mark.parametrize("body", ["<html>", {}, [], {"DOI": "nonsense"}, "null"])
def test_what_is_no_item_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_csl(response("doi", body))


@pytest.mark.parametrize("body", ["<html>", {}, "null"])
def test_what_is_no_agency_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_agency(response("doi", body))


def test_the_answer_to_no_doi_is_nothing() -> None:
    html = "<html><body>Error: Not a DOI</body></html>"
    assert parse_csl(response("doi", html, 400, "text/html")) is None


def test_lists_nulls_and_extra_keys_are_read() -> None:
    found = parse_item("doi", "doi:10.1000/x", {
        "type": "proceedings-article", "DOI": "10.1000/X", "title": ["One", "Two"],
        "container-title": "A &amp; B", "issued": {"date-parts": [[None]]}, "page": "1--9",
        "author": [{"family": "de With", "given": "Peter"}, {"literal": "A Group"}, None],
        "ISBN": ["http://id.crossref.org/isbn/9780306406157"], "score": 1.0, "source": "Crossref",
        "abstract": "<jats:p>We do.</jats:p>", "editor": None, "PMID": 123,
    })  # fmt: skip
    record = found.record
    assert record.type == "paper-conference"
    assert (record.text("title"), found.titles) == ("One", ("Two",))
    assert record.text("container-title") == "A & B"
    assert record.date() is None
    assert record.names() == (
        Name("With", "Peter", non_dropping_particle="de"), Name(literal="A Group"),
    )  # fmt: skip
    assert record.text("page") == "1-9"
    assert record.text("ISBN") == "9780306406157"
    assert record.text("abstract") == "We do."
    assert {"score", "source"}.isdisjoint(record.variables)
    assert Identifier("pmid", "123") in found.identifiers


def test_a_raw_date_is_read() -> None:
    found = parse_item("doi", "", {"title": "T", "issued": {"raw": "2016-05-04"}})
    assert found.record.date() == Date((2016, 5, 4))


def test_recorded_items_are_read(shared_data: Path) -> None:
    folder = shared_data / "http/recorded/csl_json_manubot"
    read = 0
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for item in told if isinstance(told, list) else [told]:
            found = parse_item("doi", "", item)
            assert found.record.provenance.keys() == found.record.variables.keys()
            read += 1
    assert read >= 8
