"""What one entry of a publication page knows, derived from its record.

Knows the groups of CSL types, the links that a record carries (al-folio's field names are
accepted), and how a paper's author is found again in a formatted reference. Refuses to know
pages and styles: the reference and the BibTeX entry are given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from citeworks.model import Name, Record
from citeworks.model.identifier import parse_arxiv, parse_doi, parse_url

GROUPS = {
    "Journal articles": "article-journal review",
    "Conference papers": "paper-conference",
    "Books": "book classic periodical collection",
    "Chapters": "chapter entry entry-dictionary entry-encyclopedia",
    "Preprints": "article manuscript",
    "Theses": "thesis",
    "Reports": "report standard",
    "Patents": "patent",
    "Software and data": "software dataset",
    "Talks": "speech event performance",
    "Press": "article-magazine article-newspaper post post-weblog interview broadcast review-book",
    "Other": "",
}
"""The headings of a year, in their order, and the CSL types under each."""

_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds.split()}

LINK_FIELDS = {
    "pdf": "PDF",
    "html": "HTML",
    "code": "Code",
    "software": "Code",
    "github": "Code",
    "data": "Data",
    "dataset": "Data",
    "website": "Website",
    "project": "Website",
    "slides": "Slides",
    "poster": "Poster",
    "video": "Video",
    "supp": "Supplement",
    "blog": "Blog",
}
"""Fields that hold an address, as al-folio and its kin name them, and the buttons' words."""

_TAG = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|span|nc)\b[^<>]*>", re.I)
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{x}{n}" for x in ("com", "lpt") for n in range(1, 10))}
)
"""Names that Windows gives to no file."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STYLE = re.compile(r' style="([^"]*)"')
_CLASSES = {
    "font-variant:small-caps;": "small-caps",
    "font-style:normal;": "upright",
    "font-weight:lighter;": "light",
    "text-decoration:underline;": "underlined",
}
_ESCAPES = str.maketrans({"&": "&#38;", "<": "&#60;", ">": "&#62;"})
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Paper:
    """One entry: `anchor` is its name in addresses, `reference` and `bibtex` its formatted texts.

    `reference` is HTML, every other text is plain. `links` are pairs of a button's word and an
    address that may be followed.
    """

    record: Record
    anchor: str
    reference: str
    bibtex: str
    year: str
    group: str
    title: str
    venue: str
    abstract: str
    links: tuple[tuple[str, str], ...]
    is_selected: bool
    award: str

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors (else the editors) in reading order."""
        names = self.record.names("author") or self.record.names("editor")
        return tuple(str(name) for name in names)

    @property
    def whereabouts(self) -> str:
        """Venue and year, as far as they are known."""
        return ", ".join(filter(None, (self.venue, self.year)))


def papers_of(
    records: Iterable[Record],
    references: Mapping[str, str],
    entries: Mapping[str, str],
    own: Sequence[Name] = (),
) -> list[Paper]:
    """The papers, newest year first and in the order of the headings within a year.

    `references` (HTML) and `entries` (BibTeX) are by citation key; a record without a reference is
    shown by its title. `own` are the names to highlight.
    """
    order = {group: place for place, group in enumerate(GROUPS)}
    taken: dict[str, int] = {}
    papers = [
        _paper(record, references.get(record.key, ""), entries.get(record.key, ""), own, taken)
        for record in records
    ]
    papers.sort(key=lambda paper: (order[paper.group], *_newest(paper.record), paper.record.key))
    papers.sort(key=lambda paper: _year_number(paper.record), reverse=True)
    return papers


def plain(text: str) -> str:
    """Rich text without its markup."""
    return " ".join(_TAG.sub("", text).split())


def _paper(
    record: Record, reference: str, bibtex: str, own: Sequence[Name], taken: dict[str, int]
) -> Paper:
    fields = kept_fields(record)
    title = plain(record.text("title")) or record.key
    shown = highlight(_without_styles(reference), record, own) if reference else escape(title)
    number = _year_number(record)
    return Paper(
        record=record,
        anchor=_anchor(record.key, taken),
        reference=shown,
        bibtex=bibtex.strip(),
        year=str(number) if number else "No date",
        group=_GROUP_OF.get(record.type, "Other"),
        title=title,
        venue=plain(record.text("container-title") or record.text("publisher")),
        abstract=plain(record.text("abstract")),
        links=tuple(_links(record, fields)),
        is_selected=_is_true(record.custom.get("selected", fields.get("selected", ""))),
        award=plain(str(fields.get("award", ""))),
    )


