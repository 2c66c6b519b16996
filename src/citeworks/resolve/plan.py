"""Which sources are asked for what, and in which order: read `STEPS` from top to bottom.

Knows when a question is worth asking and what its answer leads to. Identifiers go before searches,
batches before single calls, what is on this machine before the network; no source is needed for the
others, and whatever one of them answers, the same things are asked of the rest. Refuses to know how
a source is asked (the clients do), when a find is the paper (``match``) and what is written of it
(``merge``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from citeworks.errors import NotFound, SourceError
from citeworks.listing.to_record import SOURCE as LISTING
from citeworks.model import Identifier, Record
from citeworks.model.change import value_of
from citeworks.model.record import locked_slots
from citeworks.resolve.interface import PREPRINT, PUBLISHED, Answer, Found
from citeworks.resolve.match import Judged, Tier, judge
from citeworks.resolve.merge import LEFT, Findings, describes_preprint
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

LOOK_UP, SEARCH = "look up", "search"
CATALOGUE = "catalogue"
"""The source on this machine."""


@dataclass(frozen=True, slots=True)
class Step:
    """One source asked for one thing.

    `goal` is the version that a search is to find. The searches of a goal go group by group. A
    look-up of group 1 is for identifiers that nobody in group 0 knew. With `once` one identifier of
    a work is enough, as the source has all of them in one record.
    """

    source: str
    ask: str
    why: str
    goal: str = ""
    group: int = 0
    once: bool = False


STEPS = (
    Step(CATALOGUE, LOOK_UP, "on this machine, for nothing"),
    Step("arxiv", LOOK_UP, "the preprint itself: all authors, abstract, often the journal's DOI"),
    Step("datacite", LOOK_UP, "10.48550 DOIs, and the published DOI that the authors supplied"),
    Step("crossref", LOOK_UP, "the record of a published DOI; relations; retractions"),
    Step("acl", LOOK_UP, "papers whose DOI or address is of the ACL Anthology"),
    Step("pubmed", LOOK_UP, "papers with a PubMed number"),
    Step("openreview", LOOK_UP, "papers with a forum, and whether they were accepted"),
    Step("dblp", LOOK_UP, "papers with a DBLP key"),
    Step("semanticscholar", LOOK_UP, "the bridge between arXiv, DOI, DBLP and ACL", once=True),
    Step("openalex", LOOK_UP, "a second bridge", once=True),
    Step("doi", LOOK_UP, "DOIs of every other agency, or while Crossref is down", group=1),
    Step(CATALOGUE, SEARCH, "a listed paper by its title, on this machine", PREPRINT, 0),
    Step("arxiv", SEARCH, "a listed paper by its title, where it was listed", PREPRINT, 1),
    Step("semanticscholar", SEARCH, "its title match knows older titles", PREPRINT, 2),
    Step("openalex", SEARCH, "the widest index, the least exact", PREPRINT, 3),
    Step(CATALOGUE, SEARCH, "the published version, on this machine", PUBLISHED, 0),
    Step("dblp", SEARCH, "twins of arXiv papers at venues that give no DOI", PUBLISHED, 1),
    Step("openreview", SEARCH, "what was accepted at venues that give no DOI", PUBLISHED, 1),
    Step("crossref", SEARCH, "a bibliographic search, believed last", PUBLISHED, 1),
    Step("semanticscholar", SEARCH, "what no registrar and no DBLP knows", PUBLISHED, 2),
    Step("openalex", SEARCH, "likewise, with more errors", PUBLISHED, 3),
)
"""The plan. Identifiers that are known are looked up before anything is searched for, and what an
accepted find names is looked up in turn. Group 1 of the published version is asked even where links
have led to it already, except sources that are among the finds: what is found must not depend on
who was down."""

ALWAYS = 1
"""The last group of searches for a preprint's published version that is asked in any case."""

LINKED_BY = "crossref arxiv datacite acl dblp openreview semanticscholar openalex catalogue".split()
"""Whose link to a published version counts first, where two lead to different ones."""

NAMES = tuple(dict.fromkeys(step.source for step in STEPS))
"""The sources of the plan."""
_REGISTRARS = ("crossref", "datacite")
_FOLLOWED, _DOUBTFUL, _KEPT, _SHOWN = 12, 3, 5, 3
"""At most: identifiers looked up and doubtful finds followed of a record, candidates reported, and
authors shown of one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a source: an identifier, or a search for a record."""

    source: str
    identifier: Identifier | None = None
    wanted: Record | None = None

    @property
    def name(self) -> tuple[str, str]:
        """What makes two questions about one record the same."""
        return self.source, str(canonical(self.identifier)) if self.identifier else SEARCH


