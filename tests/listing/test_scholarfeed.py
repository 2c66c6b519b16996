"""The layout of paper feeds: what belongs to an entry, and what is said about it."""

from __future__ import annotations

import pytest

from citeworks.listing.interface import (
    DUPLICATE_OF,
    EXTRA_LINES,
    IMPLAUSIBLE_DATE,
    INVALID_DATE,
    JOINED_ENTRY_REPAIRED,
    NO_ABSTRACT,
    NO_AUTHORS,
    NO_TITLE_LINE,
    SPLIT_UNCERTAIN,
    TRUNCATED,
    UNKNOWN_CATEGORY,
    UNPARSED,
    YEAR_INFERRED,
)
from citeworks.listing.scholarfeed import ScholarFeed
from citeworks.model import Date
from listing_support import lines_of, read, read_entries, read_entry

BYLINE = "Herons and Reeds: A Survey of Standing StillAda Fjord, Carl Moss et al. · mit, meta-ai"
ABSTRACT = "Everything that stands still in water is compared, with the usual caveats."
ENTRY = f"CLJun 28, 2023Code\n{BYLINE}\n{ABSTRACT}\n"


def test_every_fact_of_an_entry_is_read() -> None:
    entry = read_entry(ENTRY)
    assert entry.title == "Herons and Reeds: A Survey of Standing Still"
    assert entry.authors == ("Ada Fjord", "Carl Moss")
    assert entry.et_al
    assert entry.date == Date((2023, 6, 28))
    assert entry.date_as_written == "Jun 28, 2023"
    assert entry.subjects == ("cs.CL",)
    assert entry.affiliations == ("mit", "meta-ai")
    assert entry.has_code
    assert entry.abstract == ABSTRACT
    assert entry.confidence > 0.9
    assert entry.problems == ()


@pytest.mark.parametrize(
    ("head", "date", "problems"),
    [
        ("CLMay 28", Date((2026, 5, 28)), (YEAR_INFERRED,)),
        ("CLDec 28", Date((2025, 12, 28)), (YEAR_INFERRED,)),
        ("CLFeb 29", Date((2024, 2, 29)), (YEAR_INFERRED,)),
        ("CLFeb 30", None, (INVALID_DATE,)),
        ("CLJun 0, 2023", Date((2023, 6)), (INVALID_DATE,)),
        ("CLFeb 29, 2023", Date((2023, 2)), (INVALID_DATE,)),
        ("CLJun 28, 1066", Date((1066, 6, 28)), (IMPLAUSIBLE_DATE,)),
        ("CLJun 28, 2099", Date((2099, 6, 28)), (IMPLAUSIBLE_DATE,)),
        ("STJun 28, 2023", Date((2023, 6, 28)), (UNKNOWN_CATEGORY,)),
        ("XQJun 28, 2023", Date((2023, 6, 28)), (UNKNOWN_CATEGORY,)),
    ],
)
def test_doubtful_heads_are_read_and_flagged(
    head: str, date: Date | None, problems: tuple[str, ...]
) -> None:
    entry = read_entry(f"{head}\n{BYLINE}\n{ABSTRACT}\n")
    assert entry.date == date
    assert entry.problems == problems
    assert entry.year_inferred == (problems == (YEAR_INFERRED,))
    assert entry.title


def test_an_ambiguous_code_stays_as_it_is_written() -> None:
    text = ENTRY.replace("CLJun", "STMLJun")
    assert read_entry(text).subjects == ("ST", "stat.ML")


def test_a_head_without_text_is_an_entry_without_title() -> None:
    entry = read_entries(f"LGJul 9, 2021\n{ENTRY}")[0]
    assert entry.problems == (NO_TITLE_LINE, NO_ABSTRACT)
    assert entry.title == ""


def test_an_entry_without_abstract_is_flagged() -> None:
    first, second = read_entries(f"LGJul 9, 2021\n{BYLINE}\n{ENTRY}")
    assert first.problems == (NO_ABSTRACT,)
    assert second.problems == (DUPLICATE_OF,)
    assert second.duplicate_of == (1, 2)


def test_a_title_without_authors_stays_a_title() -> None:
    entry = read_entry(f"LGJul 9, 2021\nherons and reeds in small ponds\n{ABSTRACT}\n{ABSTRACT}\n")
    assert entry.title == "herons and reeds in small ponds"
    assert entry.authors == ()
    assert NO_AUTHORS in entry.problems


