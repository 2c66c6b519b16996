from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from citeworks.bibtex import dump, loads, read_records
from citeworks.bibtex.fields import Dialect
from citeworks.bibtex.writer import FieldSet, entries
from citeworks.model import Date, Issue, Library, Name, Provenance, Record, Value
from citeworks.model.variables import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    NUMBER_VARIABLES,
    TEXT_VARIABLES,
    TYPES,
)
from citeworks.zotero_json import parse_item

DIALECTS: tuple[Dialect, ...] = ("bibtex", "biblatex")
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "bibtex"
DURMUS = Record(
    "durmus2023towards",
    "article",
    {
        "title": "Towards Measuring Subjective Global Opinions in Language Models",
        "author": (Name("Durmus", "Esin"), Name("Nguyen", "Karina")),
        "issued": Date((2023, 6, 28)),
        "DOI": "10.48550/arXiv.2306.16388",
        "URL": "https://doi.org/10.48550/arxiv.2306.16388",
    },
    custom={"et-al": ["author"], "arxiv": "2306.16388", "arxiv-class": "cs.CL"},
)


def record(kind: str = "article-journal", /, key: str = "k", **variables: Any) -> Record:
    named = {name.replace("_", "-"): value for name, value in variables.items()}
    return Record(key, kind, named)


def value(written: str, name: str) -> str:
    """What stands between the braces of a field."""
    match = re.search(rf"^  {name} = (.*?),?$", written, re.M)
    assert match, f"no {name} in {written}"
    text = match[1]
    return text[1:-1] if text.startswith("{") else text


def field_of(name: str, dialect: Dialect = "bibtex", **variables: Any) -> str:
    return value(dump([record(**variables)], dialect=dialect), name)


def title(text: str, **variables: Any) -> str:
    return field_of("title", title=text, **variables)


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_a_truncated_preprint_is_written_as_agreed(dialect: Dialect) -> None:
    expected = (GOLDEN / f"preprint.{dialect}").read_text("utf-8")
    assert dump([DURMUS], dialect=dialect) == expected


def test_entries_are_sorted_by_key_and_stable() -> None:
    records = [record(key=key, title=key) for key in "cab"]
    first = dump(records)
    assert re.findall(r"@article\{(.)", first) == ["a", "b", "c"]
    assert dump(Library(records)) == first == dump(list(reversed(records)))


def test_order_is_kept_when_asked() -> None:
    records = [record(key=key, title=key) for key in "ca"]
    assert re.findall(r"@article\{(.)", dump(records, sort=False)) == ["c", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Recovering DNA from amber in France", "Recovering {DNA} from amber in {France}"),
        ("Attention Is All You Need", "Attention Is All You Need"),
        (
            "Learning With BERT and GPT-4 on iPhones",
            "Learning With {BERT} and {GPT-4} on {iPhones}",
        ),
        ("A tale of two cities: A history", "A tale of two cities: A history"),
        ("What is it? A study of nothing", "What is it? {A} study of nothing"),
        ("LOUD TITLES EVERYWHERE TODAY", "LOUD TITLES EVERYWHERE TODAY"),
        ("Vitamin C and Type I Errors", "Vitamin {C} and Type {I} Errors"),
        (
            "<i>Escherichia coli</i> in H<sub>2</sub>O",
            r"\emph{Escherichia coli} in {H}\textsubscript{2}{O}",
        ),
        ('The <span class="nocase">de Finetti</span> theorem', "The {{de Finetti}} theorem"),
        ("x<sup>2</sup> and <b>bold</b>", r"x\textsuperscript{2} and \textbf{bold}"),
    ],
)
def test_capitals_and_markup_of_titles(text: str, expected: str) -> None:
    assert title(text) == expected


