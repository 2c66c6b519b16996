"""The Web API and the local API as storages, against the stand-in server and its faults."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from citeworks.config import load_secret, load_settings
from citeworks.errors import (
    BadResponse,
    CiteError,
    InputError,
    NotFound,
    PermissionRefused,
    RateLimited,
    RequestTooLarge,
    Unavailable,
    VersionMismatch,
)
from citeworks.sync.interface import Kind, LibraryId, Result
from citeworks.sync.zotero import LocalLibrary, Patience, ZoteroLibrary, connect
from servers.zotero import (
    Fault,
    ZoteroServer,
    backoff,
    cut_short,
    dropped,
    rate_limited,
    redirected,
    slow,
    unavailable,
    web_page,
)
from servers.zotero.client import item, new_key

GROUP = LibraryId("groups", 42)
QUICK = Patience(first=0.01, total=5)
Connected = Callable[..., ZoteroLibrary]


@pytest.fixture
def server() -> Iterator[ZoteroServer]:
    """A server with a group of user 1."""
    with ZoteroServer() as running:
        running.add_group(GROUP.number, owner=1, name="Lab")
        yield running


@pytest.fixture
def connected() -> Iterator[Connected]:
    """`connect` to the group, with a key of user 1 unless told otherwise; closed afterwards."""
    made: list[ZoteroLibrary] = []

    def open_library(running: ZoteroServer, library: LibraryId = GROUP, **options: Any) -> Any:
        key = options.pop("key", None)
        key = running.add_user(1, "ada") if key is None else key
        settings: dict[str, Any] = {"patience": QUICK, "url": running.url} | options
        made.append(connect(library, key=key, **settings))
        return made[-1]

    yield open_library
    for each in made:
        each.close()


@pytest.fixture
def library(server: ZoteroServer, connected: Connected) -> ZoteroLibrary:
    """The group, with a key that may do everything."""
    return connected(server)


def created(library: ZoteroLibrary, *objects: dict[str, Any]) -> int:
    """Write objects, all of which must be taken; gives the library's version."""
    report = library.write(Kind.ITEM, objects)
    assert {each.result for each in report.outcomes} == {Result.APPLIED}
    return report.version


def size(server: ZoteroServer) -> int:
    """How many items the group has."""
    return len(server.library("groups", GROUP.number).objects["items"])


# -- reading ------------------------------------------------------------------------------------


def test_a_listing_has_the_trash_and_what_changed_after_a_version(library: ZoteroLibrary) -> None:
    first, second = item("A"), item("B", deleted=1)
    version = created(library, first, second)
    listing = library.listing(Kind.ITEM)
    assert listing.is_complete
    assert (listing.version, listing.versions) == (version, {first["key"]: 1, second["key"]: 2})
    later = library.listing(Kind.ITEM, since=1)
    assert not later.is_complete
    assert later.versions == {second["key"]: 2}
    assert library.listing(Kind.COLLECTION).versions == {}


def test_an_empty_library_has_an_empty_listing(library: ZoteroLibrary) -> None:
    assert (library.listing(Kind.ITEM).version, library.listing(Kind.ITEM).versions) == (0, {})


