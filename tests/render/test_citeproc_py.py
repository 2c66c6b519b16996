"""The second opinion: truncated lists, escaping, locales, and styles that are broken or hostile."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.errors import StyleError
from citeworks.model import Date, Name, Record, Value
from citeworks.render.citeproc_py import CiteprocPyRenderer
from citeworks.render.styles import Style, load_style

DURMUS, NGUYEN, LIAO = Name("Durmus", "Esin"), Name("Nguyen", "Karina"), Name("Liao", "Thomas I.")
STYLE = (
    '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">'
    "<info><title>T</title><id>t</id><updated>2024-01-01T00:00:00Z</updated></info>{macro}"
    '<citation><layout><text variable="title"/></layout></citation>{bibliography}</style>'
)
BIBLIOGRAPHY = "<bibliography><layout>{}</layout></bibliography>"


def paper(*authors: Name, truncated: bool = False, title: str = "A title", **more: Value) -> Record:
    issued = Date((2023, 6, 28))
    values: dict[str, Value] = {"title": title, "author": authors, "issued": issued, **more}
    record = Record("k", "article", values)
    return record.with_custom(et_al=["author"]) if truncated else record


def rendered(record: Record, style: str = "apa", locale: str = "", output: str = "text") -> str:
    ((key, text),) = CiteprocPyRenderer(load_style(style), locale, output).bibliography([record])
    assert key == record.key
    return text


def own_style(layout: str, macro: str = "") -> Style:
    xml = STYLE.format(macro=macro, bibliography=BIBLIOGRAPHY.format(layout))
    return Style("own", xml)


# Truncated lists


def test_a_truncated_list_ends_in_et_al() -> None:
    text = rendered(paper(DURMUS, NGUYEN, LIAO, truncated=True))
    assert text == "Durmus, E., Nguyen, K., Liao, T. I., et al. (2023). A title."


def test_one_listed_author_is_followed_by_et_al_without_a_comma() -> None:
    assert rendered(paper(DURMUS, truncated=True)) == "Durmus, E. et al. (2023). A title."


def test_a_whole_list_is_printed_as_one() -> None:
    text = rendered(paper(DURMUS, NGUYEN, LIAO))
    assert text == "Durmus, E., Nguyen, K., & Liao, T. I. (2023). A title."


@pytest.mark.parametrize(
    ("style", "names"),
    [
        ("ieee", "E. Durmus, K. Nguyen, T. I. Liao, et al., "),
        ("vancouver", "Durmus E, Nguyen K, Liao TI, et al. "),
        ("american-chemical-society", "Durmus, E.; Nguyen, K.; Liao, T. I.; et al. "),
        ("din-1505-2", "Durmus, Esin ; Nguyen, Karina ; Liao, Thomas I. ; u.\u00a0a.: "),
        ("gost-r-7-0-5-2008-numeric", "Durmus E. и др. "),
    ],
)
def test_other_styles_have_their_own_delimiters_and_terms(style: str, names: str) -> None:
    assert names in rendered(paper(DURMUS, NGUYEN, LIAO, truncated=True), style)


@pytest.mark.parametrize(
    ("locale", "term"), [("de-DE", "u.\u00a0a."), ("de", "u.\u00a0a."), ("en-US", "et al.")]
)
def test_the_term_is_the_locales(locale: str, term: str) -> None:
    style = own_style('<names variable="author"><name and="text"/></names>')
    ((_, text),) = CiteprocPyRenderer(style, locale).bibliography(
        [paper(DURMUS, NGUYEN, truncated=True)]
    )
    assert text == f"Esin Durmus, Karina Nguyen, {term}"


def test_a_term_of_the_style_wins_over_the_locales() -> None:
    terms = '<locale><terms><term name="et-al">and friends</term></terms></locale>'
    style = own_style('<names variable="author" suffix="."/>', terms)
    ((_, text),) = CiteprocPyRenderer(style, "de-DE").bibliography([paper(DURMUS, truncated=True)])
    assert text == "Esin Durmus and friends."


def test_the_first_author_of_a_family_called_and_stays() -> None:
    style = own_style('<names variable="author"><name delimiter=" " form="short"/></names>')
    record = paper(Name("Ganguli", "Deep"), Name("Land", "A."), truncated=True)
    ((_, text),) = CiteprocPyRenderer(style).bibliography([record])
    assert text == "Ganguli Land, et al."


def test_a_record_cannot_forge_the_end_of_a_list() -> None:
    assert "et al" not in rendered(paper(DURMUS, title="\ue000 and \ue001 and \ue010"))


# Escaping


def test_html_of_a_record_is_text() -> None:
    title = '<script>alert(1)</script> AT&T <i onclick="x">a</i> 1 < 2 &amp; </i>'
    text = rendered(paper(DURMUS, title=title), output="html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; AT&amp;T " in text
    assert '&lt;i onclick="x"&gt;a&lt;/i&gt; 1 &lt; 2 &amp;amp; &lt;/i&gt;' in text
    assert text.startswith('<div class="csl-entry">Durmus, E. (2023).')


def test_names_and_the_styles_own_signs_are_escaped_too() -> None:
    text = rendered(paper(Name("<b>X", "A"), Name("Y&Z", "B")), output="html")
    assert "&lt;b&gt;X, A., &amp; Y&amp;Z, B. (2023)" in text


def test_rich_text_of_a_record_is_formatting() -> None:
    record = paper(DURMUS, title="<i>E. coli</i> H<sub>2</sub>O <b>x</b>")
    style = own_style('<text variable="title"/>')
    outputs = {
        output: CiteprocPyRenderer(style, output=output).bibliography([record])[0][1]
        for output in ("text", "html", "markdown")
    }
    assert outputs == {
        "text": "E. coli H2O x",
        "html": '<div class="csl-entry"><i>E. coli</i> H<sub>2</sub>O <b>x</b></div>',
        "markdown": "*E. coli* H~2~O **x**",
    }


def test_markdown_of_a_record_is_text() -> None:
    style = own_style('<text variable="title"/>')
    title = "O*NET _a_ llm_global `x` [y](z) <b $\\ell_p$ &amp; AT&T"
    ((_, text),) = CiteprocPyRenderer(style, output="markdown").bibliography([paper(title=title)])
    assert text == (
        "O\\*NET \\_a\\_ llm_global \\`x\\` \\[y\\](z) \\<b \\$\\\\ell_p\\$ \\&amp; AT&T"
    )


def test_emphasis_inside_emphasis_does_not_end_it_in_markdown() -> None:
    style = own_style('<text variable="title" font-style="italic"/>')
    record = paper(title="On <i>E. coli</i> and others")
    ((_, text),) = CiteprocPyRenderer(style, output="markdown").bibliography([record])
    assert text == "*On E. coli and others*"


def test_text_case_does_not_reach_into_markup() -> None:
    style = own_style('<text variable="title" text-case="title"/>')
    record = paper(title="a study of <i>e. coli</i> & salt")
    ((_, text),) = CiteprocPyRenderer(style, output="html").bibliography([record])
    assert "<i>" in text
    assert "&amp;" in text


class Balance(HTMLParser):
    """Checks that tags close in the order in which they opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


