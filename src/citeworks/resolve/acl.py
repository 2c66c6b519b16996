"""The ACL Anthology: its identifiers are its DOIs, and each has a .bib file.

https://aclanthology.org/info/ids/. ``10.18653/v1/2023.emnlp-main.198`` is
``2023.emnlp-main.198``; the capital letter of the identifiers before 2020 (``P19-1001``) is lost in
a DOI, which has no case, and is put back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.bib_payload import parse_bib
from citeworks.resolve.interface import Answer, Found

SOURCE = "acl"
_PREFIX = "10.18653/v1/"
_ID = re.compile(r"[A-Z]\d{2}-\d{4}\Z|\d{4}\.[a-z0-9]+(?:_[a-z0-9]+)*-[a-z0-9]+\.\d+\Z")
_ADDRESS = re.compile(r"https?://(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/([^/?#]+)")
_FILE = re.compile(r"(?:\.pdf|\.bib|\.xml|v\d+)+\Z")


def anthology_id(value: str) -> str:
    """The Anthology's identifier in a DOI, an address or by itself; nothing if it is none."""
    address = _ADDRESS.match(value)
    found = _FILE.sub("", address[1]) if address else value
    if found.lower().startswith(_PREFIX):
        found = found[len(_PREFIX) :]
    if re.match(r"[a-z]\d\d-", found):
        found = found[0].upper() + found[1:]
    return found if _ID.match(found) else ""


def anthology_identifier(value: str) -> Identifier | None:
    """The same as `anthology_id`, as an identifier of the scheme ``acl``."""
    found = anthology_id(value)
    return Identifier("acl", found) if found else None


def parse(response: Response, identifier: str) -> Found | None:
    """The paper in a .bib file; None for a 404. Raises BadResponse."""
    own = Identifier("acl", identifier)
    return parse_bib(response, str(own), custom={"acl": identifier}, identifiers=[own])


class Acl:
    """Asks for .bib files."""

    name = SOURCE
    batch_size = 1

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for the Anthology's identifiers and the DOIs made of them."""
        return bool(_known(identifier))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each paper."""
        return one_by_one(identifiers, self._ask, source=SOURCE)

    def _ask(self, identifier: Identifier) -> Found | None:
        name = _known(identifier)
        request = Request(self._service, f"/{name}.bib", accept="text/plain, */*;q=0.5")
        return self._client.fetch(request, lambda answer: parse(answer, name)) if name else None


def _known(identifier: Identifier) -> str:
    if identifier.scheme == "doi" and not identifier.value.startswith(_PREFIX):
        return ""
    return anthology_id(identifier.value) if identifier.scheme in ("acl", "doi") else ""
