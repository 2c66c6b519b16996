from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.model import Date, Name, Provenance, Record
from citeworks.model.variables import TYPES
from citeworks.sync.losses import losses, losses_of_some, lost_in, survives
from citeworks.sync.mapping import patch, record_of, retype, said, snapshot, updated
from citeworks.sync.paths import Paths, read_paths
from citeworks.zotero_json.dates import format_date, parse_date
from citeworks.zotero_json.extra import edit_lines
from citeworks.zotero_json.read import parse_creator
from citeworks.zotero_json.tables import ITEM_CREATORS, ITEM_FIELDS, ITEM_TYPES
from citeworks.zotero_json.write import name_fields

EXTRA = "OCLC: 724\nOriginal Date: 1950\nsee also: that\n\nCitation Key: old\ntex.shelf: 3"


def item(**fields: Any) -> dict[str, Any]:
    return {
        "key": "ABCD2345",
        "version": 7,
        "itemType": "journalArticle",
        "title": "Atlas",
        "creators": [
            {"creatorType": "author", "firstName": "Vincent", "lastName": "van Gogh"},
            {"creatorType": "editor", "name": "NASA"},
        ],
        "date": "January 2020",
        "publicationTitle": "Journal",
        "citationKey": "gogh",
        "tags": [{"tag": "a"}, {"tag": "b", "type": 1}],
        "collections": ["COLL2222"],
        "relations": {"dc:relation": ["u"]},
        "extra": "",
    } | fields


PATHS = read_paths(
    {
        "COLL2222": {"name": "Papers", "parentCollection": False},
        "COLL3333": {"name": "2026/27", "parentCollection": "COLL2222"},
        "COLL4444": {"name": "Old", "deleted": True},
    }
)


def edited(before: dict[str, Any], **values: Any) -> dict[str, Any]:
    """The item after the record that it says was changed in these names."""
    old = said(before, PATHS)
    new = {name: value for name, value in (old | values).items() if value is not None}
    return patch(before, old, new, PATHS)


def test_an_item_becomes_a_record() -> None:
    record = record_of(item(extra=EXTRA), PATHS)
    assert (record.key, record.type) == ("gogh", "article-journal")
    assert record.names() == (Name("Gogh", "Vincent", non_dropping_particle="van"),)
    assert record.date() == Date((2020, 1))
    assert record.text("note") == EXTRA
    assert record.date("original-date") == Date((1950,))
    assert record.custom["tags"] == ["a", "b"]
    assert record.custom["collections"] == ["Papers"]


def test_the_legacy_citation_key_stands_in_for_the_native_one() -> None:
    assert record_of(item(citationKey="", extra=EXTRA), PATHS).key == "old"


def test_an_edit_changes_the_one_field_and_nothing_else() -> None:
    before = item(novelField="x", extra=EXTRA)
    assert edited(before, title="Globe") == before | {"title": "Globe"}


def test_a_date_that_was_not_edited_keeps_the_words_it_has() -> None:
    assert edited(item(), title="Globe")["date"] == "January 2020"
    assert edited(item(), issued={"date-parts": [[2021, 5]]})["date"] == "2021-05"


def test_a_variable_that_extra_states_is_edited_in_its_line() -> None:
    changed = edited(item(extra=EXTRA), **{"original-date": {"date-parts": [[1951]]}})
    assert changed["extra"] == EXTRA.replace("1950", "1951")
    gone = edited(item(extra=EXTRA), **{"original-date": None})
    assert gone["extra"] == EXTRA.replace("Original Date: 1950\n", "")


