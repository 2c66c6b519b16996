"""Which fields an entry type requires, in BibTeX's and BibLaTeX's data models, and by CSL type.

Tables only. BibTeX: *BibTeXing* (btxdoc), section 3.1. BibLaTeX: the manual, section 2.1.1. An
alternative is written ``a/b``; a field also counts by its other name (`journal`, `journaltitle`).
"""

from __future__ import annotations

from citeworks.bibtex import fields as table


def _read(text: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    rows: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in text.strip().splitlines():
        names, _, needs = line.partition(":")
        required = tuple(tuple(need.split("/")) for need in needs.split())
        rows.update(dict.fromkeys(names.split(), required))
    return rows


BIBTEX = _read("""
article: author title journal year
book: author/editor title publisher year
booklet: title
inbook: author/editor title chapter/pages publisher year
incollection: author title booktitle publisher year
inproceedings conference: author title booktitle year
manual: title
mastersthesis phdthesis: author title school year
proceedings: title year
techreport: author title institution year
unpublished: author title note
""")

BIBLATEX = _read("""
article: author title journaltitle date
book mvbook: author/editor title date
inbook bookinbook suppbook: author/editor title booktitle date
booklet: author/editor title
collection mvcollection reference mvreference: editor title date
incollection suppcollection inreference: author/editor title booktitle date
manual: title
online electronic www: title url/doi/eprint
patent: author title number date
periodical: title date
proceedings mvproceedings: title date
inproceedings conference: author title booktitle date
report techreport: author title institution date
thesis phdthesis mastersthesis: author title institution date
unpublished: author title date
dataset software: author/editor title date
""")

SAME = (
    ("journal", "journaltitle"),
    ("year", "date"),
    ("school", "institution"),
    ("address", "location"),
    ("author", "key"),
    ("editor", "editora", "editorb", "editorc"),
)
"""Names under which the same thing may be given."""

CSL = _read("""
article-journal article-magazine article-newspaper: author title container-title issued
book: author/editor/translator title issued
chapter: author title container-title issued
paper-conference: author title container-title/event-title/collection-title issued
thesis: author title publisher issued
report: author title issued
webpage post post-weblog: title URL
article: author title issued
""")

STILL_IN_PRINT = frozenset("eprint arxivid pubstate".split())
"""A preprint or a forthcoming article has no journal yet."""

ONLY_BIBLATEX_TYPES = frozenset(BIBLATEX.keys() - BIBTEX.keys() - {"electronic", "www"}) | {
    "mvbook",
    "thesis",
    "report",
    "xdata",
}
ONLY_BIBLATEX_FIELDS = frozenset(
    "journaltitle date eprinttype eprintclass location maintitle subtitle urldate langid".split()
) - {"langid", "urldate"}

_ALSO_TYPES = """
    misc audio video image artwork movie music performance standard review legal legislation
    jurisdiction letter commentary set xdata bibnote suppperiodical control
""".split()

TYPES = frozenset((*BIBTEX, *BIBLATEX, *_ALSO_TYPES))
"""Every entry type of either data model."""

_ALSO_FIELDS = """
    month year day key crossref xref xdata keywords keyword abstract annotation annote file pdf
    eprint eprinttype eprintclass archiveprefix primaryclass arxivid copyright language origlanguage
    urldate urlyear urlmonth urlday subtitle booksubtitle mainsubtitle journalsubtitle
    issuesubtitle titleaddon booktitleaddon maintitleaddon journaltitleaddon eventtitleaddon
    issuetitleaddon addendum afterword annotator commentator foreword introduction holder editora
    editorb editorc editortype editoratype editorbtype editorctype authortype bookauthor nameaddon
    shortauthor shorteditor shorthand shorthandintro shorttitle shortjournal shortseries label
    bookpagination pagination pagetotal pages volumes version eid issue howpublished part
    entrysubtype entryset execute gender hyphenation indexsorttitle indextitle ids langidopts
    options presort related relatedoptions relatedstring relatedtype sortkey sortname sortshorthand
    sorttitle sortyear reprinttitle isan ismn isrn iswc issn isbn lccn mrnumber mrclass mrreviewer
    zblnumber zbl pmid pmcid coden owner timestamp creationdate modificationdate groups comment
    contents intype price size lastchecked affiliation numpages school journal address type number
    chapter collaboration slaccitation reportnumber adsurl adsnote bibsource biburl citeulike
    source assignee
""".split()

FIELDS = frozenset(name for row in table.FIELDS for name in (row.biblatex, row.bibtex)) | frozenset(
    (*_ALSO_FIELDS, *table.ROLES.values())
)
"""Every field of either data model, and those that the common services and programs write."""

FOREIGN_FIELDS = ("bdsk-", "date-", "user", "verb", "list", "name", "x-", "x_", "jabref", "__")
"""Beginnings of fields that programs and people make for themselves."""

BOOKISH = frozenset(
    """
    book mvbook collection mvcollection proceedings mvproceedings reference mvreference manual
    phdthesis thesis periodical booklet
    """.split()
)
"""Entry types whose titles the standard styles print as they are."""