@dataclass(slots=True)
class Case:
    """What is known of one record while the sources are asked."""

    record: Record
    found: list[Found] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    failed: dict[str, SourceError] = field(default_factory=dict)
    spent: float = 0.0
    _view: View | None = field(default=None, repr=False)

    def take(self, question: Question, answer: Answer | Sequence[Found]) -> None:
        """Remember an answer; `NotFound` is one, every other error says that nobody was heard."""
        self.asked.add(question.name)
        if isinstance(answer, SourceError) and not isinstance(answer, NotFound):
            self.failed.setdefault(question.source, answer)
            return
        self.heard.add(question.source)
        if isinstance(answer, NotFound):
            return
        new = [answer] if isinstance(answer, Found) else list(answer)
        self.found += [each for each in new if each not in self.found]
        self._view = None

    @property
    def view(self) -> View:
        """What the finds come to, judged anew when there are more of them."""
        if self._view is None:
            self._view = View(self.record, tuple(sorted(self.found, key=_order)))
        return self._view

    def findings(self) -> Findings:
        """What was accepted, and what was found and not accepted."""
        view = self.view
        return Findings(
            preprint=[each.found for each in view.preprint],
            published=[each.found for each in view.published],
            candidates=[as_candidate(each) for each in view.open[:_KEPT]],
            heard=frozenset(self.heard - self.failed.keys()),
        )


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
        return sorted(same, key=lambda each: _order(each.found))

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
        return sorted(groups[0], key=lambda each: _order(each.found))

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
        """The identifiers that are worth looking up, the record's own first."""
        doubtful = [each for each in self.verdict.judged if each.tier is Tier.PROBABLE][:_DOUBTFUL]
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
        groups = publications([each.found for each in every])
        return sorted(([every[n] for n in group] for group in groups), key=self._rank)

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


def questions(case: Case, sources: Mapping[str, Any]) -> list[Question]:
    """What to ask next about a record; nothing when all was asked that helps."""
    pending = [*_look_ups(case, sources)] or [*_searches(case, sources)]
    return [each for each in pending if each.source == CATALOGUE] or pending


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


def _look_ups(case: Case, sources: Mapping[str, Any]) -> Iterator[Question]:
    followed = case.view.followed()
    for step in STEPS:
        if step.ask != LOOK_UP or not hasattr(sources.get(step.source), "resolve"):
            continue
        if step.once and any(each.source == step.source for each in case.found):
            continue
        fitting = [each for each in followed if sources[step.source].supports(each)]
        if step.group:
            fitting = [each for each in fitting if _is_left_over(each, case, sources)]
        new = {q.name: q for q in map(partial(Question, step.source), reversed(fitting))}
        open_ = [question for name, question in new.items() if name not in case.asked][::-1]
        yield from open_[:1] if step.once else open_


def _is_left_over(identifier: Identifier, case: Case, sources: Mapping[str, Any]) -> bool:
    """True if all who register identifiers of this kind were asked, and nobody knew this one."""
    plain = canonical(identifier)
    registrars = [(name, sources[name]) for name in _REGISTRARS if name in sources]
    asked = [(name, str(plain)) for name, source in registrars if source.supports(identifier)]
    known = any(
        each.source in _REGISTRARS and plain in map(canonical, each.identifiers)
        for each in case.found
    )
    return not known and all(name in case.asked for name in asked)


def _searches(case: Case, sources: Mapping[str, Any]) -> Iterator[Question]:
    view = case.view
    if not view.wanted.text("title"):
        return
    for goal in (PREPRINT, PUBLISHED) if view.is_of_preprint else (PUBLISHED,):
        pending = [
            (step.group, question)
            for step in STEPS
            if step.ask == SEARCH
            and step.goal == goal
            and hasattr(sources.get(step.source), "search")
            and _is_of_use(step, view)
            and (question := Question(step.source, wanted=view.wanted)).name not in case.asked
        ]
        if pending:
            first = min(group for group, _ in pending)
            yield from (q for group, q in pending if group == first or case.failed)
            return


def _is_of_use(step: Step, view: View) -> bool:
    if step.goal == PUBLISHED and view.is_of_preprint and step.group == ALWAYS:
        return all(each.found.source != step.source for each in view.published)
    if step.goal == PUBLISHED and view.is_of_preprint and step.group > ALWAYS:
        return not view.accepted
    return not view.reaches(step.goal)


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


def _order(found: Found) -> tuple[int, str, int, str]:
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
