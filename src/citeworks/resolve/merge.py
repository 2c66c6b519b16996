"""What is written of finds into a record, by the table of `precedence`.

Knows what may be changed and by whom; pure, and running it over its own result changes nothing. A
person's value and a locked slot are never touched. What a listing or a .bib file said stays, unless
the record turns from its preprint to the published version. What a source said earlier yields to a
better source, and stands while its own is silent: in which order the sources came up makes no
difference. Refuses to judge whether a `Found` is the paper; that was decided before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from citeworks.model import Date, Name, Provenance, Record
from citeworks.model.change import CUSTOM, TYPE, value_of, with_slot
from citeworks.model.provenance import INFERRED, USER
from citeworks.model.record import locked_slots
from citeworks.normalize.citation_key import to_ascii
from citeworks.normalize.duplicates import title_key
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Found
from citeworks.resolve.precedence import (
    ARXIV,
    ARXIV_CLASS,
    LENT,
    OPEN_ACCESS,
    REPLACED,
    RULES,
    SOURCES,
    VENUE,
    Rule,
)

STATUS, CANDIDATES, ET_AL = "custom.status", "custom.candidates", "custom.et-al"
LEFT = "custom.preprint"
"""The DOI of the preprint that the record described before it turned, or `UNKNOWN`."""
UNKNOWN = "unknown"
TITLES = "custom.titles"
"""The other titles of a work that was published under a new one."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was accepted for one record, and who was not heard.

    `preprint` and `published` are what sources say of those two versions; all of `published` is one
    and the same version. `candidates` is JSON data on what was found and not accepted, each with
    its ``source``. `heard` names the sources that answered: what others said earlier stands.
    """

    preprint: Sequence[Found] = ()
    published: Sequence[Found] = ()
    candidates: Sequence[Mapping[str, Any]] = ()
    heard: frozenset[str] = frozenset()

    def of(self, version: str) -> Sequence[Found]:
        """What sources say of a version."""
        return self.published if version == PUBLISHED else self.preprint


"""What a record takes over from the published version when it turns to it."""
_UNPUBLISHED_TYPES = frozenset({"article", "document", "manuscript"})
_PREPRINT_VENUE = re.compile(r"\b(?:arxiv|corr|biorxiv|medrxiv|chemrxiv|ssrn|preprints?)\b", re.I)
_PREPRINT_DOI = re.compile(
    r"10\.(?:48550/|1101/|64898/|26434/|2139/ssrn|31234/|31219/|21203/|20944/)", re.I
)
_ADDRESS_OF_PREPRINT = re.compile(r"https?://(?:[a-z]+\.)?arxiv\.org/", re.I)
_INITIAL = re.compile(r"\w\.?(?:[\s-]?\w\.?)*\Z")


def merge(record: Record, findings: Findings, *, published: bool = False) -> Record:
    """The record with what the findings add.

    Empty slots and truncated author lists are filled; with `published` a record of a preprint
    becomes one of the published version, where there is one.
    """
    merged = record
    for rule in RULES:
        for slot in rule.slots.split():
            merged = _settled(merged, _Case(rule, slot, record, findings, published))
    if _turns(record, findings, published):
        merged = _with_preprint(record, merged, findings)
    return _with_one_time_per_origin(record, _with_remarks(merged, findings))


def describes_preprint(record: Record) -> bool:
    """True if the record speaks of an unpublished version."""
    if venue := record.text("container-title"):
        return bool(_PREPRINT_VENUE.search(venue))
    doi = record.text("DOI")
    names_published = bool(doi and not is_preprint_doi(doi)) or "PMID" in record.variables
    if names_published and not record.custom.get("arxiv"):
        return False
    return record.type in _UNPUBLISHED_TYPES


def is_preprint_doi(doi: str) -> bool:
    """True if the DOI names a preprint, by the prefix of its server."""
    return bool(_PREPRINT_DOI.match(doi))


def _turns(record: Record, findings: Findings, published: bool) -> bool:
    """True if the record becomes one of the published version, or became one by our doing."""
    wanted = published and bool(findings.published)
    return wanted and (describes_preprint(record) or value_of(record, LEFT) is not None)


@dataclass(frozen=True, slots=True)
class _Option:
    """A value that could stand, and who says it; of names also whether the list is whole."""

    value: Any
    origin: Provenance
    place: int
    is_complete: bool = True
    is_borrowed: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """One slot of one record that is to be decided."""

    rule: Rule
    slot: str
    record: Record
    findings: Findings
    published: bool

    @property
    def turns(self) -> bool:
        return _turns(self.record, self.findings, self.published)

    @property
    def version(self) -> str:
        """The version that the record is to describe."""
        return PREPRINT if describes_preprint(self.record) and not self.turns else PUBLISHED

    @property
    def held(self) -> Any:
        return value_of(self.record, self.slot)

    @property
    def holder(self) -> str:
        return _holder(self.record, self.slot)

    def options(self) -> list[_Option]:
        """What the sources say, best first."""
        said = [
            replace(option, place=place, is_borrowed=version != self.version)
            for place, (version, source) in enumerate(self.places())
            for found in self.findings.of(version)
            if found.source == source
            for option in _said(found, self.slot, version)
        ]
        if self.slot == "title":  # a title in capitals has lost its own
            return sorted(said, key=lambda option: _is_all_caps(option.value))
        return _ordered_lists(said, self) if self.slot == "author" else said

    def places(self) -> list[tuple[str, str]]:
        """Versions and sources in the order in which they are believed."""
        of_preprint = [(PREPRINT, source) for source in self.rule.preprint.split()]
        of_published = [(PUBLISHED, source) for source in self.rule.published.split()]
        is_preprint = self.version == PREPRINT
        own, other = (of_preprint, of_published) if is_preprint else (of_published, of_preprint)
        return [*own, *other] if self.rule.either and self._may_borrow() else own

    def _may_borrow(self) -> bool:
        """What a preprint lends, it never borrows; its address helps where there is no DOI."""
        if self.slot not in LENT:
            return True
        is_named = self.slot == "URL" and any(map(_doi_of, self.findings.published))
        return self.version == PUBLISHED and not is_named

    def yields(self) -> bool:
        """True if what stands in the slot may be replaced by what a source says."""
        if self.held in (None, "", ()) or self.holder == INFERRED or self.holder in SOURCES:
            return True
        if self.slot == "URL" and self.turns:
            return bool(_ADDRESS_OF_PREPRINT.match(str(self.held)))
        nameless = self.slot == TYPE and self.held == "document"
        truncated = self.record.is_truncated(self.slot)
        return nameless or truncated or (self.turns and self.slot in REPLACED)

    def prefers_held(self, best: _Option) -> bool:
        """True if what stands there says the same, or comes from a better source that is silent."""
        yielding = self.holder in SOURCES or self.holder == INFERRED
        if self.held == best.value and (not yielding or self.holder == best.origin.source):
            return True
        if self.slot == "author" and self._is_settled() and not best.is_complete:
            return True
        if self.slot == "title" and self.held and _is_all_caps(best.value):
            return True
        if self.slot in LENT and best.is_borrowed and not yielding and self.held is not None:
            return True
        if self.holder not in SOURCES:
            return self.slot == "author" and self._lists_the_same(best)
        return self.is_silent() and self._place_held() < best.place

    def _is_settled(self) -> bool:
        """True if there is a list that a cut one cannot better, and nobody now says it anew."""
        if self.holder in SOURCES:
            return self.is_silent() and not self.record.is_truncated(self.slot)
        return bool(self.held)

    def is_silent(self) -> bool:
        """True if the slot's own source was not heard, of the version that is described."""
        turned = not describes_preprint(self.record) or self.version == PREPRINT
        return turned and self.holder in SOURCES and self.holder not in self.findings.heard

    def is_emptied(self) -> bool:
        """True if the slot belongs to the version left behind."""
        return self.turns and self.slot in VENUE and self.yields() and not self.is_silent()

    def _place_held(self) -> int:
        sources = [source for _, source in self.places()]
        return sources.index(self.holder) if self.holder in sources else len(sources)

    def _lists_the_same(self, best: _Option) -> bool:
        truncated = self.record.is_truncated(self.slot)
        held = self.record.names(self.slot)
        return not truncated and _families(held) == _families(best.value)


