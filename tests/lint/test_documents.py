"""Every rule of .bib files: an entry that breaks it, and the same entry put right."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworks.bibtex import loads
from citeworks.bibtex.stretches import Stretches
from citeworks.lint import RULES, check_document, findings_of, fix_document
from citeworks.lint.interface import Finding

CLEAN = """@article{smith2020,
  author = {Smith, John and van der Berg, Anna and others},
  title = {On the care of {DNA} in small samples: A review},
  journal = {Annals of Samples},
  year = 2020,
  month = jun,
  volume = 12,
  pages = {1--10, 15},
  doi = {10.1000/182},
  issn = {0317-8471},
  url = {https://example.org/a_b%20c},
}
"""

BREAKING: list[tuple[str, str, str]] = [
    ("B002", "  volume = 12,", "  volume 12,"),
    ("B003", "year = 2020,", "year = {2020,"),
    ("B004", "year = 2020,", "year = 2020"),
    ("B005", "@article", "@string{12}\n@article"),
    ("B006", "  year = 2020,", "  % a remark\n  year = 2020,"),
    ("B007", "{1--10, 15}", '"1--10}"'),
    ("B101", "{Annals of Samples}", "{Annals\n@article{b, title = {x}}}"),
    ("B102", "smith2020", "smith#2020"),
    ("B201", "@article", "@misc{SMITH2020, title = {Another work}}\n@article"),
    ("B202", "  year = 2020,", "  year = 2020,\n  Year = 2021,"),
    ("B203", "month = jun", "month = juno"),
    ("B205", "{smith2020,", "{,"),
    ("F101", "  journal = {Annals of Samples},\n", ""),
    ("F102", "{Annals of Samples}", "{}"),
    ("F104", "  year = 2020,", "  crossref = {nobody},\n  year = 2020,"),
    ("F110", "issn", "isssn"),
    ("F111", "@article", "@articel"),
    ("N101", "Smith, John and van der Berg, Anna and others", "J. Smith, A. Berg, C. Doe"),
    ("N102", "and others", "and et al."),
    ("N103", "Smith, John", "Smith, J.R."),
    ("N104", "Smith, John", "Smith, JR"),
    ("N105", "Smith, John and van", "Smith, John; van"),
    ("N106", "Smith, John and", "Smith, John and and"),
    ("N107", "Smith, John", "SMITH, John"),
    ("N108", "Smith, John", "Smith, John1"),
    ("T101", "{DNA}", "DNA"),
    ("T102", "On the care of {DNA} in small samples: A review", "ON THE CARE OF SMALL SAMPLES"),
    ("T103", "{On the care of {DNA} in small samples: A review}", "{{On the care of samples}}"),
    ("T104", "A review}", "A review.}"),
    ("T105", "small samples", "Swiss samples"),
    ("V101", "10.1000/182", "182/10.1000"),
    ("V102", "{10.1000/182}", "{https://doi.org/10.1000/182}"),
    ("V103", "issn = {0317-8471}", "isbn = {978-0-306-40615-8}"),
    ("V104", "0317-8471", "0317-8472"),
    ("V105", "year = 2020", "year = {twenty}"),
    ("V106", "month = jun", "month = {June}"),
    ("V107", "1--10", "1-10"),
    ("V108", "1--10", "110--101"),
    ("V109", "https://example.org/a_b%20c", "https://doi.org/10.1000/182"),
    ("V110", "https://example.org/a_b%20c", "example.org/a"),
    ("V111", "doi = {10.1000/182}", "url = {https://doi.org/10.1000/182}"),
    ("E101", "small", "small Ã¼ber"),
    ("E102", "small", "small \ufffdber"),
    ("E103", "small", "small &amp; big"),
    ("E104", "small", "<i>small</i>"),
    ("E105", "small", "sm\u200ball"),
    ("P101", "Annals of Samples", "arXiv preprint arXiv:2306.16388"),
    ("P102", "  year = 2020,", "  year = 2020,\n  eprint = {2306.16388},"),
    ("P103", "  year = 2020,", "  year = 2020,\n  eprint = {arXiv:2306.16388},"),
    (
        "P104",
        "  year = 2020,",
        "  year = 2020,\n  archiveprefix = {arXiv},\n  eprint = {12},",
    ),
    ("K101", "a_b%20c", "a\\_b"),
    ("K102", "of Samples", "& Samples"),
    ("K103", "of Samples", "of \\input{x} Samples"),
    ("K105", "of Samples", "of $x Samples"),
    (
        "D101",
        "@article",
        "@misc{b, title = {Another}, doi = {https://doi.org/10.1000/182}}\n@article",
    ),
    (
        "D102",
        "  year = 2020,",
        "  year = 2020, archiveprefix = {arXiv}, eprint = {2306.16388}}\n"
        "@misc{b, title={X}, archiveprefix = {arXiv}, eprint = {2306.16388v2},",
    ),
    (
        "D103",
        "@article",
        "@misc{b, author = {John Smith}, year = {2020},"
        " title = {On the {Care} of DNA in Small Samples: a review}}\n@article",
    ),
]
"""Rule, a stretch of the clean entry, and what breaks the rule in its place."""


def codes(text: str) -> set[str]:
    return {finding.rule.code for finding in findings(text)}


def findings(text: str) -> list[Finding]:
    return check_document(loads(text, file="refs.bib"))


def test_nothing_is_wrong_with_a_clean_entry() -> None:
    assert findings(CLEAN) == []


def test_every_rule_has_its_example() -> None:
    assert {code for code, _, _ in BREAKING} == set(RULES)


@pytest.mark.parametrize(("code", "old", "new"), BREAKING, ids=[code for code, _, _ in BREAKING])
def test_rule_finds_what_breaks_it(code: str, old: str, new: str) -> None:
    assert CLEAN.count(old) == 1
    assert code in codes(CLEAN.replace(old, new))


@pytest.mark.parametrize(("code", "old", "new"), BREAKING, ids=[code for code, _, _ in BREAKING])
def test_fix_puts_right_what_the_rule_found_and_nothing_else(code: str, old: str, new: str) -> None:
    document = loads(CLEAN.replace(old, new), file="refs.bib")
    fixed, count = fix_document(document, lambda doc: check_document(doc, {code}))
    if not RULES[code].fixable:
        assert (fixed, count) == (document, 0)
        return
    assert count == 1
    assert check_document(fixed, {code}) == []
    before, after = document.text.splitlines(), fixed.text.splitlines()
    assert sum(line not in after for line in before) == 1
    assert [block.key for block in fixed.entries] == [block.key for block in document.entries]


@pytest.mark.parametrize(
    "entry",
    [
        "@misc{a, author = {{Ernst & Young; and others}}, title = {On samples}, year = 2020}",
        "@misc{a, author = {family=Berg, given=Anna, prefix=van}, title = {X}, year = 2020}",
        "@misc{a, author = {Garc{\\'i}a M{\\'a}rquez, Gabriel}, title = {X}, year = 2020}",
        "@misc{a, author = {Smith, Jr., J. R.}, title = {X}, year = 2020}",
        "@misc{a, title = {Ein Brief an Goethe}, langid = {german}, year = 2020}",
        "@misc{a, title = {What is it?}, year = {in press}}",
        "@misc{a, title = {X}, date = {2019-05/..}, urldate = {2020-01-02}}",
        "@misc{a, title = {X}, date = {199X}}",
        "@misc{a, title = {X}, year = {c. 1850}, pages = {iv--x, e12, 101--9, 33+}}",
        "@misc{a, title = {X}, month = 6 # \"~\" # jun, year = 2020, isbn = {0-306-40615-2}}",
        "@misc{a, title = {The $A\\&B$ of $x_1$}, year = 2020, url = {https://a.org/x&y#z%20}}",
        "@article{a, author = {A, B}, title = {X}, year = 2020, eprint = {hep-th/9901001},"
        " archiveprefix = {arXiv}}",
        "@book{a, editor = {A, B}, title = {The NASA Book}, publisher = {P}, year = 2020}",
        "@incollection{a, author = {A, B}, title = {X}, crossref = {b}}\n"
        "@book{b, editor = {C, D}, title = {The whole}, publisher = {P}, year = 2020}",
        "@xdata{a, publisher = {P}}",
        "@misc{a, title = {X}, issn = {1234-5679 (print), 0317-8471}, doi = {{10.1000/182}}}",
        "@misc{a, title = {X}, year = 2020, pages = {LL16-04}}",
        "@misc{a, title = {X}, year = 2020, pages = {12-3}}",
        "@comment{@article{a, title={}}}",
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(entry: str) -> None:
    assert findings(entry) == [], entry


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "length"),
    [
        ("{DNA}", "DNA", 3, 27, 3),
        ("  year = 2020,\n", "\tyear = 2020, isbn = {978-0},\n", 5, 23, 5),
        ('pages = {1--10, 15}', 'pages = "5, 1-10"', 8, 16, 1),
        ("month = jun", "month = {June}", 6, 12, 4),
    ],
)  # fmt: skip
def test_place_is_that_of_the_value(
    old: str, new: str, line: int, column: int, length: int
) -> None:
    [finding] = findings(CLEAN.replace(old, new))
    place = finding.location
    assert (place.file, place.line, place.column) == ("refs.bib", line, column)
    assert finding.length == length


@pytest.mark.parametrize(
    "field",
    [
        "month = {{June}}",
        'month = 6 # "~" # {June}',
        "doi = {https://doi.org/10.1002/%28SICI%29}",
        "author = {et al.}",
        "doi = {https://doi.org/} # {10.1000/182}",
        "url = {https://doi.org/10.1000/183}, doi = {10.1000/182}",
    ],
)
def test_what_is_not_safe_is_not_fixed(field: str) -> None:
    document = loads(f"@misc{{a, title = {{X}}, {field}}}")
    assert fix_document(document, check_document) == (document, 0)


def test_braces_round_braces_hide_nothing() -> None:
    document = loads("@misc{a, title = {X}, pages = {{1-10}}, doi = {{doi:10.1000/182}}}")
    fixed, count = fix_document(document, check_document)
    assert fixed.text == "@misc{a, title = {X}, pages = {{1--10}}, doi = {{10.1000/182}}}"
    assert count == 2


def test_dialect_is_told_by_the_fields_and_can_be_given() -> None:
    book = "@book{a, author = {A, B}, title = {X}, %s = 2020}"
    assert "F101" not in codes(book % "date")
    assert "F101" in codes((book % "year") + "@article{b, journal = {J}}")
    document = loads(book % "date")
    assert [f.message for f in check_document(document, {"F101"}, dialect="bibtex")] == [
        "@book{a} lacks publisher"
    ]


def test_fixes_keep_every_other_byte(shared_data: Path) -> None:
    for path in sorted((shared_data / "bibtex/nasty-dev").glob("tidy_0[01]*.bib")):
        document = loads(path.read_bytes(), file=path.name)
        fixed, _ = fix_document(document, check_document)
        again, count = fix_document(loads(fixed.to_bytes()), check_document)
        assert count == 0
        assert again.to_bytes() == fixed.to_bytes()
        old, new = document.entries, fixed.entries
        assert [(block.type, block.key) for block in old] == [(b.type, b.key) for b in new]


def test_real_files_never_break_it(shared_data: Path) -> None:
    for path in sorted((shared_data / "bibtex/nasty-dev").glob("*.bib")):
        document = loads(path.read_bytes(), file=path.name)
        for finding in check_document(document):
            assert finding.location.line <= document.text.count("\n") + 1


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("year = 2019, publisher = {P}", "year = 2020, publisher = {P}", False),
        ("year = 2020, publisher = {P}", "year = 2020, publisher = {Q}", True),
        ("year = 2019, eprint = {2306.16388}", "year = 2020, publisher = {P}", True),
        ("publisher = {P}", "year = 2020, publisher = {P}", True),
        ("year = 2020, publisher = {P}", "year = 2020, crossref = {a}", False),
    ],
)
def test_editions_are_apart_and_preprints_are_not(
    first: str, second: str, *, expected: bool
) -> None:
    same = "title = {A Handbook of Small Samples}, author = {Smith, John}"
    text = f"@book{{a, {same}, {first}}}\n@book{{b, {same}, {second}}}\n"
    assert ("D103" in codes(text)) is expected


def test_a_file_in_stretches_has_the_same_findings_in_the_same_order() -> None:
    broken = [CLEAN.replace(old, new).replace("smith", f"s{n}-") for n, (_, old, new) in
              enumerate(BREAKING)]  # fmt: skip
    text = "@string{jml = {J}}\n" + "\n".join([*broken, CLEAN, CLEAN])
    text += "@incollection{c, crossref={p}}\n@incollection{d, crossref={none}}\n@book{P, title=jml}"
    whole = loads(text, file="refs.bib")
    cut = Stretches(text.encode(), "refs.bib", window=100)
    assert len(list(cut.stretches)) > 5
    expected = check_document(whole)
    found = list(findings_of(cut, frozenset(RULES)))
    assert {each.rule.code for each in found} >= {"B003", "B201", "D101", "F104"}
    assert [(f.rule, f.message, f.location, f.length, f.key) for f in found] == [
        (f.rule, f.message, f.location, f.length, f.key) for f in expected
    ]


def codes_in(text: str, **options: str) -> list[str]:
    document = loads(text.encode(), file="x.bib")
    return [each.rule.code for each in check_document(document, dialect=options.get("dialect", ""))]


ARTICLE = "@article{%s, author={Smith, Ann}, title={A note}, journal={J}, year=%d, %s}\n"


def test_each_undefined_macro_is_said_once_and_those_of_styles_are_known() -> None:
    text = "".join(
        f"@article{{a{n}, author={{A{n} Smith}}, title={{T {n}}}, journal={name}, year=2000}}\n"
        for n, name in enumerate(("nowhere", "NoWhere", "tcs", "IEEE_J_PAMI", "elsewhere"))
    )
    document = loads(text.encode(), file="x.bib")
    found = check_document(document, defined={"elsewhere"})
    assert [(each.rule.code, each.key) for each in found] == [("B203", "a0")]


def test_biber_reads_every_dash_between_pages() -> None:
    entry = "@article{a, author={A Smith}, title={T}, journaltitle={J}, date=2000, pages={12-15}}"
    assert codes_in(entry) == []
    assert codes_in(entry, dialect="bibtex") == ["V107"]


def test_a_few_entries_from_elsewhere_do_not_change_the_dialect() -> None:
    own = "".join(ARTICLE % (f"a{n}", 1900 + n, "") for n in range(9))
    strange = "@inbook{x, author={B Jones}, title={U}, chapter=1, publisher={P}, year=2000, %s}"
    assert "F101" not in codes_in(own + strange % "eprinttype={x}")
    assert "F101" in codes_in(strange % "eprinttype={x}")


def test_bibtex_hands_every_field_down_to_a_child() -> None:
    parent = "@book{whole, author={Knuth, Donald}, title={Art}, publisher={P}, year=1968}\n"
    child = "@book{part, crossref={whole}, title={Sorting}, volume=3, year=1973}\n"
    assert codes_in(child + parent) == []
    assert codes_in(child + parent, dialect="biblatex") == ["F101"]


def test_what_people_write_for_months_is_left_to_them() -> None:
    months = "janvier--mars,Spring/Summer,Oktober,enero y febrero,Michaelmas,März"
    for month in months.split(","):
        given = f"month={{{month}}}"
        assert codes_in(ARTICLE % ("a", 2000, given)) == [], month
    assert codes_in(ARTICLE % ("a", 2000, "month={13}")) == ["V106"]
    assert codes_in(ARTICLE % ("a", 2000, "month={May}")) == ["V106"]


def test_what_is_related_is_no_twin() -> None:
    pair = ARTICLE % ("a", 2000, "related={b}") + ARTICLE % ("b", 2000, "")
    assert "D103" not in codes_in(pair.replace("A note", "A note on the longer titles"))


def test_an_apostrophe_makes_no_acronym() -> None:
    assert "T101" not in codes_in(ARTICLE.replace("A note", "Sur L'\u00c9tat") % ("a", 2000, ""))
