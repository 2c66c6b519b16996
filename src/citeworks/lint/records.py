"""Records of any origin under the rules that hold without LaTeX.

Knows CSL's types and variables. Each hit names the variable it is about, for whoever knows where
that stands in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from citeworks.lint import requirements as model
from citeworks.lint.interface import Finding
from citeworks.lint.rules import RULES
from citeworks.lint.texts import damage
from citeworks.lint.titles import ends_in_period, is_shouted
from citeworks.lint.twins import Twins, Work, plain
from citeworks.lint.values import doi_fault, isbn_fault, issn_fault, pages_fault, url_fault
from citeworks.model import Location, Name, Record
from citeworks.model.identifier import parse_arxiv, parse_doi
from citeworks.model.record import locked_slots

Locate = Callable[[Record, str], Location]
"""The place of a variable of a record, or of the record itself for ``""``."""


_ROUNDS = 20


class Doubt(NamedTuple):
    """A rule, a sentence, the variable that it is about, and what that should say.

    No text (``""``) says that the variable should go; None, that only a person can tell.
    """

    code: str
    message: str
    variable: str = ""
    right: str | None = None


def check_records(
    records: Iterable[Record], locate: Locate, chosen: Collection[str] = frozenset(RULES)
) -> list[Finding]:
    """Every finding of the chosen rules, record by record."""
    twins = Twins()
    found: list[Finding] = []
    for record in records:
        for doubt in (*_record(record), *_twins(record, twins)):
            if doubt.code in chosen:
                place = locate(record, doubt.variable)
                fixable = doubt.right is not None and doubt.variable not in locked_slots(record)
                rule = RULES[doubt.code]
                found.append(
                    Finding(rule, doubt.message, place, key=record.key, is_fixable=fixable)
                )
    return found


def fix_records(
    records: Iterable[Record], chosen: Collection[str] = frozenset(RULES)
) -> tuple[list[Record], int]:
    """The records with everything put right that can be, and how many fixes that took.

    What a person has locked stays, and a value keeps its provenance.
    """
    fixed: list[Record] = []
    total = 0
    for record in records:
        for _ in range(_ROUNDS):
            doubt = next((each for each in _record(record) if _can_fix(record, each, chosen)), None)
            if doubt is None:
                break
            record = _right(record, doubt.variable, str(doubt.right))
            total += 1
        fixed.append(record)
    return fixed, total


def _can_fix(record: Record, doubt: Doubt, chosen: Collection[str]) -> bool:
    if doubt.right is None or doubt.code not in chosen:
        return False
    return doubt.variable not in locked_slots(record)


def _right(record: Record, variable: str, text: str) -> Record:
    variables = {name: value for name, value in record.variables.items() if name != variable}
    provenance = dict(record.provenance)
    if text:
        variables = {**record.variables, variable: text}
    else:
        provenance.pop(variable, None)
    return replace(record, variables=variables, provenance=provenance)


def _record(record: Record) -> Iterator[Doubt]:
    yield from _missing(record)
    for variable, (code, fault) in _FAULTS.items():
        if message := fault(record.text(variable)):
            yield Doubt(code, message, variable)
    yield from _texts(record)
    yield from _dates_and_addresses(record)


def _texts(record: Record) -> Iterator[Doubt]:
    for name, value in record.variables.items():
        if isinstance(value, str):
            yield from (
                Doubt(code, f"{name}: {text}", name, _without_entity(value, first, last))
                for code, text, first, last in _damage(value)
            )
        elif isinstance(value, tuple):
            yield from _names(name, value)
    title = record.text("title")
    if is_shouted(title):
        yield Doubt("T102", "the title is all in capitals", "title")
    if ends_in_period(title.rstrip()):
        yield Doubt("T104", "title ends in a period", "title", title.rstrip()[:-1])


def _without_entity(value: str, first: int, last: int) -> str | None:
    """The text with a plain & for the entity at a place; None for what is something else."""
    return value[:first] + "&" + value[last:] if value[first:last] == "&amp;" else None


def _dates_and_addresses(record: Record) -> Iterator[Doubt]:
    url = record.text("URL")
    doi = record.text("DOI")
    found = parse_doi(url) if "doi.org/" in url.lower() else ""
    if found and found == parse_doi(doi):
        yield Doubt("V109", f"the URL only says the DOI again: {found}", "URL", "")
    bare = parse_doi(doi)
    if bare and not doi.lower().startswith(bare) and bare in doi.lower():
        start = doi.lower().index(bare)
        yield Doubt("V102", f"the DOI carries {doi[:start]!r}", "DOI", doi[start:].strip())
    date = record.date("issued")
    if date is not None and date.literal and not any(char.isdigit() for char in date.literal):
        yield Doubt("V105", f"{date.literal[:50]!r} is no date", "issued")
    arxiv = parse_arxiv(url) if "arxiv.org/" in url.lower() else ""
    if arxiv and record.type == "article" and "arxiv" not in record.custom:
        yield Doubt("P101", f"arXiv:{arxiv} stands only in the URL", "URL")


_FAULTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "DOI": ("V101", doi_fault),
    "ISBN": ("V103", isbn_fault),
    "ISSN": ("V104", issn_fault),
    "page": ("V108", pages_fault),
    "URL": ("V110", url_fault),
}


def _damage(value: str) -> Iterator[tuple[str, str, int, int]]:
    """Damage that is no rich text: CSL marks up with tags of its own."""
    return (each for each in damage(value) if each[0] != "E104")


def _missing(record: Record) -> Iterator[Doubt]:
    required = model.CSL.get(record.type, (("title",),))
    missing = [
        " or ".join(names)
        for names in required
        if not any(record.variables.get(name) for name in names)
    ]
    if missing:
        message = f"{record.key} ({record.type}) lacks {', '.join(missing)}"
        yield Doubt("F101", message)


def _names(variable: str, names: tuple[Name, ...]) -> Iterator[Doubt]:
    for name in names:
        shown = str(name)
        if not shown.strip():
            yield Doubt("N106", f"an empty name in {variable}", variable)
        elif "et al" in shown.lower().replace(".", "").split(",")[-1][-6:]:
            yield Doubt("N102", f"{shown!r} in {variable}: et al. is no person", variable)
        elif ";" in shown or (name.family and " and " in f" {shown} "):
            yield Doubt("N105", f"{shown!r} in {variable} is several names", variable)
        elif name.family.count(",") > 1:
            yield Doubt("N101", f"{shown!r} in {variable} is a list of names", variable)


def _twins(record: Record, twins: Twins) -> Iterator[Doubt]:
    names = record.names("author") or record.names("editor")
    date = record.date("issued")
    work = Work(
        key=record.key,
        doi=parse_doi(record.text("DOI")),
        arxiv=str(record.custom.get("arxiv") or ""),
        title=record.text("title"),
        first=plain(names[0].family or names[0].literal) if names else "",
        year=str(date.year or "") if date else "",
        is_preprint=record.type == "article",
    )
    yield from (Doubt(code, message) for code, message in twins.meet(work))
