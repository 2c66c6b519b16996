"""Which source is believed for which slot of a record: read `RULES` from top to bottom.

A table, with the reason of every line. Refuses to know how a value is read and when it is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from citeworks.model.change import TYPE

ARXIV, ARXIV_CLASS = "custom.arxiv", "custom.arxiv-class"
OPEN_ACCESS = "custom.open-access"
"""The address at which the published version can be read without paying."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Slots that are decided alike.

    `published` and `preprint` are the sources that are believed of that version, best first. The
    value must come from the version that the record describes; with `either` the other version
    is asked after it.
    """

    slots: str
    why: str
    published: str = (
        "crossref datacite doi acl pubmed dblp openreview catalogue openalex semanticscholar"
    )
    preprint: str = "arxiv arxiv-oai datacite crossref doi catalogue openalex semanticscholar dblp"
    either: bool = False


RULES = (
    Rule(
        TYPE,
        "the publisher's deposit says what the work is; DBLP makes a paper of whatever has a "
        "conference's name, journals included",
    ),
    Rule(
        "title title-short issued",
        "who registers a version states them; indexes copy, abbreviate and round; the preprint's "
        "where the published version says none",
        either=True,
    ),
    Rule(
        "container-title container-title-short",
        "registered titles are complete; DBLP and Semantic Scholar abbreviate the venue",
        published="crossref datacite doi acl pubmed catalogue openreview dblp openalex "
        "semanticscholar",
        preprint="",
    ),
    Rule(
        "volume issue page edition collection-title collection-number event-title event-place "
        "editor publisher-place ISBN ISSN",
        "OpenAlex and Semantic Scholar keep all versions in one record and are not believed",
        published="crossref datacite doi acl pubmed dblp openreview catalogue",
        preprint="",
    ),
    Rule(
        "publisher number",
        "of an arXiv preprint they follow from its identifier; else as the volume",
        published="crossref datacite doi acl pubmed dblp openreview catalogue",
    ),
    Rule(
        "DOI",
        "only from the record of that very DOI, never from an index that mentions it; of an arXiv "
        "preprint it follows from its identifier",
        published="crossref datacite doi acl pubmed catalogue",
    ),
    Rule(
        "URL",
        "the page of the version; the preprint's for want of both page and DOI",
        either=True,
    ),
    Rule(
        "author",
        "one list, of the version described when it is complete, else of the other: never mixed",
        either=True,
    ),
    Rule(
        "abstract",
        "authors' plain text before deposits, which carry markup and cuts",
        published="acl pubmed openreview crossref datacite doi openalex semanticscholar catalogue",
        either=True,
    ),
    Rule(
        "PMID PMCID language",
        "PubMed numbers its own records; the rest repeat them",
        published="pubmed crossref datacite doi acl openalex semanticscholar catalogue",
        preprint="pubmed crossref datacite doi openalex semanticscholar catalogue",
        either=True,
    ),
    Rule(
        f"{ARXIV} {ARXIV_CLASS}",
        "arXiv numbers its own papers; kept in the published record, so that both can be cited",
        published="",
        preprint="arxiv arxiv-oai datacite catalogue openalex semanticscholar dblp",
        either=True,
    ),
    Rule(OPEN_ACCESS, "only Unpaywall keeps it up to date", published="unpaywall", preprint=""),
)
"""Every slot that a source may fill, beside notices and candidates. Others are left alone."""

SOURCES = frozenset(name for rule in RULES for name in f"{rule.published} {rule.preprint}".split())
"""The sources whose earlier values may be replaced by better ones."""

VENUE = frozenset(
    "container-title container-title-short volume issue page edition collection-title "
    "collection-number event-title event-place editor publisher publisher-place number ISBN ISSN "
    "DOI URL".split()
)
"""What belongs to one version and is taken over as a whole: what the new one lacks is emptied."""
LENT = frozenset({"title", "title-short", "issued", "URL"})
"""What a record of the published version has from the preprint for want of its own."""
REPLACED = VENUE | {TYPE, "title", "title-short", "issued", "author"}
