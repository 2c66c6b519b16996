"""What finds come to for one record: its preprint, its published version, and what stays open.

Pure: whatever was asked in whatever order, the same finds come to the same. Refuses to judge one
find by itself (``match``), and to know what is asked because of it (``case``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from citeworks.listing.to_record import SOURCE as LISTING
from citeworks.model import Identifier, Provenance, Record, Value
from citeworks.model.change import value_of
from citeworks.model.record import locked_slots
from citeworks.resolve.interface import ARXIV_VERSION, PREPRINT, PUBLISHED, Found
from citeworks.resolve.likeness import title_key
from citeworks.resolve.match import Judged, Tier, judge
from citeworks.resolve.merge import LEFT, TITLES, describes_preprint
from citeworks.resolve.plan import LINKED_BY, NAMES
from citeworks.resolve.precedence import SOURCES
from citeworks.resolve.publication import (
    is_no_publication,
    is_published_version,
    may_be_retitled,
)
from citeworks.resolve.versions import (
    canonical,
    identifiers_of,
    is_preprint,
    publications,
    same_work,
)

_REGISTRARS = ("crossref", "datacite")
_DOI_RECORDS = frozenset({*_REGISTRARS, "acl", "doi"})
_REMARKS_ONLY = frozenset({"unpaywall"})
"""Sources that remark on a published version and do not describe it."""

_DAYS, _ALIKE = 3, 0.6
_FOLLOWED, _DOUBTFUL, _SHOWN = 12, 3, 3
"""At most: identifiers looked up and doubtful finds followed of a record, authors shown of one."""


class View:
    """What finds come to for one record; pure, whatever was asked in whatever order."""

    def __init__(self, record: Record, found: tuple[Found, ...]) -> None:
        self.record = record
        self.verdict = judge(record, found)
        if not record.text("title") and self.verdict.chosen:
            self.verdict = judge(_named(record, self.verdict.chosen.found.record), found)
        self.is_of_preprint = describes_preprint(record) or value_of(record, LEFT) is not None

    @cached_property
    def wanted(self) -> Record:
        """The record, its byline cut where a find says, while title and names are the listing's."""
        byline = [slot for slot in ("title", "author") if slot in self.record.variables]
        origins = map(self.record.provenance.get, byline)
        is_listed = all(origin is not None and origin.source == LISTING for origin in origins)
        if not is_listed or {*byline} & {*locked_slots(self.record)}:
            return self.record
        return self.verdict.wanted or self.record

    @cached_property
    def sought(self) -> Record:
        """The record as it is searched for: as before a source gave it a new title and new people.

        What was written must not change what is asked: that would ask everything anew.
        """
        if not self.preprint or value_of(self.record, LEFT) is None:
            return self.wanted
        known, former = self.preprint[0].found.record, value_of(self.record, TITLES)
        titles = [known.text("title"), *(map(str, former) if isinstance(former, list) else ())]
        other = [each for each in titles if title_key(each) != title_key(titles[0])]
        told: dict[str, Value] = {"title": (other or titles)[0], "author": known.names()}
        origins = {slot: self.record.provenance.get(slot) for slot in told}
        written = {slot for slot, origin in origins.items() if origin and origin.source in SOURCES}
        values = {slot: value for slot, value in told.items() if slot in written and value}
        return self.wanted.with_values(values, Provenance(LISTING))

    @cached_property
    def renamed(self) -> list[Identifier]:
        """Papers on arXiv that may have had the wanted title at first."""
        if self.preprint:
            return []
        likely = [each.found for each in self.verdict.judged if _may_be_renamed(each)]
        numbers = dict.fromkeys(number for found in likely for number in arxiv_numbers(found))
        return [*map(first_version, numbers)][:_DOUBTFUL]

    @cached_property
    def accepted(self) -> list[Judged]:
        """The finds that are the paper, the best first."""
        return [each for each in self.verdict.judged if each.tier.is_accepted]

    @cached_property
    def preprint(self) -> list[Judged]:
        """What sources say of the preprint."""
        known = [
            each for each in self.accepted if is_preprint(each.found) and not is_bridge(each.found)
        ]
        same = [each for each in known if _is_same_preprint(known[0].found, each.found)]
        return sorted(same, key=lambda each: order(each.found))

    @cached_property
    def published(self) -> list[Judged]:
        """What sources say of the published version: one version, or nothing."""
        groups = self._versions
        if not groups:
            return []
        if (
            len(groups) > 1
            and self.is_of_preprint
            and self._rank(groups[0]) == self._rank(groups[1])
        ):
            return []
        return sorted(groups[0], key=lambda each: order(each.found))

    @cached_property
    def open(self) -> list[Judged]:
        """What was found and not accepted, where it could still be what is wanted."""
        chosen = [each.found for each in (*self.preprint, *self.published)]
        versions = [each for group in self._versions for each in group]
        doubtful = [*versions, *map(self._explained, filter(self._is_open, self.verdict.judged))]
        kept: dict[tuple[str, ...], Judged] = {}
        for each in doubtful:
            if each.found not in chosen:
                kept.setdefault(_name_of(each.found), each)
        return list(kept.values())

    def followed(self) -> list[Identifier]:
        """The identifiers that are worth looking up, the record's own first.

        Of a doubtful find its registrar may know more: to which other version it is linked.
        """
        doubtful = [
            each
            for each in self.verdict.judged
            if each.tier is Tier.PROBABLE and each.found.source not in _DOI_RECORDS
        ][:_DOUBTFUL]
        versions = [each for group in self._versions for each in group]
        known = sorted(
            identifiers_of(self.record), key=lambda one: (one.scheme != "arxiv", str(one))
        )
        for each in (*self.accepted, *versions, *doubtful):
            known += [*each.found.identifiers, *(link.identifier for link in each.found.links)]
        return [form for each in dict.fromkeys(known) for form in _forms(each)][: 2 * _FOLLOWED]

    def reaches(self, goal: str) -> bool:
        """True if this version was found."""
        return bool(self.preprint if goal == PREPRINT else self.published)

    @cached_property
    def _versions(self) -> list[list[Judged]]:
        """The finds that are published versions, each version apart, the best first."""
        taken = [*filter(None, map(self._as_published, self.verdict.judged))]
        every = [*taken, *self._named_by(taken)]
        groups = [[every[n] for n in each] for each in publications([e.found for e in every])]
        if self.is_of_preprint:
            groups = [each for each in groups if {e.found.source for e in each} - _REMARKS_ONLY]
        return sorted(groups, key=self._rank)

    def _named_by(self, taken: Sequence[Judged]) -> Iterator[Judged]:
        """Finds under an identifier of a published version, borne out by title and authors."""
        known = [each.found for each in taken]
        for each in self.verdict.judged:
            if each.found in known or is_preprint(each.found) or is_bridge(each.found):
                continue
            judged = [is_published_version(base, each.found) for base in known]
            yield from [one for one in judged if one.tier is Tier.CERTAIN][:1]

    def _as_published(self, each: Judged) -> Judged | None:
        """The find judged as the published version of what is wanted; None if it is not."""
        if is_preprint(each.found) or is_bridge(each.found):
            return None
        if not self.is_of_preprint:
            return each if each.tier.is_accepted else None
        best = self._explained(each)
        own = {*map(canonical, each.found.identifiers)}
        if any(
            is_no_publication(known, linked=best.tier is Tier.CERTAIN)
            for known in self._registered
            if own & {*map(canonical, known.identifiers)}
        ):
            return None
        is_alone = each.tier.is_accepted or may_be_retitled(each.evidence)
        is_taken = best.tier is Tier.CERTAIN or (best.tier is Tier.STRONG and is_alone)
        return best if is_taken else None

    def _explained(self, each: Judged) -> Judged:
        """The find judged as the published version of the record and of its preprint."""
        if is_preprint(each.found) or not self.is_of_preprint:
            return each
        bases: list[Record | Found] = [self.wanted, *(known.found for known in self.preprint)]
        witnesses = [known.found for known in self.accepted]
        judged = (is_published_version(base, each.found, witnesses) for base in bases)
        return max(judged, key=_tier_of)

    @cached_property
    def _registered(self) -> list[Found]:
        """What those say of publishers' DOIs who register them: it binds whoever names the DOI."""
        finds = [each.found for each in self.verdict.judged if each.found.source in _REGISTRARS]
        return [found for found in finds if not any(e.scheme == "arxiv" for e in found.identifiers)]

    def _rank(self, group: Sequence[Judged]) -> tuple[int, int]:
        """The smaller, the better: the tier, and who links the version."""
        return -max(each.tier for each in group), min(map(self._link_rank, group))

    def _link_rank(self, each: Judged) -> int:
        own = {canonical(one) for one in each.found.identifiers}
        ranks = [
            LINKED_BY.index(known.found.source)
            for known in self.accepted
            if known.found.source in LINKED_BY
            and own & {canonical(link.identifier) for link in known.found.links}
        ]
        if each.found.linked(PREPRINT) and each.found.source in LINKED_BY:
            ranks.append(LINKED_BY.index(each.found.source))
        return min(ranks, default=len(LINKED_BY))

    def _is_open(self, each: Judged) -> bool:
        """True if a person may still want to decide about a find that was not accepted."""
        if each.tier is Tier.CONFLICT:
            return not self.accepted or each.evidence.identifier is not None
        if is_bridge(each.found):
            return False
        goal = PREPRINT if is_preprint(each.found) else PUBLISHED
        is_goal = self.is_of_preprint or goal == PUBLISHED
        return each.tier >= Tier.PROBABLE and is_goal and not self.reaches(goal)


