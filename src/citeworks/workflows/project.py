"""A document with all its parts: what it cites, read from the files of one folder.

Never reads a file outside the folder of the document, and none twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from citeworks.bibtex.lexer import decode_bytes
from citeworks.documents import Citation, Definitions, Reference, Scan, scan, syntax_of
from citeworks.errors import InputError, Location
from citeworks.model import Issue, Severity

_MOST_FILES = 2_000
_LARGEST = 50_000_000
_TEX_S = frozenset("glyphtounicode epsf xy pstricks random multido docstrip xypic".split())


@dataclass(slots=True)
class Project:
    """Everything that the documents cite; `files` are those read, `citations` know their file."""

    citations: list[tuple[str, Citation]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    bibliographies: list[Path] = field(default_factory=list)
    dialect: str = ""
    issues: list[Issue] = field(default_factory=list)

    @property
    def cites_everything(self) -> bool:
        """True if a document asks for every entry there is."""
        return any(citation.kind == "all" for _, citation in self.citations)

    def cited(self) -> Iterator[tuple[str, Citation]]:
        """What is cited by key; a label that any part defines is no citation."""
        for name, citation in self.citations:
            if citation.kind in ("cite", "nocite") and citation.key not in self.labels:
                yield name, citation

    def perhaps_cited(self) -> set[str]:
        """Keys that are given to code which may cite them, or do something else."""
        found = {citation.key for _, citation in self.citations if citation.kind == "perhaps"}
        return found - self.labels


@dataclass(slots=True)
class _Text:
    """A text that was read, with its scan."""

    path: Path
    syntax: str
    text: str
    scan: Scan


def read_project(paths: list[Path]) -> Project:
    """Scan documents and their parts. Raises InputError for a document that cannot be read."""
    project = Project()
    seen: set[Path] = set()
    for path in paths:
        _add(project, path, seen)
    return project


def _add(project: Project, main: Path, seen: set[Path]) -> None:
    root = main.parent
    waiting = [main]
    texts: list[_Text] = []
    syntax = syntax_of(main.name)
    while waiting:
        path = waiting.pop(0)
        if path.resolve() in seen:
            continue
        if len(seen) >= _MOST_FILES:
            raise InputError(f"{main}: more than {_MOST_FILES} parts")
        seen.add(path.resolve())
        project.files.append(path)
        texts.append(_read(path, syntax))
        for reference in texts[-1].scan.parts:
            part = _part(project, path, root, reference, syntax)
            if part is not None:
                waiting.append(part)
    for each in _with_definitions(texts):
        _take(project, each, root)


def _take(project: Project, part: _Text, root: Path) -> None:
    found = part.scan
    project.citations += [(str(part.path), citation) for citation in found.citations]
    project.labels |= found.labels
    project.dialect = _stronger(project.dialect, found.dialect)
    for reference in found.bibliographies:
        project.bibliographies.append(_bibliography(root, reference))


def _with_definitions(texts: list[_Text]) -> list[_Text]:
    """The parts, scanned again if one of them defines what others use."""
    definitions = Definitions()
    for each in texts:
        definitions.update(each.scan.definitions)
    if len(texts) > 1 and definitions:
        for each in texts:
            each.scan = scan(each.text, each.syntax, definitions)
    return texts


def _read(path: Path, syntax: str) -> _Text:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path} is larger than {_LARGEST // 1_000_000} MB")
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder", hint="give a document") from error
    except FileNotFoundError as error:
        raise InputError(f"no file {path}") from error
    except PermissionError as error:
        raise InputError(f"{path} cannot be read: permission denied") from error
    text = decode_bytes(data)[0].replace("\r\n", "\n").replace("\r", "\n")
    try:
        return _Text(path, syntax, text, scan(text, syntax))
    except InputError as error:
        place = Location(str(path), error.location.line, error.location.column)
        raise InputError(error.message, location=place, code="K002") from error


def _part(
    project: Project, path: Path, root: Path, reference: Reference, syntax: str
) -> Path | None:
    """The file that a part names; None, with a word about it, if it is absent or outside."""
    place = Location(str(path), reference.line, reference.column)
    names = ((reference.path + ".tex",) if syntax == "latex" else ()) + (reference.path,)
    candidates = [
        folder / reference.base / name for folder in (root, path.parent) for name in names
    ]
    try:
        found = next((each for each in candidates if each.is_file()), None)
        inside = found is not None and found.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        found, inside = None, False
    if found is not None and inside:
        return found
    if (
        found is not None
        or ".." in Path(reference.path).parts
        or Path(reference.path).is_absolute()
    ):
        message = f"{reference.path} is outside the document's folder: not followed"
        project.issues.append(Issue("K003", message, Severity.WARNING, place))
    else:
        message = f"no file {reference.path} in the document's folder: its citations are missing"
        severity = Severity.NOTE if _may_be_tex_s(reference, syntax) else Severity.WARNING
        project.issues.append(Issue("K004", message, severity, place))
    return None


def _may_be_tex_s(reference: Reference, syntax: str) -> bool:
    """True for what comes with TeX, or is a picture's code: such files cite nothing."""
    name = Path(reference.path)
    return syntax == "latex" and (name.suffix not in ("", ".tex", ".ltx") or name.stem in _TEX_S)


def _bibliography(root: Path, reference: Reference) -> Path:
    path = root / reference.path
    return path if path.suffix else path.with_name(path.name + ".bib")


def _stronger(first: str, second: str) -> str:
    return "biblatex" if "biblatex" in (first, second) else first or second
