"""Crossref's REST API: works by DOI, and a bibliographic search.

https://www.crossref.org/documentation/retrieve-metadata/rest-api/. Publishers deposit what they
like: null dates, titles in capitals or with entities, organisations among the authors. arXiv's DOIs
are never here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Date, Identifier, Record, Value
from citeworks.model.date import format_edtf
from citeworks.model.identifier import parse_isbn
from citeworks.model.name import Name
from citeworks.resolve import words
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.interface import PREPRINT, PUBLISHED, SAME, Answer, Found, Link, Notice
from citeworks.resolve.payload import (
    ARXIV_PREFIX,
    abstract_text,
    complete_names,
    date_from_parts,
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

SOURCE = "crossref"
TYPES = {
    "journal-article": "article-journal",
    "proceedings-article": "paper-conference",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "book-track": "chapter",
    "reference-entry": "entry",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "proceedings": "book",
    "report": "report",
    "report-component": "report",
    "dissertation": "thesis",
    "posted-content": "article",
    "dataset": "dataset",
    "database": "dataset",
    "standard": "standard",
    "peer-review": "review",
}
"""Crossref's types as CSL's; whatever else there is becomes ``document``."""

WORKS = frozenset(TYPES) - {
    "peer-review", "dataset", "database", "proceedings", "reference-entry", "book-set",
    "report-component", "standard",
}  # fmt: skip
"""The types that a search for a paper may find."""

_SELECT = "DOI,title,author,issued,type,container-title,relation,score,update-to,page,volume,issue"
_ROWS = 20
_DATES = ("published-print", "published-online", "issued", "published", "created")
_RELATIONS = {
    "has-preprint": PREPRINT,
    "is-preprint-of": PUBLISHED,
    "is-same-as": SAME,
    "is-identical-to": SAME,
}
_NEW_STATES = frozenset({"new_version", "new_edition"})
"""Updates that are the whole work again, not a notice about it."""
_MARKED = re.compile(
    r"(?P<kind>retracted|withdrawn)(?: (?:article|paper|chapter))?\s*[:.\]]\s*", re.I
)
_KINDS = {"retracted": "retraction", "withdrawn": "withdrawal"}


def parse(work: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """One work as the version of record that it describes."""
    own = doi(work.get("DOI"))
    names, is_complete = names_of(work.get("author"))
    titles = [rich_text(each) for each in items(work.get("title"))]
    title, other = next(filter(None, titles), ""), _MARKED.match(next(filter(None, titles), ""))
    marked = title[other.end() :] if other else ""
    subtitle = next(filter(None, map(rich_text, items(work.get("subtitle")))), "")
    full = f"{title}: {subtitle}" if _is_apart(subtitle, title) else title
    notices = [*_notices(work)]
    if other and not notices:
        notices.append(Notice(_KINDS[other["kind"].lower()]))
    return make_found(
        SOURCE,
        str(own or ""),
        retrieved,
        TYPES.get(str(work.get("type")), "document"),
        {
            "title": full,
            "author": names,
            "editor": names_of(work.get("editor"))[0],
            "translator": names_of(work.get("translator"))[0],
            "issued": _issued(work),
            **_texts(work),
            "DOI": own.value if own else "",
        },
        custom={"notice-for": _notice_for(work)},
        identifiers=[own],
        links=_links(work),
        notices=notices,
        titles=[*titles, marked, *(rich_text(each) for each in items(work.get("original-title")))],
        is_complete=is_complete,
    )


def parse_work(response: Response) -> Found | None:
    """The answer about one DOI; None for any 404, whatever its label says."""
    if response.is_missing:
        return None
    message = mapping(mapping(response.json()).get("message"))
    if response.status != 200 or not message.get("DOI"):
        raise response.bad("no work")
    return parse(message, response.retrieved)


def parse_search(response: Response) -> list[Found]:
    """The works that a search found, without components, reviews and the like."""
    message = mapping(mapping(response.json()).get("message"))
    if response.status != 200 or not isinstance(message.get("items"), list):
        raise response.bad("no list of works")
    works = [mapping(each) for each in message["items"]]
    return [parse(each, response.retrieved) for each in works if plain(each.get("type")) in WORKS]


class Crossref:
    """Asks ``/works``."""

    name = SOURCE
    batch_size = 9

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a DOI that is not arXiv's."""
        return identifier.scheme == "doi" and not identifier.value.startswith(ARXIV_PREFIX)

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each DOI, as many at once as Crossref allows."""
        return one_by_one(identifiers, self._ask, source=SOURCE, workers=3)

    def search(self, wanted: Record) -> Sequence[Found]:
        """Works like the record by title and authors, Crossref's best first."""
        title = " ".join(word for run in words.runs(wanted.text("title")) for word in run)
        if not title:
            return ()
        query = " ".join([title[:300], *words.families(wanted)])
        params = (("query.bibliographic", query), ("rows", str(_ROWS)), ("select", _SELECT))
        return self._client.fetch(Request(self._service, "/works", params), parse_search)

    def _ask(self, identifier: Identifier) -> Found | None:
        request = Request(self._service, f"/works/{doi_path(identifier.value)}")
        return self._client.fetch(request, parse_work)


