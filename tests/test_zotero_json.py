from __future__ import annotations

from typing import Any

import pytest

from citeworks.model import Date, Name, Provenance, Record
from citeworks.model.variables import NAME_VARIABLES, TYPES
from citeworks.zotero_json import format_item, parse_item
from citeworks.zotero_json.dates import parse_date
from citeworks.zotero_json.tables import (
    CREATORS,
    FIELDS,
    ITEM_CREATORS,
    ITEM_FIELDS,
    ITEM_TYPES,
    NEAREST_ITEM_TYPES,
)

ITEM: dict[str, Any] = {
    "key": "ABCD2345",
    "version": 7,
    "itemType": "journalArticle",
    "title": "Finite atlases",
    "creators": [
        {"creatorType": "author", "firstName": "Vincent", "lastName": "van Gogh"},
        {"creatorType": "author", "name": "NASA"},
        {"creatorType": "editor", "firstName": "E.", "lastName": "Ditor"},
    ],
    "publicationTitle": "Journal",
    "volume": "17",
    "issue": "2",
    "pages": "469-473",
    "date": "1973-05-00",
    "DOI": "10.1/x",
    "accessDate": "2021-03-01T10:00:00Z",
    "tags": [{"tag": "maps"}, {"tag": "atlases", "type": 1}],
    "collections": ["C1"],
    "extra": "PMID: 123\nOriginal Date: 1950\narXiv: 2001.00001 [cs.LG]\ntex.mrnumber: 9\n"
    "free line",
}


def test_an_item_becomes_a_record() -> None:
    record = parse_item(ITEM)
    assert (record.key, record.type) == ("ABCD2345", "article-journal")
    assert record.names() == (
        Name("Gogh", "Vincent", non_dropping_particle="van"),
        Name(literal="NASA"),
    )
    assert record.names("editor") == (Name("Ditor", "E."),)
    assert record.date() == Date((1973, 5))
    assert record.date("accessed") == Date((2021, 3, 1))
    assert record.date("original-date") == Date((1950,))
    assert record.text("PMID") == "123"
    assert record.text("keyword") == "maps, atlases"
    assert record.text("note") == "free line"
    assert record.custom["arxiv"] == "2001.00001"
    assert record.custom["arxiv-class"] == "cs.LG"
    assert record.custom["bibtex"] == {"fields": {"mrnumber": "9"}}
    assert record.provenance.keys() == record.variables.keys()


def test_an_item_survives_the_round_trip() -> None:
    item = format_item(parse_item(ITEM))
    for name in (
        "title",
        "creators",
        "publicationTitle",
        "volume",
        "issue",
        "pages",
        "DOI",
        "tags",
    ):
        assert item[name] == ITEM[name]
    assert item["collections"] == ["C1"]
    assert item["version"] == 7
    again = parse_item(item)
    assert again.variables == {**parse_item(ITEM).variables}


def test_an_api_answer_is_read_by_its_data() -> None:
    assert parse_item({"key": "X", "data": ITEM}).text("title") == "Finite atlases"


def test_the_citation_key_comes_first() -> None:
    assert parse_item({**ITEM, "citationKey": "smith"}).key == "smith"
    assert parse_item({**ITEM, "extra": "Citation Key: jones"}).key == "jones"


@pytest.mark.parametrize("csl_type", sorted(TYPES))
def test_every_csl_type_has_an_item_and_comes_back(csl_type: str) -> None:
    item = format_item(Record("k", csl_type, {"title": "T"}))
    assert item["itemType"] in ITEM_FIELDS
    assert parse_item(item).type == csl_type
    assert parse_item(item).text("title") == "T"


@pytest.mark.parametrize("item_type", sorted(ITEM_FIELDS))
def test_an_item_has_only_fields_and_creators_of_its_type(item_type: str) -> None:
    variables: dict[str, Any] = dict.fromkeys(FIELDS, "x")
    variables |= {name: (Name("F", "G"),) for name in NAME_VARIABLES}
    record = Record(
        "k", ITEM_TYPES[item_type], variables, custom={"zotero": {"itemType": item_type}}
    )
    item = format_item(record)
    assert item["itemType"] == item_type
    own = {"itemType", "creators", "tags", "extra", "citationKey"}
    assert set(item) - own <= ITEM_FIELDS[item_type]
    assert {creator["creatorType"] for creator in item["creators"]} <= set(ITEM_CREATORS[item_type])


def test_what_has_no_field_goes_to_extra_and_comes_back() -> None:
    record = Record(
        "k",
        "webpage",
        {"title": "T", "volume": "3", "PMID": "5", "chair": (Name("Chair", "A"),), "note": "free"},
    )
    item = format_item(record)
    assert item["extra"].split("\n") == ["Volume: 3", "PMID: 5", "Chair: Chair || A", "free"]
    assert parse_item(item).variables == record.variables


def test_unknown_lines_of_extra_stay_in_order() -> None:
    lines = "OCLC: 724\nVolume: 3\nsee also: that\n\nlast"
    record = parse_item({"itemType": "book", "title": "T", "extra": lines})
    assert record.text("note") == "OCLC: 724\nsee also: that\n\nlast"
    assert record.text("volume") == "3"


def test_tables_name_only_what_zotero_has() -> None:
    fields = frozenset().union(*ITEM_FIELDS.values())
    creators = {name for names in ITEM_CREATORS.values() for name in names}
    base = {"version", "medium", "authority"}
    assert {name for names in FIELDS.values() for name in names.split()} <= fields | base
    assert {name for names in CREATORS.values() for name in names.split()} <= creators
    assert set(NEAREST_ITEM_TYPES.values()) <= set(ITEM_TYPES)
    assert set(ITEM_TYPES.values()) | set(NEAREST_ITEM_TYPES) == TYPES


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020", Date((2020,))),
        ("2020-03-00", Date((2020, 3))),
        ("June 2017", Date((2017, 6))),
        ("9 June 2017", Date((2017, 6, 9))),
        ("June 9, 2017", Date((2017, 6, 9))),
        ("2017/6/9", Date((2017, 6, 9))),
        ("01/22/2009", Date((2009, 1, 22))),
        ("1973/74", Date((1973,), (1974,))),
        ("Spring 2004", Date((2004, 21))),
        ("2016-01-01T00:00:00", Date((2016, 1, 1))),
        ("03/04/2009", Date(literal="03/04/2009")),
        ("someday", Date(literal="someday")),
        ("", None),
    ],
)
def test_dates_that_people_type(text: str, date: Date | None) -> None:
    assert parse_date(text) == date


def test_creators_of_several_types_that_are_one_variable_keep_their_types() -> None:
    creators = [
        {"creatorType": kind, "firstName": "F", "lastName": kind.title()}
        for kind in ("performer", "wordsBy", "contributor")
    ]
    item = {"itemType": "audioRecording", "title": "T", "creators": creators}
    record = parse_item(item)
    assert len(record.names("contributor")) == 2
    assert format_item(record)["creators"] == creators
    fewer = record.with_values({"contributor": record.names("contributor")[:1]}, Provenance("user"))
    kinds = [each["creatorType"] for each in format_item(fewer)["creators"]]
    assert kinds == ["performer", "contributor"]


def test_two_fields_for_one_variable_both_come_back_in_whatever_order() -> None:
    for names in (("series", "seriesTitle"), ("seriesTitle", "series")):
        fields = {name: f"The {name}" for name in names}
        item = format_item(parse_item({"itemType": "journalArticle", "title": "T", **fields}))
        assert {name: item[name] for name in names} == fields
