"""``cite-filter``: a JSON filter for ``pandoc --filter cite-filter``."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from citeworks.cli.inputs import library_from
from citeworks.cli.library import configuration, open_library
from citeworks.cli.messages import UNUSABLE, report_error, say
from citeworks.cli.settings import Settings
from citeworks.errors import CiteError, InputError
from citeworks.nearest import did_you_mean


def run() -> None:
    """The `cite-filter` program: Pandoc's tree comes in and leaves by the standard streams."""
    with click.Context(click.Command("cite-filter"), obj=Settings()):
        sys.exit(main())


def main() -> int:
    """Filter one document; what it cites and nobody knows is said on standard error."""
    from citeworks.workflows.pandoc_filter import apply

    try:
        document = _read()
        library = None

        def default() -> Any:
            nonlocal library
            library = open_library(None).library
            return library

        settings = configuration()
        missing = apply(
            document,
            library_from,
            default,
            style=settings["style"].value,
            locale=settings["locale"].value,
        )
    except CiteError as error:
        report_error(error)
        return UNUSABLE
    for key in missing:
        near = did_you_mean(key, library) if library else ""
        say(f"cite-filter: no record {key!r}" + (f" ({near})" if near else ""))
    sys.stdout.write(json.dumps(document, ensure_ascii=False))
    return 0


def _read() -> dict[str, Any]:
    try:
        document = json.loads(sys.stdin.buffer.read())
    except ValueError as error:
        raise InputError(
            "no document tree of Pandoc", hint="pandoc --filter cite-filter"
        ) from error
    if not isinstance(document, dict) or "blocks" not in document:
        raise InputError("no document tree of Pandoc", hint="pandoc --filter cite-filter")
    return document