PIECES = "<i> </i> <b> </b> <sup> </span> <script> & ; < > a * _ \ue011 \ue000".split()
SPANS = ['<span class="nocase">', '<span style="font-variant:small-caps">', '<i a="b">', " "]
TITLES = st.lists(st.sampled_from(PIECES + SPANS), min_size=1, max_size=8).map("".join)
TITLE_ONLY = own_style('<text variable="title" font-weight="bold"/>')


@settings(max_examples=60, deadline=None)
@given(TITLES)
def test_any_title_gives_html_that_is_balanced_and_harmless(title: str) -> None:
    ((_, text),) = CiteprocPyRenderer(TITLE_ONLY, output="html").bibliography([paper(title=title)])
    balance = Balance()
    balance.feed(text)
    balance.close()
    assert balance.open == []
    assert balance.seen <= {"div", "i", "b", "sup", "sub", "span"}
    assert "a=" not in text.replace("&lt;i a=", "")


# Order, keys, dates


def test_entries_come_in_the_styles_order_with_their_keys() -> None:
    records = [
        Record(key, "book", {"title": "T", "author": (Name(key.title(), "A"),)})
        for key in ("zeta", "alpha", "ALPHA2")
    ]
    entries = CiteprocPyRenderer(load_style("apa")).bibliography(records)
    assert [key for key, _ in entries] == ["alpha", "ALPHA2", "zeta"]


