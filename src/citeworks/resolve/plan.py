"""Which sources are asked for what, and in which order: read `STEPS` from top to bottom.

A table, with the reason of every line. Identifiers go before searches, batches before single calls,
what is on this machine before the network; no source is needed for the others, and whatever one of
them answers, the same things are asked of the rest. Refuses to know when a question is worth asking
(``case``), how a source is asked (the clients), when a find is the paper (``match``) and what is
written of it (``merge``).
"""

from __future__ import annotations

from dataclasses import dataclass

from citeworks.resolve.interface import PREPRINT, PUBLISHED

LOOK_UP, SEARCH, FIRST_VERSION = "look up", "search", "first version"
CATALOGUE = "catalogue"
"""The source on this machine."""


@dataclass(frozen=True, slots=True)
class Step:
    """One source asked for one thing.

    `goal` is the version that a search is to find. The searches of a goal go group by group. A
    look-up `after` others is for identifiers that none of them knew, with `if_down` only where one
    of them failed. With `once` one identifier of a work is enough, as the source has all of them in
    one record.
    """

    source: str
    ask: str
    why: str
    goal: str = ""
    group: int = 0
    once: bool = False
    after: tuple[str, ...] = ()
    if_down: bool = False


STEPS = (
    Step(CATALOGUE, LOOK_UP, "on this machine, for nothing"),
    Step("arxiv", LOOK_UP, "the preprint itself: all authors, abstract, often the journal's DOI"),
    Step("datacite", LOOK_UP, "10.48550 DOIs, and the published DOI that the authors supplied"),
    Step("crossref", LOOK_UP, "the record of a published DOI; relations; retractions"),
    Step("acl", LOOK_UP, "papers whose DOI or address is of the ACL Anthology"),
    Step("pubmed", LOOK_UP, "papers with a PubMed number"),
    Step("openreview", LOOK_UP, "papers with a forum, and whether they were accepted"),
    Step("dblp", LOOK_UP, "papers with a DBLP key"),
    Step("semanticscholar", LOOK_UP, "the bridge between arXiv, DOI, DBLP and ACL", once=True),
    Step("openalex", LOOK_UP, "a second bridge", once=True),
    Step(
        "arxiv-oai",
        LOOK_UP,
        "arXiv's other door, one paper at a time, while its query API is "
        "down and DataCite does not know the paper",
        after=("arxiv", "datacite"),
        if_down=True,
    ),
    Step(
        "doi",
        LOOK_UP,
        "DOIs of every other agency, or while Crossref is down",
        after=("crossref", "datacite"),
    ),
    Step("unpaywall", LOOK_UP, "where a published DOI can be read; optional", once=True),
    Step("arxiv", FIRST_VERSION, "what a paper was called at first, where its title differs"),
    Step(CATALOGUE, SEARCH, "a listed paper by its title, on this machine", PREPRINT, 0),
    Step("arxiv", SEARCH, "a listed paper by its title, where it was listed", PREPRINT, 1),
    Step("semanticscholar", SEARCH, "its title match knows older titles", PREPRINT, 2),
    Step("openalex", SEARCH, "the widest index, the least exact", PREPRINT, 3),
    Step(CATALOGUE, SEARCH, "the published version, on this machine", PUBLISHED, 0),
    Step("dblp", SEARCH, "twins of arXiv papers at venues that give no DOI", PUBLISHED, 1),
    Step("openreview", SEARCH, "what was accepted at venues that give no DOI", PUBLISHED, 1),
    Step("crossref", SEARCH, "a bibliographic search, believed last", PUBLISHED, 1),
    Step("semanticscholar", SEARCH, "what no registrar and no DBLP knows", PUBLISHED, 2),
    Step("openalex", SEARCH, "likewise, with more errors", PUBLISHED, 3),
)
"""The plan. Identifiers that are known are looked up before anything is searched for, and what an
accepted find names is looked up in turn. Group 1 of the published version is asked even where links
have led to it already, except sources that are among the finds: what is found must not depend on
who was down."""

ALWAYS = 1
"""The last group of searches for a preprint's published version that is asked in any case."""

LINKED_BY = tuple(
    "crossref arxiv arxiv-oai datacite acl dblp openreview semanticscholar openalex catalogue"
    .split()
)  # fmt: skip
"""Whose link to a published version counts first, where two lead to different ones."""

NAMES = tuple(dict.fromkeys(step.source for step in STEPS))
"""The sources of the plan."""
