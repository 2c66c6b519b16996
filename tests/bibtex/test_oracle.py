"""Real BibTeX sees the same entries before and after a text goes through our reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from citeworks.bibtex import Document, format_document, loads

Judge = Callable[[bytes, Iterable[str]], "tuple[bool, str]"]

CASES = {
    "type that begins with comment": "@COMMENTED{k, title = {T}}\n",
    "types that begin with string and preamble": "@stringy{a, title={A}}@preambles{b, title={B}}",
    "concatenation over a line break": '@string{a = "x" #\n {y}}\n@misc{k, note = a #\n " z"}\n',
    "undefined macro": "@misc{k, note = nothere # {x}}\n",
    "month macro": "@misc{k, month = 12 # {~} # jul}\n@string{jul={J}}",
    "keys and names without case": "@misc{K, TITLE = {a}, title = {b}, Title = {c}}\n",
    "at sign at a line start in a value": "@misc{k, note = {x\n@article{y, z}\n w}}\n@misc{l}\n",
    "parentheses": '@misc(k, note = {a)b}, title = "c")\n@string(x = {y})\n@misc{m, note = x}',
    "quotes within braces within quotes": '@misc{k, note = "a {"}b{"} c"}\n',
    "junk and comments between": "junk\n@comment{hidden}% @misc{seen, note={n}}\nmore\n@misc{z}\n",
    "entry within a comment": "@comment{ @misc{k, note={n}} }\n",
    "no field at all": "@misc{k}\n@misc{l,}\n",
    "digits": "@misc{k, year = 1999, volume = 007}",
    "crossref": "@misc{c, crossref={p}}\n@book{p, title={P}, year=1}",
}


@pytest.mark.parametrize("name", CASES)
def test_bibtex_sees_the_same_after_a_round_trip(name: str, judge: Judge) -> None:
    data = CASES[name].encode()
    document = loads(data)
    fields = field_names(document)
    accepted, before = judge(data, fields)
    assert accepted
    assert judge(format_document(document).encode(), fields) == (True, before)
    assert "@" in before


def test_the_judge_sees_a_difference(judge: Judge) -> None:
    first = judge(b"@misc{k, note={a}}", ["note"])
    assert first != judge(b"@misc{k, note={b}}", ["note"])
    assert first != judge(b"@book{k, note={a}}", ["note"])


@pytest.mark.slow
def test_bibtex_sees_the_same_in_the_corpus(bibtex_data: Path, judge: Judge) -> None:
    accepted, different, lost = 0, [], []
    for path in sorted((bibtex_data / "nasty-dev").glob("*.bib")):
        data = path.read_bytes()
        document = loads(data)
        assert document.to_bytes() == data, path.name
        fields = field_names(document)
        fine, before = judge(data, fields)
        if not fine:
            continue
        accepted += 1
        after = judge(document.bom + format_document(document).encode(document.encoding), fields)
        if after != (True, before):
            different.append(path.name)
        if before.count("@") > 0 and not document.entries:
            lost.append(path.name)
    print(f"{accepted} files accepted by BibTeX, {len(different)} seen differently: {different}")
    assert accepted > 200
    assert not lost
    assert len(different) <= 0.002 * accepted


def field_names(document: Document) -> list[str]:
    """The names of all fields, in lower case; `crossref` is BibTeX's own."""
    names = {field.name.lower() for block in document.entries for field in block.fields}
    return sorted((names or {"title"}) - {"crossref"})
