"""Identifiers: what people paste, in canonical form or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks.model import Identifier
from citeworks.model.identifier import (
    PARSERS,
    parse_arxiv,
    parse_doi,
    parse_identifier,
    parse_isbn,
    parse_pmcid,
    parse_pmid,
    parse_url,
)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("doi:10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("DOI: 10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("https://doi.org/10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("http://dx.doi.org/10.1038/S41586-021-03819-2", "10.1038/s41586-021-03819-2"),
        ("https://doi.org/10.1002%2Fabc", "10.1002/abc"),
        (
            "10.1002/(SICI)1097-4571(1998)49:8<693::AID-ASI4>3.0.CO;2-O",
            "10.1002/(sici)1097-4571(1998)49:8<693::aid-asi4>3.0.co;2-o",
        ),
        ("10.1000.10/123", "10.1000.10/123"),
        ("10.48550/arXiv.2306.16388", "10.48550/arxiv.2306.16388"),
        ("https://doi.org/10.1145/3442188.3445922.", "10.1145/3442188.3445922"),
        ("10.1145/.", ""),
        ("10.1/x", ""),
        ("11.1145/3442188", ""),
        ("10.1145", ""),
        ("10.1145/a b", ""),
        ("see 10.1145/3442188", ""),
        ("", ""),
    ],
)
def test_doi(text: str, doi: str) -> None:
    assert parse_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "arxiv"),
    [
        ("2306.16388", "2306.16388"),
        ("0704.0001", "0704.0001"),
        ("arXiv:2306.16388v2", "2306.16388"),
        ("arxiv: 2306.16388", "2306.16388"),
        ("https://arxiv.org/abs/2306.16388", "2306.16388"),
        ("https://arxiv.org/pdf/2306.16388v1.pdf", "2306.16388"),
        ("http://export.arxiv.org/abs/2306.16388", "2306.16388"),
        ("https://arxiv.org/html/2306.16388v1", "2306.16388"),
        ("10.48550/arXiv.2306.16388", "2306.16388"),
        ("https://doi.org/10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("arXiv:math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/cond-mat/0211034v3", "cond-mat/0211034"),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", "hep-th/9901001"),
        ("arXiv:2306.16388v2 [cs.CL]", "2306.16388"),
        ("arXiv:hep-th/9901001 [hep-th].", "hep-th/9901001"),
        ("2306.16388,", "2306.16388"),
        ("2313.16388", ""),
        ("2306.163", ""),
        ("2306.163888", ""),
        ("foo/9901001", ""),
        ("10.1145/3442188", ""),
        ("", ""),
    ],
)
def test_arxiv(text: str, arxiv: str) -> None:
    assert parse_arxiv(text) == arxiv


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("34265844", "34265844"),
        ("PMID: 34265844", "34265844"),
        ("pmid 34265844", "34265844"),
        ("https://pubmed.ncbi.nlm.nih.gov/34265844/", "34265844"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/34265844", "34265844"),
        ("PMID: 34265844.", "34265844"),
        ("034265844", ""),
        ("1234567890", ""),
        ("PMC8371605", ""),
    ],
)
def test_pmid(text: str, pmid: str) -> None:
    assert parse_pmid(text) == pmid


@pytest.mark.parametrize(
    ("text", "pmcid"),
    [
        ("PMC8371605", "PMC8371605"),
        ("pmc8371605", "PMC8371605"),
        ("PMCID: PMC8371605", "PMC8371605"),
        ("PMC8371605.2", "PMC8371605"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8371605/", "PMC8371605"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC8371605/", "PMC8371605"),
        ("8371605", ""),
    ],
)
def test_pmcid(text: str, pmcid: str) -> None:
    assert parse_pmcid(text) == pmcid


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("978-0-262-03384-8", "9780262033848"),
        ("9780262033848", "9780262033848"),
        ("ISBN 978 0 262 03384 8", "9780262033848"),
        ("ISBN-13: 978-0-262-03384-8", "9780262033848"),
        ("urn:isbn:9780262033848", "9780262033848"),
        ("0-262-03384-4", "9780262033848"),
        ("080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("ISBN 978-0-262-03384-8.", "9780262033848"),
        ("978-0-262-03384-9", ""),
        ("0-262-03384-5", ""),
        ("1234567890123", ""),
        ("12345", ""),
    ],
)
def test_isbn(text: str, isbn: str) -> None:
    assert parse_isbn(text) == isbn


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2306.16388", Identifier("arxiv", "2306.16388")),
        ("10.48550/arXiv.2306.16388", Identifier("arxiv", "2306.16388")),
        ("https://doi.org/10.1145/3442188", Identifier("doi", "10.1145/3442188")),
        ("pmid:34265844", Identifier("pmid", "34265844")),
        ("https://pubmed.ncbi.nlm.nih.gov/34265844/", Identifier("pmid", "34265844")),
        ("PMC8371605", Identifier("pmcid", "PMC8371605")),
        ("978-0-262-03384-8", Identifier("isbn", "9780262033848")),
        ("https://example.org/a", Identifier("url", "https://example.org/a")),
        ("34265844", None),
        ("a paper about something", None),
        ("", None),
    ],
)
def test_the_most_specific_scheme_wins(text: str, identifier: Identifier | None) -> None:
    assert parse_identifier(text) == identifier


def test_an_address_needs_a_host_and_no_spaces() -> None:
    assert parse_url(" https://example.org/a_b ") == "https://example.org/a_b"
    assert parse_url("ftp://example.org") == ""
    assert parse_url("https://a b") == ""


def test_identifiers_are_written_with_their_scheme() -> None:
    assert str(Identifier("arxiv", "2306.16388")) == "arxiv:2306.16388"
    assert str(Identifier("url", "https://example.org")) == "https://example.org"


@given(st.text(max_size=60))
def test_a_canonical_identifier_is_its_own_canonical_form(text: str) -> None:
    for parse in PARSERS.values():
        if found := parse(text):
            assert parse(found) == found


@pytest.mark.parametrize("text", ["9" * 1_000_000, "a-" * 500_000, "10.1145/" + "(" * 1_000_000])
def test_a_megabyte_is_answered(text: str) -> None:
    found = parse_identifier(text)
    assert found is None or found.value == text
