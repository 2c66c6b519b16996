"""A Markdown document with its citations formatted and a bibliography at its end.

The citations of a whole document are formatted together: positions, numbers and year suffixes
depend on each other. In a note style each becomes a footnote, unless it stands in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from citeworks.csl.citation import NO_PRINTED_FORM
from citeworks.documents.interface import Places
from citeworks.documents.pandoc import Cite, Group, Note, groups, notes
from citeworks.errors import InputError
from citeworks.model import Issue, Library, Location, Record
from citeworks.nearest import did_you_mean
from citeworks.normalize.text import markdown_to_rich_text
from citeworks.render.builtin import BuiltinRenderer
from citeworks.render.manuscript import FORMATS, Manuscript, front_value, load_writer, without_marks
from citeworks.render.styles import load_style

_REFS = re.compile(r"^:{3,}[ \t]*(?:\{[^}\n]*#refs[^}\n]*\}|#refs)[ \t]*\n+:{3,}[ \t]*$", re.M)
_FRONT = re.compile(r"\A---[ \t]*\n(?:.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_PUNCTUATION = re.compile(r"[.,;:!?]")
_ENDS_SENTENCE = re.compile(r"\.(?:[”’»\"'}*_]|</?\w+>)*\Z")
_SUPERSCRIPT = re.compile(r"<sup>|\^|\\textsuperscript")
_FIRST_LETTER = re.compile(r"\A((?:<[^<>]*>)*)(\w)")
_NOCITE = re.compile(r"@(\*|\{[^{}]+\}|[\w][\w:.#$%&\-+?<>~/]*\w|\w)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The finished text, and an issue for every key that no record has."""

    text: str
    missing: tuple[Issue, ...]


@dataclass(slots=True)
class Placed:
    """A citation and the number of the note that it stands in or makes; 0 is in the text."""

    group: Group
    note: int = 0
    makes_note: bool = False


@dataclass(slots=True)
class Citations:
    """What a style makes of the citations of a document, in their order, and its bibliography."""

    texts: list[str] = field(default_factory=list)
    entries: list[tuple[str, str]] = field(default_factory=list)


def render(
    text: str,
    library: Library,
    output: str,
    *,
    style: str = "apa",
    locale: str = "",
    links: bool = False,
    file: str = "",
) -> Rendered:
    """The document in one of the formats of `citeworks.render.manuscript`.

    Raises InputError for a format that there is not, StyleError for a style.
    """
    writer = load_writer(check_manuscript_format(output))
    text = without_marks(text)
    found = groups(text)
    renderer = BuiltinRenderer(
        load_style(style), locale or front_value(text, "lang"), writer.citations, links=links
    )
    placed = place(found, notes(text), is_note_style=renderer.is_note_style)
    formatted = format_citations(renderer, library, placed, _nocite(text))
    manuscript = _woven(text, placed, formatted)
    return Rendered(writer.dump(manuscript), tuple(_missing(text, found, library, file)))


def check_manuscript_format(name: str) -> str:
    """The format itself; InputError with the nearest names when there is none."""
    if name not in FORMATS:
        hint = did_you_mean(name, FORMATS) or "formats are " + ", ".join(FORMATS)
        raise InputError(f"a document cannot be written as {name!r}", hint=hint)
    return name


def place(
    found: Sequence[Group], footnotes: Sequence[Note], *, is_note_style: bool
) -> list[Placed]:
    """The citations in the order in which they are read, those of a footnote where it is called."""
    inside: dict[int, int] = {}
    for at, group in enumerate(found):
        for number, note in enumerate(footnotes):
            if note.start <= group.start < note.end:
                inside[at] = number
    events: list[tuple[int, int, Any]] = [(note.call, 0, note) for note in footnotes]
    events += [(group.start, 1, group) for at, group in enumerate(found) if at not in inside]
    placed: list[Placed] = []
    count = 0
    for _, kind, what in sorted(events, key=lambda event: event[:2]):
        count += 1 if not kind or is_note_style else 0
        if kind:
            placed.append(Placed(what, count if is_note_style else 0, is_note_style))
            continue
        number = footnotes.index(what)
        placed += [
            Placed(found[at], count if is_note_style else 0)
            for at, note in inside.items()
            if note == number
        ]
    return placed


def format_citations(
    renderer: BuiltinRenderer,
    library: Library,
    placed: Sequence[Placed],
    nocite: Iterable[str] = (),
) -> Citations:
    """Every citation in its order, and the entries of what is cited."""
    clusters = [
        [_cite(cite, each, is_first=not at) for at, cite in enumerate(each.group.cites)]
        for each in placed
    ]
    keys = dict.fromkeys(cite["id"] for cluster in clusters for cite in cluster)
    keys |= dict.fromkeys(library if "*" in set(nocite) else nocite)
    records = _records(library, keys)
    whole = renderer.document(records, clusters, [each.note for each in placed])
    texts = [
        _with_author(renderer, whole.citation, records, each, _printed(text, each), is_known)
        for each, text, is_known in zip(
            placed, whole.citations, _are_subsequent(placed), strict=True
        )
    ]
    return Citations(texts, whole.entries)


def _records(library: Library, keys: Iterable[str]) -> list[Record]:
    """The records that are cited, each under the key by which it is cited."""
    former = {alias: record for record in library.values() for alias in record.aliases}
    found = {key: library.get(key) or former.get(key) for key in keys}
    return [record.with_key(key) for key, record in found.items() if record]


