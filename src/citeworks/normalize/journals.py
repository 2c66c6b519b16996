"""Titles of journals in full and abbreviated, both ways, from lists and by the rules of ISO 4.

Knows JabRef's lists (``full;abbreviation`` or ``full = abbreviation``) and what a record says
itself. Refuses to guess: a journal that nothing knows is left as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from citeworks.model import Issue, Location, Provenance, Record, Severity
from citeworks.model.provenance import INFERRED
from citeworks.normalize.title_words import WordList, abbreviate_title, fold

TYPES = frozenset("article-journal article-magazine article-newspaper review review-book".split())
"""The types that appear in a journal; the titles of books and proceedings are left alone."""

_NOT_WORD = re.compile(r"[\W_]+")
_ABBREVIATED = re.compile(r"\w\.(?:\s|\Z)")


@dataclass(slots=True)
class Journals:
    """Full titles to abbreviations and back, by their words; `words` is the LTWA if it is there."""

    short: dict[str, str] = field(default_factory=dict)
    full: dict[str, list[str]] = field(default_factory=dict)
    words: WordList | None = None

    def add(self, full: str, short: str) -> None:
        """Know a pair; the first abbreviation of a title stands, one may stand for many titles."""
        self.short.setdefault(title_key(full), short)
        titles = self.full.setdefault(title_key(short), [])
        if title_key(full) not in map(title_key, titles):
            titles.append(full)


def title_key(title: str) -> str:
    """A title as it is compared: its words without case, accents, signs and ``the``."""
    words = _NOT_WORD.sub(" ", fold(title).replace("&", " and ")).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def read_list(text: str, file: str, journals: Journals) -> list[Issue]:
    """Put the pairs of a list into `journals`; lines that hold none are reported."""
    issues: list[Issue] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pair = _pair(line)
        if pair is None:
            message = f"no `full title;abbreviation`: {line.strip()[:60]}"
            issues.append(Issue("A102", message, Severity.WARNING, Location(file, number)))
        else:
            journals.add(*pair)
    return issues


def _pair(line: str) -> tuple[str, str] | None:
    if " = " in line and ";" not in line:
        columns = line.split(" = ", 1)
    else:
        delimiter = ";" if ";" in line else "\t" if "\t" in line else ","
        columns = next(csv.reader([line], delimiter=delimiter, strict=False), [])
    full, short = ([*columns, "", ""])[:2]
    return (full.strip(), short.strip()) if full.strip() and short.strip() else None


def learn(records: Iterable[Record], journals: Journals) -> None:
    """Know what the records say of their own journals."""
    for record in records:
        full, short = record.text("container-title"), record.text("container-title-short")
        if record.type in TYPES and full and short and full != short:
            journals.add(full, short)


def abbreviate(record: Record, journals: Journals) -> tuple[Record, Issue | None]:
    """The record with its journal abbreviated, also as `container-title-short`."""
    title = record.text("container-title")
    if record.type not in TYPES or not title or _is_one_word(title):
        return record, None
    key = title_key(title)
    short = journals.short.get(key) or ("" if key not in journals.full else title)
    if not short and _ABBREVIATED.search(title):
        return record, None
    if not short and journals.words is not None:
        short = abbreviate_title(title, journals.words, record.text("language"))
        journals.short[key] = short
    if not short:
        return record, _unknown(record, f"no abbreviation of {title!r} is known: left as it is")
    return _with(record, {"container-title": short, "container-title-short": short}), None


def expand(record: Record, journals: Journals) -> tuple[Record, Issue | None]:
    """The record with its journal in full, and the abbreviation as `container-title-short`."""
    title = record.text("container-title") or record.text("container-title-short")
    if record.type not in TYPES or not title:
        return record, None
    full = journals.full.get(title_key(title), [])
    if len(full) == 1:
        return _with(record, {"container-title": full[0], "container-title-short": title}), None
    if full:
        known = " or ".join(repr(each) for each in full[:3])
        return record, _unknown(record, f"{title!r} stands for {known}: left as it is")
    if _ABBREVIATED.search(title):
        return record, _unknown(record, f"the full title of {title!r} is not known: left as it is")
    return record, None


def _is_one_word(title: str) -> bool:
    return len(title_key(title).split()) < 2


def _with(record: Record, values: Mapping[str, str]) -> Record:
    changed = {name: text for name, text in values.items() if record.text(name) != text}
    return record.with_values(changed, Provenance(INFERRED)) if changed else replace(record)


def _unknown(record: Record, message: str) -> Issue:
    return Issue("A101", message, Severity.NOTE, Location(record.key), key=record.key)
