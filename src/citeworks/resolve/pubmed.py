"""PubMed's citation exporter: PMIDs and PMCIDs as CSL-JSON.

https://api.ncbi.nlm.nih.gov/lit/ctxp/. Three requests in a second, ten with a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier
from citeworks.model.identifier import parse_pmcid, parse_pmid
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.csl_payload import parse_item
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.payload import first, mapping

SOURCE = "pubmed"
_CSL = "application/vnd.citationstyles.csl+json, application/json;q=0.9"
_PATHS = {"pmid": "pubmed", "pmcid": "pmc"}


def parse(response: Response, identifier: Identifier) -> Found | None:
    """The item; None for a 404 and for an error that is told with another status."""
    told = first(response.json()) if not response.is_missing else None
    item = mapping(told)
    if response.is_missing or (item.get("status") == "error" and not item.get("title")):
        return None
    if response.status != 200 or not item.get("title"):
        raise response.bad("no CSL-JSON")
    scheme = "PMID" if identifier.scheme == "pmid" else "PMCID"
    return parse_item(
        SOURCE, str(identifier), {**item, scheme: identifier.value}, response.retrieved
    )


class PubMed:
    """Asks the literature citation exporter."""

    name = SOURCE
    batch_size = 1

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a PMID or PMCID."""
        return bool(_number(identifier))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each identifier."""
        return one_by_one(identifiers, self._ask, source=SOURCE)

    def _ask(self, identifier: Identifier) -> Found | None:
        number = _number(identifier)
        if not number:
            return None
        path = f"/lit/ctxp/v1/{_PATHS[identifier.scheme]}/"
        request = Request(self._service, path, (("format", "csl"), ("id", number)), accept=_CSL)
        return self._client.fetch(request, lambda answer: parse(answer, identifier))


def _number(identifier: Identifier) -> str:
    if identifier.scheme == "pmid":
        return parse_pmid(identifier.value)
    return parse_pmcid(identifier.value).removeprefix("PMC") if identifier.scheme == "pmcid" else ""
