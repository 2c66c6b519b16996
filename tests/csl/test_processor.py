"""The processor's promises: registration, positions, errors, empty output."""

from __future__ import annotations

import time
from typing import Any

import pytest

from citeworks.csl import Bibliography, Processor
from citeworks.errors import StyleError

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="{kind}">'
LOCALE = """<?xml version="1.0" encoding="utf-8"?>
<locale xmlns="http://purl.org/net/xbiblio/csl" xml:lang="en-US"><style-options
punctuation-in-quote="true"/><terms><term name="open-quote">“</term>
<term name="close-quote">”</term><term name="open-inner-quote">‘</term>
<term name="close-inner-quote">’</term><term name="et-al">et al.</term>
<term name="and">and</term><term name="ibid">ibid.</term></terms></locale>"""


def style(
    layout: str,
    *,
    bibliography: str | None = None,
    kind: str = "in-text",
    options: str = "",
    bibliography_options: str = "",
) -> str:
    listed = ""
    if bibliography is not None:
        listed = (
            f"<bibliography {bibliography_options}><layout>{bibliography}</layout></bibliography>"
        )
    return (
        HEAD.format(kind=kind)
        + f'<citation {options}><layout delimiter="; ">{layout}</layout></citation>{listed}</style>'
    )


def load_locale(name: str) -> str | None:
    return LOCALE if name == "en-US" else None


def processor(xml: str, items: dict[str, dict[str, Any]], **options: Any) -> Processor:
    return Processor(xml, items, load_locale=load_locale, **options)


TITLE = '<text variable="title"/>'
NAMES = '<names variable="author"><name and="text"/></names>'
TWO = {"a": {"title": "One"}, "b": {"title": "Two"}}


def test_every_item_is_listed_cited_or_not() -> None:
    found = processor(style(TITLE, bibliography=TITLE), TWO).bibliography()
    assert found.entries == [
        ("a", '<div class="csl-entry">One</div>'),
        ("b", '<div class="csl-entry">Two</div>'),
    ]


def test_a_style_without_a_bibliography_lists_nothing() -> None:
    assert processor(style(TITLE), TWO).bibliography() == Bibliography()


def test_an_entry_that_prints_nothing_is_left_out() -> None:
    items = {"a": {"title": "One"}, "b": {"DOI": "10.1/x"}}
    assert [
        key for key, _ in processor(style(TITLE, bibliography=TITLE), items).bibliography().entries
    ] == ["a"]


def test_a_cite_that_prints_nothing_says_so() -> None:
    text = processor(style(TITLE), {"a": {}}).citations([[{"id": "a"}]])
    assert text == ["[CSL STYLE ERROR: reference with no printed form.]"]


def test_cited_items_come_first_in_order_of_citation() -> None:
    number = '<text variable="citation-number" suffix=" "/><text variable="title"/>'
    engine = processor(style(number, bibliography=number), TWO)
    assert engine.citations([[{"id": "b"}], [{"id": "a"}]], [1, 2]) == ["1 Two", "2 One"]
    assert [key for key, _ in engine.bibliography().entries] == ["b", "a"]


POSITION = (
    '<choose><if position="ibid-with-locator"><text value="ibid-at"/></if>'
    '<else-if position="ibid"><text value="ibid"/></else-if>'
    '<else-if position="near-note"><text value="near"/></else-if>'
    '<else-if position="subsequent"><text value="later"/></else-if>'
    '<else><text value="first"/></else></choose>'
)


def test_positions_follow_the_notes() -> None:
    engine = processor(style(POSITION, kind="note"), TWO)
    cites: list[list[dict[str, Any]]] = [
        [{"id": "a"}],
        [{"id": "a"}],
        [{"id": "a", "locator": 3}],
        [{"id": "b"}],
        [{"id": "a"}],
    ]
    assert engine.citations(cites, [1, 2, 3, 4, 5]) == ["first", "ibid", "ibid-at", "first", "near"]


def test_far_away_notes_are_not_near() -> None:
    engine = processor(style(POSITION, kind="note"), TWO)
    assert engine.citations([[{"id": "a"}], [{"id": "b"}], [{"id": "a"}]], [1, 2, 9])[-1] == "later"


