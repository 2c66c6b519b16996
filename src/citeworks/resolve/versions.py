"""Versions of one work: identifiers in one form, preprint or published, and which records are one.

Knows that a 10.48550 DOI is an arXiv identifier and a 10.18653/v1 one an ACL Anthology number.
Refuses to judge whether a version was wanted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from citeworks.model import Identifier, Record
from citeworks.model.identifier import (
    parse_arxiv,
    parse_doi,
    parse_identifier,
    parse_pmcid,
    parse_pmid,
)
from citeworks.resolve.interface import Found
from citeworks.resolve.likeness import fold, share_found, title_key, title_ratio
from citeworks.resolve.stated import aaai_number
from citeworks.resolve.venues import abbreviates, is_side_track, venue_id

_ACL_DOI = "10.18653/v1/"
_ACL_ADDRESS = re.compile(r"https?://(?:www\.)?aclanthology\.org/([A-Za-z0-9.-]+?)(?:\.pdf)?/?\Z")
_OPENREVIEW_ADDRESS = re.compile(r"https?://openreview\.net/(?:forum|pdf)\?id=([\w-]+)\Z")
_PREPRINT_VENUES = ("arxiv", "corr", "biorxiv", "medrxiv", "preprint", "research square", "ssrn")
_PREPRINT_DOIS = re.compile(
    r"10\.(?:48550|1101|64898|21203|20944|26434|22541|14293|33774|36227|31219|31234|31235|31223|31224"
    r"|35542|32388|32942|55458|5281|6084|13140|17632|17605)/|10\.2139/ssrn|10\.1002/essoar"
    r"|10\.5194/egusphere"
)
"""DOIs that servers of preprints and repositories of anything give."""

_REFUSED = ("submitted", "rejected", "withdrawn", "under review", "desk reject")
_ABSTRACTS = re.compile(
    r"\b(?:doctoral consortium|(?:book|collection) of abstracts|abstracts? "
    r"(?:of|from|book|volume)|(?:meeting|conference|supplement) abstracts?)\b"
)
"""Venues that print abstracts of talks, not papers."""


def canonical(identifier: Identifier) -> Identifier:
    """The identifier in the one form under which equal ones are equal."""
    value = identifier.value
    if identifier.scheme == "doi":
        value = value.lower()
        if value.startswith("10.48550/") and (arxiv := parse_arxiv(value)):
            return Identifier("arxiv", arxiv)
        if value.startswith(_ACL_DOI):
            return Identifier("acl", value.removeprefix(_ACL_DOI))
        return Identifier("doi", value)
    if identifier.scheme == "arxiv":
        return Identifier("arxiv", parse_arxiv(value) or value)
    if identifier.scheme == "acl":
        return Identifier("acl", value.lower())
    return identifier_of_url(value) or identifier if identifier.scheme == "url" else identifier


@lru_cache(maxsize=4096)
def identifier_of_url(url: str) -> Identifier | None:
    """The identifier that an address states, or None."""
    if found := _ACL_ADDRESS.match(url):
        return Identifier("acl", found[1].lower())
    if found := _OPENREVIEW_ADDRESS.match(url):
        return Identifier("openreview", found[1])
    known = parse_identifier(url)
    return canonical(known) if known and known.scheme != "url" else None


def identifiers_of(record: Record) -> set[Identifier]:
    """Every identifier of a work that a record states, in canonical form.

    An ISBN names the book that a paper stands in, so it is none.
    """
    found = set()
    for scheme, variable, parse in (
        ("doi", "DOI", parse_doi),
        ("pmid", "PMID", parse_pmid),
        ("pmcid", "PMCID", parse_pmcid),
    ):
        if value := parse(record.text(variable)):
            found.add(canonical(Identifier(scheme, value)))
    if number := aaai_number(record.text("DOI")) or aaai_number(record.text("URL")):
        found.add(Identifier("aaai", number))
    for text in (str(record.custom.get("arxiv", "")), record.text("number")):
        if text and (arxiv := parse_arxiv(text)) and ("." in arxiv or "/" in arxiv):
            found.add(Identifier("arxiv", arxiv))
    if stated := identifier_of_url(record.text("URL")):
        found.add(stated)
    return found


def is_preprint(found: Found) -> bool:
    """True if this very version is a preprint, not a publication."""
    if any(each.scheme == "arxiv" for each in found.identifiers[:1]):
        return True
    doi = found.record.text("DOI").lower()
    if doi:
        return bool(_PREPRINT_DOIS.match(doi)) or found.record.type in ("article", "manuscript")
    venue = found.record.text("container-title").casefold()
    if venue:
        return any(word in venue.split() or venue.startswith(word) for word in _PREPRINT_VENUES)
    return found.record.type in ("article", "manuscript")


def same_work(one: Found, other: Found) -> bool:
    """True if two finds speak of one work: by identifiers, by links, by title and people."""
    return bool(_known(one) & _known(other)) or _alike(one, other)


def same_publication(one: Found, other: Found) -> bool:
    """True if two finds describe one version, or versions that a source links."""
    return len(publications((one, other))) == 1


def publications(finds: Sequence[Found]) -> list[list[int]]:
    """The positions of finds, those of one publication together, whatever order they are in.

    Identifiers and links come first. Descriptions that only look like one publication are put
    together where each of them fits each other: what fits two that are apart stays by itself.
    """
    alike = [{n for n, other in enumerate(finds) if _known(one) & _known(other)} for one in finds]
    parts = _connected(alike)
    fits = [{n for n, other in enumerate(parts) if _fit(finds, part, other)} for part in parts]
    groups = []
    for cluster in _connected(fits):
        if all(fits[one] >= {*cluster} for one in cluster):
            groups.append(sorted(position for one in cluster for position in parts[one]))
        else:
            groups += [parts[one] for one in cluster]
    return sorted(groups)


def _connected(near: Sequence[set[int]]) -> list[list[int]]:
    """The numbers that hang together, given the neighbours of each; the lowest first."""
    left, groups = set(range(len(near))), []
    while left:
        reached, new = set(), {min(left)}
        while new:
            reached |= new
            new = {other for one in new for other in near[one]} - reached
        groups.append(sorted(reached))
        left -= reached
    return groups


def _fit(finds: Sequence[Found], part: list[int], other: list[int]) -> bool:
    """True if two sets of finds may be one publication, and nothing in them says otherwise."""
    pairs = [(finds[one], finds[two]) for one in part for two in other]
    return all(_same_place(one.record, two.record) for one, two in pairs) and any(
        _alike(one, two) for one, two in pairs
    )


def _known(found: Found) -> set[Identifier]:
    """Own and linked identifiers."""
    every = {*found.identifiers, *(link.identifier for link in found.links)}
    return {canonical(each) for each in every} | identifiers_of(found.record)


def _alike(one: Found, other: Found) -> bool:
    """The same title under one of its names, and mostly the same people."""
    titles = {title_key(title) for title in (one.record.text("title"), *one.titles)}
    others = {title_key(title) for title in (other.record.text("title"), *other.titles)}
    if not titles & others:
        return False
    people, more = one.record.names(), other.record.names()
    shorter, longer = sorted((people, more), key=len)
    return not shorter or share_found(shorter, longer) >= 0.5


def _same_place(one: Record, other: Record) -> bool:
    """The same year and no other venue, as far as both say: two descriptions of one publication."""
    first, second = one.date(), other.date()
    if first and second and first.year != second.year:
        return False
    both = one.text("DOI") and other.text("DOI") and one.text("DOI") != other.text("DOI")
    return not both and one.type == other.type and _same_venue(one, other)


def _same_venue(one: Record, other: Record) -> bool:
    """False for names that cannot be one venue's; True where one of them is not known."""
    first, second = one.text("container-title"), other.text("container-title")
    if not first or not second or venue_id(first) == venue_id(second) != "":
        return True
    if venue_id(first) and venue_id(second):
        return False
    likeness = title_ratio(first, second)
    return likeness >= _SAME_VENUE or abbreviates(first, second) or abbreviates(second, first)


