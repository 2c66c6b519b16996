"""What is wrong with lists of names in a .bib field.

Knows how BibTeX cuts a list, and what people write instead. A name in braces is left alone: it is
a collective, and whoever wrote it said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from citeworks.lint.interface import Check, Hit, Slot
from citeworks.lint.masks import without_groups
from citeworks.model.name_words import SUFFIXES

FIELDS = frozenset(
    """
    author editor editora editorb editorc translator bookauthor annotator commentator introduction
    foreword afterword shortauthor shorteditor
    """.split()
)

_AND = re.compile(r"(?<!\S)and(?!\S)", re.I)
_ET_AL = re.compile(r"(?:,\s*)?\bet\.?\s+al(?:ii|\.|\b)", re.I)
_JOINED = re.compile(r"(?<![^\W\d_])[A-Z]\.(?=[A-Z])")
_INITIALS = re.compile(r"[A-Z]{2,3}\Z")
_INITIAL = re.compile(r"(?:\A|[\s~])[A-Z]\.(?=[\s~A-Z-])")
_SEPARATOR = re.compile(r";|\\?&")
_MARK = re.compile(r"[^\W\d_]{2}[0-9]|[\w.]@[\w.]|[†‡§¶]|https?://")
_EXTENDED = re.compile(r"\s*\"?[\w-]+\s*=")


def check_names(slot: Slot) -> Iterator[Hit]:
    """Every doubt about one list of names."""
    masked = without_groups(slot.value)
    if not masked.strip():
        return
    spans = list(_spans(masked))
    yield from _empty_names(slot, masked, spans)
    yield from _initials(slot, masked, spans)
    for first, last in spans:
        name = masked[first:last]
        if name.strip() and not _EXTENDED.match(slot.value[first:last]):
            yield from _check_name(slot, name, first, alone=len(spans) == 1)


def _spans(masked: str) -> Iterator[tuple[int, int]]:
    """Where each name stands, without the white space round it."""
    start = 0
    for end, after in [*((m.start(), m.end()) for m in _AND.finditer(masked)), (len(masked), 0)]:
        text = masked[start:end]
        first = start + len(text) - len(text.lstrip())
        yield first, max(first, start + len(text.rstrip()))
        start = after


def _empty_names(slot: Slot, masked: str, spans: list[tuple[int, int]]) -> Iterator[Hit]:
    for first, last in spans:
        if first == last:
            place = min(first, len(masked) - 1)
            yield slot.hit("N106", f"an empty name in {slot.name}", place, place + 1)
            return


def _check_name(slot: Slot, name: str, first: int, *, alone: bool) -> Iterator[Hit]:
    shown = slot.value[first : first + len(name)]
    if found := _ET_AL.search(name):
        yield _et_al(slot, name, first, found, alone)
        return
    if found := _SEPARATOR.search(name):
        message = f"{found[0]!r} between names in {slot.name}: `and` is meant, or braces"
        yield slot.hit("N105", message, first + found.start(), first + found.end())
    elif alone and _is_list(name):
        message = f"{slot.name} is a list between commas: {_short(shown)!r}"
        yield slot.hit("N101", message, first, first + len(name))
        return
    if found := _MARK.search(name):
        message = f"{_short(shown)!r} carries a mark or an address"
        yield slot.hit("N108", message, first + found.start(), first + found.end())
    yield from _shouted(slot, name, first)


def _et_al(slot: Slot, name: str, first: int, found: re.Match[str], alone: bool) -> Hit:
    message = f"`et al.` in {slot.name}: `others` is meant"
    if found[0] == name and not alone:
        return slot.fix("N102", message, first, first + len(name), "others")
    return slot.hit("N102", message, first + found.start(), first + found.end())


def _is_list(name: str) -> bool:
    """True if a single name has so many commas, or such parts, that it is several."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) > 3:
        return True
    if len(parts) == 3:
        return parts[1].lower() not in SUFFIXES and not parts[1].lower().startswith("ph")
    return len(parts) == 2 and all(_INITIAL.search(part) and " " in part for part in parts)


def _initials(slot: Slot, masked: str, spans: list[tuple[int, int]]) -> Iterator[Hit]:
    """Initials of the whole list: those without a space, and those without dots."""
    joined: list[int] = []
    bare: list[tuple[int, int]] = []
    for first, last in spans:
        name = masked[first:last]
        _, comma, given = name.rpartition(",")
        offset = last - len(given)
        joined += [offset + found.end() for found in _JOINED.finditer(given)]
        if comma and _INITIALS.match(given.strip()):
            bare.append((last - len(given.strip()), last))
    if joined:
        shown = slot.value[joined[0] - 2 : joined[0] + 1]
        message = f"initials without a space in {slot.name}: {shown!r}{_and_more(joined)}"
        yield slot.insert("N103", message, joined, " ")
    if bare:
        shown = slot.value[bare[0][0] : bare[0][1]]
        message = f"initials without dots in {slot.name}, read as one name: {shown!r}"
        yield slot.hit("N104", message + _and_more(bare), *bare[0])


def _and_more(places: Sequence[object]) -> str:
    return f" and {len(places) - 1} more" if len(places) > 1 else ""


def _shouted(slot: Slot, name: str, first: int) -> Iterator[Hit]:
    family, comma, given = name.partition(",")
    if not (comma and family.isupper() and given.strip() and not given.isupper()):
        return
    if any(len(word) > 3 for word in re.findall(r"[^\W\d_]+", family)):
        message = f"the family name {family.strip()!r} is in capitals"
        yield slot.hit("N107", message, first, first + len(family))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 50 else text[:49] + "…"


CHECKS: tuple[tuple[frozenset[str], Check], ...] = ((FIELDS, check_names),)
