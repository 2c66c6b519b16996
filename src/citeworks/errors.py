"""The whole error tree, and nothing else.

::

    CiteError
    ├─ InputError(location)   BibtexSyntaxError  ListingError  StyleError  CslJsonError
    ├─ StoreError             ChangedOnDisk  StoreLocked
    ├─ SourceError(source)    NotFound  RateLimited(retry_after)  Unavailable  BadResponse
    └─ SyncError              SyncConflict  VersionMismatch(version)  RequestTooLarge
                              RemoteEmptied  PermissionRefused

An error is raised when the *operation* cannot go on. What is doubtful about one *record* is an
`Issue` value instead (`citeworks.model.issue`). A foreign exception is wrapped at the door of its
package, ``from error``. How an error is shown, and which exit code it gives, is known to
``citeworks.cli.messages`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a text: `line` and `column` count from 1, 0 means unknown."""

    file: str = ""
    line: int = 0
    column: int = 0
    source_line: str = ""

    def __str__(self) -> str:
        parts = [self.file or "-"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class CiteError(Exception):
    """Base of every error that citeworks raises on purpose; `hint` is one sentence of advice."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(CiteError):
    """Text from outside that cannot be used; `code` names the rule it breaks."""

    code = "I001"

    def __init__(
        self, message: str, *, location: Location | None = None, hint: str = "", code: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.location = location or Location()
        if code:
            self.code = code


class BibtexSyntaxError(InputError):
    """A .bib text that breaks BibTeX's grammar."""

    code = "B001"


class ListingError(InputError):
    """A text in which no listing layout and no identifier was found."""

    code = "L001"


class StyleError(InputError):
    """A CSL style or locale that is missing, broken or hostile."""

    code = "S001"


class CslJsonError(InputError):
    """A text that is not CSL-JSON."""

    code = "J001"


class StoreError(CiteError):
    """The library on disk cannot be read or written."""


class ChangedOnDisk(StoreError):
    """The library file was changed by someone else after it was read."""


class StoreLocked(StoreError):
    """Another process holds the library's lock."""


class SourceError(CiteError):
    """A metadata source did not give a usable answer."""

    def __init__(self, message: str, *, source: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.source = source


class NotFound(SourceError):
    """The source answered, and does not know the identifier."""


class RateLimited(SourceError):
    """The source asked us to wait; `retry_after` is in seconds, None if it did not say."""

    def __init__(
        self, message: str, *, source: str, retry_after: float | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, source=source, hint=hint)
        self.retry_after = retry_after


class Unavailable(SourceError):
    """The source could not be reached, or failed; `status` is what it answered, 0 if nothing."""

    def __init__(self, message: str, *, source: str, hint: str = "", status: int = 0) -> None:
        super().__init__(message, source=source, hint=hint)
        self.status = status


class BadResponse(SourceError):
    """The source answered with something that breaks its own contract."""


class SyncError(CiteError):
    """A synchronization cannot go on."""


class SyncConflict(SyncError):
    """Both sides changed the same variable differently."""

    def __init__(
        self, key: str, variable: str, *, base: object, ours: object, theirs: object
    ) -> None:
        super().__init__(f"{key}: {variable} was changed on both sides")
        self.key, self.variable = key, variable
        self.base, self.ours, self.theirs = base, ours, theirs


class VersionMismatch(SyncError):
    """The remote library moved on since its version was read; `version` is the one it has now."""

    def __init__(self, message: str, *, version: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.version = version


class RequestTooLarge(SyncError):
    """The server takes only fewer objects, or fewer bytes, in one request."""


class RemoteEmptied(SyncError):
    """The remote side would remove far more than a person usually does."""


class PermissionRefused(SyncError):
    """The key may not do what was asked."""