def test_every_capital_of_a_german_title_is_protected_for_bibtex_only() -> None:
    german: dict[str, Any] = {"title": "Die Kritik der reinen Vernunft", "language": "de"}
    assert field_of("title", **german) == "Die {Kritik} der reinen {Vernunft}"
    assert field_of("title", "biblatex", **german) == "Die Kritik der reinen Vernunft"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Sketching $\ell_p$ norms", r"Sketching $\ell_p$ norms"),
        ("Bounds of $O(n)$ steps", "Bounds of {$O(n)$} steps"),
        ("Earning $5 a day", r"Earning \$5 a day"),
        ("From $5 to US$ and back", r"From \$5 to {US\$} and back"),
        (
            r"Reading $\input{x}$ twice",
            r"Reading \$\textbackslash{}input\textbraceleft{}x\textbraceright{}\$ twice",
        ),
        (r"Hiding $^^5cinput x$", r"Hiding \$\textasciicircum{}\textasciicircum{}5cinput x\$"),
    ],
)
def test_balanced_mathematics_stays_and_the_rest_is_escaped(text: str, expected: str) -> None:
    assert title(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (Name("Durmus", "Esin"), "Durmus, Esin"),
        (
            Name("Vallée Poussin", "C.", non_dropping_particle="de la"),
            r"de la Vall{\'e}e Poussin, C.",
        ),
        (Name("King", "Martin Luther", suffix="Jr."), "King, Jr., Martin Luther"),
        (Name("García de la Torre", "José"), r"{Garc{\'\i}a de la Torre}, Jos{\'e}"),
        (Name(literal="Barnes and Noble"), "{Barnes and Noble}"),
        (Name("Plato"), "Plato"),
        (Name("Ban Ki-moon"), "{Ban Ki-moon}"),
        (Name("Smith, Inc.", "A"), "{Smith, Inc.}, A"),
        (Name("Alembert", "Jean", dropping_particle="d'"), "d'Alembert, Jean"),
    ],
)
def test_names_in_bibtex_form(name: Name, expected: str) -> None:
    assert field_of("author", author=(name,)) == expected


def test_a_collective_author_stands_in_double_braces() -> None:
    assert "author = {{World Health Organization}}" in dump(
        [record(author=(Name(literal="World Health Organization"),))]
    )


@pytest.mark.parametrize(
    ("date", "bibtex", "biblatex"),
    [
        (Date((2019, 7, 12)), {"year": "2019", "month": "jul", "day": "12"}, "2019-07-12"),
        (Date((2019,), ()), {"year": "2019--"}, "2019/.."),
        (Date((1990,), qualifier="~"), {"year": "c. 1990"}, "1990~"),
        (Date((2001, 21)), {"year": "2001", "month": "spring"}, "2001-21"),
        (Date((1999,), (2001,)), {"year": "1999--2001"}, "1999/2001"),
    ],
)
def test_dates(date: Date, bibtex: dict[str, str], biblatex: str) -> None:
    written = dump([record(issued=date)])
    assert {name: value(written, name) for name in bibtex} == bibtex
    assert field_of("date", "biblatex", issued=date) == biblatex


def test_a_month_is_a_macro_without_braces() -> None:
    assert "  month = jul" in dump([record(issued=Date((2019, 7)))])
    assert "  month = {spring}" in dump([record(issued=Date((2019, 21)))])


def test_pages_doi_and_url() -> None:
    written = dump(
        [record(page="15-20", DOI="https://doi.org/10.1/Ab_c", URL="http://a.b/c%20d_e")]
    )
    assert value(written, "pages") == "15--20"
    assert value(written, "url") == "http://a.b/c%20d_e"


def test_the_url_of_the_doi_is_left_out_and_the_doi_is_bare() -> None:
    written = dump([record(DOI="https://doi.org/10.1234/Ab_c", URL="https://doi.org/10.1234/aB_C")])
    assert value(written, "doi") == "10.1234/Ab_c"
    assert "url" not in written


@pytest.mark.parametrize("text", ["}", "{", "a}} b {{", "\\", "} @article{evil, note={x}", "%"])
@pytest.mark.parametrize("variable", ["title", "abstract", "URL", "DOI", "note", "publisher"])
@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_nothing_breaks_out_of_its_entry(text: str, variable: str, dialect: Dialect) -> None:
    hostile = Record(
        "k", "book", {variable: text, "author": (Name(text, text), Name(literal=text))}
    )
    document = loads(dump([hostile, record(key="z", title="after")], dialect=dialect))
    assert [entry.key for entry in document.entries] == ["k", "z"]
    assert not document.errors


