from __future__ import annotations

import time

import pytest

from citeworks.bibtex import Document, format_document, loads, read_records, tidy
from citeworks.bibtex.lexer import decode_bytes
from citeworks.bibtex.stretches import Stretches, loads_lazily


def kinds(document: Document) -> list[str]:
    return [block.kind for block in document.blocks]


def keys(document: Document) -> list[str]:
    return [block.key for block in document.entries]


def test_positions_are_exact() -> None:
    document = loads("x\n\n  @book{a,\n  title = {T}}\n", file="refs.bib")
    block = document.entries[0]
    assert str(document.location(block.start)) == "refs.bib:3:3"
    assert str(document.location(block.fields[0].start)) == "refs.bib:4:3"
    assert document.raw(block) == "@book{a,\n  title = {T}}"
    assert document.text[block.fields[0].start : block.fields[0].end] == "title = {T}"


def test_an_unclosed_brace_costs_one_entry_and_is_reported_at_its_at_sign() -> None:
    document = loads("@a{one, t={x}}\n\n@b{two, t={x\n}\n@c{three, t={y}}\n", file="r.bib")
    assert keys(document) == ["one", "three"]
    assert kinds(document) == ["entry", "text", "broken", "entry", "text"]
    (error,) = document.errors
    assert (str(error.location), error.code) == ("r.bib:3:1", "B003")
    assert error.location.source_line == "@b{two, t={x"


def test_many_broken_entries_cost_linear_time() -> None:
    text = "@misc{k, note = {unclosed\n" * 20_000
    start = time.perf_counter()
    document = loads(text)
    assert time.perf_counter() - start < 10
    assert len(document.errors) == 20_000


def test_a_missing_comma_is_reported_and_no_field_is_lost() -> None:
    document = loads("@misc{k, note = {a}\n title = {b}}")
    assert [field.name for field in document.entries[0].fields] == ["note", "title"]
    assert [error.code for error in document.errors] == ["B004"]


def test_a_percent_line_inside_an_entry_is_reported_and_passed_over() -> None:
    document = loads("@misc{k,\n% note = {old},\n title = {b}}\n")
    assert [field.name for field in document.entries[0].fields] == ["title"]
    assert [error.code for error in document.errors] == ["B006"]
    assert format_document(document) == document.text


def test_types_that_begin_with_a_command_are_types() -> None:
    document = loads("@COMMENTED{k, title={T}} @stringent{l, t=1} @preambles{m, t=1}")
    assert keys(document) == ["k", "l", "m"]


def test_a_comment_is_one_block() -> None:
    document = loads("@comment{jabref-meta: {groups} @x}\n@misc{k}\n@comment no braces\n@misc{l}")
    assert kinds(document) == ["comment", "text", "entry", "text", "comment", "entry"]


def test_an_entry_at_a_line_start_inside_a_value_is_part_of_the_value() -> None:
    document = loads("@misc{k, note = {see\n@book{x, y}\n}}\n@misc{l}")
    assert keys(document) == ["k", "l"]


def test_a_quoted_value_holds_braces_with_quotes() -> None:
    document = loads('@misc{k, note = "a {"}b" # c # 12}')
    pieces = document.entries[0].fields[0].pieces
    assert [tuple(piece) for piece in pieces] == [('"', 'a {"}b'), ("a", "c"), ("0", "12")]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("@misc{k, note={é}}".encode(), "utf-8"),
        ("@misc{k, note={é}}".encode("utf-8-sig"), "utf-8"),
        ("@misc{k, note={é}}".encode("utf-16"), "utf-16-le"),
        ("@misc{k, note={é}}".encode("utf-16-be"), "utf-16-be"),
        ("@misc{k, note={é–}}".encode("cp1252"), "cp1252"),
        (b"% Encoding: ISO8859_2\n@misc{k, note={\xe9}}", "ISO8859_2"),
        (b"@misc{k, note={\xe9 \x81 \x8d}}", "latin-1"),
    ],
)
def test_bytes_are_decoded_and_come_back(data: bytes, encoding: str) -> None:
    text, found, _ = decode_bytes(data)
    assert found == encoding
    assert "é" in text
    assert loads(data).to_bytes() == data


def test_the_layout_keeps_macros_comments_and_text_between() -> None:
    text = 'Hello\n@STRING{x = "y"}\n@comment{c}\n@MISC{K,TITLE="a" # x, year=1999}\nbye'
    formatted = format_document(loads(text))
    assert formatted == (
        "Hello\n@string{x = {y}}\n@comment{c}\n@misc{K,\n  title = {a} # x,\n  year = 1999\n}\nbye"
    )
    assert format_document(loads(formatted)) == formatted


def test_a_line_of_a_megabyte_is_read_in_time() -> None:
    start = time.perf_counter()
    for text in ("{" * 10**6, "@a{" * 3 * 10**5, '@a{k, t="' + "{}" * 5 * 10**5, "@" * 10**6):
        assert "".join(loads(text).raw(block) for block in loads(text).blocks) == text
    assert time.perf_counter() - start < 20


def test_a_large_text_is_read_without_holding_its_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "@string{a={A}}\n@misc{c, note=a, crossref={p}}\n@broken{x, y\n\n"
        "@book{P, title={T}, year=1}\n"
        "@misc{c, note={twice}}\n% end"
    )
    eager = read_records(text.encode(), file="x.bib")
    neat = tidy(loads(text.encode()))
    monkeypatch.setattr("citeworks.bibtex.stretches.LARGE", 1)
    monkeypatch.setattr("citeworks.bibtex.stretches.WINDOW", 1)
    document = loads_lazily(text.encode(), file="x.bib")
    assert isinstance(document, Stretches)
    assert len(list(document.stretches)) > 3
    lazy = read_records(text.encode(), file="x.bib")
    assert (lazy.records, lazy.issues) == (eager.records, eager.issues)
    assert [str(error.location) for error in lazy.errors] == ["x.bib:3:12"]
    assert lazy.records[0].text("container-title") == "T"
    assert tidy(document) == neat


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_large_text_is_read_in_the_encoding_that_it_has(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    control = "\x81" if encoding == "latin-1" else ""
    data = f"@misc{{k, note={{ä{control}}}}}\n@misc{{l, note={{é}}}}\n".encode(encoding)
    whole = loads(data)
    monkeypatch.setattr("citeworks.bibtex.stretches.LARGE", 1)
    monkeypatch.setattr("citeworks.bibtex.stretches.WINDOW", 3)
    found = loads_lazily(data)
    assert (found.encoding, found.bom) == (whole.encoding, whole.bom)
    assert tidy(found) == tidy(whole)