def test_objects_come_a_hundred_a_request_with_few_at_once(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    sent = [item(f"Part {each}", deleted=each % 2) for each in range(1_000)]
    for start in range(0, 1_000, 50):
        version = created(library, *sent[start : start + 50])
    server.forget_requests()
    fetched = library.objects(Kind.ITEM, [each["key"] for each in sent] + [new_key()])
    assert fetched.version == version
    assert {key: data["title"] for key, data in fetched.objects.items()} == {
        each["key"]: each["title"] for each in sent
    }
    assert server.reads == 11
    assert server.most_at_once <= 5
    assert "gzip" in server.requests[0].headers["accept-encoding"]


def test_objects_are_read_on_where_the_server_gives_fewer_at_once(
    server: ZoteroServer, library: ZoteroLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servers.zotero.reading.MAX_LIMIT", 7)
    sent = [item() for _ in range(20)]
    created(library, *sent)
    assert len(library.objects(Kind.ITEM, [each["key"] for each in sent]).objects) == 20


def test_an_idle_check_is_one_request(server: ZoteroServer, library: ZoteroLibrary) -> None:
    version = created(library, item())
    server.forget_requests()
    assert library.is_unmodified(version)
    assert [each.status for each in server.requests] == [304]
    assert not library.is_unmodified(version - 1)


def test_a_library_that_went_backwards_is_modified(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    """Where the answer says so: Zotero's own 304 has no version, a proxy's or the app's may."""
    version = created(library, item(), item())
    older = (("Last-Modified-Version", "1"),)
    server.faults.order(Fault("an older version", headers=older, applied=True))
    assert not library.is_unmodified(version)


@pytest.mark.parametrize("changes", [1, 99])
def test_a_listing_in_pages_begins_again_when_the_library_moves(
    server: ZoteroServer,
    library: ZoteroLibrary,
    monkeypatch: pytest.MonkeyPatch,
    changes: int,
) -> None:
    monkeypatch.setattr("servers.zotero.reading.VERSIONS_LIMIT", 4)
    created(library, *(item() for _ in range(10)))
    group, left = server.library("groups", GROUP.number), [item() for _ in range(changes)]
    server.between = lambda _: left and group.write_many("items", [left.pop()], None)
    if changes == 1:
        assert len(library.listing(Kind.ITEM).versions) == 11
    else:
        with pytest.raises(Unavailable, match="faster"):
            library.listing(Kind.ITEM)


def test_objects_tell_that_the_library_moved_between_their_parts(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    sent = [item() for _ in range(150)]
    for start in range(0, 150, 50):
        version = created(library, *sent[start : start + 50])
    group, left = server.library("groups", GROUP.number), [item()]
    server.between = lambda _: left and group.write_many("items", [left.pop()], None)
    keys = [each["key"] for each in sent]
    assert library.objects(Kind.ITEM, keys).version in (version, version + 1)
    assert library.objects(Kind.ITEM, keys).version == version + 1


def test_deletions_are_listed(library: ZoteroLibrary) -> None:
    first, second = item("A"), item("B")
    version = created(library, first, second)
    after = library.delete(Kind.ITEM, [first["key"]], library_version=version)
    deleted = library.deleted(version)
    assert (deleted.version, deleted.items, deleted.collections) == (
        after,
        frozenset({first["key"]}),
        frozenset(),
    )


def test_the_schema_is_the_servers(server: ZoteroServer, library: ZoteroLibrary) -> None:
    server.application.schema.add_field("poem", "metre")
    assert "poem" in {each["itemType"] for each in (library.schema().document or {})["itemTypes"]}


# -- writing ------------------------------------------------------------------------------------


def test_every_object_has_its_outcome(library: ZoteroLibrary) -> None:
    old = item("Old")
    created(library, old)
    missing = {"key": new_key(), "version": 0, "name": "B", "parentCollection": new_key()}
    report = library.write(
        Kind.ITEM,
        [
            {**old, "version": 1},
            {**old, "version": 0},
            item("New"),
            item("<b>", itemType="<poem>"),
            item(title="x" * 70_000),
            item(version=5),
            item(collections=[missing["parentCollection"]]),
        ],
    )
    results = [(each.result.value, each.code) for each in report.outcomes]
    assert results == [
        ("unchanged", 0),
        ("conflict", 412),
        ("applied", 0),
        ("failed", 400),
        ("failed", 413),
        ("failed", 404),
        ("failed", 409),
    ]
    applied, refused, lost = report.outcomes[2], report.outcomes[3], report.outcomes[6]
    assert applied.data is not None
    assert (applied.version, applied.data["title"]) == (report.version, "New")
    assert refused.message == "'<poem>' is not a valid itemType"
    assert lost.details == {"collection": missing["parentCollection"]}
    (collection,) = library.write(Kind.COLLECTION, [missing]).outcomes
    assert collection.code == 409


@pytest.mark.parametrize(("shared", "expected"), [(True, [1, 1, 1]), (False, [1, 2, 3])])
def test_versions_of_a_write_are_each_objects_own(
    connected: Connected, shared: bool, expected: list[int]
) -> None:
    with ZoteroServer(shared_versions=shared) as server:
        server.add_group(GROUP.number, owner=1)
        report = connected(server).write(Kind.ITEM, [item(), item(), item()])
        assert [each.version for each in report.outcomes] == expected
        assert report.version == expected[-1]


def test_nothing_is_written_once_the_library_moved(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    version = created(library, item())
    created(library, item())
    with pytest.raises(VersionMismatch):
        library.write(Kind.ITEM, [item()], library_version=version)
    with pytest.raises(VersionMismatch):
        library.delete(Kind.ITEM, [new_key()], library_version=version)
    assert size(server) == 2


def test_too_many_objects_are_too_large(server: ZoteroServer, library: ZoteroLibrary) -> None:
    with pytest.raises(RequestTooLarge):
        library.write(Kind.ITEM, [item() for _ in range(51)])
    assert size(server) == 0


def test_bodies_are_zipped_and_every_deletion_has_a_version(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    sent = [item(f"Ünï {each}") for each in range(50)]
    version = created(library, *sent)
    library.delete(Kind.ITEM, [each["key"] for each in sent], library_version=version)
    post, delete = server.requests
    assert post.headers["content-encoding"] == "gzip"
    assert delete.headers["if-unmodified-since-version"] == str(version)
    assert library.requests == {"POST": 1, "DELETE": 1}
    assert size(server) == 0


# -- faults -------------------------------------------------------------------------------------

REFUSED = (rate_limited(0), rate_limited(None), unavailable(0), unavailable(None))
REFUSED_LOCKED = (*REFUSED, unavailable(None, 409))
LOST = (dropped(applied=False), dropped(applied=True), cut_short(), unavailable(None, 500))


@pytest.mark.parametrize("fault", [*REFUSED_LOCKED, *LOST], ids=lambda each: each.name)
def test_reads_are_repeated_after_any_fault(
    server: ZoteroServer, library: ZoteroLibrary, fault: Fault
) -> None:
    created(library, item())
    server.faults.order(fault, fault)
    assert len(library.listing(Kind.ITEM).versions) == 1
    assert library.requests["GET"] == 3


@pytest.mark.parametrize("fault", REFUSED_LOCKED, ids=lambda each: each.name)
def test_writes_that_were_refused_are_repeated(
    server: ZoteroServer, library: ZoteroLibrary, fault: Fault
) -> None:
    server.faults.order(fault, fault)
    created(library, item())
    assert size(server) == 1


@pytest.mark.parametrize("fault", LOST, ids=lambda each: each.name)
def test_a_write_whose_answer_is_lost_is_sent_once_and_recovered_by_its_keys(
    server: ZoteroServer, library: ZoteroLibrary, fault: Fault
) -> None:
    sent = [item(f"Part {each}") for each in range(3)]
    server.faults.order(fault, match="POST")
    with pytest.raises(Unavailable, match=r"not known|500"):
        library.write(Kind.ITEM, sent)
    assert server.writes == 1
    found = library.objects(Kind.ITEM, [each["key"] for each in sent]).objects
    again = library.write(Kind.ITEM, sent).outcomes
    expected = Result.CONFLICT if found else Result.APPLIED
    assert {each.result for each in again} == {expected}
    assert size(server) == 3


def test_a_slow_answer_is_no_answer(server: ZoteroServer, connected: Connected) -> None:
    library = connected(server, timeout=0.3)
    sent = item()
    server.faults.order(slow(2), match="POST")
    with pytest.raises(Unavailable, match="not known"):
        library.write(Kind.ITEM, [sent])
    server.faults.order(slow(2), match="GET")
    assert list(library.listing(Kind.ITEM).versions) == [sent["key"]]


@pytest.mark.parametrize(
    ("fault", "expected"), [(rate_limited(0), RateLimited), (unavailable(), Unavailable)]
)
def test_repeats_are_bounded(
    server: ZoteroServer, library: ZoteroLibrary, fault: Fault, expected: type[CiteError]
) -> None:
    server.faults.order(*[fault] * 20)
    with pytest.raises(expected):
        library.write(Kind.ITEM, [item()])
    assert server.writes == QUICK.attempts
    assert size(server) == 0


@pytest.mark.parametrize("fault", [rate_limited(999), unavailable(999), backoff(999)])
def test_a_pause_beyond_patience_is_not_sat_out(
    server: ZoteroServer, library: ZoteroLibrary, fault: Fault
) -> None:
    server.faults.order(fault)
    began = time.monotonic()
    if fault.status is None:
        library.listing(Kind.ITEM)
    with pytest.raises(RateLimited) as caught:
        library.listing(Kind.ITEM)
    assert caught.value.retry_after == pytest.approx(999, abs=5)
    assert time.monotonic() - began < 3
    assert server.reads == 1


@pytest.mark.parametrize("fault", [rate_limited(1), backoff(1), unavailable(1)])
def test_a_pause_holds_for_every_request(
    server: ZoteroServer, library: ZoteroLibrary, fault: Fault
) -> None:
    created(library, item())
    server.faults.order(fault)
    library.is_unmodified(0)
    told = server.requests[1].started
    workers = [threading.Thread(target=library.listing, args=(Kind.ITEM,)) for _ in range(3)]
    for each in workers:
        each.start()
    created(library, item())
    for each in workers:
        each.join()
    assert all(each.started - told >= 0.95 for each in server.requests[2:])


def test_pauses_are_told(server: ZoteroServer, connected: Connected) -> None:
    told: list[float] = []
    library = connected(server, notice=told.append)
    server.faults.order(rate_limited(2))
    library.listing(Kind.ITEM)
    assert told == [pytest.approx(2, abs=0.5)]


def test_a_date_to_retry_after_is_understood(server: ZoteroServer, library: ZoteroLibrary) -> None:
    past = Fault("429", 429, (("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"),))
    server.faults.order(past, Fault("429", 429, (("Retry-After", "soon"),)))
    assert library.listing(Kind.ITEM).versions == {}


def test_a_web_page_is_a_bad_response(server: ZoteroServer, library: ZoteroLibrary) -> None:
    server.faults.always(web_page())
    for call in (library.access, lambda: library.listing(Kind.ITEM)):
        with pytest.raises(BadResponse, match="text/html"):
            call()
    with pytest.raises(BadResponse, match="text/html"):
        library.write(Kind.ITEM, [item()])


def test_a_web_page_that_goes_away_is_asked_again(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    created(library, item())
    server.faults.order(web_page(), web_page())
    assert len(library.listing(Kind.ITEM).versions) == 1
    server.forget_requests()
    server.faults.order(web_page(), match="POST")
    with pytest.raises(BadResponse):
        library.write(Kind.ITEM, [item()])
    assert server.writes == 1


@pytest.mark.parametrize("body", ["[1]", "7", '{"a": "b"}', "null", "[" * 100_000])
def test_json_of_another_shape_is_a_bad_response(
    server: ZoteroServer, library: ZoteroLibrary, body: str
) -> None:
    odd = Fault("odd", 200, (("Last-Modified-Version", "1"),), body=body)
    server.faults.order(odd, odd, odd, odd)
    calls: list[Callable[[], object]] = [
        lambda: library.listing(Kind.ITEM),
        lambda: library.objects(Kind.ITEM, ["ABCD2345"]),
        lambda: library.write(Kind.ITEM, [item()]),
    ]
    for call in calls:
        with pytest.raises(BadResponse):
            call()


def test_a_server_that_is_not_there_is_given_up_soon(connected: Connected) -> None:
    with ZoteroServer() as server:
        library = connected(server, patience=Patience())
    began = time.monotonic()
    with pytest.raises(Unavailable, match="cannot reach"):
        library.listing(Kind.ITEM)
    assert time.monotonic() - began < 10


def test_maintenance_ends_in_unavailable(server: ZoteroServer, library: ZoteroLibrary) -> None:
    server.application.maintenance = True
    with pytest.raises(Unavailable, match="503"):
        library.access()


def test_a_fifth_of_the_requests_failing_loses_and_doubles_nothing(
    server: ZoteroServer, library: ZoteroLibrary
) -> None:
    sent = [item(f"Part {each}") for each in range(300)]
    server.faults.by_chance(0.2, seed=7)
    for start in range(0, 300, 10):
        rest = sent[start : start + 10]
        while rest:
            with contextlib.suppress(Unavailable):
                library.write(Kind.ITEM, rest)
            there = library.objects(Kind.ITEM, [each["key"] for each in rest]).objects
            rest = [each for each in rest if each["key"] not in there]
    server.faults.clear()
    assert len({each.fault for each in server.requests}) > 5
    found = library.objects(Kind.ITEM, [each["key"] for each in sent]).objects
    assert {data["title"] for data in found.values()} == {each["title"] for each in sent}
    assert size(server) == 300


# -- permissions and secrets ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "access", "group", "may_read", "may_write", "reason"),
    [
        (1, {}, {}, True, True, ""),
        (2, {}, {"members": (2,)}, True, True, ""),
        (1, {"groups": {"42": {"library": True, "write": False}}}, {}, True, False, "only read"),
        (2, {}, {"members": (2,), "library_editing": "admins"}, True, False, "admins"),
        (3, {}, {"members": (2,), "kind": "PublicOpen"}, True, False, "not a member"),
        (1, {"groups": {"7": {"library": True}}}, {"kind": "PublicOpen"}, True, False, "not read"),
    ],
)
def test_access_is_the_keys_scope_and_the_groups_rules_together(
    server: ZoteroServer,
    connected: Connected,
    user: int,
    access: dict[str, Any],
    group: dict[str, Any],
    may_read: bool,
    may_write: bool,
    reason: str,
) -> None:
    server.add_group(GROUP.number, owner=1, name="Lab", **group)
    library = connected(server, key=server.add_user(user, "ada", **access))
    verdict = library.access()
    assert (verdict.read, verdict.write) == (may_read, may_write)
    assert (verdict.user, verdict.library_name) == ("ada", "Lab")
    assert reason in verdict.reason
    assert library.requests == {"GET": 2}
    if not may_write:
        with pytest.raises(PermissionRefused):
            library.write(Kind.ITEM, [item()])
    else:
        created(library, item())


def test_files_need_the_groups_leave(server: ZoteroServer, connected: Connected) -> None:
    assert connected(server).access().files
    server.add_group(GROUP.number, owner=1, file_editing="admins", members=(2,))
    verdict = connected(server, key=server.add_user(2)).access()
    assert (verdict.write, verdict.files) == (True, False)


def test_a_users_library_is_open_to_their_key_alone(
    server: ZoteroServer, connected: Connected
) -> None:
    own = connected(server, LibraryId("users", 5), key=server.add_user(5, "bo"))
    assert (own.access().write, own.access().user) == (True, "bo")
    created(own, item())
    other = connected(server, LibraryId("users", 5), key=server.add_user(6, "cy"))
    assert (other.access().read, other.access().write) == (False, False)
    with pytest.raises(PermissionRefused):
        other.listing(Kind.ITEM)
    read_only = {"library": True, "write": False}
    reader = connected(server, LibraryId("users", 5), key=server.add_user(5, user=read_only))
    assert (reader.access().read, reader.access().write) == (True, False)


def test_without_a_key_a_public_group_is_read(server: ZoteroServer, connected: Connected) -> None:
    server.add_group(GROUP.number, owner=1, kind="PublicClosed")
    verdict = connected(server, key="").access()
    assert (verdict.read, verdict.write) == (True, False)
    assert "no API key" in verdict.reason
    with pytest.raises(PermissionRefused, match="needs an API key"):
        connected(server, LibraryId("users", 5), key="").access()
    server.add_group(GROUP.number, owner=1)
    with pytest.raises(PermissionRefused, match="there is no API key") as caught:
        connected(server, key="").access()
    assert "CITE_ZOTERO_API_KEY" in caught.value.hint


def test_an_unknown_group_and_a_wrong_key_are_named(
    server: ZoteroServer, connected: Connected
) -> None:
    with pytest.raises(NotFound, match="groups/999"):
        connected(server, LibraryId("groups", 999)).access()
    with pytest.raises(PermissionRefused, match="Invalid key") as caught:
        connected(server, key="wrong").access()
    assert "CITE_ZOTERO_API_KEY" in caught.value.hint


def test_the_key_is_nowhere_but_in_its_header(
    server: ZoteroServer, connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = "s3cretKeyOfNobody"
    library = connected(server, key=key)
    echo = Fault("echo", 403, body=f"Invalid key {key}")
    server.faults.order(echo, match="/deleted")
    said = [repr(library), repr(library._session), str(vars(library))]
    for call in (library.access, lambda: library.deleted(1)):
        with pytest.raises(PermissionRefused) as caught:
            call()
        said += [repr(caught.value), str(caught.value), caught.value.hint]
    assert not [text for text in (*said, caplog.text) if key in text]
    assert all(key not in each.path + each.query for each in server.requests)


@pytest.mark.parametrize("key", ["two words", "line\nend", "“quoted”", "x" * 500])
def test_a_key_that_cannot_be_one_is_refused_unsaid(key: str) -> None:
    with pytest.raises(PermissionRefused) as caught:
        connect(GROUP, key=key)
    assert key not in caught.value.message + caught.value.hint


def test_the_key_does_not_follow_a_redirect(server: ZoteroServer, library: ZoteroLibrary) -> None:
    with ZoteroServer() as other:
        server.faults.order(redirected(f"{other.url}/steal"))
        with pytest.raises(BadResponse, match="redirects"):
            library.listing(Kind.ITEM)
        assert other.requests == []


@pytest.mark.parametrize(
    "url",
    ["ftp://a/", "api.zotero.org", "http://", "http://u:p@a/", "https://a/?key=x", "http://[a/"],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        connect(GROUP, url=url)


def test_the_key_comes_from_the_environment_and_from_no_file(tmp_path: Path) -> None:
    environment = {"CITE_ZOTERO_API_KEY": "abc"}
    assert load_secret("zotero.api-key", environment) == "abc"
    (tmp_path / "cite.toml").write_text('[zotero]\napi-key = "abc"\n', encoding="utf-8")
    with pytest.raises(InputError, match="no place in a file") as caught:
        load_settings(tmp_path, environment)
    assert "CITE_ZOTERO_API_KEY" in caught.value.hint


def test_no_file_of_a_project_says_where_the_key_is_sent(tmp_path: Path) -> None:
    text = '[zotero]\nurl = "https://collector.example.org"\n'
    (tmp_path / "cite.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no place in a file"):
        load_settings(tmp_path, {})


# -- the desktop app ------------------------------------------------------------------------------


@pytest.fixture
def desktop() -> Iterator[ZoteroServer]:
    """The app, whose user always allows."""
    with ZoteroServer(local=True) as running:
        running.add_group(GROUP.number, owner=1)
        yield running


def local(connected: Connected, desktop: ZoteroServer, key: str = "") -> ZoteroLibrary:
    return connected(desktop, LibraryId("users", 0), key=key)


def test_the_app_is_read_and_written_with_its_consent(
    desktop: ZoteroServer, connected: Connected
) -> None:
    assert desktop.application.local is not None
    library = local(connected, desktop)
    assert isinstance(library, LocalLibrary)
    assert not library.lists_deleted
    assert library.versions_edits
    assert library.server == desktop.application.local.server_id
    assert library.access().write
    sent = [item() for _ in range(50)]
    version = created(library, *sent)
    assert len(desktop.application.local.asked) == 1
    fetched = library.objects(Kind.ITEM, [each["key"] for each in sent])
    assert (fetched.version, len(fetched.objects)) == (version, 50)
    assert library.delete(Kind.ITEM, [sent[0]["key"]], library_version=version) == version + 1
    with pytest.raises(NotFound):
        library.deleted(1)


def test_consent_for_one_change_is_asked_for_again(
    desktop: ZoteroServer, connected: Connected
) -> None:
    assert desktop.application.local is not None
    desktop.application.local.consent = "once"
    library = local(connected, desktop, key="of-last-week")
    for _ in range(3):
        created(library, item())
    assert len(desktop.application.local.asked) == 3


class Kept(dict[str, str]):
    """A place for permissions."""

    def recall(self, server: str) -> str:
        return self.get(server, "")

    def keep(self, server: str, key: str) -> None:
        self[server] = key


@pytest.mark.parametrize("consent", ["always", "once"])
def test_only_consent_for_always_is_kept_and_asked_for_no_more(
    desktop: ZoteroServer, connected: Connected, consent: str
) -> None:
    app, kept = desktop.application.local, Kept()
    assert app is not None
    app.consent = consent
    for _ in range(3):
        created(connected(desktop, LibraryId("users", 0), key="", permissions=kept), item())
    assert len(app.asked) == (1 if consent == "always" else 3)
    assert list(kept) == ([app.server_id] if consent == "always" else [])


def test_consent_that_was_taken_back_is_asked_for_again(
    desktop: ZoteroServer, connected: Connected
) -> None:
    app = desktop.application.local
    assert app is not None
    kept = Kept({app.server_id: "revoked", "another": "other"})
    created(connected(desktop, LibraryId("users", 0), key="given", permissions=kept), item())
    assert len(app.asked) == 1
    assert app.keys == {kept[app.server_id]: True}
    assert kept["another"] == "other"


def test_without_consent_nothing_is_changed(desktop: ZoteroServer, connected: Connected) -> None:
    assert desktop.application.local is not None
    desktop.application.local.consent = "deny"
    library = local(connected, desktop)
    for _ in range(5):
        with pytest.raises(PermissionRefused, match="did not allow"):
            library.write(Kind.ITEM, [item()])
    with pytest.raises(RateLimited):
        library.write(Kind.ITEM, [item()])


def test_only_an_address_of_this_machine_is_the_apps() -> None:
    with (
        connect(GROUP, url="https://zotero.example.org/api/") as remote,
        connect(GROUP, url="http://localhost:23119/api/") as app,
        connect(GROUP) as default,
    ):
        kinds = [isinstance(each, LocalLibrary) for each in (remote, app, default)]
    assert kinds == [False, True, False]
    assert default.server == "https://api.zotero.org"


def test_an_older_app_is_read_only(desktop: ZoteroServer, connected: Connected) -> None:
    assert desktop.application.local is not None
    desktop.application.local.read_only = True
    library = local(connected, desktop, key="any")
    verdict = library.access()
    assert (verdict.read, verdict.write) == (True, False)
    assert "Zotero 10" in verdict.reason
    assert library.server == desktop.url
    assert library.listing(Kind.ITEM).versions == {}
    assert not library.versions_edits
    with pytest.raises(PermissionRefused):
        library.write(Kind.ITEM, [item()])


def test_an_older_app_gives_what_is_in_its_trash_and_what_was_never_uploaded(
    desktop: ZoteroServer, connected: Connected
) -> None:
    assert desktop.application.local is not None
    library = local(connected, desktop)
    sent = [item(), item() | {"deleted": 1}, item()]
    created(library, *sent)
    keys = [each["key"] for each in sent]
    stored = desktop.library("users", 0).objects["items"]
    stored[keys[0]].version = 0
    desktop.application.local.read_only = True
    assert sorted(library.listing(Kind.ITEM).versions) == sorted(keys)
    found = library.objects(Kind.ITEM, [*keys[:2], "ABCD2345"]).objects
    assert sorted(found) == sorted(keys[:2])
    assert found[keys[1]]["deleted"]


def test_another_database_under_the_same_address_is_noticed(
    desktop: ZoteroServer, connected: Connected
) -> None:
    assert desktop.application.local is not None
    library = local(connected, desktop)
    created(library, item())
    desktop.application.local.server_id = "another"
    with pytest.raises(BadResponse, match="another database"):
        library.write(Kind.ITEM, [item()])


def test_an_app_with_its_api_off_is_named(desktop: ZoteroServer, connected: Connected) -> None:
    assert desktop.application.local is not None
    desktop.application.local.enabled = False
    with pytest.raises(PermissionRefused) as caught:
        local(connected, desktop).access()
    assert "settings" in caught.value.hint
