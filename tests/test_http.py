"""The HTTP client against a real server: faults, limits, pace, cache, addresses, secrets."""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from citeworks.errors import BadResponse, RateLimited, SourceError, Unavailable
from citeworks.http import Client, Limits, Request, Response, Service
from citeworks.http.guard import Guard, Refused, is_public
from citeworks.http.pace import Turns
from servers import Corpus, MetadataServer, sample_items

QUICK = Limits(connect=1, read=2, total=6, attempts=4, size=1 << 20, backoff=0.01)
WORK = "/works/10.1609/aaai.v34i04.5870"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SECRET = "s3cr3t-key"


@pytest.fixture(scope="module")
def running() -> Iterator[MetadataServer]:
    with MetadataServer(Corpus(sample_items())) as server:
        yield server


@pytest.fixture
def server(running: MetadataServer) -> MetadataServer:
    running.heal()
    running.forget()
    return running


@pytest.fixture
def service(server: MetadataServer) -> Service:
    return Service(
        "crossref",
        f"{server.url}/crossref",
        identity={"mailto": "me@lab.org", "api_key": SECRET},
        headers={"x-api-key": SECRET},
    )


def client(*services: Service, folder: Path | None = None, **options: Any) -> Client:
    return Client(services, folder=folder, **{"limits": QUICK, "contact": "me@lab.org", **options})


def title(response: Response) -> str:
    """What a source would make of a work."""
    if response.is_missing:
        return ""
    told = response.json()
    if not isinstance(told, dict) or "message" not in told:
        raise response.bad("no work")
    return str(told["message"]["title"][0])


def test_an_answer_is_parsed_and_one_identity_is_shown(
    service: Service, server: MetadataServer
) -> None:
    with client(service) as http:
        assert http.fetch(Request(service, WORK), title).startswith("Being Optimistic")
    (asked,) = server.log
    assert asked.headers["user-agent"].startswith("citeworks/")
    assert "mailto:me@lab.org" in asked.headers["user-agent"]
    assert asked.headers["x-api-key"] == SECRET
    assert asked.query["mailto"] == "me@lab.org"


@pytest.mark.parametrize(
    "kind", ["429", "500", "502", "503", "504", "truncated", "html", "down", "bomb"]
)
def test_a_fault_that_passes_is_asked_again(
    service: Service, server: MetadataServer, kind: str
) -> None:
    server.fault("crossref", kind, times=1 if kind == "bomb" else 2)
    with client(service) as http:
        if kind == "bomb":
            with pytest.raises(Unavailable, match="1 MB"):
                http.fetch(Request(service, WORK), title)
        assert http.fetch(Request(service, WORK), title)
    assert len(server.log) == (2 if kind == "bomb" else 3)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("429", RateLimited), ("503", Unavailable), ("html", BadResponse), ("down", Unavailable)],
)
def test_a_fault_that_stays_is_an_error_that_names_the_source(
    service: Service, server: MetadataServer, kind: str, error: type[SourceError]
) -> None:
    server.fault("crossref", kind)
    with client(service) as http, pytest.raises(error, match="crossref") as raised:
        http.fetch(Request(service, WORK), title)
    assert raised.value.source == "crossref"
    assert len(server.log) == QUICK.attempts


@pytest.mark.parametrize("status", ["401", "403", "451", "501"])
def test_a_refusal_is_not_asked_again(
    service: Service, server: MetadataServer, status: str
) -> None:
    server.fault("crossref", status)
    with client(service) as http, pytest.raises(Unavailable, match=status):
        http.fetch(Request(service, WORK), title)
    assert len(server.log) == 1


def test_retry_after_is_waited_for(service: Service, server: MetadataServer) -> None:
    server.fault("crossref", "429", times=1, retry_after=1)
    with client(service) as http:
        http.fetch(Request(service, WORK), title)
    first, second = server.log
    assert second.started - first.started >= 1


def test_retry_after_may_be_a_date(service: Service, server: MetadataServer) -> None:
    server.fault("crossref", "503", times=1, retry_after="Wed, 21 Oct 2015 07:28:00 GMT")
    with client(service) as http:
        assert http.fetch(Request(service, WORK), title)


