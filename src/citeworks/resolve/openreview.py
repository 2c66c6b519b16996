"""OpenReview: accepted papers of venues without DOIs, and what was only submitted.

https://docs.openreview.net, both API versions: values are wrapped in the second. The same title may
stand there as a rejected, a withdrawn and an accepted submission, and as a copy of arXiv's. Only
what a venue accepted is a published version; the rest comes out as a manuscript that says so.
Optional: the service is often closed to programs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from citeworks.http import Client, Request, Response, Service
from citeworks.model import Date, Identifier, Record
from citeworks.resolve import words
from citeworks.resolve.asking import one_by_one
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.payload import (
    abstract_text,
    complete_names,
    date_from_text,
    first,
    items,
    make_found,
    mapping,
    name_from_text,
    plain,
    rich_text,
)

SOURCE = "openreview"
_ID = re.compile(r"[\w-]{6,40}\Z")
_UNACCEPTED = re.compile(
    r"submi|withdraw|reject|desk|under review|blind|decision|arr \d|\bcorr", re.I
)
_PRESENTATION = re.compile(
    r"\(?\b(?:(?:poster|oral|spotlight|talk|accept(?:ed)?(?: as \w+)?)\b|notable[- ]top[- ]\d+%)"
    r"\)?",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def forum_identifier(url: str) -> Identifier | None:
    """The forum in an address of OpenReview."""
    parts = urlsplit(url) if "openreview.net" in url else None
    found = parse_qs(parts.query).get("id", [""])[0] if parts else ""
    return Identifier("openreview", found) if _ID.match(found) else None


def is_accepted(venue: str) -> bool:
    """True for the name of a venue, False for what says that it was only submitted, or nothing."""
    return bool(venue) and not _UNACCEPTED.search(venue)


def venue_name(venue: str) -> str:
    """The venue without how a paper was presented: ``ICLR 2026 Poster`` is ``ICLR 2026``."""
    return " ".join(_PRESENTATION.sub(" ", venue).split())


def parse(note: Mapping[str, Any], retrieved: datetime | None = None) -> Found:
    """One note, of either version of the API."""
    content = mapping(note.get("content"))
    forum = plain(note.get("forum")) or plain(note.get("id"))
    written = plain(first(_value(content, "venue")))
    accepted = is_accepted(written) and "dblp.org/journals/CORR" not in _venueid(content)
    names, is_complete = complete_names(map(name_from_text, items(_value(content, "authors"))))
    return make_found(
        SOURCE,
        f"https://openreview.net/forum?id={forum}",
        retrieved,
        "paper-conference" if accepted else "manuscript",
        {
            "title": rich_text(_value(content, "title")),
            "author": names,
            "issued": _issued(note, content, written),
            "container-title": venue_name(written) if accepted else "",
            "abstract": abstract_text(_value(content, "abstract")),
            "URL": f"https://openreview.net/forum?id={forum}",
        },
        custom={"openreview": forum, "venue": written},
        identifiers=[Identifier("openreview", forum) if forum else None],
        is_complete=is_complete,
    )


def parse_notes(response: Response) -> list[Found]:
    """The notes that have a title; none for a 404. Raises BadResponse for anything else."""
    if response.is_missing:
        return []
    notes = mapping(response.json()).get("notes")
    if response.status != 200 or not isinstance(notes, list):
        raise response.bad("no notes")
    titled = [mapping(e) for e in notes if _value(mapping(mapping(e).get("content")), "title")]
    return [parse(each, response.retrieved) for each in titled]


class OpenReview:
    """Asks the second API."""

    name = SOURCE
    batch_size = 1

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for the identifier of a forum."""
        return identifier.scheme == "openreview" and bool(_ID.match(identifier.value))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for each forum's first note."""
        return one_by_one(identifiers, self._ask, source=SOURCE)

    def search(self, wanted: Record) -> Sequence[Found]:
        """Submissions with the words of the title, accepted ones first."""
        title = " ".join(words.phrase(wanted.text("title"), 20))
        if not title:
            return ()
        params = (("term", title), ("content", "title"), ("source", "forum"), ("limit", "10"))
        found = self._client.fetch(Request(self._service, "/notes/search", params), parse_notes)
        return sorted(found, key=lambda each: each.record.type != "paper-conference")

    def _ask(self, identifier: Identifier) -> Found | None:
        params = (("id", identifier.value),)
        found = self._client.fetch(Request(self._service, "/notes", params), parse_notes)
        return next(iter(found), None)


def _value(content: Mapping[str, Any], name: str) -> Any:
    """A value, bare in the first version of the API and wrapped in the second."""
    value = content.get(name)
    return value.get("value") if isinstance(value, Mapping) else value


def _venueid(content: Mapping[str, Any]) -> str:
    return plain(first(_value(content, "venueid")))


def _issued(note: Mapping[str, Any], content: Mapping[str, Any], venue: str) -> Date | None:
    """The year that the venue names, else the day of publication."""
    for text in (venue, _venueid(content)):
        if match := _YEAR.search(text):
            return date_from_text(match[0])
    published = note.get("pdate") or _value(content, "pdate")
    if isinstance(published, int) and 0 < published < 1 << 42:
        return Date((datetime.fromtimestamp(published / 1000, UTC).year,))
    return date_from_text(_value(content, "year"))
