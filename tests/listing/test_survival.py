"""What pasting, saving and mailing do to a listing, and the 31 entries of the sample afterwards."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from citeworks.listing.interface import (
    JOINED_ENTRY_REPAIRED,
    MOJIBAKE_REPAIRED,
    NO_TITLE_LINE,
    Entry,
)
from listing_support import read, read_entries

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "bib/listing.txt").read_text(encoding="utf-8").rstrip("\n")
LINES = SAMPLE.split("\n")
TRIPLES = [LINES[start : start + 3] for start in range(0, len(LINES), 3)]
EXPECTED = [
    (item["title"], tuple(item["authors"]), item["et_al"])
    for item in json.loads((ROOT / "tests/golden/listing/sample.json").read_text("utf-8"))
]


def mangle(text: str) -> str:
    """The text as UTF-8 that a program took for Windows-1252."""
    return "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode()
    )


def rebuild(change: Callable[[int, list[str]], list[str]]) -> str:
    return "\n".join(
        line for number, triple in enumerate(TRIPLES, 1) for line in change(number, triple)
    )


def wrap(text: str) -> list[str]:
    return textwrap.wrap(text, 80)


def join_heads_to_the_text_before(separator: str) -> str:
    heads = [triple[0] for triple in TRIPLES[1:]] + [""]
    return "\n".join(
        [LINES[0]]
        + [
            f"{byline}\n{abstract}{separator if head else ''}{head}"
            for (_, byline, abstract), head in zip(TRIPLES, heads, strict=True)
        ]
    )


VARIANTS: dict[str, str] = {
    "as it is": SAMPLE,
    "CRLF": SAMPLE.replace("\n", "\r\n"),
    "CR": SAMPLE.replace("\n", "\r"),
    "byte order mark": "\ufeff" + SAMPLE,
    "no-break spaces": SAMPLE.replace(" ", "\u00a0"),
    "narrow no-break spaces": SAMPLE.replace(" ", "\u202f"),
    "thin spaces": SAMPLE.replace(" ", "\u2009"),
    "ideographic spaces": SAMPLE.replace(" ", "\u3000"),
    "tabs": SAMPLE.replace(" ", "\t"),
    "soft hyphens": re.sub(r"([a-z]{3})(?=[a-z]{3})", "\\1\u00ad", SAMPLE),
    "zero-width spaces": re.sub(r"([A-Za-z])", "\\1\u200b", SAMPLE),
    "zero-width joiners": re.sub(r"([a-z])", "\\1\u200d", SAMPLE),
    "bidi embeddings": "\n".join(f"\u202a{line}\u202c" for line in LINES),
    "bidi marks": SAMPLE.replace(" ", "\u200e "),
    "HTML entities": SAMPLE.replace("&", "&amp;")
    .replace("·", "&middot;")
    .replace("ä", "&auml;")
    .replace("'", "&#39;")
    .replace('"', "&quot;"),
    "HTML spaces": SAMPLE.replace(" ", "&nbsp;"),
    "NFD": unicodedata.normalize("NFD", SAMPLE),
    "blank lines": SAMPLE.replace("\n", "\n\n"),
    "trailing spaces": SAMPLE.replace("\n", "   \n"),
    "leading spaces": "  " + SAMPLE.replace("\n", "\n   "),
    "numbered heads": rebuild(lambda n, triple: [f"{n}. {triple[0]}", *triple[1:]]),
    "numbers in brackets, indented": rebuild(
        lambda n, triple: [f"[{n}] {triple[0]}", f"    {triple[1]}", f"    {triple[2]}"]
    ),
    "heads with bullets": rebuild(lambda _, triple: [f"- {triple[0]}", *triple[1:]]),
    "every line with a bullet": rebuild(lambda _, triple: [f"• {line}" for line in triple]),
    "quoted mail": rebuild(lambda _, triple: [f"> {line}" for line in triple]),
    "wrapped abstracts": rebuild(lambda _, triple: [*triple[:2], *wrap(triple[2])]),
    "bullets for dots": SAMPLE.replace("·", "•"),
    "smart quotes": SAMPLE.replace("'", "’").replace(' "', " “").replace('"', "”"),
    "vertical tabs": SAMPLE.replace("\n", "\x0b"),
    "form feeds": SAMPLE.replace("\n", "\n\x0c"),
    "line separators": SAMPLE.replace("\n", "\u2028"),
    "paragraph separators": SAMPLE.replace("\n", "\u2029"),
    "NUL": SAMPLE.replace(" ", "\x00 ", 40),
    "full-width heads": rebuild(
        lambda _, triple: [triple[0].translate({n: n + 0xFEE0 for n in range(48, 58)}), *triple[1:]]
    ),
}


def facts(entries: list[Entry]) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(entry.title, entry.authors, entry.et_al) for entry in entries]


@pytest.fixture(scope="module")
def original() -> list[Entry]:
    return read_entries(SAMPLE)


@pytest.mark.parametrize("name", VARIANTS)
def test_all_31_entries_are_right(name: str, original: list[Entry]) -> None:
    entries = read_entries(VARIANTS[name])
    assert facts(entries) == EXPECTED
    for entry, before in zip(entries, original, strict=True):
        assert (entry.date, entry.subjects, entry.has_code, entry.affiliations) == (
            before.date,
            before.subjects,
            before.has_code,
            before.affiliations,
        )
        assert entry.abstract


@pytest.mark.parametrize("times", [1, 2])
def test_mojibake_is_repaired_and_said_so(times: int) -> None:
    text = SAMPLE
    for _ in range(times):
        text = mangle(text)
    entries = read_entries(text)
    assert facts(entries) == EXPECTED
    repaired = [MOJIBAKE_REPAIRED in entry.problems for entry in entries]
    assert repaired == [not "".join(triple).isascii() for triple in TRIPLES]


@pytest.mark.parametrize(
    "text",
    [
        join_heads_to_the_text_before(""),
        join_heads_to_the_text_before(" "),
        rebuild(lambda _, triple: [triple[0] + triple[1], triple[2]]),
        rebuild(lambda _, triple: [f"{triple[0]} {triple[1]}", triple[2]]),
    ],
    ids=["to the abstract", "to the abstract, spaced", "to the title", "to the title, spaced"],
)
def test_joined_heads_are_cut_out_and_flagged(text: str) -> None:
    entries = read_entries(text)
    assert facts(entries) == EXPECTED
    assert sum(JOINED_ENTRY_REPAIRED in entry.problems for entry in entries) >= 30


@pytest.mark.parametrize("separator", ["", " "])
def test_all_on_one_line_still_gives_31_entries(separator: str) -> None:
    entries = read_entries(separator.join(LINES))
    assert len(entries) == 31
    for entry, expected in zip(entries, EXPECTED, strict=True):
        assert JOINED_ENTRY_REPAIRED in entry.problems
        is_right = (entry.title, entry.authors, entry.et_al) == expected
        assert is_right or NO_TITLE_LINE in entry.problems


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_gives_the_same_entries(codec: str) -> None:
    assert facts(read_entries(SAMPLE.encode(codec))) == EXPECTED


def test_utf16_cut_inside_a_character_loses_nothing() -> None:
    assert facts(read_entries(SAMPLE.encode("utf-16")[:-1])) == EXPECTED


@pytest.mark.parametrize("end", range(40, len(SAMPLE.encode()), 401))
def test_a_file_cut_anywhere_keeps_the_entries_before_the_cut(end: int) -> None:
    data = SAMPLE.encode()[:end]
    entries = read_entries(data)
    whole = data.decode(errors="ignore").count("\n") // 3
    assert facts(entries)[:whole] == EXPECTED[:whole]
    assert len(entries) <= whole + 1


def test_the_expected_titles_and_first_authors_are_those_of_the_papers(shared_data: Path) -> None:
    items = json.loads((shared_data / "http/seed/facts.json").read_text("utf-8"))["items"]
    papers = [(item["title"], item["author"][0]["family"]) for item in items]
    assert [(title, authors[0].split()[-1]) for title, authors, _ in EXPECTED] == papers


def test_the_whole_sample_listing_gives_the_same(shared_data: Path) -> None:
    data = (shared_data / "listing/seed-listing.txt").read_bytes()
    assert facts(read_entries(data)) == EXPECTED
    assert len(read(data)[1]) == 31
