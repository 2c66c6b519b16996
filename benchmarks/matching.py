"""The matching rule, measured: precision, recall and flagged share for each tier.

Papers of a catalogue are looked up as listings write them (truncated authors, capitals,
punctuation, accents, LaTeX, a word changed), and papers that the catalogue does not have are looked
up as well: an accepted match of one of those is wrong, unless it is the same title by the same
people at another venue. A second table judges companions: different papers of the same people
whose titles are alike, each looked up where only the other one is. Needs data that is not part of
the project: the folder is named by ``CITEWORKS_DATA`` (default ``../shared``).
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from benchmarks.measure import layout
from citeworks.model import Record
from citeworks.resolve.catalogue import Catalogue
from citeworks.resolve.catalogue_build import build
from citeworks.resolve.catalogue_rows import found_of, from_conference
from citeworks.resolve.likeness import fold_once, folded_ratio, share_found, title_key
from citeworks.resolve.match import Tier, judge

DATA = Path(os.environ.get("CITEWORKS_DATA", Path(__file__).parents[2] / "shared"))
PAPERS = DATA / "catalogue/conference-papers-164k.jsonl.gz"
LOOK_UPS = 1_000
LEFT_OUT = 3_000
SEED = 2026

Perturb = Callable[[str, random.Random], str]
_EDITS = "novel robust deep efficient unified scalable adaptive neural learning towards".split()


def table() -> str:
    """The table."""
    if not PAPERS.exists():
        return f"Matching: no data at {DATA} (CITEWORKS_DATA names another folder)"
    with tempfile.TemporaryDirectory() as folder:
        kept, left_out = _papers(Path(folder))
        catalogue = Catalogue(build([Path(folder) / "kept.jsonl"], Path(folder) / "c.sqlite").path)
        try:
            return f"{_matching(catalogue, kept, left_out)}\n\n{_companions()}"
        finally:
            catalogue.close()


def _all_papers() -> list[dict[str, str]]:
    with gzip.open(PAPERS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _papers(folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """A sample of the papers in the catalogue, and papers that are left out of it."""
    papers = _all_papers()
    chance = random.Random(SEED)
    left_out = set(chance.sample(range(len(papers)), LEFT_OUT))
    with (folder / "kept.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(p) + "\n" for n, p in enumerate(papers) if n not in left_out)
    kept = [paper for n, paper in enumerate(papers) if n not in left_out and paper.get("author")]
    return chance.sample(kept, LOOK_UPS), [papers[n] for n in sorted(left_out)]


def _accents(title: str, chance: random.Random) -> str:
    return re.sub(
        "[aeiou]", lambda m: unicodedata.normalize("NFC", m[0] + "\u0301"), title, count=2
    )


def _latex(title: str, chance: random.Random) -> str:
    return re.sub(r"\b([A-Z])(\w+)", r"{\1}\2", title).replace("-", "{-}")


def _punctuation(title: str, chance: random.Random) -> str:
    return title.replace(": ", " - ").replace("-", " ").rstrip(".") + "."


def _word(title: str, chance: random.Random) -> str:
    words = title.split()
    words[chance.randrange(len(words))] = chance.choice(_EDITS)
    return " ".join(words)


def _slip(title: str, chance: random.Random) -> str:
    at = chance.randrange(len(title))
    return title[:at] + title[at + 1 :]


def _typo(title: str, chance: random.Random) -> str:
    at = chance.choice([n for n, sign in enumerate(title) if sign.isalpha()] or [0])
    return title[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + title[at + 1 :]


def _exchange(title: str, chance: random.Random) -> str:
    at = chance.randrange(max(1, len(title) - 1))
    return title[:at] + title[at : at + 2][::-1] + title[at + 2 :]


PERTURBATIONS: dict[str, Perturb] = {
    "as it is": lambda title, chance: title,
    "capitals": lambda title, chance: title.upper(),
    "punctuation": _punctuation,
    "accents": _accents,
    "LaTeX": _latex,
    "a letter lost": _slip,
    "a letter wrong": _typo,
    "letters exchanged": _exchange,
    "a word changed": _word,
}


@dataclass(slots=True)
class _Tally:
    tiers: Counter[Tier]
    right: int = 0
    wrong: int = 0
    reprints: int = 0
    seconds: float = 0.0


def _matching(
    catalogue: Catalogue, kept: Sequence[dict[str, str]], left_out: Sequence[dict[str, str]]
) -> str:
    rows = [
        _row(name, len(kept), _look_up(catalogue, kept, perturb), known=True)
        for name, perturb in PERTURBATIONS.items()
    ]
    for name, perturb in (("left out", "as it is"), ("left out, a word changed", "a word changed")):
        tally = _look_up(catalogue, left_out, PERTURBATIONS[perturb])
        rows.append(_row(name, len(left_out), tally, known=False))
    head = ["titles", "look-ups", "right", "wrong", "reprints", "precision", "recall"]
    head += [*(tier.name.lower() for tier in reversed(Tier)), "per CPU s"]
    title = f"Matching against {len(catalogue):,} papers; three authors listed, the year given\n"
    return title + layout(head, rows)


def _companions() -> str:
    papers = _all_papers()
    chance = random.Random(SEED)
    tiers: dict[str, Counter[Tier]] = {name: Counter() for name in ("as it is", *_SLIPS)}
    pairs = sorted(_near_pairs(papers))
    for first, second in pairs:
        for asked, known in ((first, second), (second, first)):
            row = from_conference(papers[known])
            assert row
            found = found_of(row.stored())
            for name, counts in tiers.items():
                wanted = _listed(papers[asked], PERTURBATIONS[name], chance)
                counts[judge(wanted, [found]).tier] += 1
    rows = [
        [name, f"{sum(counts.values()):,}", *(str(counts[tier]) for tier in reversed(Tier))]
        for name, counts in tiers.items()
    ]
    head = ["titles", "look-ups", *(tier.name.lower() for tier in reversed(Tier))]
    title = f"{len(pairs):,} pairs of different papers with an author in common and titles alike\n"
    return title + layout(head, rows)


_SLIPS = ("a letter lost", "a letter wrong", "letters exchanged")
_MOST_PAPERS, _ALIKE = 150, 0.80
"""Of one person at most; titles of companions are at least so much alike."""


def _near_pairs(papers: Sequence[dict[str, str]]) -> set[tuple[int, int]]:
    """Pairs of papers that share an author and most of their titles, but not all."""
    by_author: dict[str, list[int]] = {}
    for number, paper in enumerate(papers):
        for name in {title_key(each) for each in paper["author"].split(" and ") if each}:
            by_author.setdefault(name, []).append(number)
    titles = [fold_once(paper["title"]) for paper in papers]
    return {
        pair
        for numbers in by_author.values()
        if len(numbers) <= _MOST_PAPERS
        for pair in combinations(numbers, 2)
        if _ALIKE <= folded_ratio(titles[pair[0]], titles[pair[1]], _ALIKE) < 1
    }


def _look_up(catalogue: Catalogue, papers: Sequence[dict[str, str]], perturb: Perturb) -> _Tally:
    chance = random.Random(SEED)
    tally = _Tally(Counter())
    wanted = [_listed(paper, perturb, chance) for paper in papers]
    start = time.process_time()
    verdicts = [judge(each, catalogue.search(each)) for each in wanted]
    tally.seconds = time.process_time() - start
    for paper, verdict in zip(papers, verdicts, strict=True):
        tally.tiers[verdict.tier] += 1
        if verdict.chosen:
            found = verdict.chosen.found
            key = paper["key"].removeprefix("DBLP:")
            if any(str(each) == f"dblp:{key}" for each in found.identifiers):
                tally.right += 1
            elif _is_reprint(paper, found.record):
                tally.reprints += 1
            else:
                tally.wrong += 1
    return tally


def _listed(paper: dict[str, str], perturb: Perturb, chance: random.Random) -> Record:
    """The paper as a listing shows it: title, up to three authors, the year."""
    record = _record(paper)
    names = record.names()
    listed = (
        record.with_values({"author": names[:3]}, record.provenance["title"]) if names else record
    )
    variables = {
        name: listed.variables[name] for name in ("author", "issued") if name in listed.variables
    }
    title = perturb(re.sub(r"</?span[^>]*>", "", record.text("title")), chance)
    custom = {"et-al": ["author"]} if len(names) > 3 else {}
    return Record("", "article", {**variables, "title": title}, {}, custom)


def _record(paper: dict[str, str]) -> Record:
    row = from_conference(paper)
    assert row
    return found_of(row.stored()).record


def _is_reprint(paper: dict[str, str], found: Record) -> bool:
    """The same title by the same people at another venue: no other paper can be meant."""
    record = _record(paper)
    same = title_key(record.text("title")) == title_key(found.text("title"))
    return same and share_found(record.names()[:3], found.names()) >= 0.67


def _row(name: str, count: int, tally: _Tally, *, known: bool) -> list[str]:
    accepted = tally.right + tally.wrong + tally.reprints
    good = accepted - tally.wrong
    return [
        name,
        f"{count:,}",
        f"{tally.right:,}",
        str(tally.wrong),
        str(tally.reprints),
        f"{good / accepted:.2%}" if accepted else "-",
        f"{tally.right / count:.1%}" if known else "-",
        *(f"{tally.tiers[tier] / count:.1%}" for tier in reversed(Tier)),
        f"{count / tally.seconds:,.0f}",
    ]
