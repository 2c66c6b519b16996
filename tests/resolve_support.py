"""Finds and records as tests of resolving write them: short."""

from __future__ import annotations

from typing import Any

from citeworks.model import Identifier, Record
from citeworks.model.date import parse_edtf
from citeworks.normalize.names import parse_name
from citeworks.resolve.interface import Found, Link


def record(title: str, authors: str = "", issued: str = "", **variables: Any) -> Record:
    """A record with authors in reading order, parted by commas; ``et al.`` truncates the list."""
    values: dict[str, Any] = {"title": title} if title else {}
    names = [name.strip() for name in authors.split(",") if name.strip()]
    truncated = bool(names) and names[-1] == "et al."
    names = names[:-1] if truncated else names
    if names:
        values["author"] = tuple(parse_name(name) for name in names)
    if issued:
        values["issued"] = parse_edtf(issued)
    kind = variables.pop("type", "article")
    custom = {"et-al": ["author"]} if truncated else {}
    if "arxiv" in variables:
        custom["arxiv"] = variables.pop("arxiv")
    values.update({name.replace("_", "-"): value for name, value in variables.items()})
    return Record("", kind, values, {}, custom)


def preprint(title: str, authors: str, issued: str, arxiv: str, **more: Any) -> Found:
    """A find from arXiv."""
    each = record(title, authors, issued, arxiv=arxiv)
    return Found("arxiv", each, (Identifier("arxiv", arxiv),), **more)


def published(title: str, authors: str, year: str, venue: str, doi: str = "", **more: Any) -> Found:
    """A find from Crossref or another publisher."""
    kind = more.pop("type", "paper-conference")
    each = record(title, authors, year, type=kind, container_title=venue)
    identifiers: tuple[Identifier, ...] = ()
    if doi:
        each = record(title, authors, year, type=kind, container_title=venue, DOI=doi)
        identifiers = (Identifier("doi", doi),)
    return Found("crossref", each, identifiers, **more)


def link(relation: str, scheme: str, value: str) -> Link:
    """A link to another version."""
    return Link(relation, Identifier(scheme, value))
