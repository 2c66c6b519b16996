"""Records that may be the same work, with what speaks for it, and their merge by a person's word.

Finds groups in about linear work: identifiers and titles are looked up, near titles are compared
only between records of one first author. Never merges by itself, and not over a contradiction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from citeworks.errors import StoreError
from citeworks.model import Library, Record, Value
from citeworks.model.identifier import parse_arxiv
from citeworks.model.provenance import USER
from citeworks.resolve.likeness import fold, numbers_in, share_found, title_key, title_ratio

NEAR_TITLE = 0.93
"""The likeness of titles from which one first author's two papers are taken for one: of different
papers by the same authors about one in 250 are as alike, and a person looks at each group."""

_WINDOW = 24
"""How many neighbours in the order of titles each record of a prolific author is compared with."""
_SHORTEST_TITLE = 12
_IDENTIFIERS = ("DOI", "PMID", "PMCID")
_VETOES = ("DOI", "edition", "page", "volume")
_UNITED = ("tags", "collections")


@dataclass(frozen=True, slots=True)
class Group:
    """Citation keys of what may be one work, and the sentences that speak for it."""

    keys: tuple[str, ...]
    evidence: tuple[str, ...]


def find_groups(library: Library) -> list[Group]:
    """The groups in the order of their first keys; a pair that contradicts itself is in none."""
    parents: dict[str, str] = {}
    evidence: dict[str, dict[str, None]] = defaultdict(dict)
    for first, second, reason in _pairs(list(library.values())):
        if not contradictions([library[first], library[second]]):
            low, high = sorted((_root(parents, first), _root(parents, second)))
            parents[high] = low
            evidence[low][reason] = None
            if high != low:
                evidence[low].update(evidence.pop(high, {}))
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(parents):
        groups[_root(parents, key)].append(key)
    return [
        Group(tuple(keys), tuple(evidence[root]))
        for root, keys in sorted(groups.items())
        if len(keys) > 1
    ]


def contradictions(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    """The variables in which the records say what cannot be said of one work, with the values."""
    found: dict[str, tuple[str, ...]] = {}
    for variable in _VETOES:
        values = {_compared(record, variable) for record in records} - {""}
        if len(values) > 1:
            found[variable] = tuple(sorted(values))
    return found


def merge(library: Library, keys: Sequence[str], taken: Mapping[str, str] | None = None) -> Library:
    """The library in which the first record stands for all of them.

    What it lacks comes from the others in their order, what a person typed wins over a machine's
    value, and `taken` names for a variable the key of the record to take it from. The other keys
    become aliases. Raises StoreError over a contradiction that `taken` does not settle.
    """
    chosen = dict(taken or {})
    records = [library[key] for key in keys]
    open_ones = {
        variable: values
        for variable, values in contradictions(records).items()
        if variable not in chosen
    }
    if open_ones:
        said = "; ".join(f"{name}: {' or '.join(values)}" for name, values in open_ones.items())
        raise StoreError(
            f"{', '.join(keys)} contradict each other ({said})",
            hint=f"if they are one work, say which is right: --take {next(iter(open_ones))}=KEY",
        )
    merged = records[0]
    for other in records[1:]:
        merged = _absorb(merged, other)
    for variable, key in chosen.items():
        merged = _take(merged, library[key], variable)
    return library.without(keys[1:]).with_records([merged])


def _pairs(records: Sequence[Record]) -> Iterator[tuple[str, str, str]]:
    """Pairs of keys with a reason, each pair as often as there are reasons."""
    known: dict[tuple[str, str], str] = {}
    by_author: dict[str, list[tuple[str, Record]]] = defaultdict(list)
    for record in records:
        for mark, reason in _marks(record):
            first = known.setdefault(mark, record.key)
            if first != record.key:
                yield first, record.key, reason
        title = title_key(record.text("title"))
        if len(title) >= _SHORTEST_TITLE:
            by_author[_first_family(record)].append((title, record))
    for works in by_author.values():
        yield from _near_pairs(sorted(works, key=lambda work: (work[0], work[1].key)))


def _marks(record: Record) -> Iterator[tuple[tuple[str, str], str]]:
    for variable in _IDENTIFIERS:
        if value := record.text(variable).lower():
            yield (variable, value), f"the same {variable} {value}"
    if arxiv := _arxiv(record):
        yield ("arXiv", arxiv), f"the same arXiv identifier {arxiv}"


def _near_pairs(works: Sequence[tuple[str, Record]]) -> Iterator[tuple[str, str, str]]:
    """Pairs of one author's works with the same or nearly the same title, in the titles' order."""
    if len(works) <= _WINDOW:
        compared: Iterable[tuple[Any, Any]] = combinations(works, 2)
    else:
        compared = (
            (work, other)
            for place, work in enumerate(works)
            for other in works[place + 1 : place + 1 + _WINDOW]
        )
    for (_, one), (_, other) in compared:
        likeness = _likeness(one, other)
        if likeness:
            words = "the same title" if likeness == 1 else f"titles alike to {likeness:.0%}"
            yield one.key, other.key, f"{words} and authors"


def _likeness(one: Record, other: Record) -> float:
    """How alike the titles of two works are; 0 if anything else tells them apart."""
    first, second = one.text("title"), other.text("title")
    likeness = title_ratio(first, second, cutoff=NEAR_TITLE)
    if not likeness or numbers_in(first) != numbers_in(second):
        return 0.0
    years = [date.year for record in (one, other) if (date := record.date("issued")) and date.year]
    if len(years) == 2 and abs(years[0] - years[1]) > (5 if likeness == 1 else 1):
        return 0.0
    authors = one.names("author"), other.names("author")
    if all(authors) and share_found(*authors) < 0.5 and share_found(*authors[::-1]) < 0.5:
        return 0.0
    return likeness


def _first_family(record: Record) -> str:
    names = record.names("author") or record.names("editor")
    return fold(names[0].family or names[0].literal).replace(" ", "") if names else ""


def _arxiv(record: Record) -> str:
    return parse_arxiv(str(record.custom.get("arxiv") or "")) or parse_arxiv(record.text("DOI"))


def _compared(record: Record, variable: str) -> str:
    """A value as two are compared; an arXiv DOI says nothing against a publisher's."""
    text = " ".join(record.text(variable).lower().replace("–", "-").split())
    return "" if variable == "DOI" and parse_arxiv(text) else text


