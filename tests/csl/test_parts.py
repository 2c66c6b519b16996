"""The processor's small parts, each on its own."""

from __future__ import annotations

import pytest

from citeworks.csl.collation import collation_key
from citeworks.csl.compile import suffix_letters
from citeworks.csl.date_input import read_date
from citeworks.csl.formats import FORMATS
from citeworks.csl.initials import initialize, normalize_initials
from citeworks.csl.locale import Locale, Term, fallback_chain, normalize_language
from citeworks.csl.markup import parse_markup
from citeworks.csl.name_input import read_name
from citeworks.csl.numbers import format_ranges, is_numeric, is_plural, ordinal, roman
from citeworks.csl.output import Node, flatten, plain
from citeworks.csl.position import find_positions
from citeworks.csl.punctuation import settle
from citeworks.csl.textcase import apply_case
from citeworks.model.date import Date
from citeworks.model.name import Name

QUOTES = ("“", "”", "‘", "’")


def clean(value: object) -> str:
    return value if isinstance(value, str) else ""


def html(text: str, *, in_quote: bool = True) -> str:
    tokens = settle(flatten(parse_markup(text)), punctuation_in_quote=in_quote)
    return FORMATS["html"]().write(tokens, QUOTES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("<i>a <b>b</b></i>", "<i>a <b>b</b></i>"),
        ("<i>a <i>b</i></i>", '<i>a <span style="font-style:normal;">b</span></i>'),
        ("<i>open", "&#60;i&#62;open"),
        ("open</i>", "open&#60;/i&#62;"),
        ("<i>a <b>b</i>", "<i>a &#60;b&#62;b</i>"),
        ('say "so"', "say “so”"),
        ("\"a 'b' c\"", "“a ‘b’ c”"),
        ("it's d'Or", "it’s d’Or"),
        ("l'''", "l’’’"),
        ("<script>x</script>", "&#60;script&#62;x&#60;/script&#62;"),
    ],
)
def test_rich_text(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(("in_quote", "expected"), [(True, "“Title.”"), (False, "“Title”.")])
def test_a_full_stop_meets_a_closing_quote(in_quote: bool, expected: str) -> None:
    node = Node([Node(["Title"], quotes=True)], suffix=".")
    tokens = settle(flatten(node), punctuation_in_quote=in_quote)
    assert FORMATS["text"]().write(tokens, QUOTES) == expected


def test_doubled_marks_and_spaces_become_one() -> None:
    inner = Node(["Why?"], suffix=".")
    node = Node([inner, Node(["So"], suffix=".", prefix=" ")], delimiter=" ", suffix=".")
    tokens = settle(flatten(node), punctuation_in_quote=False)
    assert "".join(str(token) for token in tokens) == "Why? So."


@pytest.mark.parametrize(
    ("case", "text", "expected"),
    [
        ("title", "the art of war: a tale", "The Art of War: A Tale"),
        ("title", "pre-training of iPS cells", "Pre-Training of iPS Cells"),
        ("sentence", "The Art of WAR", "The art of war"),
        ("capitalize-first", "an eye", "An eye"),
        ("capitalize-all", "an eye", "An Eye"),
        ("uppercase", "straße", "STRASSE"),
        ("lowercase", "ABC", "abc"),
    ],
)
def test_text_case(case: str, text: str, expected: str) -> None:
    assert apply_case(text, case) == expected


def test_protected_text_keeps_its_case() -> None:
    out = parse_markup('the <span class="nocase">iPhone</span> <sub>x</sub> age')
    assert plain(apply_case(out, "uppercase")) == "THE iPhone x AGE"


@pytest.mark.parametrize(
    ("given", "mark", "expected"),
    [
        ("Jean-Luc Marie", ". ", "J.-L. M."),
        ("John F.", ".", "J.F."),
        ("Ph. M.E.", ". ", "Ph. M. E."),
        ("Anna", "", "A"),
        ("Maria de", ". ", "M. de"),
    ],
)
def test_initials(given: str, mark: str, expected: str) -> None:
    assert initialize(given, mark, True) == expected


def test_initials_that_are_there_are_written_alike() -> None:
    assert normalize_initials("John M.E", ". ") == "John M. E."


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"family": "van Gogh", "given": "V."}, Name("Gogh", "V.", non_dropping_particle="van")),
        ({"family": "Fontaine", "given": "Jean de"}, Name("Fontaine", "Jean", "de")),
        ({"family": "King", "given": "M., Jr."}, Name("King", "M.", suffix="Jr.")),
        ({"literal": "WHO"}, Name(literal="WHO")),
        ({"family": '"van Q"', "given": "A"}, Name("van Q", "A")),
        ({"family": ""}, None),
        (3, None),
    ],
)
def test_names_are_read(entry: object, name: Name | None) -> None:
    assert read_name(entry, clean) == name


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ({"date-parts": [["2005", 4, 12]]}, Date((2005, 4, 12))),
        ({"date-parts": [[2005], [2006]]}, Date((2005,), (2006,))),
        ({"date-parts": [[2005]], "circa": 1}, Date((2005,), None, "~")),
        ({"date-parts": [[2005]], "season": "2"}, Date((2005, 22))),
        ({"raw": "12 April 2005"}, Date((2005, 4, 12))),
        ({"raw": "Spring 2005"}, Date((2005, 21))),
        ({"raw": "2005/2006"}, Date((2005,), (2006,))),
        ({"literal": "forthcoming"}, Date(literal="forthcoming")),
        ({"date-parts": [[]]}, None),
        (None, None),
    ],
)
def test_dates_are_read(value: object, date: Date | None) -> None:
    assert read_date(value, clean) == date


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("101-108", "minimal", "101–8"),
        ("101-108", "minimal-two", "101–08"),
        ("71-72", "chicago-16", "71–72"),
        ("101-108", "chicago-16", "101–8"),
        ("321-28", "expanded", "321–328"),
        ("1-10", "", "1–10"),
        ("1496-1504", "chicago-15", "1496–1504"),
        ("3, 5-7", "minimal", "3, 5–7"),
        ("A-B", "", "A-B"),
    ],
)
def test_page_ranges(text: str, style: str, expected: str) -> None:
    assert format_ranges(text, style, "–") == expected


