"""A document with all its parts: what it cites, read from the files of one folder.

Never reads a file outside the folder of the document, and none twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from citeworks.bibtex.lexer import decode_bytes
from citeworks.documents import Citation, Reference, Scan, scan, syntax_of
from citeworks.errors import InputError, Location
from citeworks.model import Issue, Severity

_MOST_FILES = 2_000
_LARGEST = 50_000_000


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


def read_project(paths: list[Path]) -> Project:
    """Scan documents and their parts. Raises InputError for a document that cannot be read."""
    project = Project()
    for path in paths:
        _add(project, path, path.parent)
    return project


def _add(project: Project, main: Path, root: Path) -> None:
    waiting = [main]
    syntax = syntax_of(main.name)
    while waiting:
        path = waiting.pop(0)
        if path.resolve() in {file.resolve() for file in project.files}:
            continue
        if len(project.files) >= _MOST_FILES:
            raise InputError(f"{main}: more than {_MOST_FILES} parts")
        project.files.append(path)
        found = _scan(path, syntax_of(path.name) if path == main else syntax)
        project.citations += [(str(path), citation) for citation in found.citations]
        project.labels |= found.labels
        project.dialect = _stronger(project.dialect, found.dialect)
        for reference in found.bibliographies:
            project.bibliographies.append(_bibliography(root, reference))
        for reference in found.parts:
            part = _part(project, path, root, reference, main.suffix)
            if part is not None:
                waiting.append(part)


def _scan(path: Path, syntax: str) -> Scan:
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
        return scan(text, syntax)
    except InputError as error:
        place = Location(str(path), error.location.line, error.location.column)
        raise InputError(error.message, location=place, code="K002") from error


def _part(
    project: Project, path: Path, root: Path, reference: Reference, suffix: str
) -> Path | None:
    """The file that a part names; None, with a word about it, if it is absent or outside."""
    place = Location(str(path), reference.line, reference.column)
    candidates = [
        folder / reference.base / name
        for folder in (root, path.parent)
        for name in (reference.path, reference.path + (".tex" if suffix != ".typ" else ""))
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
        message = f"no file {reference.path} in the document's folder: not followed"
        project.issues.append(Issue("K004", message, Severity.NOTE, place))
    return None


def _bibliography(root: Path, reference: Reference) -> Path:
    path = root / reference.path
    return path if path.suffix else path.with_name(path.name + ".bib")


def _stronger(first: str, second: str) -> str:
    return "biblatex" if "biblatex" in (first, second) else first or second