def test_a_longer_wait_than_there_is_time_for_is_an_error_at_once(
    service: Service, server: MetadataServer
) -> None:
    server.fault("crossref", "429", retry_after=3600)
    start = time.monotonic()
    with client(service) as http:
        for _ in range(3):
            with pytest.raises(RateLimited) as raised:
                http.fetch(Request(service, WORK), title)
            assert 3590 < (raised.value.retry_after or 0) <= 3600
    assert time.monotonic() - start < 2
    assert len(server.log) == 1


def test_a_service_that_keeps_failing_is_given_up_for_a_while(
    service: Service, server: MetadataServer
) -> None:
    server.fault("crossref", "500")
    with client(service) as http:
        for _ in range(6):
            with pytest.raises(Unavailable):
                http.fetch(Request(service, WORK), title)
    assert (
        len(server.log) == QUICK.attempts + 2
    )  # the first in earnest, two to see whether it is back


def test_one_failing_service_does_not_stop_another(
    service: Service, server: MetadataServer
) -> None:
    other = Service("datacite", f"{server.url}/datacite")
    server.fault("datacite", "down")
    with client(service, other) as http:
        for _ in range(4):
            with pytest.raises(Unavailable):
                http.fetch(Request(other, "/dois/10.48550/arxiv.2306.16388"), title)
        assert http.fetch(Request(service, WORK), title)


@pytest.mark.parametrize(("kind", "seconds"), [("hang", 30), ("drip", 0.05)])
def test_the_total_time_is_bounded(
    service: Service, server: MetadataServer, kind: str, seconds: float
) -> None:
    server.fault("crossref", kind, seconds=seconds)
    limits = replace(QUICK, total=1, read=0.8)
    start = time.monotonic()
    with client(service, limits=limits) as http, pytest.raises(Unavailable):
        http.fetch(Request(service, WORK), title)
    assert time.monotonic() - start < 3


def test_where_nobody_answers_the_next_silent_service_is_asked_once(
    service: Service, server: MetadataServer
) -> None:
    other = Service("datacite", f"{server.url}/datacite")
    for name in ("crossref", "datacite"):
        server.fault(name, "hang", seconds=5)
    with client(service, other, limits=replace(QUICK, read=0.2)) as http:
        for request in (Request(service, WORK), Request(other, "/dois/10.48550/arxiv.2306.16388")):
            with pytest.raises(Unavailable):
                http.fetch(request, title)
    assert [each.service for each in server.log].count("datacite") == 1


def test_a_budget_bounds_all_that_is_fetched_inside(
    service: Service, server: MetadataServer
) -> None:
    server.fault("crossref", "slow", seconds=0.4)
    start = time.monotonic()
    with client(service) as http, http.budget(0.6):
        http.fetch(Request(service, WORK), title)
        with pytest.raises(SourceError):
            http.fetch(Request(service, "/works/10.1145/3630106.3658979"), title)
    assert time.monotonic() - start < 1.5


def test_a_service_that_keeps_silent_while_others_answer_is_given_up_after_two_attempts(
    service: Service, server: MetadataServer
) -> None:
    other = Service("datacite", f"{server.url}/datacite")
    server.fault("crossref", "hang", seconds=0.5)
    with client(service, other, limits=replace(QUICK, read=0.2)) as http:
        http.fetch(Request(other, "/dois/10.48550/arxiv.2306.16388"), lambda answer: answer.status)
        for _ in range(4):
            with pytest.raises(Unavailable, match="in time"):
                http.fetch(Request(service, WORK), title)
    time.sleep(0.6)
    assert [each.service for each in server.log] == ["datacite", "crossref", "crossref"]


def test_who_was_given_up_while_nobody_had_answered_gets_another_chance(
    service: Service, server: MetadataServer
) -> None:
    other = Service("datacite", f"{server.url}/datacite")
    server.fault("crossref", "hang", times=1, seconds=0.5)
    with client(service, other, limits=replace(QUICK, read=0.2)) as http:
        for _ in range(2):
            with pytest.raises(Unavailable, match="in time"):
                http.fetch(Request(service, WORK), title)
        http.fetch(Request(other, "/dois/10.48550/arxiv.2306.16388"), lambda answer: answer.status)
        assert http.fetch(Request(service, WORK), title)


