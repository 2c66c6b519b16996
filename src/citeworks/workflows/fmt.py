"""The bytes of a .bib file in its standard form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from citeworks.bibtex.formatter import SORTS, tidy_texts
from citeworks.bibtex.slices import Slices
from citeworks.bibtex.stretches import loads_lazily
from citeworks.errors import BibtexSyntaxError, InputError, Location
from citeworks.nearest import did_you_mean
from citeworks.workflows.interface import Watch, unwatched

_PIECES = 4096
"""Texts that are encoded together."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """The file's new bytes, and what in it breaks the grammar and was carried as it is.

    The bytes are made, once, while they are asked for.
    """

    parts: Iterator[bytes]
    errors: list[BibtexSyntaxError]

    @property
    def data(self) -> bytes:
        """All of them together."""
        return b"".join(self.parts)


def format_bib(
    data: Slices,
    *,
    file: str,
    sort: Sequence[str] = (),
    align: bool = False,
    watch: Watch = unwatched,
) -> Formatted:
    """Format a .bib file: encoding, BOM and line ends stay. InputError when it is none."""
    document = loads_lazily(data, file=file)
    if all(block.kind == "text" for block in document.blocks):
        text = "".join(stretch.text for stretch in document.stretches)
        if not text.strip():
            return Formatted(iter((data[:],)), [])
        if not _is_remark(text):
            raise InputError("no BibTeX entry", location=Location(file, 1), code="B008")
    texts = tidy_texts(document, sort=sort, align=align, watch=watch)
    return Formatted(_encoded(texts, document.encoding, document.bom), document.errors)


def _encoded(texts: Iterator[str], encoding: str, bom: bytes) -> Iterator[bytes]:
    yield bom
    while some := "".join(islice(texts, _PIECES)):
        yield some.encode(encoding)


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


__all__ = ["Formatted", "format_bib", "sort_names"]
