"""Finding records in an index."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeworks.model import Record
from citeworks.search.index import SearchIndex, index_path, open_index
from citeworks.search.query import parse_query
from site_support import record

RECORDS = [
    record(
        "muller2019",
        title="Measuring the <i>Opportunities</i> of Naïve Learners",
        author=[{"family": "Müller", "given": "Jürgen"}],
        issued={"date-parts": [[2019]]},
        abstract="Nothing about turbulence.",
        container_title="Journal of Learning",
        DOI="10.1000/abc.1",
    ),
    record(
        "chung2023",
        title="Turbulence in Focus",
        author=[{"family": "Chung", "given": "Wai Tong"}],
        issued={"date-parts": [[2023]]},
        custom={"tags": ["to read"], "arxiv": "2309.13457"},
    ),
    record("undated", title="Turbulence", issued={"literal": "soon"}, type="book"),
]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.json"
    path.write_text("[]", encoding="utf-8")
    return path


@pytest.fixture
def index(tmp_path: Path, library: Path) -> Iterator[SearchIndex]:
    with closing(open_index(tmp_path, library, lambda: RECORDS)) as opened:
        yield opened


def found(index: SearchIndex, text: str) -> list[str]:
    return [hit.key for hit in index.search(parse_query(text), 10)[0]]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("measure", ["muller2019"]),
        ("MULLER", ["muller2019"]),
        ("Müller naive", ["muller2019"]),
        ("learn", ["muller2019"]),
        ("oportunities", ["muller2019"]),
        ("turbulance", ["undated", "chung2023", "muller2019"]),
        ("turbulence author:chung", ["chung2023"]),
        ("abstract:turbulence", ["muller2019"]),
        ('"in focus"', ["chung2023"]),
        ('"focus in"', []),
        ("turbulence year:2023", ["chung2023"]),
        ("year:2019..", ["chung2023", "muller2019"]),
        ("year:..2019", ["muller2019"]),
        ("turbulence -focus", ["undated", "muller2019"]),
        ("year:2019.. -measuring", ["chung2023"]),
        ("tag:read", ["chung2023"]),
        ("doi:10.1000/abc.1", ["muller2019"]),
        ("arxiv:2309.13457", ["chung2023"]),
        ("type:book", ["undated"]),
        ("key:muller", ["muller2019"]),
        ("venue:learning", ["muller2019"]),
        ("nowhere", []),
        ("...", ["chung2023", "muller2019", "undated"]),
    ],
)
def test_records_are_found(index: SearchIndex, text: str, keys: list[str]) -> None:
    assert found(index, text) == keys


def test_title_counts_more_than_abstract(index: SearchIndex) -> None:
    assert found(index, "turbulence")[-1] == "muller2019"


def test_number_of_all_is_told(index: SearchIndex) -> None:
    hits, total = index.search(parse_query("turbulence"), 1)
    assert (len(hits), total) == (1, 3)


def test_index_is_kept_until_the_library_changes(tmp_path: Path, library: Path) -> None:
    made: list[str] = []

    def load() -> list[Record]:
        made.append("made")
        return RECORDS

    for _ in range(2):
        open_index(tmp_path, library, load).close()
    assert made == ["made"]
    os.utime(library, ns=(1, 1))
    open_index(tmp_path, library, load).close()
    assert made == ["made", "made"]


@pytest.mark.parametrize("junk", [b"", b"not a database", b"SQLite format 3\x00" + b"\xff" * 200])
def test_broken_index_is_made_anew(tmp_path: Path, library: Path, junk: bytes) -> None:
    path = index_path(tmp_path, library)
    path.parent.mkdir(parents=True)
    path.write_bytes(junk)
    with closing(open_index(tmp_path, library, lambda: RECORDS)) as opened:
        assert found(opened, "measure") == ["muller2019"]


def test_interrupted_making_leaves_nothing(tmp_path: Path, library: Path) -> None:
    def load() -> Iterator[Record]:
        yield RECORDS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_index(tmp_path, library, load)
    assert list((tmp_path / "search").iterdir()) == []


@given(st.text(max_size=40))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_can_be_searched_for(index: SearchIndex, text: str) -> None:
    index.search(parse_query(text.replace(":", " ")), 5)
