"""The sample through the real program and real servers: the right papers, and nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from citeworks.resolve.catalogue_build import build
from servers import SERVICES, Corpus, MetadataServer, decoys, sample_items
from servers.corpus import ROOT, SAMPLE, is_preprint
from tests_support import AS_OF, CITE, Cite

Item = dict[str, Any]
Enrich = Callable[..., "subprocess.CompletedProcess[str]"]
PUBLISH = ("--write", "--published")


@pytest.fixture
def library(cite: Cite, listing: Path, folder: Path) -> Path:
    """The sample listing as a library that nobody has enriched."""
    (folder / "bib").mkdir()
    (folder / "bib" / "listing.txt").write_bytes(listing.read_bytes())
    assert cite("add", "bib/listing.txt", *AS_OF).returncode == 0
    return folder / "bib" / "library.json"


@pytest.fixture
def enrich(cite: Cite, metadata_server: MetadataServer) -> Enrich:
    """Run `cite enrich` against the local servers."""

    def run(
        *arguments: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return cite("enrich", *arguments, env={**metadata_server.environment, **(env or {})})

    return run


@dataclass(frozen=True)
class Healthy:
    """What a run comes to that nothing disturbs: the library, and what was asked."""

    library: str
    asked: Counter[str]


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory, bytecode: Path) -> Healthy:
    """The sample enriched once, for the tests that disturb others."""
    folder = tmp_path_factory.mktemp("healthy")
    clean = {
        name: each for name, each in os.environ.items() if not name.startswith(("CITE_", "XDG_"))
    }
    clean |= {"HOME": str(folder), "PYTHONPYCACHEPREFIX": str(bytecode)}
    (folder / "bib").mkdir()
    (folder / "bib" / "listing.txt").write_bytes((ROOT / "bib" / "listing.txt").read_bytes())
    with MetadataServer(Corpus([*sample_items(), *decoys()])) as server:
        for arguments in (("add", "bib/listing.txt", *AS_OF), ("enrich", *PUBLISH)):
            environment = {**clean, **server.environment}
            subprocess.run([CITE, *arguments], cwd=folder, env=environment, check=True)
        return Healthy(without_times(folder / "bib" / "library.json"), questions(server))


def questions(server: MetadataServer) -> Counter[str]:
    """What was asked, and how often, whatever the server's address."""
    return Counter(f"{a.service}{a.path} {dict(a.query)} {a.body!r}" for a in server.log)


@pytest.fixture
def catalogue(folder: Path) -> Path:
    """The catalogue that we ship, built."""
    path = folder / "sample.sqlite"
    build([SAMPLE], path)
    return path


def items(library: Path) -> dict[str, Item]:
    """The records of a library under their arXiv identifiers."""
    return {
        item["custom"].get("arxiv", item["id"]): item
        for item in json.loads(library.read_text(encoding="utf-8"))
    }


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def without_times(library: Path) -> str:
    return re.sub(r'"retrieved": "[^"]*"', "", library.read_text(encoding="utf-8"))


def sample() -> Iterator[Item]:
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


PREPRINTS = {item["custom"]["arxiv"]: item for item in sample() if is_preprint(item)}
PUBLISHED = {item["custom"]["arxiv"]: item for item in sample() if not is_preprint(item)}
KNOWN_BY = {"dblp", "acl", "openreview"}
HELD = {
    arxiv: item
    for arxiv, item in PUBLISHED.items()
    if (item.get("DOI") or KNOWN_BY & item["custom"].keys())
    and "Workshop" not in item["container-title"]
}
"""What the services know of the published versions; the rest only the catalogue has."""


def people(item: Item) -> list[str]:
    parts = ("given", "non-dropping-particle", "family", "literal")
    return [" ".join(name[part] for part in parts if name.get(part)) for name in item["author"]]


