"""Answers in which anything may be anything: every source says something true, or that it cannot.

Real answers, and those of the local servers, are taken apart at random: values become null, lists,
mappings, numbers beyond reason, broken text. Whatever is made of them goes through judging, merging
and writing, too.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworks.csl_json import dump, load
from citeworks.errors import SourceError
from citeworks.http import Response
from citeworks.model import Identifier, Record
from citeworks.resolve import (
    acl,
    arxiv,
    arxiv_oai,
    crossref,
    datacite,
    dblp,
    doi,
    openalex,
    openreview,
    pubmed,
    semanticscholar,
    unpaywall,
)
from citeworks.resolve.interface import Found
from citeworks.resolve.merge import Findings, merge
from citeworks.resolve.payload import mapping
from citeworks.resolve.view import View
from resolve_support import record
from servers import SERVICES, Corpus, decoys, sample_items
from servers.call import Call
from sources_support import NOW

Read = Callable[[Response], Any]
CORPUS = Corpus([*sample_items(), *decoys()])
WANTED = replace(record("Constitutional AI", "Yuntao Bai, et al.", "2022-12-15"), key="x")
PMID = Identifier("pmid", "30481202")

READERS: dict[str, Sequence[Read]] = {
    "arxiv": (lambda r: [arxiv.parse(e) for e in arxiv.parse_page(r).entries.values()],),
    "arxiv-oai": (arxiv_oai.parse_record,),
    "crossref": (crossref.parse_work, crossref.parse_search),
    "datacite": (datacite.parse_doi_answer,),
    "doi": (doi.parse_csl, doi.parse_agency),
    "openalex": (lambda r: [openalex.parse(e, r.retrieved) for e in openalex.parse_list(r)],),
    "semanticscholar": (
        semanticscholar.parse_search,
        lambda r: [semanticscholar.parse(e) for e in semanticscholar.parse_batch(r) if mapping(e)],
    ),
    "dblp": (
        dblp.parse_search,
        lambda r: dblp.parse_record(r, Identifier("dblp", "conf/x/Y23")),
    ),
    "acl": (lambda r: acl.parse(r, "2020.findings-emnlp.125"),),
    "pubmed": (lambda r: pubmed.parse(r, PMID),),
    "openreview": (openreview.parse_notes,),
    "unpaywall": (unpaywall.parse_answer,),
}

ASKED: dict[str, Sequence[tuple[str, dict[str, str], bytes]]] = {
    "arxiv": (("/api/query", {"id_list": "2406.07814,2307.77777,1905.88888"}, b""),),
    "arxiv-oai": (
        ("/oai", {"verb": "GetRecord", "metadataPrefix": "arXiv",
                  "identifier": "oai:arXiv.org:2406.07814"}, b""),
    ),
    "crossref": (
        ("/works/10.1609/aaai.v34i04.5870", {}, b""),
        ("/works/10.5555/retracted.1", {}, b""),
        ("/works", {"query.bibliographic": "Eliciting Human Preferences", "rows": "5"}, b""),
    ),
    "datacite": (("/dois/10.48550/arxiv.2406.07814", {}, b""),),
    "doi": (
        ("/10.48550/arxiv.2406.07814", {}, b""),
        ("/doiRA/10.1609/aaai.v34i04.5870", {}, b""),
    ),
    "openalex": (("/works", {"filter": "doi:10.48550/arxiv.2406.07814"}, b""),),
    "semanticscholar": (
        ("/graph/v1/paper/batch", {"fields": semanticscholar.FIELDS},
         b'{"ids": ["ARXIV:2406.07814", "DOI:10.9/none"]}'),
        ("/graph/v1/paper/search/match",
         {"fields": semanticscholar.FIELDS, "query": "Task Ambiguity in Humans"}, b""),
    ),
    "dblp": (
        ("/search/publ/api", {"q": "task ambiguity humans", "format": "json"}, b""),
        ("/rec/conf/icml/TamkinTG24.bib", {}, b""),
    ),
    "acl": (("/2020.findings-emnlp.125.bib", {}, b""),),
    "pubmed": (),
    "openreview": (("/notes", {"id": "VZ5A0LPbnc"}, b""),),
    "unpaywall": (("/v2/10.1145/3630106.3658979", {"email": "me@lab.org"}, b""),),
}  # fmt: skip
"""Questions whose answers are taken apart."""

PUBMED = json.dumps(
    {"id": "pmid:30481202", "PMID": "30481202", "type": "article-journal", "title": "A title",
     "author": [{"family": "Ng", "given": "Ann"}], "issued": {"date-parts": [["2018", 11]]},
     "container-title": "PLoS", "page": "e1", "ISSN": ["1553-734X"], "volume": 14}
)  # fmt: skip

NONSENSE: tuple[Any, ...] = (
    None, [], {}, "", 0, -1, True, False, 1e308, float("nan"), 10**400, "0", "null", "\x00",
    "\ud800", [None], [[None]], [[[]]], {"": None}, {"date-parts": [[None]]}, [[2024, 13, 45]],
    "<i>" * 200, "&#x110000;&#0;", "𝔘" * 50, "et al.", "10.1000/\u202e", "http://[", "%ff%00",
    "v" * 5000, {"value": {"value": []}}, "9999-99-99", [{"family": None, "given": []}],
)  # fmt: skip
PIECES = (b"", b"\xff\x00", b"<", b">", b"&", b"{", b"}", b'"', b"]]>", b"<!--", b"&#0;")


def answers() -> Iterator[tuple[str, str]]:
    """What the local servers answer, by service."""
    yield "pubmed", PUBMED
    for name, questions in ASKED.items():
        for path, query, body in questions:
            method = "POST" if body else "GET"
            reply = SERVICES[name](CORPUS, Call(method, path, query, {}, body, "http://x"))
            assert reply.status == 200, (name, path)
            yield name, reply.body.decode()


def mutated(text: str, chance: random.Random) -> bytes:
    """The answer with some of it replaced."""
    try:
        tree = json.loads(text)
    except ValueError:
        return _broken(text, chance)
    for _ in range(chance.randrange(1, 5)):
        tree = _replaced(tree, chance)
    return json.dumps(tree).encode()


def _broken(text: str, chance: random.Random) -> bytes:
    """XML or BibTeX with pieces taken out, doubled or replaced."""
    data = text.encode()
    for _ in range(chance.randrange(1, 5)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 5, 40, 400)))
        piece = chance.choice((*PIECES, data[start:end] * 2))
        data = data[:start] + piece + data[end:]
    return data


def _replaced(tree: Any, chance: random.Random) -> Any:
    tree = copy.deepcopy(tree)
    node: Any = tree
    path: list[tuple[Any, Any]] = []
    while isinstance(node, dict | list) and node and (not path or chance.random() < 0.85):
        key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
        path.append((node, key))
        node = node[key]
    if not path:
        return chance.choice(NONSENSE)
    parent, key = path[-1]
    if chance.random() < 0.15:
        del parent[key]
    elif chance.random() < 0.15:
        parent[key] = [parent[key], parent[key]]
    else:
        parent[key] = copy.deepcopy(chance.choice(NONSENSE))
    return tree


def follow(told: Any) -> None:
    """Judge, merge and write what was read, as the program does."""
    every = told if isinstance(told, list) else [told]
    finds = [each for each in every if isinstance(each, Found)]
    for wanted in (WANTED, *(_bare(each) for each in finds[:2])):
        view = View(wanted, tuple(finds))
        chosen = Findings([e.found for e in view.preprint], [e.found for e in view.published])
        merged = merge(view.wanted, chosen, published=True)
        text = dump(load(dump([merged])))
        assert dump(load(text)) == text
        text.encode()


def _bare(found: Found) -> Record:
    """A record of what was found that knows its title only."""
    return replace(record(found.record.text("title") or "x"), key="x")


def read(source: str, reader: Read, body: bytes, status: int) -> Any:
    """What a reader makes of a body; nothing where it says what is wrong with it."""
    try:
        return reader(Response(source, status, {}, body, NOW))
    except SourceError as error:
        return error.source != source or None


def check(source: str, body: bytes, status: int = 200) -> None:
    """Every reader of a source makes something of a body, or says what is wrong."""
    for reader in READERS[source]:
        told = read(source, reader, body, status)
        assert told is not True
        follow(told)


KEPT = [*answers()]


@pytest.mark.parametrize(("source", "text"), KEPT, ids=[source for source, _ in KEPT])
@settings(max_examples=30)
@given(seed=st.integers(0, 10**9))
def test_whatever_an_answer_holds_it_is_read_or_refused(source: str, text: str, seed: int) -> None:
    check(source, mutated(text, random.Random(seed)))


@pytest.mark.parametrize(("source", "text"), KEPT, ids=[source for source, _ in KEPT])
def test_an_answer_as_it_should_be_is_read(source: str, text: str) -> None:
    assert any(read(source, reader, text.encode(), 200) for reader in READERS[source])
    check(source, text.encode())


@pytest.mark.parametrize("source", READERS)
def test_what_is_no_answer_at_all_is_refused_or_nothing(source: str) -> None:
    bodies = (
        b"", b"null", b"[]", b"{}", b'"x"', b"0", b"[null]", b"\xff\xfe", b"Resource not found.",
        b"[" * 100_000, b'{"a":' * 100_000, b"<html><body>Oops</body></html>", b"\x1f\x8b\x08",
        b"<feed/>", b"<!DOCTYPE x><feed/>", b"@article{", b"@comment{x}", b"NaN",
    )  # fmt: skip
    for body in bodies:
        for status in (200, 400, 404, 410, 422):
            for reader in READERS[source]:
                assert not read(source, reader, body, status)


def recorded(folder: Path) -> Iterator[tuple[str, str]]:
    """Real answers of JSON services, by source."""
    for source, name in (
        ("crossref", "crossref"), ("semanticscholar", "semantic_scholar"), ("dblp", "dblp"),
        ("openalex", "openalex"), ("openreview", "openreview"),
    ):  # fmt: skip
        with gzip.open(folder / "refchecker_cache" / f"{name}.jsonl.gz", "rt") as lines:
            for line in lines:
                yield source, line
    for path in sorted((folder / "csl_json_manubot").glob("*.json")):
        yield "doi", path.read_text(encoding="utf-8")
    for source in ("crossref", "datacite", "semanticscholar"):
        for path in sorted((folder / source).glob("*.json")):
            for each in json.loads(path.read_text(encoding="utf-8")):
                yield source, str(each.get("body", ""))


WRAPPED: dict[str, Callable[[Any], Any]] = {
    "crossref": lambda item: {"message": item},
    "openalex": lambda item: {"results": [item]},
    "openreview": lambda item: {"notes": [item]},
    "semanticscholar": lambda item: {"data": [item]},
    "dblp": lambda item: {"result": {"hits": {"hit": [{"info": item}]}}},
    "doi": lambda item: item,
    "datacite": lambda item: {"data": {"attributes": item}},
}


@pytest.mark.slow
def test_real_answers_taken_apart_are_read_or_refused(shared_data: Path) -> None:
    chance = random.Random(11)
    for source, text in recorded(shared_data / "http" / "recorded"):
        try:
            told = json.loads(text)
        except ValueError:
            check(source, text.encode())
            continue
        for body in (told, WRAPPED[source](told)):
            check(source, json.dumps(body).encode())
            check(source, mutated(json.dumps(body), chance))