@pytest.mark.parametrize(
    "command", [r"\input{/etc/passwd}", r"\write18{rm}", r"\csname x\endcsname"]
)
def test_no_text_starts_a_command(command: str) -> None:
    kept = {"bibtex": {"fields": {"addendum": command, "bad name": "x"}}}
    written = dump([Record("k", "book", {"title": command, "abstract": command}, custom=kept)])
    assert command not in written
    assert r"\textbackslash{}" in value(written, "addendum")
    assert "bad name" not in written


def test_bibtex_is_ascii_and_biblatex_is_unicode() -> None:
    text = "Nguyễn Hồ ʻOkina ḍ naïve x² ς “q” – …"
    assert dump([record(title=text)]).isascii()
    assert text in dump([record(title=text)], dialect="biblatex").replace("{", "").replace("}", "")
    assert dump([record(title=text)], dialect="biblatex", ascii=True).isascii()


def test_scripts_without_latex_stay_and_are_reported() -> None:
    told: list[Issue] = []
    written = dump([record(title="中文 naïve")], report=told.append)
    assert "中文" in written
    assert [(issue.code, issue.key) for issue in told] == [("B301", "k")]


def test_an_illegal_key_is_written_legally_and_reported() -> None:
    told: list[Issue] = []
    written = dump(
        [record(key=key, title="T") for key in ("a, b{c}", "K", "k")], report=told.append
    )
    assert "@article{a_b_c," in written
    assert [issue.code for issue in told] == ["B302", "B303"]


def test_a_type_that_two_csl_types_share_gets_a_subtype() -> None:
    magazine = dump([record("article-magazine", title="T")])
    assert value(magazine, "entrysubtype") == "magazine"
    assert "entrysubtype" not in dump([record("article-journal", title="T")])


def test_a_minimal_entry_has_no_abstract() -> None:
    full = record(title="T", abstract="A", keyword="x")
    assert "abstract" in dump([full])
    assert "abstract" not in dump([full], fields="minimal")
    assert "keywords" not in dump([full], fields="minimal")


def test_theses_and_roles() -> None:
    thesis = record("thesis", title="T", genre="Master's thesis", publisher="MIT")
    assert dump([thesis]).startswith("@mastersthesis{")
    assert value(dump([thesis]), "school") == "MIT"
    assert value(dump([thesis], dialect="biblatex"), "institution") == "MIT"
    film = record("motion_picture", title="F", director=(Name("Loach", "Ken"),))
    assert value(dump([film], dialect="biblatex"), "editortype") == "director"


def test_a_publisher_with_and_is_one_publisher() -> None:
    assert (
        field_of("publisher", "biblatex", publisher="Simon and Schuster") == "{Simon and Schuster}"
    )


def test_bibtex_meets_the_parent_after_its_children() -> None:
    text = "@book{a, title={Parent}}@inbook{z, title={Child}, crossref={A}}"
    records = read_records(text).records
    assert re.findall(r"@\w+\{(.)", dump(records)) == ["z", "a"]
    assert re.findall(r"@\w+\{(.)", dump(records, dialect="biblatex")) == ["z", "a"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (r"http://a.b/c\_d%20e~f", r"http://a.b/c\_d%20e~f"),
        ("http://a.b/{x}", "http://a.b/{x}"),
        ("http://a.b/}x{", "http://a.b/%7Dx%7B"),
        (r"http://a.b/\input{x}", "http://a.b/%5Cinput{x}"),
        ("http://a.b/^^5cinput", "http://a.b/%5E%5E5cinput"),
    ],
)
def test_verbatim_fields_are_data_but_harmless(url: str, expected: str) -> None:
    assert field_of("url", URL=url) == expected


