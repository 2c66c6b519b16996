"""What sources answer with, and the two things that a source can be asked.

A *source* is a metadata service or the local catalogue. Whatever it says arrives as a `Found`: a
record in CSL terms whose every value carries its provenance, and beside it what CSL has no variable
for: identifiers of the same version, links to other versions, notices. Refuses to judge: whether a
`Found` is the paper that was wanted is for ``match``, what of it is written for ``merge``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from citeworks.errors import SourceError
from citeworks.model import Identifier, Record

PUBLISHED, PREPRINT, SAME = "published", "preprint", "same"
"""What a link says: the other identifier is the published version, the preprint, the same work."""

ARXIV_VERSION = "arxiv-version"
"""The scheme of one version of a paper on arXiv, ``2306.16388v1``; plain identifiers have none."""


@dataclass(frozen=True, slots=True)
class Link:
    """Another version of the work, as the source names it; `relation` is one of the words above."""

    relation: str
    identifier: Identifier


@dataclass(frozen=True, slots=True)
class Notice:
    """What a publisher says of a published work afterwards.

    `kind` is Crossref's word (``retraction``, ``withdrawal``, ``correction``, …), `identifier` the
    notice's own, `date` an ISO date or empty.
    """

    kind: str
    identifier: Identifier | None = None
    date: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One version of one work, as one source describes it.

    `record` has an empty citation key; `identifiers` name this very version, the most telling first
    (schemes of `citeworks.model.identifier` and ``dblp acl openreview s2 openalex``); `titles` are
    other titles that the source has for it (earlier versions, subtitles apart). `is_complete` is
    False when the source is known to have cut the author list.
    """

    source: str
    record: Record
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    notices: tuple[Notice, ...] = ()
    titles: tuple[str, ...] = ()
    is_complete: bool = True

    def linked(self, relation: str) -> tuple[Identifier, ...]:
        """The identifiers that the source links with this relation."""
        return tuple(link.identifier for link in self.links if link.relation == relation)


Answer = Found | SourceError
"""What became of one question: `NotFound` is an answer, every other error is a failure."""


class Resolver(Protocol):
    """A source that knows works by identifier."""

    name: str
    batch_size: int

    def supports(self, identifier: Identifier) -> bool:
        """True if the source can be asked for this identifier."""
        ...

    def resolve(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, Answer]:
        """One answer per identifier, in as few requests as the service allows; never raises."""
        ...


class Searcher(Protocol):
    """A source that can be searched for a work by what is known of it."""

    name: str

    def search(self, wanted: Record) -> Sequence[Found]:
        """Candidates, the service's best first, unjudged. Raises SourceError."""
        ...
