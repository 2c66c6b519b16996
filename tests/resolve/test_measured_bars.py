"""On thousands of real papers: what is promised of matching and verification holds."""

from __future__ import annotations

import datetime
import gzip
import json
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from citeworks.bibtex import read_records
from citeworks.model import Record
from citeworks.normalize.rules import normalize
from citeworks.resolve.catalogue import Catalogue
from citeworks.resolve.catalogue_build import build
from citeworks.resolve.catalogue_rows import found_of, from_conference
from citeworks.resolve.inquiry import Inquiry
from citeworks.resolve.match import judge
from citeworks.workflows.verify import MISMATCH, verify

TODAY = datetime.date(2026, 6, 30)


@pytest.mark.slow
def test_references_that_are_flagged_are_fabricated(shared_data: Path, tmp_path: Path) -> None:
    dump = shared_data / "catalogue/conference-papers-164k.jsonl.gz"
    labels: list[str] = []
    records: list[Record] = []
    with (shared_data / "verify/dev_public.jsonl").open(encoding="utf-8") as lines:
        for entry in map(json.loads, lines):
            fields = ",\n".join(f"{name} = {{{value}}}" for name, value in entry["fields"].items())
            found = read_records(f"@{entry['bibtex_type']}{{x,\n{fields}\n}}").records
            labels += [entry["label"]] * len(found)
            records += map(normalize, found)
    with closing(Catalogue(build([dump], tmp_path / "catalogue.sqlite").path)) as catalogue:
        checks = verify(records, Inquiry({"catalogue": catalogue}), TODAY, offline=True)
    pairs = zip(labels, checks, strict=True)
    flagged = Counter(label for label, check in pairs if check.verdict == MISMATCH)
    assert flagged["HALLUCINATED"] >= 380
    assert flagged["HALLUCINATED"] >= 0.99 * sum(flagged.values())
    assert flagged["VALID"] <= 0.003 * labels.count("VALID")


def test_papers_that_the_catalogue_lacks_are_never_found(shared_data: Path, tmp_path: Path) -> None:
    dump = shared_data / "catalogue/conference-papers-164k.jsonl.gz"
    with gzip.open(dump, "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in islice(lines, 0, 24_000, 3)]
    kept = tmp_path / "kept.jsonl"
    kept.write_text("".join(json.dumps(paper) + "\n" for paper in papers[::2]), encoding="utf-8")
    with closing(Catalogue(build([kept], tmp_path / "catalogue.sqlite").path)) as catalogue:
        accepted = []
        for paper in papers[1:2000:2]:
            row = from_conference(paper)
            assert row
            wanted = found_of(row.stored()).record
            wanted = wanted.with_values({"DOI": ""}, wanted.provenance["title"])
            chosen = judge(wanted, catalogue.search(wanted)).chosen
            accepted += [(paper["title"], chosen.found.record.text("title"))] if chosen else []
    assert accepted == []