def _root(parents: dict[str, str], key: str) -> str:
    parents.setdefault(key, key)
    while parents[key] != key:
        parents[key] = parents[parents[key]]
        key = parents[key]
    return key


def _absorb(record: Record, other: Record) -> Record:
    """The record with what it lacks, and with what a person typed into the other one."""
    for variable in other.variables:
        if _is_better(record, other, variable):
            record = _take(record, other, variable)
    custom: dict[str, Any] = {**other.custom, **record.custom}
    for name in _UNITED:
        both = [*(record.custom.get(name) or ()), *(other.custom.get(name) or ())]
        if both:
            custom[name] = list(dict.fromkeys(both))
    aliases = [*record.aliases, other.key, *other.aliases]
    custom["aliases"] = [key for key in dict.fromkeys(aliases) if key != record.key]
    custom["et-al"] = list(record.custom.get("et-al") or ())
    return replace(record, custom={name: value for name, value in custom.items() if value != []})


def _is_better(record: Record, other: Record, variable: str) -> bool:
    if variable not in record.variables:
        return True
    if record.is_truncated(variable) and not other.is_truncated(variable):
        return not _is_users(record, variable)
    return _is_users(other, variable) and not _is_users(record, variable)


def _is_users(record: Record, variable: str) -> bool:
    origin = record.provenance.get(variable)
    return origin is not None and origin.source == USER


def _take(record: Record, other: Record, variable: str) -> Record:
    """The record with the other one's value, its origin, and whether its list was cut short."""
    if variable not in other.variables:
        return record
    variables: dict[str, Value] = {**record.variables, variable: other.variables[variable]}
    provenance = {**record.provenance}
    provenance.pop(variable, None)
    if variable in other.provenance:
        provenance[variable] = other.provenance[variable]
    cut = [name for name in record.custom.get("et-al") or () if name != variable]
    cut += [variable] if other.is_truncated(variable) else []
    merged = replace(record, variables=variables, provenance=provenance)
    return merged.with_custom(et_al=cut) if cut else merged.without_custom("et-al")
