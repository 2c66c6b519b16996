"""Fixes put into a text: what no fix touches stays byte for byte.

Edits that overlap are left for the next run; a text whose blocks would change is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from citeworks.bibtex.entries import Document
from citeworks.bibtex.lexer import loads
from citeworks.lint.interface import Edit, Finding

ROUNDS = 10
"""A fix can make room for another; more rounds than this have never been needed."""


def fix_document(
    document: Document, check: Callable[[Document], Iterable[Finding]]
) -> tuple[Document, int]:
    """The document with everything put right that can be, and how many fixes that took."""
    total = 0
    for _ in range(ROUNDS):
        document, count = apply_fixes(document, check(document))
        total += count
        if not count:
            break
    return document, total


def apply_fixes(document: Document, findings: Iterable[Finding]) -> tuple[Document, int]:
    """The document with every fix that can stand beside the others, and how many those are."""
    edits: list[Edit] = []
    count = 0
    reached = -1
    for finding in sorted((each for each in findings if each.edits), key=_begins):
        own = sorted(finding.edits)
        if own[0].start < reached or _overlap(own):
            continue
        edits.extend(own)
        reached = max(edit.end for edit in own)
        count += 1
    fixed = loads(_edited(document.text, edits), file=document.file)
    whole = Document(fixed.text, fixed.blocks, document.file, document.encoding, document.bom)
    return (whole, count) if _shape(whole) == _shape(document) else (document, 0)


def _begins(finding: Finding) -> tuple[int, int]:
    return min(edit.start for edit in finding.edits), max(edit.end for edit in finding.edits)


def _overlap(edits: list[Edit]) -> bool:
    return any(first.end > second.start for first, second in pairwise(edits))


def _edited(text: str, edits: list[Edit]) -> str:
    out: list[str] = []
    done = 0
    for edit in sorted(edits):
        out += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*out, text[done:]])


def _shape(document: Document) -> list[tuple[str, str, str, int]]:
    """What no fix may change: the blocks with their types and keys, and what is broken."""
    return [(block.kind, block.type, block.key, len(block.problems)) for block in document.blocks]
