"""What contradicts a source, what only differs, and what is the same said otherwise."""

from __future__ import annotations

import pytest

from citeworks.model import Provenance, Record
from citeworks.resolve.agreement import Agreement, best_agreement
from citeworks.resolve.interface import Found
from citeworks.resolve.match import judge
from citeworks.resolve.venues import (
    VENUES,
    abbreviates,
    is_journal,
    is_silent,
    venue_id,
    venue_name,
)
from resolve_support import preprint, published, record

TITLE = "BiasAdv: Bias-Adversarial Augmentation for Model Debiasing"
PEOPLE = "Jongin Lim, Youngdong Kim, Byungjai Kim, Chanho Ahn"
CVPR = "IEEE/CVF Conference on Computer Vision and Pattern Recognition"
KNOWN = published(TITLE, PEOPLE, "2023", CVPR, "10.1109/cvpr52729.2023.00373")


def agreement(wanted: Record, *found: Found) -> Agreement:
    best = best_agreement(wanted, judge(wanted, found).judged)
    assert best is not None
    return best


def reference(title: str = TITLE, authors: str = PEOPLE, year: str = "2023", **more: str) -> Record:
    """The reference as it should be, or with one thing changed."""
    values = {"type": "paper-conference", "container_title": "CVPR", **more}
    return record(title, authors, year, **values)


def variables(wanted: Record, *found: Found) -> list[str]:
    return [each.variable for each in agreement(wanted, *(found or (KNOWN,))).mismatches]


def remarks(wanted: Record, *found: Found) -> list[str]:
    return [each.variable for each in agreement(wanted, *(found or (KNOWN,))).remarks]


@pytest.mark.parametrize(
    "wanted",
    [
        reference(),
        reference(title=TITLE.upper()),
        reference(authors="J. Lim, Y. Kim, et al."),
        reference(authors="Lim Jongin, Kim Youngdong, Kim Byungjai, Ahn Chanho"),
        reference(authors=PEOPLE.replace("Chanho Ahn", "Chanho Ahn 0002")),
        reference(container_title="Proc. IEEE/CVF Conf. Comput. Vis. Pattern Recognit."),
        reference(container_title="Proc. IEEE Comput. Soc. Conf. Comput. Vis. Pattern Recognit."),
        reference(container_title="IEEE"),
        reference(DOI="10.1109/CVPR52729.2023.00373"),
        record(TITLE, PEOPLE, "2022"),
        record(TITLE, PEOPLE, "2022", container_title="arXiv preprint arXiv:2210.00001"),
    ],
)
def test_what_agrees(wanted: Record) -> None:
    both = agreement(wanted, KNOWN)
    assert (both.mismatches, both.remarks) == ((), ())


@pytest.mark.parametrize(
    ("variable", "wanted"),
    [
        ("title", reference(title=TITLE.replace("for", "towards"))),
        ("author", reference(authors="Anna Invented, Bert Madeup, Cora Fictive")),
        ("author", reference(authors="Jongin Lim, Chanho Ahn")),
        ("container-title", reference(container_title="ICML")),
        ("container-title", reference(container_title="Symposium on Neural Scaling Laws")),
        ("issued", reference(year="2019")),
        ("DOI", reference(DOI="10.47281/bed.57189")),
        ("author", reference(authors=PEOPLE.replace("Byungjai Kim", "Priya Chatterjee"))),
        ("author", reference(authors=f"{PEOPLE}, Priya Chatterjee")),
    ],
)
def test_what_contradicts(variable: str, wanted: Record) -> None:
    assert variables(wanted) == [variable]


@pytest.mark.parametrize(
    ("variable", "wanted"),
    [
        ("issued", reference(year="2024")),
        ("DOI", reference(DOI="10.1109/cvpr52729.2023.00999")),
        ("container-title", reference(container_title="IEEE Transactions on Image Processing")),
        ("container-title", reference(container_title="CVPR 2023 Workshop on Fairness")),
        ("author", reference(authors=PEOPLE.replace("Chanho Ahn", "Chanho Ann"))),
        ("author", record(TITLE, f"{PEOPLE}, Priya Chatterjee", "2023")),
    ],
)
def test_what_only_differs(variable: str, wanted: Record) -> None:
    assert (variables(wanted), remarks(wanted)) == ([], [variable])


def test_both_sides_are_said() -> None:
    (mismatch,) = agreement(reference(year="2019"), KNOWN).mismatches
    assert (mismatch.ours, mismatch.theirs) == ("2019", "2023")


def test_a_near_title_with_anything_else_against_it_is_another_work() -> None:
    wanted = reference(title=TITLE.replace("for", "towards"), year="2019")
    assert best_agreement(wanted, judge(wanted, [KNOWN]).judged) is None


def test_a_sequel_is_another_work() -> None:
    wanted = reference(title=f"{TITLE} Revisited")
    assert best_agreement(wanted, judge(wanted, [KNOWN]).judged) is None


def test_a_short_title_by_others_is_another_work() -> None:
    wanted = reference(title="Deep Learning", authors="Some Body")
    found = published("Deep Learning", "Any One", "2023", CVPR)
    assert best_agreement(wanted, judge(wanted, [found]).judged) is None


def test_the_version_that_agrees_is_compared() -> None:
    journal = published(
        TITLE, PEOPLE, "2025", "Journal of Machine Learning Research", type="article-journal"
    )
    wanted = reference(year="2025", container_title="JMLR", type="article-journal")
    assert agreement(wanted, KNOWN, journal).found is journal


def test_an_identifier_of_another_work_contradicts() -> None:
    wanted = reference(title="Uncertainty in Deep Networks", DOI="10.1109/cvpr52729.2023.00373")
    assert "title" in variables(wanted)


