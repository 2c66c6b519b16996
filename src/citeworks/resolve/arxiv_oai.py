"""arXiv's OAI-PMH in the format ``arXiv``: the only source of its authors' names in parts.

https://info.arxiv.org/help/oa/index.html. One record for each request; the query API is asked
first wherever batches matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree import ElementTree

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier
from citeworks.model.identifier import parse_arxiv
from citeworks.model.name import Name
from citeworks.resolve.arxiv import make_preprint, withdrawals
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.payload import (
    abstract_text,
    complete_names,
    date_from_text,
    latex_text,
    name_from_parts,
    plain,
    rich_text,
)
from citeworks.resolve.xml_payload import child_text, children, descendant, parse_xml

SOURCE = "arxiv-oai"
_ABSENT = frozenset({"idDoesNotExist", "noRecordsMatch"})


def parse(record: ElementTree.Element, retrieved: datetime | None = None) -> Found:
    """The ``arXiv`` element of one record."""
    authors = [
        _name(author)
        for group in children(record, "authors")
        for author in children(group, "author")
    ]
    names, is_complete = complete_names(authors)
    return make_preprint(
        SOURCE,
        parse_arxiv(child_text(record, "id")),
        retrieved,
        {
            "title": rich_text(latex_text(child_text(record, "title"))),
            "author": names,
            "issued": date_from_text(child_text(record, "created")),
            "abstract": abstract_text(latex_text(child_text(record, "abstract"))),
        },
        {
            "arxiv-class": child_text(record, "categories").partition(" ")[0],
            "arxiv-comment": plain(child_text(record, "comments")),
            "arxiv-journal-ref": plain(child_text(record, "journal-ref")),
        },
        child_text(record, "doi").partition(" ")[0],
        notices=withdrawals(
            child_text(record, "comments"),
            child_text(record, "abstract"),
            child_text(record, "updated"),
        ),
        is_complete=is_complete,
    )


def parse_record(response: Response) -> Found | None:
    """The answer to GetRecord; None for an unknown or deleted record. Raises BadResponse."""
    if response.is_missing:
        raise response.bad("HTTP 404")
    root = parse_xml(response, "OAI-PMH")
    codes = {error.get("code", "") for error in children(root, "error")}
    if codes & _ABSENT:
        return None
    record = descendant(root, "arXiv")
    if record is not None and parse_arxiv(child_text(record, "id")):
        return parse(record, response.retrieved)
    header = descendant(root, "header")
    if header is not None and header.get("status") == "deleted":
        return None
    raise response.bad(f"the error {', '.join(sorted(codes)) or 'no record'}")


class ArxivOai:
    """Asks for single records."""

    name = SOURCE
    batch_size = 1

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a well-formed arXiv identifier."""
        return identifier.scheme == "arxiv" and parse_arxiv(identifier.value) == identifier.value

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each identifier in its turn."""
        return one_by_one(identifiers, self._ask, source=SOURCE)

    def _ask(self, identifier: Identifier) -> Found | None:
        params = (
            ("verb", "GetRecord"),
            ("metadataPrefix", "arXiv"),
            ("identifier", f"oai:arXiv.org:{identifier.value}"),
        )
        request = Request(self._service, "/oai", params, accept="text/xml")
        return self._client.fetch(request, parse_record)


def _name(author: ElementTree.Element) -> Name | None:
    return name_from_parts(
        child_text(author, "keyname"), child_text(author, "forenames"), child_text(author, "suffix")
    )
