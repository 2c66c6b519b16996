"""Identifiers inside text: DOI, arXiv, PubMed, ISBN, ACL Anthology, OpenReview and addresses.

Knows where an identifier ends in prose, Markdown and HTML, and which identifiers hide in the
addresses of well-known sites. The canonical forms are `citeworks.model.identifier`'s. Refuses to
know what a record is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citeworks.model import Identifier
from citeworks.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_identifier,
    parse_isbn,
    parse_pmcid,
    parse_pmid,
    parse_url,
)

_NEW_ARXIV = r"\d{4}\.\d{4,5}(?:v\d{1,3})?(?!\d)"
_OLD_ARXIV = (
    r"(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg"
    r"|comp-gas|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph"
    r"|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int"
    r"|supr-con)(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,3})?(?!\d)"
)
_ACL_NEW = r"(?:19|20)\d\d\.[a-z][a-z0-9_]{1,30}-[a-z0-9_]{1,20}\.\d{1,4}"
_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>\"“”«»]{1,4000})"
    r"|(?<![\w.])(?P<doi>10\.\d{4,9}(?:\.\d{1,9})*/[^\s\"“”«»]{1,800})"
    rf"|\b(?:https?://)?arxiv(?:\.org/(?:abs|pdf|html)/|\s?:?\s?)(?P<arxiv>{_NEW_ARXIV}|{_OLD_ARXIV})"
    rf"|(?<![\w./-])(?P<old>{_OLD_ARXIV})"
    r"|\b(?P<pmid>PMID\s?:?\s?\d{1,9})(?!\d)"
    r"|\b(?P<pmcid>PMC\d{4,9})(?!\d)"
    r"|\b(?P<isbn>ISBN(?:-1[03])?:?\s?\d[\d\s-]{8,16}[\dX])(?!\d)"
    rf"|(?<![\w./-])(?P<acl>{_ACL_NEW})(?![\w-])",
    re.I,
)
_HINT = re.compile(r"://|10\.\d|/\d{7}|arxiv|pmid|pmc\d|isbn|(?:19|20)\d\d\.[a-z]", re.I)
_ADDRESSES = (
    ("arxiv", re.compile(rf"https?://[\w.]*arxiv\.org/(?:abs|pdf|html|format)/({_NEW_ARXIV})")),
    ("arxiv", re.compile(rf"https?://[\w.]*arxiv\.org/(?:abs|pdf|html|format)/({_OLD_ARXIV})")),
    ("arxiv", re.compile(rf"https?://huggingface\.co/papers/({_NEW_ARXIV})")),
    ("arxiv", re.compile(rf"https?://(?:www\.)?alphaxiv\.org/(?:abs|overview)/({_NEW_ARXIV})")),
    ("arxiv", re.compile(rf"https?://ar5iv(?:\.labs\.arxiv)?\.org/(?:abs|html)/({_NEW_ARXIV})")),
    (
        "openreview",
        re.compile(
            r"https?://openreview\.net/(?:forum|pdf|attachment)\?(?:\w+=\w*&)?id=([\w-]{6,})"
        ),
    ),
    (
        "acl",
        re.compile(
            r"https?://(?:www\.)?(?:aclanthology\.(?:org|info)|aclweb\.org/anthology)(?:/papers)?/"
            rf"({_ACL_NEW}|[A-Z]\d\d-\d{{4,5}})(?:v\d)?(?:\.pdf|\.bib)?/?\Z"
        ),
    ),
)
_DOI_IN_ADDRESS = re.compile(r"/(10\.\d{4,9}(?:\.\d{1,9})*/[^?#\s]+)")
_PAGE_OF_ARTICLE = re.compile(
    r"/(?:full|pdf|abstract|epub|html|meta|fulltext)(?:\.html?|\.pdf)?\Z|\.pdf\Z|\.html?\Z"
    r"|(?<=\d)v\d{1,2}(?:\.full(?:\.pdf|-text)?)?\Z",
    re.I,
)
_TRAILING = ".,;:!?'*~`’”»…\\|"
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}
_MARKUP_AFTER = re.compile(r"<(?=[/a-zA-Z!])|[,;](?=10\.\d{4,9}/)|\]\(|&(?:lt|quot);")
_SEPARATED = re.compile(r"[\s,;]+")
STRONG_SCHEMES = frozenset("doi arxiv pmid pmcid isbn acl openreview".split())
"""The schemes that name a work; an address may name anything."""


@dataclass(frozen=True, slots=True)
class Found:
    """Identifiers of one thing, at ``text[start:end]``."""

    start: int
    end: int
    identifiers: tuple[Identifier, ...]


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Every identifier in the text, each once, in order."""
    found = (identifier for item in scan(text) for identifier in item.identifiers)
    return tuple(dict.fromkeys(found))