def test_an_abstract_in_place_of_the_byline_is_no_title() -> None:
    entry = read_entry(f"LGJul 9, 2021\n{' '.join([ABSTRACT] * 8)}\n")
    assert entry.title == ""
    assert entry.abstract.startswith(ABSTRACT)
    assert NO_TITLE_LINE in entry.problems


def test_a_doubtful_split_is_flagged_and_its_alternatives_kept() -> None:
    entry = read_entry(f"LGJul 9, 2021\nRLHFK. R. Prajwal\n{ABSTRACT}\n")
    if entry.confidence < 0.9:
        assert SPLIT_UNCERTAIN in entry.problems or NO_AUTHORS in entry.problems
    assert all(title + "".join(authors) for title, authors in entry.alternatives)
    assert len(entry.alternatives) >= 1


def test_lines_that_no_layout_explains_are_kept_out_of_the_abstract() -> None:
    text = f"{ENTRY}Load more\n"
    assert read_entry(text).problems == (EXTRA_LINES,)
    assert read_entry(text).abstract == ABSTRACT


def test_a_footer_below_a_gap_is_unparsed() -> None:
    _, parts = read(f"{ENTRY}\nContact · Imprint\n")
    assert [part.kind for part in parts] == ["record", "separator", UNPARSED]


def test_a_second_paragraph_belongs_to_the_abstract() -> None:
    entry = read_entry(f"{ENTRY}\n{ABSTRACT}\n")
    assert entry.abstract == f"{ABSTRACT} {ABSTRACT}"


def test_an_identifier_below_the_abstract_is_that_of_the_entry() -> None:
    long_abstract = " ".join([ABSTRACT] * 4)
    entry = read_entry(f"LGJul 9, 2021\n{BYLINE}\n{long_abstract}\narXiv:2306.16388\n")
    assert [str(found) for found in entry.identifiers] == ["arxiv:2306.16388"]


def test_addresses_in_the_abstract_are_no_identifiers_of_the_paper() -> None:
    assert read_entry(ENTRY.replace("caveats.", "https://a.b/c.")).identifiers == ()


def test_a_hyphen_at_the_end_of_a_wrapped_line_joins_its_word() -> None:
    wrapped = "A comparison of self-\ncontained and semi-\nand fully open ponds."
    assert read_entry(f"LGJul 9, 2021\n{BYLINE}\n{wrapped}\n").abstract == (
        "A comparison of self-contained and semi- and fully open ponds."
    )


def test_a_wrapped_byline_is_put_together() -> None:
    wrapped = BYLINE.replace("of Standing ", "of Standing\n").replace("Moss et", "Moss\net")
    entry = read_entry(f"CLJun 28, 2023Code\n{wrapped}\n{ABSTRACT}\n")
    assert (entry.title, entry.authors) == (read_entry(ENTRY).title, ("Ada Fjord", "Carl Moss"))


@pytest.mark.parametrize(
    "text",
    ["The AIMay 28 pond is deep.", "Read CLJun 3 first. AIMay 28 Large is deep."],
)
def test_heads_inside_an_abstract_open_no_entry(text: str) -> None:
    assert read_entry(f"CLJun 28, 2023\n{BYLINE}\n{text}\n").abstract == text


@pytest.mark.parametrize("end", ["", "This abstract ends before its"])
def test_an_entry_that_the_file_cuts_off_is_flagged(end: str) -> None:
    entries = read_entries(f"{ENTRY}LGJul 9, 2021\nDeep Ponds Are WideCarl Moss\n{end}")
    assert [TRUNCATED in entry.problems for entry in entries] == [False, True]


def test_joined_entries_share_a_line_and_no_character() -> None:
    _, parts = read(f"{ENTRY.rstrip()}{ENTRY}")
    assert [part.lines for part in parts] == [(1, 3), (3, 5)]
    assert parts[0].problems == ()
    assert set(parts[1].problems) == {JOINED_ENTRY_REPAIRED, DUPLICATE_OF}


def test_only_text_with_heads_is_accepted() -> None:
    layout = ScholarFeed()
    assert layout.accepts(lines_of(ENTRY)) > layout.accepts(lines_of("CLMay 28\nTitle")) > 0.5
    assert layout.accepts(lines_of("Just prose of May 28, 2023.")) == 0
