"""Journals abbreviated and in full: where each comes from, and what is left alone."""

from __future__ import annotations

import pytest

from citeworks.model import Provenance, Record, Value
from citeworks.model.provenance import INFERRED
from citeworks.normalize.journals import Journals, abbreviate, expand, learn, read_list
from citeworks.normalize.title_words import load_words

WORDS = load_words(["journal\tj.\teng", "scienc-\tsci.\teng"])


def article(title: str, short: str = "", kind: str = "article-journal") -> Record:
    values: dict[str, Value] = {"container-title": title, "container-title-short": short}
    given = {name: value for name, value in values.items() if value}
    return Record("a", kind, given, dict.fromkeys(given, Provenance("user")))


def known(*pairs: tuple[str, str]) -> Journals:
    journals = Journals(words=WORDS)
    for full, short in pairs:
        journals.add(full, short)
    return journals


def test_the_list_comes_before_the_rules() -> None:
    record, issue = abbreviate(
        article("The Journal of Science"), known(("Journal of science", "JS"))
    )
    assert (record.text("container-title"), record.text("container-title-short")) == ("JS", "JS")
    assert record.provenance["container-title"].source == INFERRED
    assert issue is None


@pytest.mark.parametrize(
    "record",
    [
        article("Nature"),
        article("The Lancet"),
        article("J. Sci."),
        article("Journal of Science", kind="chapter"),
        article(""),
    ],
)
def test_what_is_one_word_abbreviated_or_no_journal_is_left(record: Record) -> None:
    assert abbreviate(record, known()) == (record, None)


def test_an_unknown_journal_is_left_and_named() -> None:
    record = article("Foo Bar")
    found, issue = abbreviate(record, known())
    assert found == record
    assert issue is not None
    assert (issue.code, issue.key) == ("A101", "a")
    assert "'Foo Bar'" in issue.message


def test_full_titles_come_from_the_list_and_from_other_records() -> None:
    journals = Journals()
    learn([article("Journal of Science", "J. Sci."), article("Odd Book", "O.", "book")], journals)
    record, issue = expand(article("j sci"), journals)
    assert record.text("container-title") == "Journal of Science"
    assert (record.text("container-title-short"), issue) == ("j sci", None)
    assert expand(article("Journal of Science"), journals)[1] is None
    left, issue = expand(article("Ann. Phys."), journals)
    assert left.text("container-title") == "Ann. Phys."
    assert issue is not None


def test_an_abbreviation_of_two_journals_is_left_and_both_are_named() -> None:
    journals = known(
        ("Annals of Physics", "Ann. Phys."),
        ("The Annals of Physics", "Ann Phys"),
        ("Annalen der Physik", "Ann. Phys."),
    )
    record = article("Ann. Phys.")
    left, issue = expand(record, journals)
    assert left == record
    assert issue is not None
    assert "'Annals of Physics' or 'Annalen der Physik'" in issue.message
    assert abbreviate(article("Annalen der Physik"), journals)[0].text("container-title") == (
        "Ann. Phys."
    )


@pytest.mark.parametrize(
    "line",
    [
        "Journal of Science;J. Sci.",
        "Journal of Science;J. Sci.;JS;M",
        '"Journal of Science","J. Sci."',
        "Journal of Science\tJ. Sci.",
        "Journal of Science = J. Sci.",
        "\ufeffJournal of Science ; J. Sci.",
    ],
)
def test_lists_in_every_usual_form_are_read(line: str) -> None:
    journals = Journals()
    assert read_list(f"{line}\n# a comment\n\n", "list.csv", journals) == []
    assert journals.short == {"journal of science": "J. Sci."}
    assert journals.full == {"j sci": ["Journal of Science"]}


def test_lines_that_hold_no_pair_are_reported() -> None:
    [issue] = read_list("A;B\nonly a title\n", "list.csv", Journals())
    assert (issue.code, str(issue.location)) == ("A102", "list.csv:2")
