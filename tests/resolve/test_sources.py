"""All sources: built from settings, one class each, paced, offline, resumable."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from citeworks.config import SOURCES as CONFIGURED
from citeworks.config import load_settings
from citeworks.errors import NotFound, SourceError, Unavailable
from citeworks.http import Limits
from citeworks.model import Identifier
from citeworks.resolve.interface import Found
from citeworks.resolve.sources import SOURCES, Sources
from resolve_support import record
from servers import SERVICES, MetadataServer
from sources_support import make_sources, settings

SEARCHED = {"arxiv", "crossref", "openalex", "semanticscholar", "dblp", "openreview"}
IDENTIFIERS = [
    Identifier("arxiv", "2406.07814"),
    Identifier("doi", "10.1145/3630106.3658979"),
    Identifier("doi", "10.18653/v1/2023.emnlp-main.198"),
    Identifier("dblp", "conf/icml/TamkinTG24"),
    Identifier("openreview", "VZ5A0LPbnc"),
]


def answers(sources: Sources, name: str) -> dict[Identifier, Any]:
    source = sources[name]
    return dict(source.resolve([each for each in IDENTIFIERS if source.supports(each)]))


def test_settings_sources_and_servers_know_the_same_names() -> None:
    assert list(SOURCES) == list(CONFIGURED) == list(SERVICES)


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_has_its_name_and_answers_every_identifier(sources: Sources, name: str) -> None:
    source = sources[name]
    assert source.name == name
    assert source.batch_size >= 1
    assert hasattr(source, "search") == (name in SEARCHED)
    odd = [Identifier("isbn", "9780306406157"), Identifier("doi", ""), Identifier("arxiv", "x/y")]
    told = source.resolve([*IDENTIFIERS, *odd])
    assert list(told) == [*IDENTIFIERS, *odd]
    assert all(isinstance(each, Found | SourceError) for each in told.values())


@pytest.mark.parametrize("name", sorted(SEARCHED))
def test_a_search_for_nothing_asks_nobody(
    sources: Sources, metadata_server: MetadataServer, name: str
) -> None:
    for title in ("", "…", "$x$"):
        assert not sources[name].search(record(title, "Ada Lovelace", "2020"))
    assert metadata_server.log == []


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"pubmed"}))
def test_values_name_their_source_and_never_the_server(
    sources: Sources, metadata_server: MetadataServer, name: str
) -> None:
    found = [each for each in answers(sources, name).values() if isinstance(each, Found)]
    assert found
    for each in found:
        assert each.source == name
        for origin in each.record.provenance.values():
            assert origin.source == name
            assert origin.locator
            assert origin.retrieved is not None
        assert metadata_server.url not in repr(each)
        assert "me@lab.org" not in repr(each)


@pytest.mark.parametrize("kind", ["429", "500", "html", "down", "truncated", "loop", "entities"])
@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"pubmed"}))
def test_a_source_in_trouble_answers_with_errors_and_recovers(
    metadata_server: MetadataServer, tmp_path: Path, name: str, kind: str
) -> None:
    limits = Limits(backoff=0.01, total=5, attempts=2)
    options: dict[str, Any] = {"contact": "me@lab.org", "folder": tmp_path, "limits": limits}
    metadata_server.fault(name, kind)
    with make_sources(metadata_server, **options) as sources:
        told = answers(sources, name)
        assert told
        for each in told.values():
            assert isinstance(each, SourceError)
            assert not isinstance(each, NotFound)
            assert each.source == name
    metadata_server.heal()
    with make_sources(metadata_server, **options) as sources:
        assert any(isinstance(each, Found) for each in answers(sources, name).values())


@pytest.mark.parametrize("name", sorted(set(SOURCES) - {"pubmed"}))
def test_what_was_answered_is_not_asked_again_and_is_there_offline(
    metadata_server: MetadataServer, tmp_path: Path, name: str
) -> None:
    options: dict[str, Any] = {"contact": "me@lab.org", "folder": tmp_path}
    with make_sources(metadata_server, **options) as sources:
        first = answers(sources, name)
    count = len(metadata_server.log)
    for offline in (False, True):
        with make_sources(metadata_server, offline=offline, **options) as sources:
            again = answers(sources, name)
        assert {k: v for k, v in again.items() if isinstance(v, Found)} == {
            k: v for k, v in first.items() if isinstance(v, Found)
        }
    assert len(metadata_server.log) == count


def test_offline_what_is_not_known_is_a_failure_and_not_nothing(
    metadata_server: MetadataServer, tmp_path: Path
) -> None:
    with make_sources(metadata_server, offline=True, folder=tmp_path) as sources:
        told = answers(sources, "arxiv")
    assert all(isinstance(each, Unavailable) for each in told.values())
    assert metadata_server.log == []


def test_an_interrupted_batch_asks_only_for_the_rest(
    metadata_server: MetadataServer, tmp_path: Path
) -> None:
    papers = [Identifier("arxiv", each) for each in metadata_server.corpus.preprints]
    with make_sources(metadata_server, folder=tmp_path) as sources:
        sources["arxiv"].resolve(papers[:20])
    with make_sources(metadata_server, folder=tmp_path) as sources:
        sources["arxiv"].resolve(papers)
    asked = [each.query["id_list"].split(",") for each in metadata_server.log]
    assert not set(asked[0]) & set(asked[1])
    assert sum(map(len, asked)) == len(papers)


def test_a_source_can_be_left_out() -> None:
    with Sources(settings({"CITE_DBLP_URL": "off"})) as sources:
        assert "dblp" not in sources
        assert "acl" in sources


def test_public_services_are_paced_and_a_server_here_is_not() -> None:
    with Sources(settings({"CITE_DBLP_URL": "http://127.0.0.1:8099/dblp"})) as sources:
        assert sources.services["dblp"].interval == 0
        assert sources.services["semanticscholar"].interval == 1
        assert sources.services["arxiv"].interval == 3
        assert sources.services["arxiv"].pace == sources.services["arxiv-oai"].pace
    with Sources(settings({"CITE_ARXIV_URL": "http://127.0.0.1:8099"})) as sources:
        assert sources.services["arxiv"].interval == 3
    environment = {"CITE_ARXIV_INTERVAL": "0.5", "CITE_DBLP_INTERVAL": "7"}
    with Sources(settings(environment)) as sources:
        assert sources.services["arxiv"].interval == 0.5
        assert sources.services["dblp"].interval == 7


def test_keys_and_contact_are_sent_and_shown_nowhere(metadata_server: MetadataServer) -> None:
    keys = {
        "sources.openalex.key": "k3y-one",
        "sources.semanticscholar.key": "k3y-two",
        "sources.crossref.key": "k3y-three",
    }
    with make_sources(
        metadata_server, contact="me@lab.org", secret=lambda name: keys.get(name, "")
    ) as sources:
        answers(sources, "openalex")
        answers(sources, "semanticscholar")
        answers(sources, "crossref")
        assert "k3y" not in repr(sources.services) + repr(sources)
        assert "me@lab.org" not in repr(sources.services)
    by_service = {each.service: each for each in metadata_server.log}
    assert by_service["openalex"].query["api_key"] == "k3y-one"
    assert by_service["openalex"].query["mailto"] == "me@lab.org"
    assert by_service["semanticscholar"].headers["x-api-key"] == "k3y-two"
    assert by_service["crossref"].headers["crossref-plus-api-token"] == "Bearer k3y-three"


_RESOLVE = """
import sys
from pathlib import Path
from citeworks.model import Identifier
from citeworks.resolve.sources import Sources
url, folder, *dois = sys.argv[1:]
with Sources({"sources.crossref.url": url}, folder=Path(folder)) as sources:
    sources["crossref"].resolve([Identifier("doi", doi) for doi in dois])