def _settled(record: Record, case: _Case) -> Record:
    if case.holder == USER or case.slot in locked_slots(case.record) or not case.yields():
        return record
    best = next(iter(case.options()), None)
    if best is None:
        return with_slot(record, case.slot, None) if case.is_emptied() else record
    keeps = case.prefers_held(best)
    settled = record if keeps else with_slot(record, case.slot, best.value, best.origin)
    says_so = case.held == best.value and case.holder == best.origin.source
    if case.slot == "author" and (says_so or not keeps):
        return _with_et_al(settled, truncated=not best.is_complete)
    return settled


def _holder(record: Record, slot: str) -> str:
    """The source that says what stands in the slot, or nothing."""
    origin = record.provenance.get(slot)
    return origin.source if origin and value_of(record, slot) is not None else ""


def _said(found: Found, slot: str, version: str) -> Iterator[_Option]:
    """What one source says for a slot: at most one value."""
    read = _READERS.get((slot, version)) or _READERS.get((slot, ""))
    value = read(found) if read else found.record.variables.get(slot)
    if value not in (None, "", ()):
        origin = found.record.provenance.get(slot) or _origin(found)
        yield _Option(value, origin, 0, found.is_complete and not found.record.is_truncated(slot))


def _origin(found: Found) -> Provenance:
    """The origin of what follows from the found record as a whole."""
    title = found.record.provenance.get("title")
    return title or next(iter(found.record.provenance.values()), Provenance(found.source))


