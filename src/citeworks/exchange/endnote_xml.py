"""EndNote's XML export to records and back.

Knows its reference types, its nested ``style`` elements and its habit of a comma after the name of
an organisation. Elements that no variable holds are kept in ``custom["endnote-xml"]`` by path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import escape

from citeworks.bibtex.dates import month_number
from citeworks.exchange.interface import Draft, Reading, doubt, kept
from citeworks.exchange.people import format_person, listed, read_person
from citeworks.exchange.xml_tree import Node, parse_xml
from citeworks.model import Date, Record
from citeworks.model.date import is_valid_parts, parse_edtf
from citeworks.normalize.text import clean_text

SOURCE = "endnote-xml"

TYPES = {
    "article-journal": ("Journal Article", 17),
    "article-magazine": ("Magazine Article", 19),
    "article-newspaper": ("Newspaper Article", 23),
    "article": ("Electronic Article", 43),
    "book": ("Book", 6),
    "chapter": ("Book Section", 5),
    "paper-conference": ("Conference Paper", 47),
    "thesis": ("Thesis", 32),
    "report": ("Report", 27),
    "webpage": ("Web Page", 12),
    "post-weblog": ("Blog", 56),
    "dataset": ("Dataset", 59),
    "software": ("Computer Program", 9),
    "patent": ("Patent", 25),
    "standard": ("Standard", 58),
    "map": ("Map", 20),
    "manuscript": ("Manuscript", 36),
    "motion_picture": ("Film or Broadcast", 21),
    "entry-encyclopedia": ("Encyclopedia", 53),
    "entry-dictionary": ("Dictionary", 52),
    "graphic": ("Artwork", 2),
    "figure": ("Figure", 37),
    "classic": ("Classical Work", 49),
    "collection": ("Serial", 57),
    "personal_communication": ("Personal Communication", 26),
    "bill": ("Bill", 4),
    "legislation": ("Statute", 31),
    "legal_case": ("Case", 7),
    "hearing": ("Hearing", 14),
    "document": ("Generic", 13),
}
"""CSL types with EndNote's name and number for each."""

_ALSO_READ = {
    "edited book": "book",
    "electronic book": "book",
    "electronic book section": "chapter",
    "conference proceedings": "paper-conference",
    "unpublished work": "manuscript",
    "online database": "dataset",
    "online multimedia": "webpage",
    "government document": "report",
    "ancient text": "classic",
    "audiovisual material": "motion_picture",
    "chart or table": "figure",
}
_CSL_TYPES = {name.lower(): csl for csl, (name, _) in TYPES.items()} | _ALSO_READ
_BY_NUMBER = {str(number): csl for csl, (_, number) in TYPES.items()}
_JOURNALS = frozenset(
    "article-journal article-magazine article-newspaper article chapter paper-conference "
    "entry-encyclopedia entry-dictionary post-weblog".split()
)


class Row(NamedTuple):
    """One variable and the path of its element; `types` limits the row to some CSL types."""

    variable: str
    path: str
    kind: str = "text"
    types: frozenset[str] = frozenset()


ROWS = (
    Row("author", "contributors/authors/author", "names"),
    Row("editor", "contributors/secondary-authors/author", "names"),
    Row("collection-editor", "contributors/tertiary-authors/author", "names"),
    Row("translator", "contributors/subsidiary-authors/author", "names"),
    Row("title", "titles/title"),
    Row("container-title", "titles/secondary-title", "text", _JOURNALS),
    Row("collection-title", "titles/tertiary-title", "text", _JOURNALS),
    Row("collection-title", "titles/secondary-title"),
    Row("title-short", "titles/short-title"),
    Row("container-title-short", "periodical/abbr-1"),
    Row("page", "pages"),
    Row("volume", "volume"),
    Row("issue", "number", "text", _JOURNALS),
    Row("number", "number"),
    Row("number-of-volumes", "num-vols"),
    Row("edition", "edition"),
    Row("section", "section"),
    Row("keyword", "keywords/keyword", "words"),
    Row("issued", "dates", "date"),
    Row("publisher-place", "pub-location"),
    Row("publisher", "publisher"),
    Row("ISBN", "isbn", "serial"),
    Row("ISSN", "isbn", "serial"),
    Row("DOI", "electronic-resource-num"),
    Row("abstract", "abstract"),
    Row("note", "notes"),
    Row("annote", "research-notes"),
    Row("URL", "urls/related-urls/url"),
    Row("language", "language"),
    Row("genre", "work-type"),
    Row("call-number", "call-num"),
    Row("source", "remote-database-name"),
)
"""In writing order; of the rows of a variable the first whose types fit holds."""

