"""The minimal .bib of a document: what it cites, from a library or from .bib files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from citeworks.bibtex import dump, loads
from citeworks.bibtex.excerpt import Contents
from citeworks.bibtex.slices import Slices, Tell
from citeworks.bibtex.stretches import loads_lazily, open_slices
from citeworks.errors import BibtexSyntaxError, InputError, Location
from citeworks.model import Issue, Record, Severity
from citeworks.nearest import did_you_mean
from citeworks.workflows.project import Project

_MOST_HINTS = 20
Dialect = Literal["bibtex", "biblatex"]


@dataclass(slots=True)
class Source:
    """Where entries come from: their keys, and how those under some keys are written.

    `write` gets the keys that are cited, and whether all entries are wanted.
    """

    keys: Set[str]
    write: Callable[[frozenset[str], bool], str]
    errors: list[BibtexSyntaxError] = field(default_factory=list)
    unused: Callable[[frozenset[str]], list[str]] = lambda _: []


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The .bib text, how many entries it has, what was not found, and what nobody cites."""

    text: str
    entries: int
    missing: tuple[Issue, ...]
    unused: tuple[str, ...]


def library_source(
    records: Mapping[str, Record], dialect: Dialect, report: Callable[[Issue], None]
) -> Source:
    """The records of a library, written in a dialect."""

    aliases = {
        alias: record.key
        for record in records.values()
        for alias in record.aliases
        if alias not in records
    }

    def write(keys: frozenset[str], everything: bool) -> str:
        current = frozenset(aliases.get(key, key) for key in keys)
        chosen = list(records.values()) if everything else _with_parents(records, current)
        if dialect == "bibtex":
            former = {key: aliases[key] for key in sorted(keys) if key in aliases}
            chosen = _under_cited_keys(chosen, former, keys)
        return dump(chosen, dialect=dialect, report=report)

    def unused(used: frozenset[str]) -> list[str]:
        current = frozenset(aliases.get(key, key) for key in used)
        kept = {record.key for record in _with_parents(records, current)}
        return [key for key in records if key not in kept]

    return Source(frozenset((*records, *aliases)), write, unused=unused)


def _under_cited_keys(
    records: list[Record], former: Mapping[str, str], cited: frozenset[str]
) -> list[Record]:
    """The records under the keys that documents cite: BibTeX knows no entry by two keys.

    `former` says which record an earlier key stands for; one that is cited by both keys, or that
    others refer to, is there twice.
    """
    by_key = {record.key: record for record in records}
    referred = {key for record in records for key in _parents(record)}
    renamed = set(former.values()) - cited - referred
    kept = [record for record in records if record.key not in renamed]
    return kept + [by_key[key].with_key(alias) for alias, key in former.items()]


def _with_parents(records: Mapping[str, Record], keys: frozenset[str]) -> list[Record]:
    """The records under the keys and those that their `crossref` and `xdata` fields name."""
    chosen: dict[str, Record] = {}
    waiting = [key for key in records if key in keys]
    while waiting:
        record = records[waiting.pop()]
        if record.key not in chosen:
            chosen[record.key] = record
            waiting.extend(key for key in _parents(record) if key in records)
    return list(chosen.values())


def _parents(record: Record) -> list[str]:
    kept = record.custom.get("bibtex")
    fields = (kept.get("fields") or {}) if isinstance(kept, dict) else {}
    named = ",".join(str(fields.get(name, "")) for name in ("crossref", "xref", "xdata"))
    return [key.strip() for key in named.split(",")]


def bib_source(files: Iterable[tuple[str, Slices]]) -> Source:
    """The entries of .bib files, to the letter; the first file that has a key gives its entry."""
    documents = [Contents(loads_lazily(data, file=name)) for name, data in files]
    homes: dict[str, Contents] = {}
    for document in documents:
        for key in document.keys:
            homes.setdefault(key, document)

    def write(keys: frozenset[str], everything: bool) -> str:
        texts = (
            document.excerpt(None if everything else _keys_of(document, homes, keys))
            for document in documents
        )
        return "\n".join(text for text in texts if text)

    def unused(used: frozenset[str]) -> list[str]:
        return [key for document in documents for key in document.unused(used)]

    errors = [error for document in documents for error in document.errors]
    return Source(homes.keys(), write, errors, unused)


def bibliography(project: Project, source: Source, dialect: str = "") -> Bibliography:
    """Everything that the project cites, as one .bib text.

    BibTeX does not tell capitals in keys from small letters, biber and the others do.
    """
    cited = {citation.key for _, citation in project.cited()}
    cited |= project.perhaps_cited() & source.keys
    folded = _other_case(cited, source.keys) if dialect == "bibtex" else {}
    wanted = frozenset(folded.get(key, key) for key in cited)
    text = source.write(wanted & source.keys, project.cites_everything)
    unused = () if project.cites_everything else tuple(source.unused(wanted))
    missing = missing_keys(project, {*source.keys, *folded})
    return Bibliography(text, len(loads(text).entries), missing, unused)


def _other_case(cited: Collection[str], known: Collection[str]) -> dict[str, str]:
    """The keys that are known only in other capitals, and how they are known."""
    strange = {key.lower(): key for key in cited if key not in known}
    if not strange:
        return {}
    found: dict[str, str] = {}
    for key in sorted(known):
        if key.lower() in strange:
            found.setdefault(strange[key.lower()], key)
    return found


def dialect_of(project: Project, asked: str) -> Dialect:
    """The dialect asked for, or the one that the document's program reads."""
    chosen = asked or project.dialect or "bibtex"
    if chosen not in ("bibtex", "biblatex"):
        hint = did_you_mean(chosen, ("bibtex", "biblatex"))
        raise InputError(f"unknown format {chosen!r}", hint=hint or "bibtex or biblatex")
    return chosen  # type: ignore[return-value]


def read_sources(
    paths: Iterable[Path], tell: Tell = lambda done, total: None
) -> list[tuple[str, Slices]]:
    """The bytes of .bib files. Raises InputError for one that cannot be read."""
    found = []
    for path in paths:
        try:
            found.append((str(path), open_slices(path, tell)))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {str(error.strerror).lower()}") from error
    return found


def _keys_of(
    document: Contents, homes: Mapping[str, Contents], keys: frozenset[str]
) -> frozenset[str]:
    return frozenset(key for key in keys if homes.get(key) is document)


def missing_keys(project: Project, known: Collection[str]) -> tuple[Issue, ...]:
    """Each key that nothing was found for, once, where it is first cited."""
    found: dict[str, Issue] = {}
    for name, citation in project.cited():
        if citation.key in known or citation.key in found:
            continue
        found[citation.key] = Issue(
            "K001",
            f"no entry for {citation.key!r}",
            Severity.ERROR,
            Location(name, citation.line, citation.column),
            citation.key,
            did_you_mean(citation.key, known) if len(found) < _MOST_HINTS else "",
        )
    return tuple(found.values())
