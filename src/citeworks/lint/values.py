"""What is wrong with identifiers, dates, pages and addresses; the same for fields and variables.

Each ``*_fault`` looks at a text and says what is wrong with it, ``""`` if nothing is. Refuses to
ask whether an identifier exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from citeworks.bibtex.dates import MONTHS, month_number, read_edtf
from citeworks.bibtex.pages import is_range
from citeworks.lint.interface import Check, Edit, Hit, Slot
from citeworks.model.identifier import parse_doi, parse_isbn

_DOI_HEAD = re.compile(
    r"\s*(?:https?://(?:(?:[\w-]+\.)*doi\.org|doi\.acm\.org)/|doi:\s*|info:doi/)(?=10\.)", re.I
)
_ISBN_WORDS = re.compile(r"\([^()]*\)|isbn(?:-1[03])?:?|e-?book|print|pbk|hbk|:", re.I)
_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_ISSN_WORDS = re.compile(r"\([^()]*\)|\b(?:e|p)?-?issn:?|print|online|electronic|:", re.I)
_YEAR = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
_UNDATED = re.compile(
    r"(?:in|to|in the) press|forth?coming|to appear|n\.?\s?d\.?|no date|submitted|accepted|"
    r"under review|in preparation|online first|ongoing|present|undated|s\.?\s?a\.?",
    re.I,
)
_LITERAL_YEAR = re.compile(r"\d{2}[\dXu][\dXu?]|\d{1,4}\s*(?:BC|BCE|AD|CE)\b", re.I)
_RANGE = re.compile(
    r"(?<![^\s,;])([A-Za-z]{0,2}[0-9]+)(\s*(?:-|–|—|---|\\textendash(?:\{\})?)\s*)"
    r"([A-Za-z]{0,2}[0-9]+)(?![^\s,;.+f])"
)
_NUMBERS = re.compile(r"([A-Za-z]*)(\d+)\s*(?:-+|–|—)\s*([A-Za-z]*)(\d+)\Z")
_SOME_PAGE = re.compile(r"[\dIVXLCMivxlcm]")
_NO_PAGES = re.compile(r"\W*(?:\?+|n/?a|none|tbd|tba|xx+|0+\W+0+|\W+)\W*\Z", re.I)
_IN_WORDS = re.compile(r"[^\W\d_]{3,}\.?(?:\s*(?:-+|–|/|,|\\&|\w{1,3})\s*[^\W\d_]{3,}\.?)*\Z")
"""A month in another language, or several, or a season: BibTeX prints it as it is."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def doi_fault(value: str) -> str:
    """Why a text is no DOI."""
    if not value.strip() or parse_doi(value.replace("\\_", "_")):
        return ""
    return f"{_short(value)!r} is no DOI: it does not read 10.…/…"


def isbn_fault(value: str) -> str:
    """Why one of the ISBNs of a text is none."""
    for part in re.split(r"[,;/]| and |\s{2,}", _ISBN_WORDS.sub(" ", value)):
        if part.strip(" ?") and not parse_isbn(re.sub(r"[^\dXx -]", "", part.replace("–", "-"))):
            several = [each for each in part.split() if not parse_isbn(each)]
            if several:
                return f"{_short(part.strip())!r} is no ISBN: length or check digit is wrong"
    return ""


def issn_fault(value: str) -> str:
    """Why one of the ISSNs of a text is none (ISO 3297)."""
    for part in re.split(r"[,;/\s]| and ", _ISSN_WORDS.sub(" ", value)):
        if part and not is_issn(part):
            return f"{_short(part)!r} is no ISSN: form or check digit is wrong"
    return ""


def is_issn(text: str) -> bool:
    """True for eight characters, with a hyphen or without, whose check digit is right."""
    if not _ISSN.fullmatch(text):
        return False
    digits = text.replace("-", "").upper()
    total = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=False))
    return digits[7] == "0123456789X"[-total % 11]


def year_fault(value: str) -> str:
    """Why a text is no year."""
    bare = value.strip("{}[]() \t\r\n")
    if not bare or _UNDATED.search(bare) or _LITERAL_YEAR.search(bare):
        return ""
    if not _YEAR.search(bare) and not re.search(r"\\", bare):
        return f"{_short(value)!r} is no year"
    return ""


def date_fault(value: str) -> str:
    """Why a text is no date of BibLaTeX (EDTF)."""
    date = read_edtf(value.strip("{}"))
    if date is None or not date.literal or not re.search(r"\w", value):
        return ""
    if re.fullmatch(r"-?\d{2}[\dXu?]{2}(?:-\S*)?[?~%]?", date.literal) and "X" in date.literal:
        return ""
    if re.fullmatch(r"[\dXu?~%./T:Z+ -]+", date.literal) and "/" in date.literal:
        return "" if all(not date_fault(each) for each in date.literal.split("/") if each) else (
            f"{_short(value)!r} is no date such as 2023-06-28")  # fmt: skip
    return f"{_short(value)!r} is no date such as 2023-06-28"