def _cite(cite: Cite, placed: Placed, *, is_first: bool) -> dict[str, Any]:
    """A cite as the processor takes it."""
    made: dict[str, Any] = {"id": cite.key}
    if any(each.prefix for each in placed.group.cites):
        made["unsorted"] = True  # words in front put the cites into an order of their own
    if cite.prefix:
        prefix = markdown_to_rich_text(cite.prefix) + " "
        made["prefix"] = _capitalized(prefix) if is_first and placed.makes_note else prefix
    if cite.suffix.strip():
        made["suffix"] = markdown_to_rich_text(cite.suffix)
    if cite.locator:
        made |= {"locator": cite.locator, "label": cite.label}
    if cite.suppresses_author or (is_first and placed.group.is_in_text and not placed.makes_note):
        made["suppress-author"] = True
    return made


def _capitalized(prefix: str) -> str:
    """The prefix as the beginning of a note."""
    return _FIRST_LETTER.sub(lambda match: match[1] + match[2].upper(), prefix, count=1)


def _printed(text: str, placed: Placed) -> str:
    """The citation, or nothing if all that it had was the author, who stands in the sentence."""
    first = placed.group.cites[0]
    is_bare = first.suppresses_author or placed.group.is_in_text
    return "" if text == NO_PRINTED_FORM and is_bare else text


def _are_subsequent(placed: Iterable[Placed]) -> Iterable[bool]:
    """For each citation whether its first cite was cited before."""
    seen: set[str] = set()
    for each in placed:
        yield each.group.cites[0].key in seen
        seen.update(cite.key for cite in each.group.cites)


def _with_author(
    renderer: BuiltinRenderer,
    single: Any,
    records: Sequence[Record],
    placed: Placed,
    text: str,
    is_subsequent: bool,
) -> str:
    """A citation whose author is part of the sentence begins with the author."""
    known = {record.key for record in records}
    unknown = [cite.key for cite in placed.group.cites if cite.key not in known]
    doubt = renderer.escape("; ".join(f"{key}?" for key in unknown))
    if len(unknown) == len(placed.group.cites):
        return doubt
    if unknown:
        text = f"{text} ({doubt})"
    if not placed.group.is_in_text or placed.group.cites[0].key in unknown:
        return text
    bare = {"id": placed.group.cites[0].key, "position": int(is_subsequent)}
    author = single([{**bare, "author-only": True}])
    if not placed.makes_note and single([{**bare, "suppress-author": True}]) == single([bare]):
        return text  # a style that numbers its citations
    between = NOTE_MARK if placed.makes_note else " " if text else ""
    return f"{author}{between}{text}"


NOTE_MARK = "\ue00f"
"""What parts the author in the sentence from the text of the note that follows."""


def _woven(text: str, placed: Sequence[Placed], formatted: Citations) -> Manuscript:
    """The document with a mark in the place of each citation, and what each mark stands for."""
    made = Manuscript(entries=formatted.entries)
    pieces: list[tuple[int, int, str]] = []
    for each, shown in zip(placed, formatted.texts, strict=True):
        before, mark, inside = shown.rpartition(NOTE_MARK)
        name = made.add_note(inside) if each.makes_note else made.add(inside)
        author = made.add(before) if mark else ""
        start, end = each.group.start, each.group.end
        if each.makes_note:
            start = start if mark else len(text[:start].rstrip(" "))
            closing = _PUNCTUATION.match(text, end)
            name = (closing[0] if closing else "") + name
            end = closing.end() if closing else end
        else:
            if text.startswith(".", end) and _ENDS_SENTENCE.search(shown):
                end += 1
            if _SUPERSCRIPT.match(shown) or not shown:
                start = len(text[:start].rstrip(" "))
        pieces.append((start, end, author + name))
    made.text = _replace(text, sorted(pieces))
    refs = _REFS.search(made.text)
    if refs:
        made.text = made.text[: refs.start()] + made.bibliography_mark + made.text[refs.end() :]
    elif made.entries:
        made.text = f"{made.text.rstrip()}\n\n{made.bibliography_mark}\n"
    return made


def _replace(text: str, pieces: Sequence[tuple[int, int, str]]) -> str:
    out, end = [], 0
    for start, stop, new in pieces:
        out += [text[end:start], new]
        end = stop
    return "".join(out) + text[end:]


def _nocite(text: str) -> list[str]:
    """The keys that the front matter lists without citing them; ``*`` is all."""
    front = _FRONT.match(text)
    value = front_value(text, "nocite") if front else ""
    return [key.strip("{}") for key in _NOCITE.findall(value)]


def missing_keys(found: Iterable[Group], library: Mapping[str, Record]) -> list[str]:
    """The keys that no record has or had, each once, in the order of the citations."""
    known = {*library, *(alias for record in library.values() for alias in record.aliases)}
    keys = (cite.key for group in found for cite in group.cites)
    return list(dict.fromkeys(key for key in keys if key not in known))


def _missing(
    text: str, found: Sequence[Group], library: Mapping[str, Record], file: str
) -> Iterable[Issue]:
    """An issue for each cite of a key that no record has or had."""
    places = Places(text)
    unknown = frozenset(missing_keys(found, library))
    for group in found:
        for cite in group.cites:
            if cite.key in unknown:
                at = max(text.find(cite.key, group.start, group.end) - 1, group.start)
                yield Issue(
                    "K001",
                    f"no record {cite.key!r}",
                    location=Location(file, *places.of(at)),
                    key=cite.key,
                    hint=did_you_mean(cite.key, library),
                )
