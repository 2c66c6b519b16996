"""What stands between Pandoc's readers and writers: citations formatted by our processor.

Honours the metadata that ``pandoc --citeproc`` honours: ``bibliography``, ``csl``, ``lang``,
``nocite``, ``link-citations``, ``suppress-bibliography``, ``reference-section-title``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from citeworks.documents import pandoc_json as tree
from citeworks.documents.pandoc_json import Element, Found
from citeworks.model import Library
from citeworks.render.builtin import BuiltinRenderer
from citeworks.render.styles import load_style
from citeworks.workflows.render import NOTE_MARK, Placed, format_citations, missing_keys

_KEY = re.compile(r"@(\*|\{[^{}]+\}|\w[\w:.#$%&\-+?<>~/]*)")


def apply(
    document: Element,
    load: Callable[[str], Library],
    default: Callable[[], Library],
    *,
    style: str = "apa",
    locale: str = "",
) -> list[str]:
    """Put citations and bibliography into the tree; the keys that no record has are returned.

    `load` reads a bibliography that the document names, `default` gives the library when it names
    none.
    """
    renderer = BuiltinRenderer(
        load_style(tree.meta_text(document, "csl") or style),
        locale or tree.meta_text(document, "lang"),
        "html",
        links=tree.meta_text(document, "link-bibliography") == "true",
    )
    library = _library(document, load, default)
    found = tree.find_citations(document)
    is_note = renderer.is_note_style
    placed = [
        Placed(each.group, number, is_note and not each.footnote)
        for each, number in zip(found, _note_numbers(found, is_note), strict=True)
    ]
    nocite = [key.strip("{}") for key in _KEY.findall(tree.meta_text(document, "nocite"))]
    formatted = format_citations(renderer, library, placed, nocite)
    for each, place, text in zip(found, placed, formatted.texts, strict=True):
        tree.put_citation(each, _inlines(text, makes_note=place.makes_note))
    tree.move_notes(document)
    if formatted.entries and tree.meta_text(document, "suppress-bibliography") != "true":
        _add_bibliography(document, formatted.entries)
    return missing_keys([each.group for each in found], library)


def _library(
    document: Element, load: Callable[[str], Library], default: Callable[[], Library]
) -> Library:
    names = [name for name in tree.meta_text(document, "bibliography").split("\n") if name]
    if not names:
        return default()
    library = Library()
    for name in names:
        library = library.with_records(load(name).values())
    return library


def _note_numbers(found: list[Found], is_note: bool) -> list[int]:
    """The number of the note of each citation, those that the style makes counted in."""
    if not is_note:
        return [0] * len(found)
    numbers: list[int] = []
    seen: dict[int, int] = {}
    count = 0
    for each in found:
        if not each.footnote or each.footnote not in seen:
            count += 1
            if each.footnote:
                seen[each.footnote] = count
        numbers.append(seen[each.footnote] if each.footnote else count)
    return numbers


def _inlines(text: str, *, makes_note: bool) -> list[Element]:
    if not makes_note:
        return tree.inlines_of(text)
    author, _, inside = text.rpartition(NOTE_MARK)
    return [*(tree.inlines_of(author) if author else []), tree.note_of(tree.inlines_of(inside))]


def _add_bibliography(document: Element, entries: list[tuple[str, str]]) -> None:
    title = tree.meta_text(document, "reference-section-title")
    if title:
        heading: Any = [1, ["bibliography", ["unnumbered"], []], [{"t": "Str", "c": title}]]
        document["blocks"].append({"t": "Header", "c": heading})
    tree.put_bibliography(document, tree.bibliography_block(entries, hanging=True))