def test_a_path_keeps_its_backslashes() -> None:
    text = r"@misc{k, file = {C\:\\Users\\x.pdf:pdf}}"
    assert r"file = {C\:\\Users\\x.pdf:pdf}" in dump(read_records(text).records)


@pytest.mark.parametrize(
    ("item_type", "biblatex", "bibtex"),
    [
        (name, *types.split("/"))
        for line in """
        artwork:artwork/misc audioRecording:audio/misc bill:legislation/misc blogPost:online/misc
        book:book/book bookSection:incollection/incollection case:jurisdiction/misc
        computerProgram:software/misc conferencePaper:inproceedings/inproceedings
        dataset:dataset/misc dictionaryEntry:inreference/incollection document:misc/misc
        email:letter/misc encyclopediaArticle:inreference/incollection film:video/misc
        forumPost:online/misc hearing:jurisdiction/misc instantMessage:misc/misc
        interview:misc/misc journalArticle:article/article letter:letter/misc
        magazineArticle:article/article manuscript:unpublished/unpublished map:misc/misc
        newspaperArticle:article/article patent:patent/misc podcast:audio/misc
        preprint:online/misc presentation:unpublished/misc radioBroadcast:audio/misc
        report:report/techreport standard:standard/misc statute:legislation/misc
        thesis:thesis/phdthesis tvBroadcast:video/misc videoRecording:video/misc
        webpage:online/misc
        """.split()
        for name, types in [line.split(":")]
    ],
)
def test_every_type_of_zotero_has_its_entry_type_and_comes_back(
    item_type: str, biblatex: str, bibtex: str
) -> None:
    record = parse_item({"itemType": item_type, "title": "T", "date": "2020", "key": "ABCD1234"})
    dialects: tuple[tuple[Dialect, str], ...] = (("biblatex", biblatex), ("bibtex", bibtex))
    for dialect, expected in dialects:
        text = dump([record], dialect=dialect)
        assert text.startswith(f"@{expected}{{")
        assert read_records(text).records[0].type == record.type


def test_parts_of_one_book_and_works_in_volumes_have_types_in_biblatex() -> None:
    part = Record("a", "chapter", {"title": "T", "container-author": (Name("A", "B"),)})
    whole = Record("b", "book", {"title": "T", "number-of-volumes": "3"})
    one = Record("c", "book", {"title": "T", "number-of-volumes": "3", "volume": "2"})
    text = dump([part, whole, one], dialect="biblatex")
    assert re.findall(r"^@(\w+)", text, re.M) == ["inbook", "mvbook", "book"]
    assert [record.type for record in read_records(text).records] == ["chapter", "book", "book"]


def test_entries_make_up_the_whole_file() -> None:
    records = [Record("b", "book", {"title": "B"}), Record("a b", "book", {"title": "A"})]
    found = list(entries(records, dialect="biblatex"))
    assert [key for key, _ in found] == ["a b", "b"]
    assert "\n".join(text for _, text in found) == dump(records, dialect="biblatex")


@pytest.mark.parametrize("fields", ["full", "minimal"])
def test_former_keys_are_ids_in_biblatex_and_come_back(fields: FieldSet) -> None:
    aliases = ["old", "older", "other", "no key", "old"]
    records = [
        Record("new", "book", {"title": "T"}, custom={"aliases": aliases}),
        Record("other", "book", {"title": "O"}, custom={"aliases": ["older"]}),
    ]
    text = dump(records, dialect="biblatex", fields=fields)
    assert text.count("ids = ") == 1
    assert "  ids = {old, older}\n" in text
    found = read_records(text).records
    assert [record.aliases for record in found] == [("old", "older"), ()]
    assert dump(found, dialect="biblatex", fields=fields) == text
    assert "ids" not in dump(records, dialect="bibtex")


def test_a_language_without_a_name_in_babel_comes_back() -> None:
    for dialect in ("bibtex", "biblatex"):
        text = dump([Record("k", "book", {"language": "frm"})], dialect=dialect)
        assert "  langid = {frm}\n" in text
        assert read_records(text).records[0].text("language") == "frm"
    foreign = read_records("@book{k, language = {Old English}}").records
    assert "  language = {Old English}\n" in dump(foreign, dialect="biblatex")


