"""OpenAlex: merged versions, cut author lists, and filters that punctuation breaks."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Date, Identifier, Name
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Link, Notice
from citeworks.resolve.openalex import parse, parse_list
from citeworks.resolve.sources import Sources
from resolve_support import record
from servers import MetadataServer
from sources_support import response

ARXIV = {"landing_page_url": "https://arxiv.org/abs/2406.07814", "version": "submittedVersion"}


def doi(value: str) -> Identifier:
    return Identifier("doi", value)


def test_dois_are_asked_for_at_once_and_matched_by_doi(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    wanted = [doi(each) for each in reversed(list(metadata_server.corpus.by_doi))]
    answers = sources["openalex"].resolve([*wanted, doi("10.9999/none")])
    for each in wanted:
        assert each in answers[each].identifiers
    assert isinstance(answers[doi("10.9999/none")], NotFound)
    sources["openalex"].resolve(wanted[::2])
    assert len(metadata_server.log) == 1


def test_the_preprint_of_a_merged_work_is_a_link(sources: Sources) -> None:
    wanted = Identifier("arxiv", "2406.07814")
    found = sources["openalex"].resolve([wanted])[wanted]
    assert found.record.text("DOI") == "10.1145/3630106.3658979"
    assert found.links == (Link(PREPRINT, wanted),)
    assert wanted not in found.identifiers


def test_the_published_version_of_a_work_that_is_a_preprint_is_a_link() -> None:
    found = parse({
        "id": "https://openalex.org/W1", "doi": "https://doi.org/10.48550/arxiv.2406.07814",
        "type": "article", "primary_location": {**ARXIV, "source": {"type": "repository"}},
        "locations": [ARXIV, {"landing_page_url": "https://doi.org/10.1145/X.1",
                              "version": "publishedVersion"}],
    })  # fmt: skip
    assert found.record.type == "article"
    assert found.linked(PUBLISHED) == (doi("10.1145/x.1"),)


def test_arxivs_doi_with_a_venue_stays_a_preprint() -> None:
    found = parse({
        "doi": "https://doi.org/10.48550/arxiv.2406.07814", "title": "T",
        "primary_location": {**ARXIV, "source": {"display_name": "NeurIPS", "type": "conference"}},
    })  # fmt: skip
    assert found.record.type == "article"
    assert "container-title" not in found.record.variables
    assert found.record.custom["venue"] == "NeurIPS"


def test_a_cut_author_list_is_incomplete(sources: Sources) -> None:
    wanted = Identifier("arxiv", "2108.07258")
    found = sources["openalex"].resolve([wanted])[wanted]
    assert (len(found.record.names()), found.is_complete) == (100, False)


@pytest.mark.parametrize("title", ["It's a trap, isn't it: A|B & C", "Ω, π and ’quotes’"])
def test_a_search_holds_no_operators(
    sources: Sources, metadata_server: MetadataServer, title: str
) -> None:
    sources["openalex"].search(record(title, "", ""))
    for asked in metadata_server.log:
        assert asked.status == 200
        assert not set(asked.query["filter"].partition(":")[2]) & set("',|&:’")


def test_a_title_is_found(sources: Sources) -> None:
    wanted = record("Being Optimistic to Be Conservative: Quickly Learning a CVaR Policy", "", "")
    assert sources["openalex"].search(wanted)[0].record.text("DOI") == "10.1609/aaai.v34i04.5870"


def test_a_doi_that_would_break_the_filter_is_not_asked_for(sources: Sources) -> None:
    assert not sources["openalex"].supports(doi("10.1000/a,b"))
    assert not sources["openalex"].supports(doi("10.1000/a|b"))


@pytest.mark.parametrize(
    ("work", "date"),
    [({"publication_date": "2020-01-01", "publication_year": 2020}, Date((2020,))),
     ({"publication_date": "2020-03-04", "publication_year": 2020}, Date((2020, 3, 4))),
     ({"publication_date": None, "publication_year": 2020}, Date((2020,))), ({}, None)],
)  # fmt: skip
def test_the_first_of_january_is_a_year(work: dict[str, Any], date: Date | None) -> None:
    assert parse(work).record.date() == date


def test_an_abstract_is_put_together_and_a_retraction_is_a_notice() -> None:
    found = parse({
        "abstract_inverted_index": {"We": [0], "do": [1, 3], "what": [2], "x": [10**9, -1, "y"]},
        "is_retracted": True,
        "authorships": [{"raw_author_name": None, "author": {"display_name": "A. B."}}, None],
    })  # fmt: skip
    assert found.record.text("abstract") == "We do what do"
    assert found.notices == (Notice("retraction"),)
    assert len(found.record.names()) == 1


@pytest.mark.parametrize("body", ["<html>", {}, [], {"results": None}, {"error": "x"}])
def test_what_is_no_list_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_list(response("openalex", body))


def test_recorded_works_are_read(shared_data: Path) -> None:
    path = shared_data / "http/recorded/refchecker_cache/openalex.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines]
    works = [work for each in told for work in (each if isinstance(each, list) else [each])]
    linked = 0
    for work in works:
        found = parse(work)
        assert found.record.text("title") == "" or found.record.names() is not None
        linked += any(each.identifier.scheme == "arxiv" for each in found.links)
        assert not {each.identifier for each in found.links} & set(found.identifiers)
    assert len(works) > 200
    assert linked > 10
    jumper = parse(works[0]).record.names()[0]
    assert jumper == Name("Jumper", "John")
