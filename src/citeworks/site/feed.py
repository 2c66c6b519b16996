"""The newest papers as an Atom feed (RFC 4287); the same library gives the same bytes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from citeworks.model.identifier import parse_doi
from citeworks.site.page import FEED_FILE, Site, landing_name
from citeworks.site.paper import Paper

LONGEST = 50
"""Entries in a feed: readers fetch it whole, again and again."""


def dump(papers: Sequence[Paper], site: Site) -> str:
    """The feed of the newest papers."""
    newest = sorted(papers, key=_updated, reverse=True)[:LONGEST]
    updated = _updated(newest[0]) if newest else _EPOCH
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<feed xmlns="http://www.w3.org/2005/Atom">',
            f"<title>{_text(site.title)}</title>",
            f"<id>{_text(site.url) or _urn(site.title)}</id>",
            f"<updated>{updated}</updated>",
            *([f'<link rel="self" href={quoteattr(site.url + FEED_FILE)}/>'] if site.url else []),
            *(_entry(paper, site) for paper in newest),
            "</feed>\n",
        ]
    )


_EPOCH = "1970-01-01T00:00:00Z"


def _entry(paper: Paper, site: Site) -> str:
    doi = parse_doi(paper.record.text("DOI"))
    target = f"{site.url}{landing_name(paper)}"
    return "\n".join(
        [
            "<entry>",
            f"<title>{_text(paper.title)}</title>",
            f"<id>{_text(f'https://doi.org/{doi}') if doi else _urn(paper.record.key)}</id>",
            f"<updated>{_updated(paper)}</updated>",
            f"<link href={quoteattr(target)}/>",
            *(f"<author><name>{_text(name)}</name></author>" for name in paper.authors or ("?",)),
            f"<summary>{_text(paper.abstract or paper.venue)}</summary>",
            "</entry>",
        ]
    )


def _updated(paper: Paper) -> str:
    """The day of publication; Atom wants a moment, so it is the day's first."""
    date = paper.record.date("issued")
    parts = date.start if date else ()
    if not parts or not 1 <= parts[0] <= 9999:
        return _EPOCH
    month = parts[1] if len(parts) > 1 and parts[1] <= 12 else 1
    day = parts[2] if len(parts) > 2 else 1
    return f"{parts[0]:04d}-{month:02d}-{day:02d}T00:00:00Z"


def _urn(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"citeworks:{name}").urn


def _text(text: str) -> str:
    """Escaped, without the characters that XML forbids."""
    return escape(
        "".join(each for each in text if each >= " " and not "\ud800" <= each <= "\udfff")
    )
