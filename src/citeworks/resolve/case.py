"""What is asked next about a record, given what is known of it; the plan applied to one case.

Knows when a question is worth asking and what its answer leads to. Refuses to know how a source is
asked, and what the finds come to (``view``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from citeworks.errors import NotFound, SourceError
from citeworks.model import Identifier, Record
from citeworks.resolve.interface import ARXIV_VERSION, PREPRINT, PUBLISHED, Answer, Found
from citeworks.resolve.merge import Findings
from citeworks.resolve.plan import (
    ALWAYS,
    CATALOGUE,
    FIRST_VERSION,
    LOOK_UP,
    SEARCH,
    STEPS,
    Step,
)
from citeworks.resolve.versions import canonical, is_preprint
from citeworks.resolve.view import View, arxiv_numbers, as_candidate, is_bridge, order

_KEPT = 5
"""At most so many candidates are reported of a record."""


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
    """What is known of one record while the sources are asked.

    `former` are the titles of first versions, by arXiv number.
    """

    record: Record
    found: list[Found] = field(default_factory=list)
    former: dict[Identifier, str] = field(default_factory=dict)
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
        self._view = None
        if isinstance(answer, Found) and _is_of_version(question):
            self.former |= dict.fromkeys(arxiv_numbers(answer), answer.record.text("title"))
            return
        new = [answer] if isinstance(answer, Found) else list(answer)
        self.found += [each for each in new if each not in self.found]

    @property
    def view(self) -> View:
        """What the finds come to, judged anew when there are more of them."""
        if self._view is None:
            found = (_also_called(each, self.former) for each in self.found)
            self._view = View(self.record, tuple(sorted(found, key=order)))
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


def questions(case: Case, sources: Mapping[str, Any]) -> list[Question]:
    """What to ask next about a record; nothing when all was asked that helps."""
    pending = [*_look_ups(case, sources)] or [*_searches(case, sources)]
    return [each for each in pending if each.source == CATALOGUE] or pending


def _look_ups(case: Case, sources: Mapping[str, Any]) -> Iterator[Question]:
    known = {LOOK_UP: case.view.followed(), FIRST_VERSION: case.view.renamed}
    for step in STEPS:
        if step.ask == SEARCH or not hasattr(sources.get(step.source), "resolve"):
            continue
        if step.once and any(each.source == step.source for each in case.found):
            continue
        fitting = [each for each in known[step.ask] if sources[step.source].supports(each)]
        if step.after:
            fitting = [each for each in fitting if _is_left_over(each, step, case, sources)]
        new = {q.name: q for q in map(partial(Question, step.source), reversed(fitting))}
        open_ = [question for name, question in new.items() if name not in case.asked][::-1]
        yield from open_[:1] if step.once else open_


def _is_left_over(
    identifier: Identifier, step: Step, case: Case, sources: Mapping[str, Any]
) -> bool:
    """True if all who come before were asked for this identifier, and nobody knew it."""
    plain = canonical(identifier)
    before = [name for name in step.after if name in sources and sources[name].supports(identifier)]
    known = any(
        each.source in step.after and plain in map(canonical, each.identifiers)
        for each in case.found
    )
    is_wanted = not before or not step.if_down or any(name in case.failed for name in before)
    return is_wanted and not known and all((name, str(plain)) in case.asked for name in before)


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
            and (question := Question(step.source, wanted=view.sought)).name not in case.asked
        ]
        if pending:
            first = min(group for group, _ in pending)
            yield from (q for group, q in pending if group == first or case.failed)
            return


def _is_of_version(question: Question) -> bool:
    return question.identifier is not None and question.identifier.scheme == ARXIV_VERSION


def _also_called(found: Found, former: Mapping[Identifier, str]) -> Found:
    """A preprint with the title of its first version beside its own.

    Not what is linked with one: a link is believed when the linked work's own title bears it out.
    """
    if not (is_preprint(found) or is_bridge(found)):
        return found
    titles = [former[number] for number in arxiv_numbers(found) if number in former]
    return replace(found, titles=tuple(dict.fromkeys((*found.titles, *titles))))


def _is_of_use(step: Step, view: View) -> bool:
    if step.goal == PUBLISHED and view.is_of_preprint and step.group == ALWAYS:
        return all(each.found.source != step.source for each in view.published)
    if step.goal == PUBLISHED and view.is_of_preprint and step.group > ALWAYS:
        return not view.accepted
    return not view.reaches(step.goal)
