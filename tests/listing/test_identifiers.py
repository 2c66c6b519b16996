"""Identifiers inside text."""

from __future__ import annotations

import pytest

from citeworks.listing.identifiers import find_identifiers, scan, scan_bare, trim

SICI = "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("arXiv:2306.16388v2.", ["arxiv:2306.16388"]),
        ("arXiv 2306.16388 and arXiv:hep-th/9901001", ["arxiv:2306.16388", "arxiv:hep-th/9901001"]),
        ("as in math.GT/0309136, they", ["arxiv:math/0309136"]),
        ("(https://arxiv.org/pdf/2306.16388v1.pdf)", ["arxiv:2306.16388"]),
        ("https://arxiv.org/abs/2306.16388?context=cs", ["arxiv:2306.16388"]),
        ("https://huggingface.co/papers/2306.16388", ["arxiv:2306.16388"]),
        ("https://doi.org/10.48550/arXiv.2306.16388", ["arxiv:2306.16388"]),
        ("doi:10.1000/182, and", ["doi:10.1000/182"]),
        ("(DOI 10.1000/a(b)c)", ["doi:10.1000/a(b)c"]),
        ("<i>10.1000/182</i>", ["doi:10.1000/182"]),
        ("10.1000/1,10.1000/2;10.1000/3.", ["doi:10.1000/1", "doi:10.1000/2", "doi:10.1000/3"]),
        (f"see {SICI}.", [f"doi:{SICI}"]),
        ("PMID: 123456; PMCID: PMC7654321.", ["pmid:123456", "pmcid:PMC7654321"]),
        ("https://pubmed.ncbi.nlm.nih.gov/123456/", ["pmid:123456"]),
        ("ISBN 978-0-13-468599-1", ["isbn:9780134685991"]),
        ("ISBN-10: 0-13-468599-7", ["isbn:9780134685991"]),
        ("https://aclanthology.org/P18-1234/", ["acl:P18-1234"]),
        ("in 2020.findings-emnlp.12 we", ["acl:2020.findings-emnlp.12"]),
        ("https://openreview.net/forum?id=abc_DEF-12", ["openreview:abc_DEF-12"]),
        (
            "at https://example.org/llm_global_opinions.",
            ["https://example.org/llm_global_opinions"],
        ),
        (
            "https://en.wikipedia.org/wiki/Heron_(bird))",
            ["https://en.wikipedia.org/wiki/Heron_(bird)"],
        ),
        (
            "https://link.springer.com/article/10.1007/s11263-015-0816-y/full.html?x=1",
            [
                "doi:10.1007/s11263-015-0816-y",
                "https://link.springer.com/article/10.1007/s11263-015-0816-y/full.html?x=1",
            ],
        ),
        (
            "https://www.frontiersin.org/articles/10.3389/fpsyg.2018.01234/full",
            [
                "doi:10.3389/fpsyg.2018.01234",
                "https://www.frontiersin.org/articles/10.3389/fpsyg.2018.01234/full",
            ],
        ),
        (
            "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf",
            [
                "doi:10.1101/2020.01.01.123456",
                "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf",
            ],
        ),
        ("twice 10.1000/1 and 10.1000/1", ["doi:10.1000/1"]),
    ],
)
def test_identifiers_are_found_in_canonical_form(text: str, found: list[str]) -> None:
    assert [str(identifier) for identifier in find_identifiers(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2306.16388 in the middle of prose is a number",
        "version 10.4 of 2020/12",
        "ISBN 978-0-13-468599-2",
        "call 123456789",
        "http://",
        "file name a10.1000/5",
        "PMC1",
    ],
)
def test_numbers_and_broken_identifiers_are_none(text: str) -> None:
    assert find_identifiers(text) == ()


def test_places_of_identifiers_exclude_the_punctuation_around_them() -> None:
    text = "See (https://example.org/a), doi:10.1000/5."
    assert [text[found.start : found.end] for found in scan(text)] == [
        "https://example.org/a",
        "10.1000/5",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2306.16388", ["arxiv:2306.16388"]),
        (
            "2306.16388, hep-th/9901001; 10.1000/5",
            ["arxiv:2306.16388", "arxiv:hep-th/9901001", "doi:10.1000/5"],
        ),
        ("978 0 13 468599 1", ["isbn:9780134685991"]),
        ("<https://example.org/a>", ["https://example.org/a"]),
        ("2306.16388 is a paper", []),
        ("", []),
    ],
)
def test_a_bare_number_counts_where_nothing_else_stands(text: str, found: list[str]) -> None:
    assert [str(i) for item in scan_bare(text) for i in item.identifiers] == found


@pytest.mark.parametrize(
    ("token", "trimmed"),
    [
        ("10.1000/a).", "10.1000/a"),
        ("10.1000/a(b)", "10.1000/a(b)"),
        ("10.1000/a](x", "10.1000/a"),
        ("https://a.b/c**", "https://a.b/c"),
        ("https://a.b/c?d=e!", "https://a.b/c?d=e"),
        ("...", ""),
    ],
)
def test_sentence_punctuation_is_trimmed(token: str, trimmed: str) -> None:
    assert trim(token) == trimmed
