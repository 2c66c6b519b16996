"""Cite grouping and collapsing inside one citation.

Knows the rules of `collapse` and the delimiters they bring; refuses to know how cites are
rendered: it drops and marks nodes of trees that are there.
"""

from __future__ import annotations

from typing import Any

from citeworks.csl.output import Node, Out, find, find_all, is_empty, plain
from citeworks.csl.style import Area

EN_DASH = "–"


class CiteOut:
    """One rendered cite of a citation."""

    __slots__ = ("cite", "delimiter", "dropped", "names", "out", "position", "prefix", "suffix")

    def __init__(self, cite: Any, out: Out | None) -> None:
        self.cite = cite
        self.out = out
        self.prefix: Out | None = None
        self.suffix: Out | None = None
        self.delimiter: str | None = None
        """What stands between this cite and the next; None for the layout's delimiter."""
        self.dropped = False
        self.names: str | None = None
        self.position = 0


def arrange(cites: list[CiteOut], area: Area, *, is_note: bool) -> list[CiteOut]:
    """The cites grouped and collapsed as the style asks."""
    collapse = area.attributes.get("collapse", "")
    if collapse == "citation-number":
        _collapse_numbers(cites, area)
        return cites
    grouping = "cite-group-delimiter" in area.attributes
    if not (grouping or collapse.startswith("year")):
        return cites
    cites = _group(cites, area)
    if collapse.startswith("year"):
        _collapse_years(cites, area, collapse, is_note=is_note)
    return cites


def _group(cites: list[CiteOut], area: Area) -> list[CiteOut]:
    groups: dict[str, list[CiteOut]] = {}
    for index, cite in enumerate(cites):
        node = find(cite.out, lambda node: node.role == "names")
        cite.names = plain(node) if node and find_all(node, "name-list") else None
        key = cite.names if cite.names else f"\0{index}"
        groups.setdefault(key, []).append(cite)
    delimiter = area.attributes.get("cite-group-delimiter", ", ")
    for group in groups.values():
        for cite in group[:-1]:
            cite.delimiter = delimiter
    return [cite for group in groups.values() for cite in group]


def _runs(cites: list[CiteOut]) -> list[list[CiteOut]]:
    runs: list[list[CiteOut]] = []
    for cite in cites:
        if runs and cite.names and runs[-1][-1].names == cite.names:
            runs[-1].append(cite)
        else:
            runs.append([cite])
    return runs


def _collapse_years(cites: list[CiteOut], area: Area, collapse: str, *, is_note: bool) -> None:
    attributes = area.attributes
    layout = area.layout.get("delimiter")
    after = attributes.get("after-collapse-delimiter")
    grouped = attributes.get("cite-group-delimiter")
    between = grouped if grouped is not None else (layout if is_note else ", ")
    for run in _runs(cites):
        if len(run) < 2:
            continue
        for cite in run[1:]:
            node = find(cite.out, lambda node: node.role == "names")
            if node is not None:
                node.dropped = True
        for cite in run[:-1]:
            located = bool(cite.cite.get("locator"))
            cite.delimiter = after if located and after is not None else between
        run[-1].delimiter = after
        if collapse != "year":
            _collapse_suffixes(run, area, ranged=collapse == "year-suffix-ranged")
            _drop_repeated_years(run)


def _drop_repeated_years(run: list[CiteOut]) -> None:
    """A year that the cite before has printed is left out, and so is a cite that says no more."""
    shown, before = "", run[0]
    for cite in run:
        date = find(cite.out, lambda node: node.role == "date")
        if date is not None:
            suffixes = find_all(date, "year-suffix")
            year = _without(date, suffixes)
            if cite is not before and year == shown:
                _drop_year(cite, date, suffixes)
            shown = year
        if cite.dropped and date is not None:
            before.delimiter = cite.delimiter
        elif not cite.dropped:
            before = cite