_SAME_VENUE = 0.6
"""Names of one venue are at least so much alike where neither abbreviates the other."""


def venue_likeness(one: Record, other: Record) -> float:
    """How alike the venues of two records are, 0 to 1; 0 when one says none."""
    first, second = one.text("container-title"), other.text("container-title")
    if not first or not second:
        return 0.0
    if fold(first) == fold(second):
        return 1.0
    return title_ratio(first, second)


def refused_publication(found: Found) -> str:
    """Why a candidate is no publication at all, or the empty string."""
    venue = _venue(found).casefold()
    return "never accepted there" if any(word in venue for word in _REFUSED) else ""


def is_workshop(found: Found) -> bool:
    """True if the venue is a workshop, another side track, or a volume of abstracts."""
    venue = _venue(found)
    return is_side_track(venue) or bool(_ABSTRACTS.search(fold(venue)))


def is_notice(found: Found) -> bool:
    """True for what a publisher prints about another work: an erratum, a retraction."""
    return bool(found.record.custom.get("notice-for"))


def _venue(found: Found) -> str:
    record = found.record
    return " ".join(
        (record.text("container-title"), record.text("event-title"), record.text("status"))
    )


def titles_of(found: Found) -> tuple[str, ...]:
    """All titles that a source has for a version, the latest first."""
    return tuple(dict.fromkeys(filter(None, (found.record.text("title"), *found.titles))))
