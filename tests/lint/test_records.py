"""The rules that hold for records of any origin."""

from __future__ import annotations

import pytest

from citeworks.lint import check_records, fix_records
from citeworks.model import Date, Location, Name, Provenance, Record, Value

GOOD: dict[str, Value] = {
    "title": "On the care of samples",
    "author": (Name("Smith", "John"), Name("Berg", "Anna", non_dropping_particle="van der")),
    "container-title": "Annals of Samples",
    "issued": Date((2020, 6)),
    "DOI": "10.1000/182",
    "ISSN": "0317-8471",
    "page": "1-10",
    "URL": "https://example.org/a",
}


def codes(**changes: Value | None) -> list[str]:
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    values = {name: value for name, value in {**GOOD, **named}.items() if value is not None}
    return [each.rule.code for each in check_records([Record("a", "article-journal", values)], at)]


def at(record: Record, variable: str) -> Location:
    return Location("library.json", 3, 0, variable)


def test_nothing_is_wrong_with_a_good_record() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("F101", {"container_title": None}),
        ("F101", {"author": None}),
        ("V101", {"DOI": "182/10"}),
        ("V103", {"ISBN": "978-0-306-40615-8"}),
        ("V104", {"ISSN": "0317-8472"}),
        ("V105", {"issued": Date(literal="some day")}),
        ("V108", {"page": "110-101"}),
        ("V109", {"URL": "https://doi.org/10.1000/182"}),
        ("V110", {"URL": "example.org"}),
        ("T102", {"title": "ON THE CARE OF SAMPLES"}),
        ("E101", {"title": "Ã¼ber das Ding"}),
        ("E102", {"title": "\ufffdber das Ding"}),
        ("E103", {"container_title": "Samples &amp; Care"}),
        ("N101", {"author": (Name("Smith, J., Berg, A.", "C."),)}),
        ("N102", {"author": (Name("Smith", "J"), Name(literal="et al."))}),
        ("N105", {"author": (Name("Smith; Berg", "J"),)}),
        ("N106", {"author": (Name("Smith", "J"), Name())}),
    ],
)
def test_rule_finds_what_breaks_it(code: str, changes: dict[str, Value | None]) -> None:
    assert codes(**changes) == [code]


def test_rich_text_of_csl_is_no_html() -> None:
    assert codes(title="The <i>Escherichia</i> of <span class='nocase'>X</span>") == []


def test_the_same_work_is_named_once_with_its_twin() -> None:
    records = [
        Record("a", "article-journal", GOOD),
        Record("b", "article-journal", GOOD),
        Record("c", "article-journal", {**GOOD, "DOI": "10.1000/183"}),
    ]
    found = check_records(records, at)
    assert [(each.rule.code, each.key) for each in found] == [("D101", "b"), ("D103", "c")]
    assert "as a" in found[0].message


def test_place_is_asked_for_by_variable() -> None:
    [finding] = check_records([Record("a", "article-journal", {**GOOD, "ISBN": "1"})], at)
    assert finding.location.source_line == "ISBN"


FAULTY: dict[str, Value] = {
    **GOOD,
    "title": "Salt &amp; water &amp; time.",
    "DOI": "https://doi.org/10.1000/ABC",
    "URL": "http://dx.doi.org/10.1000/abc",
}


def test_what_is_safe_is_put_right_and_keeps_its_provenance() -> None:
    said = {name: Provenance("user" if name == "title" else "crossref") for name in FAULTY}
    record = Record("a", "article-journal", FAULTY, said)
    found = check_records([record], at)
    assert sorted(each.rule.code for each in found if each.is_fixable) == [
        "E103",
        "T104",
        "V102",
        "V109",
    ]
    [fixed], count = fix_records([record])
    assert (fixed.text("title"), fixed.text("DOI")) == ("Salt & water & time", "10.1000/ABC")
    assert "URL" not in fixed.variables
    assert fixed.provenance == {name: each for name, each in said.items() if name != "URL"}
    assert count == 5
    assert fix_records([fixed]) == ([fixed], 0)
    assert check_records([fixed], at) == []


def test_what_a_person_has_locked_or_nobody_chose_stays() -> None:
    record = Record("a", "article-journal", FAULTY).with_custom(locked=["title", "DOI", "URL"])
    assert fix_records([record]) == ([record], 0)
    assert not any(each.is_fixable for each in check_records([record], at))
    record = Record("a", "article-journal", FAULTY)
    [fixed], _ = fix_records([record], {"V102"})
    assert fixed.variables == {**FAULTY, "DOI": "10.1000/ABC"}


def test_a_url_of_another_doi_stays() -> None:
    assert codes(URL="https://doi.org/10.1000/183") == []
