"""The page of one paper: what search engines and reference managers want an address to be."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from citeworks.site import metadata, page
from citeworks.site.page import Site
from citeworks.site.paper import Paper


def dump(paper: Paper, site: Site) -> str:
    """A document about one paper, which stands one folder below the page of all."""
    data = f'<script type="application/ld+json">{metadata.json_ld([paper], site.url)}</script>'
    authors = ", ".join(paper.authors)
    body = (
        f'<nav><a href="../index.html#{paper.anchor}">{escape(site.title)}</a></nav>\n'
        f"<main><h1>{escape(paper.title)}</h1>\n<p>{escape(authors)}</p>\n"
        f'<p class="faint">{escape(paper.whereabouts)}</p>\n'
        f"{_reference(paper)}\n{page.tools(_seen_from_below(paper))}</main>"
    )
    return page.document(
        f"{paper.title} – {site.title}",
        site,
        body,
        head=f"{metadata.highwire(paper, site.url)}\n{data}",
    )


def _reference(paper: Paper) -> str:
    return f'<h2>Reference</h2><div class="csl-bib-body">{paper.reference}</div>'


def _seen_from_below(paper: Paper) -> Paper:
    """The paper with paths that lead out of its folder."""
    links = tuple(
        (word, target if target.startswith(("http", "/")) else f"../{target}")
        for word, target in paper.links
    )
    return replace(paper, links=links)
