from __future__ import annotations

import pytest

from citeworks.bibtex import dump, read_records
from citeworks.model import Date, Name, Record


def read(text: str) -> Record:
    (record,) = read_records(text).records
    return record


def field(value: str, name: str = "note") -> str:
    variable = {"note": "note", "title": "title", "url": "URL", "doi": "DOI", "pages": "page"}[name]
    return read(f"@misc{{k, {name} = {{{value}}}}}").text(variable)


def author(value: str, **more: str) -> Name:
    extra = "".join(f", {name} = {{{text}}}" for name, text in more.items())
    (name,) = read(f"@misc{{k, author = {{{value}}}{extra}}}").names()
    return name


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (
            r"Vall{\'e}e {\"u}ber \'{\i}ndice \v{S}koda \c{c}a {\o}re \L{}\'od\'z",
            "Vallée über índice Škoda ça øre Łódź",
        ),
        (r"{\~{\^e}} {\d{o}} \AA", "ễ ọ Å"),
        (
            r"\emph{E. coli} \textsubscript{2} {\em x} {\bf y}",
            "<i>E. coli</i> <sub>2</sub> <i>x</i> <b>y</b>",
        ),
        (r"costs \$5 \& 10\% \#1 a\_b", "costs $5 & 10% #1 a_b"),
        (r"a--b ``quoted'' \ldots{} x", "a–b “quoted” … x"),
        (r"$\ell_p$ and $ x^2 $", r"$\ell_p$ and $x^2$"),
        (r"Donald~Knuth", "Donald\u00a0Knuth"),
        (r"\mymacro{arg} stays", r"\mymacro{arg} stays"),
        (r"{braces} go", "braces go"),
        (r"\ensuremath{\alpha}-decay", "α-decay"),
    ],
)
def test_latex_becomes_unicode_and_markup(latex: str, text: str) -> None:
    assert field(latex) == text


def test_protected_capitals_become_nocase_in_titles_only() -> None:
    assert field("On {Bayes} and {M}arkov in The {{DNA}} Test", "title") == (
        'On <span class="nocase">Bayes</span> and <span class="nocase">Markov</span> in The '
        '<span class="nocase">DNA</span> Test'
    )
    assert field("The {de Finetti} test of {GPU}s", "title") == "The de Finetti test of GPUs"
    assert field("The {DNA} of life in {France}", "title") == "The DNA of life in France"
    assert field("{The Whole Title}", "title") == "The Whole Title"
    assert field("The {DNA}") == "The DNA"


def test_verbatim_fields_are_not_touched() -> None:
    assert field(r"http://a.b/~c%20d_e\_f", "url") == r"http://a.b/~c%20d_e\_f"
    assert field("https://doi.org/10.1000/A_b", "doi") == "10.1000/A_b"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Esin Durmus", Name("Durmus", "Esin")),
        ("Durmus, Esin", Name("Durmus", "Esin")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", suffix="Jr.")),
        (
            r"Charles Louis de la {Vall{\'e}e} Poussin",
            Name("Vallée Poussin", "Charles Louis", non_dropping_particle="de la"),
        ),
        ("van der Berg, Jan", Name("Berg", "Jan", non_dropping_particle="van der")),
        ("{NASA}", Name(literal="NASA")),
        ("{Barnes and Noble}", Name(literal="Barnes and Noble")),
        ("Plato", Name("Plato")),
        (r"{\'E}. Cartan", Name("Cartan", "É.")),
        (
            "family=Gogh, given=Vincent, prefix=van, useprefix=false",
            Name("Gogh", "Vincent", dropping_particle="van"),
        ),
        ("A, B, C, D", Name("A", "C, D", suffix="B")),
    ],
)
def test_names(text: str, name: Name) -> None:
    assert author(text) == name


def test_and_others_is_no_person() -> None:
    record = read("@misc{k, author = {A, B and C, D and others}}")
    assert record.names() == (Name("A", "B"), Name("C", "D"))
    assert record.is_truncated("author")
    assert "and others" in dump([record])


def test_macros_are_expanded_and_undefined_ones_are_reported() -> None:
    reading = read_records('@string{A = "x" # y}\n@string{y={no}}@misc{k, note = a # " z" # u}')
    assert reading.records[0].text("note") == "xy zu"
    assert [issue.code for issue in reading.issues] == ["B203"]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = 2019, month = jul, day = 12", Date((2019, 7, 12))),
        ('year = 2019, month = 12 # "~" # jul', Date((2019, 7, 12))),
        ("year = {2019}, month = {7}", Date((2019, 7))),
        ("date = {2019-07-12/2019-08-01}", Date((2019, 7, 12), (2019, 8, 1))),
        ("date = {1993-00-00}", Date((1993,))),
        ("year = {c. 1990}", Date((1990,), qualifier="~")),
        ("year = {2019--}", Date((2019,), ())),
        ("year = {in press}", Date(literal="in press")),
        ("year = 2019, month = {Spring}", Date((2019, 21))),
    ],
)
def test_dates(fields: str, date: Date) -> None:
    assert read(f"@misc{{k, {fields}}}").date() == date


