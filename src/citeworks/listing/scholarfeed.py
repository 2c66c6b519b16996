"""The layout of author pages on paper feeds: head, glued byline, abstract; three lines an entry.

::

    CLJun 28, 2023Code
    Title of the PaperFirst Author, Second Author et al. · slug, slug
    The abstract, on one line or wrapped.

Knows how the three are told apart when lines are joined, wrapped, numbered or missing. Refuses to
know where a title ends (`byline`) and what a head looks like (`heads`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from citeworks.listing import interface as codes
from citeworks.listing.byline import Byline, split
from citeworks.listing.cutting import cut_line
from citeworks.listing.dates import infer_year, is_plausible
from citeworks.listing.harvest import harvest_line
from citeworks.listing.heads import Head, find_heads, strip_marker
from citeworks.listing.identifiers import find_identifiers
from citeworks.listing.interface import Context, Entry, Line, Part, line_problems, make_part
from citeworks.listing.subjects import full_code
from citeworks.model import Date

_SLUGS = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:, ?[a-z0-9]+(?:-[a-z0-9]+)*)*"
_OTHER_DOT = re.compile(rf"\s[•∙⋅‧●‣](?=\s{_SLUGS}\s*\Z)")
_BYLINE_END = re.compile(rf"(?: et al\.|\s·\s{_SLUGS})\s*\Z")
_BYLINE_BEFORE_TEXT = re.compile(
    rf"(.{{5,700}}?(?: et al\.(?:\s·\s{_SLUGS})?|\s·\s{_SLUGS}))\s*(?=[^\Wa-z_]|[\"“‘'(]|\Z)"
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’)\]]*\Z")
_HYPHEN_AT_END = re.compile(r"\w-\Z")
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder|et|ou|y|e)\b")
_WRAPPED = range(1, 200)
_SHORT = 30
_BYLINE_LINES = 4
_BYLINE_LIMIT = 20_000
_PROSE_MINIMUM = 400
_PARAGRAPH_MINIMUM = 60
_ENTRY_LINES = 400
_ENTRY_CHARACTERS = 1 << 22


class ScholarFeed:
    """Entries of three lines: subject codes with a date, title with authors, abstract."""

    name = "scholarfeed"

    def accepts(self, sample: Sequence[Line]) -> float:
        """Certain as soon as one line has a head that the layout alone writes."""
        found = [head for line in sample if not line.is_blank for head in find_heads(line.text)]
        return 0.95 if any(head.date.year for head in found) else 0.8 if found else 0.0

    def parse(self, lines: Iterable[Line], context: Context) -> Iterator[Part]:
        """Every head opens an entry, which lasts until the next head or foreign text."""
        block: _Block | None = None
        for line, head in _pieces(lines):
            if head:
                if block:
                    yield from block.finish(context, is_last=False)
                block = _Block(head, [line])
            elif block and block.takes(line):
                block.lines.append(line)
                block.size += len(line.raw)
            else:
                if block:
                    yield from block.finish(context, is_last=False)
                    block = None
                yield from harvest_line(line, within_layout=True)
        if block:
            yield from block.finish(context, is_last=True)


def _pieces(lines: Iterable[Line]) -> Iterator[tuple[Line, Head | None]]:
    """The lines, cut before every head, each with the head that it begins with."""
    for line in lines:
        heads = find_heads(line.text) if line.text else []
        if not heads:
            yield line, None
            continue
        opening: list[Head | None] = list(heads)
        if heads[0].start > len(line.text) - len(strip_marker(line.text)):
            opening.insert(0, None)
        places = [head.start for head in opening[1:] if head]
        yield from zip(cut_line(line, places), opening, strict=True)


@dataclass(slots=True)
class _Block:
    """The lines of one entry while they are collected."""

    head: Head
    lines: list[Line]
    size: int = 0
    texts: list[Line] = field(default_factory=list)

    def takes(self, line: Line) -> bool:
        """True if the line still belongs to this entry."""
        if len(self.lines) >= _ENTRY_LINES or self.size >= _ENTRY_CHARACTERS:
            return False
        if line.is_blank:
            return True
        after_gap = self.lines[-1].is_blank
        if after_gap and len(self.texts) >= 2 and not _is_paragraph(line.text):
            return False
        self.texts.append(line)
        return True

    def finish(self, context: Context, *, is_last: bool) -> Iterator[Part]:
        """The part of the entry, and one for the blank lines behind it."""
        end = len(self.lines)
        while end > 1 and self.lines[end - 1].is_blank:
            end -= 1
        body = _read_body(self.head, self.lines[0], self.texts)
        entry = _read_entry(self.head, body, context, is_last=is_last)
        problems = dict.fromkeys((*entry.problems, *line_problems(self.lines[:end])))
        entry = replace(entry, problems=tuple(problems))
        yield make_part(codes.RECORD, self.lines[:end], entry, ScholarFeed.name)
        if end < len(self.lines):
            yield make_part(codes.SEPARATOR, self.lines[end:])


@dataclass(slots=True)
class _Body:
    byline: str = ""
    abstract: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


def _read_body(head: Head, first: Line, texts: Sequence[Line]) -> _Body:
    """Tell the byline, the lines of the abstract and what is neither apart."""
    has_marker = strip_marker(first.text) != first.text
    rest = [strip_marker(line.text) if has_marker else line.text for line in texts]
    joined = strip_marker(first.text)[head.end - head.start :].strip() if head.is_joined else ""
    if joined:
        rest.insert(0, joined)
    body = _Body()
    if not rest:
        return body
    first_text = _take_byline(rest)
    stands_for_all = head.is_joined and not rest and _SENTENCE_END.search(first_text)
    if _is_prose(first_text) or (stands_for_all and not _BYLINE_END.search(first_text)):
        body.byline, remainder = _cut_byline(first_text)
        rest = [remainder, *rest] if remainder else rest
    else:
        body.byline = first_text
    _share_out(rest, body)
    return body


def _take_byline(rest: list[str]) -> str:
    """Remove the byline from the front of these lines: one, or a few if it was wrapped."""
    for count in range(1, min(len(rest), _BYLINE_LINES) + 1):
        text = _OTHER_DOT.sub(" ·", _join_wrapped(rest[:count]))
        if _BYLINE_END.search(text):
            del rest[:count]
            return text
        if len(rest[count - 1]) not in _WRAPPED:
            break
    return _OTHER_DOT.sub(" ·", rest.pop(0))


def _join_wrapped(lines: Sequence[str]) -> str:
    """Wrapped lines as one; a line that ends with a hyphen was broken there."""
    pieces: list[str] = []
    for index, line in enumerate(lines):
        broken = index > 0 and _HYPHEN_AT_END.search(lines[index - 1])
        pieces += [line] if not pieces or (broken and not _SUSPENDED.match(line)) else [" ", line]
    return "".join(pieces)


def _is_prose(text: str) -> bool:
    """True for text that no byline can be: long, and most of its words in lower case."""
    if len(text) <= _PROSE_MINIMUM:
        return False
    words = text[:_BYLINE_LIMIT].split()
    return len(text) > _BYLINE_LIMIT or sum(word[0].islower() for word in words) * 2 > len(words)


def _cut_byline(text: str) -> tuple[str, str]:
    """Byline and abstract of a line that has both, where *et al.* or slugs show the boundary."""
    match = _BYLINE_BEFORE_TEXT.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def _share_out(rest: Sequence[str], body: _Body) -> None:
    """Sentences and wrapped lines go to the abstract, anything after it is extra."""
    previous = ""
    for text in rest:
        if not previous or _is_paragraph(text) or _continues(previous, text):
            body.abstract.append(text)
            previous = text
        else:
            body.extra.append(text)


def _continues(previous: str, text: str) -> bool:
    """True for the next line of a wrapped text; *Load more* below a full stop is none."""
    is_complete = bool(_SENTENCE_END.search(previous)) and not _SENTENCE_END.search(text)
    return len(previous) in _WRAPPED and not (is_complete and len(text) < _SHORT)


def _is_paragraph(text: str) -> bool:
    return len(text) >= _PARAGRAPH_MINIMUM and bool(_SENTENCE_END.search(text))


def _read_entry(head: Head, body: _Body, context: Context, *, is_last: bool) -> Entry:
    byline = _split_wrapped(body, context)
    abstract = _join_wrapped(body.abstract)
    date, year_inferred, date_problems = _read_date(head, context)
    problems = [
        *([codes.JOINED_ENTRY_REPAIRED] if head.is_joined else []),
        *_category_problems(head),
        *date_problems,
        *_text_problems(byline, body, is_last=is_last),
    ]
    return Entry(
        title=byline.title,
        authors=tuple(byline.authors),
        et_al=byline.et_al,
        date=date,
        date_as_written=head.date_as_written,
        year_inferred=year_inferred,
        subjects=tuple(full_code(code) or code for code in head.codes),
        identifiers=tuple(found for text in body.extra for found in find_identifiers(text)),
        affiliations=tuple(byline.affiliations),
        has_code=head.has_code,
        abstract=abstract,
        confidence=round(byline.confidence, 4),
        alternatives=_alternatives(byline),
        problems=tuple(problems),
    )


def _split_wrapped(body: _Body, context: Context) -> Byline:
    """Split the byline; one without authors may go on in the line that passes for abstract."""
    abstract = _join_wrapped(body.abstract)
    byline = _split_byline(body.byline, abstract, context)
    if byline.authors or not (body.byline and body.abstract):
        return byline
    if len(body.byline) not in _WRAPPED or len(body.abstract[0]) not in _WRAPPED:
        return byline
    text = _join_wrapped([body.byline, body.abstract[0]])
    longer = _split_byline(text, _join_wrapped(body.abstract[1:]), context)
    if not (longer.authors and longer.is_confident):
        return byline
    body.byline, body.abstract = text, body.abstract[1:]
    return longer


def _split_byline(text: str, abstract: str, context: Context) -> Byline:
    if not text:
        return Byline(title="", authors=[], et_al=False, affiliations=[], confidence=0.0)
    byline = split(text, abstract=abstract, known_authors=context.known_authors)
    if byline.is_confident:
        context.remember(byline.authors)
    return byline


def _alternatives(byline: Byline) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((title, tuple(authors)) for title, authors, *_ in byline.alternatives)


def _read_date(head: Head, context: Context) -> tuple[Date | None, bool, list[str]]:
    written = head.date
    if not written.is_valid:
        date = Date((written.year, written.month)) if written.year else None
        return date, False, [codes.INVALID_DATE]
    if written.year:
        date = Date((written.year, written.month, written.day))
        return date, False, [] if is_plausible(date, context.as_of) else [codes.IMPLAUSIBLE_DATE]
    year = infer_year(written.month, written.day, context.as_of)
    if year is None:
        return None, False, [codes.INVALID_DATE]
    return Date((year, written.month, written.day)), True, [codes.YEAR_INFERRED]


def _category_problems(head: Head) -> list[str]:
    return [] if all(full_code(code) for code in head.codes) else [codes.UNKNOWN_CATEGORY]


def _text_problems(byline: Byline, body: _Body, *, is_last: bool) -> list[str]:
    found = {
        codes.NO_TITLE_LINE: not body.byline,
        codes.NO_AUTHORS: bool(body.byline) and not byline.authors,
        codes.SPLIT_UNCERTAIN: bool(byline.authors) and not byline.is_confident,
        codes.NO_ABSTRACT: not body.abstract,
        codes.EXTRA_LINES: bool(body.extra),
        codes.TRUNCATED: is_last and _looks_cut(body),
    }
    return [code for code, holds in found.items() if holds]


def _looks_cut(body: _Body) -> bool:
    """The last entry of a file that stops before its abstract, or inside a sentence."""
    return not body.abstract or not (body.extra or _SENTENCE_END.search(body.abstract[-1]))
