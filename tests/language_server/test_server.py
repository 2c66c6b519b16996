"""The editor's side: a language client with the real program."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests_support import AS_OF, Cite

pytestmark = pytest.mark.slow  # a session is a process that reads the SDK

CITE = Path(sys.executable).with_name("cite")
BIB = """@string{acm = {ACM Press}}

@book{knuth1984,
  author = {Knuth, Donald E.},
  title = {The {\\TeX}book},
  publisher = acm,
  year = 1984
}

@inproceedings{müller2020,
  author = {M{\\"u}ller, Anna and Li, Bo and Roe, C.},
  title = {Deep things},
  booktitle = {Proceedings},
  year = 2020
}
"""


class Editor(LanguageClient):
    """A client that keeps the diagnostics it hears."""

    def __init__(self) -> None:
        super().__init__("editor", "1")
        self.heard: dict[str, list[types.Diagnostic]] = {}
        self.news = asyncio.Event()
        self.versions: dict[str, int] = {}

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def hear(params: types.PublishDiagnosticsParams) -> None:
            self.heard[Path(params.uri).name] = list(params.diagnostics)
            self.news.set()

    @property
    def process(self) -> asyncio.subprocess.Process | None:
        return self._server

    def open(self, path: Path, text: str | None = None) -> str:
        if text is not None:
            path.write_text(text, encoding="utf-8")
        uri = path.as_uri()
        item = types.TextDocumentItem(uri, "text", 1, path.read_text(encoding="utf-8"))
        self.versions[uri] = 1
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def type(self, uri: str, line: int, column: int, text: str, erased: int = 0) -> None:
        """One incremental change."""
        self.versions[uri] += 1
        place = types.Range(types.Position(line, column), types.Position(line, column + erased))
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [types.TextDocumentContentChangePartial(place, text)],
            )
        )

    async def complete(self, uri: str, line: int, column: int) -> types.CompletionList:
        place = types.TextDocumentIdentifier(uri), types.Position(line, column)
        found = await self.text_document_completion_async(types.CompletionParams(*place))
        assert isinstance(found, types.CompletionList)
        return found

    async def keys(self, uri: str, line: int, column: int) -> list[str]:
        return [item.label for item in (await self.complete(uri, line, column)).items]

    async def hover(self, uri: str, line: int, column: int) -> str | None:
        place = types.TextDocumentIdentifier(uri), types.Position(line, column)
        found = await self.text_document_hover_async(types.HoverParams(*place))
        return found.contents.value if found else None  # type: ignore[union-attr]

    async def definition(self, uri: str, line: int, column: int) -> Any:
        place = types.TextDocumentIdentifier(uri), types.Position(line, column)
        return await self.text_document_definition_async(types.DefinitionParams(*place))

    async def diagnostics(self, name: str, wanted: Callable[[list[str]], bool]) -> list[str]:
        """The messages about a file once they are as wanted."""

        async def wait() -> list[str]:
            while True:
                messages = [each.message for each in self.heard.get(name, [])]
                if name in self.heard and wanted(messages):
                    return messages
                self.news.clear()
                await self.news.wait()

        try:
            return await asyncio.wait_for(wait(), 30)
        except TimeoutError:
            pytest.fail(f"{name}: {self.heard}")


Edit = Callable[[Callable[[Editor], Awaitable[Any]]], Any]


@pytest.fixture
def edit(folder: Path, home: Mapping[str, str]) -> Edit:
    """Run a session with `cite lsp` in the folder."""

    def run(session: Callable[[Editor], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            editor = Editor()
            await editor.start_io(str(CITE), "lsp", cwd=folder, env=dict(home))
            try:
                root = types.WorkspaceFolder(folder.as_uri(), "work")
                await editor.initialize_async(
                    types.InitializeParams(types.ClientCapabilities(), workspace_folders=[root])
                )
                editor.initialized(types.InitializedParams())
                result = await asyncio.wait_for(session(editor), 60)
                await editor.shutdown_async(None)
                editor.exit(None)
                assert editor.process is not None
                assert await asyncio.wait_for(editor.process.wait(), 30) == 0
                return result
            finally:
                await editor.stop()  # type: ignore[no-untyped-call]

        return asyncio.run(whole())

    return run


@pytest.fixture
def bib(folder: Path) -> Path:
    path = folder / "refs.bib"
    path.write_text(BIB, encoding="utf-8")
    return path


TYPED = [
    ("a.tex", "\\cite{", ""),
    ("b.tex", "\\bibliography{refs}\n\\citep[see][p.~3]{müller2020, kn", "}"),
    ("c.md", "As [see @", ""),
    ("d.md", "---\nbibliography: refs.bib\n---\nAs @kn", " says"),
    ("e.qmd", "-@{kn", "}"),
    ("f.typ", "#cite(<", ""),
    ("g.typ", '#bibliography("refs.bib")\n@kn', ""),
    ("h.md", "😀 é @kn", " 😀"),
    ("other.bib", "@inbook{x,\n  crossref = {", "}"),
]


def test_keys_are_completed_where_a_citation_is_typed(edit: Edit, folder: Path, bib: Path) -> None:
    def cursor(before: str) -> tuple[int, int]:
        *above, last = before.split("\n")
        return len(above), len(last.encode("utf-16-le")) // 2

    async def session(editor: Editor) -> list[types.CompletionList]:
        return [
            await editor.complete(editor.open(folder / name, before + after), *cursor(before))
            for name, before, after in TYPED
        ]

    for found, (name, before, _) in zip(edit(session), TYPED, strict=True):
        items = {item.label: item for item in found.items}
        assert "knuth1984" in items, name
        item = items["knuth1984"]
        assert (item.detail, item.documentation) == ("Knuth 1984", "The TeXbook")
        line, column = cursor(before)
        typed = "kn" if before.endswith("kn") else ""
        place = types.Range(types.Position(line, column - len(typed)), types.Position(line, column))
        assert item.text_edit == types.TextEdit(place, "knuth1984"), name


NOWHERE = [
    ("a.tex", "% \\cite{", 8),
    ("a.tex", "\\begin{verbatim}\\cite{", 22),
    ("a.tex", "\\label{", 7),
    ("b.md", "    [@", 6),
    ("b.md", "me@", 3),
    ("c.typ", "// @", 4),
    ("d.qmd", "@fig-", 5),
    ("e.bib", "@book{x, title = {", 18),
]


def test_nothing_is_completed_elsewhere(edit: Edit, folder: Path, bib: Path) -> None:
    async def session(editor: Editor) -> list[list[str]]:
        return [
            await editor.keys(editor.open(folder / f"{n}{name}", text), 0, column)
            for n, (name, text, column) in enumerate(NOWHERE)
        ]

    assert edit(session) == [[] for _ in NOWHERE]


def test_hover_shows_the_reference_in_the_style_of_the_settings(
    edit: Edit, cite: Cite, folder: Path, bib: Path
) -> None:
    async def session(editor: Editor) -> list[str | None]:
        uri = editor.open(folder / "a.tex", "See \\cite{knuth1984} and \\cite{nobody}.")
        return [await editor.hover(uri, 0, column) for column in (2, 12, 33)]

    nothing, found, missing = edit(session)
    assert (nothing, missing) == (None, None)
    assert found.startswith("Knuth, D. E. (1984). *The TeXbook*. ACM Press")
    assert "refs.bib:3" in found
    assert cite("config", "set", "style", "ieee").returncode == 0
    assert edit(session)[1].startswith("\\[1\\]")


def test_hover_of_a_hostile_record_shows_no_picture(edit: Edit, folder: Path) -> None:
    evil = "@book{evil, title = {![x](http://evil.example/x.png) <img src=x>}, year = 2020}"
    (folder / "refs.bib").write_text(evil, encoding="utf-8")

    async def session(editor: Editor) -> str | None:
        return await editor.hover(editor.open(folder / "a.md", "@evil"), 0, 2)

    found = edit(session)
    assert "![" not in found
    assert "<img" not in found.replace("\\<img", "")


def test_definition_is_the_entry_or_the_line_of_the_library(
    edit: Edit, cite: Cite, folder: Path, bib: Path, listing: Path
) -> None:
    assert cite("add", listing, *AS_OF).returncode == 0

    async def session(editor: Editor) -> list[Any]:
        uri = editor.open(folder / "a.md", "@knuth1984 and @shen2026ai and @müller2020")
        return [await editor.definition(uri, 0, column) for column in (3, 18, 34, 12)]

    entry, record, other, nothing = edit(session)
    assert entry.uri == bib.as_uri()
    assert entry.range == types.Range(types.Position(2, 6), types.Position(2, 15))
    library = folder / "bib" / "library.json"
    assert record.uri == library.as_uri()
    begin = library.read_text(encoding="utf-8").split("\n")[record.range.start.line :]
    assert '"id": "shen2026ai"' in "\n".join(begin[:2])
    assert other.range.start == types.Position(9, 15)
    assert nothing is None


def test_missing_keys_are_marked_with_the_nearest(edit: Edit, folder: Path, bib: Path) -> None:
    async def session(editor: Editor) -> tuple[Any, Any]:
        uri = editor.open(folder / "a.tex", "😀 \\cite{knuth1985}")
        first = await editor.diagnostics("a.tex", bool)
        place = editor.heard["a.tex"][0].range
        editor.type(uri, 0, 17, "4", erased=1)
        await editor.diagnostics("a.tex", lambda messages: not messages)
        return first, place

    messages, place = edit(session)
    assert messages == ["no entry for 'knuth1985': did you mean knuth1984?"]
    assert place == types.Range(types.Position(0, 9), types.Position(0, 18))


def test_a_key_that_only_the_library_has_is_told_apart(
    edit: Edit, cite: Cite, folder: Path, bib: Path, listing: Path
) -> None:
    assert cite("add", listing, *AS_OF).returncode == 0
    text = "---\nbibliography: refs.bib\n---\n@shen2026ai @knuth1984"

    async def session(editor: Editor) -> tuple[list[str], list[str]]:
        editor.open(folder / "a.md", text)
        editor.open(folder / "b.md", "@shen2026ai @knuth1984")
        named = await editor.diagnostics("a.md", bool)
        return named, await editor.diagnostics("b.md", lambda messages: True)

    named, free = edit(session)
    assert named == ["'shen2026ai' is in the library, and in no .bib file of this document"]
    assert free == []


def test_a_bib_is_linted_while_it_is_typed(edit: Edit, folder: Path, cite: Cite) -> None:
    path = folder / "refs.bib"

    async def session(editor: Editor) -> tuple[list[str], list[types.Diagnostic]]:
        uri = editor.open(path, "@misc{bert, title = {Using BERT}, year = 2019}\n")
        found = await editor.diagnostics("refs.bib", bool)
        diagnostics = editor.heard["refs.bib"]
        editor.type(uri, 0, 27, "{", erased=0)
        editor.type(uri, 0, 32, "}", erased=0)
        await editor.diagnostics("refs.bib", lambda messages: not messages)
        return found, diagnostics

    messages, (diagnostic,) = edit(session)
    assert diagnostic.code == "T101"
    assert diagnostic.source == "cite"
    assert diagnostic.range.start == types.Position(0, 27)
    found = json.loads(cite("lint", path, "--output-format", "json").stdout)["findings"]
    assert [each["message"] for each in found] == messages


def test_an_unsaved_bib_counts(edit: Edit, folder: Path, bib: Path) -> None:
    async def session(editor: Editor) -> list[str]:
        editor.open(folder / "a.md", "@new2024")
        await editor.diagnostics("a.md", bool)
        uri = editor.open(bib)
        editor.type(uri, 0, 0, "@misc{new2024, title = {New}}\n")
        return await editor.diagnostics("a.md", lambda messages: not messages)

    assert edit(session) == []
    assert "new2024" not in bib.read_text(encoding="utf-8")


def test_a_change_of_the_library_is_noticed(
    edit: Edit, cite: Cite, folder: Path, listing: Path
) -> None:
    assert cite("add", listing, *AS_OF).returncode == 0

    async def session(editor: Editor) -> list[str]:
        uri = editor.open(folder / "a.md", "@shen2026ai @knuth1984")
        before = await editor.diagnostics("a.md", bool)
        (folder / "more.txt").write_text(BIB, encoding="utf-8")
        done = await asyncio.to_thread(cite, "add", "more.txt")
        assert done.returncode == 0, done.stderr
        await editor.diagnostics("a.md", lambda messages: not messages)
        assert "knuth1984" in await editor.keys(uri, 0, 15)
        return before

    assert edit(session) == ["no entry for 'knuth1984'"]


def test_broken_files_and_settings_end_nothing(edit: Edit, folder: Path, bib: Path) -> None:
    (folder / "bib").mkdir()
    (folder / "bib" / "library.json").write_text("{", encoding="utf-8")
    (folder / "cite.toml").write_text("style = [", encoding="utf-8")

    async def session(editor: Editor) -> tuple[list[str], str | None]:
        uri = editor.open(folder / "a.md", "@knuth1984")
        return await editor.keys(uri, 0, 3), await editor.hover(uri, 0, 3)

    keys, hover = edit(session)
    assert keys == ["knuth1984"]
    assert hover is not None
    assert "TOML" in hover


def test_entries_of_the_bib_come_before_those_of_the_library(
    edit: Edit, cite: Cite, folder: Path, bib: Path, listing: Path
) -> None:
    assert cite("add", listing, *AS_OF).returncode == 0

    async def session(editor: Editor) -> list[types.CompletionItem]:
        found = await editor.complete(editor.open(folder / "a.md", "@"), 0, 1)
        return list(found.items)

    items = sorted(edit(session), key=lambda item: item.sort_text)
    assert [item.label for item in items[:2]] == ["knuth1984", "müller2020"]
    assert len(items) == 33


@pytest.mark.parametrize("place", [(999, 0), (0, 999), (1, 0)])
def test_a_place_beyond_the_text_is_no_error(
    place: tuple[int, int], edit: Edit, folder: Path, bib: Path
) -> None:
    async def session(editor: Editor) -> None:
        uri = editor.open(folder / "a.md", "x")
        assert await editor.keys(uri, *place) == []
        assert await editor.hover(uri, *place) is None
        assert await editor.definition(uri, *place) is None

    edit(session)


def test_many_entries_are_offered_in_part_and_found_by_title(edit: Edit, folder: Path) -> None:
    text = "\n".join(
        f"@misc{{key{n:04}, title = {{Thing number {n} of zebras}}}}" for n in range(5_000)
    )
    (folder / "refs.bib").write_text(text, encoding="utf-8")

    async def session(editor: Editor) -> tuple[types.CompletionList, list[str], list[str]]:
        uri = editor.open(folder / "a.md", "@key @key0042 @4999")
        some = await editor.complete(uri, 0, 4)
        return some, await editor.keys(uri, 0, 13), await editor.keys(uri, 0, 19)

    some, one, by_number = edit(session)
    assert some.is_incomplete
    assert len(some.items) == 200
    assert (one, by_number) == (["key0042"], ["key4999"])


def test_without_the_package_it_says_what_to_install(folder: Path, home: Mapping[str, str]) -> None:
    program = (
        "import sys; sys.modules['pygls'] = None\n"
        "from citeworks.cli.main import main; sys.exit(main(['lsp']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=home, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "install citeworks[lsp]" in done.stderr