def kept_fields(record: Record) -> Mapping[str, str]:
    """The record's unknown BibTeX fields, and texts of `custom` that go by the same names."""
    kept = record.custom.get("bibtex")
    fields = kept.get("fields") if isinstance(kept, Mapping) else None
    own = {name: record.custom[name] for name in (*LINK_FIELDS, "award") if name in record.custom}
    return {
        name: value.strip().strip('{}"').strip()
        for name, value in {**(fields if isinstance(fields, Mapping) else {}), **own}.items()
        if isinstance(value, str)
    }


def _links(record: Record, fields: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """DOI, arXiv, PDF and the rest; each word and each address once."""
    seen: set[str] = set()
    for word, target in _candidates(record, fields):
        if target and word not in seen and target not in seen:
            seen |= {word, target}
            yield word, target


def _candidates(record: Record, fields: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    doi = parse_doi(record.text("DOI"))
    arxiv = parse_arxiv(str(record.custom.get("arxiv", ""))) or parse_arxiv(doi)
    if doi:
        yield "DOI", f"https://doi.org/{quote(doi, safe='/:;()._-')}"
    if arxiv:
        yield "arXiv", f"https://arxiv.org/abs/{arxiv}"
    for name, word in LINK_FIELDS.items():
        yield word, followable(fields.get(name, ""))
    if arxiv:
        yield "PDF", f"https://arxiv.org/pdf/{arxiv}"
    url = parse_url(record.text("URL"))
    if url and parse_doi(url) != doi:
        yield ("PDF" if url.lower().endswith(".pdf") else "Link"), url


def followable(target: str) -> str:
    """The address, if it is on the web or a path within the site; else nothing."""
    target = target.strip()
    if parse_url(target):
        return target
    is_path = target and not _SCHEME.match(target) and not target.startswith(("//", "\\"))
    return quote(target, safe="/._-~#?=&%") if is_path and ".." not in target.split("/") else ""


def _is_true(value: object) -> bool:
    return value is True or str(value).strip("{} ").lower() in _TRUE


def _anchor(key: str, taken: dict[str, int]) -> str:
    """A name for addresses and files, unlike every other even where case does not count.

    `taken` has the names given so far, each with the number to try next for the same.
    """
    name = _UNSAFE_IN_NAME.sub("-", key).strip("-.")[:_LONGEST_NAME].rstrip("-.") or "paper"
    if name.partition(".")[0].lower() in _DEVICES:
        name = f"paper-{name}"
    chosen, count = name, taken.get(name.lower(), 1)
    while chosen.lower() in taken:
        count += 1
        chosen = f"{name}-{count}"
    taken[name.lower()] = count
    taken.setdefault(chosen.lower(), 1)
    return chosen


def _year_number(record: Record) -> int:
    date = record.date("issued")
    return (date.year if date else None) or 0


def _newest(record: Record) -> tuple[int, int]:
    date = record.date("issued")
    parts = (*date.start, 0, 0, 0) if date else (0, 0, 0)
    return -parts[1], -parts[2]


def _without_styles(reference: str) -> str:
    """Inline styles as classes: the page's policy allows no style attributes."""
    return _STYLE.sub(lambda match: f' class="{_CLASSES.get(match[1], "plain")}"', reference)


def highlight(reference: str, record: Record, own: Sequence[Name]) -> str:
    """Mark the page's own authors in a reference, in whatever form the style gives them."""
    wanted = [name for name in record.names("author") if any(is_same(name, each) for each in own)]
    for name in wanted:
        reference = _form(name).sub(r"\1<strong class='own'>\2</strong>", reference, count=1)
    return reference


def is_same(name: Name, own: Name) -> bool:
    """True if the families are equal and no given name contradicts (initials may stand for it)."""
    if _folded(name.family or name.literal) != _folded(own.family or own.literal):
        return False
    pairs = zip(_folded(name.given).split(), _folded(own.given).split(), strict=False)
    return all(a.startswith(b) or b.startswith(a) for a, b in pairs)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(each for each in decomposed if not unicodedata.combining(each))
    return re.sub(r"[.\-\s]+", " ", kept).strip()


def _form(name: Name) -> re.Pattern[str]:
    """The ways in which styles print a name; what stands before it comes as the first group."""
    family = _literally(name.family or name.literal)
    particle = name.non_dropping_particle or name.dropping_particle
    if particle:
        family = rf"(?:{_literally(particle)}\s)?{family}"
    words = [word for word in re.split(r"[\s.\-]+", name.given) if word]
    given = r"[\s.\-  ]*".join(rf"(?:{_literally(word)}|{re.escape(word[0])})\.?" for word in words)
    either = rf"{given}[\s ]{family}|{family}(?:,?[\s ]{given})?" if words else family
    return re.compile(rf"(^|>|[\s(])({either})(?!\w)")


def _literally(text: str) -> str:
    """A pattern of the text as the formatted reference has it, which escapes three characters."""
    return re.escape(text.translate(_ESCAPES))
