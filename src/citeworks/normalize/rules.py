"""What happens to a record on its way into a library: read `RULES` from top to bottom.

Every rule is pure (record in, record out) and idempotent, keeps the provenance of what it only
rewrites, and marks as `INFERRED` what it adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from citeworks.model import Date, Provenance, Record, Value
from citeworks.model.change import CUSTOM, TYPE
from citeworks.model.provenance import INFERRED, USER
from citeworks.model.variables import TYPES
from citeworks.normalize.dates import normalize_date
from citeworks.normalize.identifiers import (
    CANONICAL,
    find_arxiv,
    is_doi_address,
    normalize_identifier,
)
from citeworks.normalize.names import normalize_names
from citeworks.normalize.text import clean_text, links_in, markdown_to_rich_text

Rule = Callable[[Record], Record]
_VERBATIM = frozenset({"note"})
_RICH = ("title", "abstract", "container-title")
_SOURCES_WITH_NAME_PARTS = frozenset(
    {USER, "bibtex", "csl-json", "crossref", "ris", "nbib", "endnote-xml", "cff"}
)
"""Where a literal name says that it is a collective, rather than that nobody has split it."""


def clean_texts(record: Record) -> Record:
    """Characters and white space of every text; what is left empty is dropped.

    A note keeps its line breaks: other programs store structured lines in it.
    """
    values = {
        name: clean_text(value) if isinstance(value, str) and name not in _VERBATIM else value
        for name, value in record.variables.items()
    }
    return _with_variables(record, {name: value for name, value in values.items() if value != ""})


def rich_texts(record: Record) -> Record:
    """Markdown emphasis in titles and abstracts becomes CSL rich text."""
    return _map_texts(record, _RICH, markdown_to_rich_text)


def names(record: Record) -> Record:
    """Written names become name-parts, unless they come from a source that knows parts."""
    values = {
        name: normalize_names(value, split=not _knows_name_parts(record, name))
        if isinstance(value, tuple)
        else value
        for name, value in record.variables.items()
    }
    return _with_variables(record, {name: value for name, value in values.items() if value != ()})


def dates(record: Record) -> Record:
    """Dates written as text become dates; one that says nothing is dropped."""
    values = {
        name: normalize_date(value) if isinstance(value, Date) else value
        for name, value in record.variables.items()
    }
    return _with_variables(
        record, {name: value for name, value in values.items() if value != Date()}
    )


def identifiers(record: Record) -> Record:
    """Identifiers in canonical form, each stated once."""
    values = dict(record.variables)
    for variable in CANONICAL.keys() & values.keys():
        values[variable] = normalize_identifier(variable, str(values[variable]))
    if "URL" in values and is_doi_address(str(values["URL"])):
        doi = normalize_identifier("DOI", str(values["URL"]))
        if values.setdefault("DOI", doi) == doi:
            del values["URL"]
    return _with_variables(record, values, {"DOI": "URL"})


def arxiv_identifier(record: Record) -> Record:
    """The arXiv identifier of a preprint, wherever it was stated, also as ``custom.arxiv``."""
    found = find_arxiv(record.text("DOI"), record.text("URL"), record.text("number"))
    if not found or "arxiv" in record.custom:
        return record
    return record.with_custom(arxiv=found)


def arxiv_repository(record: Record) -> Record:
    """A preprint with an arXiv identifier or class is published by arXiv, under that number."""
    if record.type != "article" or not {"arxiv", "arxiv-class"} & record.custom.keys():
        return record
    inferred: dict[str, Value] = {"publisher": "arXiv"}
    if record.custom.get("arxiv"):
        inferred["number"] = f"arXiv:{record.custom['arxiv']}"
    missing = {name: value for name, value in inferred.items() if name not in record.variables}
    return record.with_values(missing, Provenance(INFERRED)) if missing else record


def links(record: Record) -> Record:
    """Addresses in the abstract are kept as links of the record, never as the record's own URL."""
    found = links_in(record.text("abstract"))
    known = record.custom.get("links", [])
    if not found or not isinstance(known, list):
        return record
    new = [link for link in found if link not in frozenset(map(str, known))]
    return record.with_custom(links=[*known, *new]) if new else record


def known_type(record: Record) -> Record:
    """A type that CSL lacks becomes ``document``; the written one stays in ``custom``."""
    if record.type in TYPES:
        return record
    return replace(record.with_custom(type=record.type), type="document")


RULES: tuple[Rule, ...] = (
    clean_texts,
    rich_texts,
    names,
    dates,
    identifiers,
    arxiv_identifier,
    arxiv_repository,
    links,
    known_type,
)
"""Every rule, in the order in which they run."""


def normalize(record: Record) -> Record:
    """Run all rules over one record; running them again changes nothing."""
    for rule in RULES:
        record = rule(record)
    return record


def _knows_name_parts(record: Record, variable: str) -> bool:
    origin = record.provenance.get(variable)
    return origin is not None and origin.source in _SOURCES_WITH_NAME_PARTS


def _with_variables(
    record: Record, variables: dict[str, Value], moved: Mapping[str, str] = MappingProxyType({})
) -> Record:
    """The record with these variables; `moved` says from which variable a new one was made."""
    if variables == record.variables:
        return record
    elsewhere = {
        name: origin
        for name, origin in record.provenance.items()
        if name == TYPE or name.startswith(CUSTOM)
    }
    provenance = elsewhere | {
        name: record.provenance.get(name)
        or record.provenance.get(moved.get(name, ""), Provenance(INFERRED))
        for name in variables
    }
    return replace(record, variables=variables, provenance=provenance)


def _map_texts(record: Record, variables: tuple[str, ...], change: Callable[[str], str]) -> Record:
    changed = {
        name: change(value) if name in variables and isinstance(value, str) else value
        for name, value in record.variables.items()
    }
    return _with_variables(record, changed)