def test_numbers() -> None:
    assert roman(1999) == "mcmxcix"
    assert all(map(is_numeric, ("2", "2nd", "1-3", "iv", "iv-vi, 9")))
    assert not any(map(is_numeric, ("two", "", "mix", "IV", "ivy")))
    assert is_plural("page", "1-3")
    assert not is_plural("page", "1")


def test_ordinals_follow_gender() -> None:
    locale = Locale(terms={("ordinal", "long"): Term("º", "º")})
    locale.gendered[("ordinal", "feminine")] = Term("ª", "ª")
    assert (ordinal(1, locale), ordinal(1, locale, "feminine")) == ("1º", "1ª")


def test_locales_fall_back() -> None:
    assert normalize_language("DE_at") == "de-AT"
    assert fallback_chain("de-AT") == ["de-AT", "de-DE", "en-US"]


def test_collation_knows_neither_accents_nor_case_nor_punctuation() -> None:
    words = ["Zebra", "éclair", "eclipse", "Eclair", "_x", "1"]
    assert sorted(words, key=collation_key) == ["1", "éclair", "Eclair", "eclipse", "_x", "Zebra"]
    assert sorted(["zorn", "öl"], key=lambda word: collation_key(word, "sv")) == ["zorn", "öl"]


def test_year_suffixes_go_on_after_z() -> None:
    assert [suffix_letters(number) for number in (1, 26, 27, 52, 53)] == [
        "a",
        "z",
        "aa",
        "az",
        "ba",
    ]


def test_in_text_citations_follow_each_other_past_notes() -> None:
    clusters = [[{"id": "a"}], [{"id": "b"}], [{"id": "a"}]]
    found = find_positions(clusters, [0, 1, 0], 5)
    assert [row[0][0] for row in found] == [0, 0, 2]


def test_formats_escape_what_they_read() -> None:
    text = "50% of {x_1} & *b* <i>"
    assert FORMATS["latex"]().escape(text) == r"50\% of \{x\_1\} \& *b* <i>"
    assert FORMATS["markdown"]().escape(text) == r"50% of {x\_1} & \*b\* \<i\>"
    assert FORMATS["rtf"]().escape("ü{") == "\\uc0\\u252{}\\{"
