"""Small listings of every layout beside the NDJSON that they must give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from citeworks.listing.ndjson import dumps, file_json, part_to_json
from listing_support import read

GOLDEN = Path(__file__).parents[1] / "golden/listing"
LAYOUTS = ("arxiv_list", "arxiv_mail", "arxiv_search", "identifiers", "scholarfeed")


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_listing_gives_the_expected_objects(name: str) -> None:
    source = GOLDEN / f"{name}.txt"
    listing, parts = read(source.read_bytes())
    objects = [file_json(listing.encoding, source.name), *map(part_to_json, parts)]
    expected = source.with_suffix(".ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(dumps(value)) for value in objects] == [json.loads(e) for e in expected]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_object_is_one_ascii_line_of_schema_1(name: str) -> None:
    for part in read((GOLDEN / f"{name}.txt").read_bytes())[1]:
        line = dumps(part_to_json(part))
        assert line.isascii()
        assert "\n" not in line
        assert json.loads(line)["schema"] == 1


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_layout_is_found_by_its_features(name: str) -> None:
    layouts = {part.layout for part in read((GOLDEN / f"{name}.txt").read_bytes())[1]}
    assert layouts == {"", name.replace("_", "-")}
