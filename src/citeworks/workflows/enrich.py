"""Records to fuller records: ask, judge, merge, and say what would change. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from citeworks.errors import SourceError
from citeworks.model import Record
from citeworks.model.change import Change, changes
from citeworks.resolve.case import Case
from citeworks.resolve.inquiry import Inquiry
from citeworks.resolve.match import Tier
from citeworks.resolve.merge import describes_preprint, merge
from citeworks.resolve.view import View

FOUND, UNDECIDED, NOT_FOUND, NOT_HEARD = "found", "undecided", "not found", "not heard"
OUTCOMES = {
    FOUND: "a source has the paper for certain, or the match is strong",
    UNDECIDED: "what was found may be the paper, or contradicts the record: a person decides",
    NOT_FOUND: "every source that was asked answered, and none has it",
    NOT_HEARD: "nothing was found, and not every source answered",
}
"""What can become of a record. *Not found* does not mean that there is no such paper."""


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What became of one record: before, after, what was found, and which sources failed."""

    before: Record
    after: Record
    outcome: str
    view: View
    heard: frozenset[str]
    failed: Mapping[str, SourceError]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would change, slot by slot."""
        return changes(self.before, self.after)

    @property
    def offers_published(self) -> bool:
        """True if a published version was found that the record does not describe."""
        return bool(self.view.published) and describes_preprint(self.after)


def enrich(
    records: Sequence[Record], inquiry: Inquiry, *, published: bool = False
) -> list[Enrichment]:
    """Ask about all records and merge what was found into each."""
    return [_enriched(case, published) for case in inquiry.run(records)]


def changed_records(enrichments: Iterable[Enrichment]) -> list[Record]:
    """The records that are no longer what they were."""
    return [each.after for each in enrichments if each.after != each.before]


def failures(enrichments: Iterable[Enrichment]) -> dict[str, SourceError]:
    """The sources that failed for any record, each with its first error."""
    failed: dict[str, SourceError] = {}
    for each in enrichments:
        for source, error in each.failed.items():
            failed.setdefault(source, error)
    return dict(sorted(failed.items()))


def _enriched(case: Case, published: bool) -> Enrichment:
    view = case.view
    after = merge(view.wanted, case.findings(), published=published)
    return Enrichment(
        case.record, after, _outcome(case), view, frozenset(case.heard), dict(case.failed)
    )


def _outcome(case: Case) -> str:
    if case.view.accepted or case.view.published:
        return FOUND
    if case.view.verdict.tier in (Tier.PROBABLE, Tier.CONFLICT):
        return UNDECIDED
    return NOT_HEARD if case.failed else NOT_FOUND
