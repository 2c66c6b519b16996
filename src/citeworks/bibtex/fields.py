"""The one table between CSL and BibTeX/BibLaTeX: entry types, fields, roles; read both ways.

Types and fields are data. What a value looks like inside its braces is known to the reader and
the writer, never here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Literal, NamedTuple

Dialect = Literal["bibtex", "biblatex"]
Kind = Literal["title", "text", "list", "verbatim", "names", "date", "pages", "language", "number"]


class TypeRow(NamedTuple):
    """`subtype` is the `entrysubtype` that tells rows with the same entry type apart."""

    csl: str
    biblatex: str
    bibtex: str
    subtype: str = ""


class FieldRow(NamedTuple):
    """One CSL variable in both dialects; `types` limits the row to some CSL types."""

    variable: str
    biblatex: str
    bibtex: str
    kind: Kind
    types: Collection[str] = ()


TYPES = (
    TypeRow("article-journal", "article", "article"),
    TypeRow("article-magazine", "article", "article", "magazine"),
    TypeRow("article-newspaper", "article", "article", "newspaper"),
    TypeRow("book", "book", "book"),
    TypeRow("chapter", "incollection", "incollection"),
    TypeRow("paper-conference", "inproceedings", "inproceedings"),
    TypeRow("thesis", "thesis", "phdthesis"),
    TypeRow("report", "report", "techreport"),
    TypeRow("webpage", "online", "misc", "webpage"),
    TypeRow("article", "online", "misc", "preprint"),
    TypeRow("post-weblog", "online", "misc", "blogpost"),
    TypeRow("post", "online", "misc", "post"),
    TypeRow("document", "misc", "misc"),
    TypeRow("manuscript", "unpublished", "unpublished"),
    TypeRow("speech", "unpublished", "misc", "presentation"),
    TypeRow("dataset", "dataset", "misc", "dataset"),
    TypeRow("software", "software", "misc", "software"),
    TypeRow("patent", "patent", "misc", "patent"),
    TypeRow("entry-encyclopedia", "inreference", "incollection", "encyclopedia"),
    TypeRow("entry-dictionary", "inreference", "incollection", "dictionary"),
    TypeRow("entry", "inreference", "incollection", "entry"),
    TypeRow("periodical", "periodical", "misc", "periodical"),
    TypeRow("pamphlet", "booklet", "booklet"),
    TypeRow("motion_picture", "video", "misc", "film"),
    TypeRow("broadcast", "video", "misc", "tvbroadcast"),
    TypeRow("song", "audio", "misc", "audio"),
    TypeRow("broadcast", "audio", "misc", "radiobroadcast"),
    TypeRow("broadcast", "audio", "misc", "podcast"),
    TypeRow("musical_score", "music", "misc", "music"),
    TypeRow("graphic", "artwork", "misc", "artwork"),
    TypeRow("figure", "image", "misc", "image"),
    TypeRow("map", "misc", "misc", "map"),
    TypeRow("personal_communication", "letter", "misc", "letter"),
    TypeRow("interview", "misc", "misc", "interview"),
    TypeRow("performance", "performance", "misc", "performance"),
    TypeRow("review", "review", "article", "review"),
    TypeRow("review-book", "review", "article", "review-book"),
    TypeRow("legal_case", "jurisdiction", "misc", "case"),
    TypeRow("hearing", "jurisdiction", "misc", "hearing"),
    TypeRow("legislation", "legislation", "misc", "legislation"),
    TypeRow("bill", "legislation", "misc", "bill"),
    TypeRow("regulation", "legal", "misc", "regulation"),
    TypeRow("treaty", "legal", "misc", "treaty"),
    TypeRow("standard", "standard", "misc", "standard"),
    TypeRow("classic", "book", "book", "classic"),
    TypeRow("collection", "misc", "misc", "collection"),
    TypeRow("event", "misc", "misc", "event"),
)

_READ_ONLY_TYPES = {
    "conference": "paper-conference",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "masterthesis": "thesis",
    "bachelorthesis": "thesis",
    "bathesis": "thesis",
    "techreport": "report",
    "electronic": "webpage",
    "www": "webpage",
    "webpage": "webpage",
    "internet": "webpage",
    "inbook": "chapter",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "bookinbook": "chapter",
    "mvbook": "book",
    "collection": "book",
    "mvcollection": "book",
    "proceedings": "book",
    "mvproceedings": "book",
    "reference": "book",
    "mvreference": "book",
    "manual": "book",
    "monography": "book",
    "suppperiodical": "article-journal",
    "newsarticle": "article-newspaper",
    "preprint": "article",
    "movie": "motion_picture",
    "commentary": "legal_case",
    "bibnote": "document",
    "presentation": "speech",
    "talk": "speech",
    "data": "dataset",
    "code": "software",
    "program": "software",
    "map": "map",
    "interview": "interview",
    "lecture": "speech",
}

_JOURNALS = frozenset(
    "article-journal article-magazine article-newspaper review review-book".split()
)
_IN_BOOKS = frozenset("chapter paper-conference entry entry-dictionary entry-encyclopedia".split())
_ONLINE = frozenset("webpage post post-weblog".split())
_NUMBERED = frozenset("report patent standard legislation bill regulation legal_case".split())
_UNTITLED_MEDIA = frozenset("speech manuscript".split())
_IN_SERIES = _IN_BOOKS | frozenset("book classic".split())
_MISC = frozenset(row.csl for row in TYPES if row.biblatex in ("misc", "software"))
"""Types whose driver in BibLaTeX prints an organization and no publisher."""

_ONLY_IN_CSL = """
    archive archive_collection archive_location archive-place dimensions division jurisdiction
    part-title references reviewed-genre reviewed-title scale section supplement-number
    printing-number
