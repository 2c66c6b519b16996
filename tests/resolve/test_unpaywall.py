"""Unpaywall: links to what can be read, for those who give an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound, Unavailable
from citeworks.model import Identifier
from citeworks.resolve.interface import PREPRINT
from citeworks.resolve.sources import Sources
from citeworks.resolve.unpaywall import parse_answer
from servers import MetadataServer
from sources_support import make_sources, response

DOI = Identifier("doi", "10.1145/3630106.3658979")


def test_a_doi_has_its_open_copies(sources: Sources) -> None:
    found = sources["unpaywall"].resolve([DOI])[DOI]
    assert found.record.custom["open-access"] == "https://arxiv.org/pdf/2406.07814"
    assert found.linked(PREPRINT) == (Identifier("arxiv", "2406.07814"),)


def test_an_unknown_doi_is_not_found(sources: Sources) -> None:
    unknown = Identifier("doi", "10.9999/none")
    assert isinstance(sources["unpaywall"].resolve([unknown])[unknown], NotFound)


def test_a_refused_address_is_said_to_be_one(
    metadata_server: MetadataServer, tmp_path: Path
) -> None:
    with make_sources(metadata_server, contact="x@example.com", folder=tmp_path) as sources:
        answer = sources["unpaywall"].resolve([DOI])[DOI]
    assert isinstance(answer, Unavailable)
    assert "CITE_CONTACT" in answer.hint
    assert "x@example.com" not in answer.message + answer.hint


def test_without_an_address_it_is_not_asked(metadata_server: MetadataServer) -> None:
    with make_sources(metadata_server) as sources:
        assert not sources["unpaywall"].supports(DOI)
        sources["unpaywall"].resolve([DOI])
    assert metadata_server.log == []


@pytest.mark.parametrize("body", ["<html>", {}, [], {"error": True}])
def test_what_is_no_answer_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_answer(response("unpaywall", body))