def _drop_year(cite: CiteOut, date: Node, suffixes: list[Node]) -> None:
    if suffixes:
        date.children, date.prefix, date.suffix = list(suffixes), "", ""
        return
    date.dropped = True
    if is_empty(cite.out):
        # Words around a cite need something to stand around.
        cite.dropped = not (cite.prefix or cite.suffix)
        date.dropped = cite.dropped


def _without(out: Out | None, nodes: list[Node]) -> str:
    """The text without those nodes."""
    for node in nodes:
        node.dropped = True
    text = plain(out) if out else ""
    for node in nodes:
        node.dropped = False
    return text


def _collapse_suffixes(run: list[CiteOut], area: Area, *, ranged: bool) -> None:
    grouped = area.attributes.get("cite-group-delimiter", area.layout.get("delimiter"))
    delimiter = area.attributes.get("year-suffix-delimiter", grouped)
    same: list[CiteOut] = []
    stem = ""
    for cite in [*run, None]:
        if cite is not None:
            current = _year_stem(cite)
            if same and current and current == stem and not same[-1].cite.get("locator"):
                same.append(cite)
                continue
        _merge_suffixes(same, delimiter, ranged=ranged)
        same, stem = ([cite], _year_stem(cite)) if cite is not None else ([], "")


def _year_stem(cite: CiteOut) -> str:
    """The year without its suffix; "" if the cite has no suffix or shows more."""
    nodes = find_all(cite.out, "year-suffix")
    if len(nodes) != 1 or cite.cite.get("prefix") or cite.cite.get("locator"):
        return ""
    names = find(cite.out, lambda node: node.role == "names")
    hidden = [nodes[0]] + ([names] if names else [])
    return _without(cite.out, hidden).strip(" ,.;:()[]")


def _merge_suffixes(same: list[CiteOut], delimiter: str, *, ranged: bool) -> None:
    if len(same) < 2:
        return
    numbers: list[int] = []
    for index, cite in enumerate(same):
        node = find_all(cite.out, "year-suffix")[0]
        numbers.append(node.data if isinstance(node.data, int) else 0)
        if index:
            cite.out = node
        if index < len(same) - 1:
            cite.delimiter = delimiter
    if ranged:
        _drop_inside(same, numbers, None)


def _drop_inside(cites: list[CiteOut], numbers: list[int], after: str | None) -> None:
    """Of three or more numbers in sequence only the first and the last stay."""
    start = 0
    for index in range(1, len(cites) + 1):
        if index < len(cites) and _continues(cites, numbers, index):
            continue
        if index - start >= 3:
            cites[start].delimiter = EN_DASH
            for cite in cites[start + 1 : index - 1]:
                cite.dropped = True
            if after is not None:
                cites[index - 1].delimiter = after
        start = index


def _continues(cites: list[CiteOut], numbers: list[int], index: int) -> bool:
    """True if a cite goes on from the one before, with no words around either but the first's."""
    follows = numbers[index] and numbers[index] == numbers[index - 1] + 1
    wordy = cites[index].prefix or cites[index].suffix or cites[index - 1].suffix
    return bool(follows and not wordy)


def _collapse_numbers(cites: list[CiteOut], area: Area) -> None:
    numbers = [_only_number(cite) for cite in cites]
    # A zero never follows a number, so what is more than a number ends the sequence.
    sequence = [number or -2 * index - 2 for index, number in enumerate(numbers)]
    after = area.attributes.get("after-collapse-delimiter")
    for cite in cites:
        if cite.cite.get("locator"):
            cite.delimiter = after
    _drop_inside(cites, sequence, after)


def _only_number(cite: CiteOut) -> int:
    node = find(cite.out, lambda node: node.role == "citation-number")
    if node is None or not isinstance(node.data, int):
        return 0
    return node.data if _leaves(cite.out) == 1 else 0


def _leaves(out: Out | None) -> int:
    if out is None or isinstance(out, str):
        return 1 if out else 0
    return 0 if out.dropped else sum(map(_leaves, out.children))
