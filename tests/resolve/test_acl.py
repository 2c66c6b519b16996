"""The ACL Anthology: identifiers and DOIs both ways, and .bib files."""

from __future__ import annotations

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Date, Identifier
from citeworks.resolve.acl import anthology_id, parse
from citeworks.resolve.sources import Sources
from sources_support import response


@pytest.mark.parametrize(
    ("value", "identifier"),
    [
        ("10.18653/v1/2023.emnlp-main.198", "2023.emnlp-main.198"),
        ("10.18653/v1/p19-1001", "P19-1001"),
        ("10.18653/V1/N18-2", ""),
        ("P19-1001", "P19-1001"),
        ("2020.findings-emnlp.125", "2020.findings-emnlp.125"),
        ("https://aclanthology.org/2020.findings-emnlp.125/", "2020.findings-emnlp.125"),
        ("https://aclanthology.org/P19-1001.pdf", "P19-1001"),
        ("https://www.aclweb.org/anthology/P19-1001v2.pdf", "P19-1001"),
        ("10.1162/tacl_a_00001", ""),
        ("../../etc/passwd", ""),
        ("", ""),
    ],
)
def test_identifiers_are_found_in_dois_and_addresses(value: str, identifier: str) -> None:
    assert anthology_id(value) == identifier


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier("acl", "2023.emnlp-main.198"),
        Identifier("doi", "10.18653/v1/2023.emnlp-main.198"),
    ],
)  # fmt: skip
def test_a_paper_is_found(sources: Sources, identifier: Identifier) -> None:
    assert sources["acl"].supports(identifier)
    found = sources["acl"].resolve([identifier])[identifier]
    assert found.record.type == "paper-conference"
    assert found.record.date() == Date((2023, 12))
    assert found.record.text("page") == "3280-3289"
    assert found.record.provenance["title"].locator == "acl:2023.emnlp-main.198"
    assert {each.scheme for each in found.identifiers} == {"acl", "doi"}


def test_what_is_not_there_and_what_is_no_identifier(sources: Sources) -> None:
    missing = Identifier("acl", "P19-1001")
    assert isinstance(sources["acl"].resolve([missing])[missing], NotFound)
    for other in (Identifier("doi", "10.1145/1.2"), Identifier("acl", "../x")):
        assert not sources["acl"].supports(other)


@pytest.mark.parametrize("body", ["", "<html>", "@comment{x}"])
def test_what_is_no_bib_file_is_refused(body: str) -> None:
    with pytest.raises(BadResponse):
        parse(response("acl", body), "P19-1001")
