"""Citation keys: ``durmus2023towards`` by default, ASCII, unique, and frozen once given.

Knows patterns and collision suffixes; which keys are taken is said by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from citeworks.errors import InputError
from citeworks.model import Record

DEFAULT_PATTERN = "{family}{year}{word}"
MAX_LENGTH = 200
"""Longer keys are cut: they only come from titles and addresses that are no such thing."""

STOP_WORDS = frozenset(
    """
    a an the on in of for at by to with from and or is are do does how what why when where can as
    der die das den dem ein eine und von zu zur zum im le la les un une des du de et el los las una
    il lo gli
    """.split()
)
"""Words that are passed over when the first significant word of a title is looked for."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MARKUP = re.compile(r"</?(?:i|b|sup|sub|span)\b[^<>]*>|\$[^$]*\$")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_NOT_IDENTIFIER_KEY = re.compile(r"[^a-z0-9.]+")
_FIELD = re.compile(r"\{([^{}]*)\}")


def make_key(record: Record, pattern: str = DEFAULT_PATTERN) -> str:
    """The key that the pattern gives this record, before collisions.

    Fields of a pattern: ``{family} {families} {year} {word} {title} {type}``. A record with no
    author, year and title is named after its identifier.
    """
    if not (record.names("author") or record.names("editor") or record.text("title")):
        identified = _from_identifier(record)
        if identified:
            return identified[:MAX_LENGTH]
    key = _FIELD.sub(lambda match: FIELDS[match[1]](record), check_pattern(pattern))
    return key[:MAX_LENGTH] or "record"


def check_pattern(pattern: str) -> str:
    """The pattern itself; an unknown field or an illegal character raises InputError."""
    for field in _FIELD.findall(pattern):
        if field not in FIELDS:
            raise InputError(
                f"unknown field {{{field}}} in the citation key pattern {pattern!r}",
                hint="fields are " + ", ".join(f"{{{name}}}" for name in FIELDS),
            )
    rest = _FIELD.sub("", pattern)
    if not _FIELD.search(pattern) or re.search(r"[^A-Za-z0-9_.:+/-]", rest):
        raise InputError(
            f"the citation key pattern {pattern!r} gives keys that BibTeX cannot read",
            hint=f"use fields and letters, digits, . : + / - _; the default is {DEFAULT_PATTERN}",
        )
    return pattern


def unique_key(key: str, taken: Container[str]) -> str:
    """`key`, or `key` with the first free suffix of a, b … z; past z, with a free one after that.

    Past z the search doubles its steps, so that thousands of records that share a key do not cost
    the square of their number; where no suffix was given up since, it finds the first one too.
    """
    for count in range(27):
        candidate = key + _suffix(count)
        if candidate not in taken:
            return candidate
    used, free = 26, 52
    while key + _suffix(free) in taken:
        used, free = free, free * 2
    while free - used > 1:
        middle = (used + free) // 2
        used, free = (middle, free) if key + _suffix(middle) in taken else (used, middle)
    return key + _suffix(free)


def to_ascii(text: str) -> str:
    """Lower-case ASCII letters and digits of a text in any script."""
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    return _NOT_KEY.sub("", text.lower())


def _suffix(count: int) -> str:
    letters = ""
    while count:
        count, letter = divmod(count - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _family(record: Record) -> str:
    names = record.names("author") or record.names("editor")
    return _surname(record, 0) if names else "anon"


def _surname(record: Record, index: int) -> str:
    name = (record.names("author") or record.names("editor"))[index]
    if name.family:
        return to_ascii(name.non_dropping_particle + name.family)
    return _first_word(name.literal) or "anon"


def _families(record: Record) -> str:
    names = record.names("author") or record.names("editor")
    return "".join(_surname(record, index) for index in range(min(3, len(names)))) or "anon"


def _year(record: Record) -> str:
    issued = record.date("issued")
    return "nd" if issued is None or issued.year is None else str(abs(issued.year))


def _first_word(text: str) -> str:
    words = [to_ascii(word) for word in _WORD.findall(_MARKUP.sub(" ", text))]
    significant = [word for word in words if word and word not in STOP_WORDS]
    return (significant or words or [""])[0]


def _title(record: Record) -> str:
    return "".join(to_ascii(word) for word in _WORD.findall(_MARKUP.sub(" ", record.text("title"))))


FIELDS: dict[str, Callable[[Record], str]] = {
    "family": _family,
    "families": _families,
    "year": _year,
    "word": lambda record: _first_word(record.text("title")),
    "title": _title,
    "type": lambda record: to_ascii(record.type),
}
"""The fields of a pattern."""


def _from_identifier(record: Record) -> str:
    arxiv = record.custom.get("arxiv")
    for scheme, value in (("arxiv", arxiv), *((name, record.text(name)) for name in _SCHEMES)):
        if value:
            return f"{scheme}-{_NOT_IDENTIFIER_KEY.sub('-', str(value).lower())}".lower().strip(
                "-."
            )
    return ""


_SCHEMES = ("DOI", "PMID", "PMCID", "ISBN", "URL")
