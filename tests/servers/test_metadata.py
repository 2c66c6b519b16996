"""The stand-ins themselves: they run by hand, hold what they should, and fail on demand."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from citeworks.http import Limits
from citeworks.model import Identifier
from citeworks.resolve.interface import Found
from servers import Corpus, MetadataServer, decoys, sample_items, shared_items
from sources_support import make_sources

ROOT = Path(__file__).parents[2]


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def test_it_runs_by_hand_and_prints_its_variables() -> None:
    command = [sys.executable, "-m", "tests.servers", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            lines = [process.stdout.readline() for _ in range(15)]
            check_by_hand(dict(line[7:].strip().split("=", 1) for line in lines[:14]))
        finally:
            process.terminate()


def check_by_hand(variables: dict[str, str]) -> None:
    """Ask, let a service fail once, and count."""
    url = variables["CITE_CROSSREF_URL"]
    told = json.loads(get(f"{url}/works/10.1609/aaai.v34i04.5870"))
    assert told["message"]["type"] == "journal-article"
    base = url.rpartition("/")[0]
    request = urllib.request.Request(f"{base}/_fault?service=acl&kind=503&times=1", b"")
    urllib.request.urlopen(request, timeout=10).close()
    paper = f"{variables['CITE_ACL_URL']}/2020.findings-emnlp.125.bib"
    with pytest.raises(urllib.error.HTTPError, match="503") as refused:
        get(paper)
    refused.value.close()
    assert "@inproceedings" in get(paper)
    assert json.loads(get(f"{base}/_counts")) == {"crossref": 1, "acl": 2}


def test_the_sample_is_there_with_its_decoys(metadata_server: MetadataServer) -> None:
    corpus = metadata_server.corpus
    assert len([each for each in sample_items() if each["id"].startswith("arXiv:")]) == 31
    assert all(each["author"] for each in corpus.items)
    titles = [each["title"] for each in corpus.items]
    for decoy in decoys():
        assert decoy["title"] in titles


def test_an_unknown_fault_is_refused(metadata_server: MetadataServer) -> None:
    with pytest.raises(ValueError, match="no such fault"):
        metadata_server.fault("crossref", "explode")
    with pytest.raises(ValueError, match="no such fault"):
        metadata_server.fault("nowhere", "429")


def test_thousands_of_papers_are_served(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "catalogue/conference-papers-164k.jsonl.gz"
    corpus = Corpus([*sample_items(), *decoys(), *shared_items(path, 3000)])
    assert len(corpus.items) > 4000
    wanted = [Identifier("arxiv", each) for each in corpus.preprints]
    limits = Limits(total=60)
    with (
        MetadataServer(corpus) as server,
        make_sources(server, folder=tmp_path, limits=limits) as sources,
    ):
        answers = sources["arxiv"].resolve(wanted)
        assert len(server.log) == -(-len(wanted) // 100)
    right = sum(
        isinstance(each, Found) and each.record.text("title") != "" for each in answers.values()
    )
    assert right == len(wanted)
