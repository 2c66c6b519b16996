"""What a reference says that cannot be, whoever knows the work."""

from __future__ import annotations

import datetime

import pytest

from citeworks.model import Record
from citeworks.resolve.contradiction import contradictions
from resolve_support import record

TODAY = datetime.date(2026, 6, 30)


def reference(year: str, venue: str = "", doi: str = "", arxiv: str = "") -> Record:
    values = {"container_title": venue, "DOI": doi, "arxiv": arxiv}
    named = {name: value for name, value in values.items() if value}
    return record("Attention Is All You Need", "Ashish Vaswani", year, **named)


@pytest.mark.parametrize(
    ("wanted", "variable", "theirs", "origin"),
    [
        (reference("2030"), "issued", "2026", "today's date"),
        (reference("2024", doi="10.48550/arXiv.2310.XXXX"), "DOI", "no number", "arXiv"),
        (reference("2019", doi="10.48550/arXiv.2310.01362"), "issued", "2023", "arxiv:2310.01362"),
        (reference("2019", arxiv="2310.01362"), "issued", "2023", "arxiv:2310.01362"),
        (
            reference("2023", "NAACL", "10.18653/v1/N19-1423"),
            "issued",
            "2019",
            "doi:10.18653/v1/N19-1423",
        ),
        (
            reference("2023", "ICML", "10.1109/CVPR52729.2023.00373"),
            "container-title",
            "IEEE/CVF Conference on Computer Vision and Pattern Recognition",
            "doi:10.1109/CVPR52729.2023.00373",
        ),
        (
            reference("2022", "Workshop on Memory Networks", "10.1609/aaai.v36i4.20376"),
            "container-title",
            "AAAI Conference on Artificial Intelligence",
            "doi:10.1609/aaai.v36i4.20376",
        ),
    ],
)
def test_what_cannot_be(wanted: Record, variable: str, theirs: str, origin: str) -> None:
    (found,) = contradictions(wanted, TODAY)
    assert (found.variable, found.theirs, found.origin) == (variable, theirs, origin)


@pytest.mark.parametrize(
    "wanted",
    [
        reference("2027"),
        reference("2016", "Annals of Mathematics", arxiv="2003.00001"),
        reference("2016", doi="10.1007/s00222-016-1", arxiv="2003.00001"),
        reference("2022", doi="10.48550/arXiv.2301.00001"),
        reference("2022", "CVPR", "10.1109/CVPR52729.2023.00373"),
        reference("2023", "CVPR Workshops", "10.1109/CVPR52729.2023.00373"),
        reference("2018", "arXiv preprint arXiv:1801.00001", "10.1109/CVPR42600.2020.00001"),
        reference("2021", "Proc. of Something", "10.1109/CVPR46437.2021.00469"),
        reference("", "CVPR"),
    ],
)
def test_what_may_be(wanted: Record) -> None:
    assert list(contradictions(wanted, TODAY)) == []