""".split()
"""Variables that no style reads from a .bib file, which carries them under their own names."""

FIELDS = (
    FieldRow("author", "author", "author", "names"),
    FieldRow("title", "title", "title", "title"),
    FieldRow("title-short", "shorttitle", "shorttitle", "title"),
    FieldRow("container-title", "journaltitle", "journal", "text", _JOURNALS | _UNTITLED_MEDIA),
    FieldRow("container-title", "booktitle", "booktitle", "title", _IN_BOOKS),
    FieldRow("container-title", "organization", "organization", "list", _ONLINE),
    FieldRow("container-title", "maintitle", "booktitle", "title"),
    FieldRow("container-title-short", "shortjournal", "shortjournal", "text", _JOURNALS),
    FieldRow("volume-title", "issuetitle", "issuetitle", "title", _JOURNALS),
    FieldRow("volume-title", "volumetitle", "volumetitle", "title"),
    FieldRow("editor", "editor", "editor", "names"),
    FieldRow("translator", "translator", "translator", "names"),
    FieldRow("container-author", "bookauthor", "bookauthor", "names"),
    FieldRow("issued", "date", "year", "date"),
    FieldRow("original-date", "origdate", "origdate", "date"),
    FieldRow("event-date", "eventdate", "eventdate", "date"),
    FieldRow("collection-title", "series", "series", "text"),
    FieldRow("edition", "edition", "edition", "text"),
    FieldRow("volume", "volume", "volume", "text"),
    FieldRow("number", "number", "number", "text", _NUMBERED),
    FieldRow("number", "eid", "eid", "text", _JOURNALS | _IN_SERIES),
    FieldRow("issue", "number", "number", "text", _JOURNALS | {"periodical"}),
    FieldRow("collection-number", "number", "number", "text", _IN_SERIES),
    FieldRow("number", "number", "number", "text"),
    FieldRow("issue", "issue", "issue", "text"),
    FieldRow("collection-number", "collection-number", "collection-number", "text"),
    FieldRow("number-of-volumes", "volumes", "volumes", "text"),
    FieldRow("part-number", "part", "part", "text"),
    FieldRow("chapter-number", "chapter", "chapter", "text"),
    FieldRow("page", "pages", "pages", "pages"),
    FieldRow("number-of-pages", "pagetotal", "pagetotal", "text"),
    FieldRow("publisher", "institution", "school", "list", ("thesis",)),
    FieldRow("publisher", "institution", "institution", "list", ("report",)),
    FieldRow("publisher", "organization", "organization", "list", ("standard",)),
    FieldRow("publisher", "organization", "publisher", "list", _MISC),
    FieldRow("publisher", "publisher", "publisher", "list"),
    FieldRow("publisher-place", "location", "address", "list"),
    FieldRow("event-title", "eventtitle", "eventtitle", "title"),
    FieldRow("event-place", "venue", "venue", "text"),
    FieldRow("genre", "type", "type", "text"),
    FieldRow("medium", "howpublished", "howpublished", "text"),
    FieldRow("authority", "institution", "institution", "list"),
    FieldRow("version", "version", "version", "text"),
    FieldRow("status", "pubstate", "pubstate", "text"),
    FieldRow("original-title", "origtitle", "origtitle", "title"),
    FieldRow("original-publisher", "origpublisher", "origpublisher", "list"),
    FieldRow("original-publisher-place", "origlocation", "origlocation", "list"),
    FieldRow("DOI", "doi", "doi", "verbatim"),
    FieldRow("ISBN", "isbn", "isbn", "number"),
    FieldRow("ISSN", "issn", "issn", "number"),
    FieldRow("PMID", "pmid", "pmid", "number"),
    FieldRow("PMCID", "pmcid", "pmcid", "number"),
    FieldRow("URL", "url", "url", "verbatim"),
    FieldRow("accessed", "urldate", "urldate", "date"),
    FieldRow("language", "langid", "langid", "language"),
    FieldRow("call-number", "library", "lccn", "text"),
    FieldRow("license", "copyright", "copyright", "text"),
    *(FieldRow(name, name, name, "text") for name in _ONLY_IN_CSL),
    FieldRow("submitted", "submitted", "submitted", "date"),
    FieldRow("available-date", "available-date", "available-date", "date"),
    FieldRow("keyword", "keywords", "keywords", "text"),
    FieldRow("abstract", "abstract", "abstract", "text"),
    FieldRow("note", "note", "note", "text"),
    FieldRow("annote", "annotation", "annote", "text"),
)
"""In the order in which fields are written; for a variable the first row whose types fit holds."""

ROLES = {
    "director": "director",
    "compiler": "compiler",
    "organizer": "organizer",
    "curator": "curator",
    "chair": "chair",
    "illustrator": "illustrator",
    "script-writer": "scriptwriter",
    "producer": "producer",
    "executive-producer": "executiveproducer",
    "performer": "performer",
    "composer": "composer",
    "host": "host",
    "guest": "guest",
    "narrator": "narrator",
    "interviewer": "interviewer",
    "recipient": "recipient",
    "contributor": "collaborator",
    "editorial-director": "editorialdirector",
    "series-creator": "founder",
    "editor-translator": "editortranslator",
    "original-author": "originalauthor",
    "reviewed-author": "reviewedauthor",
    "collection-editor": "serieseditor",
}
"""Name variables without a field of their own, and their `editortype` in BibLaTeX."""

VERBATIM = frozenset(
    """
    doi url urlraw file eprint pmid pmcid isbn issn isrn ismn iswc verba verbb verbc pdf arxivid
    arxiv local-url bdsk-url-1 bdsk-url-2 bdsk-file-1 bdsk-file-2 crossref xref xdata ids related
    entryset relatedset options lccn mrnumber zbl
    """.split()
)
"""Fields whose text is data and not TeX: never decoded, never escaped."""

MINIMAL = frozenset(
    """
    author title journal journaltitle booktitle maintitle editor translator year month date series
    edition volume number chapter pages publisher institution school organization address location
    type howpublished doi url urldate eprint eprinttype eprintclass archiveprefix primaryclass note
    isbn entrysubtype editortype editora editoratype langid ids
    """.split()
)
"""What the standard styles print; `fields="minimal"` writes nothing else."""

_THESIS_WORDS = (("master", "mastersthesis"), ("bachelor", "mastersthesis"))
_SUBTYPES = {row.subtype: row.csl for row in TYPES if row.subtype}
_FIRST = {
    dialect: {getattr(row, dialect): row.csl for row in reversed(TYPES)}
    for dialect in ("biblatex", "bibtex")
}
_ROWS = {row.csl: row for row in reversed(TYPES)}


def entry_type(csl_type: str, genre: str, dialect: Dialect) -> str:
    """The entry type that a CSL type is written as."""
    row = _ROWS.get(csl_type)
    if row is None:
        return "misc"
    if dialect == "bibtex" and csl_type == "thesis":
        lowered = genre.lower()
        return next((name for word, name in _THESIS_WORDS if word in lowered), row.bibtex)
    return getattr(row, dialect)  # type: ignore[no-any-return]


def subtype(csl_type: str) -> str:
    """The `entrysubtype` that keeps a CSL type apart from its neighbours."""
    row = _ROWS.get(csl_type)
    return row.subtype or row.csl if row else re.sub(r"[^\w-]+", "", csl_type)


def csl_type(entry_type: str, entrysubtype: str = "", *, is_preprint: bool = False) -> str:
    """The CSL type of an entry; ``""`` for an entry type that nobody knows."""
    entry_type = entry_type.lower()
    if entrysubtype.lower() in _SUBTYPES:
        return _SUBTYPES[entrysubtype.lower()]
    if is_preprint and entry_type in ("misc", "online", "unpublished", "electronic"):
        return "article"
    known = _FIRST["biblatex"].get(entry_type) or _READ_ONLY_TYPES.get(entry_type)
    return known or _FIRST["bibtex"].get(entry_type, "")


@lru_cache(maxsize=128)
def field_rows(csl_type: str) -> tuple[FieldRow, ...]:
    """The rows that hold for a type, one for each variable, in writing order."""
    rows: dict[str, FieldRow] = {}
    for row in FIELDS:
        if row.variable not in rows and (not row.types or csl_type in row.types):
            rows[row.variable] = row
    return tuple(rows.values())


@lru_cache(maxsize=128)
def variables_of_fields(csl_type: str) -> dict[str, FieldRow]:
    """From field name (of either dialect, or CSL's) to the row that reads it, for one type."""
    rows: dict[str, FieldRow] = {}
    for row in field_rows(csl_type):
        rows.setdefault(row.biblatex, row)
        rows.setdefault(row.bibtex, row)
    for row in field_rows(csl_type):
        rows.setdefault(row.variable, row)
    return rows


@lru_cache(maxsize=1024)
def rows_to_write(
    csl_type: str, variables: tuple[str, ...], dialect: Dialect
) -> tuple[FieldRow, ...]:
    """The rows that write these variables; one whose field says something else has CSL's name."""
    readers = variables_of_fields(csl_type)
    rows: list[FieldRow] = []
    taken: set[str] = set()
    for row in field_rows(csl_type):
        if row.variable not in variables:
            continue
        name = row.biblatex if dialect == "biblatex" else row.bibtex
        unprinted = name == "number" and dialect == "bibtex" and csl_type in _IN_SERIES
        if unprinted and ("volume" in variables or "collection-title" not in variables):
            name = ""
        if name in taken or name not in readers or readers[name].variable != row.variable:
            name = row.variable
            row = row._replace(biblatex=name, bibtex=name)
        taken.add(name)
        rows.append(row)
    return tuple(rows)