def test_where_a_talk_was_given_is_its_venue_in_biblatex() -> None:
    talk = Record("k", "speech", {"publisher-place": "Oslo"})
    text = dump([talk], dialect="biblatex")
    assert "venue = {Oslo}" in text
    assert "location" not in text
    back = read_records(text).records
    assert (back[0].text("event-place"), dump(back, dialect="biblatex")) == ("Oslo", text)
    both = {"event-place": "Oslo", "publisher-place": "Bern"}
    text = dump([Record("k", "speech", both)], dialect="biblatex")
    assert "venue = {Oslo}" in text
    assert "location = {Bern}" in text
    assert "address = {Oslo}" in dump([Record("k", "speech", {"publisher-place": "Oslo"})])


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("language", "de-DE de en-US en es-ES fr-FR zh-TW zh-CN frm und".split())
def test_a_language_comes_back_with_its_region(dialect: Dialect, language: str) -> None:
    record = Record("k", "book", {"title": "T", "language": language})
    text = dump([record], dialect=dialect)
    assert "langid = " in text
    assert "language = " not in text
    assert read_records(text).records[0].text("language") == language


UNREAD = frozenset(
    """
    citation-key citation-label citation-number event first-reference-note-number locator
    page-first source year-suffix
    """.split()
)
"""Variables of a citation and not of the work, doubles of others, and where a record was found."""


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
@pytest.mark.parametrize("kind", sorted(TYPES - {"article"}))
def test_every_variable_of_a_work_comes_back(dialect: Dialect, kind: str) -> None:
    variables: dict[str, Value] = {name: f"x{name}" for name in TEXT_VARIABLES | NUMBER_VARIABLES}
    variables |= {name: Date((2001, 2, 3)) for name in DATE_VARIABLES}
    variables |= {name: (Name(f"F{name}", "G"),) for name in NAME_VARIABLES}
    lost = set()
    for name, value in variables.items():
        record = Record("k", kind, {"title": "T", "URL": "u:v", "volume": "1", name: value})
        back = read_records(dump([record], dialect=dialect)).records[0]
        if back.variables.get(name) != value or back.type != kind:
            lost.add(name)
    rare = {"number", "container-title-short"} | (
        {"publisher-place"} if kind == "speech" else set()
    )
    assert lost - UNREAD <= rare


def test_numbers_of_three_kinds_stand_beside_each_other() -> None:
    variables: dict[str, Value] = {"title": "T", "number": "1", "issue": "2"}
    record = Record("k", "document", {**variables, "collection-number": "3"})
    for dialect in DIALECTS:
        back = read_records(dump([record], dialect=dialect)).records[0]
        assert back.variables == record.variables


def test_the_standard_styles_are_given_no_number_that_they_warn_of() -> None:
    alone = Record("k", "book", {"title": "T", "collection-number": "3"})
    in_series = alone.with_values({"collection-title": "S"}, Provenance("user"))
    in_volume = in_series.with_values({"volume": "1"}, Provenance("user"))
    assert "  number = {3}" in dump([in_series])
    for record in (alone, in_volume):
        assert "  number = " not in dump([record])
        assert "  number = {3}" in dump([record], dialect="biblatex")
        assert read_records(dump([record])).records[0].text("collection-number") == "3"


def test_the_name_of_an_issue_is_no_number() -> None:
    for issue, name in (("4", "number"), ("S1", "number"), ("3-4", "number"), ("Spring", "issue")):
        record = Record("k", "article-journal", {"title": "T", "issue": issue})
        text = dump([record], dialect="biblatex")
        assert f"  {name} = {{{issue.replace('-', '-')}}}" in text
        assert read_records(text).records[0].text("issue") == issue


