"""Does each reference exist, and does what it says agree with the sources: one verdict for each.

Knows how verdicts follow from what was heard. A reference that nobody knows is *not found*, never
more: sources have gaps. A source that was down makes it *unchecked*.
"""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from citeworks.errors import SourceError
from citeworks.lint import Finding, Rule
from citeworks.model import Issue, Location, Record, Severity
from citeworks.model.identifier import parse_identifier
from citeworks.resolve.agreement import Agreement, Mismatch, best_agreement
from citeworks.resolve.case import Case
from citeworks.resolve.contradiction import contradictions
from citeworks.resolve.inquiry import Inquiry, Progress
from citeworks.resolve.interface import Found, Notice
from citeworks.resolve.versions import same_publication

VERIFIED, MISMATCH, RETRACTED, CORRECTED, NOT_FOUND, UNCHECKED = (
    "verified",
    "mismatch",
    "retracted",
    "corrected",
    "not found",
    "unchecked",
)
VERDICTS = {
    VERIFIED: "a source knows the work, and the reference agrees with it",
    MISMATCH: "a source knows the work and says something else of it",
    RETRACTED: "the publisher has retracted or withdrawn the work",
    CORRECTED: "the publisher has corrected the work, or has doubts about it",
    NOT_FOUND: "no source that was asked knows the work",
    UNCHECKED: "nothing was found, and not every source answered",
}
"""What can become of a reference."""
FINDINGS = frozenset({MISMATCH, RETRACTED, CORRECTED})
"""Verdicts that somebody should look at."""

_RULES = (
    (MISMATCH, "R101", Severity.ERROR),
    (RETRACTED, "R102", Severity.ERROR),
    (CORRECTED, "R103", Severity.WARNING),
    (NOT_FOUND, "R104", Severity.NOTE),
    (UNCHECKED, "R105", Severity.NOTE),
    (VERIFIED, "R100", Severity.NOTE),
)
RULES = {
    verdict: Rule(code, verdict.replace(" ", "-"), severity, VERDICTS[verdict])
    for verdict, code, severity in _RULES
}
"""The verdicts as rules of reports."""
MISSING = Rule("K001", "missing-key", Severity.ERROR, "a document cites a key that has no record")

_AT_ONCE = 1000
"""References that are asked about together: enough for every source's batches."""
_PLACE = re.compile(r"(?P<file>.*?):(?P<line>\d+)(?:-\d+|:\d+)?\Z", re.S)
_RETRACTIONS = frozenset({"retraction", "withdrawal", "removal", "partial_retraction"})
_NEWS = frozenset({"new_version", "new_edition", "clarification"})


@dataclass(frozen=True, slots=True)
class Check:
    """What became of one reference.

    `agreement` holds the find that it was compared with and how the two differ, `notices` what the
    publisher said afterwards, `asked` the sources that answered, `failed` those that did not.
    `places` is where documents cite it.
    """

    record: Record
    verdict: str
    agreement: Agreement | None = None
    notices: tuple[Notice, ...] = ()
    asked: tuple[str, ...] = ()
    failed: Mapping[str, SourceError] = field(default_factory=dict)
    places: tuple[Location, ...] = ()

    @property
    def place(self) -> Location:
        """Where a document first cites the reference, else where the reference stands."""
        return self.places[0] if self.places else place_of(self.record)

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        """What contradicts the source."""
        return self.agreement.mismatches if self.agreement else ()


def verify(
    records: Sequence[Record], inquiry: Inquiry, today: datetime.date, *, offline: bool = False
) -> list[Check]:
    """Ask about all references and compare each with what was found.

    With `offline` a source that has nothing on this machine was not asked rather than down. Some
    are asked about at a time: what was found of them and not compared is let go.
    """
    told = _Told(len(records), inquiry.report)
    checks: list[Check] = []
    for start in range(0, len(records), _AT_ONCE):
        part = replace(inquiry, report=told, _stopped=threading.Event())
        cases = part.run(records[start : start + _AT_ONCE])
        checks += [check(case, today, offline=offline) for case in cases]
        told.go_on()
    return checks


@dataclass(slots=True)
class _Told:
    """The progress of the parts of an inquiry, told as that of the whole."""

    records: int
    report: Callable[[Progress], None]
    before: Progress = field(default_factory=Progress)
    latest: Progress = field(default_factory=Progress)

    def __call__(self, progress: Progress) -> None:
        """Hear of one part, and tell of all so far."""
        self.latest = Progress(
            self.records,
            self.before.found + progress.found,
            self.before.published + progress.published,
            self.before.asked + progress.asked,
            progress.open,
        )
        self.report(self.latest)

    def go_on(self) -> None:
        """Begin the next part."""
        self.before = replace(self.latest)


def check(case: Case, today: datetime.date, *, offline: bool = False) -> Check:
    """The verdict on one reference after its sources were asked."""
    failed = {} if offline else dict(sorted(case.failed.items()))
    record = case.view.wanted
    agreement = best_agreement(record, case.view.verdict.judged)
    for contradiction in contradictions(record, today):
        agreement = _with_mismatch(agreement, contradiction)
    notices = _notices(agreement, case.found) if agreement else ()
    notices = tuple(dict.fromkeys((*notices, *_known_notices(case.record))))
    return Check(
        case.record,
        _verdict(agreement, notices, is_heard=bool(case.heard) and not failed),
        agreement,
        notices,
        tuple(sorted(case.heard)),
        failed,
    )