def test_where_everything_fails_the_next_service_is_asked_less_often(
    service: Service, server: MetadataServer
) -> None:
    other = Service("datacite", f"{server.url}/datacite")
    for name in ("crossref", "datacite"):
        server.fault(name, "down")
    with client(service, other) as http:
        for request in (Request(service, WORK), Request(other, "/dois/10.48550/arxiv.2306.16388")):
            with pytest.raises(Unavailable):
                http.fetch(request, title)
    asked = [each.service for each in server.log]
    assert (asked.count("crossref"), asked.count("datacite")) == (QUICK.attempts, 2)


def test_a_body_that_only_drips_is_not_waited_for(service: Service, server: MetadataServer) -> None:
    server.fault("crossref", "drip", seconds=0.05)
    start = time.monotonic()
    limits = replace(QUICK, read=0.5, total=30)
    with client(service, limits=limits) as http, pytest.raises(Unavailable, match="too long"):
        http.fetch(Request(service, WORK), title)
    assert time.monotonic() - start < 5


def test_a_pause_that_is_asked_for_again_and_again_is_taken(
    service: Service, server: MetadataServer
) -> None:
    server.fault("crossref", "429", retry_after=0.1)
    with client(service) as http:
        for _ in range(4):
            with pytest.raises(RateLimited):
                http.fetch(Request(service, WORK), title)
    assert len(server.log) == QUICK.attempts


def test_a_slow_service_is_waited_for(service: Service, server: MetadataServer) -> None:
    server.fault("crossref", "slow", seconds=1)
    with client(service) as http:
        assert http.fetch(Request(service, WORK), title)


# Addresses


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1",
     "100.64.0.1"],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data", "https://example.org/",
     "file:///etc/passwd", "//[::1]:1/", "http://user@api.crossref.org/", "http://api.crossref.org/",
     "https://api.crossref.org.evil.example/", "gopher://x", "http://[bad"],
)  # fmt: skip
def test_a_redirect_elsewhere_is_refused(
    service: Service, server: MetadataServer, target: str
) -> None:
    server.fault("crossref", "elsewhere", to=target)
    with client(service) as http, pytest.raises(Unavailable, match=r"redirect|answered"):
        http.fetch(Request(service, WORK), title)
    assert len(server.log) == 1


def test_a_redirect_to_a_configured_service_is_followed_without_the_key(
    service: Service, server: MetadataServer
) -> None:
    with MetadataServer(server.corpus) as other:
        second = Service("datacite", other.url)
        server.fault("crossref", "elsewhere", to=f"{other.url}/crossref{WORK}")
        with client(service, second) as http:
            assert http.fetch(Request(service, WORK), title)
        (asked,) = other.log
        assert "x-api-key" not in asked.headers
        assert "api_key" not in asked.query


def test_a_redirect_loop_ends(service: Service, server: MetadataServer) -> None:
    server.fault("crossref", "loop")
    with client(service) as http, pytest.raises(Unavailable, match="redirects"):
        http.fetch(Request(service, WORK), title)
    assert len(server.log) <= 6


def test_redirects_go_to_hosts_of_services_over_https_only() -> None:
    guard = Guard([Service("doi", "https://doi.org", also=("data.crosscite.org",))])
    assert guard.allows("https://doi.org/10.1/x")
    assert guard.allows("https://data.crosscite.org/10.1/x")
    assert not guard.allows("http://data.crosscite.org/10.1/x")
    assert not guard.allows("https://doi.org:8443/")


def test_a_name_that_leads_to_a_private_address_is_refused(server: MetadataServer) -> None:
    port = int(server.url.rpartition(":")[2])
    configured = Service("crossref", server.url)
    sneaky = Service("dblp", f"http://localhost:{port}")
    with client(configured) as http, pytest.raises(Unavailable, match="private"):
        http.fetch(Request(sneaky, "/crossref/works"), title)
    assert server.log == []


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "[::1]",
     "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"],
)  # fmt: skip
def test_however_a_private_address_is_written_it_is_refused(
    server: MetadataServer, host: str
) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(Refused):
        Guard([]).connect(host, port, 2)
    assert server.log == []


