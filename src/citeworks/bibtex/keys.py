"""Citation keys that BibTeX and ``\\cite`` can read.

Knows which signs a key cannot have, and the order that keys give. Refuses to change a legal key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from citeworks.bibtex.families import behind
from citeworks.bibtex.fields import Dialect
from citeworks.model import Issue, Location, Record

Report = Callable[[Issue], None]

_ILLEGAL_IN_KEY = re.compile(
    r"[\s,{}()\"'%#=\\~$^&\x00-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
)


class Keyed(Protocol):
    """What a record, and whatever stands for it, says of its keys."""

    @property
    def key(self) -> str:
        """The citation key."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """The keys that it had before."""
        ...


K = TypeVar("K", bound=Keyed)


class Arranged(NamedTuple, Generic[K]):
    """A record in its place, with the key and the further keys that it is written with."""

    record: K
    key: str
    aliases: Sequence[str]


def arranged(
    records: Iterable[K],
    dialect: Dialect,
    families: Sequence[tuple[str, str]],
    report: Report,
    *,
    sort: bool,
) -> list[Arranged[K]]:
    """The records in the order of a .bib text.

    `families` has the keys of children and of their parents, in lower case: these come behind.
    """
    chosen = sorted(records, key=lambda record: record.key) if sort else list(records)
    keys = legal_keys(chosen, report)
    aliases = free_aliases(chosen, keys) if dialect == "biblatex" else {}
    found = [
        Arranged(record, key, aliases.get(record.key, ()))
        for record, key in zip(chosen, keys, strict=True)
    ]
    if sort:
        parents: Mapping[str, tuple[int, int]] = behind(sorted(families))
        found.sort(key=lambda each: (parents.get(each.key.lower(), (0, 0)), each.key))
    return found


def parents_of(record: Record) -> list[tuple[str, str]]:
    """The record's key and that which BibTeX must meet after it, in lower case, if there is one."""
    kept = record.custom.get("bibtex")
    fields = (kept.get("fields") or {}) if isinstance(kept, dict) else {}
    parent = str(fields.get("crossref", "")).lower()
    return [(record.key.lower(), parent)] if parent else []


def legal_keys(records: Sequence[Keyed], report: Report) -> list[str]:
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


def free_aliases(records: Sequence[Keyed], keys: list[str]) -> dict[str, list[str]]:
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
