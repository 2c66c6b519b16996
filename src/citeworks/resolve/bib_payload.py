"""A .bib file of one entry, as the ACL Anthology and DBLP give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from citeworks.bibtex import read_records
from citeworks.http import Response
from citeworks.model import Identifier, Name, Value
from citeworks.model.name_words import CAPITALIZED_PARTICLES
from citeworks.normalize.names import parse_name
from citeworks.resolve.interface import Found
from citeworks.resolve.payload import doi, make_found

_HOMONYM = re.compile(r"\s+\d{4}\Z")


def parse_bib(
    response: Response,
    locator: str,
    *,
    custom: Mapping[str, Any],
    identifiers: Iterable[Identifier | None] = (),
) -> Found | None:
    """The first entry; None for a 404. Raises BadResponse for a file without any."""
    if response.is_missing:
        return None
    is_bib = response.status == 200 and response.text.lstrip().startswith("@")
    reading = read_records(response.text) if is_bib else None
    if reading is None or not reading.records:
        raise response.bad("no .bib file")
    record = reading.records[0]
    own = doi(record.text("DOI"))
    values: dict[str, Value] = {**record.variables, "DOI": own.value if own else ""}
    values |= {
        name: tuple(_named(each, response.source) for each in value)
        for name, value in values.items()
        if isinstance(value, tuple)
    }
    return make_found(
        response.source,
        locator,
        response.retrieved,
        record.type,
        values,
        custom=custom,
        identifiers=[own, *identifiers],
        is_complete=not record.is_truncated(),
    )


def _named(name: Name, source: str) -> Name:
    """DBLP writes ``Gabriele Di Ubaldo`` and numbers people of the same name: ``Ana Costa 0001``.

    BibTeX's rules make the families *Ubaldo* and *0001* of that.
    """
    written = _HOMONYM.sub("", f"{name.given} {name.family}")
    given = name.given.split(" ")
    is_wrong = name.family.isdigit() or (given[-1] in CAPITALIZED_PARTICLES and len(given) > 1)
    if source == "dblp" and name.given and is_wrong:
        return parse_name(written)
    return replace(name, literal=_HOMONYM.sub("", name.literal))
