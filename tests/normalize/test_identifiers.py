"""Identifier variables."""

from __future__ import annotations

import pytest

from citeworks.normalize.identifiers import find_arxiv, is_doi_address, normalize_identifier


@pytest.mark.parametrize(
    ("variable", "text", "canonical"),
    [
        ("DOI", "https://doi.org/10.1145/ABC", "10.1145/abc"),
        ("ISBN", "0-262-03384-4", "9780262033848"),
        ("PMID", "PMID: 34265844", "34265844"),
        ("PMCID", "pmc8371605", "PMC8371605"),
        ("DOI", " no doi ", "no doi"),
        ("ISBN", "978-0-262-03384-9", "978-0-262-03384-9"),
    ],
)
def test_canonical_or_kept(variable: str, text: str, canonical: str) -> None:
    assert normalize_identifier(variable, text) == canonical


@pytest.mark.parametrize(
    ("doi", "url", "number", "arxiv"),
    [
        ("10.48550/arxiv.2306.16388", "", "", "2306.16388"),
        ("", "https://arxiv.org/abs/2306.16388v2", "", "2306.16388"),
        ("", "", "arXiv:hep-th/9901001", "hep-th/9901001"),
        ("10.1145/3442188", "https://example.org/2306.16388", "2306.16388", ""),
        ("", "", "", ""),
    ],
)
def test_the_arxiv_identifier_wherever_it_hides(
    doi: str, url: str, number: str, arxiv: str
) -> None:
    assert find_arxiv(doi, url, number) == arxiv


def test_addresses_that_only_say_a_doi() -> None:
    assert is_doi_address("https://doi.org/10.1145/3442188")
    assert not is_doi_address("https://example.org/10.1145/3442188")