def test_no_records_give_no_entries() -> None:
    assert CiteprocPyRenderer(load_style("apa")).bibliography([]) == []


@pytest.mark.parametrize(
    ("date", "text"),
    [
        (Date((2019,)), "(2019)"),
        (Date((2019,), (2021,)), "(2019–2021)"),
        (Date((2019, 3), (2019, 5)), "(2019)"),
        (Date((2019,), ()), "(2019–)"),
        (Date((), (2019,)), "(–2019)"),
        (Date((2019, 22)), "(2019)"),
        (Date((1850,), qualifier="~"), "(ca. 1850)"),
        (Date((-44,)), "(44 B.C.E.)"),
        (Date(literal="in press"), "(in press)"),
    ],
)
def test_every_kind_of_date_is_printed(date: Date, text: str) -> None:
    assert text in rendered(paper(DURMUS, issued=date))


def test_unknown_properties_of_a_record_do_no_harm() -> None:
    record = paper(DURMUS).with_custom(csl_json={"self": 1, "ref_key": 2, "key": 3, "uri": 4})
    assert "A title" in rendered(record)


def test_a_number_in_front_stands_apart() -> None:
    assert rendered(paper(DURMUS), "ieee").startswith("[1] E. Durmus")


# Styles and locales that cannot be used


def test_a_style_without_a_bibliography_gives_no_entries() -> None:
    style = Style("notes", STYLE.format(macro="", bibliography=""))
    assert CiteprocPyRenderer(style).bibliography([paper(DURMUS)]) == []


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "no xml",
        "<style>",
        "<html/>",
        '<style xmlns="http://purl.org/net/xbiblio/csl"><bibliography/></style>',
        own_style('<text macro="missing"/>').xml,
        own_style('<text macro="a"/>', '<macro name="a"><text macro="a"/></macro>').xml,
        "<a>" * 100_000,
        own_style("&undefined;").xml,
        "\ud800",
    ],
)
def test_a_broken_style_is_a_style_error(xml: str) -> None:
    with pytest.raises(StyleError, match="'broken'"):
        CiteprocPyRenderer(Style("broken", xml)).bibliography([paper(DURMUS)])


def test_no_entity_of_a_style_is_ever_expanded() -> None:
    declared = '<!DOCTYPE style [<!ENTITY x "expanded">]>'
    with pytest.raises(StyleError) as refused:
        CiteprocPyRenderer(Style("mine", declared + own_style("&x;").xml))
    assert "expanded" not in refused.value.message


def test_an_unknown_locale_is_refused_with_the_nearest() -> None:
    with pytest.raises(StyleError) as refused:
        CiteprocPyRenderer(load_style("apa"), "dd-DE")
    assert "de-DE" in refused.value.hint


@pytest.mark.parametrize("locale", ["../../etc/passwd", 'de"]', "en US"])
def test_a_hostile_locale_is_refused(locale: str) -> None:
    with pytest.raises(StyleError, match="unknown locale"):
        CiteprocPyRenderer(load_style("apa"), locale)


def test_a_language_stands_for_its_main_locale() -> None:
    assert rendered(paper(DURMUS), "din-1505-2", "fr") == rendered(
        paper(DURMUS), "din-1505-2", "fr-FR"
    )
