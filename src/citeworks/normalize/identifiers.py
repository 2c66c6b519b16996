"""Identifier variables in canonical form, and the arXiv identifier wherever it hides."""

from __future__ import annotations

from citeworks.model.identifier import parse_arxiv, parse_doi, parse_isbn, parse_pmcid, parse_pmid

CANONICAL = {"DOI": parse_doi, "ISBN": parse_isbn, "PMID": parse_pmid, "PMCID": parse_pmcid}
"""The CSL variables that hold identifiers, each with its parser."""


def normalize_identifier(variable: str, text: str) -> str:
    """The canonical form; a text that is no such identifier is kept for the reader to judge."""
    return CANONICAL[variable](text) or text.strip()


def is_doi_address(url: str) -> bool:
    """True if the address only says a DOI again."""
    return "doi.org/" in url.lower() and bool(parse_doi(url))


def find_arxiv(doi: str, url: str, number: str) -> str:
    """The arXiv identifier that a 10.48550 DOI, an address or a number states, or ``""``."""
    candidates = [doi] if doi.lower().startswith("10.48550/") else []
    candidates += [url] if "arxiv.org/" in url.lower() else []
    candidates += [number] if number.lower().startswith("arxiv:") else []
    return next((found for found in map(parse_arxiv, candidates) if found), "")
