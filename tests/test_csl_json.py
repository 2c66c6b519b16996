"""CSL-JSON: places in error messages, shapes, old names, and time in proportion to the text."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworks import csl_json
from citeworks.errors import CslJsonError
from citeworks.model import Date, Name, Provenance, Record


def refusal(text: str) -> CslJsonError:
    with pytest.raises(CslJsonError) as refused:
        csl_json.load(text, file="library.json")
    return refused.value


def load_item(**properties: object) -> Record:
    (record,) = csl_json.load(json.dumps([{"id": "a", "type": "book", **properties}]))
    return record


def test_an_array_and_a_single_object_are_read() -> None:
    assert [record.key for record in csl_json.load('[{"id": "a"}, {"id": "b"}]')] == ["a", "b"]
    assert [record.key for record in csl_json.load('\ufeff {"id": "a"}\n')] == ["a"]
    assert csl_json.load("[ ]") == []


def test_records_without_origins_are_from_their_place_in_the_file() -> None:
    (record,) = csl_json.load('[\n{"id": "a", "title": "A"}]', file="my.json")
    assert record.provenance == {"title": Provenance("csl-json", "my.json:2")}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('[\n  {"id": "a"}\n  {"id": "b"}\n]', "3:3", "expecting ',' delimiter"),
        ('[\n  {"id": "a",\n', "3:1", "expecting property name"),
        ('[{"id": "a"}', "1:13", "expecting ',' delimiter"),
        ('[{"id": "a"},]', "1:14", "expecting value"),
        ('[{"id": "a"}] x', "1:15", "extra data"),
        ('{"id": "a"}\n{"id": "b"}', "2:1", "extra data"),
        ("", "1:1", "expecting value"),
        ("@article{a,}", "1:1", "expecting value"),
        ('[\n{"id": "a", "volume": NaN}]', "2:1", "expecting a number"),
        ('[{"id": "a", "volume": ' + "9" * 5_000 + "}]", "1:2", "expecting a number"),
    ],
)
def test_broken_json_is_refused_at_its_place(text: str, place: str, message: str) -> None:
    error = refusal(text)
    assert str(error.location) == f"library.json:{place}"
    assert message in error.message


def test_the_source_line_is_shown_unless_it_is_endless() -> None:
    assert refusal('[\n{"id" "a"}\n]').location.source_line == '{"id" "a"}'
    assert refusal('["' + "a" * 1_000_000).location.source_line == ""


def test_two_items_with_one_id_are_refused_with_both_lines() -> None:
    error = refusal('[\n{"id": "a"},\n{"id": "b"},\n{"id": "a"}]')
    assert (error.code, str(error.location)) == ("J003", "library.json:4")
    assert "line 2" in error.hint


def test_a_number_as_an_id_is_its_text() -> None:
    assert csl_json.load('[{"id": 7}]')[0].key == "7"
    assert refusal('[{"id": 7}, {"id": "7"}]').code == "J003"


@pytest.mark.parametrize("item", ["{}", '{"id": ""}', '{"id": null}', '{"id": true}', '{"id": []}'])
def test_an_item_without_a_usable_id_is_refused(item: str) -> None:
    error = refusal(f'[{{"id": "a"}},\n{item}]')
    assert (error.code, error.location.line) == ("J002", 2)


@pytest.mark.parametrize("item", ['"a"', "1", "[]", "null"])
def test_an_item_that_is_no_object_is_refused(item: str) -> None:
    assert refusal(f'[{{"id": "a"}},\n{item}]').location.line == 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("author", "Esin Durmus"),
        ("author", {"family": "Durmus"}),
        ("author", [1]),
        ("issued", 2023),
        ("issued", [[2023]]),
        ("issued", {"date-parts": [["June"]]}),
        ("issued", {"date-parts": 2023}),
        ("title", ["A"]),
        ("title", {"a": 1}),
        ("title", True),
        ("type", ["book"]),
    ],
)
def test_a_variable_of_the_wrong_shape_is_refused_by_name(variable: str, value: object) -> None:
    error = refusal(json.dumps([{"id": "a", variable: value}]))
    assert error.code == "J004"
    assert repr(variable) in error.message
    assert error.hint


def test_old_property_names_become_variables() -> None:
    record = load_item(shortTitle="S", journalAbbreviation="J.")
    assert record.variables == {"title-short": "S", "container-title-short": "J."}


def test_an_old_name_beside_its_variable_is_kept_aside() -> None:
    record = load_item(**{"shortTitle": "old", "title-short": "new"})
    assert record.text("title-short") == "new"
    assert record.custom == {"csl-json": {"shortTitle": "old"}}
    assert csl_json.load(csl_json.dump([record])) == [record]


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ({"date-parts": [[2023, 6, 28]]}, Date((2023, 6, 28))),
        ({"date-parts": [["2023", "6"]]}, Date((2023, 6))),
        ({"date-parts": [[2023, None]]}, Date((2023,))),
        ({"date-parts": [[2019], [2021]]}, Date((2019,), (2021,))),
        ({"date-parts": [[2019], []]}, Date((2019,), ())),
        ({"date-parts": [[2023]], "season": 2}, Date((2023, 22))),
        ({"date-parts": [[2023]], "season": "Fall"}, Date((2023, 23))),
        ({"date-parts": [[1850]], "circa": True}, Date((1850,), qualifier="~")),
        ({"date-parts": [[1850]], "circa": "?"}, Date((1850,), qualifier="?")),
        ({"date-parts": [[1850]], "circa": 0}, Date((1850,))),
        ({"date-parts": [[2023, 2, 30]]}, Date(literal="2023-2-30")),
        ({"literal": "in press"}, Date(literal="in press")),
        ({"raw": "2023-06"}, Date((2023, 6))),
        ({"raw": "1850", "circa": 1}, Date((1850,), qualifier="~")),
        ({"raw": "June 2023"}, Date(literal="June 2023")),
        ("2019/2021", Date((2019,), (2021,))),
    ],
)
def test_dates(written: object, date: Date) -> None:
    assert load_item(issued=written).date() == date


def test_dates_are_written_as_csl_has_them() -> None:
    assert csl_json.dump_date(Date((2023, 21))) == {"date-parts": [[2023]], "season": 1}
    assert csl_json.dump_date(Date((2019,), ())) == {"date-parts": [[2019], []]}
    assert csl_json.dump_date(Date((1850,), qualifier="~"))["circa"] is True


def test_names() -> None:
    written = [
        {"family": "Berg", "given": "Jan", "dropping-particle": "van der", "suffix": "Jr."},
        {"literal": "OpenAI", "parse-names": False},
        {"family": "王", "given": "小明", "static-ordering": "true", "comma-suffix": 0},
        "Plato",
    ]
    assert load_item(author=written).names() == (
        Name("Berg", "Jan", "van der", suffix="Jr."),
        Name(literal="OpenAI"),
        Name("王", "小明", static_ordering=True),
        Name(literal="Plato"),
    )


def test_what_our_values_have_no_place_for_is_kept_as_found() -> None:
    author = [{"family": "Durmus", "ORCID": "0000-0001"}]
    issued = {"date-parts": [[2023]], "literal": "Summer term 2023"}
    record = load_item(author=author, issued=issued, accessed={"date-parts": [[2024]]})
    assert record.custom == {"as-found": {"author": author, "issued": issued}}
    assert csl_json.load(csl_json.dump([record])) == [record]


def test_unknown_properties_travel_at_their_own_place() -> None:
    record = load_item(foo={"bar": [1]}, custom={"et-al": ["author"]})
    assert record.custom == {"csl-json": {"foo": {"bar": [1]}}, "et-al": ["author"]}
    item = csl_json.item_from_record(record)
    assert item["foo"] == {"bar": [1]}
    assert item["custom"] == {"et-al": ["author"]}


def test_custom_cannot_smuggle_in_another_key() -> None:
    record = load_item(title="A", custom={"csl-json": {"id": "b", "title": "B", "foo": 1}})
    assert (record.key, record.text("title")) == ("a", "A")
    assert csl_json.item_from_record(record)["id"] == "a"


@pytest.mark.parametrize(
    "custom",
    [
        "text",
        [1],
        {"csl-json": 5},
        {"provenance": "Zotero"},
        {"provenance": [{"source": "x", "variables": 7}]},
        {"provenance": [3]},
    ],
)
def test_a_foreign_custom_is_kept_and_does_no_harm(custom: object) -> None:
    record = load_item(title="A", custom=custom)
    assert csl_json.load(csl_json.dump([record])) == [record]
    assert str(custom).strip("{}[]")[-5:] in str(record.custom)


def test_origins_are_stated_once_each() -> None:
    when = datetime(2024, 5, 1, 12, tzinfo=UTC)
    listing, crossref = Provenance("listing", "l.txt:1-3"), Provenance("crossref", "10.1/a", when)
    record = (
        Record("a", "book")
        .with_values({"title": "A", "volume": 3}, listing)
        .with_values({"DOI": "10.1/a"}, crossref)
    )
    assert csl_json.item_from_record(record)["custom"]["provenance"] == [
        {
            "source": "crossref",
            "locator": "10.1/a",
            "retrieved": "2024-05-01T12:00:00+00:00",
            "variables": ["DOI"],
        },
        {"source": "listing", "locator": "l.txt:1-3", "variables": ["title", "volume"]},
    ]
    assert csl_json.load(csl_json.dump([record])) == [record]


def test_the_library_is_sorted_and_readable() -> None:
    text = csl_json.dump([Record("b", "book"), Record("a", "book", {"volume": 1, "title": "Ä"})])
    assert text == (
        '[\n  {\n    "id": "a",\n    "type": "book",\n    "title": "Ä",\n    "volume": 1\n  },\n'
        '  {\n    "id": "b",\n    "type": "book"\n  }\n]\n'
    )


def test_deep_nesting_is_refused_both_ways() -> None:
    depth = 200_000
    assert "deep" in refusal('[{"id": "a", "x": ' + "[" * depth + "]" * depth + "}]").message
    nested: list[object] = []
    for _ in range(depth):
        nested = [nested]
    with pytest.raises(CslJsonError, match="deep"):
        csl_json.dump_json(nested)


def calls_to_load(count: int) -> tuple[int, int]:
    """Function calls made, and characters that calls to `str.count` went through, for `count`."""
    text = csl_json.dump(Record(f"k{n:06}", "book", {"title": "A"}) for n in range(count))
    calls = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        loaded = csl_json.load(text)
    finally:
        sys.setprofile(before)
    return calls, len(loaded)


def test_the_work_is_in_proportion_to_the_number_of_items() -> None:
    few, loaded = calls_to_load(200)
    many, loaded_more = calls_to_load(2_000)
    assert (loaded, loaded_more) == (200, 2_000)
    assert many < 10.5 * few


def test_lines_are_counted_once_over_the_whole_text() -> None:
    class Counting(str):
        went_through = 0

        def removeprefix(self, prefix: str, /) -> Counting:
            return self

        def count(self, *arguments: object) -> int:
            _, start, end = arguments
            assert isinstance(start, int)
            assert isinstance(end, int)
            Counting.went_through += end - start
            return super().count("\n", start, end)

    text = Counting(csl_json.dump(Record(f"k{n:06}", "book") for n in range(1_000)))
    records = csl_json.load(text, file="l")
    assert len(records) == 1_000
    assert Counting.went_through <= len(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.booleans() | st.none(), inner)
    ),
)


@given(JSON)
def test_json_is_laid_out_as_the_standard_library_does(value: Any) -> None:
    expected = json.dumps(value, ensure_ascii=False, indent=2)
    written = csl_json.dump_json(value)
    assert len(written.split("\n")) == len(expected.split("\n")) + 1
    assert json.dumps(json.loads(written)) == json.dumps(json.loads(expected))
