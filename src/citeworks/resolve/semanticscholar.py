"""Semantic Scholar: papers in batches, a title match, and the best single bridge between ids.

https://api.semanticscholar.org/api-docs/graph. One paper stands for all versions: its venue may be
the published one's while its date is the preprint's, so neither is told as a fact about a version
that has both. Given names are often initials.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier, Record
from citeworks.model.identifier import parse_pmid
from citeworks.resolve import words
from citeworks.resolve.asking import Texts, from_batches, json_text
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Answer, Found
from citeworks.resolve.payload import (
    ARXIV_PREFIX,
    abstract_text,
    arxiv,
    complete_names,
    date_from_text,
    doi,
    items,
    link,
    make_found,
    mapping,
    name_from_text,
    plain,
    rich_text,
)

SOURCE = "semanticscholar"
BATCH = 500
FIELDS = (
    "title,abstract,venue,publicationVenue,year,publicationDate,publicationTypes,journal,"
    "externalIds,authors"
)
_PREFIXES = {"doi": "DOI", "arxiv": "ARXIV", "pmid": "PMID", "acl": "ACL", "s2": "CorpusId"}
_TYPES = {
    "JournalArticle": "article-journal",
    "Conference": "paper-conference",
    "Book": "book",
    "BookSection": "chapter",
    "Dataset": "dataset",
    "Review": "article-journal",
}
_REPOSITORIES = frozenset({"arxiv", "arxiv.org", "biorxiv", "medrxiv", "corr"})


def parse(paper: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """One paper; the identifiers of its versions are links where there are several versions."""
    external = mapping(paper.get("externalIds"))
    own_doi, preprint = doi(external.get("DOI")), arxiv(external.get("ArXiv"))
    if own_doi and own_doi.value.startswith(ARXIV_PREFIX):
        preprint, own_doi = preprint or arxiv(own_doi.value), None
    published = [*_published(external, own_doi)]
    corpus = plain(external.get("CorpusId"))
    own = Identifier("s2", corpus) if corpus else None
    is_merged = bool(preprint and published)
    names, is_complete = complete_names(
        name_from_text(mapping(each).get("name")) for each in items(paper.get("authors"))
    )
    venue = _venue(paper)
    journal = mapping(paper.get("journal"))
    facts = {
        "issued": date_from_text(paper.get("publicationDate")) or date_from_text(paper.get("year")),
        "container-title": venue,
        "volume": plain(journal.get("volume")) if venue else "",
        "page": plain(journal.get("pages")).replace(" ", "") if venue else "",
    }
    only = preprint if preprint and not published else None
    versions = [only] if only else [] if is_merged else published
    return make_found(
        SOURCE,
        f"s2:{corpus or plain(paper.get('paperId'))}",
        retrieved,
        _type(paper, venue, is_preprint=bool(preprint)),
        {
            "title": rich_text(paper.get("title")),
            "author": names,
            "abstract": abstract_text(paper.get("abstract")),
            "DOI": own_doi.value if own_doi and not is_merged else "",
            **({} if is_merged else facts),
        },
        custom={
            "arxiv": preprint.value if preprint else "",
            "venue": venue if is_merged else "",
            "year": plain(paper.get("year")) if is_merged else "",
        },
        identifiers=[*versions, own],
        links=[
            link(PREPRINT, preprint),
            *(link(PUBLISHED, each) for each in published),
        ],
        is_complete=is_complete,
    )


def parse_batch(response: Response) -> list[Any]:
    """The list of a batch, null for what is unknown. Raises BadResponse for anything else."""
    told = response.json()
    if response.status != 200 or not isinstance(told, list):
        raise response.bad("no list of papers")
    return told


def parse_search(response: Response) -> list[Found]:
    """The papers of a search or match: ``data`` is absent when there are none."""
    if response.is_missing:
        return []
    told = response.json()
    if response.status != 200 or not isinstance(told, Mapping) or told.get("error"):
        raise response.bad("no papers")
    papers = [mapping(each) for each in items(told.get("data"))]
    return [parse(each, response.retrieved) for each in papers if each.get("paperId")]


class SemanticScholar:
    """Asks the Academic Graph."""

    name = SOURCE
    batch_size = BATCH

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for DOIs, arXiv, PubMed, ACL and its own identifiers."""
        return bool(_name(identifier))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for up to 500 at once."""
        names = {each: _name(each) for each in identifiers}
        return from_batches(self._client, self._service, names, self._ask, _parse_kept, size=BATCH)

    def search(self, wanted: Record) -> Sequence[Found]:
        """The paper whose title matches best, if there is one; its score says nothing."""
        title = " ".join(word for run in words.runs(wanted.text("title")) for word in run)
        if not title:
            return ()
        params = (("query", title[:300]), ("fields", FIELDS))
        request = Request(self._service, "/graph/v1/paper/search/match", params)
        return self._client.fetch(request, parse_search)

    def _ask(self, names: list[str]) -> Texts:
        body = json.dumps({"ids": names})
        request = Request(self._service, "/graph/v1/paper/batch", (("fields", FIELDS),), body=body)
        papers = self._client.fetch(request, _of_length(len(names)), keep=False)
        return {
            name: json_text(paper if mapping(paper).get("paperId") else None)
            for name, paper in zip(names, papers, strict=True)
        }


def _of_length(count: int) -> Callable[[Response], list[Any]]:
    """A reader that refuses a list in which places cannot be told apart."""

    def read(response: Response) -> list[Any]:
        if response.status == 400 and b"valid paper ids" in response.body:  # it knows none of them
            return [None] * count
        papers = parse_batch(response)
        if len(papers) != count:
            raise response.bad(f"{len(papers)} papers for {count} identifiers")
        return papers

    return read


def _parse_kept(response: Response) -> Found:
    return parse(json.loads(response.text), response.retrieved)


def _name(identifier: Identifier) -> str:
    if identifier.scheme == "doi" and (preprint := arxiv(identifier.value)):
        return f"ARXIV:{preprint.value}"
    prefix = _PREFIXES.get(identifier.scheme)
    return f"{prefix}:{identifier.value}" if prefix and identifier.value else ""


def _published(external: Mapping[str, Any], own_doi: Identifier | None) -> Iterator[Identifier]:
    if own_doi:
        yield own_doi
    if acl := plain(external.get("ACL")):
        yield Identifier("acl", acl)
    dblp = plain(external.get("DBLP"))
    if dblp and not dblp.startswith("journals/corr/"):
        yield Identifier("dblp", dblp)
    if pmid := parse_pmid(plain(external.get("PubMed"))):
        yield Identifier("pmid", pmid)


def _venue(paper: Mapping[str, Any]) -> str:
    names = (
        mapping(paper.get("publicationVenue")).get("name"),
        paper.get("venue"),
        mapping(paper.get("journal")).get("name"),
    )
    return next((v for name in names if (v := rich_text(name)) and not _is_repository(v)), "")


def _is_repository(venue: str) -> bool:
    return venue.casefold() in _REPOSITORIES or venue.casefold().startswith("arxiv")


def _type(paper: Mapping[str, Any], venue: str, *, is_preprint: bool) -> str:
    if is_preprint or not venue:
        return "article"
    named = map(plain, items(paper.get("publicationTypes")))
    kinds = [_TYPES[kind] for kind in named if kind in _TYPES]
    is_conference = mapping(paper.get("publicationVenue")).get("type") == "conference"
    return (
        "paper-conference"
        if is_conference or "paper-conference" in kinds
        else (kinds[0] if kinds else "article-journal")
    )
