"""The editor's protocol on standard input and output: completion, hover, definition, diagnostics.

The only module that knows `pygls` and `lsprotocol`. Lines and columns of the client are converted
here; diagnostics are worked out in a thread, a moment after the last key was pressed, and again
when a file that a document cites from has changed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import PositionCodec, TextDocument

from citeworks import __version__
from citeworks.config import load_settings
from citeworks.documents import Scan, syntax_of
from citeworks.errors import CiteError, InputError
from citeworks.language_server.entries import (
    Entries,
    Entry,
    Files,
    Sources,
    mark_of,
    matching,
    sources,
)
from citeworks.language_server.positions import Span, key_at, scanned, typed_key
from citeworks.language_server.problems import Problem, bib_problems, missing_keys
from citeworks.model import Severity
from citeworks.render.builtin import BuiltinRenderer
from citeworks.render.styles import load_style

MOST_ITEMS = 200
"""Completions at once; with more the editor asks again after the next key."""
QUIET_SECONDS = 0.3
"""How long nothing is typed before diagnostics are worked out."""
POLL_SECONDS = 1.0
"""How often it is looked whether a file was changed by somebody else."""
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


@dataclass(slots=True)
class Open:
    """A document in the editor; its scan belongs to one version."""

    uri: str
    path: Path
    syntax: str
    text: str
    version: int
    scan: Scan | None
    lines: list[str]
    marks: tuple[object, ...] = ()


@dataclass(slots=True)
class State:
    """What the server remembers: the open documents, the files they cite from, what is to do."""

    files: Files = field(default_factory=Files)
    documents: dict[str, Open] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    roots: list[Path] = field(default_factory=list)

    def root_of(self, path: Path) -> Path:
        """The workspace folder that a file is in, else its own folder."""
        return next((root for root in self.roots if path.is_relative_to(root)), path.parent)

    def texts(self) -> dict[Path, tuple[str, int]]:
        """The .bib texts in the editor."""
        return {
            each.path: (each.text, each.version)
            for each in self.documents.values()
            if each.syntax == "bib"
        }

    def sources(self, document: Open) -> Sources:
        """Where a document cites from."""
        return sources(document.path, document.scan, self.root_of(document.path))

    def entries(self, document: Open) -> list[tuple[Path, Entries]]:
        """Each file that a document cites from, with its entries."""
        texts = self.texts()
        return [(path, self.files.entries(path, texts)) for path in self.sources(document).paths]

    def entry(self, document: Open, key: str) -> Entry | None:
        """The entry under a key; that of a .bib file before that of the library."""
        return next((found[key] for _, found in self.entries(document) if key in found), None)


def serve() -> None:
    """Answer until the editor ends it."""
    server = LanguageServer("citeworks", __version__)
    state = State()
    _follow_documents(server, state)
    _answer_questions(server, state)
    with open(os.dup(sys.stdout.fileno()), "wb") as output:  # noqa: PTH123  pygls closes it
        server.start_io(sys.stdin.buffer, output)


def _follow_documents(server: LanguageServer, state: State) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        folders = server.workspace.folders.values()
        paths = [uris.to_fs_path(folder.uri) for folder in folders]
        paths += [server.workspace.root_path] if server.workspace.root_path else []
        state.roots[:] = [Path(path).resolve() for path in paths if path]
        state.tasks["poll"] = asyncio.create_task(_poll(server, state))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        _take(server, state, params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        _take(server, state, params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        state.documents.pop(uri, None)
        if task := state.tasks.pop(uri, None):
            task.cancel()
        _publish(server, uri, None, [])


def _answer_questions(server: LanguageServer, state: State) -> None:
    options = types.CompletionOptions(trigger_characters=["{", ",", "@", "<"])

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, options)
    def completion(params: types.CompletionParams) -> types.CompletionList:
        document = state.documents.get(params.text_document.uri)
        empty = types.CompletionList(is_incomplete=False, items=[])
        return _complete(server, state, document, params.position) if document else empty

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        document = state.documents.get(params.text_document.uri)
        span = _span(server, document, params.position)
        entry = state.entry(document, span.key) if document and span else None
        if document is None or span is None or entry is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, _reference(document.path, entry))
        return types.Hover(content, _range(_codec(server), document.lines, span))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> types.Location | None:
        document = state.documents.get(params.text_document.uri)
        span = _span(server, document, params.position)
        entry = state.entry(document, span.key) if document and span else None
        return _location(_codec(server), entry) if entry else None


def _take(server: LanguageServer, state: State, uri: str) -> None:
    """Take a document as it is now, and look at it soon."""
    found = server.workspace.get_text_document(uri)
    document = _opened(found)
    if document is None:
        return
    state.documents[uri] = document
    _schedule(server, state, uri)
    if document.syntax == "bib":
        for other in list(state.documents):
            if other != uri:
                _schedule(server, state, other)


def _opened(found: TextDocument) -> Open | None:
    path = Path(found.path or "").resolve()
    try:
        syntax = "bib" if path.suffix.lower() == ".bib" else syntax_of(path.name)
    except InputError:
        return None
    text = found.source.replace("\r\n", "\n")
    scan = scanned(text, syntax) if syntax != "bib" else None
    return Open(found.uri, path, syntax, text, found.version or 0, scan, text.split("\n"))


def _schedule(server: LanguageServer, state: State, uri: str) -> None:
    if task := state.tasks.pop(uri, None):
        task.cancel()
    state.tasks[uri] = asyncio.create_task(_look(server, state, uri))


async def _look(server: LanguageServer, state: State, uri: str) -> None:
    """Work diagnostics out once nothing is typed for a moment."""
    await asyncio.sleep(QUIET_SECONDS)
    document = state.documents.get(uri)
    if document is None:
        return
    document.marks = _marks(state, document)
    problems = await asyncio.to_thread(_problems, state, document)
    if state.documents.get(uri) is document:
        _publish(server, uri, document, problems)


def _problems(state: State, document: Open) -> list[Problem]:
    if document.scan is None:
        return list(bib_problems(document.text, document.path))
    where = state.sources(document)
    texts = state.texts()
    bibs = [state.files.entries(path, texts) for path in where.bibs]
    library = state.files.entries(where.library, texts) if where.library else {}
    if not (bibs or library):
        return []
    known = list(chain.from_iterable(bibs if where.is_named else (*bibs, library)))
    elsewhere = dict.fromkeys(library, "the library") if where.is_named else {}
    return list(missing_keys(document.scan, document.lines, known, elsewhere))


async def _poll(server: LanguageServer, state: State) -> None:
    """Look again at documents whose sources were changed by another program."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        for uri, document in list(state.documents.items()):
            with contextlib.suppress(OSError):
                if document.marks and document.marks != _marks(state, document):
                    _schedule(server, state, uri)


