"""Personal names in reading order to CSL name-parts, and what is no person.

Knows particles, suffixes, inverted forms (``Family, Given``) and scripts that put the family
first. Refuses to guess where the writing gives no hint: such a name stays one literal.
"""

from __future__ import annotations

import re
from dataclasses import replace

from citeworks.model import Name
from citeworks.model.name_words import (
    CAPITALIZED_PARTICLES,
    COLLECTIVE_WORDS,
    COLLECTIVES,
    PARTICLES,
    SUFFIXES,
)
from citeworks.normalize.text import clean_text

_FAMILY_FIRST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_JOINERS = frozenset({"y", "e", "i"})
_ROMAN = re.compile(r"[ivx]+\.?\Z", re.I)
_INITIAL = re.compile(r"(?<!\S)[^\W\d_]\.?(?!\S)")
_ALSO_FAMILIES = frozenset("press court staff board trust field college church forum".split())
"""Words of collectives that are common family names as well: ``William H. Press``."""


def parse_name(text: str) -> Name:
    """Read one written name.

    ``Thomas I. Liao`` and ``Liao, Thomas I.`` give the same parts; ``BigScience Workshop``, single
    words and anything with digits are kept as a literal.
    """
    text = clean_text(text).strip(",; ")
    if not text or is_collective(text):
        return Name(literal=text)
    if "," in text:
        return _parse_inverted(text)
    words = text.split(" ")
    words, suffix = _take_suffix(words)
    if len(words) < 2:
        return Name(literal=text)
    if _FAMILY_FIRST.search(text):
        return Name(family=words[0], given=" ".join(words[1:]), static_ordering=True)
    split_at = _family_start(words)
    return replace(
        _with_particles(words[split_at:]), given=" ".join(words[:split_at]), suffix=suffix
    )


def is_collective(text: str) -> bool:
    """True if the text names an organisation or a group, or cannot be a person's name."""
    words = text.split()
    if any(character.isdigit() for character in text) or text in COLLECTIVES:
        return True
    if words and words[0].lower() == "the" and len(words) > 1:
        return True
    marks = {word.strip("(),").lower() for word in words} & COLLECTIVE_WORDS
    return bool(marks) and not (marks <= _ALSO_FAMILIES and _ends_like_a_person(words))


def normalize_names(names: tuple[Name, ...], *, split: bool = True) -> tuple[Name, ...]:
    """Clean the parts, split unsplit persons if `split`, and drop names without any text."""
    cleaned = (_split(name) if split else _clean_parts(name) for name in names)
    return tuple(name for name in cleaned if str(name))


def _split(name: Name) -> Name:
    if name != Name(literal=name.literal):
        return _clean_parts(name)
    return parse_name(name.literal)


def _ends_like_a_person(words: list[str]) -> bool:
    """True if the only mark of a collective stands where a family does, beside an initial."""
    family, given = (words[0], words[1:]) if words[0].endswith(",") else (words[-1], words[:-1])
    marked = any(word.strip("(),").lower() in COLLECTIVE_WORDS for word in given)
    is_family = family.rstrip(",").lower() in _ALSO_FAMILIES
    return is_family and not marked and bool(_INITIAL.search(" ".join(given)))


def _parse_inverted(text: str) -> Name:
    parts = [part.strip() for part in text.split(",")]
    suffix = ""
    if len(parts) >= 3 and parts[1].lower() in SUFFIXES:
        suffix = parts.pop(1)
    elif parts[-1].lower() in SUFFIXES:
        suffix = parts.pop()
    if len(parts) == 1:
        person = parse_name(parts[0])
        return replace(person, suffix=suffix) if person.family else Name(literal=text)
    if len(parts) > 2 or not all(parts):
        return Name(literal=text)
    family, given = _with_particles(parts[0].split(" ")), parts[1].split(" ")
    count = _trailing_particles(given)
    return replace(
        family,
        given=" ".join(given[: len(given) - count]),
        dropping_particle=" ".join(given[len(given) - count :]),
        suffix=suffix,
        static_ordering=bool(_FAMILY_FIRST.search(text)),
    )


def _trailing_particles(words: list[str]) -> int:
    """How many words at the end of given names are particles of the family (``Jan van der``)."""
    count = 0
    while count < len(words) - 1 and words[-1 - count] in PARTICLES:
        count += 1
    return count


def _take_suffix(words: list[str]) -> tuple[list[str], str]:
    """A suffix at the end; ``Andrew W. Senior`` and ``Nguyen Thi Vi`` have none."""
    last = words[-1]
    is_suffix = last.lower() in SUFFIXES and last.lower() != "senior"
    if len(words) > 2 and is_suffix and not (_ROMAN.match(last) and not last.isupper()):
        return words[:-1], last
    return words, ""


def _family_start(words: list[str]) -> int:
    """The index of the first word of the family, particles included."""
    if words[0] in PARTICLES:
        return 0
    last = len(words) - 1
    start = last
    if last >= 3 and words[last - 1] in _JOINERS:
        start = last - 2
    while start > 1 and words[start - 1] in CAPITALIZED_PARTICLES:
        start -= 1
    lower = [i for i in range(1, start) if words[i] in PARTICLES or words[i][:2] in ("d'", "d’")]
    first = lower[0] if lower else start
    while first > 1 and words[first - 1] in CAPITALIZED_PARTICLES:  # Guy Van den Broeck
        first -= 1
    return first


def _with_particles(words: list[str]) -> Name:
    count = 0
    while count < len(words) - 1 and words[count] in PARTICLES:
        count += 1
    return Name(family=" ".join(words[count:]), non_dropping_particle=" ".join(words[:count]))


def _clean_parts(name: Name) -> Name:
    return replace(
        name,
        literal=clean_text(name.literal),
        family=clean_text(name.family),
        given=clean_text(name.given),
        suffix=clean_text(name.suffix),
        dropping_particle=clean_text(name.dropping_particle),
        non_dropping_particle=clean_text(name.non_dropping_particle),
    )