def _arxiv_of(found: Found) -> str:
    return next((each.value for each in found.identifiers if each.scheme == "arxiv"), "")


def _derived(pattern: str, variable: str) -> Callable[[Found], Any]:
    """Reads what follows from an arXiv identifier, or the variable when there is none."""

    def read(found: Found) -> Any:
        arxiv = _arxiv_of(found)
        return pattern.format(arxiv.lower()) if arxiv else found.record.variables.get(variable)

    return read


def _doi_of(found: Found) -> str:
    doi = found.record.text("DOI")
    return "" if is_preprint_doi(doi) else doi


def _type_of(found: Found) -> str:
    return "" if found.record.type in _UNPUBLISHED_TYPES else found.record.type


def _issued(found: Found) -> Date | None:
    issued = found.record.date("issued")
    return issued if issued and issued.year is not None else None


_READERS: Mapping[tuple[str, str], Callable[[Found], Any]] = {
    (TYPE, PUBLISHED): _type_of,
    (TYPE, PREPRINT): lambda found: found.record.type,
    ("issued", ""): _issued,
    ("DOI", PUBLISHED): _doi_of,
    ("DOI", PREPRINT): _derived("10.48550/arxiv.{}", "DOI"),
    ("number", PREPRINT): _derived("arXiv:{}", "number"),
    ("publisher", PREPRINT): _derived("arXiv", "publisher"),
    ("URL", PREPRINT): _derived("https://arxiv.org/abs/{}", "URL"),
    (ARXIV, PREPRINT): _arxiv_of,
    (ARXIV_CLASS, PREPRINT): lambda found: found.record.custom.get("arxiv-class"),
    (OPEN_ACCESS, PUBLISHED): lambda found: found.record.custom.get("open-access"),
}
"""How a slot is read from what is found of a version; the others are variables of that name."""


def _ordered_lists(options: Sequence[_Option], case: _Case) -> list[_Option]:
    """Whole author lists before cut ones, full names before the same in initials.

    A published list that is shorter than the preprint's is taken as cut: deposits often are.
    """
    whole = max((len(found.record.names()) for found in case.findings.preprint), default=0)
    judged = [
        replace(each, is_complete=each.is_complete and len(each.value) >= whole) for each in options
    ]
    return sorted(judged, key=lambda each: (not each.is_complete, _is_short(each, judged)))


