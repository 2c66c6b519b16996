"""Which format a text is in, told by what is in it and never by the file's name.

Of several signs the one that stands first decides: an abstract may hold anything.
"""

from __future__ import annotations

import re

SAMPLE_BYTES = 65536
"""How much of a file is looked at."""

_START = rb"\A(?:\xef\xbb\xbf)?\s*"
_SIGNS = {
    "csl-json": re.compile(
        _START + rb"(?:\[\s*[\{\]]|\{\s*\"(?:id|type)\"|(?:[\[\{]\s*(?:\"[^\"\n]*\"\s*:\s*)?){16})"
    ),
    "endnote-xml": re.compile(_START + rb"<(?:\?xml|xml\b|records\b)"),
    "csl-yaml": re.compile(
        _START
        + rb"(?:(?:#[^\n]*|%YAML[^\n]*|---)[ \t]*\r?\n\s*)*"
        + rb"(?:references\s*:\s*(?:\r?\n|\[|\Z)|-\s+[\"']?(?:id|type)[\"']?\s*:\s)"
    ),
    "cff": re.compile(rb"^[\"']?cff-version[\"']?\s*:", re.M),
    "ris": re.compile(rb"^(?:\xef\xbb\xbf)?\s{0,8}TY {0,3}- {0,3}[A-Za-z]", re.M),
    "nbib": re.compile(rb"^(?:\xef\xbb\xbf)?PMID\s{0,2}-", re.M),
    "bibtex": re.compile(rb"^[ \t]*@\s*[A-Za-z]{2,40}\s*[{(]", re.M),
}


def recognise(data: bytes) -> str:
    """The name of the format, or ``listing`` when there is no sign of any other."""
    sample = _as_bytes(data[:SAMPLE_BYTES])
    found = {name: match.start() for name, sign in _SIGNS.items() if (match := sign.search(sample))}
    return min(found, key=lambda name: found[name], default="listing")


def _as_bytes(sample: bytes) -> bytes:
    """The sample with one byte for each letter, whatever encoding the letters are in."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if sample.startswith(mark):
            return sample[2:].decode(codec, "replace").encode("utf-8", "replace")
    return sample
