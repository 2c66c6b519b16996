"""Carry out a plan: the only module that changes a server, and the state after it.

Nothing is sent that was not written to the journal first, and nothing is agreed before its outcome
is known. A batch names the library version that the plan was made from, so that whoever came in
between is seen before anything is written; where the library does not hold still, changes go on the
versions of their objects alone, and only new objects keep asking for the library's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from citeworks.errors import BadResponse, CiteError, RequestTooLarge, Unavailable, VersionMismatch
from citeworks.sync.background import in_background
from citeworks.sync.interface import Json, Kind, Outcome, Result, Storage, WriteReport
from citeworks.sync.plan import Action, Plan, Step
from citeworks.sync.state import GONE, LIVE, Row, State
from citeworks.sync.steps import adapted_fields, agreed_base, is_as_sent

PATIENCE = 3
"""Readings that were overtaken before changes stop asking for the library's version."""
TRIES = 5
"""How often an object is sent on which the server itself failed."""
_SUSPECT = 2
"""Whole requests that the server failed on before their objects are sent in smaller ones."""
_LARGEST_PART = 64
_GONE_OR_MISSING = (404, 409)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Failure:
    """An object that the server refused, and what it said."""

    key: str
    zotero_key: str
    code: int
    message: str


@dataclass(slots=True)
class Report:
    """What a run did, counted as it happens, so that it is true wherever the run ends."""

    written: dict[str, int] = field(default_factory=dict)
    """Objects written to the server, by action."""
    changed: dict[str, int] = field(default_factory=dict)
    """Records changed in the library, by action."""
    unchanged: int = 0
    overtaken: int = 0
    """Objects that somebody else changed first, and that were then merged."""
    lost_answers: int = 0
    failures: dict[str, Failure] = field(default_factory=dict)
    refusal: str = ""
    """Why nothing was sent, if that is so."""
    is_permitted: bool = False
    """The server was asked, and this run may write."""
    is_adapted: bool = False
    """The server stored something else than what was sent, which the library does not have yet."""
    trouble: CiteError | None = None
    """The last failure of a whole write, should it be what stops the run."""
    fruitless: int = 0
    """How many writes in a row the server failed on."""
    reread: set[str] = field(default_factory=set)
    """Objects that were refused for something missing, and are tried once more after a reading."""
    stale: dict[str, int] = field(default_factory=dict)
    """The version with which an object was last refused as changed."""
    broken: Counter[str] = field(default_factory=Counter)
    """How often the server itself failed on an object, or on a request that held it."""

    def count(self, where: dict[str, int], action: str) -> None:
        """Count one more."""
        where[action] = where.get(action, 0) + 1


@dataclass(slots=True)
class _Job:
    """One object to be written, and what to do with its outcome."""

    row: Row
    send: dict[str, Any]
    step: Step | None = None

    @property
    def is_new(self) -> bool:
        return not self.send.get("version")


Progress = Callable[[int, int], None]


def settle(state: State, steps: Iterable[Step], edited: float = 0.0) -> None:
    """Agree on the steps that need no write, and on what the others took from the group.

    The library has been written before.
    """
    rows = []
    for step in steps:
        if step.pulled is not None:
            base, taken = step.pulled.base, step.pulled.taken
            step.row = replace(step.row, base=base, record=taken)
            rows.append(step.row)
        if step.send or step.pending:
            continue
        row = step.row
        if step.conflicts:
            row = replace(row, edited=row.edited or edited)
        if step.action is not Action.CONFLICT or not step.conflicts:
            row = replace(
                row,
                agreed=step.agreed,
                base=step.base if step.agreed == LIVE else None,
                record=step.taken,
                citation_key=step.after.key if step.after else "",
                edited=row.edited if step.conflicts else 0.0,
                sent=None,
                sent_record=None,
            )
        rows.append(row)
    state.save(rows)


def recover(state: State, report: Report | None = None) -> None:
    """Find out what became of writes whose outcome nobody heard, now that the rows are fresh."""
    rows = []
    for row in state.rows.values():
        if row.sent is None:
            continue
        found = replace(row, sent=None, sent_record=None)
        if row.kind is Kind.ITEM and row.data is not None:
            known = found
            found = _recovered(known, row.sent, row.sent_record)
            if report is not None and found is not known:
                report.count(report.written, _action_of(row.sent))
        rows.append(found)
    if rows:
        state.save(rows)


def _action_of(sent: Json) -> str:
    """What a write did, by what it said."""
    if sent.get("deleted"):
        return Action.TRASH
    return Action.MERGE if sent.get("version") else Action.CREATE


def _recovered(row: Row, sent: Json, taken: Json | None) -> Row:
    """The row once the write is known to have been applied; else as it is.

    Only what was sent is agreed: whatever else is new in the object came from somebody else.
    """
    stored = row.data or {}
    if sent.get("deleted"):
        return replace(row, agreed=GONE, base=None, record=None) if stored.get("deleted") else row
    said = {name: value for name, value in sent.items() if name not in ("key", "version")}
    if not sent.get("version"):
        return replace(row, agreed=LIVE, base=said, record=taken)
    if is_as_sent(sent, stored):
        return replace(row, agreed=LIVE, base={**(row.base or {}), **said}, record=taken)
    return row


