"""The bytes of a .bib file in its standard form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citeworks.bibtex.formatter import SORTS, tidy
from citeworks.bibtex.lexer import loads_lazily
from citeworks.errors import BibtexSyntaxError, InputError, Location
from citeworks.nearest import did_you_mean
from citeworks.workflows.interface import Watch, unwatched


@dataclass(frozen=True, slots=True)
class Formatted:
    """The file's new bytes, and what in it breaks the grammar and was carried as it is."""

    data: bytes
    errors: list[BibtexSyntaxError]


def format_bib(
    data: bytes,
    *,
    file: str,
    sort: Sequence[str] = (),
    align: bool = False,
    watch: Watch = unwatched,
) -> Formatted:
    """Format a .bib file: encoding, BOM and line ends stay. InputError when it is none."""
    document = loads_lazily(data, file=file)
    if not document.text.strip():
        return Formatted(data, [])
    if all(block.kind == "text" for block in document.blocks) and not _is_remark(document.text):
        raise InputError("no BibTeX entry", location=Location(file, 1), code="B008")
    text = tidy(document, sort=sort, align=align, watch=watch)
    return Formatted(document.bom + text.encode(document.encoding), document.errors)


def sort_names(text: str) -> list[str]:
    """The names in ``year,-key``. InputError with the nearest when one is unknown."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name.removeprefix("-") not in SORTS:
            raise InputError(
                f"entries cannot be sorted by {name!r}",
                hint=did_you_mean(name, SORTS) or "they can be by " + ", ".join(SORTS),
            )
    return names


def _is_remark(text: str) -> bool:
    return all(line.lstrip().startswith("%") for line in text.splitlines() if line.strip())