def assert_enriched(library: Path, versions: Mapping[str, Item]) -> None:
    """Every paper of the sample is there with what the corpus says, and nothing else is."""
    found = items(library)
    assert found.keys() == PREPRINTS.keys()
    for arxiv, item in found.items():
        assert people(item) == people(PREPRINTS[arxiv]), arxiv
        assert "et-al" not in item["custom"], arxiv
        version = versions.get(arxiv)
        if version is None:
            assert item["type"] == "article", (arxiv, item)
            assert item["DOI"] == f"10.48550/arxiv.{arxiv}"
        else:
            assert item["type"] == version["type"], (arxiv, item)
            assert item.get("DOI", "") == version.get("DOI", "").lower(), arxiv
            assert item["issued"]["date-parts"][0][0] == version["issued"]["date-parts"][0][0]
            assert item["container-title"], arxiv
            assert item["custom"]["preprint"] == f"10.48550/arxiv.{arxiv}"
        values = {name: value for name, value in item.items() if name != "custom"}
        assert "10.5555/" not in json.dumps(values), arxiv


def test_every_paper_of_the_sample_is_found_and_completed(library: Path, enrich: Enrich) -> None:
    done = enrich("--write")
    assert (done.returncode, done.stdout) == (0, "")
    assert "31 found" in done.stderr
    assert f"{len(HELD)} with a published version" in done.stderr
    assert_enriched(library, {})


def test_every_published_version_that_the_servers_hold_is_taken_over(
    library: Path, enrich: Enrich, metadata_server: MetadataServer
) -> None:
    done = enrich(*PUBLISH)
    assert done.returncode == 0, done.stderr
    assert_enriched(library, HELD)
    before = library.read_bytes()
    metadata_server.forget()
    assert enrich(*PUBLISH).returncode == 0
    assert library.read_bytes() == before
    assert metadata_server.log == []


@pytest.mark.slow
def test_filling_first_and_publishing_later_gives_the_same(
    cite: Cite, library: Path, enrich: Enrich
) -> None:
    listed = library.read_bytes()
    enrich(*PUBLISH)
    at_once = without_times(library)
    library.write_bytes(listed)
    enrich("--write")
    assert without_times(library) != at_once
    enrich(*PUBLISH)
    assert without_times(library) == at_once


def test_the_preview_shows_what_would_change_and_writes_nothing(
    library: Path, enrich: Enrich
) -> None:
    before = library.read_bytes()
    done = enrich("keramati2019being")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("keramati2019being: found, arxiv:1911.01546")
    assert any(line.lstrip().startswith("+ custom.arxiv") for line in lines)
    assert any("--published takes it over" in line and "AAAI" in line for line in lines)
    assert "1 would change" in done.stderr
    assert enrich("--check", "keramati2019being").returncode == 1
    done = enrich("--diff", "keramati2019being")
    assert done.returncode == 1
    assert '+    "DOI": "10.48550/arxiv.1911.01546",' in done.stdout.splitlines()
    assert library.read_bytes() == before


def test_json_tells_changes_evidence_and_who_was_asked(library: Path, enrich: Enrich) -> None:
    (line,) = enrich("--json", "--published", "keramati2019being").stdout.splitlines()
    told = json.loads(line)
    assert (told["schema"], told["outcome"]) == (1, "found")
    changed = {change["slot"]: change for change in told["changes"]}
    assert changed["DOI"]["after"] == "10.1609/aaai.v34i04.5870"
    assert changed["DOI"]["source"] == "crossref"
    assert changed["issued"]["before"] == {"date-parts": [[2019, 11, 5]]}
    assert told["published"][0]["evidence"]["title"] == 1
    assert {"arxiv", "crossref", "datacite"} <= set(told["asked"])
    assert told["failed"] == {}


@pytest.mark.parametrize(
    "source",
    [
        "arxiv",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in "crossref datacite doi openalex semanticscholar dblp acl openreview".split()
        ),
    ],
)
def test_a_source_that_is_down_is_named_and_made_up_for_later(
    library: Path,
    enrich: Enrich,
    metadata_server: MetadataServer,
    healthy: Healthy,
    source: str,
) -> None:
    metadata_server.fault(source, "down")
    done = enrich(*PUBLISH)
    if metadata_server.counts[source]:
        assert done.returncode == 3, done.stderr
        assert f"error: {source}" in done.stderr
    assert "31 found" in done.stderr
    assert all(len(item["author"]) > 1 for item in items(library).values())
    metadata_server.heal()
    done = enrich(*PUBLISH)
    assert done.returncode == 0, done.stderr
    assert without_times(library) == healthy.library