def push(
    storage: Storage,
    state: State,
    plan: Plan,
    report: Report,
    *,
    attempt: int = 0,
    progress: Progress = lambda done, total: None,
) -> bool:
    """Write what the plan sends; True when all of it is settled, False to read and plan again."""
    queue = _Queue(_groups(plan, report, attempt), storage.batch_size)
    return _Pushing(storage, state, report, queue, progress).run()


def _groups(plan: Plan, report: Report, attempt: int) -> list[tuple[list[_Job], bool]]:
    """What is written, in order, and whether the library's version is asked for."""
    jobs = [_Job(step.row, step.send, step) for step in plan.sends if step.send]
    jobs = [job for job in jobs if job.row.key not in report.failures]
    made = [_Job(Row(Kind.COLLECTION, key), data) for key, data in plan.collections.items()]
    groups = [(made, True), (jobs, True)]
    if attempt >= PATIENCE:
        changed, new = ([job for job in jobs if job.is_new is kind] for kind in (False, True))
        groups = [(made, True), (changed, False), (new, True)]
    return [part for group in groups for part in _apart(*group, report)]


def _apart(jobs: list[_Job], is_guarded: bool, report: Report) -> list[tuple[list[_Job], bool]]:
    """Apart from the others, in smaller and smaller parts, what the server failed on twice."""
    counts = {report.broken[job.row.key] for job in jobs} - set(range(_SUSPECT))
    parts = [[job for job in jobs if report.broken[job.row.key] < _SUSPECT]]
    for count in sorted(counts):
        suspects = [job for job in jobs if report.broken[job.row.key] == count]
        size = max(1, _LARGEST_PART >> count)
        parts += [suspects[start : start + size] for start in range(0, len(suspects), size)]
    return [(part, is_guarded) for part in parts]


@dataclass(frozen=True, slots=True)
class _Batch:
    jobs: list[_Job]
    is_guarded: bool


class _Queue:
    """The jobs that wait, handed out in batches of one kind."""

    def __init__(self, groups: list[tuple[list[_Job], bool]], size: int) -> None:
        self._groups, self.size = [group for group in groups if group[0]], size
        self.total = sum(len(jobs) for jobs, _ in groups)

    def take(self) -> _Batch | None:
        if not self._groups:
            return None
        jobs, is_guarded = self._groups.pop(0)
        if len(jobs) > self.size:
            self._groups.insert(0, (jobs[self.size :], is_guarded))
        return _Batch(jobs[: self.size], is_guarded)

    def put_back(self, batch: _Batch) -> None:
        self._groups.insert(0, (batch.jobs, batch.is_guarded))


