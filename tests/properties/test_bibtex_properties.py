"""What holds for every text and every record."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from citeworks.bibtex import dump, format_document, loads, read_records, tidy
from citeworks.bibtex.decode import decode_latex
from citeworks.bibtex.latex import encode_ascii
from citeworks.bibtex.stretches import Stretches
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


@settings(max_examples=400)
@given(TEXTS, st.integers(1, 30))
@example("@comment\n {a}\n@misc{k, title={a\n@b{c}}}", 9)
@example("@a{k, t={x\n" * 40 + "@b{k, t={y\n@c{z}}}\n@d{e}", 7)
def test_a_text_in_stretches_is_the_same_text(text: str, window: int) -> None:
    whole = loads(text.replace("\r", "").removeprefix("\ufeff").encode())
    cut = Stretches(whole.to_bytes(), encoding=whole.encoding, bom=whole.bom, window=window)
    found = [
        (stretch.raw(block), block.kind, block.key, stretch.location(block.start))
        for stretch in cut.stretches
        for block in stretch.blocks
    ]
    assert found == [
        (whole.raw(block), block.kind, block.key, whole.location(block.start))
        for block in whole.blocks
    ]
    assert list(map(str, cut.errors)) == list(map(str, whole.errors))


BLOCKS = st.sampled_from(
    """@article{k2, title={x}}|@string{jan="J"}|@comment{x}|@comment y|@a{k1,|month = "January",|
|pages={1-2}|doi={https://doi.org/10.1000/X}|@b(k3, x=1)|@misc{K1, year=2, crossref={k2}}|% c
|\r\n|\n\n|@misc{k4, abstract={a\r\n\r\nb}}""".split("|")
)
SORTS: st.SearchStrategy[tuple[str, ...]] = st.sampled_from([(), ("key",), ("-year", "title")])


@settings(max_examples=300)
@given(st.lists(BLOCKS | PIECES, max_size=25).map("".join), SORTS, st.booleans())
def test_tidying_twice_is_tidying_once_and_loses_no_block(
    text: str, sort: tuple[str, ...], align: bool
) -> None:
    document = loads(text)
    once = tidy(document, sort=sort, align=align)
    again = loads(once)
    assert tidy(again, sort=sort, align=align) == once
    before, after = (
        sorted(
            (block.kind, block.type.lower(), block.key, len(block.fields))
            for block in each.blocks
            if block.kind != "text"
        )
        for each in (document, again)
    )
    assert after == before


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