_FACES = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}
_TAGS = {tag: face for face, tag in _FACES.items()}
_FACE_TAG = re.compile(r"(</?(?:i|b|sup|sub)>)")
_RICH = frozenset({"title", "container-title", "abstract"})


def load(data: bytes | str, *, file: str = "") -> Reading:
    """Every record. Raises InputError for XML that is broken, hostile or nothing of the kind."""
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    root = parse_xml(data.lstrip(b"\r\n\t "), file)
    nodes = list(root.all("records", "record")) or list(root.all("record"))
    reading = Reading([], [], [])
    for node in nodes:
        draft = _read(node)
        last = max((child.line for child in node.children), default=node.line)
        if draft.variables or draft.rest:
            reading.records.append(draft.record(SOURCE, file, node.line, last))
        else:
            reading.issues.append(doubt("X104", "a record that says nothing", file, node.line))
        if draft.type == "document" and (name := _type_name(node)) and name != "generic":
            message = f"the unknown type {name[:40]!r}: read as document"
            reading.issues.append(doubt("X103", message, file, node.line))
    return reading


def dump(records: Iterable[Record]) -> str:
    """The records as one XML document, in the order of their keys."""
    ordered = sorted(records, key=lambda record: record.key)
    before, between, after = FRAME
    return before + between.join(map(dump_entry, ordered)) + after


FRAME = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n',
    "",
    "</records></xml>\n",
)
"""What stands before, between and after the records in the text that `dump` makes."""


def rows_of(csl_type: str) -> dict[str, Row]:
    """The row that holds for each variable of a type; no two share a path but ISBN and ISSN."""
    rows: dict[str, Row] = {}
    for row in ROWS:
        taken = row.kind != "serial" and any(row.path == each.path for each in rows.values())
        fits = not row.types or csl_type in row.types
        if row.variable not in rows and fits and not taken:
            rows[row.variable] = row
    return rows


def _type_name(node: Node) -> str:
    kind = node.find("ref-type")
    return kind.attributes.get("name", "").lower() if kind else ""


def _read(node: Node) -> Draft:
    draft = Draft()
    kind = node.find("ref-type")
    number = kind.text() if kind else ""
    draft.type = _CSL_TYPES.get(_type_name(node)) or _BY_NUMBER.get(number, "document")
    used: set[int] = {id(kind)}
    for row in rows_of(draft.type).values():
        nodes = list(node.all(*row.path.split("/")))
        if nodes:
            _take(draft, row, nodes, used)
    journal = node.find("periodical", "full-title")
    has_journal = journal is not None and "container-title" in rows_of(draft.type)
    if journal is not None and has_journal and draft.put("container-title", journal.text()):
        used.add(id(journal))
    _keep(draft, node, "", used)
    label = draft.rest.pop("label", [])
    if label and not any(char.isspace() or char in ",{}\\%#" for char in label[0]):
        draft.key = label.pop(0)
    if label:
        draft.rest["label"] = label
    return draft


def _take(draft: Draft, row: Row, nodes: list[Node], used: set[int]) -> None:
    if row.kind == "names":
        draft.put(row.variable, tuple(read_person(each.text()) for each in nodes if each.text()))
        used.update(id(each) for each in nodes)
    elif row.kind == "words":
        draft.put(row.variable, "; ".join(each.text() for each in nodes if each.text()))
        used.update(id(each) for each in nodes)
    elif row.kind == "date":
        draft.put(row.variable, _read_date(nodes[0]))
        used.update(id(each) for each in nodes[0].all("year"))
        used.update(id(each) for each in nodes[0].all("pub-dates", "date"))
    elif row.kind == "serial":
        is_issn = len(nodes[0].text().replace("-", "").split(" ")[0]) == 8
        if is_issn == (row.variable == "ISSN"):
            draft.put(row.variable, nodes[0].text())
            used.add(id(nodes[0]))
    else:
        value = _rich(nodes[0]) if row.variable in _RICH else nodes[0].text()
        draft.put(row.variable, value)
        used.add(id(nodes[0]))


