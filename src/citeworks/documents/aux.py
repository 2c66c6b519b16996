"""What LaTeX wrote into its ``.aux`` file: the keys as BibTeX and biber get them."""

from __future__ import annotations

import re

from citeworks.documents.interface import Citation, Places, Reference, Scan

_COMMAND = re.compile(
    r"^\\(?P<name>citation|abx@aux@cite|abx@aux@nocite|bibdata|@input)\s*"
    r"(?:\{\d+\}(?=\{))?\{(?P<argument>[^{}\n]*)\}",
    re.M,
)
_EVERYTHING = re.compile(r"^\\abx@aux@nociteall\b", re.M)
_BIBLATEX = re.compile(r"^\\abx@aux@", re.M)
_ITEM = re.compile(r"[^,\s][^,]*")


def scan(text: str, _: bool = False) -> Scan:
    """Scan an auxiliary file; a key that is cited often is named once, where it is first."""
    places = Places(text)
    found = Scan(dialect="biblatex" if _BIBLATEX.search(text) else "bibtex")
    seen: set[str] = set()
    for match in _COMMAND.finditer(text):
        for item in _ITEM.finditer(match["argument"]):
            value = item[0].strip()
            place = places.of(match.start("argument") + item.start())
            if match["name"] == "bibdata":
                found.bibliographies.append(Reference(value, *place))
            elif match["name"] == "@input":
                found.parts.append(Reference(value, *place))
            elif value not in seen:
                seen.add(value)
                kind = "all" if value == "*" else "cite"
                found.citations.append(Citation(value, *place, kind))  # type: ignore[arg-type]
    if everything := _EVERYTHING.search(text):
        found.citations.append(Citation("*", *places.of(everything.start()), "all"))
    return found
