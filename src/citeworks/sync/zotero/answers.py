"""What Zotero's answers say, in the words of `citeworks.sync.interface`. Pure: no request is sent.

The shapes are those of the Web API, version 3 (https://www.zotero.org/support/dev/web_api/v3), as
the server gives them: objects of one write may share a version or have one each, messages in a
report are HTML, an empty object may come as an empty list.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from citeworks.errors import BadResponse
from citeworks.sync.interface import Access, Json, LibraryId, Outcome, Result

SOURCE = "Zotero"
CONFLICT = 412
PEEK = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, with header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The beginning of the body, as one line, for messages."""
        text = self.content[: 4 * PEEK].decode("utf-8", "replace")
        return " ".join(html.unescape(text).split())[:PEEK]

    @property
    def is_web_page(self) -> bool:
        """Whether something that is not Zotero answered, as if all were well."""
        kind = self.headers.get("content-type", "")
        return self.status == 200 and "html" in kind and self.content.lstrip()[:1] == b"<"

    @property
    def version(self) -> int | None:
        """The header ``Last-Modified-Version``."""
        text = self.headers.get("last-modified-version", "")
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def library_version(self) -> int:
        """The same where it cannot be missing."""
        if self.version is None:
            raise BadResponse("Zotero's answer has no version", source=SOURCE)
        return self.version

    @property
    def has_next(self) -> bool:
        """Whether the answer is a page and another follows."""
        return 'rel="next"' in self.headers.get("link", "")

    def json(self) -> Any:
        """The body as JSON; raises BadResponse where it is anything else, such as a web page."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            kind = self.headers.get("content-type", "").partition(";")[0] or "something"
            raise BadResponse(
                f"Zotero's answer is not JSON but {kind}: {self.text[:60]!r}",
                source=SOURCE,
                hint="a proxy or a login page may stand between; check CITE_ZOTERO_URL",
            ) from error

    @property
    def size(self) -> int:
        """How many objects the body holds, as a list or by key."""
        found = self.json()
        return len(found) if isinstance(found, list | dict) else 0

    def object(self) -> dict[str, Any]:
        """The body as a JSON object."""
        found = self.json()
        if found == []:
            return {}
        if not isinstance(found, dict):
            raise BadResponse("Zotero's answer is JSON, but not an object", source=SOURCE)
        return found

    def entries(self) -> list[dict[str, Any]]:
        """The body as a list of objects with ``key`` and ``data``."""
        found = self.json()
        if not isinstance(found, list) or not all(_is_entry(each) for each in found):
            raise BadResponse("Zotero's answer is JSON, but no list of objects", source=SOURCE)
        return found


def _is_entry(each: object) -> bool:
    return (
        isinstance(each, dict)
        and isinstance(each.get("data"), dict)
        and isinstance(each.get("key"), str)
    )


def versions(answer: Answer) -> dict[str, int]:
    """Keys and versions of ``format=versions``."""
    found = {key: _number(version) for key, version in answer.object().items()}
    if None in found.values():
        raise BadResponse("Zotero's list of versions holds something else", source=SOURCE)
    return {key: version for key, version in found.items() if version is not None}


def _number(value: object) -> int | None:
    """A version, which some servers give as a text."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) else None


def data_by_key(answer: Answer) -> dict[str, Json]:
    """The data of each object of a page, its version included."""
    return {each["key"]: data_of(each) for each in answer.entries()}


def data_of(entry: Mapping[str, Any]) -> Json:
    """The data of one object, its version included."""
    return {**_table(entry, "data"), "version": _version_of(entry, 0)}


def _version_of(entry: Mapping[str, Any], default: int) -> int:
    found = (entry.get("version"), _table(entry, "data").get("version"))
    return next((each for each in found if isinstance(each, int)), default)


