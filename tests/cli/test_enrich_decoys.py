"""Papers among works that look like them: services mix them up, and nothing wrong is written."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from servers import Corpus, MetadataServer
from servers.corpus import Item
from tests_support import AS_OF, Cite

_WORDS = (
    "Tidal Currents in Narrow Estuaries|Ancient Pollen from Mountain Lakes|Slow Earthquakes under "
    "Volcanic Islands|Harmonic Structure of Shepherd Songs|Thermal Fatigue of Copper Bellows|"
    "Grammar Change in Harbour Dialects|Root Growth along Buried Pipes|Magnetic Memory of Brick "
    "Kilns|Rumour Spreading on Rural Markets|Wing Vibration in Gliding Lizards|Salt Diffusion "
    "through Cathedral Walls|Night Vision of Deep Water Squid|Traffic Waves on Circular Tracks|"
    "Fracture Patterns of Frozen Puddles"
).split("|")
_FORMS = ("On the Measurement of {}", "Learning to Predict {}", "A Statistical Account of {}")
TITLES = [form.format(words) for form in _FORMS for words in _WORDS]
_GIVEN = "Ada Bruno Carla Dmitri Elena Farid Greta Hugo Ines Jonas Katya Liam".split()
_FAMILY = (
    "Abbot Brandt Castell Drury Egger Fonseca Garrick Hollis Ilves Jansen Kowal Lorenz Mercer "
    "Novak Ortega Pavlov Quinn Rossi Sandoval Tamm"
).split()
STRANGERS = [{"family": "Zweig", "given": "Yara"}, {"family": "Zander", "given": "Uwe"}]


@dataclass
class Paper:
    """A preprint, what became of it, and what else looks like it."""

    number: int
    versions: list[Item] = field(default_factory=list)
    others: list[Item] = field(default_factory=list)

    @property
    def title(self) -> str:
        return TITLES[self.number]

    @property
    def arxiv(self) -> str:
        return f"2103.{10_000 + self.number}"

    @property
    def authors(self) -> list[dict[str, str]]:
        return [
            {
                "family": _FAMILY[(self.number * 7 + n * 3) % len(_FAMILY)],
                "given": _GIVEN[(self.number + n * 5) % len(_GIVEN)],
            }
            for n in range(2 + self.number % 5)
        ]

    @property
    def day(self) -> datetime.date:
        return datetime.date(2021, 3, 1) + datetime.timedelta(self.number % 28)

    def preprint(self, title: str = "", number: str = "", days: int = 0, **more: Any) -> Item:
        day = self.day + datetime.timedelta(days)
        arxiv = number or self.arxiv
        return {
            "id": f"arXiv:{arxiv}", "type": "article", "title": title or self.title,
            "author": self.authors, "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "custom": {"arxiv": arxiv, "arxiv-class": "cs.LG"}, **more,
        }  # fmt: skip

    def printed(self, venue: str, doi: str = "", **more: Any) -> Item:
        custom = more.pop("custom", {})
        return {
            "id": doi or f"{venue} {self.number}", "type": "article-journal", "title": self.title,
            "author": self.authors, "issued": {"date-parts": [[2022]]}, "container-title": venue,
            "page": "1-9", "custom": custom, **({"DOI": doi} if doi else {}), **more,
        }  # fmt: skip

    def right(self, **more: Any) -> None:
        """Its published version."""
        custom = {"arxiv": self.arxiv, **more.pop("custom", {})}
        doi = more.pop("doi", f"10.7777/right.{self.number}")
        venue = more.pop("venue", "Annals of Right Things")
        self.versions.append(self.printed(venue, doi, custom=custom, **more))

    def decoy(self, **more: Any) -> None:
        """Another work."""
        doi = more.pop("doi", f"10.5555/decoy.{self.number}.{len(self.others)}")
        venue = more.pop("venue", "Journal of Decoys")
        self.others.append(self.printed(venue, doi, page="666-667", **more))


def merged(paper: Paper, *services: str) -> Item:
    """What is told to services that take a work for this paper's published version."""
    return {"told": {name: {"custom": {"arxiv": paper.arxiv}} for name in services}}


