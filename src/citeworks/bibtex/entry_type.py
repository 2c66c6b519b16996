"""The entry type that a record is written as.

Knows the types of both dialects that say more than CSL's, and which original types are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from citeworks.bibtex import fields as table
from citeworks.bibtex.fields import Dialect
from citeworks.model import Record

_HEARD = {"radioBroadcast": "radiobroadcast", "podcast": "podcast"}
"""Zotero's types of broadcasts without a picture, and their `entrysubtype`."""

_SEEN = {"film": "film", "tvBroadcast": "tvbroadcast", "videoRecording": "video"}
"""The same for those with a picture."""

_STANDARD_TYPES = frozenset(
    """
    article book booklet conference inbook incollection inproceedings manual mastersthesis misc
    phdthesis proceedings techreport unpublished
    """.split()
)


def choose_type(record: Record, dialect: Dialect, fields: Mapping[str, str]) -> tuple[str, str]:
    """The entry type, and the `entrysubtype` if it alone would be read back as another type."""
    kept = record.custom.get("bibtex")
    original = str(kept.get("type", "")) if isinstance(kept, dict) else ""
    if original and _fits_dialect(original, dialect):
        return original, ""
    kind = _precise_type(record, dialect, fields)
    kind = kind or table.entry_type(record.type, record.text("genre"), dialect)
    preprint = "eprint" in fields and record.type == "article"
    if table.csl_type(kind, is_preprint=preprint) == record.type:
        return kind, _SEEN.get(_zotero_type(record), "") if kind == "video" else ""
    return kind, _HEARD.get(_zotero_type(record)) or table.subtype(record.type)


def _precise_type(record: Record, dialect: Dialect, fields: Mapping[str, str]) -> str:
    """BibLaTeX's own types where CSL has one for several: by the fields, or by Zotero's type."""
    if dialect == "bibtex":
        return ""
    told = _zotero_type(record)
    if told in _HEARD or told == "instantMessage":
        return "audio" if told in _HEARD else "misc"
    if record.type == "chapter" and "bookauthor" in fields:
        return "inbook"
    whole = "volumes" in fields and "volume" not in fields
    return "mvbook" if record.type == "book" and whole else ""


def _zotero_type(record: Record) -> str:
    kept = record.custom.get("zotero")
    return str(kept.get("itemType", "")) if isinstance(kept, dict) else ""


def _fits_dialect(original: str, dialect: Dialect) -> bool:
    """True for a type to keep: BibTeX's own, or one that no table knows."""
    if not re.fullmatch(r"[A-Za-z][\w-]*", original):
        return False
    return dialect == "biblatex" or original in _STANDARD_TYPES or not table.csl_type(original)
