"""What identifiers say by their form: venue, year, article, registrant."""

from __future__ import annotations

import pytest

from citeworks.model import Identifier
from citeworks.resolve.stated import (
    Stated,
    aaai_number,
    arxiv_year,
    is_foreign,
    is_impossible,
    stated_by,
)
from citeworks.resolve.versions import identifiers_of
from resolve_support import record


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.1109/CVPR52729.2023.00373", Stated("cvpr", 2023)),
        ("10.1109/ICASSP.2019.8682541", Stated("icassp", 2019)),
        ("https://doi.org/10.1609/AAAI.V36I6.20603", Stated("aaai", 2022)),
        ("10.18653/v1/N19-1423", Stated("naacl", 2019)),
        ("10.18653/v1/P99-1001", Stated("acl", 1999)),
        ("10.18653/v1/2021.emnlp-main.243", Stated("emnlp", 2021)),
        ("10.18653/v1/2020.findings-emnlp.1", Stated("findings", 2020)),
        ("10.21437/Interspeech.2020-2989", Stated("interspeech", 2020)),
        ("10.24963/ijcai.2021/12", Stated("ijcai", 2021)),
        ("10.1109/TPAMI.2021.3050505", None),
        ("10.18653/v1/W18-5446", None),
        ("10.1145/3534678.3539366", None),
        ("", None),
    ],
)
def test_venue_and_year_of_a_doi(doi: str, expected: Stated | None) -> None:
    assert stated_by(doi) == expected


def test_the_year_of_an_arxiv_number() -> None:
    assert [arxiv_year(each) for each in ("2310.01362", "0704.0001", "hep-th/9901001")] == [
        2023,
        2007,
        0,
    ]


def test_an_arxiv_doi_without_a_number_cannot_be() -> None:
    assert is_impossible("10.48550/arXiv.2310.XXXX")
    assert not is_impossible("10.48550/arXiv.2310.01362")
    assert not is_impossible("10.1145/1")


def test_an_article_of_aaai_is_the_same_under_doi_and_address() -> None:
    assert aaai_number("https://ojs.aaai.org/index.php/AAAI/article/view/20603") == "20603"
    wanted = record("Some Title", DOI="10.1609/AAAI.V36I6.20603")
    assert Identifier("aaai", "20603") in identifiers_of(wanted)


def test_a_registrant_is_foreign_only_where_no_dois_are_given() -> None:
    assert is_foreign("10.99997/mufzf.390970", "neurips")
    assert not is_foreign("10.99997/mufzf.390970", "cvpr")
    assert not is_foreign("10.48550/arXiv.2301.00001", "neurips")