def asserted(paper: Paper, *services: str) -> Item:
    """What is told to services whose authors gave the wrong DOI."""
    custom = {"arxiv": paper.arxiv, "asserted": True}
    return {"told": {name: {"custom": custom} for name in services}}


def relation(paper: Paper) -> Item:
    return {"has-preprint": f"10.48550/arXiv.{paper.arxiv}"}


def renamed(paper: Paper, word: str = "Glacier") -> str:
    *words, _ = paper.title.split()
    return " ".join([*words, word])


Kind = Callable[[Paper], None]
OTHERS: dict[str, Kind] = {
    "same title, others": lambda p: p.decoy(author=STRANGERS),
    "homonyms": lambda p: p.decoy(author=[{**each, "given": "Xaver"} for each in p.authors]),
    "sequel": lambda p: p.decoy(title=f"{p.title} 2.0"),
    "second part, said by the authors": lambda p: p.decoy(
        title=f"{p.title}. II", custom=asserted(p, "arxiv", "datacite")
    ),
    "notice under the same title": lambda p: p.decoy(custom={"update-to": "10.7777/original"}),
    "notice with a relation": lambda p: p.decoy(
        custom={"update-to": "10.7777/original", **relation(p)}
    ),
    "erratum with a relation": lambda p: p.decoy(title=f"Erratum: {p.title}", custom=relation(p)),
    "comment": lambda p: p.decoy(title=f'Comment on "{p.title}"', author=STRANGERS),
    "review": lambda p: p.decoy(type="review"),
    "thesis": lambda p: p.decoy(type="thesis"),
    "dataset": lambda p: p.decoy(type="dataset", custom=asserted(p, "arxiv")),
    "book": lambda p: p.decoy(type="book"),
    "slides": lambda p: p.decoy(type="document"),
    "posted elsewhere": lambda p: p.decoy(type="article", custom=asserted(p, "arxiv")),
    "workshop": lambda p: p.decoy(venue="Decoy Workshop on Things", type="paper-conference"),
    "companion volume": lambda p: p.decoy(venue="Companion of the Decoys", type="paper-conference"),
    "abstracts": lambda p: p.decoy(venue="Decoy Society: Abstracts of the Meeting"),
    "rejected": lambda p: p.decoy(
        doi="", type="manuscript",
        custom={"openreview": f"Rejected{p.number}", "venue": "Submitted to ICLR 2022"},
    ),
    "cut list": lambda p: p.decoy(author=[p.authors[0], {"family": "al.", "given": "et"}]),
    "another word": lambda p: p.decoy(title=renamed(p)),
    "another word, merged by one index": lambda p: p.decoy(
        title=renamed(p), custom=merged(p, "semanticscholar")
    ),
    "another word, merged by the other": lambda p: p.decoy(
        title=renamed(p), custom=merged(p, "openalex")
    ),
    "another work, merged": lambda p: p.decoy(
        title="Arctic Terns in Autumn", author=STRANGERS, custom=merged(p, "semanticscholar")
    ),
    "another work, said by the authors": lambda p: p.decoy(
        title="Arctic Terns in Winter", author=STRANGERS, custom=asserted(p, "arxiv", "datacite")
    ),
    "another work with a relation": lambda p: p.decoy(
        title="Arctic Terns in Spring", author=STRANGERS, custom=relation(p)
    ),
    "the beginning of the title": lambda p: p.decoy(title=" ".join(p.title.split()[:-2])),
    "a longer title": lambda p: p.decoy(title=f"{p.title} for Large Decoys"),
    "another decade": lambda p: p.decoy(issued={"date-parts": [[2009]]}),
    "on arXiv before": lambda p: p.others.append(
        p.preprint(number=f"2008.{20_000 + p.number}", days=-200)
    ),
    "companion of the day": lambda p: p.others.append(
        p.preprint(renamed(p), number=f"2103.{20_000 + p.number}")
    ),
}  # fmt: skip
RIGHT: dict[str, Kind] = {
    "none": lambda p: None,
    "at Crossref, unlinked": lambda p: p.right(),
    "linked by its authors": lambda p: p.right(custom={"asserted": True}),
    "linked by its publisher": lambda p: p.right(custom=relation(p)),
    "at DBLP, without a DOI": lambda p: p.right(
        doi="", type="paper-conference", venue="Right Conference",
        custom={"dblp": f"conf/right/P{p.number}"},
    ),
    "linked, in a deposit that names the first author alone": lambda p: p.right(
        author=p.authors[:1], custom={"asserted": True}
    ),
    "linked, under another title": lambda p: p.right(
        title=renamed(p, "Observed"), custom={"asserted": True}
    ),
}  # fmt: skip
"""What became of a paper."""


