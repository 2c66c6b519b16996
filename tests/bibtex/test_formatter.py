"""`tidy`: what it puts in order, and that nothing else of a .bib text changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from citeworks.bibtex import loads, tidy
from citeworks.bibtex.formatter import SORTS
from citeworks.bibtex.stretches import Stretches

Judge = Callable[[bytes, Iterable[str]], "tuple[bool, str]"]
NORMALISED = ("month", "pages", "doi")


def test_layout_case_and_lines() -> None:
    text = '@ARTICLE { k ,\n  Author="A. B." , TITLE = {Long\n        title},\n Year=2020,}'
    assert tidy(loads(text)) == (
        "@article{k,\n  author = {A. B.},\n  title = {Long title},\n  year = 2020\n}\n"
    )


def test_alignment() -> None:
    assert tidy(loads("@misc{k, title={T}, doi={10.1000/1}}"), align=True) == (
        "@misc{k,\n  title = {T},\n  doi   = {10.1000/1}\n}\n"
    )


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('month = "January"', "month = jan"),
        ("month = {sept.}", "month = sep"),
        ("month = 07", "month = jul"),
        ("month = {12~jul}", "month = {12~jul}"),
        ("pages = {1-9}", "pages = {1--9}"),
        ("pages = {LL16-04}", "pages = {LL16-04}"),
        ("pages = {12-3}", "pages = {12-3}"),
        ("pages = {12 - 3, 123-5, 12a-13b}", "pages = {12--3, 123--5, 12a--13b}"),
        ("pages = {S1 – S9, 12}", "pages = {S1--S9, 12}"),
        ("pages = {A-12}", "pages = {A-12}"),
        ("pages = {1--9}", "pages = {1--9}"),
        ("doi = {https://doi.org/10.1000/Ab}", "doi = {10.1000/Ab}"),
        ("doi = {see 10.1000/Ab}", "doi = {see 10.1000/Ab}"),
        ("abstract = {one\n\n two}", "abstract = {one\n\n two}"),
    ],
)
def test_values_in_their_usual_form(field: str, expected: str) -> None:
    assert tidy(loads(f"@misc{{k, {field}}}")) == f"@misc{{k,\n  {expected}\n}}\n"


def test_a_month_macro_of_the_file_itself_is_not_used() -> None:
    assert "month = {January}" in tidy(loads("@string{jan={J}}\n@misc{k, month={January}}"))


def test_comments_strings_and_broken_entries_stay_as_they_are() -> None:
    text = (
        '% Encoding: UTF-8\n\n@String{a = "x"}\n@string{b={y}}\n\n\n\n% about k\n@misc{k, note=a#b}'
        " % behind\n@comment{jabref-meta: a;\n b;}\n@misc{broken, note = {\n\n@misc{l}\nend"
    )
    assert tidy(loads(text)) == (
        "% Encoding: UTF-8\n\n@string{a = {x}}\n@string{b = {y}}\n\n% about k\n"
        "@misc{k,\n  note = a # b\n} % behind\n@comment{jabref-meta: a;\n b;}\n"
        "@misc{broken, note = {\n\n@misc{l\n}\nend\n"
    )


def test_line_ends_stay() -> None:
    assert tidy(loads(b"@misc{k,\r\n title={T}}\r\n")) == "@misc{k,\r\n  title = {T}\r\n}\r\n"


def test_sorting_takes_comments_along_and_keeps_parents_behind() -> None:
    text = "@book{a, year=1}\n\n% of c\n@misc{c, crossref={A}, year=2} % c!\n@misc{b, year=10}\n"
    keys = re.compile(r"@\w+\{(\w+)")
    assert keys.findall(tidy(loads(text), sort=["key"])) == ["b", "c", "a"]
    assert keys.findall(tidy(loads(text), sort=["year"])) == ["c", "b", "a"]
    assert keys.findall(tidy(loads(text), sort=["-year"])) == ["b", "c", "a"]
    assert "% of c\n@misc{c,\n  crossref = {A},\n  year = 2\n} % c!\n" in tidy(
        loads(text), sort=["key"]
    )


def test_sorting_never_crosses_a_definition() -> None:
    text = "@misc{z, note=a}\n@string{a={1}}\n@misc{y, note=a}\n@misc{x, note=a}\n"
    assert re.findall(r"\{(\w),", tidy(loads(text), sort=["key"])) == ["z", "x", "y"]


def test_of_two_entries_with_one_key_the_first_stays_first() -> None:
    text = "@misc{k, year=2}\n@misc{K, year=1}\n@misc{a, year=3}"
    assert re.findall(r"\{(\w),", tidy(loads(text), sort=["year"])) == ["k", "K", "a"]


@pytest.mark.parametrize("sort", [*SORTS, "-year"])
def test_a_text_in_stretches_is_sorted_like_a_whole_one(sort: str) -> None:
    text = (
        "% top\n@misc{z, year=2, author={B}}\n% of y\n@book{Y, date={1999-01}, title={C}} % y!\n"
        "@misc{y, year=1, note={the second y}}\n\n@misc{x, crossref={Y}, title={A}, author={A}}\n"
        "@string{a={1}}\n@misc{c, note=a}\n@misc{broken, t={\n@misc{b, note=a}\n@misc{a, year=3}"
    )
    cut = Stretches(text.encode(), window=30)
    assert len(list(cut.stretches)) > 3
    assert tidy(cut, sort=[sort, "key"]) == tidy(loads(text), sort=[sort, "key"])


@pytest.mark.slow
def test_bibtex_sees_the_same_but_for_the_usual_forms(bibtex_data: Path, judge: Judge) -> None:
    accepted, different = 0, []
    for path in sorted((bibtex_data / "nasty-dev").glob("*.bib")):
        data = path.read_bytes()
        document = loads(data)
        text = tidy(document)
        assert tidy(loads(text)) == text, path.name
        names = {item.name.lower() for block in document.entries for item in block.fields}
        seen = sorted((names or {"title"}) - {"crossref", *NORMALISED})
        fine, before = judge(data, seen)
        if fine:
            accepted += 1
            new = document.bom + text.encode(document.encoding)
            if judge(new, seen) != (True, before):
                different.append(path.name)
    assert accepted > 200
    assert not different