def test_a_mistyped_identifier_does_not_hide_the_named_work() -> None:
    other = published("Quite Another Paper", "Any One", "2023", CVPR, "10.1109/cvpr.1")
    wanted = reference(DOI="10.1109/cvpr.1")
    assert (variables(wanted, KNOWN, other), remarks(wanted, KNOWN, other)) == ([], ["DOI"])


def test_the_identifier_of_a_work_elsewhere_is_no_slip() -> None:
    other = published("Quite Another Paper", "Any One", "2017", "CHI", "10.1109/chi.1")
    wanted = reference(DOI="10.1109/chi.1")
    (mismatch,) = agreement(wanted, KNOWN, other).mismatches
    assert (mismatch.variable, mismatch.theirs) == ("DOI", "the DOI of Quite Another Paper")


def test_a_journal_may_publish_a_paper_again_years_later() -> None:
    wanted = reference(year="2025", container_title="Mach. Learn.", DOI="10.1007/s10994-025-1")
    assert variables(wanted) == []
    assert remarks(wanted) == ["container-title", "issued", "DOI"]


ICLR = "International Conference on Learning Representations"
SPARSE = published("Sparse Sinkhorn Attention", "Yi Tay, Dara Bahri", "2020", ICLR)


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.88880/bpr.633067", ["DOI"]),
        ("10.48550/arXiv.2002.11296", []),
        ("10.5281/zenodo.1234567", []),
        ("10.5555/3524938.3525813", []),
    ],
)
def test_a_venue_without_dois_gives_none(doi: str, expected: list[str]) -> None:
    wanted = record("Sparse Sinkhorn Attention", "Yi Tay, Dara Bahri", "2020", DOI=doi)
    wanted = wanted.with_values({"container-title": "ICLR"}, Provenance("test"))
    assert variables(wanted, SPARSE) == expected


def test_a_short_title_by_the_same_people_is_the_named_work() -> None:
    wanted = record(
        "Sparse Sinkhorn Attention", "Yi Tay, Dara Bahri", "2023", container_title="ICLR"
    )
    assert variables(wanted, SPARSE) == ["issued"]


@pytest.mark.parametrize(
    ("year", "venue", "expected"),
    [
        ("2023", "CVPR", ["title", "author"]),
        ("2021", "CVPR", None),
        ("2023", "ICCV", None),
    ],
)
def test_a_near_title_by_others_is_the_work_of_that_place_only(
    year: str, venue: str, expected: list[str] | None
) -> None:
    title = TITLE.replace("Model Debiasing", "Novel Debiasing")
    wanted = reference(title, "Olga Sokolova, James Wright", year, container_title=venue)
    best = best_agreement(wanted, judge(wanted, [KNOWN]).judged)
    assert (best and [each.variable for each in best.mismatches]) == expected


def test_a_preprint_may_have_been_retitled() -> None:
    found = preprint(TITLE, PEOPLE, "2023-01-01", "2301.00001")
    wanted = record(TITLE.replace("for", "towards"), PEOPLE, "2023", arxiv="2301.00001")
    assert (variables(wanted, found), remarks(wanted, found)) == ([], ["title"])


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Advances in Neural Information Processing Systems 35", "neurips"),
        ("NIPS'17", "neurips"),
        ("NeurIPS 2021 Workshop on Distribution Shifts", "neuripsw"),
        ("Proceedings of the 40th International Conference on Machine Learning", "icml"),
        ("European Conference on Machine Learning", "ecml"),
        ("International Conference on Machine Learning and Applications", "icmla"),
        ("2023 IEEE/CVF CVPR Workshops (CVPRW)", "cvprw"),
        ("Findings of the Association for Computational Linguistics: EMNLP 2020", "findings"),
        ("J. Mach. Learn. Res.", "jmlr"),
        ("KDD '20: The 26th ACM SIGKDD Conference", "kdd"),
        ("CoRR", "arxiv"),
        ("Proc. Annu. Conf. Int. Speech Commun. Assoc.", "interspeech"),
        ("Eur. Conf. Comput. Vis.", "eccv"),
        ("International Conference on Artificial Intelligence and Statistics", "aistats"),
        ("National Conference on Artificial Intelligence", "aaai"),
        ("MM '21", "mm"),
        ("Mach. Learn.", ""),
        ("Physical Review Letters", ""),
        ("", ""),
    ],
)
def test_venues_under_many_names(name: str, short: str) -> None:
    assert venue_id(name) == short


@pytest.mark.parametrize(("short", "title"), [(short, title) for short, title, _ in VENUES])
def test_a_series_title_is_known_as_its_venue(short: str, title: str) -> None:
    assert venue_id(title) == short


def test_streams_have_series_titles() -> None:
    assert venue_name("icassp2019-2").startswith("IEEE International Conference on Acoustics")
    assert venue_name("unheard2019") == "UNHEARD"


@pytest.mark.parametrize(
    ("short", "fits"),
    [
        ("Proc. Int. Conf. Mach. Learn.", True),
        ("ICML", True),
        ("International Conference on Quantum Machine Learning", False),
        ("International Conference on Multimodal Integration", False),
    ],
)
def test_abbreviations(short: str, fits: bool) -> None:
    assert abbreviates(short, "International Conference on Machine Learning") is fits


def test_journals_are_told_by_their_names() -> None:
    names = ("JMLR", "Neural Comput. Lett.", "Mach. Learn.", "ICML", "Int. Conf. Mach. Learn.")
    assert [is_journal(name) for name in names] == [True, True, True, False, False]


def test_publishers_and_series_are_no_venues() -> None:
    names = ("PMLR 139", "Proc. Mach. Learn. Res.", "OpenReview.net", "ICML", "")
    assert [is_silent(name) for name in names] == [True, True, True, False, False]