def test_the_first_of_two_fields_wins() -> None:
    reading = read_records("@misc{k, Title = {a}, TITLE = {b}}")
    assert reading.records[0].text("title") == "a"
    assert [issue.code for issue in reading.issues] == ["B202"]


def test_keys_compare_without_case() -> None:
    reading = read_records("@misc{k, title={a}}@misc{K, title={b}}")
    assert [record.key for record in reading.records] == ["k", "K"]
    assert [issue.code for issue in reading.issues] == ["B201"]


def test_crossref_and_xdata_are_inherited() -> None:
    text = """
    @inproceedings{c, title={Paper}, crossref={P}, xdata={x}}
    @proceedings{p, title={Proc}, editor={Ed, A}, year=2001}
    @xdata{x, publisher={Pub}}
    """
    reading = read_records(text)
    child, parent = reading.records
    assert child.text("container-title") == "Proc"
    assert child.text("title") == "Paper"
    assert child.text("publisher") == "Pub"
    assert child.date() == Date((2001,))
    assert (parent.type, parent.key) == ("book", "p")
    assert [(issue.code, issue.key) for issue in reading.issues] == [("B206", "x")]


def test_a_circle_of_crossrefs_ends() -> None:
    reading = read_records("@misc{a, crossref={b}, note={x}}@misc{b, crossref={a}, title={T}}")
    assert [record.key for record in reading.records] == ["a", "b"]
    assert reading.records[0].text("note") == "x"


def test_arxiv_fields_of_both_dialects() -> None:
    for archive in ("archiveprefix = {arXiv}, primaryclass", "eprinttype = {arxiv}, eprintclass"):
        record = read(f"@misc{{k, eprint = {{2306.16388v2}}, {archive} = {{cs.CL}}}}")
        assert record.custom["arxiv"] == "2306.16388"
        assert record.custom["arxiv-class"] == "cs.CL"
        assert record.type == "article"


def test_unknown_types_and_fields_come_out_again() -> None:
    text = "@weird{k, title = {T}, zzz = {a {\\foo} b}, file = {C:x}}"
    written = dump(read_records(text).records)
    assert written.startswith("@weird{k,")
    assert "zzz = {a {\\foo} b}" in written
    assert "file = {C:x}" in written


def test_a_broken_entry_is_an_error_and_the_rest_is_read() -> None:
    reading = read_records("@misc{a, note={x}}\n@misc{b, note={\n@misc{c}\n", file="r.bib")
    assert [record.key for record in reading.records] == ["a", "c"]
    assert [str(error.location) for error in reading.errors] == ["r.bib:2:1"]


def test_every_value_knows_its_lines() -> None:
    record = read_records("\n@misc{k,\n title={T}}", file="r.bib").records[0]
    assert record.provenance["title"].locator == "r.bib:2-3"
    assert record.provenance.keys() == record.variables.keys()


def test_deep_nesting_neither_crashes_nor_takes_long() -> None:
    deep = "{" * 5000 + "x" + "}" * 5000
    assert read(f"@misc{{k, title = {{{deep}}}}}").text("title").count("x") == 1
    names = " and ".join([r"\'" * 3000 + "x"] * 3)
    assert read(f"@misc{{k, author = {{{names}}}}}").names()


def test_what_we_write_is_read_back_and_written_the_same() -> None:
    text = r"""
    @article{k, author = {de la Cruz, Mar{\'\i}a and {CERN} and others}, year = 2020, month = mar,
      title = {The {DNA} of $\ell_p$ and \emph{in vivo} x\textsuperscript{2}}, journal = {J},
      number = 4, pages = {1--5}, abstract = {100\% of \$5}, keywords = {a, b}}
    """
    once = dump(read_records(text).records)
    assert dump(read_records(once).records) == once


def test_the_places_of_a_conference_and_of_its_publisher() -> None:
    text = "@inproceedings{k, title={T}, location={Shanghai}, address={New York}}"
    record = read_records(text).records[0]
    assert record.text("event-place") == "Shanghai"
    assert record.text("publisher-place") == "New York"
    assert record.custom == {}


def test_a_language_is_read_and_stays() -> None:
    record = read_records("@book{k, title={T}, language={German}}").records[0]
    assert record.text("language") == "de"
    assert record.custom == {"bibtex": {"fields": {"language": "German"}}}
    both = read_records("@book{k, title={T}, language={german}, langid={english}}").records[0]
    assert both.text("language") == "en"


def test_two_keys_of_one_letter_are_the_same_key() -> None:
    issues = read_records("@misc{a, title={x}}\n@misc{a, title={y}}").issues
    assert [issue.code for issue in issues] == ["B201"]


def test_a_year_beside_a_date_that_says_it_is_no_unknown_field() -> None:
    record = read_records("@misc{k, title={T}, date={2018-05-01}, year=2018, month=may}").records[0]
    assert record.custom == {}
    other = read_records("@misc{k, title={T}, date={2018}, year=2017}").records[0]
    assert other.custom == {"bibtex": {"fields": {"year": "2017"}}}
