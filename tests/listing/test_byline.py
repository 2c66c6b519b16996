"""The byline splitter, trap by trap; every example is made up for these tests."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from citeworks.listing.byline import CONFIDENT, Byline, split

Case = tuple[str, list[str]]


def check(title: str, authors: list[str], separator: str = ", ") -> Byline:
    result = split(title + separator.join(authors))
    assert (result.title, result.authors) == (title, authors)
    return result


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("Learning to Cite with Sparse Rewards", ["Ana Torres", "Li Wei"]),
        ("Does Attention Explain Reading?", ["Mira Olsen"]),
        ("A Survey of Citation Graphs (Extended Abstract)", ["Pieter Jansen", "Omar Haddad"]),
        ('Everything Is a "Graph"', ["Ines Costa"]),
        ("Twenty Years Later, 1990–2010", ["Harriet Boone"]),
        ("The Price of Salt in the U.S.", ["Dolores Vega", "Ned Price"]),
        ("Reading Faster: Methods, Limits, and Costs of Skimming", ["Jo Tan", "Kay Lund"]),
    ],
)
def test_title_and_author_without_a_space_between(title: str, authors: list[str]) -> None:
    check(title, authors)


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("GraphSAGE and BLASTNet 2.0 on CVaR Data", ["Rosa Klein", "Tim Okafor"]),
        ("C5T5: Controllable Text from Trees", ["Nadia Rahman"]),
        ("Parsing References with StackOverflow", ["Robert Vance", "Julia Stein"]),
        ("A Critique of PyTorch", ["Hans Meyer"]),
        ("Ranking Papers with TextRank", ["Emily Dawson"]),
        ("On Citation Parsing in LaTeX", ["Donald Reyes"]),
    ],
)
def test_inner_capitals_of_the_title_are_no_boundary(title: str, authors: list[str]) -> None:
    check(title, authors)


@pytest.mark.parametrize(
    "author",
    [
        "Miles McAllister", "Monte MacTavish", "Giada DeMarco", "Leo DiBiase", "Sean O'Leary",
        "Anne-Sophie Müller", "Jean-Luc D'Amico", "XuanLong Tran", "Dong-hyun Kim", "Zoë Fränken",
    ],
)  # fmt: skip
def test_inner_capitals_hyphens_and_accents_of_a_name_are_no_boundary(author: str) -> None:
    check("Reading Bylines in the Wild", [author, "Rita Gomez"])
    check("Reading Bylines in the Wild", ["Rita Gomez", author, "Ali Demir"])


@pytest.mark.parametrize(
    "author",
    [
        "T. B. Larsen", "T.B. Larsen", "T B Larsen", "JR Larsen", "Thomas B. Larsen",
        "J.-P. Moreau", "M Coulter", "R. Larsen", "Edward a. Witt",
    ],
)  # fmt: skip
def test_initials_stay_with_their_name(author: str) -> None:
    check("The neural basis of recall in rats", [author])
    check("The neural basis of recall in rats", [author, author.replace("Larsen", "Soto")])


def test_an_initial_after_an_acronym_follows_the_style_of_the_other_authors() -> None:
    check("Phoneme models for low resource ASR", ["P Limousin", "T Pollack", "A Benali"])
    check("Sorting Large Files on a GPU", ["K. R. Prasad", "M. Stein"])


@pytest.mark.parametrize(
    "author",
    [
        "Jan van der Berg",
        "Ludwig von Aachen",
        "Maria de la Cruz",
        "Luis dos Santos",
        "Omar bin Zayd",
    ],
)
def test_particles_belong_to_the_name(author: str) -> None:
    check("A Short History of Ledgers", [author, "Ida Holm"])


def test_a_particle_may_open_the_first_author() -> None:
    check("Trade and Territorial Expansion", ["van den Berg", "Ida Holm"])


@pytest.mark.parametrize(
    "body",
    ["Kimi Team", "The ATLAS Collaboration", "World Bank", "OpenAI", "Ministry of Health",
     "Human Genome Consortium", "University of Ghent"],
)  # fmt: skip
def test_bodies_are_authors(body: str) -> None:
    check("Report on Reading Speed", [body])
    check("Report on Reading Speed", [body, "Ida Holm"])


def test_a_body_with_and_in_its_name_is_one_author() -> None:
    check("Report on Reading Speed", ["Department of Health and Human Services", "Ida Holm"])


@pytest.mark.parametrize("suffix", ["Jr.", "III", "Sr."])
def test_a_suffix_after_a_comma_belongs_to_its_name(suffix: str) -> None:
    check("Notes on Dams", [f"Robert Hall, {suffix}", "Ida Holm"])


@pytest.mark.parametrize(
    "text",
    [
        "Notes on DamsAda Hall, Ida Holm, Bo Lund",
        "Notes on DamsAda Hall, Ida Holm and Bo Lund",
        "Notes on DamsAda Hall, Ida Holm, and Bo Lund",
        "Notes on DamsAda Hall, Ida Holm & Bo Lund",
        "Notes on DamsAda Hall; Ida Holm; Bo Lund",
    ],
)
def test_every_kind_of_separator(text: str) -> None:
    assert split(text).authors == ["Ada Hall", "Ida Holm", "Bo Lund"]
    assert split(text).title == "Notes on Dams"


def test_semicolons_between_inverted_names() -> None:
    result = split("Notes on Dams and RiversHall, Ada; Holm, Ida Maria; Lund, Bo")
    assert result.title == "Notes on Dams and Rivers"
    assert result.authors == ["Hall, Ada", "Holm, Ida Maria", "Lund, Bo"]


@pytest.mark.parametrize(
    "ending",
    [
        " et al.",
        " et al",
        ", et al.",
        " et. al.",
        " and others",
        " & others",
        " and 5 others",
        " и др.",
    ],
)
def test_et_al_is_a_fact_and_no_author(ending: str) -> None:
    result = split("Notes on DamsAda Hall, Ida Holm, Bo Lund" + ending)
    assert result.et_al
    assert result.authors == ["Ada Hall", "Ida Holm", "Bo Lund"]


def test_affiliation_slugs_are_kept_verbatim() -> None:
    result = split("Notes on DamsAda Hall, Ida Holm et al. · meta-ai, eth-zurich")
    assert result.affiliations == ["meta-ai", "eth-zurich"]
    assert (result.title, result.et_al) == ("Notes on Dams", True)


def test_a_dot_inside_the_title_is_no_affiliation() -> None:
    assert split("Dams · A HistoryAda Hall, Ida Holm").affiliations == []


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("Как читать заголовки статей", ["Анна Петрова", "Иван Сидоров"]),
        ("Reading Chinese Bylines with Python", ["王小明", "李华"]),
        ("Notes on Poetry", ["محمود درويش"]),
        ("신문 기사의 저자 분석", ["김철수"]),
        ("Ιστορία της πόλης", ["Νίκος Παπαδόπουλος"]),
    ],
)
def test_other_scripts(title: str, authors: list[str]) -> None:
    check(title, authors)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "A Study of YouTube",
        "Deep Learning for 3D Object Detection",
        "Verification of Structured MAB Problems",
        "Conditional Moment Restrictions and Observational Studies",
        "An all lower case title about nothing",
        "Learning with PyTorch",
        "Villa Borghese and the Caravan Trade",
    ],
)
def test_no_author_is_invented(text: str) -> None:
    result = split(text)
    assert result.authors == []
    assert result.title == text.strip()
    assert not result.is_confident


def test_title_words_in_the_abstract_tip_the_balance() -> None:
    text = "Sorting Large Files with GraphChiJunho Lee"
    plain = split(text)
    helped = split(text, abstract="We sort files with GraphChi on one machine.")
    assert plain.title == "Sorting Large Files with Graph"
    assert helped.title == "Sorting Large Files with GraphChi"
    assert helped.authors == ["Junho Lee"]


def test_known_authors_tip_the_balance() -> None:
    text = "Anytime Methods for FooBarQuux Lee"
    assert split(text, known_authors={"BarQuux Lee"}).authors == ["BarQuux Lee"]
    assert split(text, known_authors={"Quux Lee"}).authors == ["Quux Lee"]


def test_confidence_and_alternatives_tell_easy_from_hard() -> None:
    easy = split("Notes on Old River DamsAda Hall, Ida Holm")
    hard = split("Sorting Large Files with GraphChiJunho Lee")
    assert easy.is_confident
    assert easy.confidence >= CONFIDENT > hard.confidence
    assert hard.alternatives
    assert all(title != hard.title for title, _ in hard.alternatives)


def test_mixed_separators_are_never_confident() -> None:
    assert not split("Notes on Old River DamsAda Hall, Ida Holm, Vick; Coon").is_confident


def test_a_byline_is_a_value() -> None:
    assert split("Notes on DamsAda Hall") == split("  Notes on DamsAda Hall ")


NAMES = st.sampled_from(
    ["Ada Hall", "B. Lund", "C D McCain", "van Dyk", "李华", "Kimi Team", "e.g.", "O'", "X", "(A)"]
)
TEXTS = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="AaBb Cc.,;()\"'&-·$/é3王김\u00a0", max_size=120),
    st.builds(
        lambda title, names, sep, end: title + sep.join(names) + end,
        st.text(alphabet="ABcd efG:?)3", max_size=30),
        st.lists(NAMES, max_size=6),
        st.sampled_from([", ", "; ", " and ", ","]),
        st.sampled_from(["", " et al.", " · mit, meta-ai", " et al. · mit"]),
    ),
)


@given(TEXTS)
@example("A; B, C; D")
@settings(max_examples=300, deadline=None)
def test_nothing_is_invented(text: str) -> None:
    result = split(text)
    assert text.strip().startswith(result.title)
    rest = re.sub(r"\s+", " ", text.strip()[len(result.title) :])
    for author in result.authors:
        assert author
        found = rest.find(author)
        assert found >= 0
        rest = rest[found + len(author) :]
    for slug in result.affiliations:
        assert slug in text
    assert 0.0 <= result.confidence <= 1.0


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_what_is_left_out_is_only_separators_et_al_and_slugs(text: str) -> None:
    result = split(text)
    left = text.strip()[len(result.title) :]
    for part in (*result.authors, *result.affiliations):
        for word in part.split():
            left = left.replace(word, "", 1)
    assert re.fullmatch(r"(?:[\s,;&·•‧∙]|and|(?i:et\.? ?al(?:\.|ii)?)|others|и др\.|\+|\d)*", left)


@pytest.mark.parametrize(
    "unit", ["A", "aB", "Aa,", "A B, ", "(", "Xx; ", "A(, ", "·  a", "· a", " "]
)
def test_a_line_of_a_megabyte_takes_linear_time(unit: str) -> None:
    result = split(unit * (1_000_000 // len(unit)))
    assert isinstance(result, Byline)
