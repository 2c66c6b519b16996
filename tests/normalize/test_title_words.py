"""Titles abbreviated by the words of the ISSN centre's list, and by a small list of our own."""

from __future__ import annotations

from functools import lru_cache

import pytest

from citeworks.normalize.title_words import WordList, abbreviate_title, fold, load_words
from citeworks.workflows.journals import find_words

SMALL = load_words(
    [
        "WORD\tABBREVIATIONS\tLANGUAGE CODES",
        "journal\tj.\tfre, eng",
        "scienc-\tsci.\tfre, eng",
        "-ology\t-ol.\teng",
        "-mid-\t-m.\teng",
        "real (royal)\tr.\tspa",
        "New York\tN. Y.\teng",
        "neural\tn.a.\teng",
        "medical\tméd.\teng, fre",
        "a broken line",
    ]
)


@lru_cache(maxsize=1)
def whole_list() -> WordList:
    found = find_words()
    assert found is not None, "the development extra brings the list"
    return found


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Journal of Sciences", "J. Sci."),
        ("journal of science", "j. sci."),
        ("The Journal", ""),
        ("Journal", ""),
        ("Foo Bar", ""),
        ("New York Journal", "N. Y. J."),
        ("Neural Foo", "Neural Foo"),
        ("Medical Journal", "Med. J."),
        ("Bytology, and Science", "Bytol. Sci."),
        ("Journals & Science: A Journal", "J. Sci.: A J."),
        ("Journal of Science A", "J. Sci. A"),
        ("", ""),
    ],
)
def test_rules_of_iso_4(title: str, short: str) -> None:
    assert abbreviate_title(title, SMALL) == short


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Journal of Machine Learning Research", "J. Mach. Learn. Res."),
        ("Physical Review A", "Phys. Rev. A"),
        ("The New England Journal of Medicine", "N. Engl. J. Med."),
        ("Journal of the American Chemical Society", "J. Am. Chem. Soc."),
        ("Nature Communications", "Nat. Commun."),
        ("IEEE Transactions on Neural Networks", "IEEE Trans. Neural Netw."),
        ("Zeitschrift für Physik", "Z. Phys."),
        ("Deutsche Medizinische Wochenschrift", "Dtsch. Med. Wochenschr."),
        (
            "Proceedings of the National Academy of Sciences of the United States of America",
            "Proc. Natl. Acad. Sci. U. S. A.",
        ),
        ("The Lancet", ""),
        ("PLOS ONE", ""),
    ],
)
def test_known_journals(title: str, short: str) -> None:
    assert abbreviate_title(title, whole_list()) == short


def test_a_language_that_is_said_is_used() -> None:
    assert abbreviate_title("Real Journal", SMALL, "es") == "R. Journal"
    assert abbreviate_title("Real Journal", SMALL, "en-US") == "Real J."


def test_fold_takes_case_and_accents_away() -> None:
    assert fold("Für ÉCOLE") == "fur ecole"
