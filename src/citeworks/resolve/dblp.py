"""DBLP: a search whose hits name the twins on CoRR, and the .bib file of a key.

https://dblp.org/faq/How+to+use+the+dblp+search+API.html. A lone author is a mapping, several are a
list; homonyms carry numbers; titles end with a full stop; venues are abbreviations, which only the
.bib file spells out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Identifier, Name, Record
from citeworks.model.identifier import parse_arxiv
from citeworks.resolve import words
from citeworks.resolve.acl import anthology_identifier
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.bib_payload import parse_bib
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.openreview import forum_identifier
from citeworks.resolve.payload import (
    arxiv,
    arxiv_doi,
    complete_names,
    date_from_text,
    doi,
    first,
    items,
    make_found,
    mapping,
    name_from_text,
    plain,
    rich_text,
)

SOURCE = "dblp"
_HITS = "30"
_TYPES = {
    "Journal Articles": "article-journal",
    "Conference and Workshop Papers": "paper-conference",
    "Informal and Other Publications": "article",
    "Informal Publications": "article",
    "Books and Theses": "book",
    "Parts in Books or Collections": "chapter",
    "Editorship": "book",
    "Reference Works": "entry",
    "Data and Artifacts": "dataset",
    "Withdrawn Items": "document",
}
_HOMONYM = re.compile(r"\s+\d{4}\Z")
_STOP = re.compile(r"(?<!\.)\.\Z")
_KEY = re.compile(r"(?:conf|journals|books|series|phd|reference|data|tr)(?:/[\w+-][\w.+-]*)+\Z")
_CORR = re.compile(r"journals/corr/abs-(.+)\Z")


def parse(info: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """One hit; what stands on CoRR is arXiv's preprint."""
    key = plain(info.get("key"))
    preprint = _preprint(info, key)
    own = None if preprint else doi(info.get("doi"))
    names, is_complete = complete_names(
        _name(each) for each in items(mapping(info.get("authors")).get("author"))
    )
    url = plain(first(info.get("ee")))
    venue = "" if preprint else rich_text(first(info.get("venue")))
    number = preprint.value if preprint else ""
    return make_found(
        SOURCE,
        f"dblp:{key}",
        retrieved,
        "article" if preprint else _TYPES.get(plain(info.get("type")), "document"),
        {
            "title": _STOP.sub("", rich_text(info.get("title"))),
            "author": names,
            "issued": date_from_text(info.get("year")),
            "container-title": venue,
            "volume": "" if preprint else plain(info.get("volume")),
            "issue": "" if preprint else plain(info.get("number")),
            "page": "" if preprint else plain(info.get("pages")),
            "publisher": "arXiv" if preprint else plain(info.get("publisher")),
            "number": f"arXiv:{number}" if preprint else "",
            "DOI": arxiv_doi(number) if preprint else own.value if own else "",
            "URL": "" if own or preprint or "dblp.org" in url else url,
        },
        custom={"arxiv": number, "dblp": key},
        identifiers=[
            preprint,
            Identifier("doi", arxiv_doi(number)) if preprint else own,
            *(each for page in items(info.get("ee")) for each in _pages(plain(page))),
            Identifier("dblp", key) if key else None,
        ],
        is_complete=is_complete,
    )


def parse_search(response: Response) -> list[Found]:
    """The hits of a search; ``hit`` is absent when there are none."""
    if response.is_missing:
        raise response.bad("HTTP 404")
    hits = mapping(mapping(response.json()).get("result")).get("hits")
    if response.status != 200 or not isinstance(hits, Mapping):
        raise response.bad("no hits")
    found = [mapping(mapping(each).get("info")) for each in items(hits.get("hit"))]
    return [parse(each, response.retrieved) for each in found if each.get("key")]


def parse_record(response: Response, key: Identifier) -> Found | None:
    """The .bib file of a key; None for a 404. Raises BadResponse."""
    return parse_bib(response, str(key), custom={"dblp": key.value}, identifiers=[key])


class Dblp:
    """Asks the publication search."""

    name = SOURCE
    batch_size = 1

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a key of DBLP."""
        return identifier.scheme == "dblp" and bool(_KEY.match(identifier.value))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for the .bib file of each key."""
        return one_by_one(identifiers, self._ask, source=SOURCE)

    def search(self, wanted: Record) -> Sequence[Found]:
        """Publications with the telling words of the title and the first author's family."""
        telling = words.telling_words(wanted.text("title"), 8)
        if not telling:
            return ()
        query = " ".join([*telling, *words.families(wanted, 1)])
        params = (("q", query), ("format", "json"), ("h", _HITS))
        return self._client.fetch(Request(self._service, "/search/publ/api", params), parse_search)

    def _ask(self, identifier: Identifier) -> Found | None:
        if not self.supports(identifier):
            return None
        path = f"/rec/{identifier.value}.bib"
        request = Request(self._service, path, (("param", "1"),), accept="text/x-bibtex, */*;q=0.5")
        return self._client.fetch(request, lambda answer: parse_record(answer, identifier))


def _name(author: Any) -> Name | None:
    written = author if isinstance(author, str) else mapping(author).get("text")
    return name_from_text(_HOMONYM.sub("", plain(written)))


def _preprint(info: Mapping[str, Any], key: str) -> Identifier | None:
    if not key.startswith("journals/corr/"):
        return None
    volume = plain(info.get("volume")).removeprefix("abs/")
    match = _CORR.match(key)
    from_key = re.sub(r"\A(\d{4})-(?=\d)", r"\1.", match[1]) if match else ""
    written = parse_arxiv(volume) or parse_arxiv(from_key) or parse_arxiv(plain(info.get("doi")))
    return arxiv(written)


def _pages(url: str) -> list[Identifier]:
    """The identifiers in an address of the Anthology or of OpenReview."""
    return [each for each in (anthology_identifier(url), forum_identifier(url)) if each]
