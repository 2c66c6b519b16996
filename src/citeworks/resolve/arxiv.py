"""arXiv's query API: Atom by identifier in batches, and a search by title and author.

https://info.arxiv.org/help/api/user-manual.html, in the shape of 2026 and in older ones. Entries
are matched by identifier, never by position; an empty page that should not be empty is asked for
again; an identifier that poisons its batch is taken out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from citeworks.errors import BadResponse, SourceError, Unavailable
from citeworks.http import Client, Request, Response, Service
from citeworks.model import Date, Identifier, Record
from citeworks.model.date import format_edtf
from citeworks.model.identifier import parse_arxiv
from citeworks.resolve import words
from citeworks.resolve.asking import Texts, from_batches
from citeworks.resolve.interface import ARXIV_VERSION, PUBLISHED, Answer, Found, Notice
from citeworks.resolve.payload import (
    abstract_text,
    arxiv_doi,
    complete_names,
    date_from_text,
    doi,
    latex_text,
    link,
    make_found,
    name_from_text,
    plain,
    rich_text,
)
from citeworks.resolve.xml_payload import child_text, children, parse_xml

SOURCE = "arxiv"
BATCH = 100
_ATOM = "application/atom+xml"
_HITS = 10
_ERROR = re.compile(r"/api/errors#?(?P<what>.*)")
_NAMED = re.compile(r"incorrect_id_format_for_(?P<id>\S+)|incorrect id format for (?P<said>\S+)")
_VERSION = re.compile(r"v([1-9]\d{0,3})\Z")
_WITHDRAWN = re.compile(
    r"\W*(?:this (?:paper|article|submission|manuscript|preprint|work|version) (?:has been|is|was) "
    r"(?:\w+ )?withdrawn|withdrawn by (?:the )?(?:author|arxiv|submitter))",
    re.I,
)
_DAYS = 2
_MOST_REQUESTS = 20
"""For one batch: enough to find two identifiers that spoil it without being named."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: the entries by identifier, or the identifier that the error names."""

    entries: Mapping[str, ElementTree.Element] = field(default_factory=dict)
    total: int = 0
    is_error: bool = False
    culprit: str = ""

    def entry(self, name: str) -> ElementTree.Element | None:
        """The entry under an identifier, of that very version where it names one."""
        entry = self.entries.get(parse_arxiv(name))
        wanted = _VERSION.search(name)
        is_it = entry is not None and (not wanted or version_of_entry(entry) == int(wanted[1]))
        return entry if is_it else None


def parse_page(response: Response) -> Page:
    """An Atom feed, or that the request is refused (HTTP 400 today, 200 in the past).

    Raises BadResponse for anything else, and for an empty page of a result that is not empty.
    """
    if response.is_missing:
        raise response.bad("HTTP 404")
    try:
        feed = parse_xml(response, "feed")
    except BadResponse:
        if response.status == 400:
            return Page(is_error=True)
        raise
    entries = children(feed, "entry")
    for entry in entries:
        if _ERROR.search(child_text(entry, "id")):
            return Page(is_error=True, culprit=_culprit(entry))
    if response.status != 200:
        return Page(is_error=True)
    total = child_text(feed, "totalResults")
    count = int(total) if total.isascii() and total.isdigit() else 0
    if count and not entries:
        raise response.bad("an empty page of a result that is not empty")
    found = {parse_arxiv(child_text(entry, "id")): entry for entry in entries}
    found.pop("", None)
    return Page(found, count)


