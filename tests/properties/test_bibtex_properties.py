"""What holds for every text and every record."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from citeworks.bibtex import dump, format_document, loads, read_records
from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.latex import encode_ascii
from citeworks.model import Name, Record, Value
from citeworks.zotero_json import format_item, parse_item

PIECES = st.sampled_from(
    r"""@ @misc{k, @string{ @comment { } " , = # % \ title ( ) and é $ 1 @preamble{ \'e""".split()
) | st.sampled_from(" \n\r\x00\ufeff")
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)


@settings(max_examples=300)
@given(TEXTS)
@example("@misc{k, note = {")
def test_every_character_is_accounted_for(text: str) -> None:
    document = loads(text)
    assert "".join(document.raw(block) for block in document.blocks) == text
    ends = [block.end for block in document.blocks]
    assert [block.start for block in document.blocks] == [0, *ends][: len(ends)]


@settings(max_examples=150)
@given(st.binary(max_size=60))
def test_every_byte_comes_back(data: bytes) -> None:
    assert loads(data).to_bytes() == data


@settings(max_examples=200)
@given(TEXTS)
def test_reading_never_fails_and_every_entry_becomes_a_record_or_an_error(text: str) -> None:
    reading = read_records(text)
    written = loads(dump(reading.records))
    assert len(written.entries) == len(reading.records)
    assert not written.errors


@settings(max_examples=150)
@given(TEXTS)
def test_the_layout_is_stable(text: str) -> None:
    once = format_document(loads(text))
    assert format_document(loads(once)) == once


@settings(max_examples=200)
@given(WORDS, WORDS, st.sampled_from(["bibtex", "biblatex"]))
def test_no_value_breaks_out(title: str, name: str, dialect: str) -> None:
    variables: dict[str, Value] = {
        "title": title,
        "note": name,
        "URL": name,
        "author": (Name(name, title),),
    }
    records = [Record("a", "book", variables), Record("b", "book", {"title": "x"})]
    written = loads(dump(records, dialect="bibtex" if dialect == "bibtex" else "biblatex"))
    assert [entry.key for entry in written.entries] == ["a", "b"]
    assert not written.errors


@settings(max_examples=200)
@given(st.text(alphabet="abcÉéñüßøåŁłőşẽễọ αβΓ…“”‘’–—²₂{}$&%#_^~\\<>|-'", max_size=20))
def test_encoding_and_decoding_give_the_text_back(text: str) -> None:
    folded = " ".join(text.split()).translate(str.maketrans("²₂", "  ")).strip()
    folded = " ".join(folded.split())
    assert decode_latex(encode_ascii(folded)) == folded


@settings(max_examples=100)
@given(WORDS, WORDS)
def test_a_record_survives_zotero(title: str, given: str) -> None:
    record = Record(
        "k",
        "article-journal",
        {"title": title or "T", "author": (Name("F", given.strip() or "G"),), "volume": "3"},
    )
    back = parse_item(format_item(record))
    assert back.type == record.type
    assert dict(back.variables) == dict(record.variables)