def test_a_new_item_has_the_note_as_it_is_and_the_values_in_their_fields() -> None:
    """A line that happens to read like a variable is the person's own, whatever it says."""
    note = "DOI: 10.1/other\nOriginal Date: 1900\n\nEditor: Gogh || V."
    new = {
        "id": "a",
        "type": "book",
        "DOI": "10.1/x",
        "original-date": {"date-parts": [[1843]]},
        "editor": [{"family": "Byron", "given": "Ada"}],
        "note": note,
    }
    made = patch({"itemType": "document"}, {}, new, PATHS)
    assert (made["extra"], made["DOI"], made["originalDate"]) == (note, "10.1/x", "1843")
    assert [each["lastName"] for each in made["creators"]] == ["Byron"]


def test_a_renamed_key_goes_to_both_places_that_state_it() -> None:
    changed = edited(item(extra=EXTRA), id="new")
    assert changed["citationKey"] == "new"
    assert changed["extra"] == EXTRA.replace("Key: old", "Key: new")


def test_a_variable_without_a_field_is_not_written() -> None:
    assert edited(item(), genre="essay") == item()
    assert not survives("article-journal", "genre")


def test_only_the_name_that_changed_is_written_anew() -> None:
    names = [{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}]
    changed = edited(item(), author=[*names, {"literal": "CERN"}])
    assert changed["creators"] == [
        item()["creators"][0],
        {"creatorType": "author", "name": "CERN"},
        item()["creators"][1],
    ]


def test_names_go_to_zotero_and_back() -> None:
    names = (
        Name("Gogh", "Vincent", non_dropping_particle="van"),
        Name("Maupassant", "Guy", dropping_particle="de"),
        Name("King", "Martin Luther", suffix="Jr."),
        Name("Morgan", "Ada", suffix="PhD"),
        Name("Plato"),
        Name(literal="World Health Organization"),
    )
    record = Record("k", "book", {"author": names, "editor": names})
    written = patch({"itemType": "document"}, {}, snapshot(record), PATHS)
    back = record_of(written, PATHS)
    assert back.names() == names
    assert back.names("editor") == names


def test_a_list_cut_short_stays_cut_short() -> None:
    record = Record("k", "book", {"author": (Name("A", "B"),)}, custom={"et-al": ["author"]})
    written = patch({"itemType": "document"}, {}, snapshot(record), PATHS)
    assert written["creators"][-1] == {"creatorType": "author", "name": "others"}
    back = record_of(written, PATHS)
    assert (back.names(), back.custom["et-al"]) == (record.names(), ["author"])


def test_tags_and_keywords_are_one_set() -> None:
    record = Record("k", "book", {"keyword": "x, y"}, custom={"tags": ["z"]})
    written = patch({"itemType": "document"}, {}, snapshot(record), PATHS)
    assert written["tags"] == [{"tag": "x"}, {"tag": "y"}, {"tag": "z"}]
    changed = updated(
        record,
        {"custom.tags": ["x", "y", "z"]},
        {"custom.tags": ["new", "y", "z"]},
        Provenance("zotero"),
    )
    assert changed.text("keyword") == "y, new"
    assert changed.custom["tags"] == ["z", "new", "y"]


def test_a_tag_keeps_what_the_library_does_not_know_of_it() -> None:
    assert edited(item(), **{"custom.tags": ["b", "c"]})["tags"] == [
        {"tag": "b", "type": 1},
        {"tag": "c"},
    ]


def test_collections_are_paths_and_new_ones_are_made_parents_first() -> None:
    paths = Paths(dict(PATHS.names))
    old, new = said(item(), paths), said(item(), paths)
    new["custom.collections"] = ["Papers", "X/Y/Z", "Papers/2026\\/27"]
    changed = patch(item(), old, new, paths)
    assert [data["name"] for data in paths.new.values()] == ["X", "Y", "Z"]
    keys = list(paths.new)
    assert [data["parentCollection"] for data in paths.new.values()] == [False, *keys[:2]]
    assert changed["collections"] == ["COLL2222", "COLL3333", keys[2]]


def test_a_collection_in_the_trash_has_no_path_and_keeps_its_items() -> None:
    before = item(collections=["COLL2222", "COLL4444"])
    assert said(before, PATHS)["custom.collections"] == ["Papers"]
    assert edited(before, **{"custom.collections": ["Papers/2026\\/27"]})["collections"] == [
        "COLL4444",
        "COLL3333",
    ]


