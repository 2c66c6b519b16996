"""Semantic Scholar: nulls in batches, missing data, and one paper for all versions."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Date, Identifier
from citeworks.resolve.interface import PREPRINT, PUBLISHED
from citeworks.resolve.semanticscholar import FIELDS, parse, parse_batch, parse_search
from citeworks.resolve.sources import Sources
from resolve_support import record
from servers import MetadataServer
from sources_support import response


def test_null_stands_in_the_place_of_what_is_unknown(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    known = [Identifier("arxiv", "2310.17230"), Identifier("doi", "10.1609/aaai.v34i04.5870")]
    unknown = [Identifier("arxiv", "2401.00001"), Identifier("doi", "10.9999/none")]
    wanted = [unknown[0], known[0], unknown[1], known[1]]
    answers = sources["semanticscholar"].resolve(wanted)
    assert all(isinstance(answers[each], NotFound) for each in unknown)
    assert answers[known[0]].record.text("title").startswith("Codebook")
    assert answers[known[1]].record.text("title").startswith("Being Optimistic")
    sources["semanticscholar"].resolve(wanted)
    assert len(metadata_server.log) == 1
    assert json.loads(metadata_server.log[0].body)["ids"][0] == "ARXIV:2401.00001"


def test_a_list_of_another_length_answers_nobody(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    wanted = Identifier("arxiv", "2310.17230")
    metadata_server.fault("semanticscholar", "html")
    assert isinstance(sources["semanticscholar"].resolve([wanted])[wanted], BadResponse)


def test_a_paper_with_two_versions_links_to_both_and_claims_no_venue(sources: Sources) -> None:
    wanted = Identifier("arxiv", "2310.17230")
    found = sources["semanticscholar"].resolve([wanted])[wanted]
    assert found.linked(PREPRINT) == (wanted,)
    assert found.linked(PUBLISHED) == (Identifier("dblp", "conf/icml/TamkinTG24"),)
    assert {"issued", "container-title"}.isdisjoint(found.record.variables)
    assert found.record.custom["venue"].startswith("Forty-first")


def test_a_preprint_alone_is_one(sources: Sources) -> None:
    wanted = Identifier("doi", "10.48550/arxiv.2108.07258")
    found = sources["semanticscholar"].resolve([wanted])[wanted]
    assert found.identifiers[0] == Identifier("arxiv", "2108.07258")
    assert found.linked(PUBLISHED) == ()
    assert found.record.date() == Date((2021, 8, 16))
    assert len(found.record.names()) == 114


def test_all_published_identifiers_are_links() -> None:
    found = parse({
        "title": "T", "externalIds": {
            "ArXiv": "2202.12312", "DOI": "10.18653/V1/2023.emnlp-main.198", "CorpusId": 5,
            "ACL": "2023.emnlp-main.198", "DBLP": "conf/emnlp/WuTP23", "PubMed": "77",
        },
    })  # fmt: skip
    assert [str(each) for each in found.linked(PUBLISHED)] == [
        "doi:10.18653/v1/2023.emnlp-main.198", "acl:2023.emnlp-main.198",
        "dblp:conf/emnlp/WuTP23", "pmid:77",
    ]  # fmt: skip
    assert found.identifiers == (Identifier("s2", "5"),)


def test_a_twin_on_corr_is_no_published_version() -> None:
    external = {"ArXiv": "2202.12312", "DBLP": "journals/corr/abs-2202-12312"}
    assert parse({"externalIds": external}).linked(PUBLISHED) == ()


@pytest.mark.parametrize("venue", ["arXiv.org", "ArXiv", "CoRR", "bioRxiv"])
def test_a_repository_is_no_venue(venue: str) -> None:
    found = parse({"title": "T", "venue": venue, "externalIds": {"DOI": "10.1000/x"}})
    assert "container-title" not in found.record.variables


def test_a_match_is_found_and_no_match_is_empty(sources: Sources) -> None:
    wanted = record("How AI Impacts Skill Formation", "", "")
    (found,) = sources["semanticscholar"].search(wanted)
    assert found.record.text("title") == "How AI Impacts Skill Formation"
    assert not sources["semanticscholar"].search(record("Zzyzx qwertz", "", ""))


def test_only_known_fields_are_asked_for(sources: Sources, metadata_server: MetadataServer) -> None:
    sources["semanticscholar"].search(record("How AI Impacts Skill Formation", "", ""))
    sources["semanticscholar"].resolve([Identifier("arxiv", "2310.17230")])
    assert {each.status for each in metadata_server.log} == {200}
    assert "doi" not in FIELDS.split(",")


def test_an_unknown_field_is_an_error_and_not_nothing() -> None:
    body = {"error": "Unrecognized or unsupported fields: [doi]"}
    with pytest.raises(BadResponse):
        parse_search(response("semanticscholar", body, 400))
    with pytest.raises(BadResponse):
        parse_batch(response("semanticscholar", body, 400))


@pytest.mark.parametrize("body", ["<html>", [], "null"])
def test_what_is_no_search_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_search(response("semanticscholar", body))


def test_recorded_answers_are_read(shared_data: Path) -> None:
    folder = shared_data / "http/recorded/semanticscholar"

    def told(name: str) -> dict[str, Any]:
        answers = json.loads((folder / name).read_text(encoding="utf-8"))
        return dict(answers[0])

    empty = told("test_empty_paginated_results.json")
    assert parse_search(response("semanticscholar", empty["body"])) == []
    missing = told("test_not_found.json")
    assert parse_search(response("semanticscholar", missing["body"], missing["status"])) == []
    match = told("test_search_paper_match_title.json")
    assert parse_search(response("semanticscholar", match["body"]))
    batch = told("test_get_papers.json")
    assert len(parse_batch(response("semanticscholar", batch["body"]))) == 3


def test_recorded_papers_are_read(shared_data: Path) -> None:
    path = shared_data / "http/recorded/refchecker_cache/semantic_scholar.jsonl.gz"
    papers = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            papers += value if isinstance(value, list) else [value]
    merged = 0
    for paper in papers:
        found = parse(paper)
        assert found.record.text("title")
        assert not {each.identifier for each in found.links} & set(found.identifiers)
        merged += bool(found.linked(PREPRINT) and found.linked(PUBLISHED))
    assert len(papers) > 400
    assert merged > 50
