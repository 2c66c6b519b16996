"""Records to .bib text, in the BibTeX or the BibLaTeX dialect, stable to the byte.

Knows how values of each kind look inside their braces, and sees to it that none can break out of
its entry. Refuses to know files and options of commands; what could not be expressed is told to
the `report` function as an `Issue`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from citeworks.bibtex import fields as table
from citeworks.bibtex.capitals import protected_spans
from citeworks.bibtex.collector import without_collector
from citeworks.bibtex.dates import MONTHS, date_fields
from citeworks.bibtex.entry_type import choose_type
from citeworks.bibtex.fields import Dialect, FieldRow
from citeworks.bibtex.keys import Report, arranged, issue_of, parents_of
from citeworks.bibtex.languages import babel_name, is_english, language_code
from citeworks.bibtex.latex import encode_ascii, encode_unicode, fold_spaces
from citeworks.bibtex.mathematics import encode_formula
from citeworks.bibtex.names import format_name, join_names, keeps_prefix
from citeworks.bibtex.protection import plain_text
from citeworks.bibtex.richtext import COMMANDS, SOURCE, Token, is_balanced, tokens
from citeworks.bibtex.safety import safe_field, safe_verbatim
from citeworks.model import Date, Issue, Name, Record
from citeworks.model.identifier import parse_arxiv, parse_doi

FieldSet = Literal["full", "minimal"]

_PAGE_DASH = re.compile(r"(?<=[\w.)])\s*[-‐‑‒–—−]+\s*(?=[\w(])")
_PART = r"(?:[A-Za-z]?\d+(?:\.\d+)?[A-Za-z]?|[IVXLCDM]+|[A-Za-z])"
_NUMBER = re.compile(rf"{_PART}(?:\s*[-–/,&+]+\s*{_PART})*")
"""What BibLaTeX sorts as the number of an issue; anything else is its name."""
_SUSPECT = re.compile(r"[\\{}$~]")
"""Signs that BibLaTeX, which makes a command's name of a language, does not survive."""
_SERIAL = re.compile(r"[A-Za-z0-9 .,:;()/+-]*")
_JSTOR = re.compile(r"https?://www\.jstor\.org/stable/\d+")
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_NOCASE = SOURCE["nocase"]
_AND = re.compile(r"\sand\s", re.I)


@dataclass(slots=True)
class _Entry:
    """One entry while it is being written."""

    record: Record
    dialect: Dialect
    ascii: bool
    report: Report
    fields: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def encode(self, text: str) -> str:
        if len(text) > 40:
            return _encode_piece(self, fold_spaces(text))
        if text.isalnum() and text.isascii():
            return text
        encoded, missing = _encode_short(text, self.ascii)
        if missing:
            self.missing.update(missing)
        return encoded

    def add(self, name: str, value: str) -> None:
        """Set a field that has a value and is not set yet."""
        if value and name not in self.fields:
            self.fields[name] = value

    def warn(self, code: str, message: str, hint: str = "") -> None:
        self.report(issue_of(self.record.key, code, message, hint))


@without_collector
def dump(
    records: Iterable[Record] | object,
    *,
    dialect: Dialect = "bibtex",
    ascii: bool | None = None,
    fields: FieldSet = "full",
    sort: bool = True,
    report: Report | None = None,
) -> str:
    """A .bib text of all records (a `Library` or any iterable), sorted by citation key.

    `ascii` is by default true for BibTeX and false for BibLaTeX. `fields="minimal"` leaves out
    what the standard styles do not print. Doubts about single records go to `report`.
    """
    texts = entries(records, dialect=dialect, ascii=ascii, fields=fields, sort=sort, report=report)
    return "\n".join(text for _, text in texts)