def test_netrc_is_not_sent(
    service: Service, server: MetadataServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password hidden\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with client(service) as http:
        http.fetch(Request(service, WORK), title)
    assert "authorization" not in server.log[0].headers


# Cache


def test_an_answer_is_asked_for_once_by_all_runs(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    for _ in range(3):
        with client(service, folder=tmp_path) as http:
            assert http.fetch(Request(service, WORK), title)
            assert http.fetch(Request(service, "/works/10.9/none"), title) == ""
    assert len(server.log) == 2


def test_a_contact_or_key_changes_nothing_in_the_cache(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    for key in ("one", "two"):
        other = replace(service, identity={"mailto": key, "api_key": key}, headers={})
        with client(other, folder=tmp_path) as http:
            http.fetch(Request(other, WORK), title)
    assert len(server.log) == 1


def test_what_cannot_be_parsed_is_not_kept(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    server.fault("crossref", "html", times=QUICK.attempts)
    with client(service, folder=tmp_path) as http:
        with pytest.raises(BadResponse):
            http.fetch(Request(service, WORK), title)
        assert http.fetch(Request(service, WORK), title)


@pytest.mark.parametrize("error", [TypeError, KeyError, RecursionError, OverflowError])
def test_what_a_reader_stumbles_over_is_a_bad_answer(
    service: Service, server: MetadataServer, error: type[Exception]
) -> None:
    def stumble(response: Response) -> str:
        raise error(SECRET)

    with client(service) as http, pytest.raises(BadResponse, match="no sense") as raised:
        http.fetch(Request(service, WORK), stumble)
    assert SECRET not in str(raised.value)


def test_an_expired_answer_is_validated_and_not_sent_again(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    short = replace(service, lifetime=0)
    with client(short, folder=tmp_path) as http:
        first = http.fetch(Request(short, WORK), title)
        assert http.fetch(Request(short, WORK), title) == first
    assert [each.status for each in server.log] == [200, 304]
    assert server.log[1].headers["if-none-match"]


def test_nothing_found_is_kept_for_the_shorter_time(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    short = replace(service, negative_lifetime=0)
    with client(short, folder=tmp_path) as http:
        for path in (WORK, "/works/10.9/none"):
            for _ in range(2):
                http.fetch(Request(short, path), title)
    assert [each.path for each in server.log] == [WORK, "/works/10.9/none", "/works/10.9/none"]


def test_offline_the_cache_alone_answers_even_when_expired(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    short = replace(service, lifetime=0)
    with client(short, folder=tmp_path) as http:
        http.fetch(Request(short, WORK), title)
    with client(short, folder=tmp_path, offline=True) as http:
        assert http.fetch(Request(short, WORK), title)
        with pytest.raises(Unavailable, match="cache"):
            http.fetch(Request(short, "/works/10.9/none"), title)
    assert len(server.log) == 1


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 100, None])
def test_a_broken_cache_is_begun_again(
    service: Service, server: MetadataServer, tmp_path: Path, damage: bytes | None
) -> None:
    file = tmp_path / "http.sqlite3"
    with client(service, folder=tmp_path) as http:
        http.fetch(Request(service, WORK), title)
    data = file.read_bytes() if damage is None else damage
    file.write_bytes(data[:4096] + b"\xff" * 4096 if damage is None else data)
    for _ in range(2):
        with client(service, folder=tmp_path) as http:
            assert http.fetch(Request(service, WORK), title)
    assert len(server.log) == 2


def test_a_cache_that_breaks_during_the_run_is_begun_again(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    with client(service, folder=tmp_path) as http:
        http.fetch(Request(service, WORK), title)
        for file in tmp_path.glob("http.sqlite3*"):
            file.write_bytes(b"garbage" * 2000)
        assert http.fetch(Request(service, WORK), title)


def test_a_folder_that_cannot_be_written_is_no_trouble(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with client(service, folder=tmp_path / "file" / "folder") as http:
        assert http.fetch(Request(service, WORK), title)
        assert http.fetch(Request(service, WORK), title)
    assert len(server.log) == 1


def test_single_things_are_remembered_for_later_batches(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    with client(service, folder=tmp_path) as http:
        http.remember(service, {"a": "A", "b": ""}, NOW)
    with client(service, folder=tmp_path) as http:
        found = http.recall(service, ["a", "b", "c"])
    assert {name: each.text for name, each in found.items()} == {"a": "A", "b": ""}
    assert (found["a"].is_missing, found["b"].is_missing) == (False, True)


def _write_many(folder: str, number: int) -> None:
    service = Service("x", "http://127.0.0.1:9")
    with Client([service], folder=Path(folder)) as http:
        for index in range(50):
            http.remember(service, {f"{number}-{index}": "text"}, NOW)


def test_several_processes_share_the_cache(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_many, args=(str(tmp_path), n)) for n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    service = Service("x", "http://127.0.0.1:9")
    with Client([service], folder=tmp_path, offline=True) as http:
        names = [f"{number}-{index}" for number in range(2) for index in range(50)]
        assert len(http.recall(service, names)) == 100


def test_no_secret_is_in_the_cache(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    with client(service, folder=tmp_path) as http:
        http.fetch(Request(service, WORK), title)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes()
            assert b"me@lab.org" not in file.read_bytes()


@pytest.mark.parametrize("kind", ["500", "403", "html", "down", "truncated", "loop", "hang"])
def test_no_secret_is_in_errors_and_logs(
    service: Service, server: MetadataServer, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    server.fault("crossref", kind, seconds=0.6)
    limits = replace(QUICK, attempts=2, read=0.3, total=1)
    caplog.set_level(logging.DEBUG)
    with client(service, limits=limits) as http, pytest.raises(SourceError) as raised:
        http.fetch(Request(service, WORK), title)
    told = "".join(traceback.format_exception(raised.value)) + caplog.text + repr(service)
    assert "/crossref/works" in caplog.text
    assert SECRET not in told
    assert "me@lab.org" not in told


# Pace


def test_requests_keep_their_interval(server: MetadataServer) -> None:
    paced = Service("arxiv", f"{server.url}/arxiv", interval=0.2, concurrency=1)
    requests = [Request(paced, "/api/query", (("id_list", f"2401.0000{n}"),)) for n in range(5)]
    with client(paced) as http, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: http.fetch(each, lambda answer: answer.status), requests))
    starts = sorted(each.started for each in server.log)
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.2


_ASK = """
import sys
from pathlib import Path
from citeworks.http import Client, Request, Service
base, folder, name = sys.argv[1:]
service = Service("arxiv", base, interval=0.3, concurrency=1)
with Client([service], folder=Path(folder)) as http:
    for n in range(3):
        params = (("search_query", f"ti:{name}{n}"),)
        http.fetch(Request(service, "/api/query", params), lambda response: response.status)
"""


def test_the_interval_holds_over_all_processes(server: MetadataServer, tmp_path: Path) -> None:
    base = f"{server.url}/arxiv"
    running = [
        subprocess.Popen([sys.executable, "-c", _ASK, base, str(tmp_path), name]) for name in "ab"
    ]
    assert [each.wait(60) for each in running] == [0, 0]
    starts = sorted(each.started for each in server.log)
    assert len(starts) == 6
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 0.3


def test_never_more_at_once_than_the_service_allows(
    service: Service, server: MetadataServer
) -> None:
    server.fault("crossref", "slow", seconds=0.1)
    active, most, lock = [0], [0], threading.Lock()
    turn = Turns.turn

    def fetch(http: Client, number: int) -> None:
        http.fetch(Request(service, f"/works/10.9/{number}"), title)

    class Counting:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def __enter__(self) -> None:
            self.inner.__enter__()
            with lock:
                active[0] += 1
                most[0] = max(most[0], active[0])

        def __exit__(self, *error: Any) -> Any:
            with lock:
                active[0] -= 1
            return self.inner.__exit__(*error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Turns, "turn", lambda self, *rest: Counting(turn(self, *rest)))
        with client(service) as http, ThreadPoolExecutor(8) as pool:
            fetch(http, 0)  # the answer says how many: three for those who name themselves
            list(pool.map(lambda number: fetch(http, number), range(1, 12)))
    assert most[0] == 3


def test_the_limits_that_an_answer_names_are_kept(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    with client(service, folder=tmp_path) as http:
        http.fetch(Request(service, WORK), title)
        turns = http._turns_of(service)
    assert (turns.interval, turns.concurrency) == (1 / 1000, 3)


def test_a_wait_that_another_process_was_told_holds_here_too(tmp_path: Path) -> None:
    Turns(tmp_path / "x", 0, 1).postpone(0.5)
    start = time.monotonic()
    with Turns(tmp_path / "x", 0, 1).turn(start + 5, time.sleep):
        assert time.monotonic() - start >= 0.4


def test_a_long_wait_that_another_process_was_told_is_an_error_here_too(
    service: Service, server: MetadataServer, tmp_path: Path
) -> None:
    server.fault("crossref", "429", retry_after=600)
    for _ in range(2):
        start = time.monotonic()
        with client(service, folder=tmp_path) as http, pytest.raises(RateLimited) as raised:
            http.fetch(Request(service, WORK), title)
        assert 590 < (raised.value.retry_after or 0) <= 600
        assert time.monotonic() - start < 2
    assert len(server.log) == 1


@pytest.mark.parametrize("text", ["", "nonsense", "1e300", "nan", "-5", "99999999999"])
def test_a_pace_file_with_nonsense_in_it_stops_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    start = time.monotonic()
    with Turns(tmp_path / "x", 0.01, 1).turn(start + 5, time.sleep):
        assert time.monotonic() - start < 1


# No network


def test_without_a_network_everything_fails_soon(tmp_path: Path) -> None:
    services = [Service(f"s{n}", f"http://192.0.2.{n}") for n in range(1, 9)]
    start = time.monotonic()
    with Client(services, folder=tmp_path, limits=replace(Limits(), connect=1.0)) as http:
        for each in services:
            with pytest.raises(Unavailable):
                http.fetch(Request(each, "/"), title)
    assert time.monotonic() - start < 12


def test_a_refused_connection_fails_at_once(tmp_path: Path) -> None:
    services = [Service(f"s{n}", f"http://127.0.0.1:{n}") for n in range(1, 9)]
    start = time.monotonic()
    with client(*services) as http:
        for each in services:
            with pytest.raises(Unavailable, match="refused"):
                http.fetch(Request(each, "/"), title)
    assert time.monotonic() - start < 3


def test_a_service_that_comes_back_is_asked_again_after_a_refused_connection(
    service: Service, server: MetadataServer
) -> None:
    dead = Service("dblp", "http://127.0.0.1:1")
    with client(service, dead) as http:
        for _ in range(2):
            with pytest.raises(Unavailable):
                http.fetch(Request(dead, "/"), title)
        assert http.fetch(Request(service, WORK), title)


def test_closing_wakes_whoever_waits(service: Service) -> None:
    paced = replace(service, interval=30, concurrency=1)
    http = client(paced)
    http.fetch(Request(paced, WORK), title)
    errors: list[SourceError] = []

    def wait() -> None:
        try:
            http.fetch(Request(paced, "/works/10.9/x"), title)
        except SourceError as error:
            errors.append(error)

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.1)
    http.close()
    waiter.join(5)
    assert not waiter.is_alive()
    assert len(errors) == 1


def test_the_cache_is_an_sqlite_file_of_our_version(service: Service, tmp_path: Path) -> None:
    with client(service, folder=tmp_path) as http:
        http.fetch(Request(service, WORK), title)
    connection = sqlite3.connect(tmp_path / "http.sqlite3")
    assert connection.execute("SELECT count(*) FROM answers").fetchone() == (1,)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with client(service, folder=tmp_path, offline=True) as http, pytest.raises(Unavailable):
        http.fetch(Request(service, WORK), title)


# Encrypted connections


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[Service, Path]]:
    """A service with a certificate that nobody has signed."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl to make a certificate with")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key,
         "-out", certificate, "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hello)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Service("acl", f"https://127.0.0.1:{server.server_address[1]}"), certificate
    server.shutdown()
    server.server_close()


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


def test_a_certificate_that_cannot_be_trusted_is_refused_at_once(
    encrypted: tuple[Service, Path],
) -> None:
    service, _ = encrypted
    with client(service) as http, pytest.raises(Unavailable, match="certificate"):
        http.fetch(Request(service, "/"), lambda response: response.text)


def test_an_encrypted_connection_is_made_to_the_checked_address(
    encrypted: tuple[Service, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, certificate = encrypted
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with client(service) as http:
        assert http.fetch(Request(service, "/"), lambda response: response.text) == "hello"
