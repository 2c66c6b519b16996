"""A document whose citations are formatted, on its way to Markdown, text, HTML or LaTeX.

Marks in private-use characters stand for the citations while the Markdown around them is read, so
that nothing in a citation is ever taken for Markdown. Refuses to know styles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module

FORMATS = {
    "markdown": ("citeworks.render.manuscript", "dump_markdown", "markdown"),
    "text": ("citeworks.render.manuscript", "dump_markdown", "text"),
    "html": ("citeworks.render.manuscript_html", "dump", "html"),
    "latex": ("citeworks.render.manuscript_latex", "dump", "latex"),
}
"""Every format: module and function that write it, and the processor's format of citations."""

_OPEN, _CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_PRIVATE = re.compile("[\ue000-\ue00f]")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)


@dataclass(slots=True)
class Manuscript:
    """A Markdown text with marks; `citations` are what they stand for, `entries` the bibliography.

    `note_texts` are the footnotes that the style makes, by their names in the text.
    """

    text: str = ""
    citations: list[str] = field(default_factory=list)
    entries: list[tuple[str, str]] = field(default_factory=list)
    note_texts: dict[str, str] = field(default_factory=dict)
    bibliography_mark: str = "\ue002"

    def add(self, citation: str) -> str:
        """The mark of a citation."""
        self.citations.append(citation)
        return f"{_OPEN}{len(self.citations) - 1}{_CLOSE}"

    def add_note(self, citation: str) -> str:
        """The call of a footnote that holds a citation."""
        name = f"cite-{len(self.note_texts) + 1}"
        self.note_texts[name] = self.add(citation)
        return f"[^{name}]"

    @property
    def body(self) -> str:
        """The text without its front matter, with the footnotes that the style makes."""
        notes = "".join(f"\n\n[^{name}]: {text}" for name, text in self.note_texts.items())
        return _FRONT.sub("", self.text).rstrip("\n") + notes + "\n"

    def put_citations(self, text: str) -> str:
        """The text in which each mark has become its citation."""
        return MARK.sub(lambda match: self.citations[int(match[1])], text)


@dataclass(frozen=True, slots=True)
class Writer:
    """How a format is written: `citations` is the processor's output format for it."""

    dump: Callable[[Manuscript], str]
    citations: str


def load_writer(name: str) -> Writer:
    """The writer of a format of `FORMATS`."""
    module, function, citations = FORMATS[name]
    return Writer(getattr(import_module(module), function), citations)


def without_marks(text: str) -> str:
    """A text from outside, in which nothing can be taken for one of our marks."""
    return _PRIVATE.sub("\ufffd", text)


def front_value(text: str, name: str) -> str:
    """A value of the document's front matter as it is written, without its quotes."""
    front = _FRONT.match(text)
    if not front:
        return ""
    match = re.search(rf"^{re.escape(name)}:[ \t]*(.*(?:\n[ \t]+.*)*)", front[1], re.M)
    return match[1].strip().strip("\"'").strip() if match else ""


def dump_markdown(manuscript: Manuscript) -> str:
    """The document as Markdown again, its front matter kept, the bibliography where it belongs."""
    notes = "".join(f"\n\n[^{name}]: {text}" for name, text in manuscript.note_texts.items())
    bibliography = "\n\n".join(entry for _, entry in manuscript.entries)
    text = manuscript.text.replace(manuscript.bibliography_mark, bibliography)
    return manuscript.put_citations(text.rstrip("\n") + notes + "\n")
