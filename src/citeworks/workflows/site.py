"""A library to the files of a publication page, or to the source files of a site generator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from citeworks import csl_json
from citeworks.bibtex import writer
from citeworks.errors import InputError
from citeworks.model import Name, Record
from citeworks.nearest import did_you_mean
from citeworks.normalize.names import parse_name
from citeworks.render.engines import load_renderer
from citeworks.render.styles import load_style
from citeworks.site import feed, landing, page
from citeworks.site.front_matter import GENERATORS
from citeworks.site.page import Site
from citeworks.site.paper import Paper, papers_of
from citeworks.workflows.legible import legible

OWN = "html"
"""The format that is a site by itself."""
SITE_FORMATS = (OWN, *GENERATORS)


def check_site_format(name: str) -> str:
    """The format itself; InputError with the nearest names when there is none."""
    if name not in SITE_FORMATS:
        hint = did_you_mean(name, SITE_FORMATS) or "formats are " + ", ".join(SITE_FORMATS)
        raise InputError(f"unknown site format {name!r}", hint=hint)
    return name


def build(
    records: Sequence[Record],
    site: Site,
    *,
    output: str = OWN,
    style: str = "apa",
    locale: str = "",
    own: Iterable[str] = (),
) -> Iterator[tuple[str, str]]:
    """The files of the site: paths within its folder, and their texts."""
    records = legible(records)
    renderer = load_renderer("", load_style(style), locale, "html")
    entries = dict(writer.entries(records, dialect="bibtex", ascii=False))
    papers = papers_of(
        records, dict(renderer.bibliography(records)), entries, [_name(each) for each in own]
    )
    bibliography = "\n".join(entries.values())
    if check_site_format(output) != OWN:
        yield from GENERATORS[output](papers, bibliography, site)
        return
    yield "index.html", page.dump(papers, site)
    yield page.BIB_FILE, bibliography
    yield page.JSON_FILE, csl_json.dump(_public(records))
    yield page.FEED_FILE, feed.dump(papers, site)
    for paper in papers:
        yield page.landing_name(paper), landing.dump(paper, site)


def _public(records: Iterable[Record]) -> Iterator[Record]:
    """The records without what is the library's own business."""
    for record in records:
        yield Record(record.key, record.type, record.variables)


def _name(text: str) -> Name:
    name = parse_name(text)
    if not (name.family or name.literal):
        raise InputError(f"{text!r} is no name", hint="give it as Family, Given or Given Family")
    return name


__all__ = ["OWN", "SITE_FORMATS", "Paper", "Site", "build", "check_site_format"]
