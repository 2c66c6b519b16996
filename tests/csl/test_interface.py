"""What callers of `Processor` rely on, one promise after the other."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from citeworks.csl import Processor

NO_FORM = "[CSL STYLE ERROR: reference with no printed form.]"
XML = '<?xml version="1.0" encoding="utf-8"?>\n'
TITLE = '<text variable="title"/>'
NUMBER = '<text variable="citation-number"/>'
IBID = '<text term="ibid"/>'
TERMS = {"en-US": "ibid.", "de-DE": "ebd.", "fr-FR": "ibid fr", "en-GB": None}


def load_locale(name: str) -> str | None:
    term = TERMS.get(name)
    return term and (
        f'{XML}<locale xmlns="http://purl.org/net/xbiblio/csl" xml:lang="{name}"><terms>'
        f'<term name="ibid">{term}</term><term name="page" form="short"><single>p.</single>'
        "<multiple>pp.</multiple></term></terms></locale>"
    )


def style(layout: str, listed: str | None = None, *, options: str = "", sort: str = "",
          layout_options: str = "", area: str = "", macros: str = "") -> str:  # fmt: skip
    bibliography = "" if listed is None else (
        f"<bibliography {area}>{sort}<layout>{listed}</layout></bibliography>"
    )  # fmt: skip
    if "class=" not in options:
        options = f'class="in-text" {options}'
    return (
        f'{XML}<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" {options}>{macros}'
        f"<citation><layout {layout_options}>{layout}</layout></citation>{bibliography}</style>"
    )


def process(xml: str, items: dict[str, Any], **options: Any) -> Processor:
    return Processor(xml, items, load_locale=load_locale, **options)


def titled(*titles: str) -> dict[str, Any]:
    return {title: {"title": title} for title in titles}


@pytest.mark.parametrize(
    ("options", "locale", "expected"),
    [
        ("", None, "ibid."),
        ('default-locale="de-DE"', None, "ebd."),
        ('default-locale="de-DE"', "fr-FR", "ibid fr"),
        ('default-locale="de-AT"', None, "ebd."),
        ('default-locale="xx-XX"', None, "ibid."),
        ("", "en-GB", "ibid."),
    ],
)
def test_a_given_locale_comes_before_the_styles_and_that_before_en_us(
    options: str, locale: str | None, expected: str
) -> None:
    engine = process(style(IBID, options=options), titled("a"), locale=locale)
    assert engine.citations([[{"id": "a"}]]) == [expected]


def test_html_is_the_default_output() -> None:
    item = {"title": "<i>In vitro</i> & more"}
    engine = process(style(TITLE, TITLE), {"a": item})
    assert engine.bibliography().entries == [
        ("a", '<div class="csl-entry"><i>In vitro</i> &#38; more</div>')
    ]


def test_items_are_listed_and_numbered_in_mapping_order_cited_or_not() -> None:
    engine = process(style(NUMBER, NUMBER + TITLE), titled("z", "a", "m"))
    assert engine.citations([[{"id": "m"}], [{"id": "z"}]]) == ["3", "1"]
    assert [key for key, _ in engine.bibliography().entries] == ["z", "a", "m"]


def test_numbers_follow_a_sorted_bibliography() -> None:
    xml = style(NUMBER, NUMBER, sort='<sort><key variable="title"/></sort>')
    assert process(xml, titled("z", "a")).citations([[{"id": "z"}], [{"id": "a"}]]) == ["2", "1"]


POSITION = (
    '<choose><if position="ibid-with-locator"><text value="ibid-at"/></if>'
    '<else-if position="ibid"><text value="ibid"/></else-if>'
    '<else-if position="subsequent"><text value="later"/></else-if>'
    '<else><text value="first"/></else></choose>'
    '<choose><if position="near-note"><text value=" near"/></if></choose>'
)
NOTE = '<choose><if variable="first-reference-note-number"><text value="@"/>' \
       '<text variable="first-reference-note-number"/></if></choose>'  # fmt: skip


@pytest.mark.parametrize(
    ("cite", "expected"),
    [
        ({}, "first"),
        ({"position": 0}, "first"),
        ({"position": 1}, "later"),
        ({"position": 2}, "ibid"),
        ({"position": 3}, "ibid-at"),
        ({"position": 1, "near-note": True}, "later near"),
        ({"position": 1, "near-note": False}, "later"),
    ],
)
def test_without_note_numbers_only_the_cite_says_where_it_stands(
    cite: dict[str, Any], expected: str
) -> None:
    engine = process(style(POSITION, options='class="note"'), titled("a"))
    clusters = [[{"id": "a"}], [{"id": "a", **cite}]]
    assert engine.citations(clusters) == ["first", expected]


def test_with_note_numbers_the_document_says_where_a_cite_stands() -> None:
    engine = process(style(POSITION + NOTE, options='class="note"'), titled("a", "b"))
    clusters: list[list[dict[str, Any]]] = [
        [{"id": "a"}], [{"id": "a"}], [{"id": "a", "locator": 5}], [{"id": "b"}],
        [{"id": "a"}], [{"id": "b"}],
    ]  # fmt: skip
    assert engine.citations(clusters, [2, 3, 4, 5, 6, 20]) == [
        "first", "ibid near@2", "ibid-at near@2", "first", "later near@2", "later@5",
    ]  # fmt: skip


def test_a_citation_in_the_text_has_no_note_to_refer_to() -> None:
    engine = process(style(POSITION + NOTE), titled("a"))
    assert engine.citations([[{"id": "a"}], [{"id": "a"}]], [0, 0]) == ["first", "ibid near"]


def test_cited_items_come_first_in_order_of_citation_and_the_rest_as_mapped() -> None:
    engine = process(style(NUMBER, NUMBER), titled("a", "b", "c", "d"))
    assert engine.citations([[{"id": "d"}, {"id": "b"}], [{"id": "d"}]], [1, 2]) == ["12", "1"]
    assert [key for key, _ in engine.bibliography().entries] == ["d", "b", "a", "c"]


@pytest.mark.parametrize(("locator", "expected"), [(7, "p.7"), ("7", "p.7"), ("7-9", "pp.7-9")])
def test_a_locator_may_be_a_number(locator: object, expected: str) -> None:
    layout = '<label variable="locator" form="short"/><text variable="locator"/>'
    found = process(style(layout), titled("a")).citations([[{"id": "a", "locator": locator}]])
    assert [text.replace("–", "-") for text in found] == [expected]


def test_what_xml_forbids_and_lone_surrogates_are_dropped_wherever_they_stand() -> None:
    item = {"title": "a\x00b\x0bc\ud800d\uffffe", "author": [{"family": "X\x01\udfffY"}]}
    layout = f'<names variable="author"/>{TITLE}<text variable="locator"/>'
    cite = {"id": "a", "prefix": "p\x02 ", "locator": "1\ud83d2", "suffix": "s\x1f"}
    assert process(style(layout), {"a": item}).citations([[cite]]) == ["p XYabcde12s"]


def test_an_entry_that_prints_nothing_is_left_out() -> None:
    engine = process(style(TITLE, TITLE), {"a": {}, **titled("b")})
    assert [key for key, _ in engine.bibliography().entries] == ["b"]


def test_a_style_without_a_bibliography_lists_nothing() -> None:
    assert process(style(TITLE), titled("a")).bibliography().entries == []


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("x", f"({NO_FORM})"),
        ("xx", f"({NO_FORM})"),
        ("xa", f"({NO_FORM}; a)"),
        ("ax", "(a)"),
        ("axb", "(a; b)"),
        ("", NO_FORM),
    ],
)
def test_a_citation_that_opens_with_nothing_printed_says_so(cluster: str, expected: str) -> None:
    xml = style(TITLE, layout_options='prefix="(" suffix=")" delimiter="; "')
    engine = process(xml, {"x": {}, **titled("a", "b")})
    assert engine.citations([[{"id": key} for key in cluster]]) == [expected]


def test_a_numbered_entry_that_prints_nothing_says_so() -> None:
    engine = process(style(NUMBER, TITLE), {**titled("a"), "x": {}})
    assert engine.bibliography().entries == [
        ("a", '<div class="csl-entry">a</div>'),
        ("x", f'<div class="csl-entry">2. {NO_FORM}</div>'),
    ]


def test_suppressed_and_lone_authors() -> None:
    item = {"title": "T", "author": [{"family": "Doe", "given": "Jo"}]}
    xml = style(f'<names variable="author"><name form="short"/></names>{TITLE}')
    engine = process(xml, {"a": item})
    found = engine.citations(
        [[{"id": "a", "suppress-author": True}], [{"id": "a", "author-only": True}]]
    )
    assert found == ["T", "Doe"]


class Work:
    """Anything with a `get` is an item."""

    def get(self, key: str, default: Any = None, /) -> Any:
        return {"title": "Duck", "type": "book"}.get(key, default)


@pytest.mark.parametrize("item", [Work(), MappingProxyType({"title": "Duck"})])
def test_anything_that_gives_variables_by_name_is_an_item(item: Any) -> None:
    assert process(style(TITLE), {"a": item}).citations([[{"id": "a"}]]) == ["Duck"]


def test_layout_data_stand_beside_the_entries() -> None:
    area = 'second-field-align="flush" line-spacing="2" entry-spacing="3" hanging-indent="true"'
    found = process(style(NUMBER, NUMBER + TITLE, area=area), titled("a")).bibliography()
    assert found.second_field_align == "flush"
    assert (found.line_spacing, found.entry_spacing, found.hanging_indent) == (2, 3, True)
    assert found.entries[0][1].split("\n") == [
        '<div class="csl-entry">',
        '    <div class="csl-left-margin">1</div><div class="csl-right-inline">a</div>',
        "  </div>",
    ]


def test_an_ordinal_is_made_of_a_number_that_has_none() -> None:
    layout = '<number variable="edition" form="ordinal"/>'
    items = {text: {"edition": text} for text in ("3rd", "12a", "2nd-3rd")}
    found = process(style(layout), items).citations([[{"id": key}] for key in items])
    assert [text.replace("–", "-") for text in found] == ["3rd", "12a", "2nd-3rd"]


def named(*families: str) -> list[dict[str, str]]:
    return [{"family": family} for family in families]


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ({"citation-label": "Own", "author": named("Smith")}, "Own"),
        ({"author": named("Smith"), "issued": {"date-parts": [[2001]]}}, "Smit01"),
        ({"author": named("Smith", "Jones"), "issued": {"date-parts": [[1999]]}}, "SmJo99"),
        ({"author": named("Smith", "Jones", "Li")}, "SmJL00"),
        ({"author": named("A", "B", "C", "D", "E")}, "ABCD00"),
        ({"author": named("O'Neil")}, "Onei00"),
        ({"title": "The end of x"}, "Thee00"),
    ],
)
def test_a_label_is_the_items_own_or_made_of_names_and_year(
    item: dict[str, Any], label: str
) -> None:
    xml = style('<text variable="citation-label"/>')
    assert process(xml, {"a": item}).citations([[{"id": "a"}]]) == [label]
