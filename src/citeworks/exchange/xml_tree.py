"""XML from outside as a small tree: no document types, no entities, bounded in depth and size.

Knows elements, text and line numbers. Refuses everything by which XML reaches out of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from citeworks.errors import InputError, Location

_MAX_DEPTH = 100
_MAX_ELEMENTS = 20_000_000


@dataclass(slots=True)
class Node:
    """An element; `parts` are its texts and children in the order in which they stand."""

    name: str
    attributes: dict[str, str]
    line: int
    parts: list[Node | str] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        """The elements directly inside."""
        return [part for part in self.parts if isinstance(part, Node)]

    def find(self, *path: str) -> Node | None:
        """The first element at a path."""
        return next(self.all(*path), None)

    def all(self, *path: str) -> Iterator[Node]:
        """Every element at a path, in order."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def text(self) -> str:
        """All text inside, white space folded."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                yield from part._texts()


class _Builder:
    """Collects expat's events into nodes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        message = "document types and entities are not allowed"
        raise self.error(message, self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        line = self.parser.CurrentLineNumber
        if len(self.stack) >= _MAX_DEPTH or self.count > _MAX_ELEMENTS:
            raise self.error("the XML is nested too deeply or too large", line)
        node = Node(name, attributes, line)
        if self.stack:
            self.stack[-1].parts.append(node)
        else:
            self.root = node
        self.stack.append(node)

    def _end(self, _: str) -> None:
        self.stack.pop()

    def _characters(self, text: str) -> None:
        if self.stack:
            self.stack[-1].parts.append(text)

    def error(self, message: str, line: int, column: int = 0) -> InputError:
        return InputError(message, location=Location(self.file, line, column), code="X001")


def parse_xml(data: bytes | str, file: str = "") -> Node:
    """The root element. Raises InputError with the place for XML that is broken or hostile."""
    builder = _Builder(file)
    try:
        builder.parser.Parse(data, True)
    except expat.ExpatError as error:
        message = f"not valid XML: {expat.ErrorString(error.code)}"
        raise builder.error(message, error.lineno, error.offset + 1) from error
    except (UnicodeError, ValueError, LookupError) as error:
        message = "the encoding of the XML cannot be read"
        raise builder.error(message, max(builder.parser.CurrentLineNumber, 1)) from error
    if builder.root is None:
        raise builder.error("no element in the XML", 1)
    return builder.root