def pages_fault(value: str) -> str:
    """Why a text names no pages."""
    if not value.strip():
        return ""
    if _NO_PAGES.match(value) or not (_SOME_PAGE.search(value) or re.search(r"\w", value)):
        return f"{_short(value)!r} says no page"
    for part in re.split(r"[,;]", value):
        found = _NUMBERS.match(part.strip())
        if not found or found[1] != found[3] or len(found[4]) < len(found[2]):
            continue
        if int(found[4][:18]) < int(found[2][:18]) and len(found[2]) < 18:
            return f"the pages {part.strip()} run backwards"
    return ""


def url_fault(value: str) -> str:
    """Why a text is no address."""
    bare = value.strip()
    if not bare or "\\" in bare or "{" in bare:
        return ""
    if re.search(r"\s", bare):
        urls = bare.split()
        return "" if all("://" in each for each in urls) else "the URL holds white space"
    return "" if _SCHEME.match(bare) else f"{_short(bare)!r} is no URL: it has no scheme (https:)"


def _check_doi(slot: Slot) -> Iterator[Hit]:
    if head := _DOI_HEAD.match(slot.value):
        message = f"the DOI carries {head[0].strip()!r}"
        hit = slot.fix("V102", message, 0, head.end(), "")
        yield hit._replace(edits=()) if "%" in slot.value else hit
    elif message := doi_fault(slot.value):
        yield slot.hit("V101", message)


def _check_isbn(slot: Slot) -> Iterator[Hit]:
    if message := isbn_fault(slot.value):
        yield slot.hit("V103", message)


def _check_issn(slot: Slot) -> Iterator[Hit]:
    if message := issn_fault(slot.value):
        yield slot.hit("V104", message)


def _check_year(slot: Slot) -> Iterator[Hit]:
    if message := year_fault(slot.value):
        yield slot.hit("V105", message)


def _check_date(slot: Slot) -> Iterator[Hit]:
    if message := date_fault(slot.value):
        yield slot.hit("V105", message)


def _check_month(slot: Slot) -> Iterator[Hit]:
    value = slot.value.strip()
    number = month_number(value)
    if not value or slot.kind == "a" or not slot.exact or (value.isdigit() and number):
        return
    if not number and not _IN_WORDS.match(value):
        yield slot.hit("V106", f"{_short(value)!r} is no month")
    elif number and number <= 12 and value.isalpha():
        macro = MONTHS[number - 1]
        hit = slot.hit("V106", f"{value!r} is {macro} without braces or quotes")
        whole = Edit(slot.start - 1, slot.end + 1, macro)
        yield hit._replace(edits=(whole,))


def _check_pages(slot: Slot) -> Iterator[Hit]:
    if message := pages_fault(slot.value):
        yield slot.hit("V108", message)
        return
    ranges = [found for found in _RANGE.finditer(slot.value) if is_range(found[1], found[3])]
    if ranges:
        message = f"the pages {_short(slot.value)} are a range: -- is meant"
        hit = slot.fix("V107", message, ranges[0].start(2), ranges[0].end(2), "--")
        edits = [
            Edit(slot.start + each.start(2), slot.start + each.end(2), "--") for each in ranges
        ]
        yield hit._replace(edits=tuple(edits) if hit.edits else ())


def _check_url(slot: Slot) -> Iterator[Hit]:
    if message := url_fault(slot.value):
        yield slot.hit("V110", message)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 50 else text[:49] + "…"


def _unwrapped(check: Check) -> Check:
    """The check on a value without the braces that some put round it once more."""

    def look(slot: Slot) -> Iterable[Hit]:
        return check(slot.unwrapped())

    return look


CHECKS: tuple[tuple[frozenset[str], Check], ...] = (
    (frozenset({"doi"}), _unwrapped(_check_doi)),
    (frozenset({"isbn"}), _unwrapped(_check_isbn)),
    (frozenset({"issn"}), _unwrapped(_check_issn)),
    (frozenset({"year"}), _unwrapped(_check_year)),
    (frozenset({"date", "urldate", "origdate", "eventdate"}), _unwrapped(_check_date)),
    (frozenset({"month"}), _check_month),
    (frozenset({"pages"}), _unwrapped(_check_pages)),
    (frozenset({"url"}), _unwrapped(_check_url)),
)