def outcomes(answer: Answer, sent: Sequence[Json]) -> tuple[Outcome, ...]:
    """What the report of a multi-write says of each object that was sent, in their order."""
    report = {name: _by_place(part) for name, part in answer.object().items()}
    if not {"successful", "success", "failed"} & report.keys():
        raise BadResponse("Zotero's answer to a write is not a report", source=SOURCE)
    return tuple(
        _outcome(report, str(place), each, answer.version or 0) for place, each in enumerate(sent)
    )


def _by_place(part: object) -> dict[str, Any]:
    if isinstance(part, list):
        return {str(place): each for place, each in enumerate(part)}
    return part if isinstance(part, dict) else {}


def _outcome(
    report: Mapping[str, Mapping[str, Any]], place: str, sent: Json, version: int
) -> Outcome:
    key: str = sent["key"]
    if isinstance(entry := report.get("successful", {}).get(place), dict):
        found = _version_of(entry, version)
        data = entry.get("data")
        data = {**data, "version": found} if isinstance(data, dict) else None
        return Outcome(key, Result.APPLIED, found, data)
    if place in report.get("success", {}):
        return Outcome(key, Result.APPLIED, version)
    if place in report.get("unchanged", {}):
        return Outcome(key, Result.UNCHANGED, sent.get("version", 0))
    failed = report.get("failed", {}).get(place)
    if isinstance(failed, dict):
        return _failure(key, failed)
    return Outcome(key, Result.FAILED, message="the server's report leaves this object out")


def _failure(key: str, failed: Mapping[str, Any]) -> Outcome:
    code = failed.get("code")
    code = code if isinstance(code, int) else 0
    details = failed.get("data")
    return Outcome(
        key,
        Result.CONFLICT if code == CONFLICT else Result.FAILED,
        code=code,
        message=html.unescape(str(failed.get("message", ""))),
        details=details if isinstance(details, dict) else {},
    )


def user_access(info: Json, library: LibraryId) -> Access:
    """What the key of ``GET /keys/current`` may do in a user's library."""
    user, scope = str(info.get("username", "")), _table(_table(info, "access"), "user")
    if info.get("userID") != library.number:
        return Access(False, False, user=user, reason=f"the key is {user}'s, not this user's")
    read, write = bool(scope.get("library")), bool(scope.get("write"))
    reason = "" if write else "the key may only read" if read else "the key may not read"
    return Access(read, read and write, bool(scope.get("files")) and write, user, user, reason)


def group_access(info: Json | None, group: Json, library: LibraryId) -> Access:
    """What a key (None: nobody) may do in a group: its own scopes and the group's rules together.

    `group` is the ``data`` of ``GET /groups/<id>``, so reading is allowed already.
    """
    name = str(group.get("name", ""))
    if info is None:
        return Access(True, False, library_name=name, reason="there is no API key: reading only")
    user, groups = str(info.get("username", "")), _table(_table(info, "access"), "groups")
    scope = {
        name: any(_table(groups, each).get(name) for each in (str(library.number), "all"))
        for name in ("library", "write")
    }
    number = info.get("userID")
    editing = str(group.get("libraryEditing", ""))
    if not scope.get("library"):
        reason = "the key may not read this group's library"
        is_public = group.get("type") != "Private" and group.get("libraryReading") == "all"
        return Access(is_public, False, user=user, library_name=name, reason=reason)
    reason = _refusal(scope, group, number, editing)
    files = not reason and not _refusal(scope, group, number, str(group.get("fileEditing", "")))
    return Access(True, not reason, files, user, name, reason)


def _refusal(scope: Json, group: Json, number: object, editing: str) -> str:
    """Why somebody may not write in a group; empty if they may."""
    if not scope.get("write"):
        return "the key may only read this group's library"
    if number == group.get("owner") or number in _list(group, "admins"):
        return ""
    if number not in _list(group, "members"):
        return "the key's user is not a member of the group"
    return "" if editing == "members" else "only the group's admins may change its library"


def _list(table: Json, name: str) -> list[Any]:
    found = table.get(name)
    return found if isinstance(found, list) else []


def _table(table: Json, name: str) -> Json:
    found = table.get(name)
    return found if isinstance(found, dict) else {}
