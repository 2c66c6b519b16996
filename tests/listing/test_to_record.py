"""Entries as records."""

from __future__ import annotations

import pytest

from citeworks.listing.interface import RECORD
from citeworks.listing.to_record import to_record
from citeworks.model import Date, Name, Provenance, Record
from citeworks.model.variables import TYPES, VARIABLES
from listing_support import read

ENTRY = (
    "CLMay 28Code\n"
    "Herons and Reeds: A Survey of Standing StillAda Fjord, Carl Moss et al. · mit\n"
    "They are compared.\n"
)


def record_of(text: str | bytes) -> Record:
    _, parts = read(text)
    (part,) = (part for part in parts if part.kind == RECORD)
    return to_record(part, file="listing.txt")


def test_the_variables_are_what_the_listing_says() -> None:
    record = record_of(f"\n{ENTRY}")
    assert record.key == ""
    assert record.type == "article"
    assert record.variables == {
        "title": "Herons and Reeds: A Survey of Standing Still",
        "author": (Name(literal="Ada Fjord"), Name(literal="Carl Moss")),
        "issued": Date((2026, 5, 28)),
        "abstract": "They are compared.",
    }


def test_every_value_says_where_it_was_read_and_an_inferred_year_that_it_was_inferred() -> None:
    provenance = record_of(f"\n{ENTRY}").provenance
    assert provenance["title"] == Provenance("listing", "listing.txt:2-4")
    assert provenance["issued"] == Provenance("inferred", "listing.txt:2-4")
    stated = record_of(ENTRY.replace("May 28", "May 28, 2020"))
    assert stated.provenance["issued"].source == "listing"


def test_what_csl_has_no_variable_for_is_kept_in_custom() -> None:
    record = record_of(ENTRY)
    assert record.is_truncated()
    assert record.custom["arxiv-class"] == "cs.CL"
    assert record.custom["listing"] == {
        "file": "listing.txt",
        "lines": [1, 3],
        "raw": ENTRY,
        "date": "May 28",
        "affiliations": ["mit"],
        "code": True,
        "subjects": ["cs.CL"],
        "problems": ["year-inferred"],
        "alternatives": record.custom["listing"]["alternatives"],
    }


def test_affiliation_slugs_never_become_a_variable() -> None:
    assert all("mit" not in str(value).split() for value in record_of(ENTRY).variables.values())


def test_an_ambiguous_code_is_no_arxiv_class() -> None:
    record = record_of(ENTRY.replace("CLMay", "STMay"))
    assert "arxiv-class" not in record.custom
    assert record.custom["listing"]["subjects"] == ["ST"]


@pytest.mark.parametrize(
    ("text", "kind", "variables"),
    [
        ("arXiv:2306.16388", "article", {"URL": "https://arxiv.org/abs/2306.16388"}),
        ("10.1000/182", "document", {"DOI": "10.1000/182"}),
        ("PMID: 99", "article-journal", {"PMID": "99"}),
        ("PMC1234567", "article-journal", {"PMCID": "PMC1234567"}),
        ("9780134685991", "book", {"ISBN": "9780134685991"}),
        ("https://a.b/c", "webpage", {"URL": "https://a.b/c"}),
        (
            "2020.acl-main.1",
            "paper-conference",
            {"URL": "https://aclanthology.org/2020.acl-main.1"},
        ),
        (
            "https://openreview.net/pdf?id=abcDEF123",
            "paper-conference",
            {"URL": "https://openreview.net/forum?id=abcDEF123"},
        ),
        (
            "[Deep Ponds](https://a.b/10.1000/5)",
            "document",
            {"title": "Deep Ponds", "DOI": "10.1000/5", "URL": "https://a.b/10.1000/5"},
        ),
    ],
)
def test_identifiers_become_variables(text: str, kind: str, variables: dict[str, str]) -> None:
    record = record_of(text)
    assert record.type == kind
    assert record.variables == variables
    assert record.type in TYPES
    assert record.variables.keys() <= VARIABLES
    assert record.provenance.keys() == record.variables.keys()


def test_the_arxiv_number_is_kept_by_itself() -> None:
    assert record_of("arXiv:hep-th/9901001").custom["arxiv"] == "hep-th/9901001"


def test_raw_text_with_undecodable_bytes_can_be_written_as_utf8() -> None:
    record = record_of(b"caf\xe9 \xc3\xa9 \xc3\xa9 10.1000/5")
    assert record.custom["listing"]["raw"] == "caf\\udce9 é é 10.1000/5"


def test_a_part_without_entry_has_no_record() -> None:
    _, parts = read(f"\n{ENTRY}")
    with pytest.raises(ValueError, match="separator"):
        to_record(parts[0], file="x")