@pytest.mark.slow
def test_slow_sources_change_nothing(
    library: Path, enrich: Enrich, metadata_server: MetadataServer, healthy: Healthy
) -> None:
    for (
        source
    ) in "arxiv crossref datacite doi openalex semanticscholar dblp acl openreview".split():
        metadata_server.fault(source, "slow", seconds=0.2)
    done = enrich(*PUBLISH)
    assert done.returncode == 0, done.stderr
    assert without_times(library) == healthy.library


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was(
    library: Path,
    enrich: Enrich,
    home: Mapping[str, str],
    metadata_server: MetadataServer,
    healthy: Healthy,
) -> None:
    chance = random.Random(7)
    for _ in range(8):
        target = metadata_server.counts.total() + chance.randrange(1, 30)
        running = subprocess.Popen(
            [CITE, "enrich", *PUBLISH],
            cwd=library.parents[1],
            env={**home, **metadata_server.environment},
            stderr=subprocess.DEVNULL,
        )
        while running.poll() is None and metadata_server.counts.total() < target:
            time.sleep(0.002)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert json.loads(library.read_text())
    done = enrich(*PUBLISH)
    assert done.returncode == 0, done.stderr
    assert without_times(library) == healthy.library
    asked, in_flight = questions(metadata_server), 8 * 12
    assert asked.keys() == healthy.asked.keys()
    assert asked.total() <= healthy.asked.total() + in_flight