def _keep(draft: Draft, node: Node, path: str, used: set[int]) -> None:
    """What nothing has used: the text of every element that has no elements but styles inside."""
    for child in node.children:
        if id(child) in used:
            continue
        inner = [each for each in child.children if each.name != "style"]
        where = f"{path}/{child.name}".lstrip("/")
        if inner:
            _keep(draft, child, where, used)
        else:
            draft.keep(where, child.text())


def _rich(node: Node) -> str:
    """The text with the faces of its styles as CSL's rich text."""
    return " ".join("".join(_faces(node)).split())


def _faces(node: Node) -> Iterator[str]:
    tags = [_FACES[face] for face in node.attributes.get("face", "").split() if face in _FACES]
    yield from (f"<{tag}>" for tag in tags)
    for part in node.parts:
        if isinstance(part, str):
            yield part
        else:
            yield from _faces(part)
    yield from (f"</{tag}>" for tag in reversed(tags))


def _read_date(node: Node) -> Date | None:
    year = node.find("year")
    day = node.find("pub-dates", "date")
    text = year.text() if year else ""
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        written = text or (day.text() if day else "")
        return (parse_edtf(written) or Date(literal=written)) if written else None
    parts = (int(text),)
    if day is None:
        return Date(parts)
    exact = parse_edtf(day.text())
    if exact and exact.start[:1] == parts:
        return exact
    month = month_number(day.text())
    found = [int(word) for word in day.text().replace(",", " ").split() if word.isdecimal()]
    full = (*parts, month, *[number for number in found if number <= 31][:1])
    return Date(full if month and month <= 12 and is_valid_parts(full) else parts)


def dump_entry(record: Record) -> str:
    """One record as it stands in that text."""
    name, number = TYPES.get(record.type, TYPES["document"])
    tree: dict[str, list[str]] = {}
    for row in rows_of(record.type).values():
        for path, value in _values(record, row):
            tree.setdefault(path, []).append(value)
    for path, values in kept(record, SOURCE).items():
        if all(part.replace("-", "").isalnum() for part in path.split("/")):
            tree.setdefault(path, []).extend(map(_escaped, values))
    if record.key:
        tree["label"] = [_escaped(record.key), *tree.get("label", [])]
    return f'<record><ref-type name="{name}">{number}</ref-type>{_elements(tree)}</record>\n'


def _values(record: Record, row: Row) -> Iterator[tuple[str, str]]:
    value = listed(record, row.variable) or record.variables.get(row.variable)
    if value is None:
        return
    if isinstance(value, tuple):
        yield from ((row.path, _escaped(format_person(name))) for name in value)
    elif isinstance(value, Date):
        if value.start:
            yield "dates/year", f"{value.start[0]:04d}"
            if len(value.start) > 1 or value.end is not None or value.qualifier:
                yield "dates/pub-dates/date", _escaped(str(value))
        else:
            yield "dates/year", _escaped(str(value))
    elif row.kind == "words":
        yield from ((row.path, _escaped(word)) for word in str(value).split("; "))
    elif row.variable in _RICH:
        yield row.path, _styled(str(value))
    else:
        yield row.path, _escaped(str(value))


def _elements(tree: dict[str, list[str]]) -> str:
    """Paths to nested elements; paths with the same beginning share it."""
    out: list[str] = []
    heads: dict[str, dict[str, list[str]]] = {}
    for path, values in tree.items():
        head, _, rest = path.partition("/")
        heads.setdefault(head, {})[rest] = values
    for head, inner in heads.items():
        if "" in inner:
            out += [f"<{head}>{value}</{head}>" for value in inner.pop("") if value]
        if inner:
            out.append(f"<{head}>{_elements(inner)}</{head}>")
    return "".join(out)


def _styled(value: str) -> str:
    """CSL's rich text as styles, if its tags pair up; any other sign of XML is escaped."""
    out: list[str] = []
    opened: list[str] = []
    for piece in _FACE_TAG.split(clean_text(value)):
        name = piece.strip("</>") if _FACE_TAG.fullmatch(piece) else ""
        if not name:
            out.append(escape(piece))
        elif piece[1] != "/":
            opened.append(name)
            out.append(f'<style face="{_TAGS[name]}" font="default" size="100%">')
        elif not opened or opened.pop() != name:
            return _escaped(value)
        else:
            out.append("</style>")
    return _escaped(value) if opened else "".join(out)


def _escaped(value: str) -> str:
    return escape(clean_text(value))