def test_a_preprint_says_its_arxiv_number_in_its_field() -> None:
    record = Record("k", "article", {"title": "T"}, custom={"arxiv": "2001.00001"})
    written = patch({"itemType": "document"}, {}, snapshot(record), PATHS)
    assert written["archiveID"] == "arXiv:2001.00001"
    assert record_of(written, PATHS).custom["arxiv"] == "2001.00001"
    journal = patch(
        {"itemType": "document"}, {}, {**snapshot(record), "type": "article-journal"}, PATHS
    )
    assert journal["extra"] == "arXiv: 2001.00001"


def test_a_preprint_keeps_its_arxiv_classes_in_a_line_beside_its_field() -> None:
    custom = {"arxiv": "2001.00001", "arxiv-class": "cs.LG"}
    sent = snapshot(Record("k", "article", {}, {}, custom))
    written = patch({"itemType": "document"}, {}, sent, PATHS)
    assert (written["archiveID"], written["extra"]) == (
        "arXiv:2001.00001",
        "arXiv: 2001.00001 [cs.LG]",
    )
    came = record_of(written, PATHS)
    assert came.custom == custom
    assert "number" not in came.variables
    old = said(written, PATHS)
    moved = patch(written, old, {**old, "custom.arxiv": "2001.00002"}, PATHS)
    assert (moved["archiveID"], moved["extra"]) == ("arXiv:2001.00002", "arXiv: 2001.00002")


@pytest.mark.parametrize(
    ("variable", "value", "field", "text"),
    [
        ("issued", {"date-parts": [[2020]], "season": 3}, "date", "Autumn 2020"),
        ("issued", {"date-parts": [[2020, 11]]}, "date", "2020-11"),
        ("accessed", {"date-parts": [[2020, 11, 3]]}, "accessDate", "2020-11-03"),
        ("accessed", {"date-parts": [[2020, 11]]}, "accessDate", None),
        ("accessed", {"date-parts": [[-44, 3, 15]]}, "accessDate", None),
    ],
)
def test_dates_are_written_so_that_they_are_read_again(
    variable: str, value: dict[str, Any], field: str, text: str | None
) -> None:
    sent = {"id": "k", "type": "book", variable: value}
    written = patch({"itemType": "document"}, {}, sent, PATHS)
    assert written.get(field) == text
    assert said(written, PATHS).get(variable) == (value if text else None)


@pytest.mark.parametrize("csl_type", sorted(TYPES))
def test_every_type_goes_to_zotero_and_back(csl_type: str) -> None:
    written = patch(
        {"itemType": "document"}, {}, {"id": "k", "type": csl_type, "title": "T"}, PATHS
    )
    assert set(written) - {"itemType", "extra"} <= ITEM_FIELDS[written["itemType"]]
    assert record_of(written, PATHS).type == csl_type


@pytest.mark.parametrize("kind", sorted(ITEM_FIELDS))
def test_another_type_keeps_what_it_has_a_field_for(kind: str) -> None:
    changed = retype(item(), kind)
    own = {"itemType", "creators", "tags", "collections", "relations", "key", "version"}
    assert set(changed) - own <= ITEM_FIELDS[kind]
    roles = {creator["creatorType"] for creator in changed["creators"]}
    assert roles <= {*ITEM_CREATORS[kind], "contributor"}
    assert said(changed, PATHS)["title"] == "Atlas"


def test_a_type_from_a_newer_schema_survives() -> None:
    strange = item(itemType="hologram", wavelength="532")
    assert edited(strange, title="Globe") == strange | {"title": "Globe"}


def test_losses_name_pairs_that_do_not_come_back() -> None:
    pairs = losses()
    assert ("article-journal", "title") not in pairs
    assert ("review-book", "note") in pairs
    assert all(("book", name) not in pairs for name in ("author", "issued", "ISBN", "note"))


