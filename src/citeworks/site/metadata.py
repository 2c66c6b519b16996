"""What machines read on the pages: schema.org, Highwire Press tags, COinS.

Sources: https://schema.org/ScholarlyArticle; Google Scholar's inclusion guidelines for webmasters
(one paper a page, ``citation_*``); OpenURL ContextObjects in spans (Z39.88-2004), from which Zotero
offers every paper of a list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

from citeworks.model.identifier import parse_doi
from citeworks.site.paper import Paper

_KINDS = {
    "book": "Book", "chapter": "Chapter", "thesis": "Thesis", "report": "Report",
    "software": "SoftwareSourceCode", "dataset": "Dataset",
}  # fmt: skip
_CONTAINER_TAGS = {
    "article-journal": "citation_journal_title",
    "paper-conference": "citation_conference_title",
    "chapter": "citation_inbook_title",
    "thesis": "citation_dissertation_institution",
    "report": "citation_technical_report_institution",
}
_TEXT_TAGS = {
    "volume": "citation_volume", "issue": "citation_issue", "publisher": "citation_publisher",
    "ISSN": "citation_issn", "ISBN": "citation_isbn", "language": "citation_language",
}  # fmt: skip


def json_ld(papers: Sequence[Paper], base: str = "") -> str:
    """A schema.org graph of the papers, safe inside a script element."""
    graph = [_article(paper, base) for paper in papers]
    text = json.dumps(
        {"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, sort_keys=True
    )
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _article(paper: Paper, base: str) -> dict[str, Any]:
    record = paper.record
    date = record.date("issued")
    doi = parse_doi(record.text("DOI"))
    described = {
        "@type": _KINDS.get(record.type, "ScholarlyArticle"),
        "@id": f"{base}#{paper.anchor}",
        "name": paper.title,
        "headline": paper.title,
        "author": [_person(name) for name in record.names("author")],
        "datePublished": _iso(date.start) if date else "",
        "isPartOf": {"@type": "CreativeWork", "name": paper.venue} if paper.venue else None,
        "pagination": record.text("page"),
        "sameAs": f"https://doi.org/{doi}" if doi else "",
        "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": doi}
        if doi
        else None,
        "url": next((target for word, target in paper.links if word != "PDF"), ""),
    }
    return {name: value for name, value in described.items() if value}


def _person(name: Any) -> dict[str, str]:
    if name.literal:
        return {"@type": "Organization", "name": name.literal}
    person = {
        "@type": "Person",
        "name": str(name),
        "familyName": " ".join(filter(None, (name.non_dropping_particle, name.family))),
        "givenName": name.given,
    }
    return {key: value for key, value in person.items() if value}


def highwire(paper: Paper, base: str = "") -> str:
    """The meta elements of the one paper that a page is about."""
    return "\n".join(
        f'<meta name="{name}" content="{escape(value)}">'
        for name, value in _highwire(paper, base)
        if value
    )


def _highwire(paper: Paper, base: str) -> Iterable[tuple[str, str]]:
    record = paper.record
    yield "citation_title", paper.title
    for name in record.names("author"):
        yield "citation_author", _inverted(name)
    date = record.date("issued")
    if date and date.start:
        yield "citation_publication_date", _iso(date.start).replace("-", "/")
    if record.type in _CONTAINER_TAGS:
        yield _CONTAINER_TAGS[record.type], paper.venue
    for variable, tag in _TEXT_TAGS.items():
        yield tag, record.text(variable)
    first, _, last = record.text("page").replace("–", "-").partition("-")
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    yield "citation_doi", parse_doi(record.text("DOI"))
    yield "citation_arxiv_id", str(record.custom.get("arxiv", ""))
    links = dict(paper.links)
    yield "citation_pdf_url", _absolute(links.get("PDF", ""), base)
    yield "citation_abstract_html_url", f"{base}papers/{paper.anchor}.html" if base else ""


def _absolute(target: str, base: str) -> str:
    return target if not target or target.startswith("http") else f"{base}{target}" if base else ""


def _inverted(name: Any) -> str:
    if name.literal:
        return str(name.literal)
    family = " ".join(filter(None, (name.non_dropping_particle, name.family)))
    given = " ".join(filter(None, (name.given, name.dropping_particle)))
    return ", ".join(filter(None, (family, given, name.suffix)))


def coins(paper: Paper) -> str:
    """The paper as an OpenURL in the title of an empty span."""
    record = paper.record
    is_book = record.type in ("book", "chapter")
    date = record.date("issued")
    first, _, last = record.text("page").replace("–", "-").partition("-")
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if is_book else 'journal'}"),
        ("rft.genre", _GENRES.get(record.type, "unknown" if is_book else "article")),
        ("rft.btitle" if record.type == "book" else "rft.atitle", paper.title),
        ("rft.btitle" if record.type == "chapter" else "rft.jtitle", paper.venue),
        *(("rft.au", _inverted(name)) for name in record.names("author")),
        ("rft.date", _iso(date.start) if date else ""),
        ("rft.volume", record.text("volume")),
        ("rft.issue", record.text("issue")),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft_id", f"info:doi/{doi}" if (doi := parse_doi(record.text("DOI"))) else ""),
    ]
    query = urlencode([(name, value) for name, value in pairs if value])
    return f'<span class="Z3988" title="{escape(query)}"></span>'


_GENRES = {"paper-conference": "proceeding", "book": "book", "chapter": "bookitem"}


def _iso(parts: tuple[int, ...]) -> str:
    """A date's parts as ISO 8601; a season gives the year alone."""
    if not parts:
        return ""
    shown = parts[:1] if len(parts) > 1 and parts[1] > 12 else parts
    return "-".join(f"{part:0{4 if place == 0 else 2}d}" for place, part in enumerate(shown))