def as_candidate(each: Judged) -> dict[str, Any]:
    """A find that was not accepted as JSON data, with what speaks for and against it."""
    record = each.found.record
    names = [name.family or name.literal for name in record.names()]
    issued = record.date("issued")
    said = {
        "source": each.found.source,
        "tier": each.tier.name.lower(),
        "title": record.text("title"),
        "authors": names[:_SHOWN] + (["et al."] if len(names) > _SHOWN else []),
        "issued": str(issued) if issued else "",
        "container-title": record.text("container-title"),
        "identifiers": [str(identifier) for identifier in each.found.identifiers],
        "evidence": each.evidence.as_json(),
    }
    return {name: value for name, value in said.items() if value not in ("", [])}


def arxiv_numbers(found: Found) -> list[Identifier]:
    """The papers on arXiv that a find is, or that it has as its preprint."""
    known = map(canonical, (*found.identifiers, *found.linked(PREPRINT)))
    return [each for each in known if each.scheme == "arxiv"]


def first_version(identifier: Identifier) -> Identifier:
    """The first version of a paper on arXiv, which may have had another title."""
    return Identifier(ARXIV_VERSION, f"{identifier.value}v1")


def _may_be_renamed(each: Judged) -> bool:
    """True of a paper by the wanted people: of the same number, of the same day, or much alike."""
    seen = each.evidence
    is_near = seen.days is not None and abs(seen.days) <= _DAYS
    fits = seen.identifier is not None or is_near or seen.title >= _ALIKE
    is_only = each.found.record.custom.get("arxiv-version") == 1
    return fits and seen.authors == 1 and bool(seen.first) and not is_only


