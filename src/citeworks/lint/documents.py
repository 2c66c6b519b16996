"""A whole .bib document under all the rules, entry by entry.

Knows how to look at each field once, and which entries speak of the same work. Refuses to change
anything: fixes are values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from sys import intern

from citeworks.bibtex.entries import Block, Document, Field
from citeworks.bibtex.inherit import Flat, Parents, family_of, flatten, inherit
from citeworks.bibtex.languages import is_english
from citeworks.bibtex.macros import Macros, expand
from citeworks.bibtex.stretches import Place, Stretches, places_of
from citeworks.lint import names, texts, titles, values
from citeworks.lint import requirements as model
from citeworks.lint.entries import View, check_entry
from citeworks.lint.interface import Check, Edit, Finding, Hit, Replacement, Slot
from citeworks.lint.rules import RULES
from citeworks.lint.twins import Twins, Work, first_family
from citeworks.model.identifier import parse_arxiv, parse_doi

_PUBLISHED = ("journal", "journaltitle", "booktitle", "publisher", "school", "institution")
_RELATING = ("crossref", "xref", "related", "entryset")
_DEPTH = 7
_NOT_IN_BIBLATEX = frozenset({"V107"})
"""biber reads every dash between pages."""
_ONLY_BIBTEX_FIELDS = frozenset(("journal", "address", "school"))
_FEW_TIMES = 4
_STYLES_DEFINE = frozenset(
    """
    acmcs acta cacm ibmjrd ibmsj ieeese ieeetc ieeetcad ipl jacm jcss scp sicomp tcs tocs tods tog
    toms toois toplas
    """.split()
)
"""Macros of BibTeX's standard styles (plain.bst)."""
_PACKAGES_DEFINE = re.compile(r"ieee_[a-z]+_", re.I)
"""Macros of IEEEabrv.bib, which is named before one's own file."""
_FIELD_CHECKS = (*names.CHECKS, *values.CHECKS, *texts.CHECKS)


def check_document(
    document: Document,
    chosen: Collection[str] = frozenset(RULES),
    *,
    dialect: str = "",
    defined: Collection[str] = frozenset(),
) -> list[Finding]:
    """Every finding of the chosen rules, in the order of the text.

    `dialect` is ``bibtex`` or ``biblatex``; without one it is told by the types and fields used.
    `defined` are macros that other files define, in lower case.
    """
    return list(findings_of(document, chosen, dialect=dialect, defined=defined))


def findings_of(
    document: Document | Stretches,
    chosen: Collection[str],
    *,
    dialect: str = "",
    defined: Collection[str] = frozenset(),
    watch: Callable[[Iterable[Place]], Iterable[Place]] = iter,
) -> Iterator[Finding]:
    """The same one by one, while the blocks pass by `watch`.

    Of each entry no more is kept than what tells whether another one has its key or is its twin.
    The offsets of edits count in the stretch that the entry is in.
    """
    look = _Look(document, dialect, defined)
    for place in watch(places_of(document)):
        for hit in sorted(look.at(*place), key=_offset):
            if hit.code in chosen:
                yield _finding(place[0], hit)


class _Signs:
    """Which dialect the entries seen so far are written in: ``""`` while nothing tells."""

    def __init__(self) -> None:
        self.bibtex = self.biblatex = 0

    @property
    def dialect(self) -> str:
        """The one that is used; a few entries from elsewhere do not change it."""
        if self.biblatex > _FEW_TIMES * self.bibtex:
            return "biblatex"
        return "bibtex" if self.bibtex > _FEW_TIMES * self.biblatex else ""

    def see(self, block: Block) -> None:
        names = {field.name.lower() for field in block.fields}
        if block.type.lower() in model.ONLY_BIBLATEX_TYPES or names & model.ONLY_BIBLATEX_FIELDS:
            self.biblatex += 1
        elif names & _ONLY_BIBTEX_FIELDS:
            self.bibtex += 1


def _offset(hit: Hit) -> tuple[int, str]:
    return hit.start, hit.code