def parse(entry: ElementTree.Element, retrieved: Any = None) -> Found:
    """One Atom entry as the preprint that it describes."""
    identifier = parse_arxiv(child_text(entry, "id"))
    classes = [
        child.get("term", "")
        for name in ("primary_category", "category")
        for child in children(entry, name)
    ]
    authors = [name_from_text(child_text(each, "name")) for each in children(entry, "author")]
    names, is_complete = complete_names(authors)
    return make_preprint(
        SOURCE,
        identifier,
        retrieved,
        {
            "title": rich_text(latex_text(child_text(entry, "title"))),
            "author": names,
            "issued": date_from_text(child_text(entry, "published")),
            "abstract": abstract_text(latex_text(child_text(entry, "summary"))),
        },
        {
            "arxiv-class": next(filter(None, classes), ""),
            "arxiv-version": version_of_entry(entry),
            "arxiv-comment": plain(child_text(entry, "comment")),
            "arxiv-journal-ref": plain(child_text(entry, "journal_ref")),
        },
        child_text(entry, "doi"),
        notices=withdrawals(
            child_text(entry, "comment"), child_text(entry, "summary"), child_text(entry, "updated")
        ),
        is_complete=is_complete,
    )


def version_of_entry(entry: ElementTree.Element) -> int:
    """The number of the version that an entry describes; 1 where it names none."""
    match = _VERSION.search(child_text(entry, "id"))
    return int(match[1]) if match else 1


def withdrawals(comment: str, abstract: str, updated: str = "") -> list[Notice]:
    """That the authors have withdrawn the paper, which they say where comment or abstract was."""
    if not (_WITHDRAWN.match(comment) or _WITHDRAWN.match(abstract)):
        return []
    day = date_from_text(updated)
    return [Notice("withdrawal", date=format_edtf(day) if day else "")]


def make_preprint(
    source: str,
    identifier: str,
    retrieved: Any,
    values: Mapping[str, Any],
    custom: Mapping[str, Any],
    published: str,
    *,
    notices: Sequence[Notice] = (),
    is_complete: bool = True,
) -> Found:
    """A paper on arXiv; `published` is the DOI that its authors say it was published under."""
    own_doi = arxiv_doi(identifier)
    linked = doi(published)
    return make_found(
        source,
        f"arXiv:{identifier}",
        retrieved,
        "article",
        {
            **values,
            "DOI": own_doi,
            "publisher": "arXiv",
            "number": f"arXiv:{identifier}",
            "URL": f"https://arxiv.org/abs/{identifier}",
        },
        custom={"arxiv": identifier, **custom},
        identifiers=[Identifier("arxiv", identifier), Identifier("doi", own_doi)],
        links=[link(PUBLISHED, linked)] if linked and linked.value != own_doi else (),
        notices=notices,
        is_complete=is_complete,
    )


