"""OpenAlex: works by DOI in batches, and a title search.

https://docs.openalex.org. Preprint and published version are usually one work with several
locations, so that the arXiv identifier may stand in none but the last; lists of works cut the
authors at a hundred; commas, bars and apostrophes are operators of the filter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Date, Identifier, Record
from citeworks.resolve import words
from citeworks.resolve.asking import Texts, from_batches, json_text
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Answer, Found, Link, Notice
from citeworks.resolve.payload import (
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
    version_of,
)

SOURCE = "openalex"
BATCH = 50
_HITS = "10"
_LONGEST_ABSTRACT = 20_000
_TYPES = {
    "book": "book",
    "book-chapter": "chapter",
    "dissertation": "thesis",
    "preprint": "article",
    "report": "report",
    "dataset": "dataset",
    "standard": "standard",
    "reference-entry": "entry",
    "peer-review": "review",
    **dict.fromkeys(
        ("erratum", "retraction", "paratext", "supplementary-materials", "other"), "document"
    ),
}
_BY_VENUE = {
    "journal": "article-journal",
    "conference": "paper-conference",
    "repository": "article",
}


def parse(work: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """One work as the version of its primary location, the others as links."""
    own, place = doi(work.get("doi")), mapping(work.get("primary_location"))
    name = plain(work.get("id")).rpartition("/")[2]
    preprint = arxiv(own.value) if own else None
    authors = [mapping(each) for each in items(work.get("authorships"))]
    names, is_complete = complete_names(
        name_from_text(
            each.get("raw_author_name") or mapping(each.get("author")).get("display_name")
        )
        for each in authors
    )
    venue = mapping(place.get("source"))
    name_of_venue = rich_text(venue.get("display_name"))
    is_repository = plain(venue.get("type")) == "repository"
    is_preprint = bool(preprint) or is_repository
    biblio = mapping(work.get("biblio"))
    return make_found(
        SOURCE,
        f"https://openalex.org/{name}" if name else str(own or ""),
        retrieved,
        "article" if is_preprint else _type(work, venue),
        {
            "title": rich_text(work.get("title") or work.get("display_name")),
            "author": names,
            "issued": _issued(work),
            "container-title": "" if is_preprint else name_of_venue,
            "volume": plain(biblio.get("volume")),
            "issue": plain(biblio.get("issue")),
            "page": _pages(biblio),
            "ISSN": plain(venue.get("issn_l")),
            "abstract": _abstract(work.get("abstract_inverted_index")),
            "DOI": own.value if own else "",
            "language": plain(work.get("language")),
        },
        custom={
            "arxiv": preprint.value if preprint else "",
            "venue": name_of_venue if preprint and not is_repository else "",
        },
        identifiers=[preprint, own, Identifier("openalex", name) if name else None],
        links=_links(work, is_preprint=is_preprint),
        notices=[Notice("retraction")] if work.get("is_retracted") is True else (),
        is_complete=is_complete and work.get("is_authors_truncated") is not True,
    )


def parse_list(response: Response) -> list[Mapping[str, Any]]:
    """The works of a list. Raises BadResponse for anything else."""
    results = mapping(response.json()).get("results")
    if response.status != 200 or not isinstance(results, list):
        raise response.bad("no list of works")
    return [mapping(each) for each in results if mapping(each).get("id")]


class OpenAlex:
    """Asks ``/works``."""

    name = SOURCE
    batch_size = BATCH

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a DOI that a filter can hold, and for arXiv identifiers by their DOIs."""
        return bool(_doi_of(identifier))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for many DOIs at once; each work is matched by its DOIs, never by position."""
        names = {each: _doi_of(each) for each in identifiers}
        return from_batches(self._client, self._service, names, self._ask, _parse_kept, size=BATCH)

    def search(self, wanted: Record) -> Sequence[Found]:
        """Works whose titles hold the words of the record's."""
        telling = words.telling_words(wanted.text("title"), 12)
        if not telling:
            return ()
        params = (("filter", f"title.search:{' '.join(telling)}"), ("per_page", _HITS))
        request = Request(self._service, "/works", params)
        return self._client.fetch(
            request, lambda answer: [parse(e, answer.retrieved) for e in parse_list(answer)]
        )

    def _ask(self, dois: list[str]) -> Texts:
        params = (("filter", f"doi:{'|'.join(dois)}"), ("per_page", str(BATCH)))
        works = self._client.fetch(Request(self._service, "/works", params), parse_list, keep=False)
        by_doi = {value: work for work in works for value in _dois(work)}
        return {value: json_text(by_doi.get(value)) for value in dois}


def _parse_kept(response: Response) -> Found:
    return parse(json.loads(response.text), response.retrieved)


def _doi_of(identifier: Identifier) -> str:
    if identifier.scheme == "arxiv" and arxiv(identifier.value) == identifier:
        return f"10.48550/arxiv.{identifier.value}"
    is_safe = identifier.scheme == "doi" and not set(identifier.value) & set(",|'\"!<>")
    return identifier.value if is_safe else ""


def _dois(work: Mapping[str, Any]) -> Iterator[str]:
    """The DOIs under which a work may have been asked for, its own and those of its locations."""
    for place in [{"landing_page_url": work.get("doi")}, *items(work.get("locations"))]:
        address = mapping(place).get("landing_page_url")
        if found := doi(address):
            yield found.value
        if preprint := arxiv(address):
            yield f"10.48550/arxiv.{preprint.value}"


def _links(work: Mapping[str, Any], *, is_preprint: bool) -> Iterator[Link | None]:
    for place in map(mapping, items(work.get("locations"))):
        other = version_of(place.get("landing_page_url"))
        if other is None:
            continue
        if other.scheme == "arxiv":
            yield link(PREPRINT, other)
        elif is_preprint and plain(place.get("version")) == "publishedVersion":
            yield link(PUBLISHED, other)


def _type(work: Mapping[str, Any], venue: Mapping[str, Any]) -> str:
    written = plain(work.get("type"))
    if written in _TYPES:
        return _TYPES[written]
    crossref = plain(work.get("type_crossref"))
    if crossref == "proceedings-article":
        return "paper-conference"
    return _BY_VENUE.get(plain(venue.get("type")), "article-journal")


def _issued(work: Mapping[str, Any]) -> Date | None:
    """The day; the first of January is written where only the year is known."""
    year, day = plain(work.get("publication_year")), plain(work.get("publication_date"))
    return date_from_text(year if day.endswith("-01-01") and year else day or year)


def _pages(biblio: Mapping[str, Any]) -> str:
    start, end = plain(biblio.get("first_page")), plain(biblio.get("last_page"))
    return f"{start}-{end}" if start and end and start != end else start


def _abstract(index: Any) -> str:
    """The abstract out of ``{"word": [positions]}``; positions beyond reason are left out."""
    placed = [
        (position, plain(word))
        for word, positions in mapping(index).items()
        for position in items(positions)
        if isinstance(position, int) and 0 <= position < _LONGEST_ABSTRACT
    ]
    return abstract_text(" ".join(word for _, word in sorted(placed)))
