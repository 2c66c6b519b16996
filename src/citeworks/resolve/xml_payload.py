"""XML from a source, read without document types, entities or network."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from citeworks.http import Response

_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.I)


def parse_xml(response: Response, root: str) -> ElementTree.Element:
    """The root element, which must have this local name.

    Raises BadResponse for what is no XML, declares a document type, or is another document (an
    HTML error page).
    """
    text = response.text
    if _DECLARED.search(text):
        raise response.bad("XML that declares a document type")
    try:
        element = ElementTree.fromstring(text)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise response.bad("no XML") from error
    if local_name(element) != root:
        raise response.bad(f"another document than {root}")
    return element


def local_name(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def child_text(element: ElementTree.Element, name: str) -> str:
    """The text of the first child with this local name, white space folded."""
    for child in element:
        if local_name(child) == name:
            return " ".join("".join(child.itertext()).split())
    return ""


def children(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The children with this local name."""
    return [child for child in element if local_name(child) == name]


def descendant(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    """The first element below with this local name."""
    return next((each for each in element.iter() if local_name(each) == name), None)
