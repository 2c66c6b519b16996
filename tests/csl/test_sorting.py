"""The order of entries: names, dates, numbers and text as sort keys."""

from __future__ import annotations

from typing import Any

import pytest

from citeworks.csl import Processor
from citeworks.csl.collation import collation_key

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text" {options}>'
YEAR = '<date variable="issued"><date-part name="year"/></date>'
LOCALE = """<locale xmlns="http://purl.org/net/xbiblio/csl" xml:lang="en-US"><terms>
<term name="no date">n.d.</term></terms></locale>"""


def order(
    keys: str, items: list[dict[str, Any]], *, macros: str = "", options: str = ""
) -> list[str]:
    """The titles of the items in the order of the keys."""
    xml = (
        f"{HEAD.format(options=options)}{macros}<citation><layout><text value='x'/></layout>"
        f"</citation><bibliography><sort>{keys}</sort><layout><text variable='title'/></layout>"
        "</bibliography></style>"
    )
    processor = Processor(
        xml, {str(index): item for index, item in enumerate(items)},
        load_locale=lambda name: LOCALE if name == "en-US" else None,
    )  # fmt: skip
    return [items[int(key)]["title"] for key, _ in processor.bibliography().entries]


def dated(title: str, *parts: int) -> dict[str, Any]:
    return {"title": title, "issued": {"date-parts": [list(parts)]}}


@pytest.mark.parametrize("direction", ["ascending", "descending"])
@pytest.mark.parametrize("value", ['<text term="no date"/>', '<text value="0"/>', ""])
def test_an_item_without_a_date_comes_last_whatever_is_printed_for_it(
    direction: str, value: str
) -> None:
    macro = (
        f'<macro name="d"><choose><if variable="issued">{YEAR}</if><else>{value}</else></choose>'
        "</macro>"
    )
    items = [{"title": "none"}, dated("b", 2001), dated("a", -44), dated("c", 2010)]
    found = order(f'<key macro="d" sort="{direction}"/>', items, macros=macro)
    expected = ["a", "b", "c"] if direction == "ascending" else ["c", "b", "a"]
    assert found == [*expected, "none"]


def test_a_date_of_words_is_no_date_to_sort_by() -> None:
    items = [{"title": "soon", "issued": {"literal": "forthcoming"}}, dated("old", 1999)]
    assert order('<key variable="issued"/>', items) == ["old", "soon"]


def test_a_season_sorts_with_its_year() -> None:
    items = [dated("may", 2001, 5), {"title": "spring", "issued": {"date-parts": [[2001]],
             "season": 2}}, dated("year", 2001)]  # fmt: skip
    assert order('<key variable="issued"/>', items) == ["spring", "year", "may"]


def test_a_macro_with_a_date_sorts_by_the_date_alone() -> None:
    macro = f'<macro name="d"><text variable="volume"/>{YEAR}</macro>'
    items = [{**dated("new", 2010), "volume": "1"}, {**dated("old", 1999), "volume": "9"}]
    assert order('<key macro="d"/>', items, macros=macro) == ["old", "new"]


CELIK = [
    {"title": given or particle, "author": [{"family": "Celik", "given": given or "J.",
     "dropping-particle": particle}]}
    for given, particle in (("M.", ""), ("", "von"), ("A.", ""))
]  # fmt: skip


@pytest.mark.parametrize(
    ("demote", "expected"),
    [("never", ["A.", "M.", "von"]), ("display-and-sort", ["A.", "von", "M."])],
)
def test_a_dropping_particle_sorts_before_or_after_the_given_name(
    demote: str, expected: list[str]
) -> None:
    option = f'demote-non-dropping-particle="{demote}"'
    assert order('<key variable="author"/>', CELIK, options=option) == expected


def test_a_demoted_particle_of_a_short_name_breaks_ties() -> None:
    macro = '<macro name="a"><names variable="author"><name form="short"/></names></macro>'
    items = [
        {"title": "van", "author": [{"family": "Berg", "non-dropping-particle": "van"}]},
        {"title": "none", "author": [{"family": "Berg"}]},
        {"title": "Bergen", "author": [{"family": "Bergen"}]},
    ]
    assert order('<key macro="a"/>', items, macros=macro) == ["none", "van", "Bergen"]


def test_what_differs_only_in_accents_or_case_leaves_the_order_to_the_next_key() -> None:
    items = [dated("Élan", 2003), dated("elan", 2001), dated("Elan", 2002), dated("elf", 1999)]
    keys = '<key variable="title"/><key variable="issued"/>'
    assert order(keys, items) == ["elan", "Elan", "Élan", "elf"]


def test_a_number_variable_sorts_by_its_first_number() -> None:
    items = [{"title": text, "volume": text} for text in ("10", "2-3", "A1", "IV", "3rd ed.")]
    assert order('<key variable="volume"/>', items) == ["A1", "2-3", "3rd ed.", "10", "IV"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["angst", "Ångström", "ø", "oe", "zoo"]),
        ("sv", ["angst", "oe", "zoo", "Ångström", "æ", "ø"]),
        ("en", ["²", "３", "ﬁa", "fib"]),
    ],
)
def test_the_order_of_letters_is_the_languages(language: str, words: list[str]) -> None:
    shuffled = words[1:] + words[:1]
    assert sorted(shuffled, key=lambda word: collation_key(word, language)) == words


def test_nobody_counts_less_than_one() -> None:
    macro = '<macro name="n"><names variable="author"><name form="count"/></names></macro>'
    people = [{"family": "Doe"}, {"family": "Roe"}]
    items: list[dict[str, Any]] = [
        {"title": "two", "author": people},
        {"title": "none"},
        {"title": "one", "author": people[:1]},
    ]
    assert order('<key macro="n"/>', items, macros=macro) == ["none", "one", "two"]
