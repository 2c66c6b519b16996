"""What is wrong with one entry as a whole: fields that are missing, unknown, or say a thing twice.

Knows the data models and how preprints are cited. Refuses to compare entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from citeworks.bibtex.entries import Block
from citeworks.lint import requirements as model
from citeworks.lint.interface import Edit, Hit, Slot
from citeworks.model.identifier import parse_arxiv, parse_doi

_ARXIV = re.compile(
    r"arxiv(?:\s*preprint)?\s*:?\s*(?:arxiv:)?\s*(?:https?://\S*?/abs/)?\s*"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})|arxiv\.org/(?:abs|pdf)/"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})",
    re.I,
)
_EPRINT_HEAD = re.compile(
    r"\s*(?:arxiv\s*:\s*|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/)(?=\S)", re.I
)
_NEW_STYLE = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?\Z|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?\Z")
_BAD_KEY = re.compile(r"[\\#%~$^&\"'{}()=]")
_NO_REQUIREMENTS = frozenset({"xdata", "set", "control", "bibnote", "string"})


@dataclass(slots=True)
class View:
    """An entry to be checked: its own fields by name, and those it inherits."""

    block: Block
    slots: dict[str, Slot]
    inherited: Mapping[str, str]
    dialect: str
    orphan: bool
    head: int
    """Where the citation key stands in the text."""

    @property
    def type(self) -> str:
        """The entry type in lower case."""
        return self.block.type.lower()

    def has(self, name: str) -> bool:
        """True if the field, by any of its names, is there and says something."""
        return any(
            self.slots[each].value.strip() if each in self.slots else each in self.inherited
            for each in _names_of(name)
        )

    def hit(self, code: str, message: str) -> Hit:
        """A hit on the entry's key."""
        return Hit(code, message, self.head, self.head + len(self.block.key), key=self.block.key)


def check_entry(view: View) -> Iterator[Hit]:
    """Every doubt about an entry that is not about one field alone."""
    yield from _key(view)
    yield from _known(view)
    yield from _missing(view)
    yield from _doi_in_url(view)
    yield from _preprint(view)


def _key(view: View) -> Iterator[Hit]:
    key = view.block.key
    if not key:
        yield view.hit("B205", f"@{view.block.type} has no citation key")
    elif found := _BAD_KEY.search(key):
        yield view.hit("B102", f"the key {key!r} holds {found[0]!r}, which \\cite cannot take")


def _known(view: View) -> Iterator[Hit]:
    if view.type not in model.TYPES:
        yield view.hit("F111", f"no data model knows the entry type @{view.block.type}")
    for name, slot in view.slots.items():
        if name not in model.FIELDS and not name.startswith(model.FOREIGN_FIELDS):
            yield slot.hit("F110", f"no data model knows the field {name}")


def _missing(view: View) -> Iterator[Hit]:
    if view.orphan or view.type in _NO_REQUIREMENTS or _is_only_data(view):
        return
    missing: list[str] = []
    for alternatives in requirements_of(view.type, view.dialect):
        if any(view.has(name) for name in alternatives) or _is_excused(view, alternatives):
            continue
        empty = next((view.slots[each] for name in alternatives for each in _names_of(name)
                      if each in view.slots), None)  # fmt: skip
        if empty is not None:
            yield empty.hit("F102", f"{empty.name} is empty, and @{view.type} requires it")
        else:
            missing.append(" or ".join(alternatives))
    if missing:
        listed = ", ".join(missing)
        yield view.hit("F101", f"@{view.type}{{{view.block.key}}} lacks {listed}")


def _is_only_data(view: View) -> bool:
    """True for an entry that biblatex prints only through others."""
    return "options" in view.slots and "dataonly" in view.slots["options"].value


