"""Which records speak of the same work: by identifier, or by title and a shared author.

Constant work per look-up; finds, and never merges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from citeworks.model import Record
from citeworks.normalize.citation_key import to_ascii

_MARKUP = re.compile(r"</?(?:i|b|sup|sub|span)\b[^<>]*>")
_IDENTIFIERS = ("DOI", "PMID", "PMCID", "ISBN")
_PARTS_OF_A_BOOK = frozenset(
    {"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"}
)


class DuplicateIndex:
    """Finds the record that says the same work as another one."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._by_identifier: dict[tuple[str, str], str] = {}
        self._by_title: dict[tuple[str, str], tuple[int, str]] = {}
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Remember a record under its citation key."""
        for identifier in _identifiers(record):
            self._by_identifier.setdefault(identifier, record.key)
        for heading in _headings(record):
            self._by_title.setdefault(heading, (len(self._by_title), record.key))

    def find(self, record: Record) -> str | None:
        """The citation key of a remembered record for the same work, or None."""
        for identifier in _identifiers(record):
            if identifier in self._by_identifier:
                return self._by_identifier[identifier]
        known = [self._by_title[each] for each in _headings(record) if each in self._by_title]
        return min(known)[1] if known else None


def title_key(title: str) -> str:
    """A title as it is compared: ASCII letters and digits only, without markup."""
    bare = _MARKUP.sub("", title)
    return to_ascii(bare) or "".join(bare.casefold().split())


def _identifiers(record: Record) -> Iterator[tuple[str, str]]:
    for variable in _IDENTIFIERS:
        shared_by_parts = variable == "ISBN" and record.type in _PARTS_OF_A_BOOK
        if record.text(variable) and not shared_by_parts:
            yield variable, record.text(variable).lower()
    if record.custom.get("arxiv"):
        yield "arXiv", str(record.custom["arxiv"])
    if not record.text("title") and record.text("URL"):
        yield "URL", record.text("URL")


def _headings(record: Record) -> Iterator[tuple[str, str]]:
    """Each title of the work with each author, or with nobody when there is none."""
    others = record.custom.get("titles", ())
    written = [record.text("title"), *(map(str, others) if isinstance(others, list) else ())]
    titles = dict.fromkeys(filter(None, map(title_key, written)))
    names = record.names("author") or record.names("editor")
    families = {title_key(name.family or name.literal) for name in names} or {""}
    yield from ((title, family) for title in titles for family in families)