"""


def test_a_run_that_is_killed_asks_nothing_twice_but_what_was_in_flight(
    metadata_server: MetadataServer, tmp_path: Path
) -> None:
    metadata_server.fault("crossref", "slow", seconds=0.05)
    dois = [f"10.9999/{number}" for number in range(30)]
    command = [sys.executable, "-c", _RESOLVE, f"{metadata_server.url}/crossref", str(tmp_path)]
    with subprocess.Popen([*command, *dois]) as killed:
        while len(metadata_server.log) < 10:
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
    time.sleep(0.2)
    subprocess.run([*command, *dois], check=True, timeout=60)
    asked = Counter(each.path for each in metadata_server.log)
    assert len(asked) == len(dois)
    assert sum(asked.values()) <= len(dois) + 3


FIRST_PATHS = {
    "arxiv": "/api/query",
    "arxiv-oai": "/oai",
    "crossref": "/works/10.1145/3630106.3658979",
    "datacite": "/dois/10.48550/arxiv.2406.07814",
    "doi": "/10.1145/3630106.3658979",
    "openalex": "/works",
    "semanticscholar": "/graph/v1/paper/batch",
    "dblp": "/rec/conf/icml/TamkinTG24.bib",
    "acl": "/2023.emnlp-main.198.bib",
    "pubmed": "/lit/ctxp/v1/pubmed/",
    "openreview": "/notes",
    "unpaywall": "/v2/10.1145/3630106.3658979",
}
"""What a source asks for first, below its address."""


class _Listening(BaseHTTPRequestHandler):
    """Knows nothing, and remembers what it was asked."""

    def do_GET(self) -> None:
        cast(Any, self.server).paths.append(urlsplit(self.path).path)
        self.send_error(404)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def listening() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Listening) as server:
        cast(Any, server).paths = []
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("prefix", ["", "/", "/mirror", "/mirror/of/it/"])
@pytest.mark.parametrize("place", ["environment", "cite.toml"])
@pytest.mark.parametrize("name", SOURCES)
def test_an_address_is_what_the_paths_of_a_source_stand_below(
    listening: Any, tmp_path: Path, name: str, place: str, prefix: str
) -> None:
    url = f"http://127.0.0.1:{listening.server_address[1]}{prefix}"
    environment = {"CITE_CONTACT": "me@lab.org"}
    if place == "environment":
        environment[f"CITE_{name.replace('-', '_').upper()}_URL"] = url
    else:
        (tmp_path / "cite.toml").write_text(f'[sources.{name}]\nurl = "{url}"\n')
    found = {key: each.value for key, each in load_settings(tmp_path, environment).items()}
    listening.paths.clear()
    pmid = [Identifier("pmid", "30481202")]
    with Sources(found, limits=Limits(attempts=1)) as sources:
        source = sources[name]
        source.resolve([each for each in [*IDENTIFIERS, *pmid] if source.supports(each)][-3:])
    assert f"{prefix.rstrip('/')}{FIRST_PATHS[name]}" in listening.paths
    assert all(path.startswith(prefix.rstrip("/") + "/") for path in listening.paths)
    assert not any("//" in path for path in listening.paths)
