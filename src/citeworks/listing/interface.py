"""What a listing layout takes and gives: lines in, parts out.

Knows the values that travel between layouts, the driver and the writers of records and JSON.
Refuses to know any layout, encoding or file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from citeworks.model import Date, Identifier

Kind = Literal["record", "separator", "unparsed"]
RECORD: Kind = "record"
SEPARATOR: Kind = "separator"
UNPARSED: Kind = "unparsed"

NO_TITLE_LINE = "no-title-line"
NO_ABSTRACT = "no-abstract"
NO_AUTHORS = "no-authors"
EXTRA_LINES = "extra-lines"
SPLIT_UNCERTAIN = "split-uncertain"
YEAR_INFERRED = "year-inferred"
INVALID_DATE = "invalid-date"
IMPLAUSIBLE_DATE = "implausible-date"
UNKNOWN_CATEGORY = "unknown-category"
JOINED_ENTRY_REPAIRED = "joined-entry-repaired"
MOJIBAKE_REPAIRED = "mojibake-repaired"
UNDECODABLE = "undecodable"
REPLACEMENT_CHARACTER = "replacement-character"
DUPLICATE_OF = "duplicate-of"
TRUNCATED = "truncated"

PROBLEMS: dict[str, str] = {
    NO_TITLE_LINE: "the entry has no line with a title",
    NO_ABSTRACT: "the entry has no abstract",
    NO_AUTHORS: "no authors were found",
    EXTRA_LINES: "the entry has more lines than its layout explains",
    SPLIT_UNCERTAIN: "where the title ends and the authors begin is uncertain",
    YEAR_INFERRED: "the year is not in the listing and was inferred",
    INVALID_DATE: "the calendar has no such day",
    IMPLAUSIBLE_DATE: "the date lies before arXiv began or after the listing was made",
    UNKNOWN_CATEGORY: "the subject code is unknown or ambiguous",
    JOINED_ENTRY_REPAIRED: "the entry was joined to another line and was cut out of it",
    MOJIBAKE_REPAIRED: "text in a wrongly decoded encoding was repaired",
    UNDECODABLE: "bytes outside the file's encoding were read as Windows-1252",
    REPLACEMENT_CHARACTER: "characters were lost before the listing was saved (U+FFFD)",
    DUPLICATE_OF: "an earlier entry of the listing is the same work",
    TRUNCATED: "the listing ends in the middle of the entry",
}
"""Every problem code with the sentence that explains it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a piece of one: `raw` as it was read, end of line included, `text` cleaned.

    `number` is the line of the file as editors count; pieces of one line share it.
    """

    number: int
    raw: str
    text: str
    problems: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """True if nothing but space is on the line."""
        return not self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """What a layout read about one work; nothing in it is guessed without a problem code.

    `date_as_written` is the listing's own spelling, `year_inferred` says that its year was worked
    out. `alternatives` are other ways to cut title from authors, best first. `duplicate_of` is the
    line range of an earlier entry. `published` is a journal reference as it is written.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    et_al: bool = False
    date: Date | None = None
    date_as_written: str = ""
    year_inferred: bool = False
    subjects: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    affiliations: tuple[str, ...] = ()
    has_code: bool = False
    abstract: str = ""
    container_title: str = ""
    pages: str = ""
    comment: str = ""
    published: str = ""
    confidence: float = 1.0
    alternatives: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problems: tuple[str, ...] = ()
    duplicate_of: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file; the `raw` of all parts, joined, is the file."""

    kind: Kind
    lines: tuple[int, int]
    raw: str
    entry: Entry | None = None
    layout: str = ""

    @property
    def problems(self) -> tuple[str, ...]:
        """The problem codes of the entry; none where there is no entry."""
        return self.entry.problems if self.entry else ()


@dataclass(slots=True)
class Context:
    """What is known while a file is read: the as-of date, and authors met so far."""

    as_of: datetime.date
    known_authors: set[str] = field(default_factory=set)
    author_limit: int = 20_000

    def remember(self, authors: Iterable[str]) -> None:
        """Keep these authors as evidence for later bylines, up to a fixed number of names."""
        if len(self.known_authors) < self.author_limit:
            self.known_authors.update(authors)


class ListingParser(Protocol):
    """One layout. It is recognised by features of the text, never by the site it came from."""

    @property
    def name(self) -> str:
        """A short name, for reports."""

    def accepts(self, sample: Sequence[Line]) -> float:
        """How well the layout fits these lines, 0 (not at all) to 1."""

    def parse(self, lines: Iterable[Line], context: Context) -> Iterator[Part]:
        """Read all lines; every line ends in exactly one part, in order."""


def make_part(
    kind: Kind, lines: Sequence[Line], entry: Entry | None = None, layout: str = ""
) -> Part:
    """The part that these (one or more) consecutive lines make."""
    raw = "".join(line.raw for line in lines)
    return Part(kind, (lines[0].number, lines[-1].number), raw, entry, layout)


def line_problems(lines: Iterable[Line]) -> tuple[str, ...]:
    """The problems found while cleaning these lines, each once, in order."""
    return tuple(dict.fromkeys(code for line in lines for code in line.problems))