def test_without_note_numbers_a_cite_says_its_position_itself() -> None:
    engine = processor(style(POSITION), TWO)
    cites: list[list[dict[str, Any]]] = [
        [{"id": "a", "position": 2}],
        [{"id": "a"}],
        [{"id": "a", "position": 1}],
    ]
    assert engine.citations(cites) == ["ibid", "first", "later"]


def test_a_truncated_list_ends_in_et_al() -> None:
    item = {"author": [{"family": "Doe", "given": "Jo"}], "custom": {"et-al": ["author"]}}
    assert processor(style(NAMES), {"a": item}).citations([[{"id": "a"}]]) == ["Jo Doe et al."]


def test_html_is_escaped_and_forbidden_characters_are_dropped() -> None:
    item = {"title": "a < b & c\x00\ud800 </div>"}
    assert processor(style(TITLE), {"a": item}).citations([[{"id": "a"}]]) == [
        "a &#60; b &#38; c &#60;/div&#62;"
    ]


def test_links_are_made_only_on_request() -> None:
    xml, items = style('<text variable="DOI"/>'), {"a": {"DOI": "10.1/x"}}
    assert processor(xml, items).citations([[{"id": "a"}]]) == ["10.1/x"]
    linked = processor(xml, items, links=True).citations([[{"id": "a"}]])
    assert linked == ['<a href="https://doi.org/10.1/x">10.1/x</a>']


def test_layout_data_stand_beside_the_entries() -> None:
    xml = style(
        TITLE, bibliography=TITLE, bibliography_options='hanging-indent="true" entry-spacing="0"'
    )
    found = processor(xml, TWO).bibliography()
    assert found.hanging_indent
    assert found.entry_spacing == 0


def test_an_unknown_output_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown output"):
        processor(style(TITLE), TWO, output="docx")


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<style", "unclosed token"),
        ('<!DOCTYPE s [<!ENTITY x "y">]><style/>', "entities are not allowed"),
        ("<html/>", "expected a CSL <style>"),
        (HEAD.format(kind="note") + "</style>", "no <citation>"),
        (HEAD.format(kind="note") + "<citation/></style>", "no <layout>"),
        (style('<text macro="gone"/>'), 'unknown macro "gone"'),
        (style("<group>" * 300 + "</group>" * 300), "nested too deeply"),
    ],
)
def test_a_broken_style_is_refused(xml: str, message: str) -> None:
    with pytest.raises(StyleError, match=message):
        processor(xml, TWO)


def test_a_macro_that_calls_itself_is_refused_with_its_line() -> None:
    xml = style('<text macro="m"/>').replace(
        "<citation", '\n<macro name="m">\n<text macro="m"/></macro>\n<citation', 1
    )
    with pytest.raises(StyleError, match="calls itself") as caught:
        processor(xml, TWO)
    assert caught.value.location.line == 3


def test_macros_that_grow_without_end_are_refused() -> None:
    macros = "".join(
        f'<macro name="m{n}"><text macro="m{n + 1}"/><text macro="m{n + 1}"/></macro>'
        for n in range(60)
    )
    xml = style('<text macro="m0"/>').replace(
        "<citation", macros + '<macro name="m60"><text value="x"/></macro><citation', 1
    )
    with pytest.raises(StyleError, match="beyond reason"):
        processor(xml, TWO)


HOSTILE = ["<" * 10**6, "'" * 10**6, '"' * 10**6, "<i>" * 300_000, "a'" * 500_000, " " * 10**6,
           "1" * 10**6, "1-" * 500_000, "<span " * 160_000, "a, " * 300_000]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_megabyte_in_any_field_takes_no_time(text: str) -> None:
    item = {
        "title": text, "page": text, "volume": text, "note": text, "issued": {"raw": text},
        "author": [{"family": text, "given": text}],
    }  # fmt: skip
    layout = (
        '<text variable="title" text-case="title"/><text variable="page"/><number variable="volume"'
        ' form="ordinal"/><label variable="page"/><date variable="issued"><date-part name="year"/>'
        '</date><names variable="author"><name initialize-with="."/></names>'
    )
    start = time.perf_counter()
    processor(style(layout, bibliography=layout), {"a": item}).bibliography()
    assert time.perf_counter() - start < 10