def _marks(state: State, document: Open) -> tuple[object, ...]:
    if document.scan is None:
        return ()
    texts = state.texts()
    paths = state.sources(document).paths
    return ("sources", *((path, mark_of(path, texts)) for path in paths))


def _complete(
    server: LanguageServer, state: State, document: Open, position: types.Position
) -> types.CompletionList:
    at = _codec(server).position_from_client_units(document.lines, position)
    before = document.lines[: at.line]
    current = document.lines[at.line][: at.character] if at.line < len(document.lines) else ""
    typed = typed_key("\n".join([*before, current]), document.syntax)
    if typed is None:
        return types.CompletionList(is_incomplete=False, items=[])
    merged: dict[str, Entry] = {}
    for _, entries in state.entries(document):
        merged |= {key: each for key, each in entries.items() if key not in merged}
    found, is_whole = matching(merged.values(), typed, MOST_ITEMS)
    span = Span(typed, at.line, at.character - len(typed), at.character)
    place = _range(_codec(server), document.lines, span)
    return types.CompletionList(
        is_incomplete=not is_whole,
        items=[_item(each, place, rank) for rank, each in enumerate(found)],
    )


def _item(entry: Entry, place: types.Range, rank: int) -> types.CompletionItem:
    by, title = entry.summary
    return types.CompletionItem(
        label=entry.key,
        kind=types.CompletionItemKind.Reference,
        detail=by,
        documentation=title,
        sort_text=f"{rank:04}",
        filter_text=f"{entry.key} {by} {title}",
        text_edit=types.TextEdit(place, entry.key),
    )


def _reference(path: Path, entry: Entry) -> str:
    """The formatted reference of an entry, in the style of its folder's settings."""
    try:
        settings = load_settings(path.parent, os.environ)
        style, locale = settings["style"].value, settings["locale"].value
        record = entry.read()
        formatted = _renderer(style, locale).bibliography([record])
        text = formatted[0][1] if formatted else f"{style} prints nothing for a {record.type}"
    except CiteError as error:
        text = error.message
    return f"{text}\n\n`{entry.key}` · {Path(entry.place.file).name}:{entry.place.line}"


@lru_cache(maxsize=8)
def _renderer(style: str, locale: str) -> BuiltinRenderer:
    return BuiltinRenderer(load_style(style), locale, "markdown")


def _span(server: LanguageServer, document: Open | None, position: types.Position) -> Span | None:
    if document is None:
        return None
    at = _codec(server).position_from_client_units(document.lines, position)
    return key_at(document.lines, document.scan, at.line, at.character)


def _location(codec: PositionCodec, entry: Entry) -> types.Location:
    place = entry.place
    span = Span(entry.key, 0, place.column - 1, place.column - 1 + len(entry.key))
    found = _range(codec, [place.source_line], span)
    line = place.line - 1
    start = types.Position(line, found.start.character)
    end = types.Position(line, max(found.end.character, found.start.character))
    return types.Location(uris.from_fs_path(place.file) or "", types.Range(start, end))


def _publish(
    server: LanguageServer, uri: str, document: Open | None, problems: list[Problem]
) -> None:
    codec = _codec(server)
    lines = document.lines if document else []
    found = [
        types.Diagnostic(
            range=_range(codec, lines, each.span),
            severity=_SEVERITIES[each.severity],
            code=each.code,
            source="cite",
            message=each.message,
        )
        for each in problems
    ]
    version = document.version if document else None
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
    )


def _codec(server: LanguageServer) -> PositionCodec:
    return server.workspace.position_codec


def _range(codec: PositionCodec, lines: list[str], span: Span) -> types.Range:
    """The span in the client's units; it ends with its line at the latest."""
    text = lines[span.line] if span.line < len(lines) else ""
    start = codec.client_num_units(text[: span.start])
    end = codec.client_num_units(text[: max(span.end, span.start)])
    return types.Range(types.Position(span.line, start), types.Position(span.line, end))
