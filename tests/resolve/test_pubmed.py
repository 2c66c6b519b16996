"""PubMed: CSL-JSON for PMIDs and PMCIDs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Identifier
from citeworks.resolve.pubmed import parse
from citeworks.resolve.sources import Sources
from servers import Corpus, MetadataServer
from servers.corpus import paper
from sources_support import make_sources, response

PMID = Identifier("pmid", "29424689")


def test_a_paper_is_found_by_its_pmid() -> None:
    item = paper("10.7554/x", "A Study", "Ada Lovelace", (2018, 3), "article-journal",
                 DOI="10.7554/x", PMID=PMID.value, **{"container-title": "eLife"})  # fmt: skip
    with MetadataServer(Corpus([item])) as server, make_sources(server) as sources:
        found = sources["pubmed"].resolve([PMID])[PMID]
    assert found.record.text("container-title") == "eLife"
    assert found.record.text("PMID") == PMID.value
    assert set(found.identifiers) == {PMID, Identifier("doi", "10.7554/x")}


def test_an_unknown_one_is_not_found_and_others_are_not_asked_for(
    sources: Sources, metadata_server: MetadataServer
) -> None:
    assert isinstance(sources["pubmed"].resolve([PMID])[PMID], NotFound)
    assert metadata_server.log[0].query == {
        "format": "csl", "id": PMID.value, "email": "me@lab.org",
    }  # fmt: skip
    assert sources["pubmed"].supports(Identifier("pmcid", "PMC5832410"))
    assert not sources["pubmed"].supports(Identifier("doi", "10.7554/x"))


def test_an_error_with_status_200_is_an_answer() -> None:
    assert parse(response("pubmed", {"status": "error", "error": "no"}), PMID) is None


@pytest.mark.parametrize("body", ["<html>", {}, [], "null"])
def test_what_is_no_item_is_refused(body: object) -> None:
    with pytest.raises(BadResponse):
        parse(response("pubmed", body), PMID)


def test_a_recorded_item_is_read(shared_data: Path) -> None:
    path = shared_data / "http/recorded/csl_json_manubot/pubmed-scihub-study-csl.raw.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    found = parse(response("pubmed", told), PMID)
    assert found is not None
    assert found.record.names()
    assert found.record.type == "article-journal"
