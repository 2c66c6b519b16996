"""The publication page as one HTML document that asks nothing of anybody else.

Knows landmarks, headings, entries and the content policy. Works without its script: search and
filters are shown by the script alone. Every text is escaped here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby

from citeworks.site import chart, metadata
from citeworks.site.paper import GROUPS, Paper

BIB_FILE, JSON_FILE, FEED_FILE = "publications.bib", "publications.json", "feed.xml"


@dataclass(frozen=True, slots=True)
class Site:
    """What the page says of itself; `url` is where it will stand, with its slash, or empty.

    A preview reloads itself when the server that shows it has a new version.
    """

    title: str = "Publications"
    description: str = ""
    url: str = ""
    language: str = "en"
    is_preview: bool = False


def dump(papers: Sequence[Paper], site: Site) -> str:
    """The page of these papers, in their order."""
    selected = [paper for paper in papers if paper.is_selected]
    body = [
        '<a class="skip" href="#papers">Skip to the papers</a>',
        f"<header><h1>{escape(site.title)}</h1>{_paragraph(site.description)}{_files()}</header>",
        _search(papers),
        '<p class="status faint" role="status"></p>',
        chart.dump(papers),
        '<main id="papers">',
        _selected(selected),
        *_years(papers),
        "</main>",
    ]
    data = f'<script type="application/ld+json">{metadata.json_ld(papers, site.url)}</script>'
    return document(site.title, site, "\n".join(body), head=_alternates(site) + data, script=True)


def document(title: str, site: Site, body: str, *, head: str = "", script: bool = False) -> str:
    """A whole document around a body: policy, style, script."""
    style = _asset("style.css")
    names = ["script.js"] * script + ["reload.js"] * site.is_preview
    code = "".join(_asset(name) for name in names)
    allowed = f"'{_digest(code)}'" if code else "'none'"
    reached = "'self'" if site.is_preview else "'none'"
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src {allowed}; "
        f"connect-src {reached}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!doctype html>\n<html lang="{escape(site.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n{head}\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        + (f"<script>{code}</script>\n" if code else "")
        + "</body>\n</html>\n"
    )


def tools(paper: Paper, *, permalink: str = "") -> str:
    """The buttons of a paper: its links, its abstract, its BibTeX entry."""
    parts = [
        f'<a href="{escape(target)}" rel="noopener">{escape(word)}</a>'
        for word, target in paper.links
    ]
    if permalink:
        parts.append(f'<a href="{escape(permalink)}">Page</a>')
    if paper.abstract:
        parts.append(
            f"<details><summary>Abstract</summary><p>{escape(paper.abstract)}</p></details>"
        )
    if paper.bibtex:
        parts.append(
            '<details class="bibtex"><summary>BibTeX</summary>'
            f'<pre tabindex="0">{escape(paper.bibtex)}</pre></details>'
        )
    return f'<div class="tools">{"".join(parts)}</div>'


def _entry(paper: Paper) -> str:
    award = f' <span class="award">{escape(paper.award)}</span>' if paper.award else ""
    return (
        f'<li id="{paper.anchor}" data-year="{escape(paper.year)}" '
        f'data-type="{escape(paper.group)}">'
        f"{_reference(paper)}{award}{metadata.coins(paper)}"
        f"{tools(paper, permalink=landing_name(paper))}</li>"
    )


def _reference(paper: Paper) -> str:
    if paper.reference.startswith("<div"):
        return paper.reference
    return f'<div class="csl-entry">{paper.reference}</div>'


def landing_name(paper: Paper) -> str:
    """Where the page of one paper stands, beside the page of all."""
    return f"papers/{paper.anchor}.html"


def _years(papers: Sequence[Paper]) -> Iterable[str]:
    for year, of_year in groupby(papers, key=lambda paper: paper.year):
        yield f'<section aria-labelledby="y-{_id(year)}"><h2 id="y-{_id(year)}">{escape(year)}</h2>'
        for group, entries in groupby(of_year, key=lambda paper: paper.group):
            yield f"<section><h3>{escape(group)}</h3>"
            yield '<ul class="papers">'
            yield from (_entry(paper) for paper in entries)
            yield "</ul></section>"
        yield "</section>"


def _selected(papers: Sequence[Paper]) -> str:
    if not papers:
        return ""
    rows = "\n".join(
        f'<li><a href="#{paper.anchor}">{escape(paper.title)}</a> '
        f'<span class="faint">{escape(paper.whereabouts)}</span></li>'
        for paper in papers
    )
    heading = '<h2 id="selected">Selected papers</h2>'
    return f'<nav aria-labelledby="selected">{heading}<ul>{rows}</ul></nav>'


def _search(papers: Sequence[Paper]) -> str:
    years = sorted({paper.year for paper in papers}, reverse=True)
    present = {paper.group for paper in papers}
    return (
        '<form role="search" aria-label="Papers" hidden>'
        '<label class="wide">Search <input type="search" name="q" autocomplete="off"></label>'
        f"{_select('Year', 'year', years)}"
        f"{_select('Type', 'type', [group for group in GROUPS if group in present])}"
        '<button type="reset">Show all</button></form>'
    )


def _select(label: str, name: str, values: Iterable[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    choices = f'<option value="">All</option>{options}'
    return f'<label>{label} <select name="{name}">{choices}</select></label>'


def _files() -> str:
    names = ((BIB_FILE, "BibTeX"), (JSON_FILE, "CSL-JSON"), (FEED_FILE, "Atom feed"))
    links = ", ".join(f'<a href="{name}">{word}</a>' for name, word in names)
    return f'<p class="faint">All of it: {links}</p>'


def _alternates(site: Site) -> str:
    kinds = (
        (BIB_FILE, "application/x-bibtex"),
        (JSON_FILE, "application/vnd.citationstyles.csl+json"),
        (FEED_FILE, "application/atom+xml"),
    )
    links = "".join(f'<link rel="alternate" type="{kind}" href="{name}">\n' for name, kind in kinds)
    if site.description:
        links += f'<meta name="description" content="{escape(site.description)}">\n'
    return links + (f'<link rel="canonical" href="{escape(site.url)}">\n' if site.url else "")


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _id(text: str) -> str:
    return text.replace(" ", "-").lower()


@cache
def _asset(name: str) -> str:
    return files("citeworks.site").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