def failures(checks: Iterable[Check]) -> dict[str, SourceError]:
    """The sources that failed for any reference, each with its first error."""
    failed: dict[str, SourceError] = {}
    for each in checks:
        for source, error in each.failed.items():
            failed.setdefault(source, error)
    return dict(sorted(failed.items()))


def place_of(record: Record) -> Location:
    """The file and line of a reference, as the provenance of its values names them."""
    for origin in record.provenance.values():
        if found := _PLACE.match(origin.locator):
            return Location(found["file"], int(found["line"]), 1)
    return Location("", 0)


def as_finding(each: Check) -> Finding:
    """The verdict as a finding, with the values of both sides in its sentence."""
    name = each.record.key or each.record.text("title") or "a reference"
    return Finding(
        RULES[each.verdict],
        f"{name}: {_sentence(each)}",
        each.place,
        key=each.record.key,
    )


def as_object(each: Check) -> dict[str, Any]:
    """What became of one reference, as JSON data of schema 1."""
    found = each.agreement.found if each.agreement else None
    place = each.place
    values = {
        "key": each.record.key,
        "verdict": each.verdict,
        "file": place.file,
        "line": place.line,
        "citations": [place_object(one) for one in each.places],
        "title": each.record.text("title"),
        "mismatches": [_difference(one) for one in each.mismatches],
        "remarks": [_difference(one) for one in (each.agreement.remarks if each.agreement else ())],
        "notices": [
            {
                "kind": one.kind,
                "identifier": one.identifier and str(one.identifier),
                "date": one.date,
            }
            for one in each.notices
        ],
        "source": found.source if found else "",
        "locator": _locator(found.record) if found else "",
        "identifiers": [str(one) for one in found.identifiers] if found else [],
        "asked": list(each.asked),
        "failed": {name: error.message for name, error in each.failed.items()},
    }
    return {name: value for name, value in values.items() if value not in ("", [], {}, 0)}


def missing_finding(issue: Issue) -> Finding:
    """A cited key without a record as a finding."""
    hint = f" ({issue.hint})" if issue.hint else ""
    return Finding(MISSING, issue.message + hint, issue.location, len(issue.key), issue.key)


def place_object(place: Location) -> dict[str, Any]:
    """A place as JSON data of schema 1."""
    return {"file": place.file, "line": place.line, "column": place.column}


def _difference(each: Any) -> dict[str, str]:
    return {"variable": each.variable, "ours": each.ours, "theirs": each.theirs}


def _locator(record: Record) -> str:
    return next((origin.locator for origin in record.provenance.values() if origin.locator), "")


def _sentence(each: Check) -> str:
    parts = [_said(one, each) for one in each.mismatches]
    parts += [f"{one.kind} {one.identifier or ''} {one.date}".strip() for one in each.notices]
    if each.verdict == NOT_FOUND:
        parts = [f"asked {', '.join(each.asked)}"]
    if each.verdict == UNCHECKED:
        down = ", ".join(each.failed)
        parts = [f"no answer from {down}" if down else "nobody was asked"]
    if each.verdict == VERIFIED and each.agreement:
        parts = [
            _source(each.agreement.found),
            *(_said(one, each) for one in each.agreement.remarks),
        ]
    return f"{each.verdict}: {'; '.join(parts)}" if parts else each.verdict


def _said(mismatch: Mismatch, each: Check) -> str:
    source = mismatch.origin or (_source(each.agreement.found) if each.agreement else "")
    return f"{mismatch.variable} is {mismatch.ours!r} here, {mismatch.theirs!r} in {source}"


def _source(found: Found) -> str:
    locators = [origin.locator for origin in found.record.provenance.values() if origin.locator]
    return f"{found.source} ({locators[0]})" if locators else found.source


def _verdict(agreement: Agreement | None, notices: Sequence[Notice], *, is_heard: bool) -> str:
    kinds = {notice.kind for notice in notices}
    if kinds & _RETRACTIONS:
        return RETRACTED
    if agreement and agreement.mismatches:
        return MISMATCH
    if kinds - _NEWS:
        return CORRECTED
    if agreement:
        return VERIFIED
    return NOT_FOUND if is_heard else UNCHECKED


def _notices(agreement: Agreement, found: Iterable[Found]) -> tuple[Notice, ...]:
    """What any source says happened to this very version."""
    versions = [
        each for each in found if each is agreement.found or same_publication(each, agreement.found)
    ]
    return tuple(dict.fromkeys(notice for each in versions for notice in each.notices))


def _known_notices(record: Record) -> Iterator[Notice]:
    """What an earlier look at the sources has left in ``custom.status``."""
    held = record.custom.get("status")
    for each in held if isinstance(held, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("kind"), str):
            identifier = parse_identifier(str(each.get("notice", "")))
            yield Notice(each["kind"], identifier, str(each.get("date", "")))


def _with_mismatch(agreement: Agreement | None, mismatch: Mismatch) -> Agreement:
    if agreement is None:
        return Agreement(Found("", Record("", "document")), (mismatch,))
    if any(each.variable == mismatch.variable for each in agreement.mismatches):
        return agreement
    remarks = tuple(each for each in agreement.remarks if each.variable != mismatch.variable)
    return Agreement(agreement.found, (*agreement.mismatches, mismatch), remarks)
