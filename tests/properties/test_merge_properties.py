"""Whatever the sources say and whoever is down: merging settles, and a person's word stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.model import Date, Identifier, Name, Provenance, Record, Value
from citeworks.model.change import slots, value_of
from citeworks.resolve.interface import Found
from citeworks.resolve.merge import Findings, merge
from citeworks.resolve.precedence import SOURCES

TIME = datetime(2026, 6, 1, tzinfo=UTC)
PREPRINT_SOURCES = ("arxiv", "datacite", "semanticscholar", "openalex", "catalogue")
PUBLISHED_SOURCES = ("crossref", "doi", "acl", "dblp", "openreview", "catalogue", "openalex")


def names_of(count: int, given: str) -> tuple[Name, ...]:
    return tuple(Name(family, given) for family in FAMILIES[:count])


FAMILIES = ("Wu", "Tamkin", "Papadimitriou")
AUTHORS = st.builds(names_of, st.integers(1, 3), st.sampled_from(["Alex", "A.", ""]))
TITLES = st.sampled_from(["On Hard Transfer", "On Hard Transfers", "ON HARD TRANSFER"])
YEARS = st.sampled_from([Date((2022,)), Date((2022, 2, 24)), Date((2023, 12))])
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "title": TITLES,
    "author": AUTHORS,
    "issued": YEARS,
    "container-title": st.sampled_from(["EMNLP", "Proceedings of EMNLP"]),
    "page": st.sampled_from(["1-9", "1–9"]),
    "publisher": st.sampled_from(["ACL", "arXiv"]),
    "URL": st.sampled_from(["https://example.org/a", "https://arxiv.org/abs/2202.12312"]),
    "DOI": st.sampled_from(["10.18653/v1/x", "10.48550/arxiv.2202.12312"]),
    "abstract": st.sampled_from(["One.", "Two."]),
}


@st.composite
def finds(draw: st.DrawFn, source: str, kinds: list[str]) -> Found:
    # An accepted find has a title and a date, or it would not have been accepted.
    names = {"title", "issued", *draw(st.lists(st.sampled_from(sorted(VALUES)), unique=True))}
    values = {name: draw(VALUES[name]) for name in sorted(names)}
    origin = Provenance(source, f"{source}:1", TIME)
    record = Record("", draw(st.sampled_from(kinds)), values, dict.fromkeys(values, origin))
    identifiers = (Identifier("arxiv", "2202.12312"),) if kinds == ["article"] else ()
    return Found(source, record, identifiers, is_complete=draw(st.booleans()))


@st.composite
def findings(draw: st.DrawFn) -> Findings:
    def some(sources: tuple[str, ...], kinds: list[str]) -> list[Found]:
        chosen = draw(st.lists(st.sampled_from(sources), unique=True, max_size=3))
        return [draw(finds(source, kinds)) for source in chosen]

    return Findings(
        some(PREPRINT_SOURCES, ["article"]),
        some(PUBLISHED_SOURCES, ["paper-conference", "article-journal"]),
        heard=SOURCES,
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    names = draw(st.lists(st.sampled_from(["title", "author", "issued", "abstract"]), unique=True))
    values = {name: draw(VALUES[name]) for name in ["title", *names]}
    origins = st.sampled_from(["listing", "inferred", "user"]).map(Provenance)
    custom: dict[str, object] = {}
    if "author" in values and draw(st.booleans()):
        custom["et-al"] = ["author"]
    if locked := draw(
        st.lists(st.sampled_from(sorted({*VALUES, "type"})), max_size=2, unique=True)
    ):
        custom["locked"] = locked
    return Record("k", "article", values, {name: draw(origins) for name in values}, custom)


@settings(max_examples=80, deadline=None)
@given(records(), findings(), st.booleans())
def test_merging_again_changes_nothing(record: Record, found: Findings, published: bool) -> None:
    once = merge(record, found, published=published)
    assert merge(once, found, published=published) == once


@settings(max_examples=80, deadline=None)
@given(records(), findings(), st.booleans(), st.sets(st.sampled_from(sorted(SOURCES)), max_size=3))
def test_who_was_down_before_makes_no_difference(
    record: Record, found: Findings, published: bool, down: set[str]
) -> None:
    fewer = replace(
        found,
        preprint=[each for each in found.preprint if each.source not in down],
        published=[each for each in found.published if each.source not in down],
        heard=SOURCES - down,
    )
    before = merge(record, fewer, published=published)
    assert merge(before, found, published=published) == merge(record, found, published=published)


@settings(max_examples=80, deadline=None)
@given(records(), findings(), st.booleans())
def test_a_person_is_never_overruled(record: Record, found: Findings, published: bool) -> None:
    merged = merge(record, found, published=published)
    for slot in slots(record):
        origin = record.provenance.get(slot)
        if origin and origin.source == "user":
            assert value_of(merged, slot) == value_of(record, slot)
            assert merged.provenance[slot] == origin
    for slot in record.custom.get("locked", ()):
        assert value_of(merged, slot) == value_of(record, slot)


@settings(max_examples=80, deadline=None)
@given(records(), findings(), st.booleans())
def test_authors_are_those_of_one_source(record: Record, found: Findings, published: bool) -> None:
    merged = merge(record, found, published=published)
    lists = [each.record.names() for each in (*found.preprint, *found.published)]
    assert merged.names() in [record.names(), *lists]
    assert all(merged.provenance.get(slot) for slot in merged.variables)