def test_losses_name_the_values_of_a_pair_that_do_not_come_back() -> None:
    assert ("book", "accessed", "dates without a day") in losses_of_some()
    assert {variable for _, variable, _ in losses_of_some()} == {"accessed"}


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        (Name("Gogh", "Vincent", non_dropping_particle="van"), "van Gogh", "Vincent"),
        (Name("van Gogh", "Vincent"), '"van Gogh"', "Vincent"),
        (Name("Gogh", non_dropping_particle="van"), "van Gogh", ""),
        (Name("van Gogh"), '"van Gogh"', ""),
        (Name("the ATLAS collaboration"), "the ATLAS collaboration", ""),
        (Name('"van Gogh"', "Vincent"), '""van Gogh""', "Vincent"),
        (Name("Van der Berg", "J."), "Van der Berg", "J."),
        (Name("al-Khwārizmī", "Muḥammad"), "al-Khwārizmī", "Muḥammad"),
        (Name("Beethoven", "Ludwig", dropping_particle="van"), "Beethoven", "Ludwig van"),
        (Name("King", "Martin", suffix="Jr."), "King", "Martin, Jr."),
        (Name("King", "Martin", suffix="Jr.", comma_suffix=True), "King", "Martin,! Jr."),
        (Name("Plato"), "Plato", ""),
    ],
)
def test_a_name_is_written_as_citeproc_reads_it_and_comes_back(
    name: Name, last: str, first: str
) -> None:
    assert name_fields(name) == {"lastName": last, "firstName": first}
    assert parse_creator(name_fields(name)) == name


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (Date(literal="in press"), "in press"),
        (Date(literal="Spring 1999"), '"Spring 1999"'),
        (Date(literal="1999"), '"1999"'),
        (Date((1999, 21)), "Spring 1999"),
        (Date((1990,), (1995,)), "1990/1995"),
        (Date((-350,)), "-0350"),
        (Date((1850,), qualifier="~"), "1850~"),
        (Date((2019, 12), ()), "2019-12/.."),
    ],
)
def test_a_literal_that_reads_as_a_date_is_put_in_quotes(date: Date, text: str) -> None:
    assert format_date(date) == text
    assert parse_date(text) == date


def test_values_that_come_back_otherwise_are_listed_for_their_record() -> None:
    names = (Name("Berg", "Jan", non_dropping_particle="Van den"),)
    kept = Record("kept", "book", {"title": " T ", "volume": 3, "author": (Name("Lee", "A"),)})
    odd = Record("odd", "book", {"title": "T", "author": names, "note": "Publisher: P"})
    assert lost_in([kept, odd]) == [("odd", "author"), ("odd", "publisher")]


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("PMID: 1", ["2"], "PMID: 2"),
        ("a\n{:PMID: 1}\nb", ["2"], "a\n{:PMID: 2}\nb"),
        ("a", ["2"], "a\nPMID: 2"),
        ("", ["2"], "PMID: 2"),
        ("a\nPMID: 1\nb", [], "a\nb"),
    ],
)
def test_extra_is_edited_by_line(text: str, values: list[str], expected: str) -> None:
    assert edit_lines(text, "PMID", values, label="PMID") == expected


def test_the_tables_are_those_of_the_schema(shared_data: Path) -> None:
    schema = json.loads((shared_data / "zotero/schema.json").read_text(encoding="utf-8"))
    kinds = {kind["itemType"]: kind for kind in schema["itemTypes"]}
    for name in set(ITEM_TYPES) - {"attachment", "note"}:
        assert {each["field"] for each in kinds[name]["fields"]} == ITEM_FIELDS[name]
        assert {each["creatorType"] for each in kinds[name]["creatorTypes"]} == set(
            ITEM_CREATORS[name]
        )
    assert set(kinds) == set(ITEM_TYPES) | {"annotation"}
