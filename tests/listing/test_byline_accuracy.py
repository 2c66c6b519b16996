"""The accuracy promised for bylines, measured where the development data are present."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from citeworks.listing.byline import Byline, split

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT / os.environ.get("CITEWORKS_DATA", "../shared") / "listing"
pytestmark = pytest.mark.skipif(
    not (DATA / "glued-dev.jsonl").is_file(), reason="needs CITEWORKS_DATA/listing/glued-dev.jsonl"
)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    lines = (DATA / "glued-dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def results(rows: list[dict[str, Any]]) -> list[Byline]:
    return [split(row["input"]) for row in rows]


def is_right(row: dict[str, Any], result: Byline) -> bool:
    return (result.title, result.authors, result.et_al, result.affiliations) == (
        row["title"],
        row["authors"],
        row["et_al"],
        row["affiliations"],
    )


def test_all_four_parts_are_right_in_99_of_100(
    rows: list[dict[str, Any]], results: list[Byline]
) -> None:
    right = sum(map(is_right, rows, results))
    assert right / len(rows) >= 0.99


@pytest.mark.parametrize("stratum", ["ood_dev", "hard_dev"])
def test_no_stratum_falls_behind(
    rows: list[dict[str, Any]], results: list[Byline], stratum: str
) -> None:
    of_stratum = [
        is_right(row, result)
        for row, result in zip(rows, results, strict=True)
        if row["stratum"] == stratum
    ]
    assert sum(of_stratum) / len(of_stratum) >= 0.985


def test_a_confident_split_is_right_in_999_of_1000(
    rows: list[dict[str, Any]], results: list[Byline]
) -> None:
    confident = [
        is_right(row, result)
        for row, result in zip(rows, results, strict=True)
        if result.is_confident
    ]
    assert len(confident) / len(rows) >= 0.95
    assert sum(confident) / len(confident) >= 0.999


def test_a_line_costs_a_third_of_a_millisecond(rows: list[dict[str, Any]]) -> None:
    started = time.process_time()
    for row in rows:
        split(row["input"])
    assert (time.process_time() - started) / len(
        rows
    ) < 0.001  # 0.2 ms, with room for slow machines


def test_the_sample_listing_is_split_confidently() -> None:
    lines = (DATA / "seed-listing.txt").read_text(encoding="utf-8").splitlines()
    bylines = [split(lines[i], abstract=lines[i + 1]) for i in range(1, len(lines), 3)]
    assert len(bylines) == 31
    assert all(byline.is_confident for byline in bylines)
    assert sum(byline.et_al for byline in bylines) == 24
    assert sum(bool(byline.affiliations) for byline in bylines) == 17
    assert sum("Alex Tamkin" in byline.authors for byline in bylines) == 19
    assert all(len(byline.authors) == 3 for byline in bylines if byline.et_al)
    firsts = {byline.authors[0] for byline in bylines}
    assert {"Wai Tong Chung", "Jan-Philipp Fränken", "Judy Hanwen Shen", "Belinda Z. Li"} <= firsts
    endings = {byline.title.rpartition(" with ")[2] for byline in bylines}
    assert {"BLASTNet 2.0 Data", "Viewmaker Networks", "Implicit Group Norms"} <= endings