def entries(
    records: Iterable[Record] | object,
    *,
    dialect: Dialect = "bibtex",
    ascii: bool | None = None,
    fields: FieldSet = "full",
    sort: bool = True,
    report: Report | None = None,
) -> Iterator[tuple[str, str]]:
    """Each record's citation key and the text of its entry; `dump` joins them with a line break."""
    tell = report or _ignore
    chosen = list(_records_of(records))
    families = [link for record in chosen for link in parents_of(record)]
    for record, key, aliases in arranged(chosen, dialect, families, tell, sort=sort):
        written = written_entry(record, dialect, ascii=ascii, fields=fields, report=tell)
        yield record.key, written.text(key, aliases)


class Written(NamedTuple):
    """An entry that lacks but its key."""

    kind: str
    fields: str

    def text(self, key: str, aliases: Sequence[str] = ()) -> str:
        """The entry under a key, cited by further ones too."""
        ids = f",\n  ids = {{{', '.join(aliases)}}}" if aliases else ""
        return f"@{self.kind}{{{key}{self.fields}{ids}\n}}\n"


def written_entry(
    record: Record,
    dialect: Dialect,
    *,
    ascii: bool | None = None,
    fields: FieldSet = "full",
    report: Report | None = None,
) -> Written:
    """One record as `entries` writes it, whatever its key."""
    use_ascii = dialect == "bibtex" if ascii is None else ascii
    kind, values = entry_fields(record, dialect, ascii=use_ascii, report=report)
    if fields == "minimal":
        values = {name: value for name, value in values.items() if name in table.MINIMAL}
    lines = [f",\n  {name} = {_delimited(name, value)}" for name, value in values.items()]
    return Written(kind, "".join(lines))


def encode_text(text: str, *, ascii: bool = True) -> str:
    """CSL rich text as LaTeX, without any protection of capitals."""
    entry = _Entry(Record("", ""), "bibtex", ascii, _ignore)
    return _rich_text(entry, text)


def entry_fields(
    record: Record,
    dialect: Dialect,
    *,
    ascii: bool,
    report: Report | None = None,
) -> tuple[str, dict[str, str]]:
    """The entry type and the fields of one record, values as they stand between their braces."""
    entry = _Entry(record, dialect, ascii, report or _ignore)
    for row in table.rows_to_write(record.type, tuple(record.variables), dialect):
        _WRITERS[row.kind](entry, row)
    if dialect == "bibtex" and "venue" in entry.fields:
        entry.add("address", entry.fields["venue"])
    if dialect == "biblatex" and record.type == "speech" and "location" in entry.fields:
        entry.add("venue", entry.fields["location"])
        if entry.fields["venue"] == entry.fields["location"]:
            del entry.fields["location"]
    _add_roles(entry)
    _add_holder(entry)
    _add_eprint(entry)
    _add_unknown(entry)
    kind, subtype = choose_type(record, dialect, entry.fields)
    entry.add("entrysubtype", subtype)
    if entry.missing:
        signs = " ".join(sorted(entry.missing))
        entry.warn(
            "B301",
            f"no LaTeX command for {signs}: left as it is",
            "compile with lualatex or xelatex, or export with --unicode",
        )
    return kind, entry.fields


def _records_of(records: object) -> Iterable[Record]:
    values = getattr(records, "values", None)
    found: Iterable[Record] = values() if callable(values) else records  # type: ignore[assignment]
    return found


def _ignore(_: Issue) -> None:
    """Nobody asked."""


def _delimited(name: str, value: str) -> str:
    return value if name == "month" and value in MONTHS else f"{{{value}}}"


def _rich_text(entry: _Entry, text: str) -> str:
    if "<" not in text and "$" not in text:
        return entry.encode(text)
    return _encode_tokens(entry, tokens(fold_spaces(text)))


