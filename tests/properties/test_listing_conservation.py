"""Nothing is lost: whatever the bytes, the raw text of all parts is the file."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.errors import ListingError
from citeworks.listing.interface import PROBLEMS, RECORD
from citeworks.listing.ndjson import dumps, part_to_json
from citeworks.listing.to_record import to_record
from citeworks.model.variables import VARIABLES
from listing_support import read

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "bib/listing.txt").read_text(encoding="utf-8")
TRIPLES = ["".join(SAMPLE.splitlines(keepends=True)[n : n + 3]) for n in range(0, 93, 3)]
OTHER_LAYOUTS = [
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests/golden/listing").glob("*.txt"))
]
FRAGMENTS = [
    *TRIPLES[:6],
    *OTHER_LAYOUTS,
    "CLJun 28, 2023Code",
    "AIMay 28",
    ". AIMay 28 Scaling",
    "10.1000/x(y",
    "[a](https://a.b/c",
    "arXiv:2306.16388 ",
    "\\\\\n",
    "\n",
    "\r",
    "\r\n",
    "\x0c",
    "\u2028",
    "\ufeff",
    "\u00a0",
    "\x00",
    "Â·",
    "&nbsp;",
    "\u200d",
    " et al. · a, b",
    "ﬁ",
    "👩",
]

pasted = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=8).map("".join)
codecs = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])


@st.composite
def mutated_sample(draw: st.DrawFn) -> bytes:
    """A part of the sample with bytes changed, cut out and put in."""
    data = bytearray("".join(draw(st.lists(st.sampled_from(TRIPLES), max_size=4))).encode())
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 60)))
        data[start:end] = draw(st.binary(max_size=6))
    return bytes(data)


def check(data: bytes) -> None:
    """Read the bytes; `read` asserts that they come back, in order of their lines."""
    with suppress(ListingError):
        _, parts = read(data)
        for part in parts:
            assert json.loads(dumps(part_to_json(part)))["raw"] == part.raw
            assert (part.entry is not None) == (part.kind == RECORD)
            assert set(part.problems) <= PROBLEMS.keys()
            if part.entry:
                record = to_record(part, file="x")
                assert record.variables.keys() <= VARIABLES
                json.dumps(dict(record.custom), ensure_ascii=False).encode()


@settings(max_examples=150, deadline=None)
@given(text=pasted, codec=codecs)
def test_pasted_fragments_are_conserved(text: str, codec: str) -> None:
    check(text.encode(codec, "ignore"))


@settings(max_examples=150, deadline=None)
@given(data=mutated_sample())
def test_a_damaged_sample_is_conserved(data: bytes) -> None:
    check(data)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300), start=st.sampled_from([b"", b"10.1000/5 ", b"\xff\xfe"]))
def test_arbitrary_bytes_are_conserved(data: bytes, start: bytes) -> None:
    check(start + data)
