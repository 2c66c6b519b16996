"""The papers that all services serve: the sample's, decoys, and as many others as are wanted.

A paper is a CSL item. A preprint's `custom` has ``arxiv``; a published version's has ``arxiv`` too
when it has a preprint (the truth, which no service tells unless `custom.asserted` says so), and
what services know it by: ``dblp acl openreview``. ``absent`` names the services that do not have a
paper, ``told`` holds what one service has of it instead (``{"crossref": {"author": [...]}}``): so
that each of them can be incomplete and wrong in its own way.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

Item = dict[str, Any]
ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "bib" / "catalogue.jsonl"
_WORD = re.compile(r"[a-z0-9]+")


class Corpus:
    """Papers by every identifier, and by the words of their titles."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = list(items)
        self.preprints = {e["custom"]["arxiv"]: e for e in self.items if is_preprint(e)}
        self.published = [each for each in self.items if not is_preprint(each)]
        self._views: dict[str, Corpus] = {}
        self.by_doi = {e["DOI"].lower(): e for e in self.published if e.get("DOI")}

    def seen_by(self, service: str) -> Corpus:
        """The papers as one service has them."""
        if not any({"absent", "told"} & each["custom"].keys() for each in self.items):
            return self
        if service not in self._views:
            here = [e for e in self.items if service not in e["custom"].get("absent", ())]
            self._views[service] = Corpus(_told(each, service) for each in here)
        return self._views[service]

    def versions(self, arxiv: str) -> list[Item]:
        """The published versions of a preprint."""
        return self._versions.get(arxiv, [])

    def known_by(self, name: str, value: str) -> Item | None:
        """The paper that a service knows under an identifier (``dblp acl openreview``)."""
        return self._known.get((name, value))

    def search(self, text: str, *, preprints: bool = True, published: bool = True) -> list[Item]:
        """Papers by the share of their titles' and authors' words, the best first."""
        wanted = set(fold(text))
        hits: Counter[int] = Counter()
        for word in wanted:
            hits.update(self._words.get(word, ()))
        scored = [
            (-count / (len(wanted) + len(set(fold(self.items[i]["title"])))), i)
            for i, count in hits.items()
            if count >= min(2, len(wanted))
            and (preprints if is_preprint(self.items[i]) else published)
        ]
        return [self.items[index] for _, index in sorted(scored)]

    @cached_property
    def _versions(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = defaultdict(list)
        for each in self.published:
            if arxiv := each["custom"].get("arxiv"):
                found[arxiv].append(each)
        return found

    @cached_property
    def _known(self) -> dict[tuple[str, str], Item]:
        names = ("dblp", "acl", "openreview")
        return {
            (name, each["custom"][name]): each
            for each in self.items
            for name in names
            if each["custom"].get(name)
        }

    @cached_property
    def _words(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for index, each in enumerate(self.items):
            for word in fold(f"{each['title']} {' '.join(families(each))}"):
                found[word].add(index)
        return found


def _told(item: Item, service: str) -> Item:
    """A paper with what one service has of it instead; its `custom` is changed name by name."""
    told = item["custom"].get("told", {}).get(service, {})
    custom = {**item["custom"], "absent": (), "told": {}, **told.get("custom", {})}
    return {**item, **told, "custom": {k: v for k, v in custom.items() if v}}


def is_preprint(item: Item) -> bool:
    """True for a paper on arXiv."""
    return str(item["id"]).startswith("arXiv:")


def fold(text: str) -> list[str]:
    """The words of a text as an index keeps them."""
    text = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(each for each in text if not unicodedata.combining(each)))


def families(item: Item) -> list[str]:
    """The families of the authors."""
    return [each.get("family") or each.get("literal", "") for each in item.get("author", [])]


def full_names(item: Item) -> list[str]:
    """The authors in reading order."""
    return [
        each.get("literal") or f"{each.get('given', '')} {each['family']}".strip()
        for each in item.get("author", [])
    ]


def year(item: Item) -> int:
    """The year of a paper."""
    return int(item["issued"]["date-parts"][0][0])


def iso(item: Item) -> str:
    """The date of a paper as far as it is known."""
    first, *rest = item["issued"]["date-parts"][0]
    return "-".join([str(first), *(f"{part:02d}" for part in rest)])


def abstract(item: Item) -> str:
    """Its own abstract, or one that says nothing."""
    return item.get("abstract") or f"We study what the title says: {item['title']}."


def digest(item: Item, length: int = 40) -> str:
    """A name for a paper such as services make up."""
    return sha256(str(item["id"]).encode()).hexdigest()[:length]


def sample_items() -> list[Item]:
    """The sample's papers and their published versions, from the catalogue that we ship.

    One of them has its DOI on arXiv and DataCite, as in reality; authors that the catalogue leaves
    out are those of the preprint.
    """
    items = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    preprints = {each["custom"]["arxiv"]: each for each in items if is_preprint(each)}
    for each in items:
        each.setdefault("author", preprints[each["custom"]["arxiv"]]["author"])
        each["custom"].pop("et-al", None)
        if each.get("DOI") == "10.1145/3630106.3658979":
            each["custom"]["asserted"] = True
    return items


def paper(
    id_: str, title: str, authors: str, issued: tuple[int, ...], type_: str = "article", **more: Any
) -> Item:
    """A paper in short: authors in reading order, parted by commas."""
    names = [name.strip().rpartition(" ") for name in authors.split(",")]
    custom = more.pop("custom", {})
    if id_.startswith("arXiv:"):
        custom = {"arxiv": id_.removeprefix("arXiv:"), "arxiv-class": "cs.LG", **custom}
    return {
        "id": id_,
        "type": type_,
        "title": title,
        "author": [{"family": family, "given": given} for given, _, family in names],
        "issued": {"date-parts": [list(issued)]},
        "custom": custom,
        **more,
    }


def decoys() -> list[Item]:
    """Papers that are not the sample's, and look like them."""
    rejected = "Submitted to ICLR {}"
    return [
        # The same titles by other people.
        paper("arXiv:2509.11111", "How AI Impacts Skill Formation", "Maria Lindqvist, Jonas Weber",
              (2025, 9, 12)),
        paper("arXiv:2404.22222", "Task Ambiguity in Humans and Language Models", "Olga Petrova",
              (2024, 4, 2)),
        paper("10.5555/decoy.1", "Eliciting Human Preferences with Language Models",
              "Karl Anders, Ines Duarte", (2024,), "article-journal", DOI="10.5555/decoy.1",
              **{"container-title": "Journal of Decoys"}),
        # Sequels and near titles.
        paper("arXiv:2211.33333", "DABS 2.0: Improved Datasets and Algorithms for Universal "
              "Self-Supervision", "Alex Tamkin, Gaurab Banerjee, Mohamed Owda", (2022, 11, 28)),
        paper("10.5555/decoy.2", "DABS 2.0: Improved Datasets and Algorithms for Universal "
              "Self-Supervision", "Alex Tamkin, Gaurab Banerjee, Mohamed Owda", (2022,),
              "paper-conference", DOI="10.5555/decoy.2",
              **{"container-title": "Advances in Neural Information Processing Systems"}),
        paper("10.5555/decoy.3", "A Proposal for a Definition of General Purpose Artificial "
              "Intelligence Systems", "Carlos I. Gutierrez, Anthony Aguirre, Risto Uuk", (2023,),
              "article-journal", DOI="10.5555/decoy.3",
              **{"container-title": "Digital Society"}),
        paper("arXiv:2305.44444", "BenchMD: A Benchmark for Unified Learning on Radiology Images",
              "Kathryn Lee, Simon Wu", (2023, 5, 20)),
        # Papers about a paper, and a paper that was posted before under another number.
        *(
            paper(f"10.5555/about.{number}", f"{prefix} Eliciting Human Preferences with Language "
                  "Models", "Belinda Z. Li, Alex Tamkin, Noah Goodman, Jacob Andreas", (2024,),
                  "article-journal", DOI=f"10.5555/about.{number}",
                  **{"container-title": "Letters on Decoys"})
            for number, prefix in enumerate(("Erratum:", "Toward", "Review of:", "Poster:"))
        ),
        paper("arXiv:2208.66666", "Eliciting Human Preferences with Language Models",
              "Belinda Z. Li, Alex Tamkin, Noah Goodman, Jacob Andreas", (2022, 8, 30)),
        # The right title, the authors cut off.
        paper("10.5555/decoy.4", "Studying Large Language Model Generalization with Influence "
              "Functions", "Roger Grosse, et al.", (2023,), "article-journal",
              DOI="10.5555/decoy.4", **{"container-title": "Reprints"}),
        # Twins that were never accepted.
        paper("openreview:LfhG5znxzR", "Codebook Features: Sparse and Discrete Interpretability "
              "for Neural Networks", "Alex Tamkin, Mohammad Taufeeque, Noah D. Goodman", (2023,),
              "manuscript", custom={"openreview": "LfhG5znxzR", "venue": rejected.format(2024)}),
        paper("openreview:emwOOlciu9v", "Feature Dropout: Revisiting the Role of Augmentations in "
              "Contrastive Learning", "Alex Tamkin, Margalit Glasgow, Xiluo He, Noah Goodman",
              (2022,), "manuscript",
              custom={"openreview": "emwOOlciu9v", "venue": rejected.format(2023)}),
        paper("openreview:ezbMFmQY7L", "C5T5: Controllable Generation of Organic Molecules with "
              "Transformers", "Daniel Rothchild, Alex Tamkin, Julie Yu, Ujval Misra, Joseph "
              "Gonzalez", (2021,), "manuscript",
              custom={"openreview": "ezbMFmQY7L", "venue": "ICLR 2022 Submitted"}),
        # Papers that were renamed, withdrawn, and numbered in the old way.
        paper("arXiv:2307.77777", "Lanterns on a River: A Measured Account of Drifting Words",
              "Ira Ashdown, Lea Belmonte, Min Cho", (2023, 7, 14),
              custom={"first-title": "Do Words Drift? Counting Lanterns with Borrowed Oars",
                      "updated": "2024-02-01T00:00:00Z"}),
        paper("arXiv:1905.88888", "A Proof That Needs No Axioms", "Nora Vale", (2019, 5, 21),
              custom={"comments": ["This paper has been withdrawn by the author due to a crucial "
                                   "error in Lemma 2"], "updated": "2020-03-04T00:00:00Z"}),
        paper("arXiv:math/0309136", "Knots in Hollow Tori", "Petra Simic", (2003, 9, 8),
              custom={"arxiv-class": "math.GT"}),
        # What breaks readers.
        paper("arXiv:1808.00001", "0", "Peter H. N. de With, Fons van der Sommen", (2018, 8, 1)),
        paper("10.5555/retracted.1", "A Study That Did Not Hold", "Hans Castorp, Joachim Ziemßen",
              (2019, 2), "article-journal", DOI="10.5555/retracted.1",
              custom={"updated-by": [{"type": "retraction", "DOI": "10.5555/notice.1",
                                      "updated": {"date-parts": [[2021, 3, 4]]}}]},
              **{"container-title": "Journal of Decoys"}),
        paper("10.5555/caps.1", "ON THE SPECTRA OF LARGE RANDOM MATRICES &amp; GRAPHS",
              "Eva Novak", (2012,), "article-journal", DOI="10.5555/caps.1",
              custom={"null-dates": True}, **{"container-title": "Annals of Decoys"}),
        paper("10.5555/hasx.1", "Linked by Their Publisher to a Preprint", "Ada Lovelace",
              (2022, 7), "article-journal", DOI="10.5555/hasx.1",
              custom={"arxiv": "2201.55555", "has-preprint": "10.48550/arXiv.2201.55555"},
              **{"container-title": "Journal of Relations"}),
        paper("arXiv:2201.55555", "Linked by Their Publisher to a Preprint", "Ada Lovelace",
              (2022, 1, 20)),
    ]  # fmt: skip


def shared_items(path: Path, most: int = 3000) -> list[Item]:
    """Papers from a file of conference papers (JSON lines, gzip): every third with a preprint."""
    return [
        item for index, row in enumerate(islice(_rows(path), most)) for item in _pair(index, row)
    ]


def _rows(path: Path) -> Iterator[Item]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 41 == 0:  # spread over all venues and years
                yield json.loads(line)


def _pair(index: int, row: Item) -> Iterator[Item]:
    title = re.sub(r"[{}]|\\[A-Za-z]+", "", row["title"])
    names = [" ".join(name.split()).rpartition(" ") for name in row["author"].split(" and ")]
    authors = [{"family": family, "given": given} for given, _, family in names if family]
    when = int(row["year"] or 2000)
    custom: Item = {"dblp": row["key"].removeprefix("DBLP:")}
    item: Item = {
        "id": row["key"], "type": "paper-conference", "title": title, "author": authors,
        "issued": {"date-parts": [[when]]}, "custom": custom,
        "container-title": f"Proceedings of {re.sub(r'[^a-z].*', '', row['src']).upper()} {when}",
    }  # fmt: skip
    if row["doi"]:
        item["DOI"] = row["doi"]
    if index % 3 == 0 and authors:
        arxiv = f"{when % 100:02d}{index % 12 + 1:02d}.{90_000 + index // 3:05d}"
        custom["arxiv"] = arxiv
        yield paper_like(item, f"arXiv:{arxiv}", when, index)
    yield item


def paper_like(item: Item, id_: str, when: int, index: int) -> Item:
    """The preprint of a published paper."""
    return {
        "id": id_, "type": "article", "title": item["title"], "author": item["author"],
        "issued": {"date-parts": [[when, index % 12 + 1, index % 28 + 1]]},
        "custom": {"arxiv": id_.removeprefix("arXiv:"), "arxiv-class": "cs.LG"},
    }  # fmt: skip
