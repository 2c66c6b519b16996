"""The papers as the source files of other site generators: Quarto, Hugo and Jekyll.

Front matter is YAML; its values are written as JSON, which YAML 1.2 contains, so that no text can
mean anything but itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from citeworks.model.identifier import parse_doi
from citeworks.site.page import Site
from citeworks.site.paper import Paper

Files = Iterable[tuple[str, str]]
"""Paths within the site, with `/`, and their texts."""

_HUGO_KINDS = {
    "Journal articles": "article-journal",
    "Conference papers": "paper-conference",
    "Books": "book",
    "Chapters": "chapter",
    "Preprints": "article",
    "Theses": "thesis",
    "Reports": "report",
    "Patents": "patent",
}


def quarto(papers: Sequence[Paper], bibliography: str, site: Site) -> Files:
    """A listing page and a page a paper (https://quarto.org/docs/websites/website-listings.html)."""
    yield (
        "publications.qmd",
        _front(
            {
                "title": site.title,
                "listing": {
                    "contents": "publications/*.qmd",
                    "sort": "date desc",
                    "type": "default",
                    "categories": True,
                    "feed": True,
                },
            }
        )
        + _body(site.description),
    )
    yield "publications.bib", bibliography
    for paper in papers:
        yield (
            f"publications/{paper.anchor}.qmd",
            _front(
                {
                    "title": paper.title,
                    "author": [{"name": name} for name in paper.authors],
                    "date": _date(paper),
                    "categories": [paper.group],
                    "abstract": paper.abstract,
                    "doi": parse_doi(paper.record.text("DOI")),
                    "citation": {
                        "type": paper.record.type,
                        "container-title": paper.venue,
                        "issued": _date(paper),
                        "doi": parse_doi(paper.record.text("DOI")),
                        "url": paper.record.text("URL"),
                    },
                    "other-links": [{"text": word, "href": target} for word, target in paper.links],
                }
            )
            + _fenced(paper),
        )


def hugo(papers: Sequence[Paper], bibliography: str, site: Site) -> Files:
    """A folder a paper, as Hugo's academic themes read them (``content/publication``)."""
    yield "content/publication/_index.md", _front({"title": site.title}) + _body(site.description)
    yield "static/publications.bib", bibliography
    for paper in papers:
        folder = f"content/publication/{paper.anchor}"
        links = dict(paper.links)
        yield (
            f"{folder}/index.md",
            _front(
                {
                    "title": paper.title,
                    "authors": list(paper.authors),
                    "date": _date(paper),
                    "doi": parse_doi(paper.record.text("DOI")),
                    "publication_types": [_HUGO_KINDS.get(paper.group, "document")],
                    "publication": paper.venue,
                    "abstract": paper.abstract,
                    "featured": paper.is_selected,
                    **{
                        f"url_{word.lower()}": links.get(word, "")
                        for word in ("PDF", "Code", "Slides", "Poster", "Video", "Dataset")
                    },
                }
            ),
        )
        yield f"{folder}/cite.bib", paper.bibtex + "\n"


def jekyll(papers: Sequence[Paper], bibliography: str, site: Site) -> Files:
    """What al-folio reads: ``_bibliography/papers.bib`` behind empty front matter, and its page."""
    yield "_bibliography/papers.bib", f"---\n---\n\n{bibliography}"
    yield (
        "_pages/publications.md",
        _front(
            {
                "layout": "page",
                "permalink": "/publications/",
                "title": site.title,
                "description": site.description,
                "nav": True,
            }
        )
        + '\n<div class="publications">\n\n{% bibliography %}\n\n</div>\n',
    )


GENERATORS: Mapping[str, Callable[[Sequence[Paper], str, Site], Files]] = {
    "quarto": quarto,
    "hugo": hugo,
    "jekyll": jekyll,
}
"""The generators by name."""


def _front(values: Mapping[str, Any]) -> str:
    rows = "".join(f"{name}: {_json(value)}\n" for name, value in values.items() if value)
    return f"---\n{rows}---\n"


def _json(value: Any) -> str:
    kept = {key: each for key, each in value.items() if each} if isinstance(value, dict) else value
    return _inert(json.dumps(kept, ensure_ascii=False).replace("\x7f", "\\u007f"))


def _date(paper: Paper) -> str:
    date = paper.record.date("issued")
    if not date or not date.start:
        return ""
    year, month, day = (*date.start, 1, 1)[:3]
    return f"{year:04d}-{month if month <= 12 else 1:02d}-{day:02d}"


def _body(text: str) -> str:
    return f"\n{text}\n" if text else ""


def _fenced(paper: Paper) -> str:
    """The BibTeX entry in a fence that is longer than any within."""
    fence = "```"
    while fence in paper.bibtex:
        fence += "`"
    return _inert(f"\n{fence}bibtex\n{paper.bibtex}\n{fence}\n") if paper.bibtex else ""


def _inert(text: str) -> str:
    """The text without shortcodes, which these generators would run even in titles and code."""
    return text.replace("{{<", "{{ <").replace("{{%", "{{ %")
