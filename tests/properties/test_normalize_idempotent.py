"""Normalizing is done once and for all, and loses no record."""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.model import Date, Name, Provenance, Record
from citeworks.model.variables import DATE_VARIABLES, NAME_VARIABLES, TEXT_VARIABLES, TYPES
from citeworks.normalize.rules import normalize

WORDS = st.sampled_from(
    [
        *"""
    van der de la Jr. III y The Team Workshop OpenAI Press 王 小明 김 A. d'Alembert **bold** *it*
    O*NET $\\ell_p$ $5 <i>x</i> https://doi.org/10.1145/ABC. arXiv:2306.16388 PMID:34265844
    https://arxiv.org/abs/2306.16388v1 10.48550/arXiv.hep-th/9901001 0-262-03384-4 28 June 2023
    2023-06-28 2023-13 , ; . ( ) '
    """.split(),
        *["\u0308", "\x00", "\ud800", "\u00a0", "\n", "in press"],
    ]
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=12),
    st.lists(WORDS, max_size=6).map(" ".join),
    st.text(string.punctuation + "aA 1", max_size=12),
)
PARTS = st.lists(st.integers(-5, 40) | st.integers(1900, 2100), max_size=3).map(tuple)
NAMES = st.one_of(
    st.builds(lambda literal: Name(literal=literal), TEXTS),
    st.builds(Name, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.booleans(), st.booleans()),
)
DATES = st.one_of(
    st.builds(lambda literal, mark: Date(literal=literal, qualifier=mark), TEXTS, st.just("~")),
    st.builds(Date, PARTS, st.none() | PARTS, st.sampled_from(["", "~"]), st.just("") | TEXTS),
)
VARIABLES = st.builds(
    lambda texts, names, dates: {**texts, **names, **dates},
    st.dictionaries(st.sampled_from(sorted(TEXT_VARIABLES)), TEXTS | st.integers(), max_size=5),
    st.dictionaries(
        st.sampled_from(sorted(NAME_VARIABLES)), st.lists(NAMES, max_size=3).map(tuple), max_size=2
    ),
    st.dictionaries(st.sampled_from(sorted(DATE_VARIABLES)), DATES, max_size=2),
)
IDENTIFYING = st.dictionaries(
    st.sampled_from(["DOI", "URL", "number", "ISBN", "abstract", "title"]), TEXTS, max_size=3
)
CUSTOM = st.dictionaries(
    st.sampled_from(["arxiv", "arxiv-class", "links", "type", "et-al"]),
    st.lists(TEXTS, max_size=2) | st.text(string.ascii_letters, max_size=5),
    max_size=2,
)
ORIGINS = st.builds(Provenance, st.sampled_from(["listing", "user", "csl-json", "arxiv"]))


@st.composite
def records(draw: st.DrawFn) -> Record:
    variables = {**draw(VARIABLES), **draw(IDENTIFYING)}
    kind = draw(st.sampled_from([*sorted(TYPES), "article", "unpublished", ""]))
    record = Record(draw(TEXTS), kind, custom=draw(CUSTOM))
    return record.with_values(variables, draw(ORIGINS))


@settings(max_examples=150)
@given(records())
def test_normalizing_again_changes_nothing(record: Record) -> None:
    once = normalize(record)
    assert normalize(once) == once


@settings(max_examples=60)
@given(records())
def test_every_variable_keeps_an_origin_and_every_record_its_key(record: Record) -> None:
    done = normalize(record)
    assert done.key == record.key
    assert done.provenance.keys() == done.variables.keys()
    assert done.type in TYPES
