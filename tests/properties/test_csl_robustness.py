"""What must hold for any item: no exception, no change to it, well formed HTML."""

from __future__ import annotations

import copy
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.csl import Processor

STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<locale><terms>
  <term name="page"><single>page</single><multiple>pages</multiple></term>
  <term name="et-al">et al.</term><term name="and">and</term><term name="editor">editor</term>
</terms></locale>
<macro name="names"><names variable="author editor">
  <name and="text" initialize-with=". " name-as-sort-order="first" et-al-min="3"
        et-al-use-first="1" et-al-use-last="true"/>
  <label prefix=" (" suffix=")"/>
  <substitute><names variable="editor"/><text variable="title" quotes="true"/></substitute>
</names></macro>
<citation disambiguate-add-names="true" disambiguate-add-givenname="true"
          disambiguate-add-year-suffix="true" collapse="year-suffix">
  <sort><key macro="names"/><key variable="issued"/></sort>
  <layout delimiter="; " prefix="(" suffix=")">
    <group delimiter=", "><text macro="names"/>
      <date variable="issued"><date-part name="year"/></date>
      <group><label variable="locator" suffix=" "/><text variable="locator"/></group>
    </group>
  </layout>
</citation>
<bibliography subsequent-author-substitute="---">
  <sort><key macro="names"/><key variable="issued" sort="descending"/></sort>
  <layout suffix=".">
    <text macro="names" suffix=". "/>
    <group delimiter=", ">
      <text variable="title" text-case="title" font-style="italic"/>
      <text variable="container-title" text-case="sentence" quotes="true"/>
      <number variable="edition" form="ordinal"/>
      <choose><if is-numeric="volume" is-uncertain-date="issued" match="any">
        <number variable="volume" form="roman" font-weight="bold"/></if></choose>
      <group><label variable="page"/><text variable="page"/></group>
      <date variable="issued" form="text"/>
      <date variable="accessed"><date-part name="month"/><date-part name="day" form="ordinal"/>
        <date-part name="year"/></date>
      <text variable="DOI"/><text variable="note" strip-periods="true"/>
    </group>
  </layout>
</bibliography>
</style>"""

VARIABLES = """author editor title container-title edition volume page issued accessed DOI note type
language custom id citation-label""".split()
PIECES = [
    *"<i> </i> <b> </b> <sup> </sup> <span </span> < > & \" ' “ ” ‘ ’ « » a B 1 . ,".split(),
    *": ? ! - – / --> ]]> &amp;".split(),
    '<span class="nocase">',
    '<span style="font-variant:small-caps;">',
    *" \n\u0000\ud800\ufffe",
    *"word Ünï".split(),
]
MARKUP = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text() | MARKUP,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "family given literal suffix dropping-particle date-parts raw season circa "
                "et-al comma-suffix".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
ITEMS = st.lists(
    st.dictionaries(st.sampled_from(VARIABLES), JSON, max_size=8), min_size=1, max_size=4
)
TEXT_ITEMS = st.lists(
    st.fixed_dictionaries(
        {"title": MARKUP, "container-title": MARKUP, "note": MARKUP, "volume": MARKUP},
        optional={
            "author": st.lists(
                st.fixed_dictionaries({"family": MARKUP, "given": MARKUP}), max_size=3
            )
        },
    ),
    min_size=1,
    max_size=3,
)


def render(items: list[dict[str, Any]], output: str = "html") -> list[str]:
    mapping = {f"item{index}": item for index, item in enumerate(items)}
    processor = Processor(STYLE, mapping, output=output)
    entries = [text for _, text in processor.bibliography().entries]
    return entries + processor.citations([[{"id": key, "locator": 3} for key in mapping]])


@settings(max_examples=40, deadline=None)
@given(ITEMS)
def test_any_json_value_in_any_variable_renders(items: list[dict[str, Any]]) -> None:
    assert all(isinstance(text, str) for text in render(items))


@settings(max_examples=40, deadline=None)
@given(TEXT_ITEMS)
def test_html_is_well_formed_for_any_text(items: list[dict[str, Any]]) -> None:
    for text in render(items):
        root = ElementTree.fromstring(f"<r>{text}</r>")
        allowed = {"r", "div", "i", "b", "sup", "sub", "span"}
        assert {element.tag for element in root.iter()} <= allowed


@settings(max_examples=40, deadline=None)
@given(ITEMS)
def test_rendering_never_changes_the_items(items: list[dict[str, Any]]) -> None:
    before = copy.deepcopy(items)
    render(items)
    assert repr(items) == repr(before)


@settings(max_examples=40, deadline=None)
@given(TEXT_ITEMS, st.sampled_from(["text", "markdown", "latex", "rtf"]))
def test_every_format_renders_any_text(items: list[dict[str, Any]], output: str) -> None:
    for text in render(items, output):
        text.encode("utf-8")
        assert "\x00" not in text


@settings(max_examples=40, deadline=None)
@given(TEXT_ITEMS)
def test_no_text_closes_an_rtf_group(items: list[dict[str, Any]]) -> None:
    for text in render(items, "rtf"):
        depth = 0
        bare = text.replace("\\\\", "").replace("\\{", "").replace("\\}", "")
        for char in bare:
            depth += {"{": 1, "}": -1}.get(char, 0)
            assert depth >= 0
        assert depth == 0


@settings(max_examples=40, deadline=None)
@given(TEXT_ITEMS, st.randoms(use_true_random=False))
def test_order_of_citing_does_not_change_a_sorted_bibliography(
    items: list[dict[str, Any]], random: Any
) -> None:
    for index, item in enumerate(items):
        item["author"] = [{"family": f"Author {index}", "given": "Ann"}]
    mapping = {f"item{index}": item for index, item in enumerate(items)}
    first = Processor(STYLE, mapping).bibliography().entries
    processor = Processor(STYLE, mapping)
    keys = list(mapping)
    random.shuffle(keys)
    processor.citations([[{"id": key}] for key in keys], list(range(1, len(keys) + 1)))
    assert processor.bibliography().entries == first


@pytest.mark.parametrize(
    "value",
    [json.loads("1e400"), float("nan"), 10**5000, -(10**5000)],
    ids=["infinite", "nan", "huge", "minus-huge"],
)
def test_extreme_numbers_render(value: object) -> None:
    assert render([{"volume": value, "issued": {"date-parts": [[value]]}, "title": "T"}])
