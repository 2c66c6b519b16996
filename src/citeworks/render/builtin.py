"""The project's own citation processor behind the `Renderer` protocol; the default engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from citeworks.csl import Processor
from citeworks.csl_json import item_from_record
from citeworks.errors import StyleError
from citeworks.model import Record
from citeworks.render.interface import FORMATS
from citeworks.render.locales import known_locale, load_locale
from citeworks.render.styles import Style


@dataclass(frozen=True, slots=True)
class DocumentCitations:
    """The citations of a document in order, its entries, and single citations after the fact."""

    citations: list[str]
    entries: list[tuple[str, str]]
    citation: Callable[[Sequence[Mapping[str, Any]]], str]


class BuiltinRenderer:
    """Renders with `citeworks.csl`, one style, locale and output format."""

    formats: ClassVar[tuple[str, ...]] = FORMATS
    makes_links: ClassVar[bool] = True

    def __init__(
        self, style: Style, locale: str = "", output: str = "text", *, links: bool = False
    ) -> None:
        self._style, self._output, self._links = style, output, links
        self._locale = (known_locale(locale) if locale else style.locale) or None

    def bibliography(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """The entries as pairs of citation key and formatted text, in the style's order."""
        return self._processor(records).bibliography().entries

    def citation(self, records: Sequence[Record], cites: Sequence[Mapping[str, Any]]) -> str:
        """One citation of the cites, each ``{"id": citation key, "locator": …, "label": …}``."""
        return self._processor(records).citations([cites])[0]

    def document(
        self,
        records: Sequence[Record],
        clusters: Sequence[Sequence[Mapping[str, Any]]],
        note_numbers: Sequence[int],
    ) -> DocumentCitations:
        """All citations of a document, each in a note of the given number or (0) in the text."""
        processor = self._processor(records)
        citations = processor.citations(clusters, note_numbers)
        return DocumentCitations(
            citations,
            processor.bibliography().entries,
            lambda cites: processor.citations([cites])[0],
        )

    @property
    def is_note_style(self) -> bool:
        """True if the style puts citations into notes."""
        return self._processor(()).style.is_note

    def escape(self, text: str) -> str:
        """A plain text as it stands in the output."""
        return self._processor(()).format.escape(text)

    def _processor(self, records: Sequence[Record]) -> Processor:
        items = {record.key: item_from_record(record) for record in records}
        try:
            return Processor(
                self._style.xml,
                items,
                locale=self._locale,
                output=self._output,
                load_locale=load_locale,
                links=self._links,
            )
        except StyleError as error:
            error.location = replace(error.location, file=f"{self._style.name}.csl")
            raise
