"""Verification, measured: what is flagged of references that are right, and of fabricated ones.

Two tables against the papers of a catalogue, offline. The first is of labelled references. The
second is of references made here from papers: right ones, written as people write them (names,
venues, years and identifiers in all their legitimate forms; papers that the catalogue lacks among
them), and fabricated ones of many kinds. Both need data that is not part of the project: the folder
is named by ``CITEWORKS_DATA`` (default ``../shared``).
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.matching import DATA, PAPERS, SEED
from benchmarks.measure import layout
from benchmarks.references import FABRICATED, RIGHT, TODAY, Make, Papers
from citeworks.bibtex import read_records
from citeworks.model import Record
from citeworks.normalize.rules import normalize
from citeworks.resolve.catalogue import Catalogue
from citeworks.resolve.catalogue_build import build
from citeworks.resolve.catalogue_rows import found_of, from_conference
from citeworks.resolve.inquiry import Inquiry
from citeworks.workflows.verify import MISMATCH, NOT_FOUND, VERIFIED, Check, verify

REFERENCES = DATA / "verify/dev_public.jsonl"
EACH = 400
"""References of one kind."""
LEFT_OUT = 20
"""Every so many-th paper is not in the catalogue."""


def table() -> str:
    """Both tables."""
    if not PAPERS.exists():
        return f"Verifying: no data at {DATA} (CITEWORKS_DATA names another folder)"
    with tempfile.TemporaryDirectory() as folder:
        kept, left_out = _papers(Path(folder) / "kept.jsonl")
        made = _made(Path(folder) / "kept.jsonl", kept, left_out)
        return "\n\n".join([_labelled(Path(folder)), made])


def _papers(target: Path) -> tuple[list[Record], list[Record]]:
    """Samples of the papers that the catalogue has, and of those that are left out of it."""
    with gzip.open(PAPERS, "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    with target.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(p) + "\n" for n, p in enumerate(papers) if n % LEFT_OUT)
    chance = random.Random(SEED)
    here = [paper for number, paper in enumerate(papers) if number % LEFT_OUT and _is_whole(paper)]
    away = [paper for paper in papers[::LEFT_OUT] if _is_whole(paper)]
    return (
        [_record(paper) for paper in chance.sample(here, 20 * EACH)],
        [_record(paper) for paper in chance.sample(away, 5 * EACH)],
    )


def _is_whole(paper: Mapping[str, str]) -> bool:
    return bool(paper.get("author") and paper.get("year")) and len(paper["title"].split()) > 3


def _record(paper: Mapping[str, str]) -> Record:
    row = from_conference(paper)
    assert row
    return found_of(row.stored()).record


def _labelled(folder: Path) -> str:
    if not REFERENCES.exists():
        return "Verifying: no labelled references"
    labels: list[tuple[str, str]] = []
    records: list[Record] = []
    for label, kind, record in _references():
        labels.append((label, kind))
        records.append(record)
    checks = _checks(PAPERS, folder / "whole.sqlite", records)
    groups = [{label, kind or label} for label, kind in labels]
    return _table("Labelled references", groups, checks, {"VALID"})


def _references() -> Iterator[tuple[str, str, Record]]:
    with REFERENCES.open(encoding="utf-8") as lines:
        entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    for entry in entries:
        if record := _read(entry["fields"], entry["bibtex_type"]):
            yield entry["label"], entry.get("hallucination_type") or "", record


def _read(fields: Mapping[str, str], kind: str = "inproceedings") -> Record | None:
    body = ",\n".join(f"{name} = {{{value}}}" for name, value in fields.items())
    found = read_records(f"@{kind}{{x,\n{body}\n}}\n").records
    return normalize(found[0]) if found else None


def _made(kept: Path, papers: Papers, left_out: Papers) -> str:
    groups: list[set[str]] = []
    records: list[Record] = []
    for total, kinds in (("RIGHT", RIGHT), ("FABRICATED", FABRICATED)):
        for kind, make in kinds.items():
            of = left_out if kind.startswith("not in it") else papers
            made = _references_of(make, of, random.Random(f"{SEED} {kind}"))
            groups += [{total, kind}] * len(made)
            records += made
    checks = _checks(kept, kept.with_suffix(".sqlite"), records)
    return _table("References made from papers", groups, checks, {"RIGHT"})


def _references_of(make: Make, papers: Papers, chance: random.Random) -> list[Record]:
    made: list[Record] = []
    for paper in chance.sample(papers, len(papers)):
        fields = make(paper, chance, papers)
        if fields and (record := _read(fields)):
            made.append(record)
        if len(made) == EACH:
            break
    return made


def _checks(dump: Path, target: Path, records: Sequence[Record]) -> list[Check]:
    catalogue = Catalogue(build([dump], target).path)
    try:
        return verify(records, Inquiry({"catalogue": catalogue}), TODAY, offline=True)
    finally:
        catalogue.close()


def _table(title: str, groups: Sequence[set[str]], checks: Sequence[Check], right: set[str]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    totals: Counter[str] = Counter()
    causes: dict[str, Counter[str]] = {}
    for names, check in zip(groups, checks, strict=True):
        for group in names:
            totals[group] += 1
            counts[group, check.verdict] += 1
            causes.setdefault(group, Counter()).update(one.variable for one in check.mismatches)
    wrongly = sum(
        check.verdict == MISMATCH and bool(names & right)
        for names, check in zip(groups, checks, strict=True)
    )
    flagged = sum(check.verdict == MISMATCH for check in checks)
    precision = 1 - wrongly / flagged if flagged else 0.0
    rows = [
        [
            group,
            f"{total:,}",
            f"{counts[group, MISMATCH]:,}",
            f"{counts[group, MISMATCH] / total:.2%}",
            f"{counts[group, VERIFIED]:,}",
            f"{counts[group, NOT_FOUND]:,}",
            " ".join(f"{name}:{count}" for name, count in causes[group].most_common(4)),
        ]
        for group, total in sorted(totals.items(), key=lambda each: (not each[0].isupper(), each))
    ]
    head = ["kind", "references", "flagged", "share", "verified", "not found", "for"]
    return f"{title}: {flagged:,} flagged, {precision:.2%} of them rightly\n" + layout(head, rows)
