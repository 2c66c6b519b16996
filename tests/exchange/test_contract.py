"""One contract for every exchange codec: records, text, the same records but for declared losses.

Each case declares what its format has no place for. What a case does not declare must survive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citeworks.errors import InputError
from citeworks.exchange import citation_cff, csl_yaml, endnote_xml, nbib, ris
from citeworks.exchange.interface import Reading
from citeworks.model import Date, Name, Record, Value
from citeworks.model.variables import DATE_VARIABLES, NAME_VARIABLES, TYPES, VARIABLES


@dataclass(frozen=True)
class Case:
    """A codec and its losses: types and variables that survive, and what becomes of the rest."""

    codec: ModuleType
    types: frozenset[str]
    variables: Callable[[str], frozenset[str]]
    keeps_key: bool = True
    date: Callable[[str, Date], Date | None] = lambda variable, date: date


def one_date(_: str, date: Date) -> Date | None:
    """Neither ranges nor doubt nor seasons."""
    start = date.start if len(date.start) < 2 or date.start[1] <= 12 else date.start[:1]
    return Date(start) if start else Date(literal=date.literal)


def no_doubt(_: str, date: Date) -> Date | None:
    return replace(date, qualifier="")


def cff_date(variable: str, date: Date) -> Date | None:
    single = one_date(variable, date)
    return single if variable == "issued" or (single and len(single.start) == 3) else None


CASES = {
    "csl-yaml": Case(csl_yaml, TYPES, lambda _: VARIABLES),
    "ris": Case(
        ris,
        frozenset(ris.TYPES),
        lambda csl_type: frozenset(ris.rows_of(csl_type)),
        date=one_date,
    ),
    "nbib": Case(
        nbib,
        frozenset(nbib.TYPES),
        lambda csl_type: (
            frozenset(nbib.TEXTS)
            | {"author", "editor", "issued", "DOI", "ISSN", "ISBN", "language", "keyword"}
        ),
        keeps_key=False,
        date=no_doubt,
    ),
    "endnote-xml": Case(
        endnote_xml,
        frozenset(endnote_xml.TYPES),
        lambda csl_type: frozenset(endnote_xml.rows_of(csl_type)),
    ),
    "cff": Case(
        citation_cff,
        frozenset(citation_cff.TYPES) - {"interview", "chapter"},
        lambda csl_type: (
            frozenset(citation_cff.TEXTS.values())
            | frozenset(citation_cff._NAMES.values())
            | {"issued", "accessed", "page", "keyword", "publisher", "language", "event-title"}
        ),
        keeps_key=False,
        date=cff_date,
    ),
}

WORD = st.text("abcdefghijklmnopqrstuvwxyzABCÄÖéß中й&<>%#{}\"'\\$@;:,.-_/()[]?!*|~^+=", min_size=1,
               max_size=8)  # fmt: skip
CLEAN = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
LETTERS = st.text("abcdefghijklmnoÄÖéß", min_size=2, max_size=8)
FAMILY = LETTERS.map(lambda word: "X" + word)
NAMES = st.one_of(
    st.builds(Name, FAMILY, FAMILY),
    st.builds(
        lambda family, given, von: Name(family, given, non_dropping_particle=von),
        FAMILY,
        st.just("J. R."),
        st.sampled_from(["van der", "de", "von"]),
    ),
    st.builds(
        lambda family, given, suffix: Name(family, given, suffix=suffix),
        FAMILY,
        FAMILY,
        st.sampled_from(["Jr.", "III"]),
    ),
    st.builds(
        lambda literal: Name(literal=literal),
        st.sampled_from(["CERN", "The Org, Inc", "A & B Lab"]),
    ),
)
YEAR = st.integers(1000, 2999)
PARTS = st.one_of(
    st.tuples(YEAR),
    st.tuples(YEAR, st.integers(1, 12)),
    st.tuples(YEAR, st.integers(21, 24)),
    st.tuples(YEAR, st.integers(1, 12), st.integers(1, 28)),
)
DATES = st.one_of(
    st.builds(Date, PARTS),
    st.builds(lambda start, mark: Date(start, None, mark), PARTS, st.sampled_from("?~%")),
    st.builds(Date, st.tuples(st.integers(1000, 1999), st.integers(1, 12)),
              st.tuples(st.integers(2000, 2999), st.integers(1, 12))),
    st.just(Date(literal="in press")),
)  # fmt: skip
SPECIAL: dict[str, st.SearchStrategy[Value]] = {
    "DOI": st.integers(1, 10**6).map(lambda number: f"10.1000/x{number}"),
    "ISSN": st.just("0317-8471"),
    "ISBN": st.just("9780306406157"),
    "PMID": st.integers(1, 10**6).map(str),
    "page": st.sampled_from(["1-10", "e12", "3", "1-5, 9", "iv-x", "12-12"]),
    "language": st.sampled_from(["en", "de", "pl"]),
    "keyword": st.lists(LETTERS, min_size=1, max_size=3).map("; ".join),
    "URL": LETTERS.map(lambda word: f"https://example.org/{word}?a=b&c#d"),
    "title": CLEAN.map(lambda text: f"On {text} x"),
    "abstract": CLEAN.map(lambda text: f"We {text} x"),
    "genre": LETTERS,
    "note": st.lists(LETTERS, min_size=1, max_size=2).map(" ".join),
}


@st.composite
def records(draw: st.DrawFn, case: Case, key: str) -> Record:
    kind = draw(st.sampled_from(sorted(case.types)))
    names = draw(st.lists(st.sampled_from(sorted(case.variables(kind))), max_size=6, unique=True))
    values: dict[str, Value] = {"title": draw(SPECIAL["title"])}
    for name in names:
        if name in NAME_VARIABLES:
            values[name] = tuple(draw(st.lists(NAMES, min_size=1, max_size=3)))
        elif name in DATE_VARIABLES:
            values[name] = draw(DATES)
        else:
            values[name] = draw(SPECIAL.get(name, LETTERS.map(lambda word: f"A {word} & b")))
    if "ISSN" in values:
        values.pop("ISBN", None)
    return Record(key, kind, values)


def after_losses(case: Case, record: Record) -> tuple[str, str, dict[str, Value]]:
    values: dict[str, Value] = {}
    for name, value in record.variables.items():
        kept: Value | None = value
        if isinstance(value, Date):
            kept = case.date(name, value)
        if kept:
            values[name] = kept
    return record.key if case.keeps_key else "", record.type, values


@pytest.mark.parametrize("name", sorted(CASES))
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_records_come_back_but_for_the_declared_losses(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    given_records = [data.draw(records(case, f"key{number}")) for number in range(2)]
    if name == "cff":
        given_records.insert(0, Record("a0", "software", {"title": "The work itself"}))
    text = case.codec.dump(given_records)
    reading = case.codec.load(text.encode())
    assert reading.errors == []
    assert reading.issues == []
    found = [(each.key, each.type, dict(each.variables)) for each in reading.records]
    wanted = [after_losses(case, record) for record in given_records]
    assert found == wanted
    if case.keeps_key:
        assert case.codec.dump([replace(each, provenance={}) for each in reading.records]) == text


@pytest.mark.parametrize("name", sorted(CASES))
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_any_text_is_read_or_refused_with_its_place(name: str, data: st.DataObject) -> None:
    case = CASES[name]
    text = data.draw(st.text(max_size=200) | st.binary(max_size=200) | mangled(case))
    reading = read_or_refuse(case, text)
    for issue in reading.issues:
        assert issue.location.line >= 1
    case.codec.dump([replace(record, key=record.key or "k") for record in reading.records])


def read_or_refuse(case: Case, text: str | bytes) -> Reading:
    refused: list[InputError] = []
    reading = Reading([], [], [])
    try:
        reading = case.codec.load(text, file="odd")
    except InputError as error:
        refused.append(error)
    for each in (*refused, *reading.errors):
        assert each.location.file == "odd"
        assert each.location.line >= 1
    return reading


@st.composite
def mangled(draw: st.DrawFn, case: Case) -> str:
    """A good text with a stretch of it replaced."""
    text: str = case.codec.dump([draw(records(case, "key"))])
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 12)))
    return text[:start] + draw(st.text("\n<>&:-{}[] \tA1'\"", max_size=8)) + text[end:]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_list_that_was_cut_short_says_so(name: str) -> None:
    codec = CASES[name].codec
    record = Record(
        "a", "book", {"title": "A", "author": (Name("B", "C"),)}, custom={"et-al": ["author"]}
    )
    found = codec.load(codec.dump([record])).records[-1]
    assert found.names() == record.names()
    assert found.is_truncated()


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_gives_no_record(name: str) -> None:
    dump = CASES[name].codec.dump
    text = dump([])
    assert text == dump(())


@pytest.mark.parametrize("name", ["ris", "nbib", "endnote-xml", "cff"])
def test_what_the_format_alone_knows_comes_out_again(name: str) -> None:
    codec = CASES[name].codec
    first = codec.load(UNKNOWN[name])
    [record] = first.records
    assert record.custom[codec.SOURCE]
    again = codec.load(codec.dump([record]))
    assert again.records[0].custom == record.custom
    assert again.records[0].variables == record.variables


UNKNOWN = {
    "ris": "TY  - JOUR\nTI  - A\nC1  - x\nC1  - y\nL1  - file.pdf\nT2  - J\nJF  - K\nER  - \n",
    "nbib": "PMID- 1\nOWN - NLM\nTI  - A\nMH  - Animals\nMH  - Mice\nSO  - J.\nPT  - Review\n",
    "endnote-xml": """<xml><records><record><ref-type name='Book'>6</ref-type>
<titles><title>A</title><alt-title>B</alt-title></titles>
<custom1>x</custom1><rec-number>7</rec-number></record></records></xml>""",
    "cff": """cff-version: 1.2.0
message: cite us
type: software
title: A
authors:
- family-names: B
  orcid: https://orcid.org/0000-0001-2345-6789
commit: abc
identifiers:
- type: swh
  value: 'swh:1:x'
repository-code: https://a.org
url: https://b.org
""",
}
