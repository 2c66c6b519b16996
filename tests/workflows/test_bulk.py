"""The export of a large .bib file: what the export of a small one is, record by record."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworks.bibtex.lexer import decode_bytes
from citeworks.bibtex.reader import read_records
from citeworks.bibtex.shelf import Shelf
from citeworks.bibtex.stretches import Stretches
from citeworks.errors import BibtexSyntaxError
from citeworks.export.interface import EXPORTERS
from citeworks.model import Issue, Library
from citeworks.normalize.citation_key import DEFAULT_PATTERN
from citeworks.normalize.rules import normalize
from citeworks.workflows.add import add
from citeworks.workflows.bulk import bulk_export, is_by_entry
from citeworks.workflows.export import BIB_FORMATS, BibOptions, export
from citeworks.workflows.interface import unwatched

ODD = """@string{j = {Journal of {M\\"u}sli}}
@inproceedings{zeta, crossref={Alpha}, author={de la Cruz, Ana and others}, title={On {DNA}}}
@book{Alpha, title={Proceedings \\& more}, editor={Doe, J.}, year=2001, publisher={P}, ids={old, x}}
@article{same, author={Li, Wei}, title={李伟}, journal=j, month=jan, year=2002, odd={kept {x}}}
@article{same, author={Li, Wei}, title={Another}, journal=undefined, year=2003, doi={10.1000/1}}
@article{, author={Li, Wei}, title={Another}, journal=j, year=2003}
@misc{, author={Nobody Else}, title={No key at all}, year={c. 1990}}
@xdata{data, publisher={X}}
@book{b\\b, xdata={data}, title={The key is illegal}, file={C:\\x.pdf:pdf}}
@misc{broken, title={never closed
@software{s, title={A\x07larm}, abstract={one \\emph{two} $x^2$}, keywords={a, b}}
"""
FORMATS = [name for name in EXPORTERS if is_by_entry(name)]


class Heard:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.duplicates: list[Issue] = []
        self.errors: list[BibtexSyntaxError] = []
        self.doubts: list[Issue] = []
        self.read = self.issues.append
        self.broken = self.errors.append
        self.duplicate = self.duplicates.append
        self.written = self.doubts.append


def in_bulk(data: bytes, output: str, bib: BibOptions, window: int = 90) -> tuple[str, Heard]:
    _, encoding, bom = decode_bytes(data)
    document = Stretches(data, "x.bib", encoding, bom, window)
    heard = Heard()
    with Shelf() as shelf:
        texts = bulk_export(
            document, output, shelf, bib=bib, pattern=DEFAULT_PATTERN, watch=unwatched,
            listener=heard,
        )  # fmt: skip
        return "".join(texts), heard


def at_once(data: bytes, output: str, bib: BibOptions) -> tuple[str, Heard]:
    heard = Heard()
    reading = read_records(data, file="x.bib")
    records = [normalize(record) for record in reading.records]
    addition = add(Library(), records, DEFAULT_PATTERN, keep_keyed=True)
    heard.issues, heard.errors = reading.issues, reading.errors
    heard.duplicates = list(addition.duplicates)
    keys = addition.library if bib.sort else addition.added
    chosen = [addition.library[key] for key in keys]
    return export(chosen, output, bib=bib, report=heard.written), heard


def test_most_formats_are_written_record_by_record() -> None:
    assert set(EXPORTERS) - set(FORMATS) == {"hayagriva", "cff"}
    assert not is_by_entry("text")


@pytest.mark.parametrize("output", FORMATS)
@pytest.mark.parametrize(
    "bib", [BibOptions(), BibOptions(ascii=False, fields="minimal", sort=False)]
)
def test_the_text_and_the_doubts_are_those_of_a_small_file(output: str, bib: BibOptions) -> None:
    if bib != BibOptions() and output not in BIB_FORMATS:
        pytest.skip("options of .bib formats")
    expected, before = at_once(ODD.encode(), output, bib)
    found, after = in_bulk(ODD.encode(), output, bib)
    assert found == expected
    assert (after.issues, after.duplicates) == (before.issues, before.duplicates)
    assert [str(each) for each in after.errors] == [str(each) for each in before.errors]
    assert sorted(map(str, after.doubts)) == sorted(map(str, before.doubts))
    assert before.duplicates
    assert before.errors


@pytest.mark.parametrize("output", FORMATS)
def test_a_file_without_any_record(output: str) -> None:
    data = b"@string{a = {b}}\n% nothing else\n"
    assert in_bulk(data, output, BibOptions())[0] == at_once(data, output, BibOptions())[0]


@pytest.mark.slow
@pytest.mark.parametrize("output", FORMATS)
def test_files_of_all_kinds(shared_data: Path, output: str) -> None:
    for path in sorted((shared_data / "bibtex" / "nasty-dev").glob("*.bib")):
        data = path.read_bytes()
        found = in_bulk(data, output, BibOptions(), window=2000)[0]
        assert found == at_once(data, output, BibOptions())[0], path.name
