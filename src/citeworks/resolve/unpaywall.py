"""Unpaywall: where the text of a DOI can be read without paying.

https://unpaywall.org/products/api. Asks for an e-mail address and refuses made-up ones; without a
configured contact it is not asked. Of what it tells only the address is written; titles, people
and years serve to see that it speaks of the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from citeworks.errors import Unavailable
from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier, Name
from citeworks.model.identifier import parse_url
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.interface import PREPRINT, Answer, Found
from citeworks.resolve.payload import (
    ARXIV_PREFIX,
    arxiv,
    complete_names,
    date_from_text,
    doi,
    doi_path,
    items,
    link,
    make_found,
    mapping,
    name_from_parts,
    name_from_text,
    plain,
    rich_text,
)

SOURCE = "unpaywall"


def parse(told: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """One DOI, with the address to read it at in ``custom.open-access``."""
    own = doi(told.get("doi"))
    places = [mapping(each) for each in items(told.get("oa_locations"))]
    best = mapping(told.get("best_oa_location"))
    address = parse_url(plain(best.get("url_for_landing_page"))) or parse_url(
        plain(best.get("url"))
    )
    names, is_complete = complete_names(_name(mapping(e)) for e in items(told.get("z_authors")))
    return make_found(
        SOURCE,
        str(own or ""),
        retrieved,
        "document",
        {
            "title": rich_text(told.get("title")),
            "author": names,
            "issued": date_from_text(told.get("published_date"))
            or date_from_text(told.get("year")),
            "DOI": own.value if own else "",
        },
        is_complete=is_complete,
        custom={"open-access": address},
        identifiers=[own],
        links=[
            link(PREPRINT, arxiv(place.get(name)))
            for place in places
            for name in ("url_for_landing_page", "url", "url_for_pdf")
        ],
    )


def _name(person: Mapping[str, Any]) -> Name | None:
    """A person with parts, as in the past, or with a name as it was written."""
    if person.get("family"):
        return name_from_parts(person["family"], person.get("given"), person.get("suffix"))
    return name_from_text(person.get("raw_author_name") or person.get("name"))


def parse_answer(response: Response) -> Found | None:
    """The answer about one DOI; None for a 404. Raises Unavailable for a refused address (422)."""
    if response.is_missing:
        return None
    if response.status == 422:
        raise Unavailable(
            f"{SOURCE} refuses the contact address",
            source=SOURCE,
            hint="set CITE_CONTACT to your own e-mail address",
        )
    told = mapping(response.json())
    if response.status != 200 or not told.get("doi"):
        raise response.bad("no DOI record")
    return parse(told, response.retrieved)


class Unpaywall:
    """Asks ``/v2``."""

    name = SOURCE
    batch_size = 1

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a publisher's DOI, if there is a contact address to ask with."""
        is_doi = identifier.scheme == "doi" and not identifier.value.startswith(ARXIV_PREFIX)
        return is_doi and "email" in self._service.identity

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each DOI."""
        return one_by_one(identifiers, self._ask, source=SOURCE)

    def _ask(self, identifier: Identifier) -> Found | None:
        if not self.supports(identifier):
            return None
        request = Request(self._service, f"/v2/{doi_path(identifier.value)}")
        return self._client.fetch(request, parse_answer)
