"""The matching rule: what is accepted, what is shown to a person, and what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from citeworks.model import Provenance, Record
from citeworks.resolve.interface import Found
from citeworks.resolve.match import Tier, judge, repair_split
from citeworks.resolve.publication import is_published_version
from resolve_support import preprint, published, record

TITLE = "Operationalising the Definition of General Purpose AI Systems: Assessing Four Approaches"
PEOPLE = "Risto Uuk, Carlos Ignacio Gutierrez, Alex Tamkin"
PRUNING = "Learning to Prune Deep Networks at Scale"
LISTED = record(TITLE, PEOPLE, "2023-06-05")


def tier(wanted: Record, *candidates: Found) -> Tier:
    return judge(wanted, candidates).tier


def test_the_same_title_people_and_day_are_strong() -> None:
    assert tier(LISTED, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.STRONG


def test_nothing_found_is_none() -> None:
    verdict = judge(LISTED, [])
    assert (verdict.tier, verdict.chosen, verdict.judged) == (Tier.NONE, None, ())


def test_the_same_identifier_is_certain() -> None:
    wanted = record(TITLE, PEOPLE, arxiv="2306.02889")
    assert tier(wanted, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.CERTAIN


def test_an_arxiv_doi_is_the_arxiv_identifier() -> None:
    wanted = record(TITLE, PEOPLE, DOI="10.48550/arXiv.2306.02889")
    assert tier(wanted, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.CERTAIN


def test_an_identifier_of_another_work_is_a_conflict() -> None:
    wanted = record("Attention Is All You Need", "Ashish Vaswani, et al.", arxiv="2306.02889")
    verdict = judge(wanted, [preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")])
    assert verdict.tier is Tier.CONFLICT
    assert verdict.chosen is None


def test_a_bare_identifier_is_certain() -> None:
    wanted = record("", arxiv="2306.02889")
    assert tier(wanted, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.CERTAIN


def test_a_real_title_with_invented_authors_is_a_conflict() -> None:
    wanted = record(TITLE, "Anna Invented, Bert Madeup, Cora Fictive", "2023-06-05")
    assert tier(wanted, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.CONFLICT


def test_one_real_author_among_invented_ones_is_a_conflict() -> None:
    wanted = record(TITLE, "Risto Uuk, Bert Madeup, Cora Fictive", "2023-06-05")
    assert tier(wanted, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.CONFLICT


def test_a_short_title_by_others_is_no_conflict() -> None:
    wanted = record("Deep Learning", "Anna Invented", "2023-06-05")
    assert tier(wanted, preprint("Deep Learning", PEOPLE, "2023-06-05", "2306.1")) is Tier.NONE


def test_a_short_title_needs_a_second_piece_of_evidence() -> None:
    found = preprint("Deep Learning", "Some Body, Any One", "2023-06-05", "2306.00001")
    assert tier(record("Deep Learning", "Some Body, et al.", "2023"), found) is Tier.PROBABLE
    assert tier(record("Deep Learning", "Some Body, et al.", "2023-06-05"), found) is Tier.STRONG
    assert tier(record("Deep Learning", "Some Body, Any One", "2023"), found) is Tier.STRONG


@pytest.mark.parametrize(
    ("listed", "other"),
    [
        ("DABS: A Benchmark for Learning", "DABS 2.0: A Benchmark for Learning"),
        ("Proceedings of the PhD Workshop 2011", "Proceedings of the PhD Workshop 2013"),
        ("The Geometry of Deep Networks Part I", "The Geometry of Deep Networks Part II"),
        (PRUNING, f"{PRUNING} Revisited"),
        (PRUNING, f"Correction: {PRUNING}"),
        (PRUNING, f"{PRUNING} for Speech Recognition"),
    ],
)
def test_sequels_series_and_longer_titles_are_never_accepted(listed: str, other: str) -> None:
    wanted = record(listed, PEOPLE, "2021")
    assert not tier(wanted, preprint(other, PEOPLE, "2021", "2106.00001")).is_accepted


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        ("Jan-Philipp Fränken, Sam Kwok", "Jan-Philipp Fraenken, Samuel Kwok"),
        ("Noah Goodman, Alex Tamkin", "Noah D. Goodman, Alex Tamkin"),
        ("N. D. Goodman, A. Tamkin", "Noah D. Goodman, Alex Tamkin"),
        ("Kamile Lukosiute, Sam Bowman", "Kamilė Lukošiūtė, Samuel R. Bowman"),
        ("Vincent van Gogh, Ludwig van Beethoven", "Vincent Gogh, Ludwig van Beethoven"),
        ("Wei Li, Yan Zhang", "Li Wei, Zhang Yan"),
        ("Bob Smith, Xiao-Ming Wu", "Robert Smith, Xiaoming Wu"),
        ("Maria García Márquez, John Doe", "Maria García-Márquez, John Doe"),
        ("José Hernández-Orallo, John Doe", "José Hernandez Orallo, John Doe"),
    ],
)
def test_name_variants_are_the_same_people(listed: str, known: str) -> None:
    wanted = record(TITLE, f"{listed}, et al.", "2023-06-05")
    judged = judge(wanted, [preprint(TITLE, f"{known}, Ann Other", "2023-06-05", "2306.02889")])
    assert judged.judged[0].evidence.authors == 1
    assert judged.tier is Tier.STRONG


@pytest.mark.parametrize(
    "written",
    [
        TITLE.upper(),
        TITLE.replace(":", " -"),
        TITLE.replace("Definition", "{D}efinition"),
        TITLE.replace("Definition", "Définition"),
        TITLE.replace("General Purpose", "General-Purpose"),
        TITLE.replace("Definition", "<i>Definition</i>"),
        TITLE.replace("Operationalising", "Operationalizing"),
    ],
)
def test_spelling_habits_do_not_matter(written: str) -> None:
    wanted = record(written, PEOPLE, "2023-06-05")
    assert tier(wanted, preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")) is Tier.STRONG


def test_the_first_versions_title_counts() -> None:
    old = "Oolong: Investigating What Makes Crosslingual Transfer Hard with Controlled Studies"
    new = "Oolong: Investigating What Makes Transfer Learning Hard with Controlled Studies"
    people = "Zhengxuan Wu, Alex Tamkin, Isabel Papadimitriou"
    wanted = record(old, people, "2022-02-24")
    latest_only = preprint(new, people, "2022-02-24", "2202.12312")
    retitled = preprint(new, people, "2022-02-24", "2202.12312", titles=(old,))
    assert tier(wanted, latest_only) is Tier.PROBABLE
    assert tier(wanted, retitled) is Tier.STRONG


def test_a_truncated_list_of_the_source_is_no_evidence_against() -> None:
    many = ", ".join(f"Given{chr(65 + n)} Family{chr(65 + n)}" for n in range(20))
    few = ", ".join(many.split(", ")[:8])
    found = preprint(TITLE, few, "2023-06-05", "2306.02889", is_complete=False)
    assert tier(record(TITLE, many, "2023-06-05"), found) is Tier.STRONG


def test_two_unlinked_publications_that_fit_equally_well_are_both_shown() -> None:
    conference = published(TITLE, PEOPLE, "2024", "Proceedings of A", "10.1000/a")
    journal = published(TITLE, PEOPLE, "2025", "Journal of B", "10.1000/b", type="article-journal")
    verdict = judge(LISTED, [conference, journal])
    assert verdict.chosen is None
    assert [each.tier for each in verdict.judged] == [Tier.PROBABLE, Tier.PROBABLE]


def test_the_venue_that_is_stated_decides_between_publications() -> None:
    conference = published(TITLE, PEOPLE, "2024", "Proceedings of A", "10.1000/a")
    journal = published(TITLE, PEOPLE, "2025", "Journal of B", "10.1000/b", type="article-journal")
    wanted = record(TITLE, PEOPLE, "2025", type="article-journal", container_title="Journal of B")
    chosen = judge(wanted, [conference, journal]).chosen
    assert chosen is not None
    assert chosen.found is journal


def test_a_preprint_and_its_publication_are_one_work() -> None:
    both = [
        published(TITLE, PEOPLE, "2024", "Proceedings of A", "10.1000/a"),
        preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889"),
    ]
    verdict = judge(LISTED, both)
    assert verdict.chosen is not None
    assert verdict.chosen.found is both[1]
    assert len(verdict.versions) == 2


def test_the_same_title_by_others_does_not_hide_the_paper() -> None:
    decoy = preprint(TITLE, "Some Body, Any One", "2023-06-04", "2306.00001")
    right = preprint(TITLE, PEOPLE, "2023-06-05", "2306.02889")
    chosen = judge(LISTED, [decoy, right]).chosen
    assert chosen is not None
    assert chosen.found is right


def glued(title: str, authors: list[str], alternatives: list[tuple[str, list[str]]]) -> Record:
    byline = "Clio: Privacy-Preserving Insights into Real-World AI UseAlex Tamkin, Miles McCain"
    wanted = record(title, ", ".join(authors), "2024-12-18").with_custom(
        listing={
            "raw": f"CYDec 18, 2024\n{byline} · anthropic\nAn abstract.\n",
            "alternatives": [{"title": each, "authors": names} for each, names in alternatives],
        }
    )
    return wanted.with_values({"title": title}, Provenance("listing", "listing.txt:1-3"))


CLIO = preprint(
    "Clio: Privacy-Preserving Insights into Real-World AI Use",
    "Alex Tamkin, Miles McCain, Kunal Handa",
    "2024-12-18",
    "2412.13678",
)


@pytest.mark.parametrize(
    "alternatives",
    [
        [
            (
                "Clio: Privacy-Preserving Insights into Real-World AI Use",
                ["Alex Tamkin", "Miles McCain"],
            )
        ],
        [("Something else", [])],
    ],
)
def test_a_source_corrects_a_wrong_split(alternatives: list[tuple[str, list[str]]]) -> None:
    wrong = "Clio: Privacy-Preserving Insights into Real-World AI"
    wanted = glued(wrong, ["UseAlex Tamkin", "Miles McCain"], alternatives)
    repair = repair_split(wanted, [CLIO])
    assert repair is not None
    assert not repair.confirmed
    assert repair.record.text("title") == CLIO.record.text("title")
    assert [str(name) for name in repair.record.names()] == ["Alex Tamkin", "Miles McCain"]
    assert judge(wanted, [CLIO]).tier is Tier.STRONG


def test_a_corrected_byline_may_hold_and_and_et_al() -> None:
    byline = "Clio: Privacy-Preserving Insights into Real-World AI UseAlex Tamkin and Miles McCain"
    wanted = glued("Clio: Privacy", ["Insights"], [("Other", [])])
    wanted = wanted.with_custom(
        listing={"raw": f"{byline} et al. · anthropic\n", "alternatives": [{"title": "Other"}]}
    )
    repair = repair_split(wanted, [CLIO])
    assert repair is not None
    assert [str(name) for name in repair.record.names()] == ["Alex Tamkin", "Miles McCain"]
    assert repair.record.is_truncated()


def test_a_source_confirms_a_right_split() -> None:
    wanted = glued(CLIO.record.text("title"), ["Alex Tamkin", "Miles McCain"], [("Other", [])])
    repair = repair_split(wanted, [CLIO])
    assert repair is not None
    assert repair.confirmed
    assert repair.record is wanted


def test_a_title_whose_first_author_does_not_follow_repairs_nothing() -> None:
    wanted = glued("Clio: Privacy", ["Insights"], [("Other", [])])
    other = preprint(CLIO.record.text("title"), "Some Body", "2024-12-18", "2412.00001")
    assert repair_split(wanted, [other]) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a Supervised", "an Unsupervised"),
        ("a Convex", "a Nonconvex"),
        ("an Asynchronous", "a Synchronous"),
        ("", "Toward"),
        ("the", "On the Quantum"),
    ],
)
def test_another_word_of_a_long_title_is_another_work(before: str, after: str) -> None:
    title = f"{{}} Operation of Large Networks for {TITLE}"
    first = preprint(title.format(before), PEOPLE, "2023-06-05", "2306.02889")
    second = published(title.format(after), PEOPLE, "2024", "Proceedings of A", "10.1000/a")
    assert not is_published_version(first, second).tier.is_accepted
    assert not tier(record(title.format(before), PEOPLE, "2023-06-05"), second).is_accepted


def test_a_slip_of_a_letter_and_a_small_word_are_no_other_work() -> None:
    for typed in (TITLE.replace("Definition", "Definiton"), TITLE.replace("the ", "")):
        assert tier(LISTED, preprint(typed, PEOPLE, "2023-06-05", "2306.02889")) is Tier.STRONG


ABSTRACT = (
    "Four ways of telling general systems from narrow ones are held against each other, by the "
    "tasks they were trained on, the number of outputs they give, the distance between what they "
    "were made for and what they are used for, and the effort of turning them to something new; "
    "none of them draws the line where lawyers expect it, and two contradict one another."
)


def with_abstract(found: Found, text: str) -> Found:
    return replace(
        found, record=found.record.with_values({"abstract": text}, Provenance(found.source))
    )


def test_the_beginning_of_the_abstract_tells_a_retitled_preprint() -> None:
    wanted = record(TITLE, PEOPLE, "2023-06-05", abstract=ABSTRACT[:200])
    found = preprint(TITLE.replace("Assessing", "Comparing"), PEOPLE, "2023-06-05", "2306.02889")
    assert tier(wanted, found) is Tier.PROBABLE
    assert tier(wanted, with_abstract(found, "Of something else. " * 20)) is Tier.PROBABLE
    assert tier(wanted, with_abstract(found, ABSTRACT)) is Tier.STRONG


def test_an_abstract_that_repeats_the_title_tells_nothing() -> None:
    said = f"We study what the title says: {TITLE}. " * 4
    wanted = record(TITLE, PEOPLE, "2023-06-05", abstract=said)
    found = preprint(TITLE.replace("Assessing", "Four"), PEOPLE, "2023-06-05", "2306.02889")
    assert tier(wanted, with_abstract(found, said)) is Tier.PROBABLE


def test_a_letter_lost_from_a_short_title_is_no_other_title() -> None:
    found = preprint("Tensor Biclustering", PEOPLE, "2023-06-05", "2306.02889")
    assert tier(record("Tenso Biclustering", PEOPLE, "2023-06-05"), found) is Tier.STRONG
