"""DataCite's REST API: arXiv's own DOIs, and those of repositories.

https://support.datacite.org/docs/api. ``IsVersionOf`` on an arXiv DOI is the published version as
the authors typed it: sometimes malformed, sometimes another paper's. It is a link to verify.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Date, Identifier, Name, Value
from citeworks.resolve.arxiv import make_preprint
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.interface import PREPRINT, PUBLISHED, SAME, Answer, Found, Link
from citeworks.resolve.payload import (
    abstract_text,
    arxiv,
    arxiv_doi,
    complete_names,
    date_from_text,
    doi,
    doi_path,
    first,
    items,
    link,
    make_found,
    mapping,
    name_from_parts,
    name_from_text,
    plain,
    rich_text,
    version_of,
)

SOURCE = "datacite"
PREFIXES = frozenset(
    """
    10.48550 10.5281 10.6084 10.5061 10.17605 10.7910 10.3929 10.34740 10.57702 10.57967 10.18130
    10.15468 10.1594 10.17863 10.17615 10.25384 10.26434 10.35111 10.4121 10.4230 10.7488 10.14454
    """.split()
)
"""Prefixes of DOIs that DataCite registers; the others are asked for elsewhere first."""

_TYPES = {
    "Preprint": "article",
    "Text": "article",
    "JournalArticle": "article-journal",
    "ConferencePaper": "paper-conference",
    "ConferenceProceeding": "book",
    "BookChapter": "chapter",
    "Book": "book",
    "Dissertation": "thesis",
    "Report": "report",
    "Dataset": "dataset",
    "Software": "software",
    "Standard": "standard",
    "PeerReview": "review",
}
_RELATIONS = {
    "IsVersionOf": PUBLISHED,
    "IsPreprintOf": PUBLISHED,
    "IsPreviousVersionOf": PUBLISHED,
    "HasPreprint": PREPRINT,
    "IsIdenticalTo": SAME,
}
_LONGEST = 2000
"""Characters of a related identifier that are read."""
_DATES = ("Issued", "Submitted", "Created", "Available", "Updated")
_SEVERAL = re.compile(r"[,;\s]+(?=(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4})", re.I)


def parse(attributes: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """The attributes of one DOI; arXiv's come out as the preprints that they are."""
    names, is_complete = complete_names(map(_name, items(attributes.get("creators"))))
    titles = [rich_text(mapping(each).get("title")) for each in items(attributes.get("titles"))]
    values: dict[str, Value | None] = {
        "title": next(filter(None, titles), ""),
        "author": names,
        "abstract": abstract_text(_description(attributes)),
    }
    own = doi(attributes.get("doi"))
    preprint = arxiv(own.value) if own else None
    related = [*_links(attributes)]
    if preprint:
        published = [e.identifier.value for e in related if e.relation == PUBLISHED]
        found = make_preprint(
            SOURCE, preprint.value, retrieved, {**values, "issued": _submitted(attributes)},
            {"arxiv-class": _arxiv_class(attributes)}, "", is_complete=is_complete,
        )  # fmt: skip
        return _with_links(found, published)
    types = mapping(attributes.get("types"))
    container = mapping(attributes.get("container"))
    return make_found(
        SOURCE,
        str(own or ""),
        retrieved,
        _TYPES.get(plain(types.get("resourceTypeGeneral")), "document"),
        {
            **values,
            "issued": _issued(attributes),
            "container-title": rich_text(container.get("title")),
            "volume": plain(container.get("volume")),
            "issue": plain(container.get("issue")),
            "publisher": _publisher(attributes.get("publisher")),
            "version": plain(attributes.get("version")),
            "language": plain(attributes.get("language")),
            "DOI": own.value if own else "",
        },
        identifiers=[own],
        links=[each for each in related if each.relation != PUBLISHED],
        titles=titles,
        is_complete=is_complete,
    )


def parse_doi_answer(response: Response) -> Found | None:
    """The answer about one DOI; None for a 404."""
    if response.is_missing:
        return None
    attributes = mapping(mapping(mapping(response.json()).get("data")).get("attributes"))
    if response.status != 200 or not attributes.get("doi"):
        raise response.bad("no DOI record")
    return parse(attributes, response.retrieved)


class DataCite:
    """Asks ``/dois``."""

    name = SOURCE
    batch_size = 6

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for arXiv identifiers and for DOIs with a prefix that DataCite registers."""
        if identifier.scheme == "arxiv":
            return arxiv(identifier.value) == identifier
        return identifier.scheme == "doi" and identifier.value.partition("/")[0] in PREFIXES

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each DOI, an arXiv identifier by its DOI."""
        return one_by_one(identifiers, self._ask, source=SOURCE, workers=2)

    def _ask(self, identifier: Identifier) -> Found | None:
        is_arxiv = identifier.scheme == "arxiv"
        value = arxiv_doi(identifier.value) if is_arxiv else identifier.value
        return self._client.fetch(
            Request(self._service, f"/dois/{doi_path(value)}"), parse_doi_answer
        )


def _name(creator: Any) -> Name | None:
    person = mapping(creator)
    if plain(person.get("nameType")) == "Organizational":
        return Name(literal=plain(person.get("name"))) if person.get("name") else None
    if person.get("familyName"):
        return name_from_parts(person["familyName"], person.get("givenName"))
    return name_from_text(person.get("name"))


def _links(attributes: Mapping[str, Any]) -> Iterator[Link]:
    for each in map(mapping, items(attributes.get("relatedIdentifiers"))):
        relation = _RELATIONS.get(plain(each.get("relationType")))
        if relation is None:
            continue
        for written in _SEVERAL.split(plain(each.get("relatedIdentifier"))[:_LONGEST]):
            found = link(relation, version_of(written.strip("\"'[]() ")))
            if found is not None:
                yield found


def _with_links(found: Found, published: list[str]) -> Found:
    own = {each.value for each in found.identifiers}
    links = [Link(PUBLISHED, Identifier("doi", each)) for each in published if each not in own]
    return replace(found, links=tuple(dict.fromkeys(links)))


def _submitted(attributes: Mapping[str, Any]) -> Date | None:
    """The day of the first version; never the month in the identifier."""
    dates = [mapping(each) for each in items(attributes.get("dates"))]
    submitted = [each for each in dates if each.get("dateType") == "Submitted"]
    of_first = [each for each in submitted if each.get("dateInformation") == "v1"] or submitted
    days = [date_from_text(each.get("date")) for each in of_first]
    return next(filter(None, days), None) or _issued(attributes)


def _issued(attributes: Mapping[str, Any]) -> Date | None:
    dates = [mapping(each) for each in items(attributes.get("dates"))]
    for kind in _DATES:
        for each in dates:
            if each.get("dateType") == kind and (day := date_from_text(each.get("date"))):
                return day
    return date_from_text(attributes.get("publicationYear"))


def _description(attributes: Mapping[str, Any]) -> Any:
    texts = [mapping(each) for each in items(attributes.get("descriptions"))]
    return first([e.get("description") for e in texts if e.get("descriptionType") == "Abstract"])


def _publisher(value: Any) -> str:
    """The publisher: a text in the past, a mapping today."""
    return plain(mapping(value).get("name")) if isinstance(value, Mapping) else plain(value)


def _arxiv_class(attributes: Mapping[str, Any]) -> str:
    """``cs.CL`` out of the subject ``Computation and Language (cs.CL)``."""
    for each in map(mapping, items(attributes.get("subjects"))):
        match = re.search(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)\Z", plain(each.get("subject")))
        if match and plain(each.get("subjectScheme")).lower() == "arxiv":
            return match[1]
    return ""
