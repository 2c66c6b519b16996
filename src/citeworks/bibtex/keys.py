"""Citation keys that BibTeX and ``\\cite`` can read.

Knows which signs a key cannot have. Refuses to change a key that is legal.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from citeworks.model import Issue, Location, Record

Report = Callable[[Issue], None]

_ILLEGAL_IN_KEY = re.compile(r"[\s,{}()\"'%#=\\~$^&\x00-\x1f\x7f]+")


def legal_keys(records: list[Record], report: Report) -> list[str]:
    """Each record's key as BibTeX and \\cite can read it; only an illegal one is ever changed."""
    taken = {record.key for record in records}
    folded: dict[str, str] = {}
    keys: list[str] = []
    for record in records:
        key = record.key
        if _ILLEGAL_IN_KEY.search(key) or not key:
            key = _free_key(_ILLEGAL_IN_KEY.sub("_", key).strip("_") or "key", taken)
            taken.add(key)
            message = f"{record.key!r} is no legal citation key: written as {key!r}"
            report(issue_of(record.key, "B302", message))
        twin = folded.setdefault(key.lower(), record.key)
        if twin != record.key:
            message = f"BibTeX takes the keys {twin!r} and {record.key!r} for the same"
            report(issue_of(record.key, "B303", message, "rename one of them"))
        keys.append(key)
    return keys


def free_aliases(records: list[Record], keys: list[str]) -> dict[str, list[str]]:
    """Under the records' keys, their former keys that are legal and name nothing else."""
    if not any(record.aliases for record in records):
        return {}
    taken = {key.lower() for key in keys}
    found: dict[str, list[str]] = {}
    for record in records:
        for alias in record.aliases:
            if alias and alias.lower() not in taken and not _ILLEGAL_IN_KEY.search(alias):
                taken.add(alias.lower())
                found.setdefault(record.key, []).append(alias)
    return found


def _free_key(key: str, taken: set[str]) -> str:
    number, free = 2, key
    while free in taken:
        free = f"{key}-{number}"
        number += 1
    return free


def issue_of(key: str, code: str, message: str, hint: str = "") -> Issue:
    """A doubt about the record under a key."""
    return Issue(code, message, location=Location(key), key=key, hint=hint)