def _encode_tokens(
    entry: _Entry, found: list[Token], spans: list[tuple[int, int]] | None = None
) -> str:
    """Rich text as LaTeX; `spans` are the stretches of `plain_text(found)` that get braces."""
    out: list[str] = []
    cursor = _SpanCursor(spans or [])
    depth = 0
    for token in found:
        if token.kind == "text" and not spans:
            out.append(_encode_piece(entry, token.value))
        elif token.kind == "text":
            out.append(_protected(entry, token.value, cursor, top=depth == 0))
        elif token.kind == "math":
            braces = spans is not None and depth == 0 and not token.value.islower()
            formula = encode_formula(token.value)
            out.append(f"{{${formula}$}}" if braces else f"${formula}$")
            cursor.skip(depth == 0)
        else:
            depth += 1 if token.kind == "open" else -1
            out.append(_markup(token))
            cursor.skip(depth == 0 and token.kind == "close")
    return "".join(out)


@dataclass(slots=True)
class _SpanCursor:
    """Where we are in the plain text that the spans were computed on."""

    spans: list[tuple[int, int]]
    position: int = 0
    index: int = 0

    def skip(self, counted: bool) -> None:
        self.position += counted


def _markup(token: Token) -> str:
    if token.kind == "open":
        return COMMANDS[token.value]
    return "}}" if token.value == "nocase" else "}"


def _protected(entry: _Entry, text: str, cursor: _SpanCursor, *, top: bool) -> str:
    if not top:
        return _encode_piece(entry, text)
    out: list[str] = []
    done, base = 0, cursor.position
    cursor.position += len(text)
    while cursor.index < len(cursor.spans) and cursor.spans[cursor.index][1] <= cursor.position:
        start, end = (edge - base for edge in cursor.spans[cursor.index])
        out.append(_encode_piece(entry, text[done:start]))
        out.append("{" + _encode_piece(entry, text[start:end]) + "}")
        done = end
        cursor.index += 1
    out.append(_encode_piece(entry, text[done:]))
    return "".join(out)


@lru_cache(maxsize=8192)
def _encode_short(text: str, use_ascii: bool) -> tuple[str, frozenset[str]]:
    """Names, volumes and publishers come again and again."""
    text = fold_spaces(text)
    missing: set[str] = set()
    encoded = encode_ascii(text, missing) if use_ascii else encode_unicode(text)
    return encoded, frozenset(missing)


def _encode_piece(entry: _Entry, text: str) -> str:
    if entry.ascii and not text.isascii():
        return encode_ascii(text, entry.missing)
    return encode_unicode(text)


def _write_title(entry: _Entry, row: FieldRow) -> None:
    text = fold_spaces(entry.record.text(row.variable))
    if not text:
        return
    language = entry.record.text("language")
    english = not language or is_english(language)
    found = tokens(text)
    spans: list[tuple[int, int]] = []
    if english or entry.dialect == "bibtex":
        spans = protected_spans(plain_text(found), every_capital=not english)
    value = _encode_tokens(entry, found, spans)
    if "{{" in value and _NOCASE in text:
        value = _fewer_braces(value, text, every_capital=not english)
    entry.add(_field(entry, row), value)


def _fewer_braces(value: str, title: str, *, every_capital: bool) -> str:
    """``{Bayes}`` for ``{{Bayes}}`` where that is read as the same title."""
    from citeworks.bibtex.decode import decode_latex

    single = value.replace("{{", "{").replace("}}", "}")
    same = (
        is_balanced(single)
        and decode_latex(single, title=True, every_capital=every_capital) == title
    )
    return single if same else value


def _write_text(entry: _Entry, row: FieldRow) -> None:
    value = entry.record.variables.get(row.variable, "")
    text = _rich_text(entry, value if isinstance(value, str) else str(value))
    name = _field(entry, row)
    if row.variable == "genre" and _type_says_it(entry, text):
        return
    if row.variable == "issue" and entry.dialect == "biblatex" and not _NUMBER.fullmatch(text):
        name = "issue"
    entry.add(name, text)


def _type_says_it(entry: _Entry, genre: str) -> bool:
    """True for the two theses whose BibTeX entry type already names them."""
    if entry.record.type != "thesis" or entry.dialect != "bibtex":
        return False
    return genre.lower() in ("phd thesis", "phdthesis", "master's thesis", "mathesis")


