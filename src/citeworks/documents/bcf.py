"""biblatex's control file for biber (``.bcf``, XML): cited keys and data sources.

Entities are refused: the file is generated, and has none.
"""

from __future__ import annotations

from xml.parsers import expat

from citeworks.documents.interface import Citation, Reference, Scan
from citeworks.errors import InputError, Location


def scan(text: str, _: bool = False) -> Scan:
    """Scan a control file. Raises InputError for what is no XML, or has a document type."""
    found = Scan(dialect="biblatex")
    try:
        _parser(found).Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        place = Location("", error.lineno, error.offset + 1)
        raise InputError(f"not a biblatex control file: {error}", location=place) from error
    return found


def _parser(found: Scan) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    open_: list[tuple[str, dict[str, str], tuple[int, int]]] = []
    texts: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        place = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        open_.append((name.rpartition(":")[2], attributes, place))
        texts.clear()

    def end(_: str) -> None:
        name, attributes, place = open_.pop()
        value = "".join(texts).strip()
        texts.clear()
        if name == "datasource" and value and attributes.get("datatype", "bibtex") == "bibtex":
            found.bibliographies.append(Reference(value, *place))
        if name == "citekey" and value:
            found.citations.extend(_citations(value, attributes, place))

    def refuse(*_: object) -> None:
        place = Location("", parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        raise InputError("a control file has no document type", location=place)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _citations(value: str, attributes: dict[str, str], place: tuple[int, int]) -> list[Citation]:
    if value == "*":
        return [Citation("*", *place, "all")]
    kind = "nocite" if attributes.get("nocite") == "1" else "cite"
    members = attributes.get("members", "") if attributes.get("type") == "set" else ""
    keys = [key.strip() for key in members.split(",") if key.strip()] or [value]
    return [Citation(key, *place, kind) for key in keys]  # type: ignore[arg-type]
