"""Identifiers in canonical form: DOI, arXiv, PMID, PMCID, ISBN, URL.

Each ``parse_*`` takes what people paste (with prefix, resolver address or stray punctuation) and
gives the canonical text, or the empty string when it is none. Finding identifiers *inside* prose
is the listing layer's work; whether one exists is the resolvers'.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

_DOI = re.compile(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*|info:doi/)?(10\.\d{4,9}(?:\.\d+)*/\S+)\Z", re.I
)
_ARXIV_PREFIX = (
    r"(?:https?://(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|format|src|e-print)/|arxiv:\s*)?"
)
_ARXIV_CLASS = r"(?:\s{0,3}\[[a-z-]+(?:\.[a-z-]+)?\])?"
_ARXIV_NEW = re.compile(
    _ARXIV_PREFIX
    + r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(v[1-9]\d*)?(?:\.pdf)?[/?#]?"
    + _ARXIV_CLASS
    + r"\Z",
    re.I,
)
_ARXIV_OLD = re.compile(
    _ARXIV_PREFIX
    + r"([a-z]+(?:-[a-z]+)*)(?:\.[a-z]{2})?/(\d{2}(?:0[1-9]|1[0-2])\d{3})(v[1-9]\d*)?(?:\.pdf)?"
    + _ARXIV_CLASS
    + r"\Z",
    re.I,
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)\Z", re.I)
_ARXIV_ARCHIVES = frozenset(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas "
    "cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin "
    "nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio q-fin quant-ph solv-int stat supr-con "
    "econ eess".split()
)
_PMID = re.compile(
    r"(?:https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/"
    r"|pmid:?\s*)?([1-9]\d{0,8})/?\Z",
    re.I,
)
_PMCID = re.compile(
    r"(?:https?://(?:www\.)?(?:ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov)/articles/"
    r"|pmcid:?\s*)?(PMC\d+)(?:\.\d+)?/?\Z",
    re.I,
)
_ISBN = re.compile(r"(?:(?:urn:)?isbn(?:-1[03])?:?\s*)?([\d][\d\s-]{8,16}[\dXx])\Z", re.I)
_URL = re.compile(r"https?://[^\s<>\"]+\Z", re.I)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A scheme (``doi arxiv pmid pmcid isbn url``) and a value in the scheme's canonical form."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return self.value if self.scheme == "url" else f"{self.scheme}:{self.value}"


def parse_doi(text: str) -> str:
    """A bare DOI in lower case (DOI names compare without case: ISO 26324), or ``""``."""
    text = _bare(text)
    match = _DOI.match(_bare(unquote(text)) if "%" in text else text)
    return match[1].lower() if match else ""


def parse_arxiv(text: str) -> str:
    """An arXiv identifier without version, ``2306.16388`` or ``hep-th/9901001``, or ``""``."""
    text = _bare(text)
    doi = parse_doi(text)
    if doi:
        inner = _ARXIV_DOI.match(doi)
        return parse_arxiv(inner[1]) if inner else ""
    new = _ARXIV_NEW.match(text)
    if new:
        return new[1]
    old = _ARXIV_OLD.match(text)
    if old and old[1].lower() in _ARXIV_ARCHIVES:
        return f"{old[1].lower()}/{old[2]}"
    return ""


def parse_pmid(text: str) -> str:
    """A PubMed identifier, digits only, or ``""``."""
    match = _PMID.match(_bare(text))
    return match[1] if match else ""


def parse_pmcid(text: str) -> str:
    """A PubMed Central identifier, ``PMC`` and digits, or ``""``."""
    match = _PMCID.match(_bare(text))
    return match[1].upper() if match else ""


def parse_isbn(text: str) -> str:
    """An ISBN as 13 digits, its check digit verified (ISO 2108), or ``""``."""
    match = _ISBN.match(_bare(text))
    if not match:
        return ""
    digits = re.sub(r"[\s-]", "", match[1]).upper()
    if len(digits) == 10 and _isbn10_is_valid(digits):
        body = "978" + digits[:9]
        return body + _isbn13_check_digit(body)
    if len(digits) == 13 and digits.isdigit() and digits[:3] in ("978", "979"):
        return digits if digits[-1] == _isbn13_check_digit(digits[:12]) else ""
    return ""


def parse_url(text: str) -> str:
    """An http(s) address, or ``""``."""
    text = text.strip()
    return text if _URL.match(text) else ""


PARSERS: dict[str, Callable[[str], str]] = {
    "arxiv": parse_arxiv,
    "doi": parse_doi,
    "pmcid": parse_pmcid,
    "isbn": parse_isbn,
    "url": parse_url,
}
"""The schemes that a bare text can be recognised as, the most specific first."""


def parse_identifier(text: str) -> Identifier | None:
    """The identifier that the whole of `text` is, or None.

    Bare digits are no PubMed identifier here: that needs its ``pmid:`` prefix or address.
    """
    text = text.strip()
    if re.match(r"pmid|https?://", text, re.I) and (pmid := parse_pmid(text)):
        return Identifier("pmid", pmid)
    for scheme, parse in PARSERS.items():
        if value := parse(text):
            return Identifier(scheme, value)
    return None


def _bare(text: str) -> str:
    """The text without the white space and the punctuation of a sentence around it."""
    return text.strip().rstrip(".,;").rstrip()


def _isbn10_is_valid(digits: str) -> bool:
    if not (digits[:9].isdigit() and (digits[9].isdigit() or digits[9] == "X")):
        return False
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return (
        sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11
        == 0
    )


def _isbn13_check_digit(body: str) -> str:
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return str(-total % 10)