def _write_list(entry: _Entry, row: FieldRow) -> None:
    text = _rich_text(entry, entry.record.text(row.variable))
    splits = entry.dialect == "biblatex" and _AND.search(text)
    entry.add(_field(entry, row), f"{{{text}}}" if splits else text)


def _write_verbatim(entry: _Entry, row: FieldRow) -> None:
    value = " ".join(entry.record.text(row.variable).split())
    if row.variable == "DOI":
        value = (parse_doi(value) and _bare_doi(value)) or value
    if row.variable == "URL":
        doi = parse_doi(entry.record.text("DOI"))
        if doi and parse_doi(value) == doi:
            return
    entry.add(_field(entry, row), safe_verbatim(value))


def _write_number(entry: _Entry, row: FieldRow) -> None:
    """Styles print an ISBN as text, so that what is none must not be data."""
    value = " ".join(entry.record.text(row.variable).split())
    entry.add(_field(entry, row), value if _SERIAL.fullmatch(value) else entry.encode(value))


def _bare_doi(value: str) -> str:
    """The DOI without its resolver, in the letters it was written with."""
    return value[value.index("10.") :]


def _write_names(entry: _Entry, row: FieldRow) -> None:
    entry.add(_field(entry, row), _names_value(entry, row.variable))


def _names_value(entry: _Entry, variable: str) -> str:
    truncated = entry.record.is_truncated(variable)
    parts: list[str] = []
    for name in entry.record.names(variable):
        part, missing = _encode_name(name, entry.ascii)
        parts.append(part)
        entry.missing.update(missing)
    return join_names(parts, truncated=truncated)


@lru_cache(maxsize=8192)
def _encode_name(name: Name, use_ascii: bool) -> tuple[str, frozenset[str]]:
    """The same people write again and again."""
    entry = _Entry(Record("", ""), "bibtex", use_ascii, _ignore)
    return format_name(name, entry.encode), frozenset(entry.missing)


def _write_date(entry: _Entry, row: FieldRow) -> None:
    value = entry.record.variables.get(row.variable)
    date = value if isinstance(value, Date) else Date(literal=str(value)) if value else None
    if date is None or (row.variable == "accessed" and "url" not in entry.fields):
        return
    for name, text in date_fields(date, row, entry.dialect).items():
        entry.add(name, entry.encode(text) if date.literal else text)


def _write_pages(entry: _Entry, row: FieldRow) -> None:
    text = fold_spaces(entry.record.text(row.variable))
    entry.add(_field(entry, row), _encode_pages(entry, text))


def _encode_pages(entry: _Entry, text: str) -> str:
    first, dash, last = text.partition("-")
    if dash and text.isascii() and first.isalnum() and last.isalnum():
        return f"{first}--{last}"
    return "--".join(entry.encode(part) for part in _PAGE_DASH.split(text))


def _write_language(entry: _Entry, row: FieldRow) -> None:
    """babel's name, with the code if it says more (``de-DE``); a code without one stands alone."""
    language = entry.record.text(row.variable).strip()
    name = babel_name(language)
    language = language.replace("_", "-") if name else language
    if not name and not _CODE.fullmatch(language):
        text = entry.encode(language)
        entry.add("langcode" if _SUSPECT.search(text) else "language", text)
        return
    entry.add("langid", name or language)
    if name and "-" in language and language.lower() != language_code(name).lower():
        entry.add("langcode", language)


def _field(entry: _Entry, row: FieldRow) -> str:
    return row.biblatex if entry.dialect == "biblatex" else row.bibtex


