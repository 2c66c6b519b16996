"""What is dumped as CSL-JSON is loaded the same, and any JSON is read or refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeworks import csl_json
from citeworks.errors import CslJsonError
from citeworks.model import Date, Name, Provenance, Record, Value
from citeworks.model.date import OPEN
from citeworks.model.variables import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    NUMBER_VARIABLES,
    TEXT_VARIABLES,
    VARIABLES,
)


def without_split_pairs(text: str) -> str:
    """A high and a low surrogate side by side are one character, in JSON as everywhere."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


TEXT = st.text(st.characters(), min_size=1, max_size=12).map(without_split_pairs)
ANY_TEXT = st.just("") | TEXT
YEARS = st.integers(-9999, 9999) | st.integers(-999_999_999, 999_999_999)
PARTS = st.one_of(
    st.tuples(YEARS),
    st.tuples(YEARS, st.integers(1, 12) | st.integers(21, 24)),
    st.tuples(YEARS, st.integers(1, 12), st.integers(1, 28)),
)
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])
DATES = st.one_of(
    st.builds(lambda start, mark: Date(start, None, mark), PARTS, QUALIFIERS),
    st.builds(Date, PARTS, PARTS | st.just(OPEN), QUALIFIERS),
    st.builds(lambda end, mark: Date((), end, mark), PARTS, QUALIFIERS),
    st.builds(lambda literal, mark: Date(literal=literal, qualifier=mark), TEXT, QUALIFIERS),
)
NAMES = st.one_of(
    st.builds(lambda literal: Name(literal=literal), TEXT),
    st.builds(
        Name, TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, st.booleans(), st.booleans()
    ),
)
WORDS = TEXT | st.integers(-(10**20), 10**20)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    **dict.fromkeys(TEXT_VARIABLES | NUMBER_VARIABLES, WORDS),
    **dict.fromkeys(NAME_VARIABLES, st.lists(NAMES, min_size=1, max_size=3).map(tuple)),
    **dict.fromkeys(DATE_VARIABLES, DATES),
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FULL = JSON.filter(lambda value: value not in (None, "", [], {}))
TIMES = st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC))
ORIGINS = st.builds(Provenance, TEXT, ANY_TEXT, st.none() | TIMES)
RESERVED = frozenset({"provenance", "csl-json", "as-found"})
UNKNOWN_NAMES = TEXT.filter(
    lambda name: name not in VARIABLES | {"id", "type", "custom"} | csl_json.LEGACY_NAMES.keys()
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    names = draw(st.lists(st.sampled_from(sorted(VARIABLES)), max_size=5, unique=True))
    variables = {name: draw(VALUES[name]) for name in names}
    custom: dict[str, Any] = draw(
        st.dictionaries(TEXT.filter(lambda name: name not in RESERVED), JSON, max_size=2)
    )
    unknown = draw(st.dictionaries(UNKNOWN_NAMES, FULL, max_size=2))
    if unknown:
        custom["csl-json"] = unknown
    provenance = {name: draw(ORIGINS) for name in names}
    return Record(
        draw(TEXT), draw(st.sampled_from(["book", "article"])), variables, provenance, custom
    )


LIBRARIES = st.lists(records(), max_size=4, unique_by=lambda record: record.key)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(LIBRARIES)
def test_records_come_back_as_they_were(library: list[Record]) -> None:
    text = csl_json.dump(library)
    assert csl_json.load(text) == sorted(library, key=lambda record: record.key)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(LIBRARIES)
def test_the_text_is_valid_utf_8_and_the_same_whatever_the_order(library: list[Record]) -> None:
    text = csl_json.dump(library)
    assert csl_json.dump(reversed(library)) == text
    assert csl_json.dump(csl_json.load(text)) == text
    assert [item["id"] for item in json.loads(text.encode("utf-8"))] == sorted(
        record.key for record in library
    )


SHAPES = st.recursive(
    st.sampled_from(
        [
            None,
            True,
            False,
            0,
            1,
            5,
            -3,
            2023,
            1.5,
            10**30,
            "",
            "1",
            "spring",
            "2023",
            "x",
            "custom",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "date-parts season circa raw literal family given suffix provenance csl-json "
                "variables source retrieved id type custom title x".split()
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
ITEMS = st.builds(
    lambda key, properties: {"id": key, **properties},
    st.sampled_from(["a", "b", 1, "1"]),
    st.dictionaries(
        st.sampled_from(
            "type title author issued accessed custom shortTitle title-short unknown".split()
        ),
        SHAPES,
        max_size=5,
    ),
)


@settings(max_examples=150)
@given(st.lists(ITEMS, max_size=3) | SHAPES)
def test_any_json_is_read_or_refused_and_reading_it_again_changes_nothing(value: object) -> None:
    try:
        loaded = csl_json.load(json.dumps(value))
    except CslJsonError:
        return
    text = csl_json.dump(loaded)
    again = csl_json.load(text)
    assert again == sorted(loaded, key=lambda record: record.key)
    assert csl_json.dump(again) == text


@settings(max_examples=200)
@given(st.text('[]{}:,"0123ideE-+.\\ \nu', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        records = csl_json.load(text)
    except CslJsonError as error:
        line = error.location.line
    else:
        line = 1
        assert all(record.key for record in records)
    assert line >= 1


@pytest.mark.parametrize("text", ['"\\ud83d"', '"\\udca9x"'])
def test_a_lone_surrogate_survives(text: str) -> None:
    (record,) = csl_json.load(f'[{{"id": "a", "title": {text}}}]')
    assert csl_json.load(csl_json.dump([record])) == [record]
    assert csl_json.dump([record]).encode("utf-8")
