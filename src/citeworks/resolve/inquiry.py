"""The plan carried out: rounds of questions, all sources at once, each by itself in order.

Knows batches, the time that one record may cost, when a source is no longer worth asking, and how
to stop: a round ends when every source has answered its questions, and asks what the answers lead
to. Refuses to know what to ask (``plan``) and how (the clients). Nothing is kept here; what was
answered is in the HTTP cache, so that an interrupted run asks it of nobody again.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from citeworks.errors import RateLimited, SourceError, Unavailable
from citeworks.model import Record
from citeworks.resolve.case import Case, Question, questions
from citeworks.resolve.interface import Answer, Found
from citeworks.resolve.plan import CATALOGUE

BUDGET = 60.0
"""Seconds that all searches for one record may take."""
_AT_ONCE = 20
"""Single calls that a client gets together: it knows how many of them may go side by side."""
_POLL_SECONDS = 0.1
_Said = tuple[Case, Question, "Answer | Sequence[Found]"]
Budget = Callable[[float], AbstractContextManager[None]]


@dataclass(slots=True)
class Progress:
    """How far a run is: records, those found, those published, and questions asked and open."""

    records: int = 0
    found: int = 0
    published: int = 0
    asked: int = 0
    open: int = 0


@dataclass(slots=True)
class Inquiry:
    """One run over many records.

    `sources` maps names to clients (`Resolver`, `Searcher` or both), `budget` bounds what a thread
    fetches, `report` hears of progress. A source is given up after so many faults in a row, until
    the next round of questions.
    """

    sources: Mapping[str, Any]
    gives_up_after: int = 3
    budget: Budget = field(default=lambda seconds: contextlib.nullcontext())
    report: Callable[[Progress], None] = field(default=lambda progress: None)
    _faults: dict[str, int] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, records: Sequence[Record]) -> list[Case]:
        """Ask until there is nothing more to ask about any record."""
        cases = [Case(record) for record in records]
        waiting = list(cases)
        progress = Progress(len(cases))
        try:
            while pending := self._pending(waiting):
                self._faults.clear()
                progress.open = sum(map(len, pending.values()))
                progress.found = sum(bool(case.view.accepted) for case in cases)
                progress.published = sum(bool(case.view.published) for case in cases)
                self.report(progress)
                for case, question, answer in self._answers(pending):
                    case.take(question, answer)
                    progress.asked, progress.open = progress.asked + 1, progress.open - 1
                    self.report(progress)
        finally:
            self._stopped.set()
        return cases

    def _pending(self, waiting: list[Case]) -> dict[str, list[tuple[Case, Question]]]:
        """The next questions by source; those on this machine come before all others.

        A case without a question will never have one again, and waits no longer.
        """
        pending: dict[str, list[tuple[Case, Question]]] = {}
        asking = [(case, questions(case, self.sources)) for case in waiting]
        waiting[:] = [case for case, each in asking if each]
        for case, each in asking:
            for question in each:
                pending.setdefault(question.source, []).append((case, question))
        return {CATALOGUE: pending[CATALOGUE]} if CATALOGUE in pending else pending

    def _answers(self, pending: Mapping[str, list[tuple[Case, Question]]]) -> Iterator[_Said]:
        """The answers of one round as they come, from one thread for each source."""
        if CATALOGUE in pending:  # its file belongs to this thread
            yield from self._ask(CATALOGUE, pending[CATALOGUE])
            return
        said: queue.SimpleQueue[_Said | BaseException | None] = queue.SimpleQueue()
        for source, each in pending.items():
            # A daemon: an interrupted program does not wait for what is in flight.
            threading.Thread(target=self._work, args=(source, each, said), daemon=True).start()
        working = len(pending)
        while working:
            try:
                heard = said.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if heard is None:
                working -= 1
            elif isinstance(heard, BaseException):
                raise heard
            else:
                yield heard

    def _work(
        self,
        source: str,
        asked: list[tuple[Case, Question]],
        said: queue.SimpleQueue[_Said | BaseException | None],
    ) -> None:
        try:
            for each in self._ask(source, asked):
                said.put(each)
        except BaseException as error:  # a fault of ours, for the main thread to raise
            said.put(error)
        said.put(None)

    def _ask(self, source: str, asked: Sequence[tuple[Case, Question]]) -> Iterator[_Said]:
        look_ups = [(case, question) for case, question in asked if question.identifier]
        yield from self._look_up(source, look_ups)
        for case, question in asked:
            if question.identifier is None:
                yield case, question, self._search(source, case, question)

    def _look_up(self, source: str, asked: Sequence[tuple[Case, Question]]) -> Iterator[_Said]:
        client = self.sources[source]
        wanted = list(dict.fromkeys(q.identifier for _, q in asked if q.identifier))
        answers: dict[Any, Answer] = {}
        size = max(client.batch_size, _AT_ONCE)
        for start in range(0, len(wanted), size):
            batch = wanted[start : start + size]
            if self._is_given_up(source):
                break
            with self.budget(BUDGET):
                answers.update(client.resolve(batch))
            self._note(source, *(answers.get(each) for each in batch))
        missing = _given_up(source)
        for case, question in asked:
            yield case, question, answers.get(question.identifier, missing)

    def _search(self, source: str, case: Case, question: Question) -> Answer | Sequence[Found]:
        left = BUDGET - case.spent
        if self._is_given_up(source):
            return _given_up(source)
        if left <= 0:
            return Unavailable(f"{source}: no time left for this record", source=source)
        started = time.monotonic()
        try:
            with self.budget(left):
                found = tuple(self.sources[source].search(question.wanted or case.record))
        except SourceError as error:
            self._note(source, error)
            return error
        finally:
            case.spent += time.monotonic() - started
        self._note(source, None)
        return found

    def _is_given_up(self, source: str) -> bool:
        return self._stopped.is_set() or self._faults.get(source, 0) >= self.gives_up_after

    def _note(self, source: str, *answers: Answer | None) -> None:
        """Count faults one after the other; any other answer begins anew."""
        failed = [isinstance(answer, Unavailable | RateLimited) for answer in answers]
        self._faults[source] = self._faults.get(source, 0) + 1 if failed and all(failed) else 0


def _given_up(source: str) -> Unavailable:
    return Unavailable(f"{source}: given up after several faults", source=source)
