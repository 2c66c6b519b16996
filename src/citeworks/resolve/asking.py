"""How a source is asked for several things: single calls side by side, batches one after another.

Knows how failures become answers. Refuses to know what is asked.
"""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

from citeworks.errors import NotFound, SourceError
from citeworks.http import Client, Response, Service, read
from citeworks.model import Identifier
from citeworks.resolve.interface import Answer, Found

T = TypeVar("T")
Texts = dict[str, str | SourceError]
"""For each name what the source said of it, as text; the empty text says that there is none."""


def one_by_one(
    identifiers: Sequence[Identifier],
    ask: Callable[[Identifier], Found | None],
    *,
    source: str,
    workers: int = 1,
) -> Mapping[Identifier, Answer]:
    """Ask for each identifier alone; None means that the source does not know it."""

    def answer(identifier: Identifier) -> Answer:
        try:
            return ask(identifier) or not_found(source, identifier)
        except SourceError as error:
            return error

    wanted = list(dict.fromkeys(identifiers))
    if workers == 1 or len(wanted) < 2:
        return {each: answer(each) for each in wanted}
    with ThreadPoolExecutor(min(workers, len(wanted))) as pool:
        futures = {
            each: pool.submit(contextvars.copy_context().run, answer, each) for each in wanted
        }
        return {each: future.result() for each, future in futures.items()}


def from_batches(
    client: Client,
    service: Service,
    names: Mapping[Identifier, str],
    ask: Callable[[list[str]], Texts],
    parse: Callable[[Response], Found],
    *,
    size: int,
) -> Mapping[Identifier, Answer]:
    """Ask for many at once; each answer is remembered by itself.

    A later run with other batches therefore asks for nothing that one of them has answered.
    `names` says how the source names each identifier (nothing: it knows no such identifiers).
    """
    wanted = list(dict.fromkeys(filter(None, names.values())))
    known: dict[str, Response | SourceError] = dict(client.recall(service, wanted))
    for batch in batches((name for name in wanted if name not in known), size):
        try:
            texts = ask(batch)
        except SourceError as error:
            texts = dict.fromkeys(batch, error)
        retrieved = datetime.now(UTC).replace(microsecond=0)
        said = {name: text for name, text in texts.items() if isinstance(text, str)}
        client.remember(service, said, retrieved)
        known |= {
            name: text
            if isinstance(text, SourceError)
            else Response(service.name, 200 if text else 404, {}, text.encode(), retrieved)
            for name, text in texts.items()
        }
    return {
        each: _parsed(known[name], parse, each) if name else not_found(service.name, each)
        for each, name in names.items()
    }


def _parsed(
    kept: Response | SourceError, parse: Callable[[Response], Found], identifier: Identifier
) -> Answer:
    if isinstance(kept, SourceError):
        return kept
    if kept.is_missing:
        return not_found(kept.source, identifier)
    try:
        return read(parse, kept)
    except SourceError as error:
        return error


def json_text(value: Any) -> str:
    """One element of a JSON answer as text, in ASCII whatever it holds; nothing for null."""
    return json.dumps(value) if value is not None else ""


def not_found(source: str, identifier: Identifier) -> NotFound:
    """The answer that the source has no such thing."""
    return NotFound(f"{source} does not know {identifier}", source=source)


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