def scan(text: str) -> Iterator[Found]:
    """The identifiers in running text, with their places; a bare number needs a label."""
    if not _HINT.search(text):
        return
    position = 0
    while match := _TOKEN.search(text, position):
        scheme = match.lastgroup or ""
        token = trim(match[scheme])
        end = match.start(scheme) + max(len(token), 1)
        identifiers = identify(token, scheme)
        if identifiers:
            yield Found(match.start(), end, identifiers)
        position = end


def scan_bare(text: str) -> list[Found]:
    """The identifiers in a text that holds nothing else; empty if it holds anything else."""
    if isbn := parse_isbn(text):
        return [Found(0, len(text), (Identifier("isbn", isbn),))]
    found = []
    position = 0
    for word in _SEPARATED.split(text):
        start = text.index(word, position)
        position = start + len(word)
        identifier = parse_identifier(word.strip("<>()[].,;"))
        if identifier is None:
            if word:
                return []
            continue
        found.append(Found(start, position, identify_address(identifier)))
    return found


def identify(token: str, scheme: str) -> tuple[Identifier, ...]:
    """The identifiers that a token of this kind stands for; empty if it is malformed."""
    if scheme == "url":
        return identify_address(Identifier("url", url)) if (url := parse_url(token)) else ()
    if scheme == "acl":
        return (Identifier("acl", token.lower()),)
    if scheme == "doi" and parse_arxiv(token):
        scheme = "arxiv"
    canonical, value = _PARSERS[scheme]
    found = value(token)
    return (Identifier(canonical, found),) if found else ()


_PARSERS = {
    "doi": ("doi", parse_doi),
    "arxiv": ("arxiv", parse_arxiv),
    "old": ("arxiv", parse_arxiv),
    "pmid": ("pmid", parse_pmid),
    "pmcid": ("pmcid", parse_pmcid),
    "isbn": ("isbn", parse_isbn),
}


def identify_address(identifier: Identifier) -> tuple[Identifier, ...]:
    """The identifier that an address holds, with the address if it says more than that."""
    if identifier.scheme != "url":
        return (identifier,)
    address = identifier.value
    known = parse_identifier(address)
    if known and known.scheme != "url":
        return (known,)
    for scheme, pattern in _ADDRESSES:
        if match := pattern.match(address):
            value = parse_arxiv(match[1]) if scheme == "arxiv" else match[1]
            return (Identifier(scheme, value),) if value else (identifier,)
    if match := _DOI_IN_ADDRESS.search(address):
        doi = parse_doi(_PAGE_OF_ARTICLE.sub("", match[1]).rstrip("/"))
        if doi:
            return (Identifier("doi", doi), identifier)
    return (identifier,)


def trim(token: str) -> str:
    """The token without what the sentence around it put at its end.

    A closing bracket stays when the token has its opening one: DOI names such as
    ``10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O`` are full of them.
    """
    markup = _MARKUP_AFTER.search(token)
    if markup:
        token = token[: markup.start()]
    surplus = {close: token.count(close) - token.count(open_) for close, open_ in _CLOSING.items()}
    end = len(token)
    while end:
        last = token[end - 1]
        if last in _CLOSING and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return token[:end]