def _named(bare: Record, known: Record) -> Record:
    """A bare identifier with what its paper is called, so that other versions can be told by it."""
    values = {
        name: known.variables[name]
        for name in ("title", "author", "issued")
        if name in known.variables and name not in bare.variables
    }
    return bare.with_values(values, known.provenance["title"]) if "title" in values else bare


def _forms(identifier: Identifier) -> Iterator[Identifier]:
    """An identifier and what says the same in another scheme, for sources that know only that."""
    plain = canonical(identifier)
    yield plain
    if plain.scheme == "arxiv":
        yield Identifier("doi", f"10.48550/arxiv.{plain.value}")
    elif plain.scheme == "acl" and identifier.scheme == "doi":
        yield identifier
    elif plain.scheme == "acl":
        yield Identifier("doi", f"10.18653/v1/{plain.value}")


def _name_of(found: Found) -> tuple[str, ...]:
    """What makes two finds one candidate."""
    if found.identifiers:
        return (str(canonical(found.identifiers[0])),)
    record = found.record
    return record.text("title"), record.text("container-title"), str(record.date("issued"))


def is_bridge(found: Found) -> bool:
    """True if the source keeps preprint and published version in one record: it describes none."""
    return bool(found.linked(PREPRINT) and found.linked(PUBLISHED))


def order(found: Found) -> tuple[int, str, int, str]:
    """An order of finds that does not depend on who answered first; fuller ones before others."""
    place = NAMES.index(found.source) if found.source in NAMES else len(NAMES)
    record, name = found.record, repr(found.identifiers) + found.record.text("title")
    return place, name, -len(record.variables), repr(record.variables)


def _is_same_preprint(one: Found, other: Found) -> bool:
    """True if two finds are one preprint: of two arXiv numbers each is a work of its own."""
    numbers = [
        {each.value for each in map(canonical, found.identifiers) if each.scheme == "arxiv"}
        for found in (one, other)
    ]
    return same_work(one, other) and (not all(numbers) or bool(numbers[0] & numbers[1]))


def _tier_of(each: Judged) -> Tier:
    return each.tier
