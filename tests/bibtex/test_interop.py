"""Both ways between us and bibtexparser 1.x, and the two readers side by side."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from citeworks.bibtex import dump, loads, read_records
from citeworks.bibtex.inherit import flatten
from citeworks.bibtex.interop import (
    document_to_bib_database,
    from_bib_database,
    to_bib_database,
)
from citeworks.bibtex.macros import string_values

TEXT = r"""
@string{jml = {Journal of ML}}
@comment{kept}
@article{k, author = {M{\"u}ller, Jan and {CERN}}, title = {The {DNA} of $x$},
  journal = jml, year = 2020, month = mar, pages = {1--5}, zzz = {unknown}}
@book{l, title = "Quoted " # {joined}, url = {http://a.b/%20_c}}
"""


def read_with_bibtexparser(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bibtexparser
        from bibtexparser.bparser import BibTexParser

        parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False)
        return bibtexparser.loads(text, parser)


def plain(entries: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {
        entry["ID"]: {name: " ".join(str(value).split()) for name, value in entry.items()}
        for entry in entries
    }


def test_both_readers_see_the_same_entries() -> None:
    ours = document_to_bib_database(TEXT)
    theirs = read_with_bibtexparser(TEXT)
    assert plain(ours.entries) == plain(theirs.entries)
    assert ours.comments == theirs.comments == ["kept"]
    assert ours.strings["jml"] == "Journal of ML"


def test_records_go_there_and_back() -> None:
    records = read_records(TEXT).records
    back = from_bib_database(to_bib_database(records)).records
    assert dump(back) == dump(records)


def test_a_database_read_by_bibtexparser_becomes_records() -> None:
    reading = from_bib_database(read_with_bibtexparser(TEXT))
    assert [record.key for record in reading.records] == ["k", "l"]
    assert reading.records[0].names()[0].family == "Müller"
    assert not reading.errors


@pytest.mark.slow
def test_the_corpus_is_read_alike_where_bibtexparser_reads_it(bibtex_data: Path) -> None:
    same = different = 0
    for path in sorted((bibtex_data / "nasty-dev").glob("*.bib"))[::4]:
        if path.stat().st_size > 20_000:
            continue
        document = loads(path.read_bytes())
        try:
            theirs = plain(read_with_bibtexparser(document.text).entries)
        except Exception:
            continue
        macros = string_values(document)
        for block in document.entries:
            fields = flatten(block, macros).fields
            other = theirs.get(block.key, {})
            alike = all(other.get(name) == value for name, value in fields.items() if value)
            same, different = same + alike, different + (not alike)
    print(f"{same} entries alike, {different} not")
    assert same > 200
    assert same / (same + different) > 0.8
