"""The XML of DBLP and of the ACL Anthology as a stream of plain entries.

Nothing is fetched, no entity but HTML's names of letters is read, and one entry is all that is
held.
What an entry means is known to `catalogue_rows`.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, cast
from xml.etree import ElementTree

from citeworks.errors import InputError

LARGEST_ENTRY = 32 * 2**20
"""Bytes of one entry; whatever is longer is no metadata."""
CHUNK = 1 << 20
"""Bytes that are read at a time."""
_LONGEST_NAME = 40
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})


def _events(file: BinaryIO) -> Iterator[tuple[str, ElementTree.Element]]:
    """Start and end of every element; HTML's names of letters are read, no other entity is."""
    parser: Any = ElementTree.XMLPullParser(["start", "end"])
    has_begun, depth, size = False, 0, 0
    for text in _text_chunks(file):
        if not has_begun and "<!ENTITY" in text:
            raise InputError("XML that declares entities is not read")
        parser.feed(_ENTITY.sub(_letter, text) if "&" in text else text)
        size += len(text)
        for event in cast("Iterable[tuple[str, ElementTree.Element]]", parser.read_events()):
            has_begun = True
            depth += 1 if event[0] == "start" else -1
            size = 0 if depth < 2 else size
            yield event
        if size > LARGEST_ENTRY:
            raise InputError("an entry of the XML is too long")
    parser.close()


def _text_chunks(file: BinaryIO) -> Iterator[str]:
    """The text in the encoding that the XML declaration names (Latin-1 for DBLP), without it.

    No chunk ends within an entity or a declaration.
    """
    first = file.read(CHUNK)
    declared = re.search(rb'encoding="([A-Za-z0-9_-]+)"', first[:200])
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    if encoding.lower() not in ("utf-8", "us-ascii", "iso-8859-1", "latin-1"):
        raise InputError(f"XML in the encoding {encoding} is not read")
    decode = codecs.getincrementaldecoder(encoding)().decode
    text = re.sub(
        r"^\ufeff?\s*<\?xml.*?\?>", lambda found: "\n" * found[0].count("\n"), decode(first)
    )
    while True:
        more = file.read(CHUNK)
        cut = max(text.rfind("&", -_LONGEST_NAME), text.rfind("<!", -_LONGEST_NAME))
        if more and cut > 0:
            yield text[:cut]
            text = text[cut:]
        elif more:
            yield text
            text = ""
        else:
            yield text + decode(b"", final=True)
            return
        text += decode(more)


def _letter(match: re.Match[str]) -> str:
    name = match[1]
    if name in _PREDEFINED:
        return match[0]
    return html.entities.html5.get(f"{name};", match[0])


def dblp_entries(file: BinaryIO) -> Iterator[Mapping[str, list[str]]]:
    """Each publication as its fields, every one a list of texts."""
    depth = 0
    root: ElementTree.Element | None = None
    for event, element in _events(file):
        depth += 1 if event == "start" else -1
        if event == "start":
            root = element if root is None else root
        elif depth == 1 and root is not None:
            fields: dict[str, list[str]] = {"tag": [element.tag], "key": [element.get("key", "")]}
            for child in element:
                fields.setdefault(child.tag, []).append("".join(child.itertext()))
            root.clear()
            if element.tag != "www":
                yield fields


def acl_papers(file: BinaryIO) -> Iterator[Mapping[str, Any]]:
    """Each paper with what its volume says of it."""
    collection, volume = "", ""
    about: dict[str, str] = {}
    for event, element in _events(file):
        if event == "start":
            collection = element.get("id", "") if element.tag == "collection" else collection
            volume = element.get("id", "") if element.tag == "volume" else volume
        elif element.tag == "meta":
            about = {each.tag: "".join(each.itertext()) for each in element}
        elif element.tag == "paper":
            yield _acl_paper(element, collection, volume, about)
            element.clear()


def _acl_paper(
    paper: ElementTree.Element, collection: str, volume: str, about: Mapping[str, str]
) -> Mapping[str, Any]:
    names = [
        {"family": each.findtext("last") or "", "given": each.findtext("first") or ""}
        for each in paper.findall("author")
    ]
    texts = {each.tag: "".join(each.itertext()) for each in paper if each.tag in _ACL_TEXTS}
    return {
        **{name: about[name] for name in ("booktitle", "year", "publisher") if name in about},
        **texts,
        "title": " ".join(texts.get("title", "").split()),
        "author": [{part: text for part, text in name.items() if text} for name in names],
        "id": _acl_id(collection, volume, paper.get("id", "")),
    }


_ACL_TEXTS = frozenset({"title", "pages", "doi"})


def _acl_id(collection: str, volume: str, paper: str) -> str:
    """``2023.emnlp-main.198``, or ``P19-1023`` for what appeared before 2020."""
    if "." in collection:
        return f"{collection}-{volume}.{paper}"
    width = 3 if not collection.startswith("W") else 2
    return f"{collection}-{volume.zfill(4 - width)}{paper.zfill(width)}"