def names_of(value: Any) -> tuple[tuple[Name, ...], bool]:
    """The people of a list, and whether it names all of them."""
    return complete_names(_name(mapping(each)) for each in items(value))


def _name(person: Mapping[str, Any]) -> Name | None:
    if not person.get("family"):
        collective = plain(person.get("name") or person.get("literal"))
        return Name(literal=collective) if collective else name_from_text(person.get("given"))
    particle = plain(person.get("prefix") or person.get("non-dropping-particle"))
    family = f"{particle} {plain(person['family'])}".strip()
    return name_from_parts(family, person.get("given"), person.get("suffix"))


def _issued(work: Mapping[str, Any]) -> Date | None:
    """The first date that says something, made more precise by another of the same day."""
    dates = [date for name in _DATES[:-1] if (date := date_from_parts(work.get(name)))]
    if not dates:
        return date_from_parts(work.get("created"))
    start = dates[0].start
    longer = [each for each in dates if each.start[: len(start)] == start]
    return max(longer, key=lambda each: len(each.start))


def _texts(work: Mapping[str, Any]) -> dict[str, Value | None]:
    isbns = [parse_isbn(plain(each).rpartition("/")[2]) for each in items(work.get("ISBN"))]
    return {
        "container-title": rich_text(first(work.get("container-title"))),
        "container-title-short": rich_text(first(work.get("short-container-title"))),
        "event-title": rich_text(mapping(work.get("event")).get("name")),
        "event-place": plain(mapping(work.get("event")).get("location")),
        "volume": plain(work.get("volume")),
        "issue": plain(work.get("issue")),
        "page": plain(work.get("page")),
        "number": plain(work.get("article-number")),
        "edition": plain(work.get("edition-number")),
        "publisher": plain(work.get("publisher")),
        "publisher-place": plain(work.get("publisher-location")),
        "ISSN": plain(first(work.get("ISSN"))),
        "ISBN": next(filter(None, isbns), ""),
        "language": plain(work.get("language")),
        "abstract": abstract_text(work.get("abstract")),
    }


def _links(work: Mapping[str, Any]) -> Iterator[Link | None]:
    relations = mapping(work.get("relation"))
    for name, relation in _RELATIONS.items():
        for related in items(relations.get(name)):
            yield link(relation, version_of(mapping(related).get("id")))


def _notices(work: Mapping[str, Any]) -> Iterator[Notice]:
    """What ``updated-by`` says on the work itself."""
    for update in items(work.get("updated-by")):
        kind = plain(mapping(update).get("type")).lower()
        day = date_from_parts(mapping(update).get("updated"))
        if kind:
            yield Notice(kind, doi(mapping(update).get("DOI")), format_edtf(day) if day else "")


def _notice_for(work: Mapping[str, Any]) -> list[str]:
    """The DOIs that a notice is about; a work with some is no paper."""
    updates = [mapping(each) for each in items(work.get("update-to"))]
    about = [doi(e.get("DOI")) for e in updates if plain(e.get("type")) not in _NEW_STATES]
    own = doi(work.get("DOI"))
    return [each.value for each in about if each and each != own]


def _is_apart(subtitle: str, title: str) -> bool:
    return bool(subtitle) and subtitle.casefold() not in title.casefold()