class _Pushing:
    """Batches one after the other; the disk work is done while another batch is on the wire.

    The next batch is in the journal before the one on the wire is answered. The outcome of that one
    is stored when the next is on its way, in one transaction with the batch after it. A kill leaves
    what was on the wire in the journal.
    """

    def __init__(
        self, storage: Storage, state: State, report: Report, queue: _Queue, progress: Progress
    ) -> None:
        self.storage, self.state, self.report, self.queue = storage, state, report, queue
        self.progress, self.done, self.version = progress, 0, state.version

    def run(self) -> bool:
        batch, answer, following = self._begin()
        while batch and answer:
            try:
                written = answer.result()
            except RequestTooLarge as error:
                self._split(batch, following, error.message)
                batch, answer, following = self._begin()
                continue
            except (VersionMismatch, Unavailable, BadResponse) as error:
                self._failed(batch, error)
                return self._stop([], following)
            self.report.fruitless = 0
            self.done += len(batch.jobs)
            rows, is_settled = self._read(batch, written)
            if not is_settled:
                return self._stop(rows, following)
            answer = self._start(following) if following else None
            batch, following = following, self.queue.take()
            self._save(rows, following)
        return True

    def _begin(self) -> tuple[_Batch | None, Future[WriteReport] | None, _Batch | None]:
        """Put a batch on the wire, and the one after it in the journal."""
        first = self.queue.take()
        self._save([], first)
        answer = self._start(first) if first else None
        second = self.queue.take()
        self._save([], second)
        return first, answer, second

    def _save(self, rows: list[Row], coming: _Batch | None) -> None:
        """Store outcomes, and the journal of a batch that is to be sent, in one transaction."""
        before = [(job.row, True) for job in coming.jobs] if coming else []
        rows = [*rows, *map(_journaled, coming.jobs)] if coming else rows
        if rows:
            self.state.save(rows, before=before, version=self.version)
        self.progress(self.done, self.queue.total)

    def _start(self, batch: _Batch) -> Future[WriteReport]:
        version = self.version if batch.is_guarded else None
        kind, objects = batch.jobs[0].row.kind, [job.send for job in batch.jobs]
        return in_background(lambda: self.storage.write(kind, objects, library_version=version))

    def _read(self, batch: _Batch, written: WriteReport) -> tuple[list[Row], bool]:
        """The rows after a write; True if they still are what the server has."""
        jobs = {job.row.key: job for job in batch.jobs}
        rows: list[Row] = []
        is_ours = batch.is_guarded and _is_all_ours(written, self.version)
        is_settled = is_ours or not batch.is_guarded
        for outcome in written.outcomes:
            job = jobs.pop(outcome.key)
            if outcome.result in (Result.APPLIED, Result.UNCHANGED):
                rows.append(_stored(job, outcome, self.report))
                continue
            is_settled &= self._refused(job, outcome)
            rows.append(_unsent(job))
        self.state.is_doubtful |= written.version < self.version
        self.version = written.version if is_ours else self.version
        return rows, is_settled

    def _failed(self, batch: _Batch, error: CiteError) -> None:
        """Take note of a request that failed as a whole; alone in one, an object is given up."""
        self.report.trouble = error
        if isinstance(error, VersionMismatch):
            return
        status = error.status if isinstance(error, Unavailable) else 0
        self.report.lost_answers += not status
        self.report.fruitless += bool(status) or isinstance(error, BadResponse)
        if not status:
            return
        self.report.broken.update(job.row.key for job in batch.jobs)
        job = batch.jobs[0]
        if len(batch.jobs) == 1 and self.report.broken[job.row.key] >= TRIES:
            key, code, said = job.row.key, status, error.message
            _give_up(job, Outcome(key, Result.FAILED, code=code, message=said), self.report)
            self.state.save([_unsent(job)])

    def _refused(self, job: _Job, outcome: Outcome) -> bool:
        """Take note of an object that was not written; False if reading again can help.

        What is refused although the reading said that it is so is looked up in a full reading.
        """
        key, report = job.row.key, self.report
        if outcome.result is Result.CONFLICT:
            version = int(job.send.get("version") or 0)
            self.state.is_doubtful |= report.stale.get(key) == version
            report.stale[key] = version
            report.overtaken += 1
            return False
        if outcome.code >= 500:
            report.broken[key] += 1
            if report.broken[key] < TRIES:
                return False
        if outcome.code in _GONE_OR_MISSING and key not in report.reread:
            report.reread.add(key)
            self.state.is_doubtful = True
            return False
        _give_up(job, outcome, report)
        return True

    def _split(self, batch: _Batch, following: _Batch | None, message: str) -> None:
        """Halve what was too large; a single object that is, is refused."""
        if following:
            self.queue.put_back(following)
        if len(batch.jobs) > 1:
            self.queue.size = max(1, len(batch.jobs) // 2)
            self.queue.put_back(batch)
            return
        job = batch.jobs[0]
        _give_up(job, Outcome(job.row.key, Result.FAILED, code=413, message=message), self.report)
        self.state.save([_unsent(job)])

    def _stop(self, rows: list[Row], following: _Batch | None) -> bool:
        """Store outcomes, and take what was never sent out of the journal."""
        rows += [_unsent(job) for job in following.jobs] if following else []
        self._save(rows, None)
        return False


def _unsent(job: _Job) -> Row:
    return replace(job.row, sent=None, sent_record=None)


def _is_all_ours(written: WriteReport, before: int) -> bool:
    """True if nobody else's change can be among the versions that the write went through.

    What was unchanged raises the version too, but not on every server.
    """
    own = {each.version for each in written.outcomes if each.result is Result.APPLIED}
    return 0 <= written.version - before <= len(own)


def _journaled(job: _Job) -> Row:
    """The row that says what is about to be sent; the job has it from now on."""
    taken = job.step.taken if job.step else None
    name = job.step.key if job.step else ""
    job.row = replace(
        job.row, sent=job.send, sent_record=taken, citation_key=name or job.row.citation_key
    )
    return job.row


def _stored(job: _Job, outcome: Outcome, report: Report) -> Row:
    """The row after the server has what was sent."""
    old = job.row.data or {}
    if outcome.result is Result.UNCHANGED:
        report.unchanged += 1
        stored: Json = old
    else:
        stored = outcome.data or {**old, **job.send, "version": outcome.version}
        report.count(report.written, job.step.action if job.step else "collection")
    found: dict[str, Any] = {
        "data": stored,
        "version": outcome.version or job.row.version,
        "sent": None,
        "sent_record": None,
    }
    if (step := job.step) is not None:
        base = agreed_base(step, stored) if step.agreed == LIVE else None
        if base is not None and (adapted := adapted_fields(step, stored)):
            report.is_adapted = True
            base = {**base, **adapted}
        found["agreed"] = step.agreed
        found["base"] = base
        found["record"] = step.taken
        found["citation_key"] = step.after.key if step.after else ""
        found["edited"] = job.row.edited if step.conflicts else 0.0
    return replace(job.row, **found)


def _give_up(job: _Job, outcome: Outcome, report: Report) -> None:
    name = job.step.key if job.step else str(job.send.get("name"))[:_SHOWN]
    key = job.row.key
    report.failures[key] = Failure(name, key, outcome.code, outcome.message)