def test_an_article_at_jstor_is_an_eprint_and_comes_back() -> None:
    url = "https://www.jstor.org/stable/41164635"
    record = Record("k", "article-journal", {"title": "T", "URL": url})
    text = dump([record], dialect="biblatex")
    assert "eprint = {41164635}" in text
    assert "url" not in text
    assert read_records(text).records[0].text("URL") == url
    assert url in dump([record])


def test_whom_a_patent_was_assigned_to_is_its_holder() -> None:
    record = parse_item({"itemType": "patent", "title": "T", "assignee": "Foo and Sons"})
    assert "holder = {{Foo and Sons}}" in dump([record], dialect="biblatex")
    assert "assignee = {{Foo and Sons}}" in dump([record])


def test_films_and_programmes_say_what_they_are() -> None:
    for item_type, subtype in (("film", "film"), ("tvBroadcast", "tvbroadcast")):
        text = dump([parse_item({"itemType": item_type, "title": "T"})], dialect="biblatex")
        assert text.startswith("@video{")
        assert f"entrysubtype = {{{subtype}}}" in text


def test_ranges_of_days_come_back_in_both_dialects() -> None:
    for date in (Date((2004, 3, 3), (2005, 8, 9)), Date((1996, 1, 1), ()), Date((1996,), (1998,))):
        record = Record("k", "book", {"title": "T", "issued": date})
        for dialect in DIALECTS:
            back = read_records(dump([record], dialect=dialect)).records[0]
            assert (back.date(), back.custom) == (date, {})


def test_names_with_dropping_particles_come_back_from_biblatex() -> None:
    names = (Name("Maupassant", "Guy", dropping_particle="de"),)
    record = Record("k", "book", {"title": "T", "author": names})
    back = read_records(dump([record], dialect="biblatex")).records[0]
    assert back.names() == names
    assert back.custom == {}


def test_a_field_for_which_there_is_no_room_is_reported() -> None:
    record = Record("k", "book", {"title": "T"}, custom={"bibtex": {"fields": {"title": "Other"}}})
    told: list[Issue] = []
    dump([record], report=told.append)
    assert [issue.code for issue in told] == ["B305"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (Name("A, B, C, D", "E"), r"{A\symbol{44} B\symbol{44} C\symbol{44} D}, E"),
        (Name("Abd", "X", non_dropping_particle="a, b"), "{a, b} Abd, X"),
        (Name("`Abd", "X"), r"\symbol{96}Abd, X"),
        (Name("Smith", "family = X"), r"Smith, family {\symbol{61}} X"),
        (Name("Smith", "\u00a0"), "Smith"),
        (Name("A--B", "C"), "A{-}{-}B, C"),
        (Name("fontaine", "", non_dropping_particle="de la"), "de la fontaine"),
    ],
)
def test_names_that_bibtex_and_biber_would_take_apart(name: Name, written: str) -> None:
    text = dump([record(author=(name,))])
    assert value(text, "author") == written
    (back,) = read_records(text).records[0].names()
    assert str(back).replace(" ", "") == str(name).strip().replace(" ", "")


def test_an_isbn_that_is_none_is_text() -> None:
    for isbn, written in (("978-3-16-148410-0", "978-3-16-148410-0"), ("50% }", None)):
        text = dump([record("book", ISBN=isbn)])
        assert value(text, "isbn") == written or r"50\% \textbraceright" in text
        assert read_records(text).records[0].text("ISBN") == isbn


def test_a_date_that_is_none_is_no_date_of_biblatex() -> None:
    visited = record("book", URL="http://x.org/", accessed=Date(literal="last week"))
    text = dump([visited], dialect="biblatex")
    assert "urldate" not in text
    assert read_records(text).records[0].date("accessed") == Date(literal="last week")


def test_formulas_that_would_not_compile_are_text() -> None:
    assert value(dump([record(note=r"$x_a_b$ $\alpha_i$")]), "note").endswith(r" $\alpha_i$")
    assert value(dump([record(note=r"$x_a_b$")]), "note").startswith(r"\$x")
    assert value(dump([record(note="$α_i$")]), "note") == r"$\alpha _i$"
