"""Zotero's Extra field: lines ``Label: value`` that stand for CSL variables, and free lines.

Knows CSL's names, the labels that Zotero and its users write, ``arXiv:``, ``tex.*`` and the old
``{:name:value}`` form. Every line that it does not know is kept as it is, in its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from citeworks.model.variables import (
    DATE_VARIABLES,
    NAME_VARIABLES,
    NUMBER_VARIABLES,
    TEXT_VARIABLES,
)

_LINE = re.compile(r"(?P<label>[A-Za-z][A-Za-z _-]{1,40}):\s*(?P<value>\S.*)\Z")
_CHEATER = re.compile(r"\{:(?P<label>[\w-]+):\s*(?P<value>[^}]*)\}\s*\Z")
_TEX = re.compile(r"(?:tex|bibtex|biblatex)\.(?P<label>[\w-]+)\s*[:=]\s*(?P<value>.*)\Z")
_ARXIV = re.compile(
    r"arxiv:\s*(?P<id>[\w.-]+(?:/\d{7})?)(?:v\d+)?\s*(?:\[(?P<classes>[^\]]*)\])?\s*\Z", re.I
)
_ALIASES = {
    "citation key": "citation-key",
    "citekey": "citation-key",
    "bibtex": "citation-key",
    "event location": "event-place",
    "place": "publisher-place",
    "editions": "edition",
    "date": "issued",
    "type": "type",
    "abstractnote": "abstract",
    "publication title": "container-title",
    "journal abbreviation": "container-title-short",
}
_KNOWN = {
    name.lower().replace("-", " ").replace("_", " "): name
    for name in TEXT_VARIABLES | NUMBER_VARIABLES | DATE_VARIABLES | NAME_VARIABLES
}
_WORDS_OF_PROSE = frozenset(
    ("note", "references", "source", "section", "number", "keyword", "event")
)


@dataclass(slots=True)
class Extra:
    """What the lines say: `variables` and `names` as texts, BibTeX fields, arXiv, the rest."""

    variables: dict[str, str] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    bibtex: dict[str, str] = field(default_factory=dict)
    arxiv: str = ""
    arxiv_class: str = ""
    rest: list[str] = field(default_factory=list)


def parse_extra(text: str) -> Extra:
    """Read the lines of an Extra field."""
    extra = Extra()
    for line in text.split("\n"):
        if not _read_line(extra, line.strip("\r")):
            extra.rest.append(line)
    return extra


def _read_line(extra: Extra, line: str) -> bool:
    text = line.strip()
    if not text:
        return False
    arxiv = _ARXIV.match(text)
    if arxiv:
        extra.arxiv, extra.arxiv_class = arxiv["id"], arxiv["classes"] or ""
        return True
    tex = _TEX.match(text)
    if tex:
        extra.bibtex[tex["label"].lower()] = tex["value"]
        return True
    match = _LINE.match(text) or _CHEATER.match(text)
    variable = _variable(match["label"]) if match else ""
    if not match or not variable:
        return False
    if variable in NAME_VARIABLES:
        extra.names.setdefault(variable, []).append(match["value"])
        return True
    if variable in extra.variables:
        return False
    extra.variables[variable] = match["value"].strip()
    return True


def _variable(label: str) -> str:
    name = re.sub(r"[\s_-]+", " ", label.strip().lower())
    if name in _WORDS_OF_PROSE:
        return ""
    return _ALIASES.get(name) or _KNOWN.get(name, "")


def variable_of_line(line: str) -> str:
    """The CSL variable that a line states (``arxiv`` for that identifier), or ``""``."""
    text = line.strip()
    if _ARXIV.match(text):
        return "arxiv"
    match = None if _TEX.match(text) else _LINE.match(text) or _CHEATER.match(text)
    return _variable(match["label"]) if match else ""


def has_line(text: str, variable: str) -> bool:
    """True if a line of the Extra field states the variable."""
    return bool(text) and any(variable_of_line(line) == variable for line in text.split("\n"))


def edit_lines(text: str, variable: str, values: list[str], label: str = "") -> str:
    """The Extra field in which the lines of one variable say `values`, one each.

    Every other line stays as it is and where it is. New lines go below the last one of the
    variable, or to the end, if there is a `label` to begin them with; surplus ones go away.
    """
    edited: list[str] = []
    waiting = list(values)
    last = -1
    for line in text.split("\n") if text else []:
        if variable_of_line(line) != variable:
            edited.append(line)
            continue
        label = _label_of(line)
        if waiting:
            edited.append(_with_value(line, waiting.pop(0)))
            last = len(edited)
    new = [f"{label}: {value}" for value in waiting] if label else []
    at = last if last >= 0 else len(edited)
    return "\n".join([*edited[:at], *new, *edited[at:]])


def _label_of(line: str) -> str:
    match = _LINE.match(line.strip()) or _CHEATER.match(line.strip())
    return match["label"] if match else "arXiv"


def _with_value(line: str, value: str) -> str:
    """The line with another value: its label, spaces and braces stay."""
    match = _CHEATER.match(line.strip())
    colon = line.index(":", line.index("{:") + 2) if match else line.index(":")
    head = line[: colon + 1]
    space = line[len(head) : len(head) + 1]
    tail = "}" if match else ""
    return head + (space if space.isspace() else " ") + value + tail