class Arxiv:
    """Asks the query API."""

    name = SOURCE
    batch_size = BATCH

    def __init__(self, client: Client, service: Service) -> None:
        self._client, self._service = client, service

    def supports(self, identifier: Identifier) -> bool:
        """True for a well-formed arXiv identifier, one version of it, and arXiv's own DOIs."""
        return bool(_arxiv_id(identifier))

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """Ask for all at once, in batches; what is known from before is not asked for."""
        names = {each: _arxiv_id(each) for each in identifiers}
        answers: dict[Identifier, Answer] = {}
        for versions in (False, True):  # apart, so that no paper stands twice in an answer
            some = {e: name for e, name in names.items() if bool(_VERSION.search(name)) is versions}
            answers |= from_batches(
                self._client, self._service, some, self._ask, _parse_kept, size=BATCH
            )
        return {each: answers[each] for each in identifiers}

    def search(self, wanted: Record) -> Sequence[Found]:
        """Candidates by title, then by its words and an author, then by all that is known."""
        for query in queries(wanted):
            request = self._request(("search_query", query), ("max_results", str(_HITS)))
            if found := self._client.fetch(request, _parse_search):
                return found
        return ()

    def _request(self, *params: tuple[str, str]) -> Request:
        return Request(self._service, "/api/query", params, accept=_ATOM)

    def _ask(self, names: list[str]) -> Texts:
        return self._entries(names, [_MOST_REQUESTS])

    def _entries(self, names: list[str], left: list[int]) -> Texts:
        """The entries of a batch as XML, whatever single identifier the service chokes on.

        `left` counts the requests that may still be made for the whole batch.
        """
        left[0] -= 1
        size = ("max_results", str(len(names)))
        request = self._request(("id_list", ",".join(names)), size)
        page = self._client.fetch(request, parse_page, keep=False)
        if page.is_error:
            return self._without_culprit(names, page, left)
        entries = {name: entry for name in names if (entry := page.entry(name)) is not None}
        texts: Texts = {
            name: ElementTree.tostring(entries[name], "unicode") if name in entries else ""
            for name in names
        }
        absent = [name for name in names if name not in entries]
        if absent and entries and len(page.entries) < min(page.total, len(names)):
            texts.update(self._again(absent, left))
        return texts

    def _without_culprit(self, names: list[str], page: Page, left: list[int]) -> Texts:
        if page.culprit in names:
            rest = [name for name in names if name != page.culprit]
            return {page.culprit: "", **(self._again(rest, left) if rest else {})}
        if len(names) == 1 or left[0] <= 0:
            error = BadResponse(f"{SOURCE} refuses the request (HTTP 400)", source=SOURCE)
            return dict.fromkeys(names, error)
        half = len(names) // 2
        return {**self._again(names[:half], left), **self._again(names[half:], left)}

    def _again(self, names: list[str], left: list[int]) -> Texts:
        try:
            return self._entries(names, left)
        except SourceError as error:
            return dict.fromkeys(names, error)


def queries(wanted: Record) -> Iterator[str]:
    """What to search for, the most precise first.

    The title as a phrase (at most ten words that stand together); its telling words with the first
    author; its longest words anywhere near the day; and at any time. No hyphen, colon or quotation
    mark of the title reaches the query: they are operators there.
    """
    title, families = wanted.text("title"), words.families(wanted, 1)
    quoted, telling = words.phrase(title), words.telling_words(title, 10)
    if not telling:
        return
    if len(quoted) > 1:
        yield f'ti:"{" ".join(quoted)}"'
    author = [f"au:{family}" for family in families]
    yield " AND ".join([*(f"ti:{word}" for word in telling), *author])
    anywhere = [*(f"all:{word}" for word in words.telling_words(title, 5)), *author]
    if window := _window(wanted.date()):
        yield " AND ".join([*anywhere, window])
    yield " AND ".join(anywhere)


def _window(issued: Date | None) -> str:
    if issued is None or len(issued.start) != 3:
        return ""
    try:
        day = date(*issued.start)
        first, last = day - timedelta(_DAYS), day + timedelta(_DAYS)
    except (ValueError, OverflowError):
        return ""
    return f"submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"


def _parse_search(response: Response) -> list[Found]:
    page = parse_page(response)
    if page.is_error:
        raise Unavailable(f"{SOURCE} refused the search", source=SOURCE)
    return [parse(entry, response.retrieved) for entry in page.entries.values()]


def _parse_kept(response: Response) -> Found:
    return parse(parse_xml(response, "entry"), response.retrieved)


def _arxiv_id(identifier: Identifier) -> str:
    """The identifier as arXiv wants it, or nothing: what is malformed poisons a whole batch."""
    if identifier.scheme == "arxiv" and parse_arxiv(identifier.value) == identifier.value:
        return identifier.value
    if identifier.scheme == ARXIV_VERSION and (version := _VERSION.search(identifier.value)):
        known = parse_arxiv(identifier.value)
        return f"{known}{version[0]}" if known else ""
    return parse_arxiv(identifier.value) if identifier.scheme == "doi" else ""


def _culprit(entry: ElementTree.Element) -> str:
    text = f"{child_text(entry, 'id')} {child_text(entry, 'summary')}"
    match = _NAMED.search(unquote(text))
    return (match["id"] or match["said"]).split()[0] if match else ""
