"""CSL-JSON as services answer with it: nearly CSL, with lists, nulls and extra keys in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from citeworks.model import Identifier, Value
from citeworks.model.identifier import parse_isbn, parse_pmcid, parse_pmid
from citeworks.model.variables import NUMBER_VARIABLES, TEXT_VARIABLES, TYPES
from citeworks.resolve.crossref import TYPES as CROSSREF_TYPES
from citeworks.resolve.crossref import names_of
from citeworks.resolve.interface import Found
from citeworks.resolve.payload import (
    abstract_text,
    arxiv,
    date_from_parts,
    date_from_text,
    doi,
    first,
    make_found,
    mapping,
    plain,
    rich_text,
)

_RICH = frozenset("title container-title collection-title event-title title-short".split())
_NAMES = ("author", "editor", "translator", "container-author")
_LEFT_OUT = frozenset("source note references scale citation-key DOI ISBN PMID PMCID".split())
_BIBTEX_DASH = re.compile(r"(?<=\d)--(?=\d)")


def parse_item(
    source: str, locator: str, item: Mapping[str, Any], retrieved: datetime | None = None
) -> Found:
    """One item, whatever of it is CSL."""
    own = doi(item.get("DOI"))
    values: dict[str, Value | None] = {}
    for name in sorted((TEXT_VARIABLES | NUMBER_VARIABLES) - _LEFT_OUT):
        if name in item:
            read = rich_text if name in _RICH else abstract_text if name == "abstract" else plain
            values[name] = read(first(item[name]))
    complete = True
    for name in _NAMES:
        values[name], is_complete = names_of(item.get(name))
        complete = complete and (is_complete or name != "author")
    written = mapping(item.get("issued"))
    values["issued"] = date_from_parts(written) or date_from_text(
        written.get("raw") or written.get("literal")
    )
    pmid, pmcid = parse_pmid(plain(item.get("PMID"))), parse_pmcid(plain(item.get("PMCID")))
    preprint = arxiv(own.value) if own else None
    return make_found(
        source,
        locator,
        retrieved,
        _type(plain(item.get("type"))),
        {
            **values,
            "URL": "" if doi(values.get("URL")) else values.get("URL"),
            "page": _BIBTEX_DASH.sub("-", str(values.get("page") or "")),
            "DOI": own.value if own else "",
            "ISBN": parse_isbn(plain(first(item.get("ISBN"))).rpartition("/")[2]),
            "PMID": pmid,
            "PMCID": pmcid,
        },
        custom={"arxiv": preprint.value if preprint else ""},
        identifiers=[
            preprint,
            own,
            Identifier("pmid", pmid) if pmid else None,
            Identifier("pmcid", pmcid) if pmcid else None,
        ],
        titles=[rich_text(each) for each in item["title"]]
        if isinstance(item.get("title"), list)
        else (),
        is_complete=complete,
    )


def _type(written: str) -> str:
    return written if written in TYPES else CROSSREF_TYPES.get(written, "document")
