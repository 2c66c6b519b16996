"""What the specification leaves open and styles rely on, on the smallest style that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.csl import Processor

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="{kind}">'
LOCALE = """<locale xmlns="http://purl.org/net/xbiblio/csl" xml:lang="en-US"><style-options
punctuation-in-quote="true"/><terms><term name="open-quote">“</term>
<term name="close-quote">”</term><term name="open-inner-quote">‘</term>
<term name="close-inner-quote">’</term><term name="edition">edition</term>
<term name="anonymous">anonymous</term>
<term name="no date" form="short">n.d.</term><term name="number-of-volumes" form="short">
<single>vol.</single><multiple>vols.</multiple></term><term name="page-range-delimiter">–</term>
<term name="page" form="short"><single>p.</single><multiple>pp.</multiple></term>
</terms></locale>"""
TITLE = '<text variable="title"/>'
VOLUME = '<text variable="volume"/>'


def entries(
    layout: str, *items: dict[str, Any], suffix: str = "", sort: str = "", macros: str = ""
) -> list[str]:
    """The bibliography of the items as plain text with italics as HTML."""
    xml = (
        f"{HEAD.format(kind='in-text')}{macros}<citation><layout>{TITLE}</layout></citation>"
        f'<bibliography>{sort}<layout suffix="{suffix}">{layout}</layout></bibliography></style>'
    )
    found = Processor(
        xml,
        {str(index): item for index, item in enumerate(items)},
        load_locale=lambda name: LOCALE if name == "en-US" else None,
    ).bibliography()
    marks = '<div class="csl-entry">', "</div>"
    return [text.removeprefix(marks[0]).removesuffix(marks[1]) for _, text in found.entries]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3-4", "3–4"),
        ("12a-12b", "12a–12b"),
        ("3 - 4", "3–4"),
        ("S1-S4", "S1–S4"),
        ("WG1-AR6", "WG1-AR6"),
        ("A-3", "A-3"),
    ],
)
def test_a_hyphen_between_numbers_is_a_range(text: str, expected: str) -> None:
    for element in ("text", "number"):
        assert entries(f'<{element} variable="issue"/>', {"issue": text}) == [expected]


@pytest.mark.parametrize(
    ("layout", "suffix", "expected"),
    [
        ('<text variable="title" font-style="italic" suffix="."/>', "", "<i>Why?</i>."),
        ('<text variable="title" font-style="italic"/>', ".", "<i>Why?</i>"),
        ('<text macro="title" suffix="."/>', "", "<i>Why?</i>"),
        (f'{VOLUME}<text value=":"/>', "", "5:"),
        (f'<text variable="volume" suffix=":"/><text value=":"/>{VOLUME}', "", "5::5"),
        (f'<group suffix=":">{VOLUME}</group>', ".", "5:"),
    ],
)
def test_marks_merge_with_the_text_they_stand_on(layout: str, suffix: str, expected: str) -> None:
    macros = '<macro name="title"><text variable="title" font-style="italic"/></macro>'
    item = {"title": "Why?", "volume": "5"}
    assert entries(layout, item, suffix=suffix, macros=macros) == [expected]


def test_punctuation_does_not_sort_and_numbers_sort_by_size() -> None:
    titles = ["O.V.", "O’Hara", "ab-d", "abc", "ab z", "10 x", "9 x"]
    sort = '<sort><key variable="title"/></sort>'
    made = entries(TITLE, *({"title": title} for title in titles), sort=sort)
    assert made == ["9 x", "10 x", "ab z", "abc", "ab-d", "O’Hara", "O.V."]


def test_marks_go_inside_quotes_but_outside_the_markup_that_ends_there() -> None:
    layout = '<text variable="title" quotes="true" suffix="."/>'
    assert entries(layout, {"title": "In <i>vitro</i>"}) == ["“In <i>vitro</i>.”"]


def test_a_term_that_opens_an_entry_is_capitalized_but_not_one_inside() -> None:
    term = '<text term="edition"/>'
    assert entries(f"{term} {TITLE}", {"title": "T"}) == ["EditionT"]
    assert entries(f"{TITLE}{term}", {"title": "T"}) == ["Tedition"]
    assert entries('<text term="edition" text-case="lowercase"/>', {"title": "T"}) == ["edition"]


def test_what_stands_in_for_names_is_not_decorated_as_names() -> None:
    names = f'<names variable="author" suffix=": "><substitute>{TITLE}</substitute></names>'
    assert entries(names + VOLUME, {"title": "T", "volume": "1"}) == ["T1"]


def test_a_bare_names_in_a_substitute_takes_over_everything() -> None:
    names = (
        '<names variable="author" suffix=": "><name form="short"/><substitute>'
        '<names variable="editor"/></substitute></names>'
    )
    item = {"editor": [{"family": "Doe", "given": "Jo"}], "title": "T"}
    assert entries(names + TITLE, item) == ["Doe: T"]


def test_only_one_name_variable_of_a_condition_stands_in() -> None:
    names = (
        '<names variable="author"><substitute><choose><if variable="title">'
        '<names variable="editor"/><names variable="translator"/></if></choose>'
        "</substitute></names>"
    )
    item = {"title": "T", "editor": [{"family": "E"}], "translator": [{"family": "T"}]}
    assert entries(names, item) == ["E"]


def test_affixes_of_a_name_are_for_persons() -> None:
    names = '<names variable="author"><name suffix="!"/></names>'
    item = {"author": [{"literal": "The Bank"}, {"family": "Doe"}]}
    assert entries(names, item) == ["The Bank, Doe!"]


def test_a_name_without_words_sorts_last() -> None:
    macros = (
        '<macro name="a"><names variable="author"><substitute><text term="anonymous"/>'
        "</substitute></names></macro>"
    )
    items = {"title": "A"}, {"title": "B", "author": [{"family": "Zed"}]}
    sort = '<sort><key macro="a"/></sort>'
    assert entries(TITLE, *items, sort=sort, macros=macros) == ["B", "A"]


def test_one_author_sorts_before_the_same_author_with_others() -> None:
    macros = (
        '<macro name="a"><names variable="author" suffix=". "><name name-as-sort-order="all"/>'
        "</names></macro>"
    )
    alone = {"title": "B", "author": [{"family": "Doe", "given": "J"}]}
    both = {"title": "A", "author": [{"family": "Doe", "given": "J"}, {"family": "Fox"}]}
    sort = '<sort><key macro="a"/></sort>'
    assert entries(TITLE, both, alone, sort=sort, macros=macros) == ["B", "A"]


def test_stripped_periods_leave_host_names_whole() -> None:
    layout = '<text variable="title" strip-periods="true"/>'
    assert entries(layout, {"title": "J. Appl. Phys."}, {"title": "example.org"}) == [
        "J Appl Phys",
        "example.org",
    ]


def test_character_references_escaped_twice_are_resolved() -> None:
    assert entries('<text value="a&amp;#8211;b"/>' + TITLE, {"title": "T"}) == ["a–bT"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python.org and the e-mail", "Python.Org and the E-Mail"),
        ("the u.s.a. today", "The u.s.a. Today"),
        ("l'amour et d'autres", "L’amour et d’autres"),
    ],
)
def test_title_case_ends_words_at_full_stops_and_hyphens(text: str, expected: str) -> None:
    assert entries('<text variable="title" text-case="title"/>', {"title": text}) == [expected]


def test_typed_quotes_that_are_not_the_locales_are_in_title_case_too() -> None:
    layout = '<text variable="title" text-case="title"/>'
    assert entries(layout, {"title": "‘to be’ or not"}) == ["‘To Be’ or Not"]


def test_all_full_stops_of_a_term_are_stripped() -> None:
    made = entries(
        f'{TITLE}<text term="no date" form="short" strip-periods="true"/>', {"title": "T"}
    )
    assert made == ["Tnd"]


def test_an_empty_range_delimiter_is_the_usual_one() -> None:
    layout = '<date variable="issued"><date-part name="year" range-delimiter=""/></date>'
    assert entries(layout, {"issued": {"date-parts": [[2001], [2002]]}}) == ["2001–2002"]


@pytest.mark.parametrize(
    ("number", "expected"), [("1", "vol."), ("3", "vols."), ("1-3", "vols."), ("S1", "vol.")]
)
def test_a_count_is_plural_from_two_on(number: str, expected: str) -> None:
    layout = '<label variable="number-of-volumes" form="short" prefix=" "/>'
    item = {"title": "T", "number-of-volumes": number}
    assert entries(TITLE + layout, item) == [f"T {expected}"]


@pytest.mark.parametrize(
    ("options", "count", "expected"),
    [
        ('et-al-min="4" et-al-use-first="2"', 4, "A, B, … D"),
        ('et-al-min="4" et-al-use-first="3"', 4, "A, B, … D"),
        ('et-al-min="3" et-al-use-first="2"', 5, "A … E"),
        ('et-al-min="6" et-al-use-first="2"', 5, "A, B, C, D, E"),
    ],
)
def test_an_ellipsis_before_the_last_name_leaves_out_one_at_least(
    options: str, count: int, expected: str
) -> None:
    names = f'<names variable="author"><name et-al-use-last="true" {options}/></names>'
    item = {"author": [{"family": family} for family in "ABCDEF"[:count]]}
    assert entries(names, item) == [expected]
