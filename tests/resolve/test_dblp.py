"""DBLP: authors in two shapes, homonyms, full stops, twins on CoRR, venues in lists."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, NotFound
from citeworks.model import Identifier, Name
from citeworks.resolve.dblp import parse, parse_record, parse_search
from citeworks.resolve.sources import Sources
from resolve_support import record
from servers import MetadataServer
from sources_support import response


def hit(**info: Any) -> Any:
    return parse({"key": "conf/icml/X24", "type": "Conference and Workshop Papers", **info}).record


def test_both_twins_are_found(sources: Sources) -> None:
    wanted = record("Codebook Features: Sparse and Discrete Interpretability for Neural Networks",
                    "Alex Tamkin", "2023")  # fmt: skip
    preprint, published = sources["dblp"].search(wanted)
    assert preprint.identifiers[0] == Identifier("arxiv", "2310.17230")
    assert (preprint.record.type, preprint.record.text("publisher")) == ("article", "arXiv")
    assert "container-title" not in preprint.record.variables
    assert published.record.type == "paper-conference"
    assert Identifier("dblp", "conf/icml/TamkinTG24") in published.identifiers
    assert Identifier("openreview", "VZ5A0LPbnc") in published.identifiers


def test_no_hits_are_no_error(sources: Sources, metadata_server: MetadataServer) -> None:
    for _ in range(2):
        assert not sources["dblp"].search(record("Zzyzx qwertz", "Nobody", ""))
    assert len(metadata_server.log) == 1


def test_a_key_is_a_bib_file(sources: Sources) -> None:
    known, unknown = Identifier("dblp", "conf/aaai/KeramatiDTB20"), Identifier("dblp", "conf/a/B1")
    answers = sources["dblp"].resolve([known, unknown])
    found = answers[known]
    assert found.record.text("DOI") == "10.1609/aaai.v34i04.5870"
    assert found.record.text("page") == "4436-4443"
    assert found.record.provenance["title"].source == "dblp"
    assert isinstance(answers[unknown], NotFound)


@pytest.mark.parametrize("key", ["../../etc/passwd", "conf/../x", "homepages/1/2", "", "conf/a b"])
def test_what_is_no_key_is_not_asked_for(
    sources: Sources, metadata_server: MetadataServer, key: str
) -> None:
    identifier = Identifier("dblp", key)
    sources["dblp"].resolve([identifier])
    assert not sources["dblp"].supports(identifier)
    assert metadata_server.log == []


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ({"author": {"@pid": "1", "text": "Kees A. Schouhamer Immink"}},
         (Name("Immink", "Kees A. Schouhamer"),)),
        ({"author": [{"text": "Jiani Zhang 0003"}, {"text": "Ada B."}]},
         (Name("Zhang", "Jiani"), Name("B.", "Ada"))),
        ({"author": ["Plain Text"]}, (Name("Text", "Plain"),)),
        (None, ()),
    ],
)  # fmt: skip
def test_authors_of_all_shapes(authors: Any, names: tuple[Name, ...]) -> None:
    assert hit(authors=authors).names() == names


@pytest.mark.parametrize(
    ("written", "title"),
    [("A title.", "A title"), ("Wait...", "Wait..."), ("Why?", "Why?"), ("A &amp; B.", "A & B"),
     ("Of <i>E. coli</i>.", "Of <i>E. coli</i>"), ("0.", "0")],
)  # fmt: skip
def test_titles_lose_their_full_stop_only(written: str, title: str) -> None:
    assert hit(title=written).text("title") == title


def test_venues_and_addresses_may_be_lists() -> None:
    found = parse({
        "key": "conf/acl/X19", "venue": ["ACL", "Repl4NLP"],
        "type": "Conference and Workshop Papers",
        "ee": ["https://aclanthology.org/P19-1001/", "https://openreview.net/forum?id=abcdefgh"],
    })  # fmt: skip
    assert found.record.text("container-title") == "ACL"
    assert set(found.identifiers) == {
        Identifier("acl", "P19-1001"), Identifier("openreview", "abcdefgh"),
        Identifier("dblp", "conf/acl/X19"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "volume", "arxiv"),
    [("journals/corr/abs-2306-16388", "abs/2306.16388", "2306.16388"),
     ("journals/corr/abs-2306-16388", None, "2306.16388"),
     ("journals/corr/abs-cs-0601001", "abs/cs/0601001", "cs/0601001"),
     ("journals/corr/Old12", "abs/1201.1234", "1201.1234")],
)  # fmt: skip
def test_a_twin_on_corr_is_the_preprint(key: str, volume: str | None, arxiv: str) -> None:
    found = parse({"key": key, "volume": volume, "venue": "CoRR", "doi": "10.48550/ARXIV.1"})
    assert found.identifiers[0] == Identifier("arxiv", arxiv)
    assert found.record.text("DOI") == f"10.48550/arxiv.{arxiv}"


@pytest.mark.parametrize("body", ["<html>", {}, [], {"result": {"hits": None}}])
def test_what_is_no_result_is_refused(body: Any) -> None:
    with pytest.raises(BadResponse):
        parse_search(response("dblp", body))


def test_recorded_hits_are_read(shared_data: Path) -> None:
    path = shared_data / "http/recorded/refchecker_cache/dblp.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        infos = [each["info"] for line in lines for each in json.loads(line)]
    preprints = 0
    for info in infos:
        found = parse(info)
        assert found.record.text("title")
        assert not any(str(name)[-4:].isdigit() for name in found.record.names())
        preprints += found.identifiers[0].scheme == "arxiv"
    assert (len(infos) > 500, preprints > 150) == (True, True)


def test_a_family_with_a_capital_particle_stays_whole_in_a_bib_file() -> None:
    text = (
        "@article{DBLP:x,\n author = {Gabriele Di Ubaldo and\n Ana Costa 0001},\n title = {T}\n}\n"
    )
    key = Identifier("dblp", "journals/x/UbaldoC24")
    found = parse_record(response("dblp", text), key)
    assert found is not None
    assert [name.family for name in found.record.names()] == ["Di Ubaldo", "Costa"]