def test_with_no_network_the_catalogue_still_serves(
    cite: Cite, library: Path, catalogue: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        names = "ARXIV CROSSREF DATACITE DOI OPENALEX SEMANTICSCHOLAR DBLP ACL PUBMED OPENREVIEW"
        nowhere = {f"CITE_{name}_URL": url for name in names.split()}
        started = time.monotonic()
        done = cite("enrich", *PUBLISH, "--catalogue", str(catalogue), env=nowhere)
    assert done.returncode == 3, done.stderr
    assert "31 found" in done.stderr
    assert time.monotonic() - started < 15
    assert_enriched(library, PUBLISHED)


def test_offline_nobody_is_asked_and_nothing_has_failed(
    library: Path, enrich: Enrich, catalogue: Path, metadata_server: MetadataServer
) -> None:
    done = enrich("--offline", "--catalogue", str(catalogue), *PUBLISH)
    assert done.returncode == 0, done.stderr
    assert metadata_server.counts.total() == 0
    assert_enriched(library, PUBLISHED)


@pytest.mark.slow
def test_offline_the_cache_answers(
    library: Path, enrich: Enrich, metadata_server: MetadataServer
) -> None:
    listed = library.read_bytes()
    enrich(*PUBLISH)
    healthy = library.read_bytes()
    library.write_bytes(listed)
    metadata_server.forget()
    assert enrich("--offline", *PUBLISH).returncode == 0
    assert library.read_bytes() == healthy
    assert metadata_server.counts.total() == 0


@pytest.mark.slow
def test_catalogue_first_and_sources_later_gives_what_the_sources_give(
    library: Path, enrich: Enrich, catalogue: Path
) -> None:
    listed = library.read_bytes()
    enrich(*PUBLISH, "--catalogue", str(catalogue))
    both = without_times(library)
    library.write_bytes(listed)
    enrich("--offline", "--catalogue", str(catalogue), *PUBLISH)
    enrich(*PUBLISH, "--catalogue", str(catalogue))
    assert without_times(library) == both


def test_what_a_person_edited_or_locked_stays(cite: Cite, library: Path, enrich: Enrich) -> None:
    script = "s/Being Optimistic to Be Conservative/Being optimistic to be conservative/"
    cite("edit", "keramati2019being", env={"EDITOR": f"sed -i '{script}'"})
    cite("lock", "keramati2019being", "issued", "abstract", "PMID", "volume")
    enrich("keramati2019being", *PUBLISH)
    item = items(library)["1911.01546"]
    assert item["title"].startswith("Being optimistic to be conservative")
    assert item["issued"] == {"date-parts": [[2019, 11, 5]]}
    assert "volume" not in item
    assert item["page"] == "4436-4443"


def test_log_tells_who_said_what_and_undo_takes_it_back(
    cite: Cite, library: Path, enrich: Enrich
) -> None:
    before = library.read_bytes()
    enrich("keramati2019being", *PUBLISH)
    log = json.loads(cite("log", "--json", "keramati2019being").stdout)
    assert log["values"]["DOI"]["source"] == "crossref"
    assert log["values"]["DOI"]["locator"] == "doi:10.1609/aaai.v34i04.5870"
    assert log["values"]["custom.arxiv"]["source"] == "arxiv"
    assert log["values"]["DOI"]["retrieved"]
    assert log["changes"][0]["command"] == "enrich"
    assert "took back `cite enrich`" in cite("undo").stderr
    assert library.read_bytes() == before


def write_library(folder: Path, *records: Item) -> Path:
    path = folder / "bib" / "library.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(records))
    return path


def test_a_real_title_with_other_authors_is_shown_and_never_written(
    folder: Path, enrich: Enrich
) -> None:
    title = "Task Ambiguity in Humans and Language Models"
    record = {
        "id": "doe2022",
        "type": "article",
        "title": title,
        "author": [{"family": "Doe", "given": "Jane"}, {"family": "Roe", "given": "Max"}],
    }
    library = write_library(folder, record)
    done = enrich()
    assert "conflict" in done.stdout
    assert "Doe" in done.stdout
    assert "Tamkin" in done.stdout
    assert enrich("--strict").returncode == 1
    assert enrich("--write").returncode == 0
    (item,) = json.loads(library.read_text())
    candidates = item["custom"].pop("candidates")
    assert {each["tier"] for each in candidates} == {"conflict"}
    assert candidates[0]["evidence"]["title"] == 1
    assert {name: item[name] for name in record} == record
    assert "DOI" not in item


def test_a_paper_that_nobody_has_is_counted(folder: Path, enrich: Enrich) -> None:
    library = write_library(
        folder,
        {
            "id": "nobody2020",
            "type": "article",
            "title": "On Quiet Lighthouses and Their Unwritten Keepers",
            "author": [{"family": "Nobody", "given": "Ann"}],
        },
    )
    before = library.read_bytes()
    done = enrich("--write")
    assert (done.returncode, library.read_bytes()) == (0, before)
    assert "1 not found" in done.stderr
    assert enrich("--strict").returncode == 1


def test_an_identifier_that_names_another_paper_is_a_conflict(folder: Path, enrich: Enrich) -> None:
    library = write_library(
        folder,
        {
            "id": "tamkin2020",
            "type": "paper-conference",
            "title": "Investigating Transferability in Pretrained Language Models",
            "author": [{"family": "Tamkin", "given": "Alex"}, {"family": "Singh", "given": "T."}],
            "container-title": "Findings of EMNLP",
            "DOI": "10.1609/aaai.v34i04.5870",
        },
    )
    done = enrich()
    assert "the identifier names another work" in done.stdout
    enrich("--write")
    (item,) = json.loads(library.read_text())
    assert item["DOI"] == "10.1609/aaai.v34i04.5870"
    assert "volume" not in item


def test_a_retraction_is_told(folder: Path, enrich: Enrich) -> None:
    library = write_library(
        folder, {"id": "castorp2019", "type": "document", "DOI": "10.5555/retracted.1"}
    )
    done = enrich("--write")
    assert done.returncode == 0, done.stderr
    (item,) = json.loads(library.read_text())
    (status,) = item["custom"]["status"]
    assert (status["kind"], status["notice"]) == ("retraction", "doi:10.5555/notice.1")
    assert (item["type"], item["title"]) == ("article-journal", "A Study That Did Not Hold")


def test_a_paper_is_found_by_what_it_was_called_at_first(folder: Path, enrich: Enrich) -> None:
    record = {
        "id": "ashdown2023",
        "type": "article",
        "title": "Do Words Drift? Counting Lanterns with Borrowed Oars",
        "author": [
            {"family": "Ashdown", "given": "Ira"},
            {"family": "Belmonte", "given": "Lea"},
            {"family": "Cho", "given": "Min"},
        ],
        "issued": {"date-parts": [[2023, 7, 14]]},
    }
    library = write_library(folder, record)
    for _ in range(2):
        done = enrich("--write")
        assert (done.returncode, "1 found" in done.stderr) == (0, True), done.stderr
        (item,) = json.loads(library.read_text())
        assert item["custom"]["arxiv"] == "2307.77777"
        assert item["title"] == record["title"]


def test_a_withdrawn_preprint_is_told(folder: Path, cite: Cite, enrich: Enrich) -> None:
    cite("add", "arXiv:1905.88888")
    assert enrich("--write").returncode == 0
    item = items(folder / "bib" / "library.json")["1905.88888"]
    (status,) = item["custom"]["status"]
    assert (status["kind"], status["date"]) == ("withdrawal", "2020-03-04")


def test_while_arxivs_query_api_and_datacite_are_down_its_other_door_serves(
    folder: Path, cite: Cite, enrich: Enrich, metadata_server: MetadataServer
) -> None:
    cite("add", "arXiv:2306.16388")
    assert enrich("--source", "arxiv-oai", "--check").returncode == 1
    metadata_server.fault("arxiv", "403")  # a refusal is not asked again
    metadata_server.fault("datacite", "403")
    done = enrich("--write")
    assert done.returncode == 3
    assert "error: arxiv answered HTTP 403" in done.stderr
    library = folder / "bib" / "library.json"
    assert len(items(library)["2306.16388"]["author"]) == 18
    (key,) = (item["id"] for item in json.loads(library.read_text()))
    log = json.loads(cite("log", "--json", key).stdout)
    assert log["values"]["author"]["source"] == "arxiv-oai"
    metadata_server.heal()
    assert enrich("--write").returncode == 0
    log = json.loads(cite("log", "--json", key).stdout)
    assert log["values"]["author"]["source"] == "arxiv"


def test_unpaywall_is_asked_by_those_who_set_it_up_or_name_it(
    folder: Path, cite: Cite, enrich: Enrich, metadata_server: MetadataServer
) -> None:
    cite("add", "10.1145/3630106.3658979")
    contact = {"CITE_CONTACT": "me@lab.org"}
    usual = {"CITE_UNPAYWALL_URL": ""}
    assert enrich("--write", env={**usual, **contact}).returncode == 0
    assert enrich("--write").returncode == 0
    assert metadata_server.asked("unpaywall") == []
    done = enrich("--source", "unpaywall", "--write")
    assert (done.returncode, "CITE_CONTACT" in done.stderr) == (2, True)
    assert enrich("--source", "unpaywall", "--write", env=contact).returncode == 0
    (item,) = json.loads((folder / "bib" / "library.json").read_text())
    assert item["custom"]["open-access"] == "https://arxiv.org/pdf/2406.07814"
    assert item["type"] == "paper-conference"


def test_a_bare_identifier_becomes_a_whole_record(cite: Cite, folder: Path, enrich: Enrich) -> None:
    cite("add", "arXiv:2306.16388", "10.1609/aaai.v34i04.5870")
    enrich("--write")
    found = items(folder / "bib" / "library.json")
    assert len(found["2306.16388"]["author"]) == 18
    assert found["1911.01546"]["volume"] == "34"


def test_unknown_sources_keys_and_catalogues_are_refused(
    library: Path, enrich: Enrich, metadata_server: MetadataServer
) -> None:
    done = enrich("--source", "arxif")
    assert done.returncode == 2
    assert "arxiv" in done.stderr
    assert enrich("nobody").returncode == 2
    assert enrich("--catalogue", "none.sqlite").returncode == 2
    assert metadata_server.counts.total() == 0


def test_only_the_sources_that_are_named_are_asked(
    library: Path, enrich: Enrich, metadata_server: MetadataServer
) -> None:
    enrich("keramati2019being", "--source", "arxiv", "--source", "datacite")
    assert {name for name, count in metadata_server.counts.items() if count} == {
        "arxiv",
        "datacite",
    }


@pytest.mark.slow
def test_what_is_known_for_sure_of_the_sample_is_found(
    library: Path, enrich: Enrich, catalogue: Path, shared_data: Path
) -> None:
    enrich(*PUBLISH, "--catalogue", str(catalogue))
    found = items(library)
    facts = json.loads((shared_data / "http" / "seed" / "facts.json").read_text())["items"]
    for fact in facts:
        item, sure = found[fact["arxiv_id"]], fact["confidence"]
        if sure["authors"] == "sure":
            assert people(item) == people(fact), fact["n"]
        version = fact["published_version"]
        if version and "note" not in version and sure["published"] == "sure":
            assert item["type"] == version["type"], fact["n"]
            assert item["issued"]["date-parts"][0][0] == version["year"], fact["n"]
            assert item.get("DOI") == version.get("DOI"), fact["n"]


KEYS = {
    f"CITE_{name}_KEY": f"t0p-{name.lower()}"
    for name in "OPENALEX SEMANTICSCHOLAR PUBMED CROSSREF OPENREVIEW".split()
}


@pytest.mark.parametrize("kind", ["", "401", "elsewhere"])
def test_keys_are_sent_to_their_services_and_are_nowhere_else(
    cite: Cite,
    folder: Path,
    home: Mapping[str, str],
    enrich: Enrich,
    metadata_server: MetadataServer,
    kind: str,
) -> None:
    cite("add", "10.1145/3630106.3658979", "arXiv:2306.16388")
    for service in SERVICES if kind else ():
        metadata_server.fault(service, kind, to="http://127.0.0.1:1/")
    contact = {"CITE_CONTACT": "me@secret.example.org"}
    done = enrich("--write", "--verbose", "--debug", "--json", env={**KEYS, **contact})
    assert done.returncode == (3 if kind else 0), done.stderr
    sent = {
        each.service: f"{dict(each.query)} {dict(each.headers)}" for each in metadata_server.log
    }
    for service in ("openalex", "semanticscholar", "crossref"):
        assert f"t0p-{service}" in sent[service]
    assert all(f"t0p-{service}" not in sent["arxiv"] for service in sent)
    files = [path for top in (folder, Path(home["HOME"])) for path in top.rglob("*")]
    assert any(path.name == "http.sqlite3" for path in files)
    kept = b"".join(path.read_bytes() for path in files if path.is_file())
    for secret in ("t0p-", "me@secret"):
        assert secret not in done.stdout + done.stderr
        assert secret.encode() not in kept


def test_interrupted_it_ends_at_once(
    library: Path, home: Mapping[str, str], metadata_server: MetadataServer
) -> None:
    metadata_server.fault("arxiv", "hang", times=1, seconds=30)
    before = library.read_bytes()
    running = subprocess.Popen(
        [CITE, "enrich", *PUBLISH],
        cwd=library.parents[1],
        env={**home, **metadata_server.environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: not metadata_server.has_faults("arxiv"))
    running.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, said = running.communicate(timeout=20)
    assert time.monotonic() - started < 5
    assert running.returncode == 130, said
    assert library.read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["silent", "unreachable"])
def test_where_nobody_answers_it_ends_soon_and_says_who_was_not_heard(
    library: Path, cite: Cite, kind: str
) -> None:
    before = library.read_bytes()
    with contextlib.ExitStack() as stack:
        addresses = {}
        for name in SERVICES:
            listening = stack.enter_context(socket.socket())
            listening.bind(("127.0.0.1", 0))
            listening.listen(64 if kind == "silent" else 0)
            place = listening.getsockname()
            for _ in range(0 if kind == "silent" else 3):  # a queue that is full
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(place)
            addresses[f"CITE_{name.replace('-', '_').upper()}_URL"] = f"http://127.0.0.1:{place[1]}"
        started = time.monotonic()
        done = cite("enrich", *PUBLISH, env=addresses)
    assert time.monotonic() - started < 15 + 5  # a busy machine adds to what the network takes
    assert done.returncode == 3
    for name in ("arxiv", "semanticscholar", "openalex", "dblp", "crossref", "openreview"):
        assert f"error: {name}: " in done.stderr
    assert "31 not heard" in done.stderr
    assert library.read_bytes() == before