@pytest.fixture
def papers() -> list[Paper]:
    """Every kind of decoy, each beside several kinds of published versions."""
    found = []
    for number in range(len(TITLES)):
        paper = Paper(number)
        list(RIGHT.values())[number % len(RIGHT)](paper)
        for step in (0, 11):
            list(OTHERS.values())[(number + step) % len(OTHERS)](paper)
        found.append(paper)
    return found


@pytest.fixture
def server(papers: list[Paper]) -> Iterator[MetadataServer]:
    items = [item for p in papers for item in (p.preprint(), *p.versions, *p.others)]
    with MetadataServer(Corpus(items)) as running:
        yield running


@pytest.fixture
def library(cite: Cite, folder: Path, papers: list[Paper]) -> Path:
    lines = []
    for paper in papers:
        names = [f"{each['given']} {each['family']}" for each in paper.authors]
        byline = ", ".join(names[:3]) + (" et al." if len(names) > 3 else "")
        lines += [f"LG{paper.day:%b} {paper.day.day}, 2021", f"{paper.title}{byline}", "It is so."]
    (folder / "listing.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    assert cite("add", "listing.txt", *AS_OF).returncode == 0
    return folder / "bib" / "library.json"


def records(library: Path) -> dict[str, Item]:
    """The records under the titles of the listing."""
    return {
        next(title for title in TITLES if title in item["custom"]["listing"]["raw"]): item
        for item in json.loads(library.read_text(encoding="utf-8"))
    }


def assert_right(paper: Paper, item: Item) -> bool:
    """Nothing of the record is another work's; True if it is the published version's."""
    values = {name: value for name, value in item.items() if name not in ("custom", "id")}
    for trace in ("10.5555/", "666-667", "Decoy", "Glacier", "Terns", "Zweig", "Xaver"):
        assert trace not in json.dumps(values), (paper, item)
    if "arxiv" in item["custom"]:
        assert item["custom"]["arxiv"] == paper.arxiv
        assert [each["family"] for each in item["author"]] == [e["family"] for e in paper.authors]
    if "container-title" not in item:
        assert item.get("DOI", "").removeprefix("10.48550/arxiv.") in ("", paper.arxiv)
        return False
    (version,) = paper.versions
    assert item.get("DOI", "") in (version.get("DOI", ""), "")
    assert item["container-title"] == version["container-title"]
    assert item["issued"]["date-parts"][0][0] == 2022
    return True


def test_every_paper_is_found_among_its_doubles(
    cite: Cite, library: Path, server: MetadataServer, papers: list[Paper]
) -> None:
    done = cite("enrich", "--write", "--published", env=server.environment)
    assert done.returncode == 0, done.stderr
    found = records(library)
    assert {paper.title for paper in papers} == found.keys()
    taken = {paper.number for paper in papers if assert_right(paper, found[paper.title])}
    assert all("arxiv" in item["custom"] for item in found.values())
    assert taken == {paper.number for paper in papers if paper.versions}


@pytest.mark.slow
@pytest.mark.parametrize("down", ["arxiv datacite", "crossref", "crossref openalex", "dblp"])
def test_nothing_wrong_is_written_while_services_are_down(
    cite: Cite, library: Path, server: MetadataServer, papers: list[Paper], down: str
) -> None:
    for service in down.split():
        server.fault(service, "down")
    assert cite("enrich", "--write", "--published", env=server.environment).returncode == 3
    found = records(library)
    for paper in papers:
        assert_right(paper, found[paper.title])