@lru_cache(maxsize=256)
def requirements_of(entry_type: str, dialect: str) -> tuple[tuple[str, ...], ...]:
    """What a type requires; with no dialect, what both data models agree on."""
    bibtex, biblatex = model.BIBTEX.get(entry_type), model.BIBLATEX.get(entry_type)
    if dialect:
        own, other = (bibtex, biblatex) if dialect == "bibtex" else (biblatex, bibtex)
        return own or other or ()
    if bibtex is None or biblatex is None:
        return bibtex or biblatex or ()
    agreed = {frozenset(name for each in need for name in _names_of(each)) for need in biblatex}
    return tuple(
        need
        for need in bibtex
        if any(names & {name for each in need for name in _names_of(each)} for names in agreed)
    )


@lru_cache(maxsize=256)
def _names_of(name: str) -> tuple[str, ...]:
    return next((names for names in model.SAME if name in names), (name,))


def _is_excused(view: View, alternatives: tuple[str, ...]) -> bool:
    """A preprint has no journal, an undated date says so in another field."""
    if alternatives[0] in ("journal", "journaltitle", "booktitle"):
        return any(view.slots[name].value for name in model.STILL_IN_PRINT & view.slots.keys())
    if alternatives[0] in ("year", "date"):
        return view.has("pubstate") or view.has("origdate") or view.has("eventdate")
    return alternatives == ("note",) and (view.has("howpublished") or view.has("url"))


def _doi_in_url(view: View) -> Iterator[Hit]:
    url, doi = view.slots.get("url"), view.slots.get("doi")
    if url is None or "doi.org/" not in url.value.lower():
        return
    found = parse_doi(url.value.replace("\\", ""))
    if found and doi is not None and parse_doi(doi.value.replace("\\", "")) == found:
        hit = url.hit("V109", f"the URL only says the DOI again: {found}")
        yield hit._replace(edits=_without_field(view, "url"))
    elif found and doi is None:
        yield url.hit("V111", f"the URL is a DOI's, and there is no doi field: {found}")


def _without_field(view: View, name: str) -> tuple[Edit, ...]:
    """The edit that takes a field away, from the comma before it to its end."""
    fields = view.block.fields
    index = next(i for i, field in enumerate(fields) if field.name.lower() == name)
    if sum(field.name.lower() == name for field in fields) > 1 or len(fields) < 2:
        return ()
    if index:
        return (Edit(fields[index - 1].end, fields[index].end, ""),)
    return (Edit(fields[0].start, fields[1].start, ""),)


def _preprint(view: View) -> Iterator[Hit]:
    eprint = view.slots.get("eprint")
    named = (view.slots.get(name) for name in ("eprinttype", "archiveprefix"))
    archive = next((slot.value.strip().lower() for slot in named if slot), "")
    if eprint is None or not eprint.value.strip():
        yield from _hidden(view)
        return
    value = eprint.value.strip()
    if archive in ("", "arxiv") and (head := _EPRINT_HEAD.match(eprint.value)):
        yield eprint.fix("P103", f"eprint carries {head[0].strip()!r}", 0, head.end(), "")
    elif not archive and _NEW_STYLE.match(value) and parse_arxiv(value):
        yield eprint.hit("P102", f"eprint {value} is arXiv's, and no field says so")
    elif archive == "arxiv" and not parse_arxiv(value):
        yield eprint.hit("P104", f"{value[:50]!r} is no arXiv identifier")


def _hidden(view: View) -> Iterator[Hit]:
    """An arXiv identifier in another field; in a published work's URL it is only a copy."""
    if "arxivid" in view.slots or "arxiv" in view.slots:
        return
    named = ("journal", "journaltitle", "howpublished", "note", "number", "volume", "publisher")
    preprint = not any(view.has(name) for name in ("journal", "booktitle", "publisher", "doi"))
    for name in (*named, *(("url",) if preprint else ())):
        slot = view.slots.get(name)
        if slot is None or "rxiv" not in slot.value.lower():
            continue
        if found := _ARXIV.search(slot.value):
            identifier = found[1] or found[2]
            message = f"arXiv:{identifier} stands in {name}: eprint is meant"
            yield slot.hit("P101", message, *found.span())
            return
