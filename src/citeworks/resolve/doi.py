"""doi.org: any DOI as CSL-JSON by content negotiation, and who registered it.

https://citation.doi.org/docs.html. The agency answers after a redirect; the client follows it to
configured sources only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier
from citeworks.model.identifier import parse_doi
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.csl_payload import parse_item
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.payload import doi_path, first, mapping, plain

SOURCE = "doi"
_CSL = "application/vnd.citationstyles.csl+json"


def parse_csl(response: Response) -> Found | None:
    """The item under a DOI; None where there is no such DOI (404, or 400 for what is none)."""
    if response.is_missing or (response.status == 400 and b"Not a DOI" in response.body):
        return None
    item = response.json()
    if response.status != 200 or not parse_doi(plain(mapping(item).get("DOI"))):
        raise response.bad("no CSL-JSON")
    return parse_item(SOURCE, f"doi:{parse_doi(plain(item['DOI']))}", item, response.retrieved)


def parse_agency(response: Response) -> str:
    """The registration agency, ``Crossref``, ``DataCite``, …; nothing for an unknown DOI."""
    if response.is_missing:
        return ""
    told = response.json()
    if not isinstance(told, list):
        raise response.bad("no list of agencies")
    return plain(mapping(first(told)).get("RA"))


class DoiOrg:
    """Asks the resolver of all DOIs."""

    name = SOURCE
    batch_size = 6

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for every DOI."""
        return identifier.scheme == "doi"

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each DOI as CSL-JSON."""
        return one_by_one(identifiers, self._ask, source=SOURCE, workers=2)

    def agency(self, value: str) -> str:
        """Who registered the DOI; nothing if it does not exist. Raises SourceError."""
        return self._client.fetch(Request(self._service, f"/doiRA/{doi_path(value)}"), parse_agency)

    def _ask(self, identifier: Identifier) -> Found | None:
        request = Request(self._service, f"/{doi_path(identifier.value)}", accept=_CSL)
        return self._client.fetch(request, parse_csl)