def _finding(document: Document, hit: Hit) -> Finding:
    location = document.location(min(hit.start, max(len(document.text) - 1, 0)))
    edits = tuple(_replacement(document, edit) for edit in hit.edits)
    length = hit.end - hit.start
    return Finding(
        RULES[hit.code], hit.message, location, length, hit.key, hit.edits, edits, bool(edits)
    )


def _replacement(document: Document, edit: Edit) -> Replacement:
    start, end = document.location(edit.start), document.location(edit.end)
    return Replacement(start.line, start.column, end.line, end.column, edit.text)


class _Look:
    """One look at each block in turn, with what the others have to do with it."""

    def __init__(
        self, document: Document | Stretches, dialect: str, defined: Collection[str]
    ) -> None:
        signs = _Signs()
        self.macros, self.parents = family_of(document, None if dialect else signs.see)
        self.dialect = dialect or signs.dialect
        self.twins = Twins()
        self.keys: set[str] = set()
        self.defined = {*_STYLES_DEFINE, *defined}

    def at(self, document: Document, block: Block) -> Iterator[Hit]:
        """What is wrong with a block."""
        for problem in block.problems:
            yield Hit(problem.code, problem.message, problem.offset, problem.offset, key=block.key)
        if block.kind == "entry":
            for hit in self._entry(document, flatten(block, self.macros)):
                if self.dialect == "biblatex" and hit.code in _NOT_IN_BIBLATEX:
                    continue
                yield hit if hit.key else hit._replace(key=block.key)

    def _entry(self, document: Document, flat: Flat) -> Iterator[Hit]:
        view = _view(document, flat, self.parents, self.macros, self.dialect)
        yield from self._key(view)
        yield from _repeated(view, flat)
        yield from self._undefined(view, flat)
        yield from _parents(view, flat, self.parents)
        yield from check_entry(view)
        for name, slot in view.slots.items():
            for check in _checks_of(name):
                yield from check(slot)
            if name == "title":
                yield from _title(view, slot)
        for code, message in self.twins.meet(_work(view)):
            yield view.hit(code, message)

    def _undefined(self, view: View, flat: Flat) -> Iterator[Hit]:
        """Each macro that nothing defines, once."""
        for macro in sorted(flat.undefined):
            if macro.lower() in self.defined or _PACKAGES_DEFINE.match(macro):
                continue
            self.defined.add(macro.lower())
            slot = next((each for each in view.slots.values() if not each.exact or
                         (each.kind == "a" and each.value == macro)), None)  # fmt: skip
            message = f"the macro {macro} is defined nowhere"
            yield slot.hit("B203", message) if slot else view.hit("B203", message)

    def _key(self, view: View) -> Iterator[Hit]:
        key = view.block.key.lower()
        if key and key in self.keys:
            yield view.hit("B201", f"a second entry with the key {view.block.key!r}")
        self.keys.add(key)


def _title(view: View, slot: Slot) -> Iterator[Hit]:
    language = view.slots.get("langid") or view.slots.get("language")
    english = language is None or is_english(language.value)
    return titles.check_title(slot, lowered=view.type not in model.BOOKISH, english=english)


@lru_cache(maxsize=1024)
def _checks_of(name: str) -> tuple[Check, ...]:
    own = tuple(check for fields, check in _FIELD_CHECKS if name in fields)
    return (*own, *texts.EVERYWHERE) if name != "file" else ()


def _repeated(view: View, flat: Flat) -> Iterator[Hit]:
    seen: set[str] = set()
    for field in flat.block.fields if flat.repeated else ():
        name = field.name.lower()
        if name in seen:
            message = f"{name} is given twice: the first is used"
            yield Hit("B202", message, field.start, field.start + len(name))
        seen.add(name)


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
    if family and dialect != "biblatex":  # BibTeX hands everything down
        inherited = {**by_key.whole(flat.fields.get("crossref", ""), _DEPTH), **inherited}
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
        year=intern(year[0]) if year else "",
        is_preprint=bool(text("eprint")) or not any(map(text, _PUBLISHED)),
        related=_related(",".join(map(text, _RELATING)).lower()),
    )


@lru_cache(maxsize=256)
def _related(keys: str) -> frozenset[str]:
    return frozenset(key.strip() for key in keys.split(","))
