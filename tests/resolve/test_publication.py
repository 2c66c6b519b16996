"""The published version of a preprint: what a link says, and what must be seen without one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citeworks.model import Provenance
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Found
from citeworks.resolve.match import Tier
from citeworks.resolve.publication import is_published_version
from resolve_support import link, preprint, published

TITLE = "Operationalising the Definition of General Purpose AI Systems: Assessing Four Approaches"
PEOPLE = "Risto Uuk, Carlos Ignacio Gutierrez, Alex Tamkin"
MANY = f"{PEOPLE}, Ada Moe, Bo Lind, Cy Ray"
BEFORE = preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")
RETITLED = TITLE.replace("Assessing", "Mapping")
LINKS = (link(PREPRINT, "doi", "10.48550/arxiv.2306.02889"),)


def test_a_link_makes_a_retitled_publication_certain() -> None:
    before = preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")
    after = published(
        TITLE.replace("Assessing Four Approaches", "A Review of Approaches"),
        PEOPLE,
        "2024",
        "Proceedings of A",
        "10.1000/a",
        links=(link(PREPRINT, "doi", "10.48550/arxiv.2306.02889"),),
    )
    assert is_published_version(before, after).tier is Tier.CERTAIN


def test_a_link_of_the_preprint_counts_as_much() -> None:
    before = preprint(
        TITLE, PEOPLE, "2023-06-05", "2306.02889", links=(link(PUBLISHED, "doi", "10.1000/a"),)
    )
    after = published(TITLE, PEOPLE, "2024", "Workshop on A", "10.1000/a")
    assert is_published_version(before, after).tier is Tier.CERTAIN


def test_a_linked_paper_of_another_title_is_no_version() -> None:
    before = preprint(
        TITLE, PEOPLE, "2023-06-05", "2306.02889", links=(link(PUBLISHED, "doi", "10.1000/a"),)
    )
    after = published("Quite Another Paper", "Some Body", "2024", "Proceedings of A", "10.1000/a")
    assert is_published_version(before, after).tier is Tier.CONFLICT


@pytest.mark.parametrize(
    "candidate",
    [
        preprint(TITLE, PEOPLE, "2024-06-05", "2406.00001"),
        published(TITLE, PEOPLE, "2024", "Submitted to ICLR 2024"),
        published(TITLE, PEOPLE, "2024", "ICML 2024 Workshop on Definitions"),
        published(f"{TITLE} 2.0", PEOPLE, "2024", "Proceedings of A", "10.1000/a"),
        published(TITLE, PEOPLE, "2034", "Proceedings of A", "10.1000/a"),
        published(TITLE, "Some Body", "2024", "Proceedings of A", "10.1000/a"),
    ],
)
def test_what_is_no_published_version(candidate: Found) -> None:
    before = preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")
    assert not is_published_version(before, candidate).tier.is_accepted


@pytest.mark.parametrize(
    "other",
    [
        f"Erratum: {TITLE}",
        f"Correction to: {TITLE}",
        f"{TITLE} II",
        f"{TITLE}: Part II",
        f"{TITLE} (Reply)",
        f"Publisher's Note: {TITLE}",
        f"Author Correction: {TITLE}",
        f"Errata for: {TITLE}",
        f"{TITLE}++",
    ],
)
def test_a_link_to_another_kind_of_work_is_an_error_of_who_links(other: str) -> None:
    before = preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")
    linked = (link(PREPRINT, "doi", "10.48550/arxiv.2306.02889"),)
    after = published(other, PEOPLE, "2024", "Proceedings of A", "10.1000/a", links=linked)
    assert not is_published_version(before, after).tier.is_accepted


def test_a_posted_text_is_a_preprint_whoever_gives_its_doi() -> None:
    before = preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")
    posted = published(TITLE, PEOPLE, "2024", "A Server", "10.5555/unheard.of", type="article")
    assert not is_published_version(before, posted).tier.is_accepted
    thesis = published(TITLE, PEOPLE, "2024", "A University", "10.5555/thesis", type="thesis")
    assert not is_published_version(before, thesis).tier.is_accepted


def test_two_strangers_before_the_only_listed_person_are_another_paper() -> None:
    before = preprint(TITLE, "Risto Uuk", "2023-06-05", "2306.02889")
    strangers = published(TITLE, "Bo Lind, Ada Moe, Risto Uuk", "2024", "Letters", "10.1000/b")
    assert not is_published_version(before, strangers).tier.is_accepted


def bridge(source: str, title: str = TITLE, people: str = PEOPLE, **more: str) -> Found:
    """What an index says that keeps the preprint and a publication in one record."""
    found = preprint(title, people, "2023", "2306.02889")
    linked = (link(PREPRINT, "arxiv", "2306.02889"), link(PUBLISHED, "doi", "10.1000/a"))
    return replace(found, source=source, links=linked, record=found.record.with_custom(**more))


def test_an_author_list_cut_in_a_deposit_does_not_undo_a_link() -> None:
    first = published(TITLE, "Risto Uuk", "2024", "Journal of A", "10.1000/a", links=LINKS)
    other = published(TITLE, "Ada Moe", "2024", "Journal of A", "10.1000/a", links=LINKS)
    assert is_published_version(BEFORE, first).tier is Tier.CERTAIN
    assert not is_published_version(BEFORE, other).tier.is_accepted


@pytest.mark.parametrize("links", [(), LINKS])
def test_a_notice_is_no_publication_whatever_its_title(links: tuple[()]) -> None:
    notice = published(TITLE, PEOPLE, "2024", "Journal of A", "10.1000/a", links=links)
    notice = replace(notice, record=notice.record.with_custom(notice_for=["10.1000/original"]))
    assert not is_published_version(BEFORE, notice).tier.is_accepted


@pytest.mark.parametrize(
    ("kind", "venue"),
    [
        ("book", "Books on A"),
        ("report", "Reports on A"),
        ("paper-conference", "Companion Proceedings of the A Conference"),
        ("paper-conference", "Adjunct Publication of the A Conference"),
        ("article-journal", "Bulletin of A: Abstracts of the Annual Meeting"),
        ("paper-conference", "A 2024: Book of Abstracts"),
    ],
)
def test_what_is_seldom_the_published_version_needs_a_link(kind: str, venue: str) -> None:
    found = published(TITLE, PEOPLE, "2024", venue, "10.1000/a", type=kind)
    assert is_published_version(BEFORE, found).tier is Tier.PROBABLE
    assert is_published_version(BEFORE, replace(found, links=LINKS)).tier is Tier.CERTAIN


def test_another_title_that_one_index_alone_links_is_not_believed() -> None:
    found = published(RETITLED, PEOPLE, "2024", "Journal of A", "10.1000/a", links=LINKS)
    assert is_published_version(BEFORE, found).tier is Tier.CERTAIN
    merged = replace(found, source="openalex")
    assert is_published_version(BEFORE, merged).tier is Tier.PROBABLE
    assert is_published_version(BEFORE, merged, [bridge("openalex")]).tier is Tier.PROBABLE
    assert is_published_version(BEFORE, merged, [bridge("semanticscholar")]).tier is Tier.CERTAIN
    same = replace(
        published(TITLE, PEOPLE, "2024", "J", "10.1000/a", links=LINKS), source="openalex"
    )
    assert is_published_version(BEFORE, same).tier is Tier.CERTAIN


def test_a_workshop_version_that_one_index_alone_links_is_not_believed() -> None:
    found = published(TITLE, PEOPLE, "2024", "ICML Workshop on A", "10.1000/a", links=LINKS)
    assert is_published_version(BEFORE, found).tier is Tier.CERTAIN
    merged = replace(found, source="openalex")
    assert is_published_version(BEFORE, merged, [bridge("semanticscholar")]).tier is Tier.PROBABLE


def test_two_indexes_do_not_make_one_of_two_that_differ_by_a_prefix() -> None:
    before = preprint(f"Supervised {TITLE}", PEOPLE, "2023-06-05", "2306.02889")
    found = published(f"Unsupervised {TITLE}", PEOPLE, "2024", "J", "10.1000/a", links=LINKS)
    merged = replace(found, source="openalex")
    said = [bridge("semanticscholar")]
    assert not is_published_version(before, merged, said).tier.is_accepted


def test_a_new_title_without_a_link_needs_somebody_who_names_the_venue() -> None:
    before = preprint(TITLE, MANY, "2023-06-05", "2306.02889")
    after = published(RETITLED, MANY, "2023", "Conference on Language Modeling (COLM 2023)")
    witness = preprint(TITLE, MANY, "2023-06-05", "2306.02889")

    def accepted(candidate: Found = after, **custom: str) -> bool:
        said = replace(witness, record=witness.record.with_custom(**custom))
        return is_published_version(before, candidate, [said]).tier.is_accepted

    assert not accepted()
    assert accepted(arxiv_comment="Accepted at COLM 2023, 20 pages")
    assert accepted(venue="Conference on Language Modeling")
    assert not accepted(arxiv_comment="Accepted at COLM 2024")
    assert not accepted(arxiv_comment="Accepted at ICML 2023")
    assert not accepted(venue="Conference on Learning Theory")
    fewer = published(RETITLED, f"{PEOPLE}, Ada Moe, Bo Lind", "2023", "COLM 2023")
    assert not accepted(fewer, arxiv_comment="Accepted at COLM 2023")
    for other in (f"Towards {TITLE}", TITLE.replace("Assessing", "Reassessing"), f"{TITLE} 2"):
        companion = published(other, MANY, "2023", "COLM 2023")
        assert not accepted(companion, arxiv_comment="Accepted at COLM 2023")


def test_the_same_abstract_tells_a_retitled_version_and_another_one_a_companion() -> None:
    text = " ".join(f"word{n} of{n} abstract{n}" for n in range(30))
    other = " ".join(f"{n * 7919}xyz" for n in range(60))

    def saying(found: Found, abstract: str) -> Found:
        record = found.record.with_values({"abstract": abstract}, Provenance(found.source))
        return replace(found, record=record)

    before = saying(BEFORE, text)
    after = published(RETITLED, PEOPLE, "2024", "Journal of A", "10.1000/a")
    assert is_published_version(before, saying(after, text)).tier is Tier.STRONG
    assert is_published_version(before, saying(after, other)).tier is Tier.PROBABLE
    linked = replace(saying(after, other), source="openalex", links=LINKS)
    said = [bridge("semanticscholar")]
    assert not is_published_version(before, linked, said).tier.is_accepted
