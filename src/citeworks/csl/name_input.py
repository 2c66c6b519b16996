"""Reads CSL-JSON name variables into `Name` values.

Knows particles and suffixes written into the family or given name; refuses to know how names are
shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from citeworks.model.name import Name

Clean = Callable[[object], str]

_MAX_NAMES = 20_000


def read_names(value: object, clean: Clean) -> tuple[Name, ...]:
    """The names in a JSON value; whatever is no name is left out."""
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, (list, tuple)):
        return ()
    found = (read_name(entry, clean) for entry in value[:_MAX_NAMES])
    return tuple(name for name in found if name is not None)


def read_name(entry: object, clean: Clean) -> Name | None:
    """One name, with its particles and suffix told apart."""
    if isinstance(entry, str):
        return Name(literal=clean(entry)) if clean(entry).strip() else None
    if isinstance(entry, Name):
        return entry
    if not isinstance(entry, Mapping):
        return None
    literal = clean(entry.get("literal"))
    if literal.strip():
        return Name(literal=literal)
    family, given = clean(entry.get("family")).strip(), clean(entry.get("given")).strip()
    if not family and not given:
        return None
    dropping = clean(entry.get("dropping-particle"))
    non_dropping = clean(entry.get("non-dropping-particle"))
    dropping, non_dropping = dropping.replace("'", "’"), non_dropping.replace("'", "’")
    suffix = clean(entry.get("suffix"))
    comma = _truth(entry.get("comma-suffix"))
    if not suffix and "," in given:
        given, suffix, comma = _split_suffix(given)
    if not dropping and not non_dropping:
        family, non_dropping = _split_family(family)
        given, dropping = _split_given(given, family)
        dropping, non_dropping = dropping.replace("'", "’"), non_dropping.replace("'", "’")
    return Name(
        family=family,
        given=given,
        dropping_particle=dropping,
        non_dropping_particle=non_dropping,
        suffix=suffix,
        comma_suffix=comma,
        static_ordering=_truth(entry.get("static-ordering")),
    )


def _truth(value: object) -> bool:
    return value in (True, 1, "true", "1")


def _split_suffix(given: str) -> tuple[str, str, bool]:
    head, _, tail = given.partition(",")
    comma = tail.startswith("!")
    tail = tail.lstrip("! ").strip()
    if not tail or " " in tail:
        return given, "", False
    return head.strip(), tail, comma


def _split_family(family: str) -> tuple[str, str]:
    if len(family) > 1 and family[0] == family[-1] == '"':
        return family[1:-1], ""
    words = family.split(" ")
    count = 0
    while count < len(words) - 1 and words[count].lstrip("'’")[:1].islower():
        count += 1
    particle, rest = " ".join(words[:count]), " ".join(words[count:])
    match = re.match(r"([dl]['’])(?=\w)", rest)
    if match:
        glue = " " if particle else ""
        return rest[match.end() :], particle + glue + match.group(1)
    if not count:
        hyphen = re.match(r"((?:al|el|as|at)-)(?=\w)", rest)
        if hyphen:
            return rest[hyphen.end() :], hyphen.group(1)
    return rest, particle


def _split_given(given: str, family: str) -> tuple[str, str]:
    words = given.split(" ")
    count = len(words)
    if not family or not words[0][:1].isupper():
        return given, ""
    while count > 1 and words[count - 1][:1].islower() and "." not in words[count - 1]:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])