def _add_roles(entry: _Entry) -> None:
    """Names in other roles: `editor`, `editora` … with their types, or fields of their own."""
    if entry.dialect == "biblatex":
        entry.add("options", _prefix_option(entry.record))
    if entry.record.variables.keys().isdisjoint(table.ROLES):
        return
    used = {"editor": ""} if "editor" in entry.fields else {}
    for variable, role in table.ROLES.items():
        if variable not in entry.record.variables:
            continue
        value = _names_value(entry, variable)
        if not value:
            continue
        slot = next((s for s in ("editor", "editora", "editorb", "editorc") if s not in used), "")
        if entry.dialect == "bibtex" or not slot:
            entry.add(variable, value)
            continue
        used[slot] = role
        entry.add(slot, value)
        entry.add(f"{slot}type", role)


def _add_holder(entry: _Entry) -> None:
    """Whom Zotero says a patent was assigned to, which CSL has no variable for."""
    kept = entry.record.custom.get("zotero")
    fields = kept.get("fields") if isinstance(kept, dict) else None
    assignee = fields.get("assignee") if isinstance(fields, dict) else None
    if isinstance(assignee, str) and assignee and entry.record.type == "patent":
        name = format_name(Name(literal=fold_spaces(assignee)), entry.encode)
        entry.add("holder" if entry.dialect == "biblatex" else "assignee", name)


def _prefix_option(record: Record) -> str:
    """`useprefix` as the names want it, who come first in the entry; ``""`` if they do not care."""
    names = record.names("author") or record.names("editor")
    if any(map(keeps_prefix, names)):
        return "useprefix=true"
    return "useprefix=false" if any(name.dropping_particle for name in names) else ""


def _add_eprint(entry: _Entry) -> None:
    arxiv, archive_class = _arxiv_of(entry.record)
    if arxiv:
        biblatex = entry.dialect == "biblatex"
        entry.add("eprint", safe_verbatim(arxiv))
        entry.add("eprinttype" if biblatex else "archiveprefix", "arxiv" if biblatex else "arXiv")
        entry.add("eprintclass" if biblatex else "primaryclass", entry.encode(archive_class))
    elif entry.dialect == "biblatex" and entry.fields.get("pmid", "").isalnum():
        entry.add("eprint", entry.fields["pmid"])
        entry.add("eprinttype", "pubmed")
    elif entry.dialect == "biblatex" and _JSTOR.fullmatch(entry.fields.get("url", "")):
        entry.add("eprint", entry.fields["url"].rpartition("/")[2])
        entry.add("eprinttype", "jstor")
        if entry.fields["eprinttype"] == "jstor":
            del entry.fields["url"]


def _arxiv_of(record: Record) -> tuple[str, str]:
    doi = record.text("DOI")
    elsewhere = doi.startswith("10.") and "arxiv" not in doi.lower()
    arxiv = str(record.custom.get("arxiv") or "") or (not elsewhere and parse_arxiv(doi)) or ""
    return arxiv, str(record.custom.get("arxiv-class") or "")


def _add_unknown(entry: _Entry) -> None:
    """Fields of the .bib file that the record came from and CSL has no variable for."""
    kept = entry.record.custom.get("bibtex")
    unknown = kept.get("fields") if isinstance(kept, dict) else None
    for name, value in (unknown or {}).items():
        if not re.fullmatch(r"[^\s\"#%'(),={}\\]+", str(name)):
            continue
        text = str(value)
        safe = safe_field(str(name).lower(), text)
        if safe != text:
            entry.warn("B304", f"field {name} was changed so that it cannot harm: {safe[:60]}")
        if entry.fields.get(str(name).lower(), safe) != safe:
            entry.warn("B305", f"field {name} was left out, another value is there: {safe[:60]}")
        entry.add(str(name).lower(), safe)


_WRITERS: dict[str, Callable[[_Entry, FieldRow], None]] = {
    "title": _write_title,
    "text": _write_text,
    "list": _write_list,
    "verbatim": _write_verbatim,
    "names": _write_names,
    "date": _write_date,
    "pages": _write_pages,
    "language": _write_language,
    "number": _write_number,
}