def _is_short(option: _Option, others: Sequence[_Option]) -> bool:
    """True if another list has the same families, and given names where this has initials."""
    return any(
        _families(option.value) == _families(other.value)
        and all(map(_abbreviates, option.value, other.value))
        and option.value != other.value
        for other in others
    )


def _abbreviates(short: Name, full: Name) -> bool:
    initial = bool(_INITIAL.match(short.given)) and short.given[:1] == full.given[:1]
    return short.given == full.given or (initial and len(short.given) < len(full.given))


def _families(names: Sequence[Name]) -> tuple[str, ...]:
    return tuple(to_ascii(name.family or name.literal) for name in names)


def _is_all_caps(title: str) -> bool:
    return title == title.upper() and len(title.split()) > 2


def _with_et_al(record: Record, *, truncated: bool) -> Record:
    """The mark of a truncated list of authors, set or taken away."""
    others = [each for each in record.custom.get("et-al", ()) if each != "author"]
    marked = [*others, "author"] if truncated else others
    return with_slot(record, ET_AL, marked or None)


def _with_preprint(before: Record, record: Record, findings: Findings) -> Record:
    known = (_READERS["DOI", PREPRINT](found) for found in findings.preprint)
    held = value_of(record, LEFT)
    turned = with_slot(record, LEFT, next(filter(None, known), held or UNKNOWN))
    return with_slot(turned, TITLES, _other_titles(before, turned, findings) or None)


def _other_titles(before: Record, turned: Record, findings: Findings) -> list[str]:
    """What the work was called before, sorted: by these it is found again in a listing."""
    known = before.custom.get("titles", ())
    told = [before.text("title"), *(map(str, known) if isinstance(known, list) else ())]
    told += [found.record.text("title") for found in findings.preprint]
    by_key = {title_key(title): title for title in sorted(told, reverse=True)}
    return sorted(t for key, t in by_key.items() if key and key != title_key(turned.text("title")))


def _with_remarks(record: Record, findings: Findings) -> Record:
    """Retractions and corrections, and what was found and not accepted."""
    remarks = {STATUS: _notices(findings), CANDIDATES: [dict(c) for c in findings.candidates]}
    for slot, new in remarks.items():
        if slot in locked_slots(record) or _holder(record, slot) == USER:
            continue
        kept = [each for each in _listed(record, slot) if each.get("source") not in findings.heard]
        told = [*(each for each in kept if each not in new), *new]
        if told != _listed(record, slot):
            record = with_slot(record, slot, told or None)
    return record


def _notices(findings: Findings) -> list[dict[str, str]]:
    """Every notice once, and those without an identifier where nobody knows a better one."""
    told = [
        {
            "kind": notice.kind,
            "notice": str(notice.identifier or ""),
            "date": notice.date,
            "source": found.source,
        }
        for found in (*findings.published, *findings.preprint)
        for notice in found.notices
    ]
    told.sort(key=lambda each: (each["kind"], not each["notice"]))
    best: dict[tuple[str, str], dict[str, str]] = {}
    for each in told:
        if each["notice"] or all(kind != each["kind"] for kind, _ in best):
            best.setdefault((each["kind"], each["notice"]), each)
    return [{name: value for name, value in each.items() if value} for each in best.values()]


def _listed(record: Record, slot: str) -> list[Mapping[str, Any]]:
    held = record.custom.get(slot.removeprefix(CUSTOM), ())
    return [each for each in held if isinstance(each, Mapping)] if isinstance(held, list) else []


def _with_one_time_per_origin(before: Record, after: Record) -> Record:
    """One answer has one time: what it says again of other slots was retrieved with it."""
    new = {
        (origin.source, origin.locator): origin
        for slot, origin in after.provenance.items()
        if origin != before.provenance.get(slot) and origin.source in SOURCES
    }
    provenance = {
        slot: new.get((origin.source, origin.locator), origin)
        for slot, origin in after.provenance.items()
    }
    return replace(after, provenance=provenance)
