"""Where the title of a glued byline ends, as the title of a found paper tells.

Knows the listing facts in ``custom``. Refuses to take words from the source: what is written stays
the listing's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from citeworks.listing.author_list import split_author_list
from citeworks.listing.to_record import SOURCE
from citeworks.model import Provenance, Record
from citeworks.normalize.names import parse_name
from citeworks.resolve.interface import Found
from citeworks.resolve.likeness import fold, title_key
from citeworks.resolve.versions import titles_of


@dataclass(frozen=True, slots=True)
class Repair:
    """How a candidate says a byline is to be cut; `confirmed` if it was cut so already."""

    record: Record
    found: Found
    confirmed: bool


def repair_split(wanted: Record, candidates: Iterable[Found]) -> Repair | None:
    """The title and the authors of a doubtful byline, cut where a candidate's title ends.

    A candidate counts when one of its titles is the beginning of a line of the listing and its
    first author follows. The words stay those of the listing.
    """
    listing = wanted.custom.get("listing")
    if not isinstance(listing, dict) or not listing.get("alternatives"):
        return None
    lines = str(listing.get("raw", "")).splitlines()
    cuts = [
        (cut, found)
        for found in candidates
        for title in titles_of(found)
        for line in lines
        if (cut := _cut(line, title, found))
    ]
    if not cuts:
        return None
    cut, found = max(cuts, key=lambda each: each[0])  # whichever candidate came first
    return _repaired(wanted, found, cut)


def _cut(line: str, title: str, found: Found) -> tuple[str, str] | None:
    """The line in two, if it begins with the title and the first author follows."""
    key = title_key(title)
    if not key or not title_key(line).startswith(key):
        return None
    end = _end_of(line, len(key))
    rest = line[end:]
    authors = found.record.names()
    if not authors or not _begins_with_person(rest, str(authors[0])):
        return None
    while rest and not rest[0].isalnum():
        end, rest = end + 1, rest[1:]
    return line[:end].strip(), rest


def _end_of(line: str, length: int) -> int:
    """The shortest beginning of the line whose key has `length` letters."""
    low, high = 0, len(line)
    while low < high:
        middle = (low + high) // 2
        if len(title_key(line[:middle])) < length:
            low = middle + 1
        else:
            high = middle
    return low


def _begins_with_person(text: str, name: str) -> bool:
    key, words = title_key(text), fold(name).split()
    if not words:
        return False
    forms = {"".join(words), "".join((words[0], words[-1])), words[-1] + "".join(words[:-1])}
    return any(key.startswith(form) for form in forms)


def _repaired(wanted: Record, found: Found, cut: tuple[str, str]) -> Repair:
    title, byline = cut
    if title_key(wanted.text("title")) == title_key(title):
        return Repair(wanted, found, confirmed=True)
    for alternative in wanted.custom["listing"]["alternatives"]:
        if title_key(alternative["title"]) == title_key(title):
            return Repair(_with_split(wanted, title, alternative["authors"]), found, False)
    authors, is_cut = split_author_list(byline.partition(" · ")[0])
    record = _with_split(wanted, title, authors)
    return Repair(record.with_custom(et_al=["author"]) if is_cut else record, found, False)


def _with_split(wanted: Record, title: str, authors: Sequence[str]) -> Record:
    names = tuple(parse_name(author) for author in authors if author)
    origin = wanted.provenance.get("title", Provenance(SOURCE))
    return wanted.with_values({"title": title, **({"author": names} if names else {})}, origin)
