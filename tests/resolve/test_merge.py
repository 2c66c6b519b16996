"""Which source wins for which slot, what a person owns, and that merging again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from citeworks.model import Date, Identifier, Name, Provenance, Record, Value
from citeworks.model.change import changes, value_of, with_slot
from citeworks.model.variables import VARIABLES
from citeworks.normalize.duplicates import DuplicateIndex
from citeworks.resolve.interface import Found, Notice
from citeworks.resolve.merge import Findings, describes_preprint, merge
from citeworks.resolve.precedence import RULES, SOURCES

TIME = datetime(2026, 6, 1, 12, tzinfo=UTC)
WU, TAMKIN, PAPA = Name("Wu", "Zhengxuan"), Name("Tamkin", "Alex"), Name("Papadimitriou", "Isabel")
LISTED = Record(
    "wu2022oolong",
    "article",
    {
        "title": "Oolong: What Makes Transfer Hard",
        "author": (WU, TAMKIN),
        "issued": Date((2022, 2, 24)),
        "publisher": "arXiv",
    },
    {
        **dict.fromkeys(("title", "author", "issued"), Provenance("listing", "list.txt:1-3")),
        "publisher": Provenance("inferred"),
    },
    {"et-al": ["author"], "arxiv-class": "cs.CL"},
)


def found(
    source: str,
    values: Mapping[str, Value],
    *identifiers: Identifier,
    kind: str = "article",
    time: datetime = TIME,
    **more: Any,
) -> Found:
    origin = Provenance(source, str(identifiers[0]) if identifiers else "", time)
    record = Record("", kind, values, dict.fromkeys(values, origin))
    return Found(source, record, identifiers, **more)


ARXIV_ID = Identifier("arxiv", "2202.12312")
ARXIV = found(
    "arxiv",
    {
        "title": "Oolong: What Makes Transfer Hard",
        "author": (WU, TAMKIN, PAPA),
        "issued": Date((2022, 2, 23)),
        "abstract": "When we transfer a model.",
    },
    ARXIV_ID,
)
DATACITE = found("datacite", {"title": "Oolong", "author": (WU, TAMKIN, PAPA)}, ARXIV_ID)
CROSSREF = found(
    "crossref",
    {
        "title": "Oolong: Investigating Transfer",
        "author": (WU, TAMKIN, PAPA),
        "issued": Date((2023, 12)),
        "container-title": "Proceedings of EMNLP",
        "page": "3280-3289",
        "publisher": "ACL",
        "DOI": "10.18653/v1/2023.emnlp-main.198",
    },
    Identifier("doi", "10.18653/v1/2023.emnlp-main.198"),
    kind="paper-conference",
)
DBLP = found(
    "dblp",
    {
        "title": "Oolong: investigating transfer",
        "author": (WU, TAMKIN, PAPA),
        "issued": Date((2023,)),
        "container-title": "EMNLP",
        "page": "3280-3289",
        "URL": "https://doi.org/10.18653/v1/2023.emnlp-main.198",
    },
    kind="paper-conference",
)
BOTH = Findings([ARXIV], [CROSSREF, DBLP], heard=frozenset({"arxiv", "crossref", "dblp"}))


def test_every_rule_gives_a_reason_and_names_real_slots() -> None:
    slots = [slot for rule in RULES for slot in rule.slots.split()]
    assert len(slots) == len(set(slots))
    assert all(rule.why for rule in RULES)
    assert {slot for slot in slots if not slot.startswith("custom.")} <= VARIABLES | {"type"}


def test_a_preprint_gets_its_authors_identifier_and_doi_and_keeps_what_was_listed() -> None:
    merged = merge(LISTED, Findings([DATACITE, ARXIV], heard=frozenset({"arxiv", "datacite"})))
    assert merged.names() == (WU, TAMKIN, PAPA)
    assert not merged.is_truncated()
    assert "et-al" not in merged.custom
    assert merged.custom["arxiv"] == "2202.12312"
    assert merged.text("DOI") == "10.48550/arxiv.2202.12312"
    assert merged.text("number") == "arXiv:2202.12312"
    assert merged.text("abstract") == "When we transfer a model."
    assert merged.date() == Date((2022, 2, 24))
    assert (merged.type, merged.text("title")) == ("article", LISTED.text("title"))
    assert merged.provenance["author"] == Provenance("arxiv", "arxiv:2202.12312", TIME)
    assert merged.provenance["custom.arxiv"].source == "arxiv"
    assert merged.provenance["issued"].source == "listing"


def test_without_published_a_preprint_stays_one() -> None:
    merged = merge(LISTED, BOTH)
    assert describes_preprint(merged)
    assert "container-title" not in merged.variables
    assert merged.text("DOI").startswith("10.48550/")


def test_published_takes_title_date_type_and_venue_and_keeps_the_arxiv_identifier() -> None:
    merged = merge(LISTED, BOTH, published=True)
    assert merged.type == "paper-conference"
    assert merged.text("title") == "Oolong: Investigating Transfer"
    assert merged.date() == Date((2023, 12))
    assert merged.text("container-title") == "Proceedings of EMNLP"
    assert merged.text("DOI") == "10.18653/v1/2023.emnlp-main.198"
    assert merged.text("publisher") == "ACL"
    assert "number" not in merged.variables
    assert merged.custom["arxiv"] == "2202.12312"
    assert merged.custom["preprint"] == "10.48550/arxiv.2202.12312"
    assert merged.provenance["type"].source == "crossref"


def test_a_retitled_paper_is_known_by_its_earlier_titles() -> None:
    merged = merge(LISTED, BOTH, published=True)
    assert merged.custom["titles"] == ["Oolong: What Makes Transfer Hard"]
    assert DuplicateIndex([merged]).find(LISTED) == LISTED.key


def test_a_published_paper_without_a_doi_has_none() -> None:
    neurips = replace(DBLP, record=with_slot(DBLP.record, "URL", None))
    findings = Findings([ARXIV], [neurips], heard=frozenset({"arxiv", "dblp"}))
    merged = merge(LISTED, findings, published=True)
    assert "DOI" not in merged.variables
    assert "publisher" not in merged.variables
    assert merged.text("URL") == "https://arxiv.org/abs/2202.12312"


def test_a_doi_comes_from_the_record_of_that_doi_only() -> None:
    dblp = replace(DBLP, record=with_slot(DBLP.record, "DOI", "10.1000/wrong"))
    merged = merge(LISTED, Findings([ARXIV], [dblp]), published=True)
    assert "DOI" not in merged.variables


def test_filling_first_and_publishing_later_gives_the_same() -> None:
    assert merge(merge(LISTED, BOTH), BOTH, published=True) == merge(LISTED, BOTH, published=True)


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("silent", ["arxiv", "datacite", "crossref", "dblp", ""])
def test_in_which_order_the_sources_came_up_makes_no_difference(
    silent: str, published: bool
) -> None:
    preprint, version = [ARXIV, DATACITE], [CROSSREF, DBLP]
    first = Findings(
        [each for each in preprint if each.source != silent],
        [each for each in version if each.source != silent],
        heard=SOURCES - {silent},
    )
    last = Findings(preprint, version, heard=SOURCES)
    partly = merge(LISTED, first, published=published)
    assert merge(partly, last, published=published) == merge(LISTED, last, published=published)


@pytest.mark.parametrize("published", [False, True])
def test_what_a_silent_source_said_earlier_stands(published: bool) -> None:
    whole = merge(LISTED, BOTH, published=published)
    for silent in ("arxiv", "crossref", "dblp"):
        fewer = Findings(
            [each for each in BOTH.preprint if each.source != silent],
            [each for each in BOTH.published if each.source != silent],
            heard=BOTH.heard - {silent},
        )
        assert merge(whole, fewer, published=published) == whole


@pytest.mark.parametrize("published", [False, True])
def test_merging_again_changes_nothing_not_even_times(published: bool) -> None:
    once = merge(LISTED, BOTH, published=published)
    later = TIME + timedelta(days=9)
    again = Findings(
        [found("arxiv", ARXIV.record.variables, ARXIV_ID, time=later)],
        [
            found(
                each.source,
                each.record.variables,
                *each.identifiers,
                kind=each.record.type,
                time=later,
            )
            for each in BOTH.published
        ],
        heard=BOTH.heard,
    )
    assert changes(once, merge(once, again, published=published)) == ()


def test_nothing_found_changes_nothing() -> None:
    assert merge(LISTED, Findings(heard=SOURCES), published=True) == LISTED


def test_what_a_person_edited_is_never_changed() -> None:
    owned = LISTED
    for slot in ("title", "author", "issued", "publisher"):
        owned = with_slot(owned, slot, value_of(owned, slot), Provenance("user"))
    owned = with_slot(owned, "type", "report", Provenance("user"))
    merged = merge(owned, BOTH, published=True)
    for slot in ("title", "author", "issued", "publisher", "type"):
        assert value_of(merged, slot) == value_of(owned, slot)
        assert merged.provenance[slot] == Provenance("user")


@pytest.mark.parametrize("slot", ["title", "author", "DOI", "type", "custom.arxiv", "abstract"])
def test_a_locked_slot_is_never_changed_even_if_it_is_empty(slot: str) -> None:
    record = LISTED.with_custom(locked=[slot])
    merged = merge(record, BOTH, published=True)
    assert value_of(merged, slot) == value_of(record, slot)


def test_an_inferred_value_yields_to_a_source() -> None:
    record = with_slot(LISTED, "issued", Date((2022, 2, 24)), Provenance("inferred", "list.txt:1"))
    merged = merge(record, Findings([ARXIV]))
    assert merged.date() == Date((2022, 2, 23))
    assert merged.provenance["issued"].source == "arxiv"


def test_a_published_list_that_is_shorter_than_the_preprints_is_not_taken() -> None:
    cut = replace(CROSSREF, record=with_slot(CROSSREF.record, "author", (WU,)))
    merged = merge(LISTED, Findings([ARXIV], [cut]), published=True)
    assert merged.names() == (WU, TAMKIN, PAPA)
    assert merged.provenance["author"].source == "arxiv"


def test_authors_come_from_one_source_the_published_one_in_its_own_order() -> None:
    other = (TAMKIN, WU, PAPA)
    turned = replace(
        CROSSREF,
        record=with_slot(CROSSREF.record, "author", other, CROSSREF.record.provenance["author"]),
    )
    merged = merge(LISTED, Findings([ARXIV], [turned]), published=True)
    assert merged.names() == other
    assert merged.provenance["author"].source == "crossref"


def test_initials_do_not_replace_given_names() -> None:
    short = (Name("Wu", "Z."), Name("Tamkin", "A."), Name("Papadimitriou", "I."))
    initials = replace(CROSSREF, record=with_slot(CROSSREF.record, "author", short))
    merged = merge(LISTED, Findings([ARXIV], [initials]), published=True)
    assert merged.names() == (WU, TAMKIN, PAPA)


def test_a_list_that_its_source_cut_completes_nothing() -> None:
    cut = replace(ARXIV, is_complete=False)
    merged = merge(LISTED, Findings([cut]))
    assert merged.names() == (WU, TAMKIN)
    assert merged.is_truncated()


def test_a_whole_listed_author_list_of_the_same_people_stays() -> None:
    record = replace(
        with_slot(LISTED, "author", (WU, TAMKIN, PAPA), Provenance("listing")),
        custom={"arxiv-class": "cs.CL"},
    )
    merged = merge(record, BOTH, published=True)
    assert merged.provenance["author"].source == "listing"


def test_a_bibtex_record_of_the_published_version_gains_no_preprint_doi() -> None:
    record = Record(
        "wu2023",
        "paper-conference",
        {"title": "Oolong: Investigating Transfer", "container-title": "EMNLP"},
        dict.fromkeys(("title", "container-title"), Provenance("bibtex", "a.bib")),
    )
    merged = merge(record, Findings([ARXIV]))
    assert "DOI" not in merged.variables
    assert merged.custom["arxiv"] == "2202.12312"
    assert merged.names() == (WU, TAMKIN, PAPA)
    merged = merge(record, BOTH)
    assert merged.text("DOI") == "10.18653/v1/2023.emnlp-main.198"
    assert merged.text("container-title") == "EMNLP"


def test_a_bare_doi_becomes_the_work_it_names() -> None:
    doi = "10.18653/v1/2023.emnlp-main.198"
    bare = Record("doi-x", "document", {"DOI": doi}, {"DOI": Provenance("identifier", doi)})
    merged = merge(bare, BOTH)
    assert (merged.type, merged.text("page")) == ("paper-conference", "3280-3289")
    assert merged.text("DOI") == doi
    assert merge(merged, BOTH, published=True) == merged


def test_a_bare_arxiv_identifier_becomes_the_preprint() -> None:
    bare = Record(
        "arxiv-2202.12312",
        "article",
        {"number": "arXiv:2202.12312"},
        {"number": Provenance("identifier", "arxiv:2202.12312")},
        {"arxiv": "2202.12312"},
    )
    merged = merge(bare, BOTH)
    assert merged.text("title") == ARXIV.record.text("title")
    assert merged.text("publisher") == "arXiv"


def test_retractions_are_told_with_their_notices() -> None:
    notice = Notice("retraction", Identifier("doi", "10.1000/notice"), "2024-05-01")
    retracted = replace(CROSSREF, notices=(notice,))
    merged = merge(LISTED, Findings([ARXIV], [retracted], heard=SOURCES))
    assert merged.custom["status"] == [
        {
            "kind": "retraction",
            "notice": "doi:10.1000/notice",
            "date": "2024-05-01",
            "source": "crossref",
        }
    ]
    assert merge(merged, Findings([ARXIV], heard=SOURCES - {"crossref"})) == merged
    assert "status" not in merge(merged, BOTH).custom


def test_candidates_are_told_and_go_when_they_are_decided() -> None:
    candidate = {"source": "crossref", "tier": "probable", "title": "Oolong 2"}
    merged = merge(LISTED, Findings(candidates=[candidate], heard=SOURCES))
    assert merged.custom["candidates"] == [candidate]
    assert merge(merged, Findings(heard=frozenset())) == merged
    assert "candidates" not in merge(merged, BOTH).custom
