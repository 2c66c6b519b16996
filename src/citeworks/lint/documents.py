"""A whole .bib document under all the rules.

Knows how to look at each field once, and which entries speak of the same work. Refuses to change
anything: fixes are values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from citeworks.bibtex.entries import Document, Field
from citeworks.bibtex.inherit import Flat, Parents, flatten, inherit
from citeworks.bibtex.languages import is_english
from citeworks.bibtex.macros import Macros, expand, string_values
from citeworks.lint import names, texts, titles, values
from citeworks.lint import requirements as model
from citeworks.lint.entries import View, check_entry
from citeworks.lint.interface import Check, Finding, Hit, Slot
from citeworks.lint.rules import RULES
from citeworks.lint.twins import Twins, Work, first_family
from citeworks.model.identifier import parse_arxiv, parse_doi

_PUBLISHED = ("journal", "journaltitle", "booktitle", "publisher", "school", "institution")
_FIELD_CHECKS = (*names.CHECKS, *values.CHECKS, *texts.CHECKS)


def check_document(
    document: Document, chosen: Collection[str] = frozenset(RULES), *, dialect: str = ""
) -> list[Finding]:
    """Every finding of the chosen rules, in the order of the text.

    `dialect` is ``bibtex`` or ``biblatex``; without one it is told by the types and fields used.
    """
    hits = [*_grammar(document), *_entries(document, dialect or told_dialect(document))]
    return [_finding(document, hit) for hit in sorted(hits, key=_place) if hit.code in chosen]


def told_dialect(document: Document) -> str:
    """``biblatex`` if a type or field says so, ``bibtex`` if one says that; else ``""``."""
    bibtex = False
    for block in document.entries:
        if block.type.lower() in model.ONLY_BIBLATEX_TYPES:
            return "biblatex"
        for field in block.fields:
            name = field.name.lower()
            if name in model.ONLY_BIBLATEX_FIELDS:
                return "biblatex"
            bibtex = bibtex or name in ("journal", "address", "school")
    return "bibtex" if bibtex else ""


def _place(hit: Hit) -> tuple[int, str]:
    return hit.start, hit.code


def _finding(document: Document, hit: Hit) -> Finding:
    location = document.location(min(hit.start, max(len(document.text) - 1, 0)))
    return Finding(RULES[hit.code], hit.message, location, hit.end - hit.start, hit.key, hit.edits)


def _grammar(document: Document) -> Iterator[Hit]:
    for block in document.blocks:
        for problem in block.problems:
            yield Hit(problem.code, problem.message, problem.offset, problem.offset, key=block.key)


def _entries(document: Document, dialect: str) -> Iterator[Hit]:
    macros = string_values(document)
    flats = [flatten(block, macros) for block in document.entries]
    by_key = Parents()
    twins = Twins()
    for flat in flats:
        by_key.setdefault(flat.block.key.lower(), flat)
    for flat in flats:
        view = _view(document, flat, by_key, macros, dialect)
        for hit in _entry(view, flat, by_key, twins):
            yield hit if hit.key else hit._replace(key=flat.block.key)


def _entry(view: View, flat: Flat, by_key: Mapping[str, Flat], twins: Twins) -> Iterator[Hit]:
    first = by_key[flat.block.key.lower()]
    if first is not flat and flat.block.key:
        yield view.hit("B201", f"a second entry with the key {flat.block.key!r}")
    yield from _doubtful_fields(view, flat)
    yield from _parents(view, flat, by_key)
    yield from check_entry(view)
    for name, slot in view.slots.items():
        for check in _checks_of(name):
            yield from check(slot)
        if name == "title":
            yield from _title(view, slot)
    for code, message in twins.meet(_work(view)):
        yield view.hit(code, message)


def _title(view: View, slot: Slot) -> Iterator[Hit]:
    language = view.slots.get("langid") or view.slots.get("language")
    english = language is None or is_english(language.value)
    return titles.check_title(slot, lowered=view.type not in model.BOOKISH, english=english)


@lru_cache(maxsize=1024)
def _checks_of(name: str) -> tuple[Check, ...]:
    own = tuple(check for fields, check in _FIELD_CHECKS if name in fields)
    return (*own, *texts.EVERYWHERE) if name != "file" else ()


def _doubtful_fields(view: View, flat: Flat) -> Iterator[Hit]:
    seen: set[str] = set()
    for field in flat.block.fields if flat.repeated else ():
        name = field.name.lower()
        if name in seen:
            message = f"{name} is given twice: the first is used"
            yield Hit("B202", message, field.start, field.start + len(name))
        seen.add(name)
    for macro in sorted(flat.undefined):
        slot = next((each for each in view.slots.values() if not each.exact or
                     (each.kind == "a" and each.value == macro)), None)  # fmt: skip
        message = f"the macro {macro} is defined nowhere"
        yield slot.hit("B203", message) if slot else view.hit("B203", message)


def _parents(view: View, flat: Flat, by_key: Mapping[str, Flat]) -> Iterator[Hit]:
    for name in ("crossref", "xdata"):
        for key in flat.fields.get(name, "").split(","):
            if key.strip() and key.strip().lower() not in by_key and name in view.slots:
                message = f"{name} names {key.strip()!r}, which is not in this file"
                yield view.slots[name].hit("F104", message)


def _view(
    document: Document,
    flat: Flat,
    by_key: Parents,
    macros: Macros,
    dialect: str,
) -> View:
    block = flat.block
    slots: dict[str, Slot] = {}
    for field in block.fields:
        name = field.name.lower()
        if name not in slots:
            slots[name] = _slot(name, field, macros)
    family = "crossref" in flat.fields or "xdata" in flat.fields
    inherited = inherit(flat, by_key) if family else {}
    parents = [flat.fields.get("crossref", ""), *flat.fields.get("xdata", "").split(",")]
    orphan = any(key.strip() and key.strip().lower() not in by_key for key in parents)
    after = document.text.index(block.delimiter, block.start)
    head = document.text.find(block.key, after) if block.key else block.start
    return View(block, slots, inherited, dialect, orphan, head)


def _slot(name: str, field: Field, macros: Macros) -> Slot:
    """The field's value where it stands; one of several pieces is put together."""
    if len(field.pieces) != 1:
        return Slot(name, expand(field.pieces, macros), field.start, field.end, False, "")
    kind, text = field.pieces[0]
    if kind == "a":
        value = macros.get(text.lower(), text)
        return Slot(name, value, field.end - len(text), field.end, False, "a")
    end = field.end - (kind in '{"')
    return Slot(name, text, end - len(text), end, True, kind)


def _work(view: View) -> Work:
    def text(name: str) -> str:
        return view.slots[name].value if name in view.slots else view.inherited.get(name, "")

    archive = text("eprinttype") or text("archiveprefix")
    year = re.search(r"\d{4}", text("year") or text("date"))
    return Work(
        key=view.block.key,
        doi=parse_doi(text("doi").replace("\\", "")),
        arxiv=parse_arxiv(text("eprint")) if archive.lower() in ("", "arxiv") else "",
        title=text("title"),
        first=first_family(text("author") or text("editor")),
        year=year[0] if year else "",
        is_preprint=bool(text("eprint")) or not any(map(text, _PUBLISHED)),
        related=frozenset({text("crossref").lower()}),
    )
