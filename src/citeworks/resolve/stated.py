"""What a DOI or an arXiv number says by its form alone: a venue, a year, a registrant.

Conferences build their DOIs from their acronym and year, arXiv numbers begin with year and month,
and some venues give no DOIs at all. Refuses to know references and sources; asks nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from citeworks.model.identifier import parse_arxiv, parse_doi
from citeworks.resolve.venues import venue_id

ARXIV_DOI = "10.48550/arxiv."


@dataclass(frozen=True, slots=True)
class Stated:
    """The venue (its short name) and the year that an identifier states; 0 where it states none."""

    venue: str
    year: int = 0


@lru_cache(maxsize=4096)
def stated_by(doi: str) -> Stated | None:
    """The venue and year in a DOI, or None where its form says nothing.

    IEEE conferences ``10.1109/CVPR52729.2023.00373``, AAAI ``10.1609/aaai.v36i4.20376``, ACL
    Anthology ``10.18653/v1/N19-1357`` and ``10.18653/v1/2021.acl-long.1``, Interspeech and IJCAI.
    """
    value = parse_doi(doi).lower()
    for pattern, read in _FORMS:
        if found := pattern.match(value):
            return read(found)
    return None


def arxiv_year(number: str) -> int:
    """The year in which an arXiv number was given, or 0 for numbers of before 2007."""
    found = _ARXIV.match(number)
    return 2000 + int(found[1]) if found and 7 <= int(found[1]) < 91 else 0


def is_impossible(doi: str) -> bool:
    """True for a DOI of arXiv whose ending is no arXiv number."""
    value = parse_doi(doi).lower()
    return value.startswith(ARXIV_DOI) and not parse_arxiv(value.removeprefix(ARXIV_DOI))


def aaai_number(text: str) -> str:
    """The number of an article that a DOI or an address of AAAI's proceedings states, or nothing.

    The DOI ends in it, and so does the address, which says neither volume nor issue.
    """
    found = _AAAI_ARTICLE.search(text)
    return (found[1] or found[2]) if found else ""


def is_foreign(doi: str, venue: str) -> bool:
    """True for a DOI of a registrant that nobody expects at a venue which gives no DOIs.

    Publishers, digital libraries and repositories hold copies of such papers; they are known here
    as far as they register many.
    """
    if venue not in NO_DOIS:
        return False
    return parse_doi(doi).partition("/")[0].removeprefix("10.") not in _REGISTRANTS


NO_DOIS = frozenset("neurips icml iclr aistats uai colt jmlr tmlr cidr mlsys colm corl".split())
"""Venues whose papers have no DOI of the venue."""

_REGISTRANTS = frozenset(
    """
    1000 1001 1002 1006 1007 1016 1017 1021 1023 1029 1036 1037 1038 1039 1046 1051 1063 1073 1080
    1088 1090 1093 1101 1103 1109 1111 1115 1117 1126 1137 1140 1142 1145 1146 1155 1161 1162 1175
    1177 1184 1186 1198 1201 1209 1214 1257 1287 1289 1371 1515 1551 1561 1587 1609 1613 1650 1713
    2139 2172 2196 2200 2307 2312 2478 2514 2760 3115 3138 3156 3233 3384 3389 3390 3758 3897
    3929 3982 4018 4108 4121 4171 4230 4233 4324 5075 5121 5167 5194 5220 5244 5281 5291 5334 5353
    5445 5446 5451 5555 5591 5683 5753 6028 6084 7302 7488 7551 7554 7717 7910 7916 7939 11575 11588
    12688 12751 13016 13025 13140 14264 14279 14288 14293 14722 14743 15439 15488 15496 15607 17169
    17185 17605 17615 17617 17632 17863 17877 18130 18148 18154 18420 18434 18452 18653 18725 20378
    20381 20382 20868 20944 21105 21203 21227 21428 21437 21974 22028 22215 22541 23640 23668 24251
    24355 24432 24433 24963 25358 25365 25384 25534 25560 25593 25777 25911 25972 26083 26153 26180
    26190 26434 26615 26868 26907 31219 31223 31224 31234 31235 31237 32388 32470 32657 32942 33540
    33612 33774 34133 34726 34740 35542 36227 37044 48350 48448 48550 48786 52202 52843 53846 55458
    55776 57702 57967 60692 64898 65109
    """.split()
)
"""Registrants (the part after ``10.``) of publishers, digital libraries and repositories."""

_ARXIV = re.compile(r"(\d{2})(?:0[1-9]|1[0-2])\.\d{4,5}")
_AAAI_ARTICLE = re.compile(
    r"10\.1609/aaai\.v\d+i\d+\.(\d+)\Z|//ojs\.aaai\.org/index\.php/AAAI/article/view/(\d+)",
    re.I,
)
_ACL_LETTERS = {"p": "acl", "n": "naacl", "d": "emnlp", "e": "eacl", "c": "coling", "q": "tacl"}
_AAAI_FIRST = 1986
"""Volume 1 of AAAI's proceedings was of the year after."""


def _ieee(found: re.Match[str]) -> Stated | None:
    venue = venue_id(found[1])
    return Stated(venue, int(found[2])) if venue and venue != "tpami" else None


def _anthology(found: re.Match[str]) -> Stated | None:
    venue = venue_id(found[2])
    return Stated(venue, int(found[1])) if venue else None


def _old_anthology(found: re.Match[str]) -> Stated | None:
    venue, year = _ACL_LETTERS.get(found[1]), int(found[2])
    return Stated(venue, year + (1900 if year > 50 else 2000)) if venue else None


_FORMS = (
    (re.compile(r"10\.1109/([a-z]+)\d*\.(\d{4})\.\d+\Z"), _ieee),
    (
        re.compile(r"10\.1609/aaai\.v(\d+)i\d+\.\d+\Z"),
        lambda found: Stated("aaai", _AAAI_FIRST + int(found[1])),
    ),
    (re.compile(r"10\.18653/v1/(\d{4})\.([a-z]+)-[a-z0-9]+\.\d+\Z"), _anthology),
    (re.compile(r"10\.18653/v1/([a-z])(\d\d)-\d{4}\Z"), _old_anthology),
    (
        re.compile(r"10\.21437/interspeech\.(\d{4})-\d+\Z"),
        lambda found: Stated("interspeech", int(found[1])),
    ),
    (
        re.compile(r"10\.24963/ijcai\.(\d{4})/\d+\Z"),
        lambda found: Stated("ijcai", int(found[1])),
    ),
)
